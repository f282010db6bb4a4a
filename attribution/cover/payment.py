"""From a loss to a payment, layer by layer, to the cent.

The order: heads of loss that an agreement in force answers for; what an exclusion takes out; the
waiting period; the retention; coinsurance; a condition not complied with; the agreement's limit;
sublimits over several agreements; the limit of the policy; other insurance. After each step the
amount is rounded to the cent, half up, and what is not paid stays with the insured, so that
insurer + other insurers + insured = loss holds exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final

from attribution.model.cover import ENDS, LossItem, Payment, PaymentStep
from attribution.model.instant import HOUR, Instant
from attribution.model.policy import TIME_ELEMENTS, Clause, InsurancePolicy, Terms

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
_PLENTY = 60


def to_cents(amount: Decimal | Fraction) -> Decimal:
    """Return an amount rounded to the cent, half up."""
    with localcontext() as context:
        context.prec = _PLENTY
        if isinstance(amount, Fraction):
            amount = Decimal(amount.numerator) / Decimal(amount.denominator)
        return amount.quantize(CENT, ROUND_HALF_UP)


def settle(
    policy: InsurancePolicy,
    heads: tuple[LossItem, ...],
    holds: Mapping[str, bool],
    end: str,
    onset: Instant | None = None,
) -> Payment:
    """Return what the policy pays of the loss at one of `ENDS`, with each step.

    `holds` says of each clause whether its test is met. `onset` is when the failure began, from
    which a waiting period runs.
    """
    return _Settlement(policy, heads, holds, end, onset).settle()


class _Settlement:
    def __init__(
        self,
        policy: InsurancePolicy,
        heads: tuple[LossItem, ...],
        holds: Mapping[str, bool],
        end: str,
        onset: Instant | None,
    ) -> None:
        self.policy = policy
        self.heads = heads
        self.holds = holds
        self.onset = onset
        self.amounts = {head.id: to_cents(getattr(head.amount, end)) for head in heads}
        self.steps: list[PaymentStep] = []

    def settle(self) -> Payment:
        loss = sum(self.amounts.values(), ZERO)
        base: dict[str, Decimal] = {}
        paid: dict[str, Decimal] = {}
        for agreement in self.policy.of_kind("agreement"):
            base[agreement.id] = self._reduce(agreement, self._covered(agreement))
            terms = agreement.terms or Terms()
            paid[agreement.id] = self._cap(
                agreement.id, "limit of the agreement", base[agreement.id], terms.limit
            )
        self._leave_rest()
        total = self._sublimit(paid)
        total = self._cap(None, "limit of the policy", total, self.policy.available)
        insurer, others = map(to_cents, self._share(total, sum(base.values(), ZERO)))
        return Payment(loss, insurer, others, loss - insurer - others, tuple(self.steps))

    def _step(
        self,
        clause: str | None,
        rule: str,
        before: Decimal,
        after: Decimal,
        *,
        always: bool = False,
    ) -> Decimal:
        """Keep a step that changes the amount, or is told `always`; return what is left."""
        if before != after or always:
            self.steps.append(PaymentStep(clause, rule, to_cents(before), to_cents(after)))
        return after

    def _covered(self, agreement: Clause) -> Decimal:
        """Return the loss an agreement answers for, after exclusions and its waiting period."""
        claimed = [head for head in self.heads if head.head in agreement.heads]
        whole = sum((self.amounts[head.id] for head in claimed), ZERO)
        if not claimed:
            return ZERO
        names = ", ".join(head.id for head in claimed)
        if not self.holds[agreement.id]:
            return self._step(
                agreement.id, f"loss of {names}: not within the agreement", whole, ZERO
            )
        rule = f"loss of {names}: within the agreement"
        self._step(agreement.id, rule, whole, whole, always=True)
        kept = list(claimed)
        for clause in self.policy.of_kind("exclusion"):
            if self.holds[clause.id] and clause.concerns(agreement.id):
                left = [head for head in kept if clause.heads and head.head not in clause.heads]
                before, after = self._sum(kept), self._sum(left)
                self._step(clause.id, f"excluded: {clause.title}", before, after)
                kept = left
        return self._wait(agreement, kept)

    def _leave_rest(self) -> None:
        """Tell the loss that no agreement answers for, which the insured bears."""
        named = {head for clause in self.policy.of_kind("agreement") for head in clause.heads}
        rest = [head for head in self.heads if head.head not in named]
        if rest:
            names = ", ".join(head.id for head in rest)
            self._step(None, f"loss of {names}: no agreement answers for it", self._sum(rest), ZERO)

    def _sum(self, heads: list[LossItem]) -> Decimal:
        return sum((self.amounts[head.id] for head in heads), ZERO)

    def _wait(self, agreement: Clause, kept: list[LossItem]) -> Decimal:
        """Return the loss without that of the waiting period, evenly spread over each stretch.

        A qualifying period takes nothing off once it is over, and all before.
        """
        terms = agreement.terms or Terms()
        before = self._sum(kept)
        if not terms.waiting_hours or self.onset is None:
            return before
        until = self.onset + int(terms.waiting_hours * HOUR)
        stretches = [
            (head, head.start, head.end)
            for head in kept
            if head.head in TIME_ELEMENTS and head.start is not None and head.end is not None
        ]
        over = any(end > until for _, _, end in stretches)
        after = before
        for head, start, end in stretches:
            part = _part_before(start, end, until)
            if terms.waiting == "qualifying":
                part = Fraction(0 if over else 1)
            after -= to_cents(Fraction(self.amounts[head.id]) * part)
        rule = f"waiting period of {terms.waiting_hours.normalize():f} h"
        return self._step(agreement.id, rule, before, after)

    def _reduce(self, agreement: Clause, covered: Decimal) -> Decimal:
        """Return what is left after retention, coinsurance and conditions not complied with."""
        terms = agreement.terms or Terms()
        amount = max(ZERO, covered - terms.retention)
        self._step(agreement.id, f"retention of {terms.retention:,}", covered, amount)
        borne = to_cents(amount * terms.coinsurance)
        part = f"coinsurance: the insured bears {(terms.coinsurance * 100).normalize():f} %"
        amount = self._step(agreement.id, part, amount, amount - borne)
        for clause in self.policy.of_kind("condition"):
            if not self.holds[clause.id] and clause.concerns(agreement.id):
                after = to_cents(amount * clause.reduces_to)
                rule = f"condition not complied with: {clause.title}"
                amount = self._step(clause.id, rule, amount, after)
        return amount

    def _cap(
        self, clause: str | None, rule: str, amount: Decimal, limit: Decimal | None
    ) -> Decimal:
        capped = amount if limit is None else min(amount, limit)
        return self._step(
            clause, f"{rule}: {limit:,}" if limit is not None else rule, amount, capped
        )

    def _sublimit(self, paid: Mapping[str, Decimal]) -> Decimal:
        """Return what all agreements pay together, under the sublimits over several of them.

        What a sublimit leaves is spread over its agreements in the policy's order.
        """
        left = dict(paid)
        for clause in self.policy.of_kind("sublimit"):
            if not self.holds[clause.id] or clause.sublimit is None:
                continue
            bound = [name for name in left if clause.concerns(name)]
            room = clause.sublimit
            before = sum((left[name] for name in bound), ZERO)
            for name in bound:
                left[name] = min(left[name], room)
                room -= left[name]
            after = sum((left[name] for name in bound), ZERO)
            rule = f"sublimit: {clause.title}, {clause.sublimit:,}"
            self._step(clause.id, rule, before, after, always=True)
        return sum(left.values(), ZERO)

    def _share(self, own: Decimal, loss: Decimal) -> tuple[Decimal, Decimal]:
        """Return what this policy and the other policies pay of the covered loss.

        `own` is what this one would pay alone, `loss` the covered loss before any limit.
        """
        limits = [other.limit for other in self.policy.others]
        if self.policy.other_method == "primary" or not limits or not own:
            return own, ZERO
        ours, others = SHARING[self.policy.other_method](loss, self.policy.available, limits)
        ours = min(own, ours)
        words = self.policy.other_method.replace("_", " ")
        self._step(None, f"other insurance: {words}", own, ours)
        return ours, others


def _part_before(start: Instant, end: Instant, until: int) -> Fraction:
    """Return the part of a stretch that lies before an instant."""
    if end <= start:
        return Fraction(int(start < until))
    return Fraction(max(0, min(end, until) - start), end - start)


def share_pro_rata(loss: Decimal, limit: Decimal, others: list[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the parts of this policy and of the others, by their limits."""
    total = limit + sum(others, ZERO)
    shared = min(loss, total)
    ours = to_cents(Fraction(shared) * Fraction(limit) / Fraction(total)) if total else ZERO
    return ours, shared - ours


def share_equally(loss: Decimal, limit: Decimal, others: list[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the parts by equal shares: each pays as much as the others until its limit is gone."""
    left, ours, rest = Fraction(loss), Fraction(0), Fraction(0)
    room = [Fraction(limit), *map(Fraction, others)]
    while left and any(room):
        paying = [number for number, amount in enumerate(room) if amount]
        each = min(left / len(paying), *(room[number] for number in paying))
        for number in paying:
            room[number] -= each
        ours += each if 0 in paying else 0
        rest += each * (len(paying) - (0 in paying))
        left -= each * len(paying)
    own = to_cents(ours)
    return own, to_cents(ours + rest) - own


def pay_in_excess(loss: Decimal, limit: Decimal, others: list[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the parts where the others pay first, up to their limits."""
    first = min(loss, sum(others, ZERO))
    return min(loss - first, limit), first


SHARING: Final = {
    "pro_rata": share_pro_rata,
    "equal_shares": share_equally,
    "excess": pay_in_excess,
}
"""How this policy and others for the same loss divide it; `primary` divides nothing."""

__all__ = ["ENDS", "SHARING", "settle", "to_cents"]
