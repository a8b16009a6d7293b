"""Activities in lessons: for practice, never marked. Pure: a block and an answer in, words and verdicts out."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One option, item or step with what the learner did about it, and what to learn from that."""

    text: str
    is_right: bool
    detail: str = ""
    feedback: str = ""
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an answer shows: its lines, and whether all was right."""

    lines: list[Line]
    closing: str = ""

    @property
    def is_right(self) -> bool:
        """Whether everything was as it should be."""
        return all(line.is_right for line in self.lines)


def feedback(block: Block, answer: Any) -> Feedback:
    """What there is to say to an answer, given as its form cleaned it."""
    return _FEEDBACK[block["kind"]](block, answer)


def mixed(block: Block) -> list[int]:
    """The places of an ordering's steps as shown: mixed, the same for everybody, and never in the right order."""
    return _mixed(block, len(block["steps"]))


def right_sides(block: Block) -> list[str]:
    """The right sides of a matching as offered: each once, mixed, the same for everybody."""
    sides = list(dict.fromkeys(pair["right"] for pair in block["pairs"]))
    return [sides[place] for place in _mixed(block, len(sides))]


def has_right_answer(block: Block) -> bool:
    """Whether an activity can be done rightly. Passive blocks always can."""
    if block["kind"] == "choice":
        right = _count_right(block["options"])
        return right >= 1 if block["several"] else right == 1
    if block["kind"] == "sort":
        return all(item["group"] in block["groups"] for item in block["items"])
    if block["kind"] == "stepped_scenario":
        return all(step_has_right_answer(step) for step in block["steps"])
    return True


def step_has_right_answer(step: Block) -> bool:
    """Whether a scenario's step has exactly one right option, which is no critical error."""
    right = [option for option in step["options"] if option["right"]]
    return len(right) == 1 and not right[0]["critical_error"]


def name_of(block: Block) -> str:
    """How messages to authors call an activity."""
    return str(block.get("question") or block.get("prompt") or block.get("title") or block["kind"])


def _count_right(options: list[Block]) -> int:
    return sum(1 for option in options if option["right"])


def _mixed(block: Block, count: int) -> list[int]:
    places = list(range(count))
    shown = places.copy()
    random.Random(block["id"]).shuffle(shown)  # nothing is at stake
    return shown if shown != places else places[1:] + places[:1]


def _choice(block: Block, answer: list[int]) -> Feedback:
    """Every option chosen, and with several right ones those that were missed."""
    lines = []
    for index, option in enumerate(block["options"]):
        is_chosen = index in answer
        if is_chosen or (block["several"] and option["right"]):
            lines.append(Line(option["text"], is_chosen and option["right"], feedback=option["feedback"]))
    return Feedback(lines)


def _sort(block: Block, answer: list[str]) -> Feedback:
    pairs = zip(block["items"], answer, strict=True)
    return Feedback(
        [Line(item["text"], group == item["group"], item["group"], item["feedback"]) for item, group in pairs]
    )


def _match(block: Block, answer: list[str]) -> Feedback:
    given = zip(block["pairs"], answer, strict=True)
    lines = [Line(pair["left"], right == pair["right"], pair["right"], pair["feedback"]) for pair, right in given]
    return Feedback(lines, closing=block["feedback"])


def _order(block: Block, answer: list[int]) -> Feedback:
    steps = block["steps"]
    lines = [Line(steps[given], given == place) for place, given in enumerate(answer)]
    return Feedback(lines, closing=block["feedback"])


def _stepped_scenario(block: Block, answer: list[int]) -> Feedback:
    """A line for each step answered so far; the answer may be shorter than the steps."""
    chosen = [step["options"][index] for step, index in zip(block["steps"], answer, strict=False)]
    return Feedback(
        [Line(row["text"], row["right"], feedback=row["feedback"], is_critical=row["critical_error"]) for row in chosen]
    )


_FEEDBACK: dict[str, Callable[[Block, Any], Feedback]] = {
    "choice": _choice,
    "sort": _sort,
    "match": _match,
    "order": _order,
    "stepped_scenario": _stepped_scenario,
}
KINDS = frozenset(_FEEDBACK)
