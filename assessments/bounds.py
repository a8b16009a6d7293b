"""How questions do in use: what each version earned over all marked tries, and which of them lie outside their bounds.

A question that nearly everybody gets wrong may have a wrong key; one that nobody gets wrong tells nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Avg, Count, F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Mark, Question, QuestionVersion
from courses.models import Course
from courses.ports import ReviewReason
from lms.core import clock


@dataclass(frozen=True, slots=True)
class Use:
    """What a question version earned: `facility` is the mean share of its points over so many tries, 0 to 1."""

    version: QuestionVersion
    tries: int
    facility: Decimal


def is_too_hard(tries: int, facility: Decimal) -> bool:
    """Whether it earns less than any question should, judged by enough tries."""
    return tries >= settings.QUESTION_TRIES_TO_JUDGE_BY and facility * 100 < settings.QUESTION_SUCCESS_LEAST


def is_too_easy(tries: int, facility: Decimal) -> bool:
    """Whether it earns more than any question should, judged by enough tries."""
    return tries >= settings.QUESTION_TRIES_TO_JUDGE_BY and facility * 100 > settings.QUESTION_SUCCESS_MOST


def outside_bounds(tries: int, facility: Decimal) -> bool:
    """Whether its author should look at it again."""
    return is_too_hard(tries, facility) or is_too_easy(tries, facility)


def uses(courses: Collection[Course]) -> list[Use]:
    """Every version of the courses' questions that was marked, by code and number. Two queries."""
    marks = Mark.objects.filter(question__question_version__question__course__in=courses)
    rows = marks.order_by().values("question__question_version").annotate(tries=Count("pk"), facility=Avg("fraction"))
    figures = {row["question__question_version"]: row for row in rows}
    versions = QuestionVersion.objects.filter(pk__in=figures).select_related("question__course")
    return [
        Use(version, figures[version.pk]["tries"], Decimal(figures[version.pk]["facility"]))
        for version in versions.order_by("question__code", "number")
    ]


def review_reasons(courses: Collection[Course]) -> Iterator[ReviewReason]:
    """Questions still asked whose newest version lies outside its bounds: a mended one starts afresh. Three queries."""
    asked = Question.objects.filter(course__in=courses).in_use_on(clock.today())
    newest = set(
        QuestionVersion.objects.filter(question__in=asked)
        .annotate(last=Max("question__versions__number"))
        .filter(Q(number=F("last")))
        .values_list("pk", flat=True)
    )
    for use in uses(courses):
        if use.version.pk in newest and outside_bounds(use.tries, use.facility):
            url = reverse("wagtailsnippets_assessments_question:edit", args=[use.version.question_id])
            yield ReviewReason(use.version.question.course, use.version.question.code, _why(use), url)


def _why(use: Use) -> str:
    words = {"percent": f"{use.facility * 100:.0f}", "tries": use.tries}
    if is_too_hard(use.tries, use.facility):
        return (
            _("Hardly anybody answers it rightly: %(percent)s %% over %(tries)s tries. Is the key right, is it clear?")
            % words
        )
    return _("Hardly anybody answers it wrongly: %(percent)s %% over %(tries)s tries. What does it still tell?") % words
