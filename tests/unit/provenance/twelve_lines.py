"""Twelve lines of code, of which a commit gets one wrong."""

from __future__ import annotations

from tests.unit.provenance.histories import numbered

CODE = numbered(12)


def change(number: int, line: str, lines: list[str] = CODE) -> list[str]:
    """Return the lines with one replaced, counted from 1."""
    return [*lines[: number - 1], line, *lines[number:]]


WRONG = change(6, "total = collect(records, limit=10)")


RIGHT = change(6, "total = collect(records, limit=100)")
