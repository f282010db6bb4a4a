"""The table of what a review can be found to be: each name with its meaning and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("findings.yaml")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for, and what says so; `address` is None where nothing is published."""

    statement: str
    source: str
    address: str | None


@cache
def load_findings(part: str) -> Mapping[str, Meaning]:
    """Return the meanings of a part of the table, `defects` or `shortfalls`, by name."""
    rows = read_table(TABLE)[part]
    return {row["id"]: Meaning(row["statement"], row["source"], row["address"]) for row in rows}
