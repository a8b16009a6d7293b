"""Every column of the log that somebody changes behind our back is found, and the first wrong entry named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from certificates import awards, revoking, sequencing
from certificates.models import Certificate, RegisterEntry, Revocation
from certificates.verifying import verify
from courses.models import CourseVersion
from lms.core import clock
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock

Sql = Callable[..., None]


@pytest.fixture
def sql(db: None) -> Sql:
    """Change rows as somebody with the database's password would."""

    def run(statement: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            assert cursor.rowcount

    return run


@pytest.fixture
def log(make_certificate: Callable[..., Certificate], at: SetClock) -> list[Certificate]:
    """Four awards and a revocation: entries 0 to 4. Entry 2 is what the tests spoil."""
    at("2026-03-02")
    made = [make_certificate() for _one in range(3)]
    with clock.at(datetime(2026, 4, 1, tzinfo=UTC)):
        revoking.revoke(
            made[0], reason_code=Revocation.Reason.ERROR, public_wording="Twice.", internal_reason="Typed twice.", by=BY
        )
        sequencing.number_entries()
    made.append(make_certificate())
    at("2026-04-02")
    return made


def test_an_untouched_log_is_in_order(log: list[Certificate]) -> None:
    verdict = verify()
    assert verdict.is_sound
    assert verdict.head.size == 5
    out = StringIO()
    call_command("register_verify", stdout=out)
    assert f"5 entries, root {verdict.head.root}" in out.getvalue()


COLUMNS = ["public_part", "private_part", "public_salt", "private_salt"]
COLUMNS += ["public_commitment", "private_commitment", "leaf_input", "leaf_hash"]


@pytest.mark.parametrize("column", COLUMNS)
def test_changed_bytes_of_an_entry_are_found(log: list[Certificate], sql: Sql, column: str) -> None:
    sql(f"UPDATE certificates_registerentry SET {column} = %s WHERE position >= 2", b"x" * 32)
    assert verify().wrong.startswith("Entry 2 (award,")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "renewal"),
        ("number", "MCS-2026-00000-00000-X"),
        ('"on"', "2026-03-02 10:00:01+00:00"),
        ("by_rule", "somebody else"),
        ("certificate_id", None),
    ],
)
def test_changed_columns_of_an_entry_are_found(log: list[Certificate], sql: Sql, column: str, value: object) -> None:
    sql(f"UPDATE certificates_registerentry SET {column} = %s WHERE position = 2", value)
    assert verify().wrong.startswith("Entry 2 (")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", "MCS-2026-00000-00000-X"),
        ("code", "A" * 22),
        ("kind", "attendance"),
        ("personal", '{"initials": "X. Y****"}'),
        ("record", "{}"),
        ("name_key", "somebody else"),
        ("issued_on", "2026-01-01"),
        ("competent_on", "2026-01-01"),
        ("holds_until", "2099-01-01"),
        ("holds_until", None),
        ("unit_id", None),
        ("uuid", "00000000000000000000000000000001"),
        ("by_rule", "somebody else"),
        ("recorded_at", "2026-03-02 10:00:01+00:00"),
        ('"on"', "2026-03-02 10:00:01+00:00"),
    ],
)
def test_a_changed_certificate_is_found(log: list[Certificate], sql: Sql, column: str, value: object) -> None:
    sql(f"UPDATE certificates_certificate SET {column} = %s WHERE id = %s", value, log[2].pk)
    assert verify().wrong.startswith("Entry 2 (award,")


@pytest.mark.parametrize("column", ["person_id", "course_id", "course_version_id"])
def test_a_certificate_given_to_another_is_found(
    log: list[Certificate], sql: Sql, column: str, make_version: Callable[..., CourseVersion]
) -> None:
    other = make_version("TST-9")
    values = {"person_id": log[3].person_id, "course_id": other.course_id, "course_version_id": other.pk}
    sql(f"UPDATE certificates_certificate SET {column} = %s WHERE id = %s", values[column], log[2].pk)
    assert verify().wrong.startswith("Entry 2 (award,")


