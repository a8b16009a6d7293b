"""Where a pack and the site both changed: the difference, file by file, as their author would read it."""

import difflib
from collections.abc import Mapping
from typing import Any

from courses.curriculum import yaml_lines
from courses.curriculum.folders import plain

Content = dict[str, Any]


def difference(before: Content | None, after: Content | None) -> list[str]:
    """A unified diff of the YAML of each file that differs: lines only on the site (-), only in the pack (+)."""
    old, new = _files(before or {}), _files(after or {})
    names = list(dict.fromkeys([*new, *old]))
    return [line for name in names for line in _diff(name, old.get(name), new.get(name))]


def _files(content: Content) -> dict[str, Any]:
    """The content by the file in which it stands, as far as that follows from it."""
    files: dict[str, Any] = {}
    for name, part in content.items():
        if name == "lessons":
            files |= {f"lessons/{lesson['key']}.yaml": lesson for lesson in part}
        elif name == "documents" and isinstance(part, list):
            files |= {f"documents/{document['code']}.yaml": document for document in part}
        else:
            files[_FILES.get(name, name)] = part
    return files


_FILES: Mapping[str, str] = {
    "course": "course.yaml",
    "people": "pack.yaml: author, approver, moderator",
    "documents": "versions of documents",
    "paper": "paper and questions",
    "observations": "course.yaml: observations",
    "units": "framework.yaml",
    "instruments": "instruments.yaml",
}


def _diff(name: str, before: Any, after: Any) -> list[str]:
    if before == after:
        return []
    old, new = (_lines(part) for part in (before, after))
    return list(difflib.unified_diff(old, new, f"site: {name}", f"pack: {name}", lineterm="", n=1))


def _lines(part: Any) -> list[str]:
    return [] if part is None else yaml_lines.write(plain(part)).splitlines()
