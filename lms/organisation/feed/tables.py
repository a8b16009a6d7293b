"""A file as rows of text: CSV in whatever encoding and delimiter, or the first sheet of an XLSX workbook.

Knows nothing of staff. A file that is no table is Refused as a whole; a row that cannot be read says why.
"""

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final, Protocol

import openpyxl  # type: ignore[import-untyped]
from charset_normalizer import from_bytes
from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from lms.core.errors import Refused

# What Windows writes where people speak the languages that we meet. Also the choice offered on the page.
WINDOWS: Final = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256")
ENCODINGS: Final = ("utf-8", "utf-16", *WINDOWS)
_DELIMITERS: Final = ",;\t"
_PIECE = 1024 * 1024
_ENOUGH_TO_TELL = 64 * 1024
_BROKEN_WORKBOOK = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError)


class _Reader(Protocol):
    """What `csv.reader` gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read."""

    encoding: str
    delimiter: str = ","
    is_workbook: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its line in the file. Where it could not be read, `problem` says why and `cells` is empty."""

    line: int
    cells: list[str]
    problem: str = ""


def shape_of(file: BinaryIO, *, encoding: str = "") -> Shape:
    """How to read this file; `encoding` is what a person chose. Raises Refused for what is no table."""
    file.seek(0)
    start = file.read(_ENOUGH_TO_TELL)
    if not start.strip():
        raise Refused(_("The file is empty. Nothing was changed. Export it again and send the new file."))
    if start.startswith(b"PK\x03\x04"):
        return Shape("", is_workbook=True)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_("This is a workbook of an old kind (XLS). Save it as XLSX or CSV and send that."))
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and start.count(0) > len(start) // 50:
        raise Refused(_("This is no table. Send a CSV file or an XLSX workbook."))
    found = encoding or encoding_of(file)
    return Shape(found, _delimiter_of(start, found))


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 proves itself: text in any other encoding almost never is valid UTF-8, so all of it is tried.

    What fails is from Windows, where only statistics tell one code page from another; a person may choose otherwise.
    """
    file.seek(0)
    if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _code_page_of(file)
    return "utf-8"


def rows(file: BinaryIO, shape: Shape) -> Iterator[Row]:
    """The rows, heading first, blank ones left out. Memory stays flat. Raises Refused where the file breaks off."""
    file.seek(0)
    found = _rows_of_workbook(file) if shape.is_workbook else _rows_of_text(file, shape)
    return (row for row in found if row.problem or any(row.cells))


def _code_page_of(file: BinaryIO) -> str:
    file.seek(0)
    telling: list[bytes] = []
    size = 0
    for line in file:
        if not line.isascii():
            telling.append(line[:_ENOUGH_TO_TELL])
            size += len(telling[-1])
        if size > _ENOUGH_TO_TELL:
            break
    found = from_bytes(b"".join(telling), cp_isolation=list(WINDOWS))
    best = found.best()
    if best is None or best.encoding not in WINDOWS:
        return WINDOWS[0]
    # A few names tell too little. Between equals it is the commonest, Western European; a person sees the result.
    equals = (one for one in found if one.chaos <= best.chaos and one.coherence >= best.coherence)
    common = any(WINDOWS[0] in one.could_be_from_charset for one in equals)
    return WINDOWS[0] if common else best.encoding


def _delimiter_of(start: bytes, encoding: str) -> str:
    """Whichever of the three stands most often in the first line, outside quotes."""
    text = start.decode(encoding, errors="ignore").lstrip("\ufeff \r\n")
    if text.lower().startswith("sep=") and text[4:5] in _DELIMITERS:
        return text[4]
    outside = "".join(text.splitlines()[:1]).split('"')[::2]
    return max(_DELIMITERS, key=lambda one: sum(part.count(one) for part in outside))


def _rows_of_text(file: BinaryIO, shape: Shape) -> Iterator[Row]:
    # `utf-8-sig` and `utf-16` take a byte order mark away, where there is one.
    encoding = "utf-8-sig" if shape.encoding == "utf-8" else shape.encoding
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=shape.delimiter, strict=True)
    try:
        while True:
            row = _next_row(reader)
            if row is None:
                return
            if not (
                row.line == 1 and len(row.cells) <= 2 and row.cells[:1] and row.cells[0].lower().startswith("sep=")
            ):
                yield row
    except UnicodeError:
        raise Refused(
            _("Near line %(line)d the file is not written in the encoding %(encoding)s. Choose another one.")
            % {"line": reader.line_num + 1, "encoding": shape.encoding}
        ) from None
    finally:
        text.detach()


def _next_row(reader: "_Reader") -> Row | None:
    line = reader.line_num + 1
    try:
        return _checked(line, [cell.strip() for cell in next(reader)])
    except StopIteration:
        return None
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Refused(
                _("The file breaks off inside the quotation marks opened in line %(line)d. Export it again.")
                % {"line": line}
            ) from None
        return Row(line, [], _("This row is not well-formed CSV: %(why)s.") % {"why": error})


def _rows_of_workbook(file: BinaryIO) -> Iterator[Row]:
    try:
        _refuse_bombs(file)
        with warnings.catch_warnings():
            # Workbooks that were not written by Excel lack styles and print settings, which is all one here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield _checked(line, [_text(cell) for cell in cells])
            book.close()
    except _BROKEN_WORKBOOK as error:
        raise Refused(_("This workbook cannot be read. Save it again as XLSX, or as CSV.")) from error
    except IndexError:
        raise Refused(_("This workbook has no sheet with a table.")) from None


def _refuse_bombs(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > settings.FEED_MAX_UNPACKED_BYTES:
            raise Refused(_("This workbook is too large. Send the table as CSV."))
        if "xl/workbook.xml" not in packed.namelist():
            raise Refused(_("This is no table. Send a CSV file or an XLSX workbook."))
    file.seek(0)


def _checked(line: int, cells: list[str]) -> Row:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > settings.FEED_MAX_COLUMNS:
        return Row(line, [], _("This row has more cells than a table of staff could have."))
    if any(len(cell) > settings.FEED_MAX_CELL for cell in cells):
        return Row(line, [], _("A cell of this row holds far more text than belongs there."))
    cells = [_without_wrapping(cell) for cell in cells]
    if any("\x00" in cell or "\ufffd" in cell for cell in cells):
        return Row(line, [], _("This row holds characters that are no text."))
    if any(cell.startswith("=") for cell in cells):
        return Row(line, [], _("A cell of this row is a formula. Export values, not formulas."))
    return Row(line, cells)


def _without_wrapping(cell: str) -> str:
    """Exports for Excel write ="0012" to keep the zeros of a number."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and '"' not in cell[2:-1] else cell


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
