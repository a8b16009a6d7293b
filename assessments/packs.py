"""A pack's questions, paper and observation guides: files to drafts and back, through the port of courses.

Before: `load_curriculum`. After: publishing freezes them. A question that a pack drops is retired where somebody has
met it, since attempts keep pointing at it, and removed where nobody has.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessments import drawing, formats
from assessments.models import ObservationGuide, Paper, PaperDraw, Question
from courses.curriculum import yaml_lines
from courses.curriculum.problems import PackError, Problem, Spot
from courses.curriculum.schema import Field, sparse
from courses.drafts import number
from courses.models import Course, Criterion, Instrument
from courses.ports import PackFolder
from lms.core import clock

_TERMS = ("code", "title", "introduction", "minutes", "planned_minutes", "cooling_off_working_days", "tries")


@dataclass
class _Reader:
    """One reading of a course's folder: what the files say, and everything that is wrong with them."""

    course: Course
    folder: PackFolder
    problems: list[Problem] = field(default_factory=list)
    criteria: dict[str, Criterion] = field(default_factory=lambda: {row.code: row for row in Criterion.objects.all()})

    def spot(self, name: str, line: int = 1) -> Spot:
        return Spot(self.folder.spot(name).file, line, self.problems)

    def section(self, name: str, shape: Field) -> tuple[Any, Any, Spot]:
        """A section of course.yaml: cleaned, raw, and where it stands. Nothing where it is absent."""
        raw = self.folder.read("course.yaml") or {}
        spot = self.spot("course.yaml", raw.line_of(name) if isinstance(raw, yaml_lines.Mapping) else 1)
        return (shape.clean(raw[name], spot), raw[name], spot) if raw.get(name) is not None else (None, None, spot)

    def criterion(self, code: str, spot: Spot) -> Criterion | None:
        """The criterion, or a problem at the spot."""
        found = self.criteria.get(code)
        if found is None and code:
            spot.refuse(_("The criterion “%s” is not known.") % code)
        return found

    def raise_problems(self) -> None:
        if self.problems:
            raise PackError(self.problems)


