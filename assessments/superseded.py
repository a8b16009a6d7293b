"""Questions that name an instrument which is no longer in force: their authors look at them again."""

from collections.abc import Collection, Iterator

from django.db.models import Prefetch
from django.urls import reverse

from assessments.models import Question
from courses.models import Course, Instrument
from courses.ports import ReviewReason
from courses.reviewing import no_longer_in_force
from lms.core import clock


def review_reasons(courses: Collection[Course]) -> Iterator[ReviewReason]:
    """Each question still asked, once for each instrument. Two queries."""
    today = clock.today()
    gone = Instrument.objects.superseded_on(today).select_related("superseded_by")
    questions = Question.objects.filter(course__in=courses, instruments__in=gone).in_use_on(today).distinct()
    named = Prefetch("instruments", gone, to_attr="gone")
    for question in questions.select_related("course").prefetch_related(named):
        url = reverse("wagtailsnippets_assessments_question:edit", args=[question.pk])
        for instrument in question.gone:
            why = no_longer_in_force(instrument)
            yield ReviewReason(question.course, question.code, why, url, is_superseded=True)
