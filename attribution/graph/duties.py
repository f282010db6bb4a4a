"""The catalogue of duties over the life of an agent's change, and who owed each when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from attribution.graph.sources import cite
from attribution.graph.tablefile import read_table
from attribution.model.graph import Duty

ACTOR = "actor"
"""In place of a role: the party of whoever acted."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes a duty where `when` holds: a role, or `actor`."""

    role: str
    when: Mapping[str, str]

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Whether every condition is among the facts."""
        return all(facts.get(key) == value for key, value in self.when.items())


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact on which it depends who owed a duty, the roles it can name, and words for it."""

    id: str
    asks: str
    where: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CataloguedDuty:
    """A row of the catalogue.

    `type` is what a control that meets it does: `prevent`, `detect`, `limit` or `recover`. `norm`
    is the value a breach of it would have had, had it been met. `owners` are tried in order; the
    last has no condition. `sources` are ids of `sources.load_sources`, the case's own first.
    """

    id: str
    statement: str
    phase: str
    type: str
    control: str | None
    norm: int
    compliance: str
    owners: tuple[Owner, ...]
    sources: tuple[str, ...]

    def owed_by(self, **facts: str) -> str:
        """Return the role that owed it given these facts (`set_by="vendor"`), or `actor`."""
        return next(owner.role for owner in self.owners if owner.fits(facts))

    def to_duty(self) -> Duty:
        """Return it as a graph names it, owed by whom it is owed where no condition is known."""
        return Duty(
            id=self.id,
            statement=self.statement,
            owed_by=self.owed_by(),
            source=cite(self.sources),
            control=self.control,
            compliance=self.compliance,
        )


@cache
def load_duties() -> Mapping[str, CataloguedDuty]:
    """Return the duties by their ids, in the order of the phases."""
    rows = read_table("duties")["duties"]
    return MappingProxyType({duty: _duty(duty, row) for duty, row in rows.items()})


@cache
def load_phases() -> Mapping[str, str]:
    """Return the phases of the life of an agent's change, in order: id and title."""
    return MappingProxyType(read_table("duties")["phases"])


@cache
def load_conditions() -> Mapping[str, Condition]:
    """Return the facts on which owners depend, by their names."""
    rows = read_table("duties")["conditions"]
    return MappingProxyType(
        {
            name: Condition(name, row["asks"], row["where"], tuple(row["roles"]))
            for name, row in rows.items()
        }
    )


def _duty(duty: str, row: Mapping[str, Any]) -> CataloguedDuty:
    return CataloguedDuty(
        id=duty,
        statement=row["statement"],
        phase=row["phase"],
        type=row["type"],
        control=row.get("control"),
        norm=row["norm"],
        compliance=row["compliance"],
        owners=tuple(
            Owner(owner["role"], MappingProxyType(owner.get("when", {})))
            for owner in row["owed_by"]
        ),
        sources=tuple(row["sources"]),
    )
