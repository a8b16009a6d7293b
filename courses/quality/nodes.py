"""Content that knows its place: parsed YAML of a pack, or a draft's plain content, read without complaint.

The loader complains about a wrong shape with file and line; here what is missing is simply empty, so that a pack
under way can be looked at too.
"""

from dataclasses import dataclass
from typing import Any

from courses.curriculum.problems import Spot
from courses.curriculum.yaml_lines import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the spot where it stands."""

    value: Any
    spot: Spot

    def __getitem__(self, name: str) -> "Node":
        """The part called `name`."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return Node(value, self.spot.at(_line(self.value, name, self.spot)))

    def each(self) -> list["Node"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            return []
        return [Node(item, self.spot.at(_line(self.value, place, self.spot))) for place, item in enumerate(self.value)]

    def named(self) -> list[tuple[str, "Node"]]:
        """The parts of a mapping."""
        return [(name, self[name]) for name in self.value] if isinstance(self.value, dict) else []

    @property
    def text(self) -> str:
        """The text; nothing where it is something else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def is_true(self) -> bool:
        """Whether it says true."""
        return self.value is True


def _line(value: Any, key: Any, spot: Spot) -> int:
    if isinstance(value, Mapping if isinstance(key, str) else Sequence):
        line: int = value.line_of(key)
        return line
    return spot.line
