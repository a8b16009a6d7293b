"""Exports: whole files or none, for who asked alone, and text that stays text."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.test import Client

from lms.core import clock
from lms.core.errors import Refused
from lms.core.exports import making
from lms.core.exports.kinds import Kind, Row, Table, kinds
from lms.core.exports.writing import writers
from lms.core.models import AuditEntry, Export
from lms.organisation.models import User
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_what_looks_like_a_formula_is_text_and_numbers_are_numbers(name: str) -> None:
    out = io.BytesIO()
    writers[name](["a", "b", "c", "d", "e", "n"], [[*FORMULAS, -3]], out)
    if name == "csv":
        text = out.getvalue().decode("utf-8-sig")
        assert text.splitlines()[1] == "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,-3"
        return
    row = list(openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0].iter_rows())[1]
    assert [cell.value for cell in row] == [*FORMULAS, -3]
    assert [cell.data_type for cell in row] == ["s"] * 5 + ["n"]


@pytest.fixture(name="rights")
def _rights() -> Iterator[dict[str, Any]]:
    """A kind of export whose rights and rows a test may change."""
    state: dict[str, Any] = {"may": True, "rows": lambda: iter([["Åse", 1], ["=x", 2]])}

    def table(_export: Export) -> Table:
        return Table(["name", "n"], 2, state["rows"]())

    kinds.register("test", Kind(lambda _user, _parameters: state["may"], table))
    yield state
    kinds._entries.pop("test")


def _asked(user: User) -> Export:
    return making.ask("test", "A list", {}, file_format="csv", purpose="A test", by=user)


def test_a_file_is_made_and_only_who_asked_gets_it(
    rights: dict[str, Any], hr: User, auditor: User, client_for: ClientFor
) -> None:
    export = _asked(hr)
    client = client_for(hr)
    assert "being prepared" in client.get(f"/exports/{export.uuid}/").content.decode()
    assert client.get(f"/exports/{export.uuid}/file/").status_code == 302
    making.make(export.pk)
    assert "Ready: 2 rows." in client.get(f"/exports/{export.uuid}/").content.decode()
    response = client.get(f"/exports/{export.uuid}/file/")
    assert response.getvalue().decode("utf-8-sig") == "name,n\r\nÅse,1\r\n'=x,2\r\n"
    assert AuditEntry.objects.filter(action="export taken", purpose="A test").count() == 1
    assert client_for(auditor).get(f"/exports/{export.uuid}/file/").status_code == 404
    rights["may"] = False
    assert client.get(f"/exports/{export.uuid}/file/").status_code == 403
    with pytest.raises(PermissionDenied):
        _asked(hr)


def test_a_worker_killed_in_the_middle_offers_no_half_file_and_another_begins_again(
    rights: dict[str, Any], hr: User, at: SetClock
) -> None:
    def broken() -> Iterator[Row]:
        yield ["first", 1]
        raise KeyboardInterrupt

    at("2026-05-04T09:00")
    export = _asked(hr)
    whole, rights["rows"] = rights["rows"], broken
    with pytest.raises(KeyboardInterrupt):
        making.make(export.pk)
    export.refresh_from_db()
    assert (export.state, export.file) == ("under way", "")
    rights["rows"] = whole
    making.sweep_exports()
    export.refresh_from_db()
    assert export.state == "under way"
    at("2026-05-04T09:10")
    making.sweep_exports()
    export.refresh_from_db()
    assert (export.state, export.attempt, export.done) == ("ready", 2, 2)
    making.make(export.pk)
    export.refresh_from_db()
    assert export.attempt == 2


def test_a_slow_worker_that_was_overtaken_finishes_nothing(rights: dict[str, Any], hr: User, at: SetClock) -> None:
    export = _asked(hr)

    def slow() -> Iterator[Row]:
        Export.objects.filter(pk=export.pk).update(attempt=7)
        yield ["late", 1]

    rights["rows"] = slow
    making.make(export.pk)
    export.refresh_from_db()
    assert (export.finished_at, export.file, export.failed_why) == (None, "", "")


def test_what_is_refused_is_told_and_what_is_old_is_taken_away(rights: dict[str, Any], hr: User, at: SetClock) -> None:
    def refused() -> Iterator[Row]:
        raise Refused("Not now.")

    refusing, made = _asked(hr), _asked(hr)
    making.make(made.pk)
    rights["rows"] = refused
    making.make(refusing.pk)
    refusing.refresh_from_db()
    made.refresh_from_db()
    assert (refusing.state, refusing.failed_why) == ("failed", "Not now.")
    assert made.expires_at is not None
    at(clock.now() + timedelta(days=8))
    making.sweep_exports()
    kept = made.file
    made.refresh_from_db()
    assert made.state == "expired"
    assert not storages["private"].exists(kept)
