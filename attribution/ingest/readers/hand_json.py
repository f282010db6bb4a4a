"""Hand-kept timelines as JSON: one object a line, an array, or an array under `timeline`.

The fields are those of the hand-kept CSV. A number for a time is a Unix time; whether in seconds,
milliseconds, microseconds or nanoseconds is told by its size, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.lane import Lane
from attribution.ingest.readers.hand_entries import (
    LISTS,
    add_entry,
    looks_kept_by_hand,
    require_columns,
)
from attribution.ingest.source import Source

if TYPE_CHECKING:
    from attribution.ingest.lane import Filling


def _read(source: Source, intake: Intake) -> None:
    columns = require_columns(first_entries(source, *LISTS), intake)
    lane = Lane(intake, partial(_open_lane, columns, intake))
    for place, entry in walk_entries(source, intake, *LISTS, lane=lane):
        add_entry(intake, place, entry, columns)
    intake.remark_units()


def _open_lane(columns: Mapping[str, str], intake: Intake) -> Filling | None:
    from attribution.ingest.readers.hand_lane import open_lane

    return None if intake.clock.has_format else open_lane(columns)


def _sniff(source: Source) -> float:
    return looks_kept_by_hand(first_entries(source, *LISTS))


FORMAT = Format(
    id="json",
    title="hand-kept timeline, JSON or JSON lines",
    told_by="objects with a time and what was noted: time, text, actor, kind",
    source="https://www.rfc-editor.org/rfc/rfc8259",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
