"""A policy held against a case: clauses, ways to settle what is open, recovery, reserve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from attribution.cover.facts import CoverFacts, list_heads
from attribution.cover.findings import find_clauses
from attribution.cover.payment import ZERO, to_cents
from attribution.cover.recovery import Claimant, list_limitations, list_targets
from attribution.cover.ways import MOST_LISTED, Ways
from attribution.model.commit import Commit
from attribution.model.cover import Cover, LossHead, NoticeDue, Range, Reserve, Way
from attribution.model.graph import CausalGraph
from attribution.model.instant import format_instant, to_datetime
from attribution.model.manifest import InsuranceEntry, Manifest
from attribution.model.policy import TIME_ELEMENTS, InsurancePolicy
from attribution.model.record import EvidenceItem
from attribution.model.result import Attribution

NOT_ADVICE: Final = (
    "A draft for adjuster and counsel: arithmetic on what the policy file says the policy says, and"
    " on records. It is not legal advice, and no decision on cover."
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
    heads: tuple[LossHead, ...] | None = None,
) -> Cover:
    """Return what the policy answers for in the case, clause by clause and way by way.

    `commits` are those that the graph is about; `heads` the loss by its heads, that of the case's
    harm items where none is given. Nothing here changes a share.
    """
    if heads is None:
        heads = list_heads(manifest, entry, policy.currency)
    facts = CoverFacts(manifest, graph, commits, policy, entry, heads)
    onset, _ = facts.onset()
    findings = find_clauses(facts)
    ways = Ways(policy, heads, findings, None if onset is None else onset.low)
    listed = ways.list()
    worst, best = ways.ends
    bounds = (worst[0].insurer, best[2].insurer)
    loss = Range(*(payment.loss for payment in best))
    return Cover(
        policy=policy,
        insured=entry.insured,
        findings=findings,
        heads=heads,
        loss=loss,
        ways=listed,
        bounds=bounds,
        deciding=ways.deciding,
        assumed=ways.assumed,
        recovery=list_targets(
            manifest, attribution, evidence, Claimant(policy, entry, loss, bounds)
        ),
        limitation=list_limitations(manifest, entry, None if onset is None else onset.low),
        notices=tuple(_notices(policy, entry)),
        reserve=_reserve(ways, listed, bounds, entry),
        limits=tuple(_limits(manifest, facts, ways)),
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
    ways: Ways, listed: tuple[Way, ...], bounds: tuple[Decimal, Decimal], entry: InsuranceEntry
) -> Reserve:
    low, high = bounds
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
    expense = None
    if entry.expense is None:
        reasons.append("No expense is entered: the range is for indemnity alone.")
    else:
        stated = entry.expense
        expense = Range(*map(to_cents, (stated.low, stated.point, stated.high)))
        reasons.append(f"Expense as entered by {stated.by}: {stated.because}")
    return Reserve(low, likely, high, expense, tuple(reasons))


def _names(ways: Ways) -> str:
    count = len(ways.deciding)
    if not count:
        return "no open question bears on the payment"
    return f"and over {count} open question{'' if count == 1 else 's'}"


def _limits(manifest: Manifest, facts: CoverFacts, ways: Ways) -> Iterator[str]:
    yield NOT_ADVICE
    if ways.assumed:
        yield BURDEN
    policy = facts.policy
    if policy.synthetic:
        yield "The policy is invented."
    if policy.note:
        yield policy.note
    yield from _limits_of_heads(manifest, facts)
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


def _limits_of_heads(manifest: Manifest, facts: CoverFacts) -> Iterator[str]:
    currency = facts.policy.currency
    other = [harm.id for harm in manifest.harms if harm.currency != currency]
    if other:
        yield f"Not in {currency}, and left out: {', '.join(other)}."
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