def test_a_certificate_without_its_result_is_found(log: list[Certificate], sql: Sql) -> None:
    sql("UPDATE certificates_certificate SET result_id = NULL, kind = 'attendance' WHERE id = %s", log[2].pk)
    assert verify().wrong.startswith("Entry 2 (award,")


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason_code", "other"), ("public_wording", "x"), ("internal_reason", "x"), ("ends_result", True)],
)
def test_a_changed_revocation_is_found(log: list[Certificate], sql: Sql, column: str, value: object) -> None:
    sql(f"UPDATE certificates_revocation SET {column} = %s", value)
    assert verify().wrong.startswith("Entry 3 (revocation,")


def test_a_deleted_revocation_is_found(log: list[Certificate], sql: Sql) -> None:
    sql("DELETE FROM certificates_revocation")
    assert verify().wrong.startswith("Entry 3 (revocation,")


def test_changed_words_are_found(log: list[Certificate], sql: Sql) -> None:
    sql("UPDATE certificates_frozentext SET content = %s", '{"course": {"title": "Better"}}')
    assert verify().wrong.startswith("Entry 0 (MCS-")


def test_a_deleted_entry_is_found(log: list[Certificate], sql: Sql) -> None:
    sql("DELETE FROM certificates_registerentry WHERE position = 2")
    assert verify().wrong == "Entry 2 is missing."


def test_a_log_cut_short_is_found_by_its_heads(log: list[Certificate], sql: Sql) -> None:
    sequencing.take_head()
    sql("DELETE FROM certificates_registerentry WHERE position = 4")
    sql("DELETE FROM certificates_certificate WHERE id = %s", log[3].pk)
    assert verify().wrong.startswith("Entry 4 is missing: a head counts 5")


def test_entries_that_changed_places_are_found_by_a_head(log: list[Certificate], sql: Sql) -> None:
    sequencing.take_head()
    for old, new in [(1, 99), (2, 1), (99, 2)]:
        sql("UPDATE certificates_registerentry SET position = %s WHERE position = %s", new, old)
    assert verify().wrong.startswith("Entries 0 to 4 are not those under the head noted on 2026-04-02")


def test_a_certificate_without_an_entry_is_found(log: list[Certificate], sql: Sql) -> None:
    sql("DELETE FROM certificates_registerentry WHERE position = 4")
    assert verify().wrong == f"The register has no entry for {log[3].number}."


def test_entries_that_wait_too_long_are_reported(log: list[Certificate], make_result: MakeResult, at: SetClock) -> None:
    at("2026-05-01T10:00")
    awards.award(make_result(), by=BY)
    at("2026-05-01T10:00:59")
    assert verify().is_sound
    at("2026-05-01T10:01:01")
    assert verify().waiting == 1
    with pytest.raises(CommandError, match="waited for its number") as failure:
        call_command("register_verify")
    assert failure.value.returncode == 1


def test_an_exported_head_binds_the_house(log: list[Certificate], tmp_path: Path, sql: Sql) -> None:
    file = tmp_path / "register.jsonl"
    call_command("register_export", str(file), stdout=StringIO())
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert (lines[0]["size"], len(lines)) == (5, 6)
    assert "Mokoena" not in file.read_text()
    call_command("register_verify", head=file, stdout=StringIO())
    sql("DELETE FROM certificates_treehead")
    file.write_text(json.dumps({**lines[0], "root": "00" * 32}))
    with pytest.raises(CommandError, match="the head from outside"):
        call_command("register_verify", head=file)
    file.write_text(json.dumps({**lines[0], "size": 6}))
    with pytest.raises(CommandError, match="a head counts 6"):
        call_command("register_verify", head=file)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"size": "many", "root": "00"}', '{"size": 1, "root": "xyz"}'])
def test_a_file_without_a_head_is_bad_input(db: None, tmp_path: Path, text: str) -> None:
    file = tmp_path / "head.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="holds no head") as failure:
        call_command("register_verify", head=file)
    assert failure.value.returncode == 2


def test_an_empty_log_is_in_order(db: None) -> None:
    assert verify().is_sound
    assert RegisterEntry.objects.count() == 0
