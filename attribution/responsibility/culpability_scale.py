"""The scale of the culpability worksheet, read from `culpability.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attribution.model.worksheet import FactorSource, Grade
from attribution.tablefile import read_table


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a factor: what it says, by how much it moves low and high, who may grade it."""

    says: str
    moves: tuple[float, float]
    by_records: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor, what it asks, the sources that name it, and its levels."""

    title: str
    asks: str
    sources: tuple[str, ...]
    levels: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class Scale:
    """The whole table: factors in their order, how far the range may go, efforts, sources."""

    factors: Mapping[str, Factor]
    bounds: tuple[float, float]
    burdens: Mapping[str, str]
    sources: Mapping[str, FactorSource]

    def grade(self, factor: str, level: str, reason: str, evidence: tuple[str, ...] = ()) -> Grade:
        """Return a grade at one of the levels that records can show."""
        row = self.factors[factor]
        found = row.levels[level]
        return Grade(
            factor,
            row.title,
            level,
            found.says,
            found.moves,
            reason,
            evidence,
            level != "not_visible",
            tuple(self.sources[name] for name in row.sources),
        )

    def suggest(self, grades: tuple[Grade, ...]) -> tuple[float, float]:
        """Return 1 moved by every grade, low and high, within the bounds of the table."""
        least, most = self.bounds
        low = 1 + sum(grade.moves[0] for grade in grades)
        high = 1 + sum(grade.moves[1] for grade in grades)
        return max(least, min(low, most)), max(least, min(high, most))


@cache
def load_scale() -> Scale:
    """Return the table as shipped."""
    table = read_table(Path(__file__).with_name("culpability.yaml"))
    return Scale(
        {
            name: Factor(
                row["title"],
                row["asks"],
                tuple(row["sources"]),
                {
                    level: Level(
                        entry["says"],
                        (float(entry["moves"][0]), float(entry["moves"][1])),
                        entry["from"] == "records",
                    )
                    for level, entry in row["levels"].items()
                },
            )
            for name, row in table["factors"].items()
        },
        (float(table["bounds"][0]), float(table["bounds"][1])),
        {name: effort for effort, names in table["burdens"].items() for name in names},
        {name: FactorSource(**row) for name, row in table["sources"].items()},
    )
