"""YAML text as values that know where they stand, safe for hostile input.

Scalars are resolved by the core schema of YAML 1.2.2 (section 10.3.2), so that `no` is text and a
time stays the text that was written; numbers with a fraction become exact decimals. Aliases are
counted as if they were written out, before anything is built from them, so that a few lines cannot
stand for billions of values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from attribution.schema.problems import InvalidManifestError, Problem
from attribution.schema.syntax import (
    COMPLEX_KEY,
    MAX_DEPTH,
    MAX_VALUES,
    MERGE_KEY,
    SECOND_DOCUMENT,
    TAG,
    TOO_DEEP,
    TOO_MANY,
    alias_to_nothing,
    duplicate_key,
    syntax_problem,
    unprintable_problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


Value = None | bool | int | Decimal | str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]{1,40}")
_PREFIXED = re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Node:
    """A value and where it stands: `start` and `end` are offsets into the text.

    `source` is what was written for a scalar, `plain` whether without quotes, `flow` whether a
    collection is in brackets, `shared` whether it is an alias. `keys` and `members` hold a
    mapping's key positions and values, `items` a sequence's. `size` counts the values inside,
    aliases written out.
    """

    line: int
    column: int
    start: int
    end: int
    value: Value = None
    source: str = ""
    plain: bool = False
    flow: bool = False
    shared: bool = False
    size: int = 1
    keys: dict[str, Node] = field(default_factory=dict)
    members: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)

    def find(self, path: Path) -> Node:
        """Return the node at a path of keys and positions; the nearest there is when it is not."""
        node = self
        for part in path:
            if isinstance(part, int):
                if not 0 <= part < len(node.items):
                    return node
                node = node.items[part]
            elif part in node.members:
                node = node.members[part]
            else:
                return node
        return node

    def key(self, path: Path, name: str) -> Node:
        """Return where the key `name` of the mapping at `path` stands, else the mapping itself."""
        node = self.find(path)
        return node.keys.get(name, node)


def parse_yaml(text: str, file: str) -> Node:
    """Return the one document of `text`.

    Raises InvalidManifestError (line, column, what to do) for text that is not YAML, a key given
    twice, a tag, a merge key, several documents, or more values than a manifest can need.
    """
    composer = _Composer(file)
    try:
        return composer.compose(text)
    except MarkedYAMLError as error:
        raise InvalidManifestError(file, [syntax_problem(error, text)]) from None
    except ReaderError:
        raise InvalidManifestError(file, [unprintable_problem(text)]) from None


def walk(root: Node, pattern: str) -> Iterator[tuple[Path, Node]]:
    """Yield path and node of what stands at `pattern`, such as `parties.*.id`, and is not empty.

    `*` stands for every item of a list, and for what stands at every key.
    """
    found: list[tuple[Path, Node]] = [((), root)]
    for part in pattern.split("."):
        if part == "*":
            found = [
                child
                for path, node in found
                for child in (
                    *(((*path, number), item) for number, item in enumerate(node.items)),
                    *(((*path, name), member) for name, member in node.members.items()),
                )
            ]
        else:
            found = [
                ((*path, part), node.members[part]) for path, node in found if part in node.members
            ]
    yield from ((path, node) for path, node in found if node.value is not None)


def resolve_plain(source: str) -> Value:
    """Return what an unquoted scalar means by the YAML 1.2 core schema."""
    if source in _WORDS:
        return _WORDS[source]
    if _INTEGER.fullmatch(source):
        return int(source)
    if _PREFIXED.fullmatch(source):
        return int(source, 0)
    return Decimal(source) if _DECIMAL.fullmatch(source) else source


class _Composer:
    """Builds the tree from parser events, within the limits, and collects what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.anchors: dict[str, Node] = {}
        self.problems: list[Problem] = []
        self.total = 0

    def compose(self, text: str) -> Node:
        """Return the root of the only document, an empty value when there is none."""
        events = (event for event in YAML(typ="safe", pure=True).parse(text) if _counts(event))
        root: Node | None = None
        for event in events:
            if root is not None:
                self._fail(event, SECOND_DOCUMENT)
            if isinstance(event, DocumentStartEvent):
                root = self._value(next(events), events, 1)
        if self.problems:
            raise InvalidManifestError(self.file, self.problems)
        return root or Node(1, 1, 0, 0)

    def _value(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._fail(event, TOO_DEEP)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._report(event, replace(TAG, got=str(tag)))
        node = Node(
            line=event.start_mark.line + 1,
            column=event.start_mark.column + 1,
            start=event.start_mark.index,
            end=event.end_mark.index,
        )
        if isinstance(event, MappingStartEvent):
            self._fill_mapping(node, events, depth)
        elif isinstance(event, SequenceStartEvent):
            self._fill_sequence(node, events, depth)
        elif isinstance(event, ScalarEvent):
            node.plain = not event.style
            node.source = str(event.value)
            node.value = resolve_plain(node.source) if node.plain else node.source
        node.flow = bool(getattr(event, "flow_style", False))
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self.anchors[event.anchor] = node
        self._count(1)
        return node

    def _fill_mapping(self, node: Node, events: Iterator[Event], depth: int) -> None:
        value: dict[str, Value] = {}
        node.value = value
        for event in events:
            node.end = event.end_mark.index
            if isinstance(event, MappingEndEvent):
                break
            key = self._value(event, events, depth + 1)
            member = self._value(next(events), events, depth + 1)
            if member.plain and not member.source:
                _move_behind(member, key)
            node.size += member.size
            name = key.source
            if not isinstance(event, ScalarEvent):
                self._report(event, COMPLEX_KEY)
            elif name == "<<" and key.plain:
                self._report(event, MERGE_KEY)
            elif name in value:
                first = node.keys[name].line
                self._report(event, duplicate_key(name, first, key.line))
            else:
                value[name] = member.value
                node.keys[name], node.members[name] = key, member

    def _fill_sequence(self, node: Node, events: Iterator[Event], depth: int) -> None:
        for event in events:
            node.end = event.end_mark.index
            if isinstance(event, SequenceEndEvent):
                break
            item = self._value(event, events, depth + 1)
            node.size += item.size
            node.items.append(item)
        node.value = [item.value for item in node.items]

    def _alias(self, event: AliasEvent) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            self._fail(event, alias_to_nothing(event.anchor))
        self._count(target.size, event)
        return replace(
            target,
            line=event.start_mark.line + 1,
            column=event.start_mark.column + 1,
            start=event.start_mark.index,
            end=event.end_mark.index,
            shared=True,
        )

    def _count(self, values: int, event: Event | None = None) -> None:
        self.total += values
        if self.total > MAX_VALUES:
            self._fail(event, TOO_MANY)

    def _report(self, event: Event | None, problem: Problem) -> None:
        if event is not None:
            problem = replace(
                problem, line=event.start_mark.line + 1, column=event.start_mark.column + 1
            )
        self.problems.append(problem)

    def _fail(self, event: Event | None, problem: Problem) -> NoReturn:
        self._report(event, problem)
        raise InvalidManifestError(self.file, self.problems)


def _move_behind(empty: Node, key: Node) -> None:
    """Put a value that was not written behind its key; the parser puts it at the next token."""
    empty.line, empty.column = key.line, key.column + key.end - key.start + 1
    empty.start = empty.end = key.end + 1


def _counts(event: Event) -> bool:
    return isinstance(event, DocumentStartEvent | NodeEvent | CollectionEndEvent)
