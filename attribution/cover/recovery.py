"""What the payer can get back, from whom, until when, and which evidence is held for it.

Nobody recovers from its own insured (the anti-subrogation rule), nor from a party against which the
policy waived recovery. An AI agent is no debtor: its share goes to whoever answers for it. What is
recovered goes first to whom the policy names; an insurer never gets more than it paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dateutil.relativedelta import relativedelta

from attribution.cover.payment import ZERO, to_cents
from attribution.cover.tables import UNVERIFIED, Period, load_periods
from attribution.model.actor import Party
from attribution.model.instant import Instant, to_datetime
from attribution.model.interval import Interval
from attribution.model.loss import Range
from attribution.model.manifest import InsuranceEntry, Manifest
from attribution.model.policy import InsurancePolicy
from attribution.model.record import EvidenceItem
from attribution.model.recovery import Limitation, RecoveryTarget
from attribution.model.result import Attribution

ANTI_SUBROGATION: Final = (
    "an insured under this policy: an insurer has no recovery from its own insured"
)
NO_DEBTOR: Final = "an AI agent is a cause, not a debtor; nobody is declared to answer for it"
_OWN = "the party's own share of the loss"


@dataclass(frozen=True, slots=True)
class _Debt:
    """A debtor's parts of the whole loss (low, point, high), and whose shares they are of."""

    parts: tuple[Fraction, Fraction, Fraction]
    shares_of: tuple[str, ...]
    is_agent: bool = False


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who recovers: the policy, what was done under it, the loss, and what is paid of it.

    `least` and `most` are the payments with every open question against cover, and for it.
    """

    policy: InsurancePolicy
    entry: InsuranceEntry
    loss: Range
    least: Range
    most: Range


def list_targets(
    manifest: Manifest,
    attribution: Attribution,
    evidence: tuple[EvidenceItem, ...],
    claimant: Claimant,
) -> tuple[RecoveryTarget, ...]:
    """Return the parties with a share, those that nothing can be had from included, with why."""
    names = {party.id: party.name for party in manifest.parties}
    held = {item.id for item in evidence if item.sha256}
    breaches = {party.id: party.breaches for party in attribution.parties}
    found = []
    for party, debt in _debtors(manifest, attribution).items():
        cited = tuple(
            dict.fromkeys(
                cited
                for root in debt.shares_of
                for breach in breaches[root]
                for cited in breach.evidence
            )
        )
        via = [names[root] for root in debt.shares_of if root != party]
        noticed = [one.at for one in claimant.entry.put_on_notice if one.party == party]
        target = _target(claimant, party, debt)
        found.append(
            replace(
                target,
                name=names[party],
                basis=_OWN if not via else f"{_OWN}, with that of {', '.join(via)}: it answers",
                evidence=cited,
                noticed=min(noticed, default=None),
                preserved=bool(cited) and all(one.partition("#")[0] in held for one in cited),
            )
        )
    return tuple(found)


def _debtors(manifest: Manifest, attribution: Attribution) -> dict[str, _Debt]:
    """Return by debtor its part of the whole loss: a party's goes to whoever answers for it."""
    parties = {party.id: party for party in manifest.parties}
    found: dict[str, _Debt] = {}
    for share in attribution.parties:
        if share.share.high <= 0:
            continue
        to = _find_answerer(parties, share.id)
        low, point, high = _part(share.share, attribution.unattributed)
        if to in found:
            before = found[to].parts
            low, point, high = low + before[0], point + before[1], high + before[2]
            roots = (*found[to].shares_of, share.id)
        else:
            roots = (share.id,)
        is_agent = parties[to].role == "agent"
        found[to] = _Debt((low, point, min(high, Fraction(1))), roots, is_agent)
    return found


def _find_answerer(parties: Mapping[str, Party], party: str) -> str:
    """Return who answers for a party at the end: an agent's user may have an employer.

    Where each answers for the next in a ring, nobody does at the end, and it is the first met anew.
    """
    met: list[str] = []
    while party not in met:
        met.append(party)
        party = parties[party].answered_for_by or party
    return party


