"""What comes of a loss: heads, steps and totals, all as ranges.

Amounts are exact decimals in one currency; what a case declares is in
`attribution.model.declared_loss`. Nothing here says who owes a loss: shares and regimes
are elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from attribution.model.record import JsonValue

PHASES = ("detection", "response", "restoration")
"""Start to detection, detection to mitigation, mitigation to recovery."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure that is not known exactly: `low <= likely <= high`."""

    low: Decimal
    likely: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            message = f"not a range: low {self.low}, likely {self.likely}, high {self.high}"
            raise ValueError(message)

    @classmethod
    def exactly(cls, value: Decimal | int) -> Range:
        """Return the range of a figure that is known."""
        whole = Decimal(value)
        return cls(whole, whole, whole)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the three as decimal strings."""
        return {
            "low": format(self.low, "f"),
            "likely": format(self.likely, "f"),
            "high": format(self.high, "f"),
        }


NOTHING = Range.exactly(0)


@dataclass(frozen=True, slots=True)
class CreditTier:
    """Below this monthly uptime, in per cent, the credit is this many per cent of the fees."""

    below: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class LossFigure:
    """An input or a step; a step has a formula over figures named before it, an input has none.

    `unit` is `money`, `money/h`, `percent`, `hours`, `minutes` or `part` (of 1). `places` are the
    decimals a step is rounded to, half away from zero; None where it is not rounded. `signed` says
    that it can be below 0, whatever is entered.
    """

    name: str
    head: str
    title: str
    unit: str
    value: Range
    formula: str = ""
    places: int | None = None
    source: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""
    signed: bool = False

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the figure by field."""
        return {
            "name": self.name,
            "head": self.head,
            "title": self.title,
            "unit": self.unit,
            "value": self.value.to_dict(),
            "formula": self.formula or None,
            "places": self.places,
            "source": self.source or None,
            "evidence": list(self.evidence),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class LossHead:
    """One head of loss: before and after what could have been avoided, and whether it counts.

    `by_phase` allots `net` to the phases of the outage where time drives it, by `weights`, and is
    empty else.
    """

    id: str
    title: str
    counted: bool
    why: str
    gross: Range
    avoidable: Range
    net: Range
    result: str
    by_phase: Mapping[str, Range] = field(default_factory=dict)
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    waiting_hours: Range | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the head by field; `result` names the figure that `net` is."""
        waiting = self.waiting_hours
        return {
            "id": self.id,
            "title": self.title,
            "counted": self.counted,
            "why": self.why,
            "gross": self.gross.to_dict(),
            "avoidable": self.avoidable.to_dict(),
            "net": self.net.to_dict(),
            "result": self.result,
            "by_phase": {phase: amount.to_dict() for phase, amount in self.by_phase.items()},
            "waiting_hours": None if waiting is None else waiting.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two counted heads that may have the same money in them.

    `state` is `open` or `said_distinct`; `at_stake` is the most that could be counted twice.
    """

    heads: tuple[str, str]
    question: str
    state: str
    because: str
    at_stake: Range

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the overlap by field."""
        return {
            "heads": list(self.heads),
            "question": self.question,
            "state": self.state,
            "because": self.because,
            "at_stake": self.at_stake.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class LossAssessment:
    """A loss in one currency: each figure, each head, the total of the heads that count.

    `interruption_hours` is how long the outage lasted by the records, None where they do not show
    it; `waiting_hours` that of the business interruption which counts, None where there is none;
    `total` is None where no head that counts could be computed.
    `missing` are heads that could not be computed, each with the reason; `tiers` the tables that
    formulas look up.
    """

    currency: str
    borne_by: str
    total: Range | None
    heads: tuple[LossHead, ...]
    figures: tuple[LossFigure, ...]
    overlaps: tuple[Overlap, ...]
    missing: Mapping[str, str]
    notices: tuple[str, ...]
    tiers: Mapping[str, tuple[CreditTier, ...]] = field(default_factory=dict)
    phase_hours: Mapping[str, Range] = field(default_factory=dict)
    interruption_hours: Range | None = None
    waiting_hours: Range | None = None

    def head(self, head_id: str) -> LossHead | None:
        """Return a head by its id, None where the case has none of it."""
        return next((head for head in self.heads if head.id == head_id), None)

    def figure(self, name: str) -> LossFigure:
        """Return an input or a step by its name; KeyError where there is none."""
        return {figure.name: figure for figure in self.figures}[name]

    def unit(self, figure: LossFigure) -> str:
        """Return the unit of a figure as it is shown: with the currency, per cent as a sign."""
        return figure.unit.replace("money", self.currency).replace("percent", "%")

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution loss --json`; money as decimal strings."""
        hours, waiting = self.interruption_hours, self.waiting_hours
        return {
            "currency": self.currency,
            "borne_by": self.borne_by,
            "total": None if self.total is None else self.total.to_dict(),
            "heads": [head.to_dict() for head in self.heads],
            "figures": [figure.to_dict() for figure in self.figures],
            "overlaps": [overlap.to_dict() for overlap in self.overlaps],
            "missing": dict(self.missing),
            "notices": list(self.notices),
            "phase_hours": {phase: hours.to_dict() for phase, hours in self.phase_hours.items()},
            "interruption_hours": None if hours is None else hours.to_dict(),
            "waiting_hours": None if waiting is None else waiting.to_dict(),
        }
