"""Canonical bytes: the same for everybody."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.dates() | st.uuids()
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12)


@given(st.dictionaries(KEYS, VALUES))
def test_the_quick_comparison_says_what_the_exact_one_says(value: dict[str, Any]) -> None:
    written = canonical.to_bytes(value)
    assert canonical.matches(value, written)
    assert not canonical.matches({**value, "zz": "more"}, written)
    assert not canonical.matches(value, written + b" ")


def test_the_quick_comparison_alone_would_do_for_what_we_write(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"on": datetime(2026, 3, 2, tzinfo=UTC), "name": 'Ṣẹ́gun "O\'Neil" \t\x01 نورة', "list": [1, None, True]}
    written = canonical.to_bytes(value)
    monkeypatch.setattr(canonical, "to_bytes", lambda value: b"")
    assert canonical.matches(value, written)
