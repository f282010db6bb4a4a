"""What the readers of hand-kept JSON and YAML share: entries with the fields of the hand-kept CSV.

A key that bears a field's own name is that field; others are mapped by `columns` of `case.yaml` (or
`--map`). `data` may hold facts of the kind; keys left over are kept under `columns`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice

import msgspec

from attribution.ingest.fields import Table, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.csv_columns import FACT, FIELDS, require_declared
from attribution.model.kinds import KINDS
from attribution.model.record import JsonValue

LISTS = ("timeline", "events", "entries")
"""Keys under which a document may hold its entries."""

_LOOKED_AT = 200
_encode = msgspec.json.Encoder(order="sorted").encode
_TIMES = frozenset({"time", "when", "date", "datetime", "timestamp"})
_OTHERS = frozenset({"text", "what", "message", "description", "event", "note", "actor", "who",
                     "kind", "subject"})  # fmt: skip


def require_columns(entries: Iterable[Table], intake: Intake) -> dict[str, str]:
    """Return the key of each field, told from the first entries and what is declared.

    Raises InputError, with what could be declared, where nothing says which key holds the time.
    """
    keys: dict[str, None] = {}
    for entry in islice(entries, _LOOKED_AT):
        keys |= dict.fromkeys(entry)
    return require_declared(list(keys), [], intake.options.columns or {}, intake.clock, intake.file)


def add_entry(intake: Intake, place: str, entry: Table, columns: Mapping[str, str]) -> None:
    """Give the intake one entry; its kind is `note` where it states none."""
    cells = {field: entry.get(column) for field, column in columns.items()}
    kind = text(cells.get("kind")) or "note"
    if kind not in KINDS:
        intake.reject(place, f"there is no kind {kind[:60]!r}; known are: {', '.join(KINDS)}")
        return
    taken = {*columns.values(), "data"}
    rest = {key: value for key, value in entry.items() if key not in taken and value is not None}
    facts: dict[str, JsonValue] = dict(table(entry.get("data")))
    facts |= {
        field.removeprefix(FACT): value
        for field, value in cells.items()
        if field.startswith(FACT) and value is not None
    }
    if rest:
        facts["columns"] = dict[str, JsonValue](rest)
    native = text(cells.get("native_id"))
    wording = text(cells.get("text")) or "; ".join(f"{key}: {_show(v)}" for key, v in rest.items())
    intake.add(
        place,
        kind,
        time=cells.get("time"),
        written=cells.get("written"),
        text=wording,
        actor=text(cells.get("actor")),
        subject=text(cells.get("subject")),
        native_id=native,
        data=facts,
        key=None if native else canonical(entry),
    )


def canonical(entry: Table) -> bytes:
    """Return an entry as JSON that is the same for the same entry, in whatever order it stands."""
    try:
        return _encode(entry)
    except (ValueError, OverflowError):
        return json.dumps(entry, sort_keys=True).encode()


def _show(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def looks_kept_by_hand(entries: Iterable[Table], columns: Iterable[str] = FIELDS) -> float:
    """Return how far entries look like a timeline: a time, and something that was noted."""
    names = [{key.casefold() for key in entry} for entry in entries]
    if any("time" in keys and keys & set(columns) - {"time"} for keys in names):
        return 0.6
    return 0.5 if any(keys & _TIMES and keys & _OTHERS for keys in names) else 0.0


def to_json(value: object) -> JsonValue:
    """Return a value of YAML as one of JSON: exact decimals become numbers."""
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() and abs(value) < Decimal("1e300") else str(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    return value if isinstance(value, bool | int | float | str) else None
