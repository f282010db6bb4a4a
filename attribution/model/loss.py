"""What a case declares about loss, and what comes of it: heads, steps and totals, all as ranges.

Amounts are exact decimals in one currency. Nothing here says who owes a loss: shares and regimes
are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
class Estimate:
    """A figure that a person states, on what evidence (references such as `E13#line 4`)."""

    value: Range
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class CostItem:
    """One cost: an amount, or hours at a rate; `less` is what of it is no loss, as betterment."""

    id: str
    title: str
    amount: Estimate | None = None
    hours: Estimate | None = None
    rate: Estimate | None = None
    less: Estimate | None = None

    def cited(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the key of each figure, and its evidence."""
        given = {"amount": self.amount, "hours": self.hours, "rate": self.rate, "less": self.less}
        yield from ((key, figure.evidence) for key, figure in given.items() if figure is not None)


@dataclass(frozen=True, slots=True)
class CreditTier:
    """Below this monthly uptime, in per cent, the credit is this many per cent of the fees."""

    below: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class CreditSchedule:
    """A service level agreement's credits for one calendar month (`2026-03`, in UTC).

    `downtime` and `excluded` are minutes; without `downtime` it is that of the timeline.
    """

    id: str
    title: str
    month: str
    fees: Estimate
    tiers: tuple[CreditTier, ...]
    cap: Decimal
    downtime: Estimate | None = None
    excluded: Estimate | None = None
    evidence: tuple[str, ...] = ()

    def cited(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the key of each figure, and its evidence; the tiers as one figure."""
        given = {"fees": self.fees, "downtime": self.downtime, "excluded": self.excluded}
        yield from ((key, figure.evidence) for key, figure in given.items() if figure is not None)
        yield "tiers", self.evidence


@dataclass(frozen=True, slots=True)
class Avoidable:
    """What reasonable steps would have saved of a head, by a person's judgement."""

    of: str
    amount: Estimate
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class Distinct:
    """A person's word that two heads do not have the same money in them."""

    heads: tuple[str, str]
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class DeclaredLoss:
    """The key `loss` of a case: inputs by head and name, and what a person decided about them.

    `measures` has the inputs of the heads that go by a formula, `costs` those that are sums of
    items. `counts` is which of several measures of one interruption goes into the total.
    """

    currency: str
    borne_by: str
    counts: str | None = None
    phases: Mapping[str, Estimate] = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    costs: Mapping[str, tuple[CostItem, ...]] = field(default_factory=dict)
    schedules: tuple[CreditSchedule, ...] = ()
    avoidable: tuple[Avoidable, ...] = ()
    distinct: tuple[Distinct, ...] = ()

    def cited(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the place of every figure declared, `phases.response` say, and its evidence."""
        for head, given in {"phases": self.phases, **self.measures}.items():
            yield from ((f"{head}.{name}", estimate.evidence) for name, estimate in given.items())
        listed: list[tuple[str, CostItem | CreditSchedule]] = [
            *((head, item) for head, items in self.costs.items() for item in items),
            *(("service_credits", schedule) for schedule in self.schedules),
        ]
        for head, item in listed:
            yield from ((f"{head}.{item.id}.{key}", evidence) for key, evidence in item.cited())
        yield from ((f"avoidable.{entry.of}", entry.amount.evidence) for entry in self.avoidable)


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
