"""Publishing a course: the one gate, then freezing what learners will read.

Before: editing in Wagtail or loading a pack. After: enrolling. Wagtail publishes in several ways; all of them save
the page with a new live revision, so `CoursePage.save` and `LessonPage.save` come here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context, log

from courses import drafts, freezing, readiness, supporting
from courses.models.supports import Support
from courses.models.versions import Course, CourseVersion
from lms.core import audit
from lms.core.actors import Actor, MachineRule
from lms.core.errors import Refused

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage

# The entry in a course's history that names its version, who supported and who approved it.
PUBLISHED = "courses.version_published"

# The course page that is being published, and in whose name.
_publication: ContextVar[tuple[int, Actor] | None] = ContextVar("publication", default=None)


class ChangesReading(NamedTuple):
    """Whether holders of earlier versions must read what changed, and within how many days (None: the house's)."""

    must: bool
    days: int | None = None


def publish(
    page: CoursePage,
    *,
    by: Actor,
    change: str = "",
    what_changed: str = "",
    reading: ChangesReading | None = None,
) -> CourseVersion:
    """Publish the page's newest draft. Raises Refused with everything that is missing, and then nothing changed.

    `change` says whether wording or meaning changed, `reading` whether and by when holders read what changed;
    without them the draft's own answers stand.
    """
    # The page in hand may know an older draft as its newest.
    page = type(page).objects.get(pk=page.pk)
    with transaction.atomic(), in_the_name_of(by, page):
        draft = page.get_latest_revision_as_object()
        if keep_answer(draft, by=by, change=change, what_changed=what_changed, reading=reading):
            page = type(page).objects.get(pk=page.pk)
        revision = page.get_latest_revision() or page.save_revision()
        revision.publish(user=None if isinstance(by, MachineRule) else by)
    return CourseVersion.objects.filter(course=page.course).latest("number")


def answered(page: CoursePage, *, change: str, what_changed: str, reading: ChangesReading | None = None) -> CoursePage:
    """The draft with the publisher's answer to *wording or meaning?* on it, unsaved."""
    current = page.course.current
    if change:
        page.change = change
    if what_changed:
        page.what_changed = what_changed
    if reading is not None:
        page.changes_must_be_read, page.changes_due_days = reading
    if current is not None and change == page.Change.WORDING:
        # What those who hold it were told last stays what they were told.
        page.what_changed = current.what_changed
    return page


def keep_answer(
    page: CoursePage, *, by: Actor, change: str, what_changed: str, reading: ChangesReading | None = None
) -> bool:
    """Save the publisher's answer with the draft; whether there is a newer draft now. It is publishing, not editing."""
    before = _answer_of(page)
    answered(page, change=change, what_changed=what_changed, reading=reading)
    is_new = _answer_of(page) != before
    if is_new:
        page.save_revision(user=None if isinstance(by, MachineRule) else by, clean=False)
    return is_new


def _answer_of(page: CoursePage) -> tuple[object, ...]:
    return page.change, page.what_changed, page.changes_must_be_read, page.changes_due_days


def needs_answer(page: CoursePage) -> bool:
    """Whether whoever publishes this draft has to say if wording or meaning changed."""
    return page.course.current is not None and not _is_published_already(page)


def refuse_dates(page: models.Model, approved_go_live_at: object = None) -> None:
    """Raise Refused where a course or lesson would be published or withdrawn by the calendar, in nobody's name."""
    if approved_go_live_at or page.go_live_at or page.expire_at:  # type: ignore[attr-defined]  # pages are untyped
        raise Refused(
            _(
                "A course is published and withdrawn by somebody, on the day they do it. Take the dates out; nothing was changed."
            )
        )


@contextmanager
def in_the_name_of(by: Actor | None, page: CoursePage) -> Iterator[None]:
    """Say who publishes `page`. Nobody named leaves it to what was said before, or to who is at Wagtail's editor."""
    if by is None:
        yield
        return
    token = _publication.set((page.pk, by))
    try:
        yield
    finally:
        _publication.reset(token)


def save_page(page: CoursePage, save: Callable[[], None], only: Collection[str] | None = None) -> None:
    """Save a course page; where that makes a revision live, publish it: checked before, frozen after.

    `only` names the fields that are saved, if not all are.
    """
    refuse_dates(page)
    if not _goes_live(page, only):
        save()
        return
    by = _publisher(page)
    is_changed = not _is_published_already(page)
    check(page, by=by)
    support = supporting.standing(page) if is_changed else None
    with transaction.atomic(), in_the_name_of(by, page):
        save()
        freezing.offer(page)
        if is_changed:
            _freeze(page, by=by, support=support)
        freezing.publish_lessons(page, by=by)


def check(page: CoursePage, *, by: Actor) -> None:
    """Raise NotReady where `by` may not publish this draft. What is published as it stands needs no check."""
    if not _is_published_already(page):
        readiness.check(page, by=by)


def save_lesson(lesson: LessonPage, save: Callable[[], None], only: Collection[str] | None = None) -> None:
    """Save a lesson; refused where that makes it live outside its course's publication."""
    refuse_dates(lesson)
    if _has_new_live_revision(lesson, only):
        publication = _publication.get()
        if publication is None or publication[0] != lesson.get_parent().pk:
            raise Refused(_("A lesson goes live with its course. Your draft is saved; publish the course."))
    save()


def withdraw_offer(course: Course) -> None:
    """Let nobody begin the course any more. Those under way go on, and what people hold stays."""
    Course.objects.filter(pk=course.pk).update(is_offered=False)


def _freeze(page: CoursePage, *, by: Actor, support: Support | None) -> None:
    version = freezing.freeze(page, by=by, support=support)
    details: dict[str, Any] = {"version": version.number, "edition": version.edition, "change": page.change}
    if support is not None:
        details |= {"supported_by": str(support.by), "supported_at": support.on.isoformat()}
    audit.record("course published", page.course, by=by, **details)
    log(page, PUBLISHED, user=None if isinstance(by, MachineRule) else by, data={**details, "approved_by": str(by)})


def _is_published_already(page: CoursePage) -> bool:
    current = page.course.current
    if current is None or (page.change == page.Change.MEANING and not page.what_changed.strip()):
        return False
    return bool(current.content_hash == drafts.hash_of(drafts.content(page)))


def _goes_live(page: CoursePage, only: Collection[str] | None) -> bool:
    """A new live revision; or the same one again by somebody's act, since its lessons may have changed."""
    if not page.live or page.live_revision_id is None or only is not None:
        return _has_new_live_revision(page, only)
    publication = _publication.get()
    named = publication is not None and publication[0] == page.pk
    return named or _has_new_live_revision(page, only)


def _has_new_live_revision(page: models.Model, only: Collection[str] | None) -> bool:
    if only is not None and "live_revision" not in only:
        return False
    new = page.live_revision_id if page.live else None  # type: ignore[attr-defined]  # pages are untyped
    if new is None:
        return False
    return not type(page)._default_manager.filter(pk=page.pk, live=True, live_revision=new).exists()


def _publisher(page: CoursePage) -> Actor:
    publication = _publication.get()
    if publication is not None and publication[0] == page.pk:
        return publication[1]
    user = get_active_log_context().user
    if user is None:
        raise Refused(_("A course is published by somebody, in their own name. Nothing was published."))
    named: Actor = user
    return named
