"""Coverage rows as a file: the command and the page write the same bytes."""

import csv
from collections.abc import Iterable
from typing import Protocol

from lms.duties.coverage import CoverageRow


class Writable(Protocol):
    """Whatever takes text: a file, a response, a command's output."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def write(rows: Iterable[CoverageRow], to: Writable) -> None:
    """A line of names, then a line for each row; an empty percentage where nobody is required."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(CoverageRow._fields)
    writer.writerows(rows)
