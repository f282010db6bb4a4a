"""From what each bears to the result: rounding, exposure, contribution, where rules turn."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attribution.regimes.bars import SAYS, bar_at
from attribution.regimes.burdens import ZERO, Burdens
from attribution.regimes.claim import ClaimInput
from attribution.regimes.counting import Counted
from attribution.regimes.law import LawVersion
from attribution.regimes.ledger import ARITHMETIC, CONTRACT, Ledger
from attribution.regimes.outcome import (
    ROUNDING,
    Contribution,
    Flip,
    Outcome,
    round_parts,
    to_cents,
)


def reckon(
    claim: ClaimInput,
    burdens: Mapping[str, Burdens],
    ledger: Ledger,
    *,
    barred: bool,
    recoverable: Fraction,
    flips: tuple[Flip, ...],
    questions: tuple[str, ...],
) -> Outcome:
    """Return the result of a calculation whose damage has been divided."""
    borne_by = {
        name: sum((b.owed.get(name, ZERO) for b in burdens.values()), ZERO)
        for name in sorted(claim.shares)
        if name not in claim.nonparties and name not in claim.settled
    }
    settled = sum(claim.settled.values(), ZERO)
    rest = claim.total - sum(borne_by.values(), ZERO) - settled
    rounded = round_parts({"": rest, **borne_by})
    plaintiff = rounded.pop("")
    owed = {name: part for name, part in rounded.items() if name not in claim.uncollectible}
    _punish(claim, owed, ledger)
    _set_off(claim, owed, ledger)
    if rest < 0:
        ledger.notices.append("With the settlements the claimant has more than the damages.")
    ledger.add("Rounding", ROUNDING, ARITHMETIC)
    return Outcome(
        regime=ledger.law.id,
        currency=claim.currency,
        barred=barred,
        recoverable=to_cents(recoverable),
        owed=owed,
        exposure=_exposure(claim, burdens, owed),
        borne_by_plaintiff=plaintiff,
        contribution=_contribution(burdens),
        flips=flips,
        steps=tuple(ledger.steps),
        notices=tuple(dict.fromkeys(ledger.notices)),
        questions=questions,
    )


def list_flips(
    rule: str, version: LawVersion, counted: Counted, claim: ClaimInput
) -> tuple[Flip, ...]:
    """Return the shares at which the regime's rules turn, with what the shares are now."""
    flips = []
    at = bar_at(rule)
    if at is not None and version.compared_with == "all":
        now = round(float(counted.part), 6)
        flips.append(Flip("claimant", float(at), now, SAYS[rule]))
    if version.threshold is not None:
        turn = "above" if version.threshold_met_at == "above" else "from it on"
        flips += [
            Flip(name, float(version.threshold), round(float(share), 6), f"liable jointly {turn}")
            for name, share in sorted(counted.shares.items())
            if name not in claim.nonparties
        ]
    return tuple(flips)


def _punish(claim: ClaimInput, owed: dict[str, Decimal], ledger: Ledger) -> None:
    for name, amount in sorted(claim.punitive.items()):
        if name in owed:
            owed[name] += to_cents(amount)
            ledger.add(
                "Punitive damages",
                f"{name} owes {ledger.money(amount)} beside compensation; no share divides it",
                ARITHMETIC,
            )


def _set_off(claim: ClaimInput, owed: dict[str, Decimal], ledger: Ledger) -> None:
    for name, amount in sorted(claim.set_off.items()):
        if name in owed:
            taken = min(owed[name], to_cents(amount))
            owed[name] -= taken
            ledger.add(
                "7. Set-off",
                f"{name} sets {claim.currency} {taken:,} off against what it owes",
                CONTRACT,
            )


def _exposure(
    claim: ClaimInput, burdens: Mapping[str, Burdens], owed: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return the most the claimant can collect from each party."""
    most = {}
    for name in owed:
        found = ZERO
        for burden in burdens.values():
            own = burden.owed.get(name, ZERO)
            found += sum(burden.owed.values(), ZERO) if name in burden.joint else own
        cap = claim.caps.get(name)
        found = found if cap is None else min(found, cap)
        most[name] = max(to_cents(found), owed[name])
    return most


def _contribution(burdens: Mapping[str, Burdens]) -> tuple[Contribution, ...]:
    found: dict[tuple[str, str], Fraction] = {}
    for burden in burdens.values():
        for name, loser, amount in burden.shifts:
            found[name, loser] = found.get((name, loser), ZERO) + amount
    why = "bears it in place of the other, whose part it is"
    return tuple(
        Contribution(name, loser, to_cents(amount), why)
        for (name, loser), amount in sorted(found.items())
    )
