"""Exporting packs: the drafts as they stand, in files that load back to the same rows."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses import drafts
from courses.curriculum import formats, framework
from courses.curriculum.folders import Folder, plain
from courses.curriculum.reading import Content
from courses.curriculum.schema import Record, sparse
from courses.models import CoursePage, Pack
from courses.ports import pack_sections
from lms.core.errors import Refused


def export(path: Path) -> list[str]:
    """Write every pack into its own folder below `path`, which must be empty or new. Returns the packs' codes."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused(_("%s is not empty. Choose a new folder; nothing was written.") % path)
    packs = list(Pack.objects.all())
    for pack in packs:
        _export_pack(pack, Folder(path / pack.code, path))
    return [pack.code for pack in packs]


def _export_pack(pack: Pack, folder: Folder) -> None:
    names = ("title", "language", "author", "approver", "moderator", "requires")
    folder.write("pack.yaml", {"pack": pack.code, **{name: getattr(pack, name) for name in names}})
    content = framework.content_of(pack)
    if content["units"]:
        folder.write("framework.yaml", {"units": [_unit(unit) for unit in content["units"]]})
    if content["instruments"]:
        rows = [sparse(row, formats.INSTRUMENT) for row in content["instruments"]]
        folder.write("instruments.yaml", {"instruments": rows})
    for document in content["documents"]:
        folder.write(f"documents/{document['code']}.yaml", sparse(document, formats.DOCUMENT))
    for page in CoursePage.objects.filter(course__loaded__pack=pack).order_by("course__code"):
        draft = page.get_latest_revision_as_object()
        _export_course(draft, folder.below(f"courses/{draft.course.code}"))


def _unit(unit: Content) -> Content:
    criteria = [sparse(row, formats.CRITERION) for row in unit["criteria"]]
    return sparse({**unit, "criteria": criteria}, formats.UNIT)


def _export_course(page: CoursePage, folder: Folder) -> None:
    folder.write("course.yaml", _course(drafts.course_content(page)))
    for number, lesson in enumerate(drafts.lessons_of(page), start=1):
        folder.write(f"lessons/{number:02d}-{lesson.slug}.yaml", _lesson(drafts.lesson_content(lesson)))
    for _name, section in pack_sections:
        section.export(page.course, folder)


def _course(content: Content) -> Content:
    certifies = [sparse(row, formats.CERTIFIES) for row in content["certifies"]]
    house = {name: drafts.number(drafts.house_rule(name)) for name in content["passing"]}
    own = {name: value for name, value in content["passing"].items() if value != house[name]}
    holds = {name: value for name, value in content["holds"].items() if value is not None}
    whole = {**sparse({**content, "certifies": certifies}, formats.COURSE), "holds": holds}
    return {**whole, "passing": own} if own else {k: v for k, v in whole.items() if k != "passing"}


def _lesson(content: Content) -> Content:
    blocks = [_block(block) for block in content["blocks"]]
    return sparse({**content, "blocks": blocks}, formats.LESSON)


def _block(block: Content) -> Content:
    record = formats.BLOCK_KINDS[block["kind"]]
    inner: dict[str, Record] = {"options": formats.OPTION, "items": formats.SORT_ITEM}
    parts: dict[str, Any] = {name: [sparse(row, inner[name]) for row in block[name]] for name in inner if name in block}
    return {"kind": block["kind"], **sparse({**plain(block), **parts}, record)}
