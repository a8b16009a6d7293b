"""What people depend on among questions, papers and guides: for refusing deletions in the admin."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import (
    AssessorSheet,
    Attempt,
    ObservationGuide,
    ObservationGuideVersion,
    Paper,
    PaperVersion,
    Question,
)
from courses.models import CoursePage


def of(thing: models.Model) -> list[str]:
    """Sentences about `thing`; none where nobody depends on it."""
    if isinstance(thing, Question):
        asked = Attempt.objects.filter(questions__question_version__question=thing)
        return _asked(asked.values("person").distinct().count())
    if isinstance(thing, Paper):
        sat = Attempt.objects.filter(paper_version__course_version__course=thing.course)
        published = PaperVersion.objects.filter(course_version__course=thing.course).count()
        return _asked(sat.values("person").distinct().count()) + _published(published)
    if isinstance(thing, ObservationGuide):
        return _on_guide(thing)
    if isinstance(thing, CoursePage):
        return _asked(
            Attempt.objects.filter(paper_version__course_version__course=thing.course)
            .values("person")
            .distinct()
            .count()
        )
    return []


def _on_guide(guide: ObservationGuide) -> list[str]:
    which = {"course_version__course": guide.course, "criterion_version__criterion": guide.criterion}
    sheets = AssessorSheet.objects.filter(**which).count()
    words = ngettext("%s assessor’s sheet was written by it.", "%s assessor’s sheets were written by it.", sheets)
    published = ObservationGuideVersion.objects.filter(**which).count()
    return ([words % sheets] if sheets else []) + _published(published)


def _asked(people: int) -> list[str]:
    words = ngettext("%s person has answered it.", "%s people have answered it.", people)
    return [words % people] if people else []


def _published(editions: int) -> list[str]:
    words = ngettext("It was published in %s edition.", "It was published in %s editions.", editions)
    return [words % editions + " " + _("The course would be taught without it.")] if editions else []
