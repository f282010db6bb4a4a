"""A policy held against a case: clauses, ways to settle what is open, recovery, reserve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from attribution.cover.facts import CoverFacts
from attribution.cover.findings import find_clauses
from attribution.cover.losses import Losses, take_harms, take_losses
from attribution.cover.payment import ZERO, to_cents
from attribution.cover.recovery import Claimant, list_limitations, list_targets
from attribution.cover.ways import MOST_LISTED, Ways
from attribution.model.commit import Commit
from attribution.model.cover import Cover, Reserve, Way
from attribution.model.graph import CausalGraph
from attribution.model.instant import Instant, format_instant, to_datetime
from attribution.model.loss import LossAssessment, Range
from attribution.model.manifest import InsuranceEntry, Manifest
from attribution.model.policy import TIME_ELEMENTS, InsurancePolicy
from attribution.model.record import EvidenceItem
from attribution.model.recovery import NoticeDue
from attribution.model.result import Attribution

NOT_ADVICE: Final = (
    "A draft for adjuster and counsel: arithmetic on what the policy file says the policy says, and"
    " on records. It is not legal advice, and no decision on cover."
)
TOGETHER: Final = (
    "What is had from each party is reckoned by itself; together it is no more than the loss, and"
    " no more than what it paid goes to an insurer."
)
BURDEN: Final = (
    "An exclusion of which nothing on record speaks is taken not to bite, as it is commonly for the"
    " insurer to show it (not verified for the law that applies); the clauses so taken are named."
)


def assess_cover(
    manifest: Manifest,
    graph: CausalGraph,
    attribution: Attribution,
    policy: InsurancePolicy,
    entry: InsuranceEntry,
    *,
    commits: tuple[Commit, ...] = (),
    evidence: tuple[EvidenceItem, ...] = (),
    loss: LossAssessment | None = None,
) -> Cover:
    """Return what the policy answers for in the case, clause by clause and way by way.

    `commits` are those that the graph is about; `loss` is what the case computes, None where it
    declares none and its harm items stand for it. Nothing here changes a share.
    """
    losses = take_harms(manifest, entry, policy.currency)
    facts = CoverFacts(manifest, graph, commits, policy, entry, losses.items)
    began, _ = facts.onset()
    onset = None if began is None else began.low
    if loss is not None:
        losses = take_losses(manifest, policy, entry, loss, onset)
        facts = replace(facts, heads=losses.items)
    findings = find_clauses(facts)
    ways = Ways(policy, losses.items, findings, onset)
    listed = ways.list()
    worst, best = ways.ends
    bounds = (worst[0].insurer, best[2].insurer)
    whole = Range(*(payment.loss for payment in best))
    paid = tuple(Range(*(payment.insurer for payment in end)) for end in ways.ends)
    claimant = Claimant(policy, entry, whole, *paid)
    targets = list_targets(manifest, attribution, evidence, claimant)
    limits = _limits(manifest, facts, ways, losses)
    several = sum(not target.barred for target in targets) > 1
    return Cover(
        policy=policy,
        entry=entry,
        findings=findings,
        heads=losses.items,
        loss=whole,
        ways=listed,
        bounds=bounds,
        deciding=ways.deciding,
        assumed=ways.assumed,
        recovery=targets,
        limitation=list_limitations(manifest, entry, onset),
        notices=tuple(_notices(policy, entry)),
        reserve=replace(
            _reserve(ways, listed, bounds, entry, losses.doubts), as_of=_last_date(manifest, entry)
        ),
        limits=(*limits, TOGETHER) if several else tuple(limits),
        onset=onset,
        doubts=losses.doubts,
    )


def _notices(policy: InsurancePolicy, entry: InsuranceEntry) -> Iterator[NoticeDue]:
    """Yield the notices to give; the first address is the insurer's, whose date the case has."""
    for number, notice in enumerate(policy.notices):
        given = None if number else entry.notified
        due = "as soon as practicable"
        if notice.within_days is not None and entry.first_aware is not None:
            last = to_datetime(entry.first_aware).date() + timedelta(days=notice.within_days)
            due = f"within {notice.within_days} days of first awareness: {last.isoformat()}"
        elif notice.within_days is not None:
            due = f"within {notice.within_days} days of first awareness, which is not on record"
        state = "no notice on record" if given is None else f"given {format_instant(given)}"
        yield NoticeDue(f"{notice.role} ({notice.address})", due, given, state)


