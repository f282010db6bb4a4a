"""The block `reporting` of a checked manifest, as the typed `Reporting`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attribution.model.reporting import MOMENTS, BlockEntry, Reporting, ReportingAnswer
from attribution.schema.values import read_instant, read_texts

Entry = dict[str, Any]


def build_reporting(block: Mapping[str, Any] | None) -> Reporting | None:
    """Return what a case declares for reports to authorities, None where it declares nothing."""
    if block is None:
        return None
    times = {name: read_instant(block.get(name)) for name in MOMENTS}
    return Reporting(
        moments={name: time for name, time in times.items() if time is not None},
        country=block.get("country"),
        zone=block.get("zone"),
        answers=tuple(ReportingAnswer(**entry) for entry in _entries(block, "answers")),
        entries=tuple(BlockEntry(**entry) for entry in _entries(block, "entries")),
    )


def _entries(block: Mapping[str, Any], key: str) -> Iterator[Entry]:
    for entry in block.get(key) or ():
        given = {name: value for name, value in entry.items() if value is not None}
        yield given | {"evidence": read_texts(entry.get("evidence"))}
