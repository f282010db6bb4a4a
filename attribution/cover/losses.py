"""The loss that a policy is held against: as `loss` of the case computes it, else its harm items.

A computed head that has a waiting period off already grows from the end of that period on, so that
the policy's own takes off no more than what it has beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from attribution.cover.payment import ZERO, to_cents
from attribution.cover.tables import load_loss_heads
from attribution.model.cover import LossItem
from attribution.model.instant import HOUR, SECOND, Instant
from attribution.model.loss import LossAssessment, LossHead, Range
from attribution.model.manifest import InsuranceEntry, Manifest
from attribution.model.policy import TIME_ELEMENTS, Clause, InsurancePolicy, Terms


@dataclass(frozen=True, slots=True)
class Losses:
    """The pieces of loss, and what a reader must know of where they come from.

    `doubts` are reasons why the loss may be another than it says.
    """

    items: tuple[LossItem, ...]
    limits: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def take_harms(manifest: Manifest, entry: InsuranceEntry, currency: str) -> Losses:
    """Return the harm items in the policy's currency as pieces of loss."""
    items = tuple(
        LossItem(
            harm.id,
            harm.title,
            entry.heads.get(harm.id),
            Range(harm.low, harm.point, harm.high),
            harm.start,
            harm.end,
            harm.evidence,
            "harm item of the case file",
        )
        for harm in manifest.harms
        if harm.currency == currency
    )
    other = [harm.id for harm in manifest.harms if harm.currency != currency]
    said = (f"Not in {currency}, and left out: {', '.join(other)}.",) if other else ()
    return Losses(items, doubts=said)


def take_losses(
    manifest: Manifest,
    policy: InsurancePolicy,
    entry: InsuranceEntry,
    loss: LossAssessment,
    onset: Instant | None,
) -> Losses:
    """Return the heads of a computed loss that count; the harm items where it does not fit.

    It fits where the party that bears it is insured and it is in the policy's currency. `onset` is
    when the failure began.
    """
    names = {party.id: party.name for party in manifest.parties}
    why_not = _misfit(policy, entry, loss, names)
    if why_not:
        harms = take_harms(manifest, entry, policy.currency)
        said = f"{why_not}: the harm items stand here instead."
        return Losses(harms.items, doubts=(said, *harms.doubts))
    heads = tuple(head for head in loss.heads if head.counted)
    items = tuple(_item(loss, head, entry, onset) for head in heads)
    bearer = names.get(loss.borne_by, loss.borne_by)
    said = (
        f"The loss is that of {bearer}, computed; attribution loss shows each step. For recovery"
        " the shares of the declared harm are applied to it."
    )
    return Losses(items, (said, *_compare(policy, loss, items)), tuple(_doubts(loss)))


def _misfit(
    policy: InsurancePolicy, entry: InsuranceEntry, loss: LossAssessment, names: dict[str, str]
) -> str:
    if loss.borne_by not in entry.insured:
        bearer = names.get(loss.borne_by, loss.borne_by)
        return f"The computed loss is borne by {bearer}, which is not insured"
    if loss.currency != policy.currency:
        return f"The computed loss is in {loss.currency}, the policy in {policy.currency}"
    if not any(head.counted for head in loss.heads):
        return "No head of the loss declared could be computed"
    return ""


def _item(
    loss: LossAssessment, head: LossHead, entry: InsuranceEntry, onset: Instant | None
) -> LossItem:
    figure = loss.figure(head.result)
    cited = (one for each in loss.figures if each.head == head.id for one in each.evidence)
    kind = entry.heads.get(head.id, load_loss_heads().get(head.id))
    start = end = None
    if kind in TIME_ELEMENTS and onset is not None and loss.interruption_hours is not None:
        start = Instant(onset + _microseconds(_waited(head)))
        end = Instant(onset + _microseconds(loss.interruption_hours.likely))
    return LossItem(
        id=head.id,
        title=head.title,
        head=kind,
        amount=Range(
            *(to_cents(bound) for bound in (head.net.low, head.net.likely, head.net.high))
        ),
        start=start,
        end=None if start is None or end is None else max(start, end),
        evidence=tuple(dict.fromkeys(cited)),
        source=f"{figure.name} = {figure.formula} (source: {figure.source})",
    )


def _microseconds(hours: Decimal) -> int:
    """Return hours in microseconds, to the whole second: those of the timeline are rounded."""
    return round(hours * HOUR / SECOND) * SECOND


def _waited(head: LossHead) -> Decimal:
    return ZERO if head.waiting_hours is None else head.waiting_hours.likely


def _doubts(loss: LossAssessment) -> Iterator[str]:
    """Yield which heads are not computed, and how much may be counted twice."""
    for head, why in loss.missing.items():
        yield f"Not computed, and in no figure here: {head.replace('_', ' ')}. {why.rstrip('.')}."
    asked = [overlap.at_stake.high for overlap in loss.overlaps if overlap.state == "open"]
    if asked:
        pairs = "pair of heads" if len(asked) == 1 else "pairs of heads"
        yield (
            f"{len(asked)} {pairs} may have the same money in them, none more than {loss.currency}"
            f" {max(asked):,.2f}, and nobody has said that they do not: the loss may be too high."
        )


def _compare(
    policy: InsurancePolicy, loss: LossAssessment, items: tuple[LossItem, ...]
) -> Iterator[str]:
    for clause in policy.of_kind("agreement"):
        for item in items:
            head = loss.head(item.id)
            if item.head in clause.heads and item.head in TIME_ELEMENTS and head is not None:
                yield from _compare_waiting(clause, item, _waited(head))


def _compare_waiting(clause: Clause, item: LossItem, off: Decimal) -> Iterator[str]:
    """Yield what became of a waiting period that the loss has off, beside that of the policy."""
    terms = clause.terms or Terms()
    asked = terms.waiting_hours if terms.waiting == "excluded" else ZERO
    if not off:
        return
    if off == asked:
        yield (
            f"{item.title}: the waiting period of {clause.id}, {_hours(off)}, is off already where"
            " the loss is computed; what was lost within it is in no figure here."
        )
        return
    outcome = (
        "what is beyond it is taken off here, evenly"
        if off < asked
        else "more is off than the policy takes, so the payment is too low"
    )
    yield (
        f"{item.title} is computed with a waiting period of {_hours(off)}, {clause.id} takes off"
        f" {_hours(asked)}: {outcome}. Enter the policy's where the loss is declared."
    )


def _hours(count: Decimal) -> str:
    return f"{count.normalize():f} h"