def _part(share: Interval, rest: Interval) -> tuple[Fraction, Fraction, Fraction]:
    """Return a share of what is attributed as a part of the whole loss."""
    return (
        Fraction(str(share.low)) * (1 - Fraction(str(rest.high))),
        Fraction(str(share.point)) * (1 - Fraction(str(rest.point))),
        Fraction(str(share.high)) * (1 - Fraction(str(rest.low))),
    )


def _target(claimant: Claimant, party: str, debt: _Debt) -> RecoveryTarget:
    loss = claimant.loss
    amounts = zip((loss.low, loss.likely, loss.high), debt.parts, strict=True)
    gross = Range(*(to_cents(Fraction(amount) * part) for amount, part in amounts))
    cap = next((cap for cap in claimant.entry.caps if cap.party == party), None)
    barred = _bar(claimant, party, debt)
    net = gross if cap is None else _at_most(gross, cap.amount)
    net = Range(ZERO, ZERO, ZERO) if barred else net
    low, point, high = map(float, debt.parts)
    return RecoveryTarget(
        party,
        party,
        (low, point, high),
        gross,
        net,
        _to_insurer(claimant, net),
        _OWN,
        "" if cap is None else f"{cap.amount:,} by {cap.source}",
        barred,
    )


def _bar(claimant: Claimant, party: str, debt: _Debt) -> str:
    if party in claimant.entry.insured:
        return ANTI_SUBROGATION
    if party in claimant.policy.subrogation.waived_for:
        return "the policy waives recovery from this party"
    return NO_DEBTOR if debt.is_agent else ""


def _at_most(amount: Range, cap: Decimal) -> Range:
    low, likely, high = (min(end, cap) for end in (amount.low, amount.likely, amount.high))
    return Range(to_cents(low), to_cents(likely), to_cents(high))


def _to_insurer(claimant: Claimant, net: Range) -> Range:
    """Return the insurer's part over all answers and all ends; likely where it pays the least."""
    order, loss = claimant.policy.subrogation.order, claimant.loss
    found = [
        divide(order, *amounts)
        for paid in (claimant.least, claimant.most)
        for amounts in (
            (net.low, loss.low, paid.low),
            (net.likely, loss.likely, paid.likely),
            (net.high, loss.high, paid.high),
        )
    ]
    likely = divide(order, net.likely, loss.likely, claimant.least.likely)
    return Range(min(found), likely, max(found))


def divide(order: str, recovered: Decimal, loss: Decimal, paid: Decimal) -> Decimal:
    """Return the part of what is recovered that goes to an insurer that paid `paid` of `loss`."""
    paid = min(paid, loss)
    if order == "insurer_first":
        return min(recovered, paid)
    if order == "pro_rata":
        part = Fraction(paid) / Fraction(loss) if loss else Fraction(0)
        return min(paid, to_cents(Fraction(recovered) * part))
    return min(paid, max(ZERO, recovered - (loss - paid)))


def list_limitations(
    manifest: Manifest, entry: InsuranceEntry, harm: Instant | None
) -> tuple[Limitation, ...]:
    """Return the last day of each kind of claim under the law that counts; () for none known."""
    law = entry.law or manifest.jurisdiction or ""
    starts: Mapping[str, Instant | None] = {
        "harm": harm,
        "knowledge": entry.first_aware,
        "year_end": entry.first_aware or harm,
    }
    return tuple(
        _limit(period, starts[period.starts], law) for period in load_periods().get(law, ())
    )


def _limit(period: Period, start: Instant | None, law: str) -> Limitation:
    words = {"harm": "the harm", "knowledge": "first awareness", "year_end": "the end of the year"}
    rule = f"{law}, {period.claim}: {period.years} years from {words[period.starts]}"
    last = None if start is None else last_day(period, to_datetime(start).date())
    missing = "" if last is not None else words[period.starts]
    confidence = UNVERIFIED if period.verified_on is None else "medium"
    return Limitation(rule, last, missing, period.source, period.verified_on, confidence)


def last_day(period: Period, start: date) -> date:
    """Return the last day of a period; its first day is not counted, no holiday extends it."""
    if period.starts == "year_end":
        start = date(start.year, 12, 31)
    last: date = start + relativedelta(years=period.years)
    return last
