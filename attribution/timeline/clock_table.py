"""The table of clocks: whose clock a format's times are, which records compare two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attribution.model.instant import SECOND
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("clocks.yaml")

RANKS = ("service", "server", "host")
"""Who keeps a clock, from the one that is most surely right to the one that is least."""


@dataclass(frozen=True, slots=True)
class ClockKind:
    """Who keeps the clock of a format (its position in `RANKS`), and the system it is part of."""

    rank: int
    system: str | None


@dataclass(frozen=True, slots=True)
class Birth:
    """Which records gave birth to an id: of a system, with certain facts; `id` is its form.

    With `first` it is the first of several that is meant.
    """

    system: str
    id: str
    when: Mapping[str, str]
    first: bool


@dataclass(frozen=True, slots=True)
class ClockTable:
    """The rows of `clocks.yaml`.

    `kinds` have times of their own clock, each with the fact that names the machine, if any.
    `delivery` is how long the fastest automatic message takes at most, in microseconds.
    """

    formats: Mapping[str, ClockKind]
    kinds: Mapping[str, str | None]
    says: Mapping[str, str]
    births: Mapping[str, tuple[Birth, ...]]
    services: Mapping[str, str]
    delivery: int


@cache
def load_clocks() -> ClockTable:
    """Return the table."""
    rows: dict[str, Any] = read_table(TABLE)
    births: dict[str, tuple[Birth, ...]] = {}
    for row in rows["births"]:
        birth = Birth(row["system"], row["id"], row.get("when", {}), row.get("first", False))
        births[row["kind"]] = (*births.get(row["kind"], ()), birth)
    return ClockTable(
        {
            name: ClockKind(RANKS.index(row["clock"]), row.get("system"))
            for name, row in rows["formats"].items()
        },
        {name: row.get("machine") for name, row in rows["kinds"].items()},
        {name: row["says"] for name, row in rows["pairs"].items()},
        births,
        rows["services"],
        rows["longest_fast_delivery_seconds"] * SECOND,
    )
