"""Who edited a course since its last version: they neither support nor approve it, superusers included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from courses import drafts
from courses.models.framework import CriterionVersion, DocumentVersion
from courses.ports import draft_editors

if TYPE_CHECKING:
    from courses.models.pages import CoursePage

# Entries of Wagtail's log that tell of editing; what was written stands in revisions.
LESSON_REMOVED = "courses.lesson_removed"
_EDITS = ["wagtail.create", "wagtail.reorder", "wagtail.move", "wagtail.copy", LESSON_REMOVED]


def of(page: CoursePage) -> set[int]:
    """Ids of users who edited the course, its lessons, wordings it takes up or an upper room's part of it."""
    since = _last_published_at(page)
    pages = [page.pk, *page.get_children().values_list("pk", flat=True)]
    entries = PageLogEntry.objects.filter(page_id__in=pages, action__in=_EDITS)
    if since is not None:
        entries = entries.filter(timestamp__gt=since)
    who = set(entries.values_list("user_id", flat=True)) | _worded(page, since)
    for pk in pages:
        who |= _editors_of(pk, since)
    for _name, upper_editors in draft_editors:
        who |= upper_editors(page.course, since)
    return {user for user in who if user is not None}


def _editors_of(page_id: int, since: datetime | None) -> set[int | None]:
    """Whose revisions changed something. Pressing *publish* saves a revision too, mostly the same again."""
    revisions = list(Revision.page_revisions.filter(object_id=str(page_id)).order_by("created_at", "pk"))
    who: set[int | None] = set()
    before = None
    for revision in revisions:
        content = _content_of(revision) if since is None or revision.created_at > since else None
        if content is not None and content != (before and _content_of(before)):
            who.add(revision.user_id)
        before = revision
    return who


def _content_of(revision: Revision) -> drafts.Content:
    draft = revision.as_object()
    if not hasattr(draft, "certifies"):
        return drafts.lesson_content(draft)
    # Whether wording or meaning changed is the publisher's answer, not a part of what is published.
    content = {name: value for name, value in drafts.course_content(draft).items() if name != "what_changed"}
    return {**content, "people": [draft.author_name, draft.approver_name, draft.moderator_name]}


def _worded(page: CoursePage, since: datetime | None) -> set[int | None]:
    """Who added wordings of criteria and documents that the next version would take up."""
    lessons = drafts.lessons_of(page)
    criteria = {row.criterion_id for row in page.certifies.all()}
    criteria |= {criterion.pk for lesson in lessons for criterion in lesson.criteria.all()}
    documents = {lesson.document_id for lesson in lessons if lesson.document_id}
    return _added(CriterionVersion, since, criterion__in=criteria) | _added(
        DocumentVersion, since, document__in=documents
    )


def _added(model: type[models.Model], since: datetime | None, **which: Iterable[int]) -> set[int | None]:
    ids = [str(pk) for pk in model._default_manager.filter(**which).values_list("pk", flat=True)]
    entries = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
    if since is not None:
        entries = entries.filter(timestamp__gt=since)
    return set(entries.values_list("user_id", flat=True))


def _last_published_at(page: CoursePage) -> datetime | None:
    # Wagtail's own clock, which its revisions go by; from the table, as the page in hand is being published now.
    at: datetime | None = type(page)._default_manager.values_list("last_published_at", flat=True).get(pk=page.pk)
    return at