def _reserve(
    ways: Ways,
    listed: tuple[Way, ...],
    bounds: tuple[Decimal, Decimal],
    entry: InsuranceEntry,
    doubts: tuple[str, ...],
) -> Reserve:
    low, high = bounds
    if not ways.heads:
        none = f"No loss in {ways.policy.currency} is on record: there is nothing to reckon."
        return Reserve(low, None, high, None, (none, *doubts))
    likely = listed[0].insurer.likely if len(listed) == 1 else None
    reasons = [f"The range spans the loss from low to high ({_names(ways)})."]
    for name in ways.deciding:
        clause = ways.policy.clause(name)
        settles = next(f.answer.settles for f in ways.findings if f.clause == name)
        reasons.append(f"{name}, {clause.title}, is open; what would settle it: {settles}.")
    if likely is None:
        reasons.append("No likely figure is given while open questions decide cover.")
    if ways.assumed:
        reasons.append(
            f"Taken not to bite, as nothing on record speaks of them: {', '.join(ways.assumed)}."
        )
    reasons += doubts
    expense = None
    if entry.expense is None:
        reasons.append("No expense is entered: the range is for indemnity alone.")
    else:
        stated = entry.expense
        expense = Range(*map(to_cents, (stated.low, stated.point, stated.high)))
        reasons.append(f"Expense as entered by {stated.by}: {stated.because}")
    return Reserve(low, likely, high, expense, tuple(reasons))


def _last_date(manifest: Manifest, entry: InsuranceEntry) -> Instant | None:
    """Return the last date of what was collected, notified, claimed or decided."""
    dates = [item.collected for item in manifest.evidence]
    dates += [entry.first_aware, entry.notified]
    dates += [claim.at for claim in entry.claims]
    dates += [notice.at for notice in entry.put_on_notice]
    dates += [decision.at for decision in manifest.decisions]
    return max((date for date in dates if date is not None), default=None)


def _names(ways: Ways) -> str:
    count = len(ways.deciding)
    if not count:
        return "no open question bears on the payment"
    return f"and over {count} open question{'' if count == 1 else 's'}"


def _limits(manifest: Manifest, facts: CoverFacts, ways: Ways, losses: Losses) -> Iterator[str]:
    yield NOT_ADVICE
    if ways.assumed:
        yield BURDEN
    policy = facts.policy
    if policy.synthetic:
        yield "The policy is invented."
    if policy.note:
        yield policy.note
    yield from (*losses.limits, *losses.doubts)
    if losses.items:
        yield from _limits_of_heads(facts)
    for form in policy.forms:
        if form.verified_on is None:
            yield f"{form.id}: {form.standing}."
    if len(ways.deciding) > MOST_LISTED:
        yield (
            f"{len(ways.deciding)} open questions bear on the payment: too many to list each way to"
            " settle them; the least and the most over all of them hold."
        )
    if any(row.verified_on is None for row in list_limitations(manifest, facts.entry, None)):
        yield "Periods of limitation are background knowledge, not verified; counsel checks them."


def _limits_of_heads(facts: CoverFacts) -> Iterator[str]:
    unnamed = [head.id for head in facts.heads if head.head is None]
    if unnamed:
        yield f"No head of loss is given for {', '.join(unnamed)}: no agreement answers for it."
    waiting = any(
        clause.terms is not None and clause.terms.waiting_hours > ZERO
        for clause in facts.policy.of_kind("agreement")
    )
    endless = [
        head.id
        for head in facts.heads
        if head.head in TIME_ELEMENTS and (head.start is None or head.end is None)
    ]
    if waiting and endless:
        yield f"No stretch is given for {', '.join(endless)}: no waiting period is taken off it."
    elif waiting:
        yield "A loss is taken to spread evenly over its stretch where a waiting period cuts it."
