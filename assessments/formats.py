"""Questions, papers and guides as a content pack writes them. In words: `courses/packs/README.md`.

The same shapes check what an author types in the editor, so that a body has one spelling everywhere.
"""

import re
from typing import Any

from assessments.kinds import KINDS
from assessments.models import Kind, Misconduct
from courses.curriculum import yaml_lines
from courses.curriculum.formats import JURISDICTION
from courses.curriculum.problems import Spot
from courses.curriculum.schema import Absent, ByKind, Field, Flag, ListOf, Number, OneOf, Record, Text, sparse
from courses.models import ALL_JURISDICTIONS

_CODE = Text(60, one_line=True, pattern=r"[A-Za-z0-9][A-Za-z0-9_-]*", hint="letters, digits and hyphens")
_CRITERION = Text(20, one_line=True, pattern=r"[A-Za-z0-9][A-Za-z0-9._-]*", hint="letters, digits, dots and hyphens")
_SLUG = Text(60, one_line=True, pattern=r"[a-z0-9][a-z0-9-]*", hint="small letters, digits and hyphens")
_MARKDOWN = Text()
_LINE = Text(1000, one_line=True)

_CHOSEN: dict[str, Field | Absent] = {
    "text": _LINE,
    "right": Absent(Flag(), default=False),
    "feedback": Absent(_LINE, ""),
    "critical_error": Absent(Flag(), default=False),
}
OPTION = Record(_CHOSEN)
REASON = Record({**_CHOSEN, "supports": Flag()})
PAIR = Record({"left": _LINE, "right": _LINE})
SCENE_OPTION = Record({**_CHOSEN, "feedback": _LINE})
SCENE = Record({"scene": Absent(_MARKDOWN, ""), "question": _LINE, "options": ListOf(SCENE_OPTION)})
BODIES = {
    Kind.SINGLE_CHOICE: Record({"options": ListOf(OPTION)}),
    Kind.MULTIPLE_RESPONSE: Record({"options": ListOf(OPTION)}),
    Kind.TRUE_FALSE_REASON: Record({"answer": Flag(), "reasons": ListOf(REASON)}),
    Kind.ORDERING: Record({"steps": ListOf(_LINE)}),
    Kind.MATCHING: Record({"pairs": ListOf(PAIR), "distractors": Absent(ListOf(_LINE), [])}),
    Kind.STEPPED_SCENARIO: Record({"steps": ListOf(SCENE)}),
}
_ITEMS = {"options": OPTION, "reasons": REASON}

COMMON: dict[str, Field | Absent] = {
    "code": _CODE,
    "stem": _MARKDOWN,
    "feedback": _MARKDOWN,
    "points": Absent(Number(0.01, 1000, whole=False), 1),
    "difficulty": Absent(Number(1, 3), 1),
    "jurisdiction": Absent(JURISDICTION, ALL_JURISDICTIONS),
    "instruments": Absent(ListOf(_SLUG, unique="code"), []),
    "misconduct": Absent(ListOf(OneOf(Misconduct.values), unique="kind"), []),
}
QUESTION = ByKind({kind.value: Record({**COMMON, **body.fields}) for kind, body in BODIES.items()})
QUESTIONS = Record({"criterion": _CRITERION, "questions": ListOf(QUESTION, unique="code")})

AT_LEAST = Record({kind.value: Absent(Number(1, 200)) for kind in Kind})
DRAW = Record({"criterion": _CRITERION, "questions": Number(1, 200), "at_least": Absent(AT_LEAST, {})})
PAPER = Record(
    {
        "code": _CODE,
        "title": Text(250, one_line=True),
        "introduction": Absent(_MARKDOWN, ""),
        "minutes": Absent(Number(1, 1440)),
        "planned_minutes": Number(1, 6000),
        "cooling_off_working_days": Absent(Number(0, 365)),
        "tries": Absent(Number(1, 99)),
        "draws": ListOf(DRAW, least=1, unique="criterion"),
    }
)
GUIDE = Record(
    {
        "criterion": _CRITERION,
        "planned_minutes": Number(1, 6000),
        "guide": _MARKDOWN,
        "look_for": ListOf(_LINE, least=1, unique="sign"),
    }
)
GUIDES = ListOf(GUIDE, unique="criterion")


def body_of(content: dict[str, Any], kind: str) -> dict[str, Any]:
    """A cleaned question's own part, without what stands for its default."""
    body = {name: content[name] for name in BODIES[Kind(kind)].fields}
    for name, record in _ITEMS.items():
        if name in body:
            body[name] = [sparse(item, record) for item in body[name]]
    if kind == Kind.STEPPED_SCENARIO:
        body["steps"] = [_sparse_scene(step) for step in body["steps"]]
    return sparse(body, BODIES[Kind(kind)])


def kinds_of(draw: dict[str, Any]) -> dict[str, int]:
    """How many of a kind a cleaned draw asks for at least, by kind, where it asks for any."""
    return {kind: number for kind, number in sorted(draw["at_least"].items()) if number}


def _sparse_scene(step: dict[str, Any]) -> dict[str, Any]:
    options = [sparse(option, SCENE_OPTION) for option in step["options"]]
    return sparse({**step, "options": options}, SCENE)


def check_body(kind: str, body: dict[str, Any], raw: Any, spot: Spot) -> None:
    """Add what the kind finds wrong with a body, at the lines of `raw`, from which it was read."""
    for path, reason in KINDS[kind].errors(body):
        spot.at(line_of(raw, path, spot.line)).refuse(f"{path}: {reason}")


def line_of(raw: Any, path: str, otherwise: int) -> int:
    """The line on which something like `options[2].text` stands, or the nearest thing around it."""
    line = otherwise
    for part in re.findall(r"\w+", path):
        key: Any = int(part) if part.isdecimal() else part
        if isinstance(raw, yaml_lines.Mapping) and key in raw or isinstance(raw, yaml_lines.Sequence):
            line, raw = raw.line_of(key), raw[key]
    return line
