"""The library: documents as they are in effect, and their older versions with what replaced them. Reads alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q

from courses.models.framework import ALL_JURISDICTIONS, Document, DocumentVersion, Instrument
from courses.models.learning import Acknowledgement
from lms.core import clock
from lms.organisation.models import JurisdictionAdoption, Person


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one kind that are in effect."""

    kind: str
    versions: list[DocumentVersion]


@dataclass(frozen=True, slots=True)
class Reading:
    """One version of a document, and what a reader must know of it."""

    version: DocumentVersion
    current: DocumentVersion | None
    others: list[DocumentVersion]
    instruments: list[Instrument]
    acknowledged_on: datetime | None
    today: date
    has_reader: bool = False

    @property
    def is_current(self) -> bool:
        """Whether it is the one in effect."""
        return self.current is not None and self.current.pk == self.version.pk

    @property
    def is_to_come(self) -> bool:
        """Whether it takes effect on a later day."""
        return self.version.effective_on > self.today

    @property
    def may_be_signed(self) -> bool:
        """Whether a reader is asked to put their name to it: it is in effect or to come, and they have not yet."""
        return self.has_reader and self.acknowledged_on is None and (self.is_current or self.is_to_come)

    @property
    def is_review_overdue(self) -> bool:
        """Whether its owner should have looked at it again by now."""
        return self.is_current and self.version.review_due < self.today


def jurisdictions() -> list[str]:
    """Whose documents are shown here: of all, and of those adopted today."""
    adopted = JurisdictionAdoption.objects.on(clock.today()).values_list("jurisdiction", flat=True)
    return [ALL_JURISDICTIONS, *sorted(set(adopted))]


def jurisdictions_taught() -> set[str]:
    """Whose laws and rules are described here, adopted or not."""
    codes = Instrument.objects.exclude(jurisdiction=ALL_JURISDICTIONS).values_list("jurisdiction", flat=True)
    return set(codes.distinct())


def shelves(*, words: str = "", kind: str = "", jurisdiction: str = "") -> list[Shelf]:
    """Documents in effect, by kind and title; `words` must all be in the title, the code or the text."""
    versions = DocumentVersion.objects.in_effect_on(clock.today()).filter(document__jurisdiction__in=jurisdictions())
    if jurisdiction:
        versions = versions.filter(document__jurisdiction=jurisdiction)
    if kind:
        versions = versions.filter(document__kind=kind)
    for word in words.split():
        named = Q(document__title__icontains=word) | Q(document__code__icontains=word)
        versions = versions.filter(named | Q(body__icontains=word))
    by_kind = sorted(versions.select_related("document").defer("body"), key=_place)
    groups = groupby(by_kind, key=lambda version: version.document.get_kind_display())
    return [Shelf(name, list(group)) for name, group in groups]


def reading(version: DocumentVersion, person: Person | None) -> Reading:
    """A version as `person` reads it today."""
    today = clock.today()
    versions = list(version.document.versions.order_by("-effective_on", "-pk").defer("body"))
    current = next((row for row in versions if row.effective_on <= today), None)
    signed = Acknowledgement.objects.filter(person=person, document_version=version).first() if person else None
    return Reading(
        version,
        current,
        [row for row in versions if row.pk != version.pk],
        list(version.instruments.all()),
        signed.on if signed else None,
        today,
        has_reader=person is not None,
    )


def _place(version: DocumentVersion) -> tuple[int, str]:
    document = version.document
    return list(Document.Kind.values).index(document.kind), document.title.casefold()
