"""A course's files to its draft in Wagtail: only what differs is written, so that nothing changed leaves no trace."""

import json
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses import drafts
from courses.blocks import from_pack
from courses.curriculum.folders import Folder
from courses.curriculum.framework import instruments_at
from courses.curriculum.problems import Spot
from courses.curriculum.reading import MEDIA, Content, CourseFiles, File
from courses.media import kinds, library
from courses.models import (
    CertifiedDraft,
    Course,
    CourseIndexPage,
    CoursePage,
    Criterion,
    Document,
    EntryDraft,
    EntrySubject,
    LessonPage,
    LoadedCourse,
    Pack,
)

_NAMESPACE = uuid.UUID("6f2e2f0c-5f0b-4a39-9a43-3b8d7a2f7c11")


def make_identities(codes: Iterable[str]) -> None:
    """Make the courses that are not known yet, so that one may ask for another that is loaded after it."""
    for code in codes:
        Course.objects.get_or_create(code=code, defaults={"is_offered": False})


def page_of(files: CourseFiles) -> CoursePage | None:
    """The newest draft of the course, where the site has one in this language."""
    content = files.course.content
    page = CoursePage.objects.filter(course__code=content["code"], language=content["language"]).first()
    return _draft(page) if page else None


def _draft(page: CoursePage) -> CoursePage:
    draft: CoursePage = page.get_latest_revision_as_object()
    return draft


def write(files: CourseFiles, pack: Pack) -> CoursePage | None:
    """Make the draft equal to the files and return it; None where problems were added to the spots."""
    problems_before = len(files.course.spot.problems)
    criteria = _criteria_of(files)
    asked = _asked_by(files)
    document = _document_at(files.course, "holds", files.course.content["holds"]["document"])
    lessons = [(lesson, instruments_at(lesson), _document_at(lesson, "document")) for lesson in files.lessons]
    if not files.lessons:
        files.course.spot.refuse(_("The course has no lessons."))
    if len(files.course.spot.problems) > problems_before:
        return None
    page = _write_course(files, pack, criteria, document, asked)
    for lesson, instruments, shown in lessons:
        _write_lesson(lesson, page, files.folder, criteria, instruments, shown)
    _remove_others(page, {lesson.content["key"] for lesson in files.lessons})
    _order(page, [lesson.content["key"] for lesson in files.lessons])
    return _draft(CoursePage.objects.get(pk=page.pk))


def course_content(files: CourseFiles) -> Content:
    """The course file's content as `drafts.course_content` would give it."""
    content = dict(files.course.content)
    content["passing"] = {
        name: drafts.number(drafts.house_rule(name))
        if content["passing"].get(name) is None
        else content["passing"][name]
        for name in ("overall", "met", "met_critical")
    }
    return content


def lesson_content(file: File) -> Content:
    """A lesson file's content as `drafts.lesson_content` would give it."""
    ordered = {name: sorted(file.content[name]) for name in ("criteria", "instruments")}
    return {**file.content, **ordered}


def _criteria_of(files: CourseFiles) -> dict[str, Criterion]:
    certifies = [
        (files.course.inside("certifies", index), row) for index, row in enumerate(files.course.content["certifies"])
    ]
    named = [(spot, row["criterion"]) for spot, row in certifies]
    named += [(lesson.at("criteria"), code) for lesson in files.lessons for code in lesson.content["criteria"]]
    known = {row.code: row for row in Criterion.objects.filter(code__in={code for _spot, code in named})}
    for spot, code in named:
        if code not in known:
            spot.refuse(_("The criterion “%s” is not known.") % code)
    for spot, row in certifies:
        criterion = known.get(row["criterion"])
        if criterion and row["evidence"] not in criterion.current.evidence:
            names = {"criterion": criterion.code, "evidence": row["evidence"]}
            spot.refuse(_("%(criterion)s cannot be shown by “%(evidence)s”.") % names)
    return known


def _asked_by(files: CourseFiles) -> list[EntryDraft]:
    """What the course asks before it. A subject that is not known yet is made: its name is all that there is to it."""
    asked, seen = [], set[str]()
    for index, row in enumerate(files.course.content["entry"]):
        spot = files.course.inside("entry", index)
        name = row["course"] or row["subject"] or ""
        if bool(row["course"]) == bool(row["subject"]) or bool(row["subject"]) != bool(row["level"]):
            spot.refuse(_("Say either a course, or a subject and its level."))
        elif name in seen:
            spot.refuse(_("“%s” stands in this list twice.") % name)
        elif row["course"] == files.course.content["code"]:
            spot.refuse(_("A course does not ask for itself."))
        else:
            asked.append(_ask(row, spot))
        seen.add(name)
    return asked


def _ask(row: Content, spot: Spot) -> EntryDraft:
    course = Course.objects.filter(code=row["course"]).first() if row["course"] else None
    if row["course"] and course is None:
        spot.refuse(_("The course “%s” is not known; its pack has to be loaded before.") % row["course"])
    subject = EntrySubject.objects.get_or_create(name=row["subject"])[0] if row["subject"] else None
    return EntryDraft(required_course=course, subject=subject, level=row["level"], is_conditional=row["conditional"])


def _document_at(file: File, field: str, code: str | None = None) -> Document | None:
    code = code if field != "document" else file.content["document"]
    found = Document.objects.filter(code=code).first() if code else None
    if code and found is None:
        file.at(field).refuse(_("The document “%s” is not known.") % code)
    return found


