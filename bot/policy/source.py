"""Reads YAML as policy officers write it, and remembers the line of every key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer, ComposerError

from bot.policy.problems import PolicyError, Problem, RefusedFileError

Key = tuple[str | int, ...]


class PolicyLoader(Composer, yaml.CSafeLoader):
    """YAML in which dates stay text, and `yes`, `no`, `on` and `off` stay words.

    Every value is written out: a pointer to another (`*name`) could point to itself. It is parsed
    in C, five times as fast, and composed in Python, where the pointers are seen.
    """

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One node of the file.

        Raises:
            ComposerError: it is a pointer to another.
        """
        if self.check_event(yaml.AliasEvent):
            alias: Any = self.peek_event()
            why = "'*' points elsewhere. Write the value out"
            raise ComposerError(None, None, why, alias.start_mark)
        return super().compose_node(parent, index)


PolicyLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PolicyLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"]
)


@dataclass(frozen=True)
class Source:
    """A data file as plain data, with the line (from 1) on which each key stands."""

    path: Path
    data: object
    lines: dict[Key, int]

    def line(self, key: Key) -> int:
        """The line of `key`, or of the nearest key above it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def read(path: Path, refuse: type[RefusedFileError] = PolicyError) -> Source:
    """The file at `path`.

    Raises:
        RefusedFileError: it cannot be read, is not YAML, or writes a key twice; of the kind
            `refuse`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(path, [Problem((), 1, f"cannot be read: {error}")]) from error
    try:
        loader = PolicyLoader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise refuse(path, [Problem((), line, f"is not YAML: {error.problem}")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise refuse(path, [Problem((), 1, f"is not YAML: {error}")]) from error
    except RecursionError as error:
        raise refuse(path, [Problem((), 1, "is nested too deeply to be read")]) from error
    lines: dict[Key, int] = {}
    twice = [
        Problem(key, line, "is written twice", remedy="Keep one of the two.")
        for key, line in _positions(node, ())
        if lines.setdefault(key, line) != line
    ]
    if twice:
        raise refuse(path, twice)
    return Source(path, data, lines)


def _positions(node: yaml.Node | None, at: Key) -> Iterator[tuple[Key, int]]:
    """Every key below `node` with its line; a key written twice comes twice."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            key = (*at, name.value)
            yield key, name.start_mark.line + 1
            yield from _positions(value, key)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*at, index), value.start_mark.line + 1
            yield from _positions(value, (*at, index))
