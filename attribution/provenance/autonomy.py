"""The observed autonomy level of a session, by the table `autonomy.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attribution.model.session import Autonomy, Figures
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("autonomy.yaml")


@dataclass(frozen=True, slots=True)
class Level:
    """A row: the level, the person's role in it, and the bounds its measures must keep."""

    level: str
    number: int
    role: str
    when: Mapping[str, Mapping[str, float]]
    why: str

    def fits(self, measures: Mapping[str, float]) -> bool:
        """Whether all measures keep the bounds."""
        return all(
            measures[name] >= bounds.get("at_least", measures[name])
            and measures[name] <= bounds.get("at_most", measures[name])
            for name, bounds in self.when.items()
        )


@cache
def load_levels() -> tuple[Level, ...]:
    """Return the levels, the least autonomous first."""
    return tuple(
        Level(**{**row, "when": MappingProxyType(row["when"])}) for row in _load()["levels"]
    )


@cache
def _load() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(TABLE)
    return MappingProxyType(table)


def observe_autonomy(figures: Figures) -> Autonomy:
    """Return the level that the counts of a session show, with the rule and the counts.

    Decisions of which nobody knows who allowed them are taken both ways: where the level is the
    same, it is the level; where it is not, it is not visible, and lies between the two.
    """
    counts = measure(figures)
    if not figures.decisions:
        return Autonomy(None, None, None, _load()["no_decision"], counts)
    high = _find(counts)
    unknown = figures.approvals["not_visible"]
    low = _find({**counts, "asked": counts["asked"] + unknown})
    if not figures.requests:
        return Autonomy(None, load_levels()[0].level, high.level, _load()["no_request"], counts)
    if low != high:
        why = _load()["not_visible"].format(count=unknown, decisions=figures.decisions)
        return Autonomy(None, low.level, high.level, why, counts)
    return Autonomy(high.level, high.level, high.level, high.why, counts)


def measure(figures: Figures) -> dict[str, float]:
    """Return the measures of the table; see there."""
    decisions = figures.decisions
    refused = figures.approvals["no"]
    by_hand = figures.own_actions + figures.edited + figures.interruptions + refused
    return {
        "decisions": decisions,
        "requests": figures.requests,
        "decisions_per_request": round(decisions / figures.requests, 6) if figures.requests else 0,
        "hand_in": round(by_hand / decisions, 6) if decisions else 0,
        "consulted": figures.answered + max(0, figures.requests - 1),
        "asked": figures.approvals["yes"] + refused,
    }


def _find(counts: Mapping[str, float]) -> Level:
    """Return the first level that fits; without a request on record, none of a request."""
    levels = load_levels()
    if not counts["requests"]:
        levels = tuple(row for row in levels if "decisions_per_request" not in row.when)
    return next(level for level in levels if level.fits(counts))