def _write_course(
    files: CourseFiles,
    pack: Pack,
    criteria: dict[str, Criterion],
    document: Document | None,
    asked: list[EntryDraft],
) -> CoursePage:
    content = files.course.content
    page = page_of(files)
    if page is None:
        page = _new_page(content, pack)
    elif _says(page, files, pack):
        return page
    _fill(page, content, pack, document)
    page.certifies = [
        CertifiedDraft(
            sort_order=order,
            criterion=criteria[row["criterion"]],
            evidence=row["evidence"],
            weight=Decimal(str(row["weight"])),
        )
        for order, row in enumerate(content["certifies"])
    ]
    for order, ask in enumerate(asked):
        ask.sort_order = order
    page.entry = asked
    if page.pk is None:
        course_list().add_child(instance=page)
    page.save_revision()
    return page


def _says(page: CoursePage, files: CourseFiles, pack: Pack) -> bool:
    """Whether the draft says what the files say, and would be published as they mean it."""
    return (
        drafts.course_content(page) == course_content(files)
        and _people_of(page) == _people_of_pack(pack)
        and page.change == _change(page)
    )


def _new_page(content: Content, pack: Pack) -> CoursePage:
    course, _is_new = Course.objects.get_or_create(code=content["code"], defaults={"is_offered": False})
    LoadedCourse.objects.get_or_create(course=course, defaults={"pack": pack})
    slug = content["code"].lower()
    if content["language"] != "en":
        slug = f"{slug}-{content['language'].lower()}"
    return CoursePage(course=course, slug=slug, live=False)


def _fill(page: CoursePage, content: Content, pack: Pack, document: Document | None) -> None:
    for name in ("title", "track", "language", "summary", "purpose", "audience", "review_due", "what_changed"):
        setattr(page, name, content[name])
    page.draft_title = content["title"]
    page.is_integrity = content["integrity"]
    page.outcomes = "\n".join(content["outcomes"])
    page.holds_months, page.holds_document = content["holds"]["months"], document
    passing = content["passing"]
    page.pass_percent, page.met_percent = _decimal(passing.get("overall")), _decimal(passing.get("met"))
    page.met_critical_percent = _decimal(passing.get("met_critical"))
    page.author_name, page.approver_name, page.moderator_name = _people_of_pack(pack)
    page.change = _change(page)


def _change(page: CoursePage) -> str:
    """A new sentence on what changed makes a new version."""
    current = page.course.current
    if current is None or page.what_changed in {"", current.what_changed}:
        return CoursePage.Change.WORDING
    return CoursePage.Change.MEANING


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _people_of(page: CoursePage) -> tuple[str, str, str]:
    return page.author_name, page.approver_name, page.moderator_name


def _people_of_pack(pack: Pack) -> tuple[str, str, str]:
    return pack.author, pack.approver, pack.moderator


def _write_lesson(
    file: File, page: CoursePage, folder: Folder, criteria: dict[str, Criterion], instruments: list[Any], document: Any
) -> None:
    content = file.content
    lesson = page.get_children().type(LessonPage).filter(slug=content["key"]).specific().first()
    draft = lesson.get_latest_revision_as_object() if lesson else LessonPage(slug=content["key"], live=False)
    if lesson and drafts.lesson_content(draft) == lesson_content(file):
        return
    draft.title = draft.draft_title = content["title"]
    draft.minutes, draft.completion, draft.document = content["minutes"], content["completion"], document
    draft.criteria = [criteria[code] for code in content["criteria"]]
    draft.instruments = instruments
    blocks = [_in_library(block, folder) for block in content["blocks"]]
    draft.body = json.dumps([from_pack(block) for block in _with_ids(blocks, page.course.code, content["key"])])
    if lesson is None:
        CoursePage.objects.get(pk=page.pk).add_child(instance=draft)
    draft.save_revision()


def _in_library(block: Content, folder: Folder) -> Content:
    """A block with Wagtail's numbers for its files, which are added to the library."""
    files = kinds.files_in(block)
    return {**block, **{field: _number(kind, block[field]["name"], folder) for field, kind in files}}


def _number(kind: str, name: str, folder: Folder) -> int:
    return library.put(kind, name, folder.file(f"{MEDIA}/{name}").read_bytes())


def _with_ids(blocks: list[Content], course: str, lesson: str) -> list[Content]:
    """Blocks with ids that follow from their place, so that the same pack gives the same ids everywhere."""
    return [
        {"id": str(uuid.uuid5(_NAMESPACE, f"{course}/{lesson}/{index}/{block['kind']}")), **block}
        for index, block in enumerate(blocks)
    ]


def _remove_others(page: CoursePage, keys: set[str]) -> None:
    for child in CoursePage.objects.get(pk=page.pk).get_children().exclude(slug__in=keys):
        child.specific.delete()


def _order(page: CoursePage, keys: list[str]) -> None:
    children = list(CoursePage.objects.get(pk=page.pk).get_children().order_by("path"))
    if [child.slug for child in children] == keys:
        return
    for key in keys:
        parent = CoursePage.objects.get(pk=page.pk)
        parent.get_children().get(slug=key).move(parent, pos="last-child")


def course_list() -> CourseIndexPage:
    """The parent of all courses."""
    found: CourseIndexPage | None = CourseIndexPage.objects.first()
    if found is not None:
        return found
    root = Page.get_first_root_node()
    made: CourseIndexPage = root.add_child(instance=CourseIndexPage(title="Courses", slug="courses"))
    return made
