"""An insurance policy as data: what each clause turns on, and its amounts. Never its wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from attribution.model.instant import Instant, format_instant, format_optional
from attribution.model.record import JsonValue

HEADS = (
    "business_interruption",
    "dependent_business_interruption",
    "extra_expense",
    "data_restoration",
    "response_cost",
    "third_party_financial",
    "regulatory",
    "contractual_penalty",
    "bodily_injury",
    "property_damage",
    "personal_advertising_injury",
    "other",
)
"""The heads of loss that agreements answer for."""

TIME_ELEMENTS = ("business_interruption", "dependent_business_interruption")
"""The heads that grow with time, from which a waiting period is taken; from expense it is not."""

CLAUSE_KINDS = ("agreement", "exclusion", "condition", "sublimit")
OTHER_INSURANCE = ("primary", "pro_rata", "equal_shares", "excess")
RECOVERY_ORDERS = ("insured_first", "pro_rata", "insurer_first")


@dataclass(frozen=True, slots=True)
class FactTest:
    """What a clause turns on: a kind of fact with its arguments, or `all`, `any`, `not` of tests.

    `fact` is a row of `cover/fact_kinds.yaml`, or one of the three words, with `parts` then.
    """

    fact: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    parts: tuple[FactTest, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the test as a policy file writes it."""
        if self.parts:
            parts: list[JsonValue] = [part.to_dict() for part in self.parts]
            return {self.fact: parts}
        return {"fact": self.fact, **self.arguments}


@dataclass(frozen=True, slots=True)
class Form:
    """A form or endorsement, and where what is said of it comes from.

    `attached` is None where the schedule of endorsements is not at hand. `verified_on` is the day
    on which somebody read the form itself, None where nobody did.
    """

    id: str
    title: str
    attached: bool | None
    source: str
    verified_on: date | None
    confidence: str

    @property
    def standing(self) -> str:
        """Return how far what is said of the form has been checked, in words."""
        if self.verified_on is None:
            return f"not verified against the form (source: {self.source})"
        return f"verified {self.verified_on} (source: {self.source})"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the form by field."""
        return {
            "id": self.id,
            "title": self.title,
            "attached": self.attached,
            "source": self.source,
            "verified_on": None if self.verified_on is None else self.verified_on.isoformat(),
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """The amounts of an insuring agreement.

    `coinsurance` is the part of the loss above the retention that the insured bears, in [0, 1].
    `waiting` says what the waiting period does: `excluded` (the loss of those hours is not paid) or
    `qualifying` (once it is over, all is).
    """

    limit: Decimal | None = None
    retention: Decimal = Decimal(0)
    coinsurance: Decimal = Decimal(0)
    waiting_hours: Decimal = Decimal(0)
    waiting: str = "excluded"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the amounts as decimal text."""
        return {
            "limit": None if self.limit is None else str(self.limit),
            "retention": str(self.retention),
            "coinsurance": str(self.coinsurance),
            "waiting_hours": str(self.waiting_hours),
            "waiting": self.waiting,
        }


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: a paraphrase of what it turns on, and the test.

    An agreement that is met grants cover for its `heads`, an exclusion that is met takes it away
    (for its `heads`, all where there are none), a condition that is met is complied with, a
    sublimit that is met bounds what the agreements in `applies_to` pay together. An empty
    `applies_to` means all. `reduces_to` is the part that is still paid where a condition is not
    complied with: 0 where that bars cover.
    """

    id: str
    kind: str
    title: str
    turns_on: str
    test: FactTest
    form: str | None = None
    applies_to: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    terms: Terms | None = None
    sublimit: Decimal | None = None
    reduces_to: Decimal = Decimal(0)

    def concerns(self, agreement: str) -> bool:
        """Return whether the clause bears on an agreement."""
        return not self.applies_to or agreement in self.applies_to

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the clause by field."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "turns_on": self.turns_on,
            "test": self.test.to_dict(),
            "form": self.form,
            "applies_to": list(self.applies_to),
            "heads": list(self.heads),
            "terms": None if self.terms is None else self.terms.to_dict(),
            "sublimit": None if self.sublimit is None else str(self.sublimit),
            "reduces_to": str(self.reduces_to),
        }


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """Another policy that answers for the same loss, and its limit for it."""

    title: str
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Subrogation:
    """What the policy says of recovery from others.

    `waived_for` are parties against whom recovery was waived; `order` who is made good first.
    """

    waived_for: tuple[str, ...] = ()
    order: str = "insured_first"


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """Where notice under the policy goes, as a role, and within how many days; None: promptly."""

    role: str
    address: str
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class InsurancePolicy:
    """A policy. Amounts are in `currency`; `period` includes its start and not its end.

    `limit` is for each claim; `aggregate` for all of the period, of which `used` is gone. `sha256`
    is that of the policy file.
    """

    id: str
    title: str
    insurer: str
    currency: str
    trigger: str
    start: Instant
    end: Instant
    limit: Decimal
    clauses: tuple[Clause, ...]
    forms: tuple[Form, ...] = ()
    schedule_complete: bool = False
    retroactive: Instant | None = None
    reporting_days: int | None = None
    aggregate: Decimal | None = None
    used: Decimal = Decimal(0)
    other_method: str = "primary"
    others: tuple[OtherPolicy, ...] = ()
    subrogation: Subrogation = field(default_factory=Subrogation)
    notices: tuple[NoticeAddress, ...] = ()
    synthetic: bool = False
    note: str = ""
    sha256: str = ""

    @property
    def available(self) -> Decimal:
        """Return what is left to pay for this claim under the limits of the policy."""
        if self.aggregate is None:
            return self.limit
        return min(self.limit, max(Decimal(0), self.aggregate - self.used))

    def clause(self, clause_id: str) -> Clause:
        """Return the clause with this id; KeyError where there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def of_kind(self, kind: str) -> tuple[Clause, ...]:
        """Return the clauses of one of `CLAUSE_KINDS`, in the policy's order."""
        return tuple(clause for clause in self.clauses if clause.kind == kind)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the policy by field; money as decimal text."""
        return {
            "id": self.id,
            "title": self.title,
            "insurer": self.insurer,
            "currency": self.currency,
            "trigger": self.trigger,
            "period": {"from": format_instant(self.start), "to": format_instant(self.end)},
            "retroactive_date": format_optional(self.retroactive),
            "reporting_days": self.reporting_days,
            "limit": str(self.limit),
            "aggregate": None if self.aggregate is None else str(self.aggregate),
            "used": str(self.used),
            "forms": [form.to_dict() for form in self.forms],
            "schedule_complete": self.schedule_complete,
            "clauses": [clause.to_dict() for clause in self.clauses],
            "other_insurance": {
                "method": self.other_method,
                "others": [{"title": o.title, "limit": str(o.limit)} for o in self.others],
            },
            "subrogation": {
                "waived_for": list(self.subrogation.waived_for),
                "order": self.subrogation.order,
            },
            "notices": [
                {"role": n.role, "address": n.address, "within_days": n.within_days}
                for n in self.notices
            ],
            "synthetic": self.synthetic,
            "note": self.note,
            "sha256": self.sha256,
        }
