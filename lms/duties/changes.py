"""What changed since somebody learnt or signed something, and the days on which they are not in date for it. Pure.

A result, or a signature, stays good until the change's due day; from the day after it is not, until what changed was
read. Late reading leaves a gap.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from lms.duties.days import OPEN, Days, merged

_ONE_DAY = timedelta(days=1)
_LAST = sys.maxsize

# The place of a version among those of its course or document: the higher, the newer.
Rank: TypeAlias = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a course or a document. `days` None: whoever knows the one before need not read it."""

    rank: Rank
    version: int
    opened_on: date
    days: int | None

    def due_on(self, since: date) -> date:
        """The last day on which somebody who learnt the version before on `since` may read it in time."""
        return max(self.opened_on, since) + timedelta(days=self.days or 0)


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read, or signed, a version of a course or a document."""

    rank: Rank
    on: date


def course_rank(number: int) -> Rank:
    """The place of a course's version among the others."""
    return (date.min, number)


@dataclass(slots=True)
class Versions:
    """The versions of courses and of documents (by id)."""

    courses: dict[int, list[Change]] = field(default_factory=dict)
    documents: dict[int, list[Change]] = field(default_factory=dict)


class Reading:
    """What one person read of courses, and signed of documents (by id)."""

    def __init__(
        self, versions: Versions, courses: Iterable[tuple[int, Rank, date]], signed: Iterable[tuple[int, int, date]]
    ) -> None:
        """`courses` come by their rank, `signed` by the id of the document's version."""
        self.versions = versions
        self.courses: dict[int, list[Read]] = defaultdict(list)
        self.documents: dict[int, list[Read]] = defaultdict(list)
        for course, rank, on in courses:
            self.courses[course].append(Read(rank, on))
        for document, version, on in signed:
            ranks = (change.rank for change in versions.documents.get(document, ()) if change.version == version)
            self.documents[document] += [Read(rank, on) for rank in ranks]

    def gaps(self, course: int, number: int, document: int | None, competent_on: date) -> tuple[Days, ...]:
        """When somebody who passed a version of a course was not in date, because of what changed since.

        With `document` the result holds until that is replaced: later versions are read like those of the course.
        """
        found = gaps(
            competent_on, after(self.versions.courses.get(course, ()), course_rank(number)), self.courses[course]
        )
        if document is None:
            return found
        newer = after(self.versions.documents.get(document, ()), (competent_on, _LAST))
        return tuple(merged([*found, *gaps(competent_on, newer, self.documents[document])]))


def after(changes: Iterable[Change], rank: Rank) -> list[Change]:
    """The newer ones that are to be read."""
    return [change for change in changes if change.rank > rank and change.days is not None]


def gaps(competent_on: date, changes: Iterable[Change], reads: Sequence[Read]) -> tuple[Days, ...]:
    """The days on which somebody who holds a result from `competent_on` is not in date, because of what changed.

    Who reads of a version has read of those before it, too.
    """
    return tuple(merged(gap for change in changes if (gap := _gap(change, competent_on, reads))))


def signed_until(signed: Read, changes: Iterable[Change]) -> date:
    """The last good day of a signature, because of newer versions; OPEN where there is none."""
    newer = after(changes, signed.rank)
    return min((change.opened_on + timedelta(days=change.days or 0) for change in newer), default=OPEN)


def _gap(change: Change, competent_on: date, reads: Sequence[Read]) -> Days | None:
    due = change.due_on(competent_on)
    read_on = min((read.on for read in reads if read.rank >= change.rank), default=OPEN)
    return Days(due + _ONE_DAY, read_on) if read_on > due + _ONE_DAY else None
