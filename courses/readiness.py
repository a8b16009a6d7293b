"""What a draft needs before it may be published, and who may not publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import drafts, editors, supporting
from courses.activities import has_right_answer, name_of
from courses.media import kinds, library
from courses.missing import Missing, in_page
from courses.models.framework import ALL_JURISDICTIONS
from courses.models.learning import Enrolment
from courses.models.versions import CourseVersion, LessonVersion
from courses.ports import publishing_checks
from lms.core.actors import Actor, MachineRule
from lms.core.errors import Refused

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage


_CERTIFIES = "criteria_that_it_certifies"


class NotReady(Refused):
    """A draft that may not be published yet; `missing` lists why, a sentence each."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("Not published. ") + " ".join(missing))


def check(page: CoursePage, *, by: Actor) -> None:
    """Raise NotReady with everything that keeps `by` from publishing this draft."""
    problems = missing(page) + in_ones_own_matter(page, by=by)
    if problems:
        raise NotReady(problems)


def in_ones_own_matter(page: CoursePage, *, by: Actor) -> list[str]:
    """Why `by` may not be the one to publish: they wrote it, or were its second reader already."""
    if isinstance(by, MachineRule):
        return []
    if by.pk in editors.of(page):
        return [_("You edited it since the last version; somebody else has to publish it.")]
    support = supporting.standing(page)
    if support is not None and support.by_user_id == by.pk:
        return [_("You supported this draft; somebody else has to publish it.")]
    return []


def missing(page: CoursePage) -> list[str]:
    """What the draft lacks, in words for the author."""
    lessons = drafts.lessons_of(page)
    found: list[str] = [Missing(words, in_page(page.pk, at)) for lacks, at, words in _required(page, lessons) if lacks]
    for lesson in lessons:
        found += [Missing(words, in_page(lesson.pk, "body")) for words in _missing_in(lesson)]
    found += [Missing(words, in_page(page.pk, "this_publication")) for words in _unsaid_changes(page)]
    for _name, upper_check in publishing_checks:
        found += upper_check(page.course)
    return found


def _required(page: CoursePage, lessons: list[LessonPage]) -> list[tuple[bool, str, str]]:
    """Whether it is lacking, in which part of the editor it is mended, and the sentence."""
    return [
        (not page.summary.strip(), "summary", _("The summary is missing.")),
        (not page.purpose.strip(), "purpose", _("The purpose is missing.")),
        (not page.outcomes.strip(), "outcomes", _("What people can do afterwards is missing.")),
        (page.review_due is None, "review_due", _("The review date is missing.")),
        (not page.moderator_name.strip(), "people", _("The moderator is missing.")),
        (not page.certifies.all(), _CERTIFIES, _("It certifies no criterion.")),
        (not lessons, "", _("It has no lesson.")),
        *(
            (
                row.evidence not in row.criterion.current.evidence,
                _CERTIFIES,
                _unfit(row.criterion.code, row.get_evidence_display()),
            )
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
    found += [_("The lesson “%(lesson)s”: %(lacking)s.") % {**name, "lacking": words} for words in _media(lesson)]
    return found + [
        _("In the lesson “%(lesson)s”, “%(activity)s” has no right answer.") % {**name, "activity": name_of(block)}
        for block in blocks
        if not has_right_answer(block)
    ]


def _media(lesson: LessonPage) -> list[str]:
    """What pictures and videos lack. Wagtail's editor asks the same of whoever saves; other ways in do not."""
    lacking = [words for block in drafts.blocks_of(lesson) for words in kinds.lacking(block)]
    held = library.held_by(drafts.numbered_blocks_of(lesson)).values()
    unfit = [(file, library.reason_against(file.kind, file.row)) for file in held if not file.content_type]
    return lacking + [f"{file.row.title}: {reason.rstrip('.')}" for file, reason in unfit]


def _shown_to_all(blocks: list[drafts.Content]) -> bool:
    return any(block["kind"] == "document" and block["jurisdiction"] == ALL_JURISDICTIONS for block in blocks)


def _unsaid_changes(page: CoursePage) -> list[str]:
    """What a change of wording cannot carry, since people under way were promised otherwise."""
    current = page.course.current
    if current is None:
        return []
    if page.change == page.Change.MEANING:
        unsaid = drafts.tidy(page.what_changed) in {"", current.what_changed}
        return [_("A change of meaning needs a new sentence that says what changed this time.")] if unsaid else []
    found = [] if page.change else [_("Say whether the wording or the meaning changed.")]
    if _promise_of(page) != _promise_kept_in(current):
        found.append(
            _(
                "Criteria, what one needs before it, passing rule or how long a result holds have changed: that is a change of meaning, say what changed."
            )
        )
    return found + _lessons_taken_away(page, current)


def _lessons_taken_away(page: CoursePage, current: CourseVersion) -> list[str]:
    """Somebody under way keeps every lesson that she was promised; with a change of meaning she keeps her version."""
    under_way = Enrolment.objects.under_way().filter(course_version=current).count()
    if not under_way:
        return []
    kept = {lesson.slug for lesson in drafts.lessons_of(page)}
    promised = LessonVersion.objects.newest_edition().filter(course_version=current).exclude(key__in=kept)
    return [
        ngettext(
            "The lesson “%(lesson)s” is gone, and %(count)s person is under way: that is a change of meaning, say what changed.",
            "The lesson “%(lesson)s” is gone, and %(count)s people are under way: that is a change of meaning, say what changed.",
            under_way,
        )
        % {"lesson": title, "count": under_way}
        for title in promised.values_list("title", flat=True)
    ]


def _promise_of(page: CoursePage) -> object:
    wanted = drafts.course_content(page)
    certified = {row["criterion"]: (row["evidence"], row["weight"]) for row in wanted["certifies"]}
    return certified, wanted["passing"], wanted["holds"], _in_any_order(wanted["entry"])


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
    entry = [drafts.entry(row) for row in version.entry.select_related("required_course", "subject")]
    return certified, passing, {"months": version.holds_months, "document": document}, _in_any_order(entry)


def _in_any_order(entry: list[drafts.Content]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in entry)
