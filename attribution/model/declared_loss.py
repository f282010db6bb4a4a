"""What a case declares about loss: figures with their evidence, and what a person decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from attribution.model.loss import CreditTier, Range


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
