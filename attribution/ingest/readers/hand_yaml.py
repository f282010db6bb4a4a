"""Hand-kept timelines as YAML: a list of entries, or one under `timeline`, `events` or `entries`.

The fields are those of the hand-kept CSV. Scalars are read by the core schema of YAML 1.2, in which
a time is the text that was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attribution.errors import InputError, ManifestError
from attribution.ingest.documents import name_type
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode_text
from attribution.ingest.readers.hand_entries import LISTS, add_entry, require_columns, to_json
from attribution.ingest.source import Source

if TYPE_CHECKING:
    from attribution.schema.yaml import Node

_MAX_SIZE = 16 << 20
_TIME = re.compile(
    r"^[ \t]*(?:-[ \t]+)?(?:time|when|date|datetime|timestamp)[ \t]*:[ \t]+\S",
    re.MULTILINE | re.IGNORECASE,
)
_FIRST = re.compile(rf"(?:-\s+[A-Za-z_][\w.]*:\s|(?:{'|'.join(LISTS)}):\s*$|[a-z_]+:\s)")
_BOM = "\ufeff"


def _read(source: Source, intake: Intake) -> None:
    entries = _find_entries(_parse(source), source.file)
    values = [(node, to_json(node.value)) for node in entries]
    columns = require_columns([entry for _, entry in values if isinstance(entry, dict)], intake)
    for node, entry in values:
        place = f"line {node.line}"
        if isinstance(entry, dict):
            add_entry(intake, place, entry, columns)
        else:
            intake.reject(place, f"a mapping was expected, got {name_type(entry)}")
    intake.remark_units()


def _parse(source: Source) -> Node:
    from attribution.schema.yaml import parse_yaml

    if len(source.data) > _MAX_SIZE:
        raise InputError(
            "the file is too large for YAML",
            file=source.file,
            got=f"{len(source.data) >> 20} MiB",
            expected=f"at most {_MAX_SIZE >> 20} MiB",
            remedy="keep that much as JSON lines or CSV",
        )
    try:
        return parse_yaml(decode_text(source.data).removeprefix(_BOM), source.file)
    except JsonError as error:
        raise InputError(
            "the file cannot be read as YAML",
            file=source.file,
            place=f"line {error.line}, column {error.column}",
            got=error.reason,
            expected="UTF-8",
            remedy="save it as UTF-8",
        ) from None
    except ManifestError as error:
        raise InputError(
            error.message,
            file=source.file,
            place=error.place,
            got=error.got,
            expected=error.expected,
            remedy=error.remedy,
        ) from None


def _find_entries(root: Node, file: str) -> list[Node]:
    found = next((root.members[key] for key in LISTS if key in root.members), root)
    if found.items:
        return found.items
    raise InputError(
        "the file holds no list of entries",
        file=file,
        place=f"line {found.line}",
        expected=f"a list, or a list under one of: {', '.join(LISTS)}",
        remedy="write each entry as `- time: 2026-01-14T09:12:00Z`, its other fields below",
    )


def _sniff(source: Source) -> float:
    head = source.head.decode("utf-8", "replace").removeprefix(_BOM)
    lines = [line for line in head.splitlines() if line.strip() and line.lstrip()[:1] != "#"]
    lines = [line for line in lines if line.strip() != "---"]
    if not lines or not _FIRST.match(lines[0]) or not _TIME.search(head):
        return 0.0
    return 0.7


FORMAT = Format(
    id="yaml",
    title="hand-kept timeline, YAML",
    told_by="a list of mappings with a time, alone or under timeline, events or entries",
    source="https://yaml.org/spec/1.2.2/",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