class PaperSection:
    """`paper:` in course.yaml."""

    def load(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        reader = _Reader(course, folder)
        content, raw, spot = reader.section("paper", formats.PAPER)
        for place, draw in enumerate(content["draws"] if content else []):
            at = spot.at(formats.line_of(raw, f"draws[{place}]", spot.line))
            reader.criterion(draw["criterion"], at)
            if not drawing.holds(draw["questions"], formats.kinds_of(draw)):
                at.refuse(_("It asks for more questions of some kinds than it draws."))
        if content and Paper.objects.filter(code=content["code"]).exclude(course=course).exists():
            spot.refuse(_("The paper “%s” belongs to another course.") % content["code"])
        reader.raise_problems()
        if content is None:
            PaperDraw.objects.filter(paper__course=course).delete()
            Paper.objects.filter(course=course).delete()
        else:
            _write_paper(course, content, reader.criteria)

    def export(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        paper = Paper.objects.filter(course=course).first()
        if paper is not None:
            draws = [
                sparse(
                    {"criterion": draw.criterion.code, "questions": draw.questions, "at_least": draw.at_least},
                    formats.DRAW,
                )
                for draw in paper.draws.select_related("criterion")
            ]
            content = {**{name: getattr(paper, name) for name in _TERMS}, "draws": draws}
            folder.write("course.yaml", {"paper": sparse(content, formats.PAPER)})


class GuideSection:
    """`observations:` in course.yaml."""

    def load(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        reader = _Reader(course, folder)
        content, raw, spot = reader.section("observations", formats.GUIDES)
        guides = content or []
        for place, guide in enumerate(guides):
            reader.criterion(guide["criterion"], spot.at(formats.line_of(raw, f"[{place}].criterion", spot.line)))
        reader.raise_problems()
        for place, guide in enumerate(guides):
            fields = {name: guide[name] for name in ("planned_minutes", "guide", "look_for")}
            ObservationGuide.objects.update_or_create(
                course=course, criterion=reader.criteria[guide["criterion"]], defaults={**fields, "position": place}
            )
        kept = [guide["criterion"] for guide in guides]
        ObservationGuide.objects.filter(course=course).exclude(criterion__code__in=kept).delete()

    def export(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        guides = [
            {"criterion": guide.criterion.code}
            | {name: getattr(guide, name) for name in ("planned_minutes", "guide", "look_for")}
            for guide in ObservationGuide.objects.filter(course=course).select_related("criterion")
        ]
        if guides:
            folder.write("course.yaml", {"observations": guides})


class QuestionSection:
    """`questions/<criterion>.yaml`."""

    def load(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        reader = _Reader(course, folder)
        files = [(name, *_read_questions(reader, name)) for name in folder.names("questions/*.yaml")]
        _refuse_repeats(reader, files)
        instruments = _instruments(reader, files)
        reader.raise_problems()
        kept = [
            _write_question(course, reader.criteria[criterion], place, content, instruments).pk
            for _name, criterion, questions in files
            for place, (content, _spot) in enumerate(questions)
        ]
        _drop(Question.objects.filter(course=course).exclude(pk__in=kept))

    def export(self, course: Course, folder: PackFolder) -> None:
        """See PackSection."""
        by_criterion: dict[str, list[dict[str, Any]]] = {}
        questions = Question.objects.filter(course=course).in_use_on(clock.today()).select_related("criterion")
        for question in questions.prefetch_related("instruments"):
            by_criterion.setdefault(question.criterion.code, []).append(_as_content(question))
        for criterion, contents in by_criterion.items():
            folder.write(f"questions/{criterion}.yaml", {"criterion": criterion, "questions": contents})


Cleaned = list[tuple[dict[str, Any], Spot]]


def _read_questions(reader: _Reader, name: str) -> tuple[str, Cleaned]:
    raw = reader.folder.read(name)
    spot = reader.spot(name)
    content = formats.QUESTIONS.clean(raw, spot)
    reader.criterion(content["criterion"], spot.at(formats.line_of(raw, "criterion", 1)))
    if not isinstance(raw, yaml_lines.Mapping) or not isinstance(raw.get("questions"), yaml_lines.Sequence):
        return content["criterion"], []
    cleaned: Cleaned = []
    nodes = raw["questions"]
    for place, question in enumerate(content["questions"]):
        at = spot.at(nodes.line_of(place))
        last = nodes.line_of(place + 1) if place + 1 < len(nodes) else None
        if question:
            question["body"] = formats.body_of(question, question["kind"])
            # Where the shape is wrong already, what the kind would say is noise.
            if not _has_problem_between(reader, at, last):
                formats.check_body(question["kind"], question["body"], nodes[place], at)
            cleaned.append((question, at))
    return content["criterion"], cleaned


def _has_problem_between(reader: _Reader, first: Spot, last: int | None) -> bool:
    return any(
        problem.file == first.file and first.line <= problem.line and (last is None or problem.line < last)
        for problem in reader.problems
    )


def _refuse_repeats(reader: _Reader, files: list[tuple[str, str, Cleaned]]) -> None:
    spots: dict[str, Spot] = {}
    for _name, _criterion, questions in files:
        for content, spot in questions:
            if content["code"] in spots:
                spot.refuse(_("The question “%s” stands in this course twice.") % content["code"])
            spots[content["code"]] = spot
    others = Question.objects.filter(code__in=spots).exclude(course=reader.course)
    for code in others.values_list("code", flat=True):
        spots[code].refuse(_("The question “%s” belongs to another course.") % code)


def _instruments(reader: _Reader, files: list[tuple[str, str, Cleaned]]) -> dict[str, Instrument]:
    known = {row.code: row for row in Instrument.objects.all()}
    for _name, _criterion, questions in files:
        for content, spot in questions:
            for code in content["instruments"]:
                if code not in known:
                    spot.refuse(_("The instrument “%s” is not known.") % code)
    return known


def _write_paper(course: Course, content: dict[str, Any], criteria: dict[str, Criterion]) -> None:
    terms = {name: content[name] for name in _TERMS}
    house = {"cooling_off_working_days": settings.COOLING_OFF_WORKING_DAYS, "tries": settings.TRIES_PER_ENROLMENT}
    terms |= {name: value for name, value in house.items() if terms[name] is None}
    paper, _is_new = Paper.objects.update_or_create(course=course, defaults=terms)
    for place, draw in enumerate(content["draws"]):
        PaperDraw.objects.update_or_create(
            paper=paper,
            criterion=criteria[draw["criterion"]],
            defaults={"questions": draw["questions"], "at_least": formats.kinds_of(draw), "position": place},
        )
    kept = [draw["criterion"] for draw in content["draws"]]
    paper.draws.exclude(criterion__code__in=kept).delete()


def _write_question(
    course: Course, criterion: Criterion, place: int, content: dict[str, Any], instruments: dict[str, Instrument]
) -> Question:
    names = ("kind", "stem", "body", "feedback", "difficulty", "jurisdiction", "misconduct")
    question, _is_new = Question.objects.update_or_create(
        code=content["code"],
        defaults={
            **{name: content[name] for name in names},
            "course": course,
            "criterion": criterion,
            "points": Decimal(str(content["points"])),
            "position": place,
            "retired_on": None,
        },
    )
    question.instruments.set([instruments[code] for code in content["instruments"]])
    return question


def _drop(questions: Any) -> None:
    for question in questions:
        if question.versions.exists():
            question.retired_on = question.retired_on or clock.today()
            question.save(update_fields=["retired_on"])
        else:
            question.delete()


def _as_content(question: Question) -> dict[str, Any]:
    instruments = sorted(instrument.code for instrument in question.instruments.all())
    content = {
        "code": question.code,
        "kind": question.kind,
        "difficulty": question.difficulty,
        "jurisdiction": question.jurisdiction,
        "points": number(question.points),
        "instruments": instruments,
        "misconduct": question.misconduct,
        "stem": question.stem,
        **question.body,
        "feedback": question.feedback,
    }
    return sparse(content, formats.QUESTION.kinds[question.kind])
