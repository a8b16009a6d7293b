"""What a row of figures is, and which targets there are rows for."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from courses.models import Course, Document
from lms.duties.targets import Target


class CoverageRow(NamedTuple):
    """One target's figures. `percent` is in date ÷ required; None where nobody is required."""

    target: str
    required: int
    in_date: int
    not_yet_due: int
    overdue: int
    percent: Decimal | None
    recognised: int
    paused: int
    contractors: int
    exempt: int
    vacant: int
    people: int


# What stands where a figure is hidden, in tables and files alike.
HIDDEN = "*"


class ShownRow(NamedTuple):
    """The same as somebody may see it: a star where a figure is hidden."""

    target: str
    required: int | str
    in_date: int | str
    not_yet_due: int | str
    overdue: int | str
    percent: Decimal | str | None
    recognised: int | str
    paused: int | str
    contractors: int | str
    exempt: int | str
    vacant: int | str
    people: int | str


class Figures(Protocol):
    """Figures of a unit with all below it on a day."""

    @property
    def people(self) -> int:
        """How many different people are behind the figures of all targets."""

    @property
    def waiting(self) -> int:
        """How many people or posts changed so recently that these figures do not have it yet."""

    def rows(self) -> list[CoverageRow]:
        """One row for each target that is asked of anybody that day, for the unit as a whole."""

    def by_child(self) -> Mapping[int, list[CoverageRow]]:
        """Rows by child unit (its id) with all below it; what is in the unit itself stands under its own id."""

    def by_category(self) -> Mapping[int, list[CoverageRow]]:
        """Rows by post category (its id)."""


def label(codes: Iterable[str]) -> str:
    """How a target is called: the course's code, or the codes of which any one will do."""
    return "|".join(sorted(codes))


def asked(targets: set[Target], only: Course | Document | None) -> dict[Target, str]:
    """The targets for which there is a row, with what they are called.

    With a course only what it can satisfy, with a document only what asks people to sign it.
    """
    if isinstance(only, Course):
        targets = {target for target in targets if only.pk in target.courses} or {Target.any_of([only.pk])}
    elif only is not None:
        targets = {Target(document=only.pk)}
    codes = dict(Course.objects.values_list("pk", "code"))
    signed = {target.document for target in targets if target.document is not None}
    documents = dict(Document.objects.filter(pk__in=signed).values_list("pk", "code")) if signed else {}
    return {
        target: documents.get(target.document or 0) or label(codes[c] for c in target.courses) for target in targets
    }
