"""Writing to `case.yaml` and leaving every byte that was not meant to change as it was.

A change is spliced into the text at the place the parser reports; comments, order, quoting and
indentation around it are not touched. Before anything is kept, the new text is read again and must
hold exactly the old values and the change.
"""

from __future__ import annotations

import copy
import os
import shutil
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attribution.errors import ManifestError
from attribution.model.instant import format_instant
from attribution.model.manifest import Claim, Culpability, Decision, EvidenceEntry
from attribution.schema.construction import build_manifest
from attribution.schema.manifest import (
    check_manifest,
    check_tree,
    manifest_file,
    read_manifest_text,
)
from attribution.schema.problems import InvalidManifestError
from attribution.schema.writing import write_block, write_flow
from attribution.schema.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from attribution.model.manifest import Manifest
    from attribution.schema.yaml import Node

_INSTANTS = frozenset({"collected", "at"})


class ManifestEditor:
    """Changes to a case's manifest, kept in memory until `save`.

    Raises InvalidManifestError when the manifest is wrong before or after a change, ManifestError
    when a change cannot be made without touching the rest of the file.
    """

    def __init__(self, path: Path) -> None:
        self.file = manifest_file(path).resolve()
        self.text = read_manifest_text(self.file)
        self._read = self.file.read_bytes()
        self._root = check_manifest(self.text, str(self.file))
        self._newline = "\r\n" if "\r\n" in self.text else "\n"

    @property
    def manifest(self) -> Manifest:
        """The manifest as it stands with the changes made so far."""
        return build_manifest(self._root)

    def add_evidence(self, entry: EvidenceEntry) -> None:
        """Append an evidence entry; fields that hold their default are left out."""
        self._append(("evidence",), _to_yaml(entry))

    def set_evidence(self, evidence_id: str, **changes: object) -> None:
        """Set fields (names of EvidenceEntry) of the entry with this id, all of them or none.

        Raises KeyError when there is no such entry.
        """
        entries = self._root.members.get("evidence")
        for position, entry in enumerate(entries.items if entries else ()):
            if entry.members["id"].value == evidence_id:
                before = self.text, self._root
                try:
                    for name, value in changes.items():
                        self._set(("evidence",), position, name, _to_yaml_value(name, value))
                except ManifestError:
                    self.text, self._root = before
                    raise
                return
        raise KeyError(evidence_id)

    def add_decision(self, decision: Decision) -> None:
        """Append a person's decision."""
        self._append(("decisions",), _to_yaml(decision))

    def add_culpability(self, entry: Culpability) -> None:
        """Append how blameworthy a person holds a breach to be."""
        given = _plain({"of": entry.of, "value": entry.value.to_list(), "by": entry.by})
        given["because"] = entry.because
        if entry.source:
            given["source"] = entry.source
        if entry.at is not None:
            given["at"] = format_instant(entry.at)
        self._append(("culpability",), given)

    def add_claim(self, claim: Claim) -> None:
        """Append a party's claim."""
        self._append(("claims",), _plain(_to_yaml(claim)) | {"value": bool(claim.value)})

    def add_to_graph(
        self, nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]]
    ) -> None:
        """Append entries to `graph.nodes` and `graph.edges`, all of them or none.

        A node that is declared already gets the fields given in place of its own, and a further
        reason beside its own.
        """
        before = self.text, self._root
        try:
            for node in nodes:
                self._put_node(node)
            for edge in edges:
                self._append(("graph", "edges"), _plain(edge))
        except ManifestError:
            self.text, self._root = before
            raise

    def _put_node(self, node: Mapping[str, Any]) -> None:
        graph = self._root.members.get("graph")
        declared = None if graph is None else graph.members.get("nodes")
        for position, entry in enumerate(declared.items if declared else ()):
            if entry.members["id"].value == node["id"]:
                own = entry.members.get("because")
                given = _plain(node)
                if own is not None and "because" in given:
                    given["because"] = f"{own.value}; {given['because']}"
                for name in sorted(given, key=lambda name: name != "because"):
                    self._set(("graph", "nodes"), position, name, given[name])
                return
        self._append(("graph", "nodes"), _plain(node))

    def save(self) -> None:
        """Write the manifest to a side file and put it in place of the old one.

        A kill at any moment leaves the old file or the new one. Raises ManifestError when the file
        has been changed by somebody else since it was read.
        """
        if self.file.read_bytes() != self._read:
            raise ManifestError(
                "the file has been changed since it was read",
                file=str(self.file),
                remedy="run the command again",
            )
        side = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        data = self.text.encode("utf-8")
        try:
            with side.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            shutil.copymode(self.file, side)
            side.replace(self.file)
        finally:
            side.unlink(missing_ok=True)
        self._read = data

    def _append(self, path: Sequence[str], entry: Mapping[str, Any]) -> None:
        """Append an entry to the list at a path of keys, which need not be there."""
        wanted: Any = copy.deepcopy(self._root.value)
        owner = wanted
        for key in path[:-1]:
            owner[key] = owner.get(key) or {}
            owner = owner[key]
        owner[path[-1]] = [*(owner.get(path[-1]) or ()), dict(entry)]
        self._accept(self._appended(self._root, path, entry), wanted, entry)

    def _appended(self, owner: Node, path: Sequence[str], entry: Mapping[str, Any]) -> str:
        text, newline = self.text, self._newline
        key = path[0]
        node = owner.members.get(key)
        if node is None:
            return self._with_new_key(owner, path, entry)
        if len(path) > 1 and node.members and not node.flow:
            return self._appended(node, path[1:], entry)
        if not (node.items or node.members):
            text = text[: node.start].rstrip(" ") + text[node.end :]
            before, after = _split_after_line(text, owner.keys[key].end, newline)
            indent = 2 if owner is self._root else owner.column + 1
            return before + _nest(path[1:], entry, indent, newline) + after
        if node.flow:
            return text[: node.end - 1].rstrip() + f", {write_flow(entry)}" + text[node.end - 1 :]
        before, after = _split_after_line(text, self._content_end(node), newline)
        return before + write_block(entry, node.column - 1, newline) + after

    def _with_new_key(self, owner: Node, path: Sequence[str], entry: Mapping[str, Any]) -> str:
        text, newline = self.text, self._newline
        if owner is self._root:
            gap = newline if text.endswith(newline) else newline * 2
            return f"{text}{gap}{_nest(path, entry, 0, newline)}"
        before, after = _split_after_line(text, self._content_end(owner), newline)
        return before + _nest(path, entry, owner.column - 1, newline) + after

    def _set(self, path: Sequence[str], position: int, name: str, value: object) -> None:
        wanted: Any = copy.deepcopy(self._root.value)
        values, node = wanted, self._root
        for key in path:
            values, node = values[key], node.members[key]
        values[position][name] = value
        entry = node.items[position]
        text, written = self.text, f"{name}: {write_flow(value)}"
        if name in entry.members:
            start = entry.keys[name].start
            end = max(self._content_end(entry.members[name]), entry.keys[name].end + 1)
            text = text[:start] + written + text[end:]
        elif entry.flow:
            text = text[: entry.end - 1].rstrip() + f", {written}" + text[entry.end - 1 :]
        else:
            before, after = _split_after_line(text, self._content_end(entry), self._newline)
            text = before + " " * (entry.column - 1) + written + self._newline + after
        self._accept(text, wanted, {name: value})

    def _content_end(self, node: Node) -> int:
        """Return where the content of a node ends, without blank lines and comments after it."""
        last = node
        while not last.flow and (last.items or last.members):
            last = last.items[-1] if last.items else list(last.members.values())[-1]
        return len(self.text[: last.end].rstrip())

    def _accept(self, text: str, wanted: object, change: Mapping[str, Any]) -> None:
        try:
            root = parse_yaml(text, str(self.file))
        except InvalidManifestError:
            root = None
        if root is None or root.value != wanted:
            raise ManifestError(
                "the file is laid out in a way that a command cannot write to safely",
                file=str(self.file),
                got="aliases, or brackets around a long part",
                expected="one key or entry a line",
                remedy=f"add this by hand: {write_flow(change)}",
            )
        check_tree(root, str(self.file))
        self.text, self._root = text, root


