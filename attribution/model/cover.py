"""Whether and how much a policy pays for a case: clause by clause, and per open question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from attribution.model.instant import Instant, format_optional
from attribution.model.loss import Range
from attribution.model.manifest import InsuranceEntry
from attribution.model.policy import InsurancePolicy
from attribution.model.record import JsonValue
from attribution.model.recovery import Limitation, NoticeDue, RecoveryTarget

MET = "met"
NOT_MET = "not_met"
OPEN = "open"
ANSWERS = (MET, NOT_MET, OPEN)
ENDS = ("low", "likely", "high")


@dataclass(frozen=True, slots=True)
class LossItem:
    """A piece of loss under one head (of `policy.HEADS`), None where nobody said which.

    `start` and `end` bound the stretch it grew over, for a waiting period. `source` says where its
    amount comes from.
    """

    id: str
    title: str
    head: str | None
    amount: Range
    start: Instant | None = None
    end: Instant | None = None
    evidence: tuple[str, ...] = ()
    source: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the piece of loss."""
        return {
            "id": self.id,
            "title": self.title,
            "head": self.head,
            "amount": self.amount.to_dict(),
            "from": format_optional(self.start),
            "to": format_optional(self.end),
            "evidence": list(self.evidence),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the records say of a fact: one of `ANSWERS`, why, and on what evidence.

    Where it is open, `settles` says which record or whose answer would settle it, and `positions`
    what each side says, where they disagree. `unshown` means that nothing on record speaks of it.
    """

    status: str
    because: str
    evidence: tuple[str, ...] = ()
    settles: str = ""
    positions: tuple[str, ...] = ()
    unshown: bool = False


@dataclass(frozen=True, slots=True)
class ClauseFinding:
    """A clause held against the case. `decided_by` names the person whose answer it is."""

    clause: str
    answer: Answer
    decided_by: str | None = None
    decided_at: Instant | None = None

    @property
    def is_assumed(self) -> bool:
        """Whether it is open because nothing on record speaks of it."""
        return self.answer.status == OPEN and self.answer.unshown

    def to_dict(self) -> dict[str, JsonValue]:
        """Return clause, status, reason, evidence and what would settle it."""
        return {
            "clause": self.clause,
            "status": self.answer.status,
            "because": self.answer.because,
            "evidence": list(self.answer.evidence),
            "settles": self.answer.settles,
            "positions": list(self.answer.positions),
            "nothing_on_record": self.answer.unshown,
            "decided_by": self.decided_by,
            "decided_at": format_optional(self.decided_at),
        }


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """One step from the loss to the payment: what it was before and after, and by which rule."""

    clause: str | None
    rule: str
    before: Decimal
    after: Decimal

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the step; money as decimal text."""
        return {
            "clause": self.clause,
            "rule": self.rule,
            "before": str(self.before),
            "after": str(self.after),
        }


@dataclass(frozen=True, slots=True)
class Payment:
    """What becomes of a loss: `insurer` + `others` + `insured` = `loss`, to the cent."""

    loss: Decimal
    insurer: Decimal
    others: Decimal
    insured: Decimal
    steps: tuple[PaymentStep, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return who bears what, and the steps."""
        return {
            "loss": str(self.loss),
            "insurer": str(self.insurer),
            "other_insurers": str(self.others),
            "insured": str(self.insured),
            "steps": [step.to_dict() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Way:
    """One way to settle the open questions, and what is paid then.

    `settled` has True (met), False (not met) or None (either way) for each open clause that bears
    on the payment. `payments` are at the low, likely and high loss.
    """

    settled: Mapping[str, bool | None]
    payments: tuple[Payment, Payment, Payment]

    @property
    def insurer(self) -> Range:
        """Return what this policy pays."""
        low, likely, high = (payment.insurer for payment in self.payments)
        return Range(low, likely, high)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the answers and the payments by the end of the loss."""
        return {
            "settled": dict(self.settled),
            "pays": self.insurer.to_dict(),
            "payments": {
                end: payment.to_dict() for end, payment in zip(ENDS, self.payments, strict=True)
            },
        }


@dataclass(frozen=True, slots=True)
class Reserve:
    """What to set aside: a range, with its reasons.

    `likely` of the indemnity is None while open questions decide cover. `expense` is a person's
    entry, None where there is none. `as_of` is when the last of what it rests on was collected,
    notified, claimed or decided; None where no date is on record.
    """

    low: Decimal
    likely: Decimal | None
    high: Decimal
    expense: Range | None
    reasons: tuple[str, ...]
    as_of: Instant | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the reserve."""
        return {
            "indemnity": {
                "low": str(self.low),
                "likely": None if self.likely is None else str(self.likely),
                "high": str(self.high),
            },
            "expense": None if self.expense is None else self.expense.to_dict(),
            "reasons": list(self.reasons),
            "as_of": format_optional(self.as_of),
        }


@dataclass(frozen=True, slots=True)
class Cover:
    """A policy held against a case, with what the case says was done under it (`entry`).

    `ways` is empty where too many questions are open to list them; `bounds` hold in any case.
    `deciding` are the open clauses that bear on the payment, `assumed` those that were taken not to
    bite because nothing on record speaks of them. `limits` say what a reader must know, `doubts`
    why the loss may be another than it says. `onset` is when the failure began, at the earliest.
    Amounts mean nothing where `is_priced` is false.
    """

    policy: InsurancePolicy
    entry: InsuranceEntry
    findings: tuple[ClauseFinding, ...]
    heads: tuple[LossItem, ...]
    loss: Range
    ways: tuple[Way, ...]
    bounds: tuple[Decimal, Decimal]
    deciding: tuple[str, ...]
    assumed: tuple[str, ...]
    recovery: tuple[RecoveryTarget, ...]
    limitation: tuple[Limitation, ...]
    notices: tuple[NoticeDue, ...]
    reserve: Reserve
    limits: tuple[str, ...]
    onset: Instant | None = None
    doubts: tuple[str, ...] = ()

    @property
    def is_priced(self) -> bool:
        """Whether any loss is on record in the policy's currency."""
        return bool(self.heads)

    @property
    def recovered_at_most(self) -> Decimal | None:
        """Return the most that the insurer gets back from all, None where there is nobody.

        Each target is reckoned by itself; together they give no more than what it paid.
        """
        free = [target for target in self.recovery if not target.barred]
        whole = sum((target.to_insurer.high for target in free), Decimal(0))
        return min(whole, self.bounds[1]) if free else None

    @property
    def insured(self) -> tuple[str, ...]:
        """Return the parties that the policy insures."""
        return self.entry.insured

    def finding(self, clause: str) -> ClauseFinding:
        """Return the finding on a clause; KeyError where there is none."""
        for finding in self.findings:
            if finding.clause == clause:
                return finding
        raise KeyError(clause)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution cover --json`."""
        low, high = self.bounds
        bounds: JsonValue = {"low": str(low), "high": str(high)}
        ways: list[JsonValue] = [way.to_dict() for way in self.ways]
        reserve = self.reserve.to_dict()
        if not self.is_priced:
            bounds, ways, reserve = None, [], {**reserve, "indemnity": None}
        return {
            "policy": self.policy.to_dict(),
            "insured": list(self.insured),
            "clauses": [finding.to_dict() for finding in self.findings],
            "heads": [head.to_dict() for head in self.heads],
            "loss": self.loss.to_dict() if self.is_priced else None,
            "ways": ways,
            "bounds": bounds,
            "deciding": list(self.deciding),
            "assumed": list(self.assumed),
            "recovery": [target.to_dict() for target in self.recovery],
            "limitation": [row.to_dict() for row in self.limitation],
            "notices": [notice.to_dict() for notice in self.notices],
            "reserve": reserve,
            "limits": list(self.limits),
            "onset": format_optional(self.onset),
            "doubts": list(self.doubts),
        }
