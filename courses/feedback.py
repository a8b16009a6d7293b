"""Three questions after a course. Before: a course's last lesson. After: authors and HR read what many said.

Answers are kept apart from who gave them, and shown only once FEEDBACK_SHOWN_FROM people have answered about the same
course version: fewer would let a reader guess who said what.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from courses import standing
from courses.models import CourseVersion, Enrolment, Feedback, FeedbackGiven
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Share:
    """How many chose one answer, and their share of all in whole per cent."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What learners say of a course version. While `is_withheld`, nothing but that is known here."""

    is_withheld: bool
    needed: int
    count: int = 0
    usefulness: Sequence[Share] = ()
    clarity: Sequence[Share] = ()
    words: Sequence[str] = ()


def may_give(enrolment: Enrolment) -> bool:
    """Whether the questions are asked now: all lessons done, and not answered yet."""
    return not (is_given(enrolment) or standing.lessons_missing(enrolment))


def is_given(enrolment: Enrolment) -> bool:
    """Whether the questions were answered."""
    return FeedbackGiven.objects.filter(enrolment=enrolment).exists()


@transaction.atomic
def give(enrolment: Enrolment, *, usefulness: int, clarity: int, words: str, by: Actor) -> None:
    """Keep the answers, without a name. Raises Refused before the last lesson; the second time changes nothing."""
    if standing.lessons_missing(enrolment):
        raise Refused(_("Finish the lessons first. Then tell us what you think of the course."))
    given, is_new = FeedbackGiven.objects.get_or_create(enrolment=enrolment, defaults=columns(by))
    if is_new:
        Feedback.objects.create(
            course_version=enrolment.course_version,
            month=clock.today().replace(day=1),
            usefulness=usefulness,
            clarity=clarity,
            words=words.strip(),
        )


def summary(version: CourseVersion) -> Summary:
    """What learners said of a version, if enough of them did. One query."""
    rows = list(Feedback.objects.filter(course_version=version).order_by("uuid"))
    needed = settings.FEEDBACK_SHOWN_FROM
    if len(rows) < needed:
        return Summary(is_withheld=True, needed=needed)
    return Summary(
        is_withheld=False,
        needed=needed,
        count=len(rows),
        usefulness=_shares([row.usefulness for row in rows]),
        clarity=_shares([row.clarity for row in rows]),
        words=[row.words for row in rows if row.words],
    )


def _shares(answers: Sequence[int]) -> list[Share]:
    found = Counter(answers)
    return [
        Share(str(choice.label), found[choice.value], round(100 * found[choice.value] / len(answers)))
        for choice in reversed(Feedback.Agreement)
    ]
