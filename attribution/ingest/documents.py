"""Walks the entries of JSON files: an array under a key, a bare array, or one object a line.

Whoever fetches page by page has several of these in one file: an array of pages, one page a line,
or one after another (`gh api --paginate`, `zcat *.json.gz`), which is read as an array of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from attribution.ingest.fields import Table, find
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.lane import Lane
from attribution.ingest.source import MAX_LINE, Source
from attribution.model.record import JsonValue

WHOLE = "/"
"""The place of an entry that is the whole document."""

_FIRST = 20
_LINES = 50


_BESIDE = 6
"""What a page says beside its entries is little; an entry that holds a list says more."""


def walk_entries(
    source: Source, intake: Intake, *keys: str, lane: Lane | None = None
) -> Iterator[tuple[str, Table]]:
    """Yield each entry that is an object, with its place; what is none is rejected with its place.

    In a document the entries are the array under the first of `keys` that holds one, else the
    document's own elements, else the document itself; an element of an array, or the object on a
    line, may be such a page too. A line that `lane` takes is not yielded.
    """
    values = walk_lines(source, intake, lane) if source.kind == "lines" else _walk(source, keys)
    for place, value in values:
        for where, entry in _open_page(place, value, keys) if keys else ((place, value),):
            if isinstance(entry, dict):
                yield where, entry
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")


def first_entries(source: Source, *keys: str) -> list[Table]:
    """Return the objects among the first entries: what a format is told by."""
    values: Iterable[tuple[str, JsonValue]] = (
        (("", value) for value in source.sample) if source.kind == "lines" else _walk(source, keys)
    )
    entries = (entry for place, value in values for _, entry in _open_page(place, value, keys))
    most = _LINES if source.kind == "lines" else _FIRST
    return [entry for entry in islice(entries, most) if isinstance(entry, dict)]


def says_more(source: Source, *path: str) -> bool:
    """Return whether every page of a document says, under a path of keys, that another follows."""
    document = source.document if source.kind == "json" else None
    pages = document if isinstance(document, list) else [document]
    return bool(pages) and all(find(page, *path) for page in pages)


def join(place: str, *parts: object) -> str:
    """Return the place of a part of what stands at a place: in a document, or on a line."""
    outer = "" if place == WHOLE else place
    on_line = place.startswith("line ") and "/" not in place
    return "/".join([f"{outer} " if on_line else outer, *map(str, parts)])


def _walk(source: Source, keys: tuple[str, ...]) -> Iterator[tuple[str, JsonValue]]:
    document = source.document
    if isinstance(document, dict):
        for key in keys:
            if isinstance(listed := document.get(key), list):
                yield from ((f"/{key}/{index}", entry) for index, entry in enumerate(listed))
                return
        yield ("line 1" if source.is_one_line else WHOLE), document
    elif isinstance(document, list):
        yield from walk_array(document)
    else:
        yield WHOLE, document


def walk_array(array: list[JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Yield the elements of an array with their places; of one of arrays alone, those of each."""
    paged = all(isinstance(one, list) for one in array)
    for index, entry in enumerate(array):
        if paged and isinstance(entry, list):
            yield from ((f"/{index}/{number}", each) for number, each in enumerate(entry))
        else:
            yield f"/{index}", entry


def _open_page(
    place: str, value: JsonValue, keys: tuple[str, ...]
) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict) and len(value) <= _BESIDE:
        for key in keys:
            if isinstance(listed := value.get(key), list):
                yield from ((join(place, key, i), entry) for i, entry in enumerate(listed))
                return
    yield place, value


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
