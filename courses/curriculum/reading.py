"""Reading packs: files in, complete plain content out, with the spot of everything that later checks may refuse."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.activities import has_right_answer, step_has_right_answer
from courses.curriculum import formats
from courses.curriculum.folders import Folder
from courses.curriculum.problems import PackError, Problem, Spot
from courses.curriculum.schema import Record
from courses.curriculum.yaml_lines import Mapping, Sequence
from courses.keys import may_be_lesson_key
from courses.media import kinds
from lms.core.errors import Refused

Content = dict[str, Any]

# Where a course's pictures and videos lie.
MEDIA = "media"


@dataclass(frozen=True)
class File:
    """A file that was read: its content, and the line of each of its fields."""

    spot: Spot
    content: Content
    lines: Any

    def at(self, name: str) -> Spot:
        """The spot of a field."""
        return self.inside(name)

    def inside(self, *path: str | int) -> Spot:
        """The spot of something deeper: `inside("units", 0, "criteria", 2)`."""
        line, here = self.spot.line, self.lines
        for step in path:
            if not isinstance(here, Mapping | Sequence):
                break
            line = here.line_of(step)  # type: ignore[arg-type]  # names in mappings, numbers in lists
            here = here.get(str(step)) if isinstance(here, Mapping) else here[int(step)]
        return self.spot.at(line)


@dataclass(frozen=True)
class CourseFiles:
    """A course's folder."""

    folder: Folder
    course: File
    lessons: list[File]


@dataclass(frozen=True)
class PackFiles:
    """A pack's folder."""

    pack: File
    framework: File | None
    instruments: File | None
    documents: list[File]
    courses: list[CourseFiles]

    @property
    def code(self) -> str:
        """The pack's name."""
        return str(self.pack.content["pack"])


def read(path: Path) -> list[PackFiles]:
    """The packs at `path`, a pack or a folder of packs, each after those it requires.

    Raises PackError with every problem in every file.
    """
    problems: list[Problem] = []
    found = pack_folders(path)
    packs = [pack for folder in found if (pack := _read_pack(folder, problems)) is not None]
    if problems:
        raise PackError(problems)
    return _in_order(packs)


def pack_folders(path: Path) -> list[Folder]:
    """The folders of the pack or packs at `path`. Raises PackError where there is none."""
    if (path / "pack.yaml").is_file():
        return [Folder(path, path.parent)]
    found = sorted(file.parent for file in path.glob("*/pack.yaml")) if path.is_dir() else []
    if not found:
        raise PackError.at(path.name or str(path), 1, _("There is no pack here: no folder with a pack.yaml."))
    return [Folder(folder, path) for folder in found]


def _read_pack(folder: Folder, problems: list[Problem]) -> PackFiles | None:
    pack = _file(folder, "pack.yaml", formats.PACK, problems)
    framework = _file(folder, "framework.yaml", formats.FRAMEWORK, problems)
    instruments = _file(folder, "instruments.yaml", formats.INSTRUMENTS, problems)
    documents = _files(folder, folder.names("documents/*.yaml"), formats.DOCUMENT, problems)
    courses = [_read_course(folder.below(f"courses/{name}"), problems) for name in folder.below("courses").folders()]
    if pack is None:
        return None
    return PackFiles(pack, framework, instruments, documents, [course for course in courses if course])


def _read_course(folder: Folder, problems: list[Problem]) -> CourseFiles | None:
    course = _file(folder, "course.yaml", formats.COURSE, problems)
    names = folder.names("lessons/*.yaml")
    lessons = _files(folder, names, formats.LESSON, problems)
    for lesson in lessons:
        _check_lesson(lesson)
        _name_files(lesson, folder)
    _check_keys(lessons)
    if course is None:
        problems.append(Problem(folder.label("course.yaml"), 1, _("The file is missing or cannot be read.")))
        return None
    if course.content["code"] != folder.path.name:
        course.at("code").refuse(_("The folder is called “%s”; give both the same name.") % folder.path.name)
    return CourseFiles(folder, course, lessons)


def _file(folder: Folder, name: str, record: Record, problems: list[Problem]) -> File | None:
    try:
        parsed = folder.read(name)
    except PackError as error:
        problems += error.problems
        return None
    if parsed is None and not folder.has(name):
        return None
    spot = Spot(folder.label(name), 1, problems)
    return File(spot, record.clean(parsed, spot), parsed)


