"""Data inside the page for its scripts, as JSON that no text of a record can end."""

from __future__ import annotations

import json
from collections.abc import Mapping

from attribution.model.record import JsonValue
from attribution.report import blocks

_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def embed_data(element: str, data: Mapping[str, JsonValue]) -> str:
    """Return a script element of that id that holds `data` and runs nothing."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    for character, spelt in _INERT.items():
        text = text.replace(character, spelt)
    return f'<script type="application/json" id="{element}">{text}</script>'


class Facets:
    """Numbers what rows can be filtered by, in the order in which it is met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def attribute(self, row: blocks.Row) -> str:
        """Return the attribute that a row carries, empty for a row without facets."""
        if not row.facets:
            return ""
        numbers = (str(self._numbers.setdefault(facet, len(self._numbers))) for facet in row.facets)
        return f' data-facets="{" ".join(numbers)}"'

    def to_list(self) -> list[JsonValue]:
        """Return each facet as kind and name, at the place of its number."""
        return [list(facet) for facet in self._numbers]
