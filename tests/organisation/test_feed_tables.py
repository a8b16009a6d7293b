"""Files as rows of text: encodings, delimiters, workbooks, and what is no table."""

import io
import zipfile
from datetime import date

import openpyxl  # type: ignore[import-untyped]
import pytest

from lms.core.errors import Refused
from lms.organisation.feed.columns import checked, guessed
from lms.organisation.feed.records import likely_form, parsed_day
from lms.organisation.feed.tables import Row, rows, shape_of

CYRILLIC = "Имя;Фамилия\nАлександр;Воробьёв\nЕкатерина;Щербакова\nНаталья;Жукова\n"
FRENCH = "prénom;nom\nZoé;Lefèvre\nFrançois;Müller\n"


def read(data: bytes, encoding: str = "") -> list[Row]:
    file = io.BytesIO(data)
    return list(rows(file, shape_of(file, encoding=encoding)))


def cells(data: bytes, encoding: str = "") -> list[list[str]]:
    return [row.cells for row in read(data, encoding)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_utf8_with_and_without_mark_utf16_and_windows_are_told_apart(encoding: str) -> None:
    assert cells(FRENCH.encode(encoding))[:2] == [["prénom", "nom"], ["Zoé", "Lefèvre"]]


def test_code_pages_of_windows_are_told_apart_by_statistics() -> None:
    assert cells(CYRILLIC.encode("cp1251"))[1] == ["Александр", "Воробьёв"]


def test_a_person_may_choose_the_encoding_and_a_wrong_one_is_refused_with_the_line() -> None:
    assert cells("nazwisko\nŁęcki\n".encode("cp1250"), "cp1250")[1] == ["Łęcki"]
    with pytest.raises(Refused, match="utf-8"):
        read("nazwisko\nŁęcki\n".encode("cp1250"), "utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_found_outside_quotes(delimiter: str) -> None:
    line = delimiter.join(['"a,b;c\td,,,;;;"', "two", "three"])
    assert cells(f"{line}\n1{delimiter}2{delimiter}3\n".encode())[1] == ["1", "2", "3"]
    if delimiter != "\t":
        assert cells(f"sep={delimiter}\na{delimiter}b\n".encode()) == [["a", "b"]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "no table"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "XLS"),
        (b"PK\x03\x04 and then nothing", "cannot be read"),
        (b'a,b\n1,"never closed\n2,3\n', "breaks off"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(data)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.txt", "a")
    with pytest.raises(Refused, match="no table"):
        read(packed.getvalue())


def test_a_workbook_gives_text_whole_numbers_and_days() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["number", "surname", "day", "x"])
    sheet.append([1042, "Okoro", date(2026, 3, 2), "=1+1"])
    sheet.append([None, None, None, None])
    sheet.append([7.0, " Latu ", None, None])
    file = io.BytesIO()
    book.save(file)
    assert cells(file.getvalue()) == [
        ["number", "surname", "day", "x"],
        ["1042", "Okoro", "2026-03-02"],
        ["7", "Latu"],
    ]


def test_numbers_wrapped_for_excel_are_unwrapped_and_formulas_refused() -> None:
    found = read(b'number,name\n"=""0042""",Ana\n=cmd|calc,Ben\n')
    assert found[1].cells == ["0042", "Ana"]
    assert "formula" in found[2].problem


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-03-09", "iso", date(2026, 3, 9)),
        ("2026-03-09 00:00:00", "dmy", date(2026, 3, 9)),
        ("09/03/2026", "dmy", date(2026, 3, 9)),
        ("9.3.2026", "dmy", date(2026, 3, 9)),
        ("03/09/2026", "mdy", date(2026, 3, 9)),
        ("20260309", "compact", date(2026, 3, 9)),
        ("29/02/2026", "dmy", None),
        ("09/03/26", "dmy", None),
        ("13/13/2026", "mdy", None),
    ],
)
def test_days_are_read_in_the_form_that_the_mapping_names(text: str, form: str, day: date | None) -> None:
    assert parsed_day(text, form) == day


def test_the_form_of_days_is_guessed_from_all_of_the_sample() -> None:
    assert likely_form(["03/04/2026", "13/04/2026"]) == "dmy"
    assert likely_form(["03/04/2026", "04/13/2026"]) == "mdy"
    assert likely_form([]) == "iso"


def test_headings_are_guessed_by_name_and_needed_ones_asked_for() -> None:
    columns = guessed(["Staff No.", "First Name", "Last name", "Position ID", "Shoe size"])
    assert columns == {
        "number": "Staff No.",
        "given_names": "First Name",
        "surname": "Last name",
        "post": "Position ID",
    }
    with pytest.raises(Refused, match="Shoe size"):
        checked({}, ["Shoe size"])
    with pytest.raises(Refused, match="no column"):
        checked({"number": "Gone"}, ["Shoe size"])
    with pytest.raises(Refused, match="two of ours"):
        checked({"number": "A", "post": "A"}, ["A"])
