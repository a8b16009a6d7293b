"""Canonical bytes: the same for everybody."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from certificates import canonical


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    assert canonical.to_bytes({"b": 1, "a": "é", "c": None}) == '{"a":"é","b":1,"c":null}'.encode()


def test_dates_instants_and_decimals_are_text() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=2)))
    written = canonical.to_bytes({"on": moment, "day": date(2026, 3, 2), "share": Decimal("0.50")})
    assert written == b'{"day":"2026-03-02","on":"2026-03-02T10:00:00.000000Z","share":"0.50"}'
    assert canonical.instant(moment) == canonical.instant(moment.astimezone(UTC))


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical.to_bytes({"x": 0.1})
