"""Ports: how a lower room hears from rooms above it. `lms/core/README.md` lists them all."""

from collections.abc import Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Registry(Generic[_T]):
    """Named entries that upper rooms fill in from `AppConfig.ready()`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, _T] = {}

    def register(self, key: str, entry: _T) -> None:
        """Add an entry. The same key twice is a programming error unless it is the same entry."""
        if self._entries.get(key, entry) is not entry:
            raise ValueError(f"{self.name}: {key!r} is registered twice.")
        self._entries[key] = entry

    def __getitem__(self, key: str) -> _T:
        try:
            return self._entries[key]
        except KeyError:
            raise LookupError(f"{self.name}: nothing is registered for {key!r}.") from None

    def __iter__(self) -> Iterator[tuple[str, _T]]:
        return iter(sorted(self._entries.items(), key=lambda pair: pair[0]))
