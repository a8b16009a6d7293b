"""Exporting packs: the drafts as they stand, in files that load back to the same rows."""

from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from courses import drafts
from courses.curriculum import formats, framework
from courses.curriculum.folders import Folder, plain
from courses.curriculum.reading import MEDIA, Content
from courses.curriculum.schema import sparse
from courses.media import kinds, library
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
        folder.write("framework.yaml", sparse({"units": content["units"]}, formats.FRAMEWORK))
    if content["instruments"]:
        folder.write("instruments.yaml", sparse({"instruments": content["instruments"]}, formats.INSTRUMENTS))
    for document in content["documents"]:
        folder.write(f"documents/{document['code']}.yaml", sparse(document, formats.DOCUMENT))
    for page in CoursePage.objects.filter(course__loaded__pack=pack).order_by("course__code"):
        draft = page.get_latest_revision_as_object()
        _export_course(draft, folder.below(f"courses/{draft.course.code}"))


def _export_course(page: CoursePage, folder: Folder) -> None:
    folder.write("course.yaml", _course(drafts.course_content(page)))
    taken, held = dict[str, str](), dict[str, library.Held]()
    for number, lesson in enumerate(drafts.lessons_of(page), start=1):
        content = drafts.lesson_content(lesson)
        named = {**content, "blocks": [_named(block, taken) for block in content["blocks"]]}
        folder.write(f"lessons/{number:02d}-{lesson.slug}.yaml", _lesson(named))
        held |= {file.sha256: file for file in library.held_by(drafts.numbered_blocks_of(lesson)).values()}
    for name, sha256 in taken.items():
        with held[sha256].open() as file:
            folder.write_bytes(f"{MEDIA}/{name}", file.read())
    for _name, section in pack_sections:
        section.export(page.course, folder)


def _course(content: Content) -> Content:
    house = {name: drafts.number(drafts.house_rule(name)) for name in content["passing"]}
    own = {name: value for name, value in content["passing"].items() if value != house[name]}
    holds = {name: value for name, value in content["holds"].items() if value is not None}
    whole = {**sparse(content, formats.COURSE), "holds": holds}
    return {**whole, "passing": own} if own else {k: v for k, v in whole.items() if k != "passing"}


def _lesson(content: Content) -> Content:
    written = sparse(content, formats.LESSON)
    return {**written, "blocks": [{"kind": block["kind"], **block} for block in plain(written["blocks"])]}


def _named(block: Content, taken: dict[str, str]) -> Content:
    """A block with its files' names alone. `taken` are the names given in this course so far, and to which bytes."""
    return {**block, **{field: _name(block[field], taken) for field, _kind in kinds.files_in(block)}}


def _name(file: Content | None, taken: dict[str, str]) -> str:
    if file is None:
        return ""
    name, sha256 = PurePosixPath(file["name"]), file["sha256"]
    if taken.setdefault(name.name, sha256) == sha256:
        return name.name
    other = f"{name.stem[:40]}-{sha256[:8]}{name.suffix}"
    taken[other] = sha256
    return other
