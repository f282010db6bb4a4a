"""What moves the shares: contested claims, positions side by side, and what if it had been so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.model.interval import Interval
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Crux:
    """A contested claim and how far each party's share moves when it is settled.

    `when_true` and `when_false` are shares by party, None on a side that the rest of the record
    makes impossible.
    """

    claim: str
    statement: str
    node: str
    when_true: Mapping[str, float] | None
    when_false: Mapping[str, float] | None
    swing: Mapping[str, float]
    max_swing: float

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the crux entry of `attribution attribute --json` and `compare --json`."""
        return {
            "claim": self.claim,
            "statement": self.statement,
            "node": self.node,
            "when_true": None if self.when_true is None else dict(self.when_true),
            "when_false": None if self.when_false is None else dict(self.when_false),
            "swing": dict(self.swing),
            "max_swing": self.max_swing,
        }


@dataclass(frozen=True, slots=True)
class CruxPair:
    """Two contested claims that together move a share further than either does alone.

    `beyond` is by how much the pair's largest swing exceeds the larger of the two claims' own.
    """

    claims: tuple[str, str]
    swing: Mapping[str, float]
    beyond: float

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the pair's entry of `attribution compare --json`."""
        return {"claims": list(self.claims), "swing": dict(self.swing), "beyond": self.beyond}


@dataclass(frozen=True, slots=True)
class PositionResult:
    """The shares under one position; None with a reason where its facts cannot all be true.

    `computed` is false where there was no time to find out; `caveat` says in which way the numbers
    are not exact.
    """

    id: str
    title: str
    held_by: str | None
    holds: Mapping[str, bool]
    shares: Mapping[str, Interval] | None
    unattributed: Interval | None
    reason: str | None = None
    computed: bool = True
    caveat: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return one row of the table positions x parties."""
        return {
            "id": self.id,
            "title": self.title,
            "held_by": self.held_by,
            "holds": dict(self.holds),
            "shares": None
            if self.shares is None
            else {party: dict(share.to_dict()) for party, share in self.shares.items()},
            "unattributed": None
            if self.unattributed is None
            else dict(self.unattributed.to_dict()),
            "reason": self.reason,
            "caveat": self.caveat,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Positions side by side, what they agree on, and the cruxes ranked by how much they move.

    `limits` are sentences on what there was no time for, and on what is a mere estimate.
    """

    positions: tuple[PositionResult, ...]
    agreed: tuple[str, ...]
    cruxes: tuple[Crux, ...]
    pairs: tuple[CruxPair, ...] = ()
    limits: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution compare --json`."""
        return {
            "positions": [position.to_dict() for position in self.positions],
            "agreed": list(self.agreed),
            "cruxes": [crux.to_dict() for crux in self.cruxes],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "limits": list(self.limits),
        }


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The outcome and the shares had some nodes had other values.

    `harm_probability` is, by harm item, the probability that the harm happens all the same, given
    everything that was observed. `shares` is None, with a reason, when the harm could not happen.
    `caveat` says in which way the numbers are not exact.
    """

    settings: Mapping[str, int]
    harm_probability: Mapping[str, float]
    shares: Mapping[str, Interval] | None
    unattributed: Interval | None
    baseline: Mapping[str, Interval]
    reason: str | None = None
    caveat: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution whatif --json`."""
        return {
            "settings": dict(self.settings),
            "harm_probability": dict(self.harm_probability),
            "shares": None
            if self.shares is None
            else {party: dict(share.to_dict()) for party, share in self.shares.items()},
            "unattributed": None
            if self.unattributed is None
            else dict(self.unattributed.to_dict()),
            "baseline": {party: dict(share.to_dict()) for party, share in self.baseline.items()},
            "reason": self.reason,
            "caveat": self.caveat,
        }
