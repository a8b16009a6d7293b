"""Freezing a draft: the course version, its criteria and lessons as learners and records will find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from courses import drafts
from courses.media import frozen
from courses.models.entry import EntryRequirement
from courses.models.framework import Criterion, changes_due_days
from courses.models.supports import Support
from courses.models.versions import CertifiedCriterion, CourseVersion, LessonVersion
from courses.ports import freezers
from lms.core import clock
from lms.core.actors import Actor, MachineRule, columns

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage


def freeze(page: CoursePage, *, by: Actor, support: Support | None = None) -> CourseVersion:
    """A new version where the meaning changed, else a new edition of the newest. `support` names its second reader."""
    current = page.course.current
    if current is None or page.change == page.Change.MEANING:
        version = _new_version(page, by=by)
        _freeze_criteria(page, version)
        _freeze_entry(page, version)
    else:
        version = _new_edition(page, current, by=by)
    _freeze_lessons(page, version)
    version.supporter_name = "" if support is None else str(support.by)
    version.supported_at = None if support is None else support.on
    version.content_hash = drafts.hash_of(drafts.content(page))
    version.planned_minutes = _minutes(version)
    version.save()
    return version


def offer(page: CoursePage) -> None:
    """Let people begin the course, as the page describes it."""
    course = page.course
    course.track, course.is_integrity, course.is_offered = page.track, page.is_integrity, True
    course.save()


def publish_lessons(page: CoursePage, *, by: Actor) -> None:
    """Mark the lessons' newest drafts as live, so that Wagtail shows what is published."""
    user = None if isinstance(by, MachineRule) else by
    for child in page.get_children().order_by("path").specific():
        revision = child.get_latest_revision() or child.save_revision(user=user)
        if not child.live or child.live_revision_id != revision.pk:
            PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)


def _new_version(page: CoursePage, *, by: Actor) -> CourseVersion:
    last = page.course.versions.aggregate(last=Max("number"))["last"] or 0
    rule = drafts.passing(page)
    return CourseVersion.objects.create(
        course=page.course,
        number=last + 1,
        what_changed=drafts.tidy(page.what_changed),
        changes_due_days=_changes_due_days(page) if last else None,
        pass_percent=rule["overall"],
        met_percent=rule["met"],
        met_critical_percent=rule["met_critical"],
        holds_months=page.holds_months,
        holds_document=page.holds_document,
        planned_minutes=0,
        published_at=clock.now(),
        **_words(page, by=by),
        **columns(by),
    )


def _changes_due_days(page: CoursePage) -> int | None:
    if not page.changes_must_be_read:
        return None
    return changes_due_days() if page.changes_due_days is None else page.changes_due_days


def _new_edition(page: CoursePage, version: CourseVersion, *, by: Actor) -> CourseVersion:
    version.edition += 1
    version.published_at = clock.now()
    for name, value in _words(page, by=by).items():
        setattr(version, name, value)
    return version


def _words(page: CoursePage, *, by: Actor) -> dict[str, Any]:
    content = drafts.course_content(page)
    names = ("language", "title", "summary", "purpose", "audience", "outcomes", "review_due")
    return {name: content[name] for name in names} | {
        "author_name": page.author_name,
        "approver_name": page.approver_name if isinstance(by, MachineRule) else str(by),
        "moderator_name": page.moderator_name,
    }


def _freeze_criteria(page: CoursePage, version: CourseVersion) -> None:
    for row in page.certifies.all():
        CertifiedCriterion.objects.create(
            course_version=version,
            criterion_version=row.criterion.current,
            evidence=row.evidence,
            weight=row.weight,
        )


def _freeze_entry(page: CoursePage, version: CourseVersion) -> None:
    for row in page.entry.all():
        asked = {"required_course": row.required_course, "subject": row.subject, "level": row.level}
        EntryRequirement.objects.create(course_version=version, is_conditional=row.is_conditional, **asked)


def _freeze_lessons(page: CoursePage, version: CourseVersion) -> None:
    for position, lesson in enumerate(drafts.lessons_of(page), start=1):
        _freeze_lesson(lesson, version, position)


def _freeze_lesson(lesson: LessonPage, version: CourseVersion, position: int) -> None:
    document = drafts.document_of(lesson)
    made = LessonVersion.objects.create(
        course_version=version,
        edition=version.edition,
        key=lesson.slug,
        position=position,
        title=drafts.tidy(lesson.title),
        minutes=lesson.minutes,
        completion=lesson.completion,
        document_version=document,
        blocks=frozen.freeze(drafts.blocks_of(lesson), drafts.numbered_blocks_of(lesson), language=version.language),
        content_hash=drafts.hash_of([drafts.lesson_content(lesson), str(document or "")]),
    )
    made.criteria.set([criterion.current for criterion in _criteria_of(lesson)])
    made.instruments.set(lesson.instruments.all())


def _criteria_of(lesson: LessonPage) -> list[Criterion]:
    return list(lesson.criteria.all())


def _minutes(version: CourseVersion) -> int:
    lessons = LessonVersion.objects.newest_edition().filter(course_version=version)
    return sum(lesson.minutes for lesson in lessons) + sum(freezer(version) for _name, freezer in freezers)
