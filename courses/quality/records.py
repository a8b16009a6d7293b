"""A course's words and questions as the findings need them, made from a pack's files or from drafts alike.

Blocks and questions are read by the names that their parts have (`options`, `reasons`, `steps`, `items`, `pairs`), so
that a new kind that is built from them is looked at from its first day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.curriculum.problems import Spot
from courses.quality.nodes import Node

EVERYWHERE = "all"

# Kinds of block that are only read, looked at or listened to. Whatever else a lesson holds is something to do.
_PASSIVE = frozenset({"text", "situation", "quick_card", "picture", "video"})
# Names under which no prose stands.
_NOT_PROSE = frozenset(
    {"code", "criteria", "criterion", "file", "group", "groups", "id", "instruments", "jurisdiction", "kind"}
    | {"misconduct", "key", "image", "source", "src", "poster", "captions", "transcript"}
)
# Names under which running text stands, as against options, points and feedback.
_RUNNING = frozenset({"body", "expert", "scene"})


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text and where it stands."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, or a reason to give."""

    said: Said
    is_right: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision among options; `place` is where the only right one stands, None where several are right."""

    options: list[Option]
    place: int | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a lesson."""

    kind: str
    jurisdiction: str
    texts: list[Said]
    running: list[Said]
    stem: Said
    choices: list[Choice]
    unexplained: list[Spot]
    spot: Spot

    @property
    def is_active(self) -> bool:
        """Whether there is something to do in it."""
        return self.kind not in _PASSIVE

    @property
    def reading(self) -> list[Said]:
        """What is read before there is something to do: all of it, or the opening of a case in steps."""
        if self.is_active:
            return [said for said in self.running[:1] if self.kind == "stepped_scenario"]
        return self.texts


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson."""

    title: str
    blocks: list[Block]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a course's pool. `answer` is what a true-or-false one says."""

    code: str
    criterion: str
    kind: str
    jurisdiction: str
    stem: Said
    texts: list[Said]
    choices: list[Choice]
    unexplained: list[Spot]
    answer: bool | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Certified:
    """A criterion that the course certifies."""

    criterion: str
    evidence: str
    is_critical: bool
    spot: Spot


@dataclass(frozen=True, slots=True)
class CourseContent:
    """A course: everything that the findings look at."""

    code: str
    spot: Spot
    certified: list[Certified] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def parts(self) -> list[Block | Question]:
        """Blocks and questions alike."""
        blocks: list[Block | Question] = [block for lesson in self.lessons for block in lesson.blocks]
        return [*blocks, *self.questions]


def lesson(node: Node) -> Lesson:
    """A lesson out of its content."""
    return Lesson(node["title"].text, [block(part) for part in node["blocks"].each()], node.spot)


def block(node: Node) -> Block:
    """A block out of its content."""
    kind = node["kind"].text
    texts = list(_texts(node))
    several = node["several"].is_true
    stem = next((Said(node[name].text, node[name].spot) for name in ("question", "prompt") if node[name].text), None)
    return Block(
        kind=kind,
        jurisdiction=node["jurisdiction"].text or EVERYWHERE,
        texts=[said for _name, said in texts],
        running=[said for name, said in texts if name in _RUNNING],
        stem=stem or Said("", node.spot),
        choices=[] if several else list(_choices(node)),
        unexplained=list(_unexplained(node, kind)),
        spot=node.spot,
    )


def question(node: Node, criterion: str) -> Question:
    """A question out of its content, in which its body lies flat as in a pack."""
    kind, answer = node["kind"].text, node["answer"].value
    overall = [] if node["feedback"].text.strip() else [node["feedback"].spot]
    return Question(
        code=node["code"].text,
        criterion=criterion,
        kind=kind,
        jurisdiction=node["jurisdiction"].text or EVERYWHERE,
        stem=Said(node["stem"].text, node["stem"].spot),
        texts=[said for _name, said in _texts(node)],
        choices=list(_choices(node)),
        unexplained=overall + list(_wrong_without_feedback(node)),
        answer=answer if isinstance(answer, bool) else None,
        spot=node.spot,
    )


def _texts(node: Node, name: str = "") -> Iterator[tuple[str, Said]]:
    """Every piece of prose, with the name under which it stands."""
    if node.text.strip():
        yield name, Said(node.text, node.spot)
    for part in node.each():
        yield from _texts(part, name)
    for below, part in node.named():
        if below not in _NOT_PROSE:
            yield from _texts(part, below)


def _choices(node: Node) -> Iterator[Choice]:
    """The decisions in a block or question: its own options or reasons, and those of its steps."""
    for name in ("options", "reasons"):
        options = [
            Option(Said(option["text"].text, option["text"].spot), option["right"].is_true)
            for option in node[name].each()
        ]
        right = [place for place, option in enumerate(options) if option.is_right]
        if options:
            yield Choice(options, right[0] if len(right) == 1 else None, node[name].spot)
    for step in node["steps"].each():
        yield from _choices(step)


def _wrong_without_feedback(node: Node) -> Iterator[Spot]:
    for name in ("options", "reasons"):
        for option in node[name].each():
            if not option["right"].is_true and not option["feedback"].text.strip():
                yield option.spot
    for step in node["steps"].each():
        yield from _wrong_without_feedback(step)


def _unexplained(node: Node, kind: str) -> Iterator[Spot]:
    """Where an activity leaves somebody who went wrong without a reason."""
    yield from _wrong_without_feedback(node)
    if node["feedback"].text.strip():
        return
    if kind == "order":
        yield node.spot
    for name in ("items", "pairs"):
        for part in node[name].each():
            if not part["feedback"].text.strip():
                yield part.spot
