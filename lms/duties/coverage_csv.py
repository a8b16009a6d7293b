"""Coverage rows as a file: the command and the page write the same bytes."""

import csv
from collections.abc import Iterable
from typing import Protocol

from lms.duties.coverage_rows import CoverageRow, ShownRow


class Writable(Protocol):
    """Whatever takes text: a file, a response, a command's output."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def write(rows: Iterable[CoverageRow | ShownRow], to: Writable) -> None:
    """A line of names, then a line for each row; an empty percentage where nobody is required, a star where it is hidden."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(CoverageRow._fields)
    writer.writerows(rows)
