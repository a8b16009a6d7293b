"""YAML in which every mapping and list knows its lines, and out again as people would write it.

Plain data only: no tags, no anchors (an alias can make a small file enormous), no key twice.
"""

from typing import Any

import yaml
from django.utils.translation import gettext as _

from courses.curriculum.problems import PackError

_MOST_CHARACTERS = 2_000_000


class Mapping(dict[str, Any]):
    """A mapping that knows the line where it starts and the line of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of `key`; where it is absent, of the mapping."""
        return self.lines.get(key, self.line)


class Sequence(list[Any]):
    """A list that knows the line where it starts and the line of each item."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def line_of(self, index: int) -> int:
        """The line of the item at `index`."""
        return self.lines[index]


def parse(text: str, file: str) -> Any:
    """The content of a YAML text. `file` is its name in messages. Raises PackError with file, line and reason."""
    if len(text) > _MOST_CHARACTERS:
        raise PackError.at(file, 1, _("The file is too large for a part of a pack."))
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise PackError.at(file, _line(event), _("Write it out: & and * are not read."))
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        return None if node is None else _built(loader, node, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PackError.at(file, mark.line + 1 if mark else 1, str(error.problem or error.context)) from error
    except yaml.reader.ReaderError as error:
        raise PackError.at(file, 1, _("This is not a text file: %s.") % error.reason) from error
    except RecursionError as error:
        raise PackError.at(file, 1, _("This is nested too deeply.")) from error


def _built(loader: yaml.SafeLoader, node: yaml.Node, file: str) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, file)
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(line)
        for item in node.value:
            sequence.append(_built(loader, item, file))
            sequence.lines.append(item.start_mark.line + 1)
        return sequence
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise PackError.at(file, line, _("“%(value)s”: %(error)s.") % {"value": node.value, "error": error}) from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, file: str) -> Mapping:
    mapping = Mapping(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise PackError.at(file, line, _("A name is expected before the colon."))
        if key_node.value in mapping:
            raise PackError.at(file, line, _("“%s” stands here twice.") % key_node.value)
        mapping[key_node.value] = _built(loader, value_node, file)
        mapping.lines[key_node.value] = line
    return mapping


class _Dumper(yaml.SafeDumper):
    """Long text as a block, everything in the order given."""

    def ignore_aliases(self, data: Any) -> bool:
        """The same value twice is written twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write(content: Any) -> str:
    """Plain data as YAML text that `parse` reads back."""
    text: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, indent=2)
    return text
