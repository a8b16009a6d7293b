"""What is wrong with a pack, and where: `file:line: reason`."""

from dataclasses import dataclass, field
from typing import Self

from lms.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words for whoever wrote the file."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class PackError(Refused):
    """A pack that cannot be loaded. Nothing of it was; `problems` lists everything that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def at(cls, file: str, line: int, reason: str) -> Self:
        """One problem."""
        return cls([Problem(file, line, reason)])


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, and the list that problems found there are added to."""

    file: str
    line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def at(self, line: int) -> "Spot":
        """The same file and list, another line."""
        return Spot(self.file, line, self.problems)

    def refuse(self, reason: str) -> None:
        """Add a problem here."""
        self.problems.append(Problem(self.file, self.line, reason))
