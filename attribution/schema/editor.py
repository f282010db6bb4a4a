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
from attribution.model.manifest import Decision, EvidenceEntry
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
    from collections.abc import Mapping
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
        self._append("evidence", _to_yaml(entry))

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
                        self._set(position, name, _to_yaml_value(name, value))
                except ManifestError:
                    self.text, self._root = before
                    raise
                return
        raise KeyError(evidence_id)

    def add_decision(self, decision: Decision) -> None:
        """Append a person's decision."""
        self._append("decisions", _to_yaml(decision))

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

    def _append(self, key: str, entry: Mapping[str, Any]) -> None:
        wanted: Any = copy.deepcopy(self._root.value)
        wanted[key] = [*(wanted.get(key) or ()), dict(entry)]
        self._accept(self._appended(key, entry), wanted, entry)

    def _appended(self, key: str, entry: Mapping[str, Any]) -> str:
        text, newline = self.text, self._newline
        node = self._root.members.get(key)
        if node is None:
            gap = newline if text.endswith(newline) else newline * 2
            return f"{text}{gap}{key}:{newline}{write_block(entry, 2, newline)}"
        if not node.items:
            text = text[: node.start].rstrip(" ") + text[node.end :]
            at = self._root.keys[key].end
            indent = 2
        elif node.flow:
            return text[: node.end - 1].rstrip() + f", {write_flow(entry)}" + text[node.end - 1 :]
        else:
            at = self._content_end(node)
            indent = node.column - 1
        before, after = _split_after_line(text, at, newline)
        return before + write_block(entry, indent, newline) + after

    def _set(self, position: int, name: str, value: object) -> None:
        wanted: Any = copy.deepcopy(self._root.value)
        wanted["evidence"][position][name] = value
        entry = self._root.members["evidence"].items[position]
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


def _split_after_line(text: str, at: int, newline: str) -> tuple[str, str]:
    """Return the text up to the end of the line in which `at` stands, and the rest."""
    end = text.find("\n", at)
    if end < 0:
        return text + newline, ""
    return text[: end + 1], text[end + 1 :]


def _to_yaml(entry: EvidenceEntry | Decision) -> dict[str, Any]:
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
