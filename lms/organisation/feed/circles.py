"""Circles in a tree of codes: units below units, posts below posts. Pure."""

from collections.abc import Mapping


def in_circles(parents: Mapping[str, str]) -> set[str]:
    """The codes that come back to themselves on the way up. Who merely hangs below a circle is not in it."""
    clear: set[str] = set()
    circles: set[str] = set()
    for code in parents:
        path: dict[str, int] = {}
        here: str | None = code
        while here is not None and here not in clear and here not in path:
            path[here] = len(path)
            here = parents.get(here)
        if here is not None and here in path:
            circles |= {one for one, place in path.items() if place >= path[here]}
        clear |= path.keys()
    return circles


def roots_first(parents: Mapping[str, str]) -> list[str]:
    """The codes, each after the one above it. Those in or below a circle are left out."""
    order: dict[str, None] = {}
    for code in parents:
        path: list[str] = []
        here: str | None = code
        while here is not None and here in parents and here not in order and here not in path:
            path.append(here)
            here = parents.get(here)
        if here is None or here not in path:
            order |= dict.fromkeys(reversed(path))
    return [code for code in order if code in parents]
