"""Rows into a CSV file or an XLSX workbook, with flat memory. Text stays text: no spreadsheet takes it for a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import openpyxl  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]

from lms.core.exports.kinds import Row

# What spreadsheets begin a formula with; the last two are skipped by some of them before they look.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# One row is the heading.
MOST_ROWS_OF_A_SHEET = 1_048_575


def as_csv(head: Row, rows: Iterable[Row], to: IO[bytes]) -> None:
    """UTF-8 with a byte order mark, by which Excel tells it. Text that looks like a formula gets an apostrophe."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()


def as_xlsx(head: Row, rows: Iterable[Row], to: IO[bytes]) -> None:
    """One sheet. Text is stored as text, whatever it begins with."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.freeze_panes = "A2"
    for row in _with(head, rows):
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    book.save(to)


writers: dict[str, Callable[[Row, Iterable[Row], IO[bytes]], None]] = {"csv": as_csv, "xlsx": as_xlsx}


def safe(cell: str | int | None) -> str | int | None:
    """The cell as CSV shows it in a spreadsheet: never a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell


def _with(head: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield head
    yield from rows


def _text(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
