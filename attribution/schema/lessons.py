"""The lists `actions` and `tellings` of a checked manifest, as typed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attribution.model.lessons import Action, Telling
from attribution.schema.values import read_texts

Entries = Iterable[Mapping[str, Any]] | None


def build_actions(entries: Entries) -> tuple[Action, ...]:
    """Return the actions in the order in which they stand."""
    return tuple(
        Action(**_given(entry) | {"on": read_texts(entry.get("on"))}) for entry in entries or ()
    )


def build_tellings(entries: Entries) -> tuple[Telling, ...]:
    """Return the tellings in the order in which they stand."""
    return tuple(Telling(**_given(entry)) for entry in entries or ())


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in entry.items() if value is not None}
    return given | {"evidence": read_texts(entry.get("evidence"))}
