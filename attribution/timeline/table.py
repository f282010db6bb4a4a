"""The timeline as a DataFrame and in the formats other programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from attribution.model.event import Event, Timeline
from attribution.model.instant import Instant, format_instant, format_optional

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "id",
    "time",
    "time_low",
    "time_high",
    "kind",
    "actor",
    "actor_name",
    "subject",
    "text",
    "original_time",
    "written",
    "native_id",
    "evidence",
    "overlaps",
)
"""The columns of the table and of the CSV; undated events have empty times and come last."""

_TIMES = ("time", "time_low", "time_high", "written")
_CATEGORIES = ("kind", "actor", "actor_name", "evidence")
# https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms some programs
# read as the plain ones.
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def to_frame(timeline: Timeline) -> pd.DataFrame:
    """Return one row an event with `COLUMNS`: times in UTC, names and kinds as categoricals."""
    import pandas as pd

    rows = [_row(event) for event in chain(timeline.events, timeline.undated)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in _TIMES:
        frame[column] = pd.to_datetime(frame[column].astype("Int64"), unit="us", utc=True)
    return frame.astype(dict.fromkeys(_CATEGORIES, "category"))


def _row(event: Event) -> tuple[object, ...]:
    return (
        event.id,
        event.time,
        event.time_low,
        event.time_high,
        event.kind,
        event.actor or event.actor_name,
        event.actor_name,
        event.subject,
        event.text,
        event.original_time,
        event.written,
        event.native_id,
        "; ".join(event.references),
        event.overlaps,
    )


def format_csv(timeline: Timeline) -> str:
    """Return the timeline as CSV (RFC 4180, text quoted, LF line ends) that no sheet executes.

    A text that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    for event in chain(timeline.events, timeline.undated):
        writer.writerow(
            _cell(name, value) for name, value in zip(COLUMNS, _row(event), strict=True)
        )
    return out.getvalue()


def _cell(column: str, value: object) -> object:
    if value is None:
        return ""
    if column in _TIMES and isinstance(value, int):
        return format_instant(Instant(value))
    return defuse_formula(value) if isinstance(value, str) else value


def defuse_formula(text: str) -> str:
    """Return the text, after an apostrophe where a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def format_jsonl(timeline: Timeline) -> str:
    """Return one JSON document a line, keys sorted, in the form of `Event.to_dict`."""
    return _lines(event.to_dict() for event in chain(timeline.events, timeline.undated))


def format_timesketch(timeline: Timeline) -> str:
    """Return the dated events as Timesketch JSONL; an undated event has no place in that format.

    Source: https://timesketch.org/guides/user/import-from-json-csv/ (`message`, `datetime` in
    ISO 8601 and `timestamp_desc` are required; `timestamp` is in microseconds).
    """
    return _lines(
        {
            "message": event.text or event.subject or event.kind,
            "datetime": format_optional(event.time),
            "timestamp": event.time,
            "timestamp_desc": "Event Time",
            "data_type": f"attribution:{event.kind}",
            "event_id": event.id,
            "time_low": format_optional(event.time_low),
            "time_high": format_optional(event.time_high),
            "user": event.actor or event.actor_name,
            "subject": event.subject,
            "evidence": list(event.references),
        }
        for event in timeline.events
    )


def _lines(documents: Iterable[Mapping[str, object]]) -> str:
    return "".join(
        json.dumps(dict(document), sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
        for document in documents
    )
