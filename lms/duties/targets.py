"""What duties are for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Any one of some courses, or a document to put one's name to (ids). With neither it stands for anything at all."""

    courses: frozenset[int] = frozenset()
    document: int | None = None

    @classmethod
    def any_of(cls, courses: Iterable[int]) -> "Target":
        """Courses of which any one will do."""
        return cls(frozenset(courses))

    @property
    def key(self) -> str:
        """The same text for the same target: under it the target is stored."""
        if self.document is not None:
            return f"document {self.document}"
        return ",".join(str(course) for course in sorted(self.courses))


ANYTHING = Target()
