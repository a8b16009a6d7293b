"""Loading packs: all of them in one transaction or nothing, then published in the name of the command."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from courses import drafts, publishing
from courses.curriculum import drafting, framework
from courses.curriculum.differing import difference
from courses.curriculum.problems import PackError, Problem, Spot
from courses.curriculum.reading import Content, CourseFiles, PackFiles, read
from courses.models import CoursePage, LoadedCourse, Pack
from courses.ports import pack_sections
from courses.readiness import NotReady
from lms.core.actors import Actor, MachineRule

BY_COMMAND = MachineRule("load_curriculum")
OWN_PACKS = Path(settings.BASE_DIR) / "courses" / "packs"


@dataclass(frozen=True)
class Report:
    """What a load did, a line each; empty where nothing changed."""

    lines: list[str] = field(default_factory=list)


@transaction.atomic
def load(path: Path | None = None, *, replace: bool = False, by: Actor = BY_COMMAND) -> Report:
    """Load the pack or packs at `path` (by default the house's own) and publish what changed.

    The same files again change nothing. Raises PackError with every problem found, and then nothing was loaded: among
    them what was edited on this site since the last load, unless `replace` says to write over it.
    """
    report, problems = Report(), list[Problem]()
    packs = read(path or OWN_PACKS)
    for files in packs:
        _load_framework(files, problems, replace=replace, report=report)
    _stop_at(problems)
    drafting.make_identities(course.course.content["code"] for files in packs for course in files.courses)
    changed = [page for files in packs for course in files.courses if (page := _load_course(course, files, replace))]
    _stop_at([problem for files in packs for course in files.courses for problem in course.course.spot.problems])
    for course, page in changed:
        _publish(course, page, by=by, report=report)
    return report


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise PackError(list(dict.fromkeys(problems)))


def _load_framework(files: PackFiles, problems: list[Problem], *, replace: bool, report: Report) -> None:
    pack = _load_pack(files)
    before, savepoint = framework.content_of(pack), transaction.savepoint()
    framework.load(files, pack)
    after = framework.content_of(pack)
    fate = _fate(pack.loaded_hash, before, after, replace=replace)
    if fate is Fate.KEEP:
        transaction.savepoint_rollback(savepoint)
    elif fate is Fate.REFUSE:
        files.pack.spot.refuse(_edited_here(before, after))
    else:
        Pack.objects.filter(pk=pack.pk).update(loaded_hash=drafts.hash_of(after))
    if fate is Fate.LOAD:
        report.lines.append(_("%s: units, criteria, instruments and documents loaded") % pack.code)
    problems += files.pack.spot.problems


def _load_pack(files: PackFiles) -> Pack:
    content = {**files.pack.content}
    pack, _new = Pack.objects.update_or_create(code=content.pop("pack"), defaults=content)
    for code in pack.requires:
        if not Pack.objects.filter(code=code).exists():
            files.pack.at("requires").refuse(_("The pack “%s” is neither here nor loaded before.") % code)
    return pack


def _load_course(course: CourseFiles, files: PackFiles, replace: bool) -> tuple[CourseFiles, CoursePage] | None:
    """Write the course's draft; the draft where it has to be published, None where nothing changed or all is refused."""
    pack, spot = Pack.objects.get(code=files.code), course.course.spot
    loaded = LoadedCourse.objects.filter(course__code=course.course.content["code"]).select_related("pack").first()
    if loaded and loaded.pack != pack:
        spot.refuse(_("The course belongs to the pack %s already.") % loaded.pack)
        return None
    old, savepoint = drafting.page_of(course), transaction.savepoint()
    before = drafts.content(old) if old else None
    page = drafting.write(course, pack)
    if page is None or not _load_sections(course, page):
        return None
    after = drafts.content(page)
    # A course that no pack brought counts as edited here.
    fate = _fate(loaded.content_hash if loaded else "none" if before else "", before, after, replace=replace)
    if fate is Fate.KEEP:
        transaction.savepoint_rollback(savepoint)
        return None
    if fate is Fate.REFUSE:
        spot.refuse(_edited_here(before, after))
        return None
    LoadedCourse.objects.filter(course=page.course).update(content_hash=drafts.hash_of(after))
    current = page.course.current
    return None if current and current.content_hash == drafts.hash_of(after) else (course, page)


class Fate(Enum):
    """What becomes of content that a pack and the site both have."""

    SAME = "both say the same"
    LOAD = "the pack's is loaded"
    KEEP = "only the site's was edited: it stays"
    REFUSE = "both were edited"


def _fate(loaded_hash: str, before: Content | None, after: Content, *, replace: bool) -> Fate:
    if before == after:
        return Fate.SAME
    if replace or loaded_hash in {"", drafts.hash_of(before)}:
        return Fate.LOAD
    return Fate.KEEP if loaded_hash == drafts.hash_of(after) else Fate.REFUSE


def _load_sections(course: CourseFiles, page: CoursePage) -> bool:
    is_whole = True
    for _name, section in pack_sections:
        try:
            section.load(page.course, course.folder)
        except PackError as error:
            course.course.spot.problems.extend(error.problems)
            is_whole = False
    return is_whole


def _publish(files: CourseFiles, page: CoursePage, *, by: Actor, report: Report) -> None:
    try:
        version = publishing.publish(page, by=by)
    except NotReady as error:
        raise PackError([Problem(files.course.spot.file, 1, reason) for reason in error.missing]) from error
    done = {"course": page.course, "version": version.number, "edition": version.edition}
    report.lines.append(_("%(course)s: version %(version)s, edition %(edition)s published") % done)


def _edited_here(before: Content | None, after: Content) -> str:
    return (
        _("This was edited on this site since it was loaded. Export it first, or load with --replace. The difference:")
        + "\n"
        + "\n".join(difference(before, after))
    )


__all__ = ["BY_COMMAND", "OWN_PACKS", "PackError", "Report", "Spot", "load"]
