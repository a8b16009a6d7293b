"""Activities in lessons: for practice, never marked. Pure: a block and an answer in, words and verdicts out."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
KINDS = frozenset({"choice", "sort", "order"})


@dataclass(frozen=True, slots=True)
class Line:
    """One option, item or step with what the learner did about it, and what to learn from that."""

    text: str
    is_right: bool
    detail: str = ""
    feedback: str = ""


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
    kinds: dict[str, Callable[[Block, Any], Feedback]] = {"choice": _choice, "sort": _sort, "order": _order}
    return kinds[block["kind"]](block, answer)


def mixed(block: Block) -> list[int]:
    """The places of an ordering's steps as shown: mixed, the same for everybody, and never in the right order."""
    places = list(range(len(block["steps"])))
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


def _order(block: Block, answer: list[int]) -> Feedback:
    steps = block["steps"]
    lines = [Line(steps[given], given == place) for place, given in enumerate(answer)]
    return Feedback(lines, closing=block["feedback"])