def _files(folder: Folder, names: Iterable[str], record: Record, problems: list[Problem]) -> list[File]:
    read = [_file(folder, name, record, problems) for name in names]
    return [file for file in read if file is not None]


def _check_lesson(lesson: File) -> None:
    content = lesson.content
    if content["key"] and not may_be_lesson_key(content["key"]):
        lesson.at("key").refuse(_("“%s” cannot be a lesson’s key: choose another word.") % content["key"])
    if content["completion"] == "acknowledged" and not content["document"]:
        lesson.at("completion").refuse(_("Say which document is acknowledged."))
    for index, block in enumerate(content["blocks"]):
        if block:
            _check_block(lesson, index, block)


def _check_block(lesson: File, index: int, block: Content) -> None:
    spot = lesson.inside("blocks", index)
    if block["kind"] == "document" and not lesson.content["document"]:
        spot.refuse(_("The lesson names no document to show."))
    elif block["kind"] == "sort":
        _check_groups(lesson, index, block)
    elif block["kind"] == "stepped_scenario":
        _check_steps(lesson, index, block)
    elif block["kind"] == "choice" and not has_right_answer(block):
        spot.refuse(_("Exactly one option must be right, or say several: true and mark at least one."))


def _name_files(lesson: File, folder: Folder) -> None:
    """Say of each file what drafts say of it: its name and the hash of its bytes."""
    for index, block in enumerate(lesson.content["blocks"]):
        for field, kind in kinds.files_in(block) if block else []:
            if block[field]:
                block[field] = _file_named(block[field], kind, folder, lesson.inside("blocks", index, field))


def _file_named(name: str, kind: str, folder: Folder, spot: Spot) -> Content:
    try:
        with folder.file(f"{MEDIA}/{name}").open("rb") as file:
            content_type = kinds.type_of(kind, file, Path(file.name).stat().st_size)
            kinds.refuse_name(name, content_type)
            return {"name": name, "sha256": kinds.sha256_of(file)}
    except Refused as refused:
        spot.refuse(str(refused))
        return {}


def _check_groups(lesson: File, index: int, block: Content) -> None:
    for number, item in enumerate(block["items"]):
        if item["group"] not in block["groups"]:
            spot = lesson.inside("blocks", index, "items", number)
            spot.refuse(_("The group “%s” of an item is not one of the groups.") % item["group"])


def _check_steps(lesson: File, index: int, block: Content) -> None:
    for number, step in enumerate(block["steps"]):
        if not step_has_right_answer(step):
            spot = lesson.inside("blocks", index, "steps", number)
            spot.refuse(_("Exactly one option of a step must be right, and it cannot be a critical error."))


def _check_keys(lessons: list[File]) -> None:
    seen: dict[str, str] = {}
    for lesson in lessons:
        key = lesson.content["key"]
        if key in seen:
            names = {"key": key, "file": seen[key]}
            lesson.at("key").refuse(_("The key “%(key)s” is taken by %(file)s.") % names)
        seen[key] = lesson.spot.file


def _in_order(packs: list[PackFiles]) -> list[PackFiles]:
    by_code: dict[str, PackFiles] = {}
    for pack in packs:
        if pack.code in by_code:
            taken = {"code": pack.code, "file": by_code[pack.code].pack.spot.file}
            raise PackError.at(pack.pack.spot.file, 1, _("The pack “%(code)s” is in %(file)s too.") % taken)
        by_code[pack.code] = pack
    ordered: list[PackFiles] = []
    for pack in packs:
        _place(pack, by_code, ordered, [])
    return ordered


def _place(pack: PackFiles, packs: dict[str, PackFiles], ordered: list[PackFiles], above: list[str]) -> None:
    if pack in ordered:
        return
    if pack.code in above:
        raise PackError.at(
            pack.pack.spot.file, 1, _("Packs require each other in a circle: %s.") % " → ".join([*above, pack.code])
        )
    for code in pack.pack.content["requires"]:
        if code in packs:
            _place(packs[code], packs, ordered, [*above, pack.code])
    ordered.append(pack)
