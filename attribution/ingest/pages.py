"""Walks listings that come in pages: one page, an array of them, or one a line.

Whoever exports from an API gets pages: an object with the entries under a key and, under another,
what leads to the next page. `jq -s` makes an array of them, `curl >>` one a line or one after
another, which is read as an array of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import WHOLE, join, name_type, walk_array, walk_lines
from attribution.ingest.fields import EMPTY, Table, find, items
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_FIRST = 20


def walk_pages(
    source: Source, intake: Intake, *keys: str, more: tuple[str, ...] = ()
) -> Iterator[tuple[str, Table]]:
    """Yield each entry that is an object, with its place; what is none is rejected with its place.

    The entries of a page are the array under the first of `keys` that holds one; an object without
    one is an entry itself. `more` are the keys that lead to what a page says follows it: where
    every page says so, the intake is told that the listing was not read to its end.
    """
    rest: list[JsonValue] = []
    values = walk_lines(source, intake) if source.kind == "lines" else _walk(source)
    for place, value in values:
        listing, page = _listing(value, keys)
        if listing is not None:
            rest.append(find(page, *more) if more else None)
        for where, entry in _entries(place, value, listing):
            if isinstance(entry, dict):
                yield where, entry
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")
    if rest and all(rest):
        what = "true" if rest[-1] is True else "set"
        intake.truncate(f"the listing was not read to its end: {'.'.join(more)} is {what}")


def first_entries(source: Source, *keys: str) -> list[Table]:
    """Return the objects among the first entries: what a format is told by."""
    values = [("", value) for value in source.sample] if source.kind == "lines" else _walk(source)
    entries = (
        entry
        for place, value in values
        for _, entry in _entries(place, value, _listing(value, keys)[0])
    )
    return [
        entry for _, entry in zip(range(_FIRST), entries, strict=False) if isinstance(entry, dict)
    ]


def first_pages(source: Source) -> list[Table]:
    """Return the objects that stand outermost at the start: pages, or entries alone."""
    values = (
        list(source.sample) if source.kind == "lines" else [value for _, value in _walk(source)]
    )
    return [value for value in values[:_FIRST] if isinstance(value, dict)]


def _walk(source: Source) -> Iterator[tuple[str, JsonValue]]:
    document = source.document
    if isinstance(document, list):
        yield from walk_array(document)
    else:
        yield WHOLE, document


def _listing(value: JsonValue, keys: tuple[str, ...]) -> tuple[str | None, Table]:
    """Return the key under which a page has its entries, None for what is no page; and the page."""
    page: Table = value if isinstance(value, dict) else EMPTY
    return next((key for key in keys if isinstance(page.get(key), list)), None), page


def _entries(place: str, value: JsonValue, listing: str | None) -> Iterator[tuple[str, JsonValue]]:
    if listing is None or not isinstance(value, dict):
        yield place, value
        return
    for index, entry in enumerate(items(value[listing])):
        yield join(place, listing, index), entry
