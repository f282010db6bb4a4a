"""Shares with their ranges, traced to breaches, for all harm items and for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from attribution.model.comparison import Crux
from attribution.model.interval import Interval
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class BreachShare:
    """One unmet duty's part of its party's share.

    `points` sum over a party's breaches to its `share.point`; `potency` to its potency.
    `necessity` is the plain but-for probability; `witness` says with which other facts held as
    they were the difference shows, and is None where the breach made none.
    """

    node: str
    statement: str
    duty: str
    points: float
    potency: float
    culpability: Interval
    necessity: float
    evidence: tuple[str, ...]
    counterfactual: str
    witness: Mapping[str, JsonValue] | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the breach entry of `attribution attribute --json`."""
        return {
            "node": self.node,
            "statement": self.statement,
            "duty": self.duty,
            "points": self.points,
            "potency": self.potency,
            "culpability": dict(self.culpability.to_dict()),
            "necessity": self.necessity,
            "evidence": list(self.evidence),
            "counterfactual": self.counterfactual,
            "witness": None if self.witness is None else dict(self.witness),
        }


@dataclass(frozen=True, slots=True)
class PartyShare:
    """A party's share of the harm, on both axes, traced to its breaches."""

    id: str
    name: str
    role: str
    share: Interval
    potency: float
    culpability: Interval
    necessity: float
    breaches: tuple[BreachShare, ...]
    sufficiency: float | None = None

    @property
    def is_more_likely_than_not_necessary(self) -> bool:
        """Whether plain but-for holds on the balance of probabilities: necessity over 1/2."""
        return self.necessity > 0.5  # noqa: PLR2004 - the balance itself

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the party entry of `attribution attribute --json`."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "share": dict(self.share.to_dict()),
            "potency": self.potency,
            "culpability": dict(self.culpability.to_dict()),
            "necessity": self.necessity,
            "more_likely_than_not_necessary": self.is_more_likely_than_not_necessary,
            "sufficiency": self.sufficiency,
            "breaches": [breach.to_dict() for breach in self.breaches],
        }


@dataclass(frozen=True, slots=True)
class HarmShare:
    """One harm item: its amount range and what of it each party bears at the point estimate.

    `shares` and `unattributed` are None where there was no time to compute them.
    """

    id: str
    title: str
    node: str
    currency: str
    low: Decimal
    point: Decimal
    high: Decimal
    shares: Mapping[str, float] | None
    unattributed: float | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the harm entry of `attribution attribute --json`; money is decimal text."""
        return {
            "id": self.id,
            "title": self.title,
            "node": self.node,
            "currency": self.currency,
            "amount": {"low": str(self.low), "point": str(self.point), "high": str(self.high)},
            "shares": None if self.shares is None else dict(self.shares),
            "unattributed": self.unattributed,
        }


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """The point shares with one credence or culpability at either end of its range.

    `of` is the uncertain fact or the breach; a side that cannot be is None.
    """

    of: str
    kind: str
    ends: tuple[float, float]
    low: Mapping[str, float] | None
    high: Mapping[str, float] | None
    swing: float

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the bar's entry of `attribution attribute --json`."""
        return {
            "of": self.of,
            "kind": self.kind,
            "ends": list(self.ends),
            "low": None if self.low is None else dict(self.low),
            "high": None if self.high is None else dict(self.high),
            "swing": self.swing,
        }


@dataclass(frozen=True, slots=True)
class RangeSource:
    """By how much each party's range narrows when one entry is known to be at its point.

    `kind` is `credence` (`entry` is a kind of evidence), `effectiveness` (a control), `contested`
    (a node), `stated` (a node that a person gave numbers) or `culpability` (a breach); `nodes` are
    those it gives a range to. `narrower` is in [-1, 1] by party: the width of the range less its
    width then.
    """

    kind: str
    entry: str
    nodes: tuple[str, ...]
    narrower: Mapping[str, float]

    @property
    def largest(self) -> float:
        """Return by how much the range narrows that narrows most."""
        return max(self.narrower.values(), default=0.0)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry's part of `attribution attribute --json`."""
        return {
            "kind": self.kind,
            "entry": self.entry,
            "nodes": list(self.nodes),
            "narrower": dict(self.narrower),
        }


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who bears how much, over all harm items.

    `method` records rule, exactness, worlds, uncertain facts and the versions of the tables used;
    `notes` are sentences the reader must see (where plain but-for answers differently, ...);
    `limits` are sentences on what there was no time for, and on what is a mere estimate.
    """

    case: str
    parties: tuple[PartyShare, ...]
    unattributed: Interval
    harms: tuple[HarmShare, ...]
    by_role: Mapping[str, Interval]
    method: Mapping[str, JsonValue]
    cruxes: tuple[Crux, ...] = ()
    v: Mapping[str, float] = field(default_factory=dict)
    other_rules: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    tornado: tuple[TornadoBar, ...] = ()
    range_sources: tuple[RangeSource, ...] = ()
    limits: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution attribute --json`."""
        return {
            "case": self.case,
            "parties": [party.to_dict() for party in self.parties],
            "unattributed": dict(self.unattributed.to_dict()),
            "harms": [harm.to_dict() for harm in self.harms],
            "by_role": {role: dict(share.to_dict()) for role, share in self.by_role.items()},
            "method": dict(self.method),
            "cruxes": [crux.to_dict() for crux in self.cruxes],
            "v": dict(self.v),
            "other_rules": {rule: dict(row) for rule, row in self.other_rules.items()},
            "notes": list(self.notes),
            "tornado": [bar.to_dict() for bar in self.tornado],
            "range_sources": [source.to_dict() for source in self.range_sources],
            "limits": list(self.limits),
        }
