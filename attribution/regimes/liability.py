"""One liability calculation: ten steps in their order, each with its source.

Order (Restatement (Third) of Torts, sections 2, 7, 16, 26): divide divisible harm; shares of the
rest; who answers for whom (done before a claim is made of a case); the claimant's part and
bars; proximate cause; settlements; contract; joint and several liability; what cannot be collected;
insurance. Contract never changes a share. Proximate cause comes after the bar in the order of
questions; the bar is asked of the shares that it leaves, because fault that is no proximate cause
is compared with nothing.
"""

from __future__ import annotations

from dataclasses import replace

from attribution.errors import InputError
from attribution.regimes.burdens import ZERO
from attribution.regimes.claim import ClaimInput
from attribution.regimes.counting import count_shares, say_counted
from attribution.regimes.division import Division
from attribution.regimes.flips import list_flips
from attribution.regimes.gates import check_gate
from attribution.regimes.law import Law, LawVersion
from attribution.regimes.ledger import (
    DIVIDING,
    OWN_PART,
    ROLL_UP,
    Ledger,
)
from attribution.regimes.outcome import Outcome, say_names
from attribution.regimes.reckoning import reckon

_NEAR = (
    "{}: the rule changed on {}, within a day of the event: what counts is the day at the place of"
    " the event, which a time in UTC may miss."
)


def assess(law: Law, claim: ClaimInput) -> Outcome:
    """Return who owes what under a regime.

    Raises InputError where shares do not add up to the whole, where the regime changed, no day is
    given and the answer differs, and where it turns on a judgement that nobody has given.
    """
    if claim.event_date is not None:
        found = _assess(law, law.version_on(claim.event_date), claim)
        near = law.changes_near(claim.event_date)
        return replace(found, notices=(*found.notices, *(_NEAR.format(law.title, d) for d in near)))
    if len(law.versions) == 1:
        return _assess(law, law.versions[0], claim)
    *earlier, last = (_assess(law, version, claim) for version in law.versions)
    if any(_differ(one, last) for one in earlier):
        law.version_on(None)
    days = ", ".join(str(version.begins) for version in law.versions[1:])
    said = f"{law.title}: the rule changed on {days}; without a day of the event, as here, this is"
    return replace(last, notices=(*last.notices, f"{said} what each version gives."))


def _differ(one: Outcome, other: Outcome) -> bool:
    return any(
        getattr(one, name) != getattr(other, name)
        for name in ("barred", "recoverable", "owed", "exposure", "contribution", "joint")
    )


def _assess(law: Law, version: LawVersion, claim: ClaimInput) -> Outcome:
    rule = _plaintiff_rule(law, version, claim)
    ledger = Ledger(law, claim.currency)
    _say_harm(claim, ledger)
    counted = tuple(count_shares(part, claim, version) for part in claim.divide())
    say_counted(counted, claim, version, ledger)
    for roll_up in claim.roll_ups:
        ledger.add(ROLL_UP, f"the share of {roll_up.party} goes to {roll_up.to}: {roll_up.why}")
    flips = tuple(flip for one in counted for flip in list_flips(rule, version, one, claim))
    closed, unanswered = check_gate(version.gate, claim.answers)
    if closed:
        said = "; ".join(f"{question.asks} ({question.source})" for question in closed)
        ledger.add(OWN_PART, f"the regime is not open to this claim: {said}", by_regime=True)
        return reckon(claim, (), ledger, barred=True, recoverable=ZERO, flips=flips, questions=())
    division = Division(claim, version, rule, counted, ledger)
    burdens = division.divide()
    division.apply_contract(burdens)
    recoverable = sum((sum(b.owed.values(), ZERO) for b in burdens), ZERO)
    division.collect(burdens)
    return reckon(
        claim,
        burdens,
        ledger,
        barred=bool(burdens) and all(burden.barred for burden in burdens),
        recoverable=recoverable,
        flips=flips,
        questions=(*(question.asks for question in unanswered), *claim.questions),
    )


def _plaintiff_rule(law: Law, version: LawVersion, claim: ClaimInput) -> str:
    asked = claim.plaintiff_rule
    if asked is None or asked == version.plaintiff:
        return version.plaintiff
    if law.kind in {"track", "model_act"}:
        return asked
    raise InputError(
        f"{law.title} has its own rule for the claimant's part",
        file=claim.file,
        got=asked,
        expected=version.plaintiff,
        remedy="leave the plaintiff rule out; it is for tracks and model acts",
    )


def _say_harm(claim: ClaimInput, ledger: Ledger) -> None:
    taken = "" if claim.divided else "; taken as economic, as nobody divided them by kind"
    if not claim.parts:
        ledger.add(DIVIDING, f"{ledger.money(claim.total)}, taken as one{taken}")
        return
    parts = [f"{part.id} {ledger.money(part.total)}" for part in claim.parts]
    ledger.add(
        DIVIDING,
        f"{ledger.money(claim.total)} in parts of different causes, each divided by itself:"
        f" {say_names(parts)}{taken}",
    )
