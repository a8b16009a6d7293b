"""What duties are for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

_DOCUMENT = "document "


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
            return f"{_DOCUMENT}{self.document}"
        return ",".join(str(course) for course in sorted(self.courses))

    @property
    def slug(self) -> str:
        """The same for addresses of pages. Look for it among the targets that somebody may see."""
        return self.key.replace(",", "-").replace(" ", "-")

    @classmethod
    def of_key(cls, key: str) -> "Target":
        """The target that is stored under a text."""
        if key.startswith(_DOCUMENT):
            return cls(document=int(key.removeprefix(_DOCUMENT)))
        return cls.any_of(int(course) for course in key.split(",") if course)

    def covers(self, other: "Target") -> bool:
        """Whether whoever does the other does this: it is the same document, or asks for the same courses or more."""
        return self.document == other.document and other.courses <= self.courses


ANYTHING = Target()
