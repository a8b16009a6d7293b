"""What a draft needs before it may be published, and who may not publish it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from courses import drafts
from courses.activities import has_right_answer, name_of
from courses.models.framework import ALL_JURISDICTIONS
from courses.models.versions import CourseVersion, LessonVersion
from courses.ports import draft_editors, publishing_checks
from lms.core.actors import Actor, MachineRule
from lms.core.errors import Refused

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage

# Entries of Wagtail's log that tell of editing; what was written stands in revisions.
LESSON_REMOVED = "courses.lesson_removed"
_EDITS = ["wagtail.create", "wagtail.reorder", "wagtail.move", "wagtail.copy", LESSON_REMOVED]


class NotReady(Refused):
    """A draft that may not be published yet; `missing` lists why, a sentence each."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("Not published. ") + " ".join(missing))


def check(page: CoursePage, *, by: Actor) -> None:
    """Raise NotReady with everything that keeps `by` from publishing this draft."""
    problems = missing(page)
    if not isinstance(by, MachineRule) and by.pk in editors(page):
        problems.append(_("You edited it since the last version; somebody else has to publish it."))
    if problems:
        raise NotReady(problems)


def missing(page: CoursePage) -> list[str]:
    """What the draft lacks, in words for the author."""
    lessons = drafts.lessons_of(page)
    found = [sentence for is_missing, sentence in _required(page, lessons) if is_missing]
    for lesson in lessons:
        found += _missing_in(lesson)
    found += _unsaid_changes(page)
    for _name, upper_check in publishing_checks:
        found += upper_check(page.course)
    return found


def _required(page: CoursePage, lessons: list[LessonPage]) -> list[tuple[bool, str]]:
    return [
        (not page.summary.strip(), _("The summary is missing.")),
        (not page.purpose.strip(), _("The purpose is missing.")),
        (not page.outcomes.strip(), _("What people can do afterwards is missing.")),
        (page.review_due is None, _("The review date is missing.")),
        (not page.moderator_name.strip(), _("The moderator is missing.")),
        (not page.certifies.all(), _("It certifies no criterion.")),
        (not lessons, _("It has no lesson.")),
        *(
            (row.evidence not in row.criterion.current.evidence, _unfit(row.criterion.code, row.get_evidence_display()))
            for row in page.certifies.all()
        ),
    ]


def _unfit(criterion: str, evidence: str) -> str:
    return _("%(criterion)s cannot be shown by “%(evidence)s”.") % {"criterion": criterion, "evidence": evidence}


def _missing_in(lesson: LessonPage) -> list[str]:
    name = {"lesson": lesson.title}
    blocks = drafts.blocks_of(lesson)
    has_document = any(block["kind"] == "document" for block in blocks)
    found = []
    if not blocks:
        found.append(_("The lesson “%(lesson)s” is empty.") % name)
    if has_document and drafts.document_of(lesson) is None:
        found.append(_("The lesson “%(lesson)s” shows a document but names none with a version.") % name)
    if lesson.completion == LessonVersion.Completion.ACKNOWLEDGED and not _shown_to_all(blocks):
        found.append(_("The lesson “%(lesson)s” asks to acknowledge a document that it does not show to all.") % name)
    return found + [
        _("In the lesson “%(lesson)s”, “%(activity)s” has no right answer.") % {**name, "activity": name_of(block)}
        for block in blocks
        if not has_right_answer(block)
    ]


def _shown_to_all(blocks: list[drafts.Content]) -> bool:
    return any(block["kind"] == "document" and block["jurisdiction"] == ALL_JURISDICTIONS for block in blocks)


def _unsaid_changes(page: CoursePage) -> list[str]:
    """What a change of wording cannot carry, since people under way were promised otherwise."""
    current = page.course.current
    if current is None or page.change == page.Change.MEANING:
        said = drafts.tidy(page.what_changed)
        unsaid = current is not None and said in {"", current.what_changed}
        return [_("A change of meaning needs a new sentence that says what changed this time.")] if unsaid else []
    if _promise_of(page) == _promise_kept_in(current):
        return []
    return [
        _(
            "Criteria, passing rule or how long a result holds have changed: that is a change of meaning, say what changed."
        )
    ]


def _promise_of(page: CoursePage) -> object:
    wanted = drafts.course_content(page)
    certified = {row["criterion"]: (row["evidence"], row["weight"]) for row in wanted["certifies"]}
    return certified, wanted["passing"], wanted["holds"]


def _promise_kept_in(version: CourseVersion) -> object:
    certified = {
        row.criterion_version.criterion.code: (row.evidence, drafts.number(row.weight))
        for row in version.certified.select_related("criterion_version__criterion")
    }
    passing = {
        "overall": drafts.number(version.pass_percent),
        "met": drafts.number(version.met_percent),
        "met_critical": drafts.number(version.met_critical_percent),
    }
    document = version.holds_document.code if version.holds_document else None
    return certified, passing, {"months": version.holds_months, "document": document}


def editors(page: CoursePage) -> set[int]:
    """Users who edited the course, its lessons or an upper room's part of it since the last version."""
    since = _last_published_at(page)
    pages = [page.pk, *page.get_children().values_list("pk", flat=True)]
    entries = PageLogEntry.objects.filter(page_id__in=pages, action__in=_EDITS)
    if since is not None:
        entries = entries.filter(timestamp__gt=since)
    who = set(entries.values_list("user_id", flat=True))
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
    if hasattr(draft, "certifies"):
        people = [draft.author_name, draft.approver_name, draft.moderator_name]
        return {**drafts.course_content(draft), "people": people, "change": draft.change}
    return drafts.lesson_content(draft)


def _last_published_at(page: CoursePage) -> datetime | None:
    # Wagtail's own clock, which its revisions go by; from the table, as the page in hand is being published now.
    at: datetime | None = type(page)._default_manager.values_list("last_published_at", flat=True).get(pk=page.pk)
    return at
