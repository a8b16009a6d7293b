"""What is due for review, computed from review dates, superseded instruments and what upper rooms see in use.

A row for each thing and reason; all courses at once, in a number of queries that does not grow with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Model, Prefetch, TextChoices
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course, CoursePage, DocumentVersion, Instrument, LessonPage
from courses.models.framework import InstrumentQuerySet
from courses.ports import review_reasons
from lms.core import clock


class Reason(TextChoices):
    """Why something is listed."""

    PAST = "past", gettext_lazy("Review date is past")
    NEAR = "near", gettext_lazy("Review date is near")
    SUPERSEDED = "superseded", gettext_lazy("Instrument is superseded")
    IN_USE = "in_use", gettext_lazy("Does badly in use")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to look at again, why, and where it is changed."""

    reason: Reason
    kind: str
    what: str
    course: str
    why: str
    due_on: date | None
    url: str

    @property
    def reason_in_words(self) -> str:
        """The reason as pages and files show it."""
        return str(self.reason.label)

    @property
    def due_on_in_words(self) -> str:
        """The day as a page shows it."""
        return _in_words(self.due_on) if self.due_on else ""


def due() -> list[Due]:
    """Everything that is due for review today or soon, most urgent first. Eleven queries at most."""
    pages = list(CoursePage.objects.filter(live=True).select_related("course"))
    rows = [*_courses(pages), *_documents(), *_instruments(), *_superseded(), *_from_above(pages)]
    order = list(Reason)
    return sorted(rows, key=lambda row: (order.index(row.reason), row.due_on or date.max, row.what))


def no_longer_in_force(instrument: Instrument) -> str:
    """A sentence on an instrument that was superseded."""
    names = {"instrument": instrument.title, "day": _in_words(instrument.superseded_on or date.max)}
    if instrument.superseded_by is None:
        return _("%(instrument)s is no longer in force from %(day)s.") % names
    return _("%(instrument)s is replaced from %(day)s by %(next)s.") % {**names, "next": instrument.superseded_by.title}


def _courses(pages: Iterable[CoursePage]) -> Iterator[Due]:
    for page in pages:
        if page.review_due is not None:
            yield from _by_date(_("Course"), page.title, page.course.code, page.review_due, _editor_of(page))


def _documents() -> Iterator[Due]:
    today = clock.today()
    in_force = DocumentVersion.objects.in_effect_on(today).defer("body").select_related("document")
    for version in in_force.prefetch_related(Prefetch("instruments", _gone(today))):
        url = _snippet(version.document)
        yield from _by_date(_("Document"), str(version), "", version.review_due, url)
        for instrument in version.instruments.all():
            yield _replaced(_("Document"), str(version), "", instrument, url)


def _instruments() -> Iterator[Due]:
    for instrument in Instrument.objects.in_force_on(clock.today()):
        yield from _by_date(_("Instrument"), str(instrument), "", instrument.review_due, _snippet(instrument))


def _superseded() -> Iterator[Due]:
    """Instruments that are no longer in force, and the lessons that still name them."""
    today = clock.today()
    for instrument in _gone(today):
        yield _replaced(_("Instrument"), str(instrument), "", instrument, _snippet(instrument))
    lessons = LessonPage.objects.filter(instruments__superseded_on__lte=today).distinct().order_by("path")
    named = Prefetch("instruments", _gone(today), to_attr="gone")
    courses = dict(CoursePage.objects.values_list("path", "course__code"))
    for lesson in lessons.defer("body").prefetch_related(named):
        course = courses[lesson.path[: -LessonPage.steplen]]
        for instrument in lesson.gone:
            yield _replaced(_("Lesson"), lesson.title, course, instrument, _editor_of(lesson))


def _from_above(pages: Iterable[CoursePage]) -> Iterator[Due]:
    courses: list[Course] = list({page.course.pk: page.course for page in pages}.values())
    for _name, reasons in review_reasons:
        for found in reasons(courses):
            reason = Reason.SUPERSEDED if found.is_superseded else Reason.IN_USE
            yield Due(reason, _("Question"), found.what, found.course.code, found.why, None, found.url)


def _by_date(kind: str, what: str, course: str, review_due: date, url: str) -> Iterator[Due]:
    today = clock.today()
    if review_due > today + timedelta(days=settings.REVIEW_NOTICE_DAYS):
        return
    is_past = review_due < today
    said = _("It was to be looked at by %s.") if is_past else _("It is to be looked at by %s.")
    reason = Reason.PAST if is_past else Reason.NEAR
    yield Due(reason, kind, what, course, said % _in_words(review_due), review_due, url)


def _replaced(kind: str, what: str, course: str, instrument: Instrument, url: str) -> Due:
    return Due(Reason.SUPERSEDED, kind, what, course, no_longer_in_force(instrument), instrument.superseded_on, url)


def _gone(day: date) -> InstrumentQuerySet:
    return Instrument.objects.superseded_on(day).select_related("superseded_by")


def _editor_of(page: CoursePage | LessonPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _snippet(row: Model) -> str:
    return reverse(f"wagtailsnippets_courses_{row._meta.model_name}:edit", args=[row.pk])


def _in_words(day: date) -> str:
    return date_format(day, "j F Y")
