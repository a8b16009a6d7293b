"""Which words may be a lesson's key, and so a part of its address. Pure."""

import re

# `/learn/<code>/<word>/` with these words belongs to steps other than lessons, in this room and those above.
_OWN = {"start", "changes", "feedback", "journal", "cards"}
_ABOVE = {"paper", "papers", "result", "results", "observations", "evidence", "certificate"}
RESERVED = frozenset(_OWN | _ABOVE)
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def may_be_lesson_key(word: str) -> bool:
    """Whether a lesson may be called by this word in addresses and packs."""
    return _KEY.fullmatch(word) is not None and word not in RESERVED


class LessonKey:
    """The part of an address that names a lesson."""

    regex = f"(?!(?:{'|'.join(sorted(RESERVED))})/)[a-z0-9][a-z0-9-]*"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value
