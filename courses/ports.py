"""What courses says to, and asks of, the rooms above. `lms/core/README.md` lists all ports."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.dispatch import Signal

from courses.curriculum.problems import Spot
from courses.models.learning import Enrolment
from courses.models.versions import Course, CourseVersion
from courses.quality.records import Question
from lms.core.ports import Registry
from lms.organisation.models import Person

# Sent inside the transaction that made, ended or corrected a result, with `result`. Receivers write rows or
# outbox jobs; they never do slow work.
result_changed = Signal()

# Before a course is published each check names what is missing, in words for the author. The course's draft of
# an upper room (its paper, its questions) is found by the course.
PublishingCheck = Callable[[Course], list[str]]
publishing_checks: Registry[PublishingCheck] = Registry("publishing checks")

# When a new version is frozen each freezer freezes its own part and returns the planned minutes that it adds.
Freezer = Callable[[CourseVersion], int]
freezers: Registry[Freezer] = Registry("freezers")

# A freezer's counterpart for the hash: what a learner could meet in the room's part of the draft, as JSON.
DraftContent = Callable[[Course], Any]
draft_contents: Registry[DraftContent] = Registry("draft contents")

# Who edited the room's part of the draft since the instant: they may not publish it. Ids of users.
DraftEditors = Callable[[Course, datetime | None], set[int]]
draft_editors: Registry[DraftEditors] = Registry("draft editors")

# Before something is deleted from the admin each room says what of its own depends on it, a sentence each with counts
# and names. What foreign keys show is found without it (`courses.dependents`).
Dependents = Callable[[models.Model], list[str]]
dependents: Registry[Dependents] = Registry("dependents")


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A step of a course beyond its lessons, as the learner's course page lists it."""

    title: str
    detail: str
    url: str
    is_done: bool
    minutes: int
    is_open: bool = True


# Whether somebody who holds the course may begin it again already: a rule may count a result for less than the course
# does, or open its renewal earlier.
AskedAgain = Callable[[Person, Course], bool]
asked_again: Registry[AskedAgain] = Registry("courses asked again")

# Steps that an upper room adds to the course page of an enrolment: a paper, an observation, a certificate.
CourseSteps = Callable[[Enrolment], list[CourseStep]]
course_steps: Registry[CourseSteps] = Registry("course steps")


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """A part of a course that its author should look at again: what it is, why, and where it is changed."""

    course: Course
    what: str
    why: str
    url: str
    # Because it names an instrument that is no longer in force, and not because of how it does in use.
    is_superseded: bool = False


# What is due for review in some courses, as an upper room sees it: questions that nearly everybody gets wrong, say.
# All courses at once, so that a page of all of them asks as often as a page of one.
ReviewReasons = Callable[[Collection[Course]], Iterable[ReviewReason]]
review_reasons: Registry[ReviewReasons] = Registry("review reasons")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that shows a criterion, in words, and where it is changed."""

    criterion: str
    what: str
    url: str


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of a course that takes time beside its lessons."""

    title: str
    minutes: int
    url: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What an upper room has for a course's draft."""

    evidence: list[Evidence]
    parts: list[PlannedPart]


# What assesses each criterion of a draft, and the minutes it adds: shown beside the course in the editor.
Outlines = Callable[[Course], Outline]
outlines: Registry[Outlines] = Registry("outlines")


class PackSection(Protocol):
    """A part of a content pack that an upper room reads and writes, such as a course's questions and paper."""

    def load(self, course: Course, folder: "PackFolder") -> None:
        """Make the draft rows of `course` equal to the files. Raises PackError with file, line and reason."""

    def export(self, course: Course, folder: "PackFolder") -> None:
        """Write the files that `load` would read back to the same rows."""


class PackFolder(Protocol):
    """A course's folder in a pack: parsed files whose nodes know their line."""

    def read(self, name: str) -> Any:
        """The parsed content of a YAML file below the folder, or None where it is absent."""

    def names(self, pattern: str) -> list[str]:
        """Names of files that match a glob pattern, sorted."""

    def write(self, name: str, content: Any) -> None:
        """Write a YAML file below the folder. Where it exists, the new names join the old ones."""

    def spot(self, name: str, line: int = 1) -> Spot:
        """A place in the file `name`, to hang problems on."""


pack_sections: Registry[PackSection] = Registry("pack sections")


class QuestionSource(Protocol):
    """Questions of an upper room, as the report on a course's content and the editor's panels look at them."""

    def in_folder(self, folder: PackFolder) -> list[Question]:
        """The questions in a course's folder of a pack. What cannot be read is left out."""

    def of(self, course: Course) -> list[Question]:
        """The questions of the course's draft that papers would ask."""


question_sources: Registry[QuestionSource] = Registry("question sources")