def _nest(path: Sequence[str], entry: Mapping[str, Any], indent: int, newline: str) -> str:
    """Return an entry of a list below the keys that are not there yet, each a level further in."""
    lines = "".join(
        f"{' ' * (indent + 2 * depth)}{key}:{newline}" for depth, key in enumerate(path)
    )
    return lines + write_block(entry, indent + 2 * len(path), newline)


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of the graph with its fractions as YAML reads them back."""
    return {
        name: [_to_yaml_value(name, part) for part in value]
        if isinstance(value, list | tuple)
        else _to_yaml_value(name, value)
        for name, value in entry.items()
    }


def _split_after_line(text: str, at: int, newline: str) -> tuple[str, str]:
    """Return the text up to the end of the line in which `at` stands, and the rest."""
    end = text.find("\n", at)
    if end < 0:
        return text + newline, ""
    return text[: end + 1], text[end + 1 :]


def _to_yaml(entry: EvidenceEntry | Decision | Claim) -> dict[str, Any]:
    """Return the fields that differ from their defaults, as values of a manifest."""
    given = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        default = {} if field.default is MISSING else field.default
        if value is not None and value != default:
            given[field.name] = _to_yaml_value(field.name, value)
    return given


def _to_yaml_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any field of an entry
    if name in _INSTANTS and value is not None:
        return format_instant(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    return dict(value) if name == "columns" else value
