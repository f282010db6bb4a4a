"""Fields of a decoded record taken out by type: a field of another type counts as absent."""

from __future__ import annotations

from collections.abc import Mapping

from attribution.model.record import JsonValue

Table = Mapping[str, JsonValue]
EMPTY: Table = {}


def text(value: JsonValue) -> str | None:
    """Return a non-empty text; a whole number (as ids often are) as its digits; else None."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def table(value: JsonValue) -> Table:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else EMPTY


def items(value: JsonValue) -> list[JsonValue]:
    """Return an array, or an empty one."""
    return value if isinstance(value, list) else []


def flag(value: JsonValue) -> bool | None:
    """Return a truth value, also where it is spelt `"true"` or `"false"`; else None."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def number(value: JsonValue) -> int | None:
    """Return a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def find(value: JsonValue | Table, *keys: str) -> JsonValue:
    """Return what stands under nested keys (at least one), None where the way breaks off."""
    found: JsonValue | Table = value
    for key in keys[:-1]:
        found = table(found.get(key)) if isinstance(found, dict) else EMPTY
    return found.get(keys[-1]) if isinstance(found, dict) else None


def stated(**facts: JsonValue) -> dict[str, JsonValue]:
    """Return the facts that are not None: a fact a record does not state is left out."""
    return {key: value for key, value in facts.items() if value is not None}
