"""Walks the entries of JSON files: an array under a key, a bare array, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.fields import Table
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.lane import Lane
from attribution.ingest.source import MAX_LINE, Source
from attribution.model.record import JsonValue

WHOLE = "/"
"""The place of an entry that is the whole document."""


def walk_entries(
    source: Source, intake: Intake, *keys: str, lane: Lane | None = None
) -> Iterator[tuple[str, Table]]:
    """Yield each entry that is an object, with its place; what is none is rejected with its place.

    In a document the entries are the array under the first of `keys` that holds one, else the
    document's own elements, else the document itself. A line that `lane` takes is not yielded.
    """
    entries = walk_lines(source, intake, lane) if source.kind == "lines" else _walk(source, keys)
    for place, entry in entries:
        if isinstance(entry, dict):
            yield place, entry
        else:
            intake.reject(place, f"an object was expected, got {name_type(entry)}")


def first_entries(source: Source, *keys: str) -> list[Table]:
    """Return the objects among the first entries: what a format is told by."""
    if source.kind == "lines":
        found: list[JsonValue] = list(source.sample)
    else:
        found = [entry for _, entry in zip(range(20), _values(source, keys), strict=False)]
    return [entry for entry in found if isinstance(entry, dict)]


def _values(source: Source, keys: tuple[str, ...]) -> Iterator[JsonValue]:
    for _, entry in _walk(source, keys):
        yield entry


def _walk(source: Source, keys: tuple[str, ...]) -> Iterator[tuple[str, JsonValue]]:
    document = source.document
    if isinstance(document, dict):
        for key in keys:
            if isinstance(listed := document.get(key), list):
                yield from ((f"/{key}/{index}", entry) for index, entry in enumerate(listed))
                return
        yield ("line 1" if source.is_one_line else WHOLE), document
    elif isinstance(document, list):
        yield from ((f"/{index}", entry) for index, entry in enumerate(document))
    else:
        yield WHOLE, document


def walk_lines(
    source: Source, intake: Intake, lane: Lane | None = None
) -> Iterator[tuple[str, JsonValue]]:
    """Yield the value of each line that is not blank, with its place; a broken one is rejected."""
    for number, line in source.lines() if lane is None else lane(source.blocks()):
        place = f"line {number}"
        if line is None:
            intake.reject(place, f"the line is longer than {MAX_LINE >> 20} MiB")
        elif line.strip():
            try:
                value = decode(line.rstrip(b"\r\n"))
            except JsonError as error:
                intake.reject(place, f"column {error.column}: {error.reason}")
            else:
                yield place, value


def name_type(value: JsonValue) -> str:
    """Return what JSON calls the type of a value."""
    for kind, name in ((bool, "a truth value"), (str, "a text"), (list, "an array")):
        if isinstance(value, kind):
            return name
    return (
        "null" if value is None else "a number" if isinstance(value, int | float) else "an object"
    )
