"""The report on packs: from files alone, without a database, so that it can be had before anything is loaded."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from courses.curriculum.folders import Folder
from courses.curriculum.problems import PackError, Problem
from courses.curriculum.reading import pack_folders
from courses.ports import question_sources
from courses.quality import findings, records
from courses.quality.limits import limits
from courses.quality.nodes import Node

OWN_PACKS = Path(settings.BASE_DIR) / "courses" / "packs"


def report(path: Path | None = None) -> list[Problem]:
    """Everything to look at again in the packs at `path`, in the order of files and lines.

    Questions are compared with those of the house's own packs too. What cannot be read is passed over: loading says
    what is wrong with it.
    """
    folders = pack_folders(path or OWN_PACKS)
    known = [folder for folder in pack_folders(OWN_PACKS) if not _is_among(folder, folders)]
    critical = _critical_criteria([*known, *folders])
    courses = [course for folder in folders for course in courses_in(folder, critical)]
    own = {course.code for course in courses}
    others = [course for folder in known for course in courses_in(folder, critical) if course.code not in own]
    found = findings.all_of(courses, limits(), others)
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.file, problem.line))


def courses_in(pack: Folder, critical: frozenset[str]) -> Iterator[records.CourseContent]:
    """The courses of a pack."""
    for name in pack.below("courses").folders():
        folder = pack.below(f"courses/{name}")
        course = _node(folder, "course.yaml")
        yield records.CourseContent(
            code=name,
            spot=course.spot,
            certified=[_certified(row, critical) for row in course["certifies"].each()],
            lessons=[records.lesson(_node(folder, file)) for file in folder.names("lessons/*.yaml")],
            questions=[question for _name, source in question_sources for question in source.in_folder(folder)],
        )


def _certified(row: Node, critical: frozenset[str]) -> records.Certified:
    code = row["criterion"].text
    return records.Certified(code, row["evidence"].text, code in critical, row.spot)


def _critical_criteria(packs: list[Folder]) -> frozenset[str]:
    units = [unit for pack in packs for unit in _node(pack, "framework.yaml")["units"].each()]
    criteria = [criterion for unit in units for criterion in unit["criteria"].each()]
    return frozenset(criterion["code"].text for criterion in criteria if criterion["critical"].is_true)


def _node(folder: Folder, name: str) -> Node:
    try:
        return Node(folder.read(name), folder.spot(name))
    except PackError:
        return Node(None, folder.spot(name))


def _is_among(folder: Folder, others: list[Folder]) -> bool:
    return folder.path.resolve() in {other.path.resolve() for other in others}
