"""From what each bears to the result: indemnities, rounding, exposure, contribution, insurance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attribution.regimes.burdens import ZERO, Burdens
from attribution.regimes.claim import CLAIMANT, ClaimInput
from attribution.regimes.ledger import CONTRACT, INSURANCE, JOINT, Ledger
from attribution.regimes.outcome import (
    BORNE,
    Contribution,
    Flip,
    Outcome,
    round_parts,
    to_cents,
)


def reckon(
    claim: ClaimInput,
    burdens: Sequence[Burdens],
    ledger: Ledger,
    *,
    barred: bool,
    recoverable: Fraction,
    flips: tuple[Flip, ...],
    questions: tuple[str, ...],
) -> Outcome:
    """Return the result of a calculation whose damage has been divided."""
    borne_by = {
        name: sum((b.owed.get(name, ZERO) for b in burdens), ZERO)
        for name in sorted(claim.shares)
        if name not in claim.absent and name not in claim.settled
    }
    indemnified, by_claimant = _indemnify(claim, borne_by, ledger)
    settled = sum(claim.settled.values(), ZERO)
    rest = claim.total - sum(borne_by.values(), ZERO) - settled
    rounded = round_parts({"": rest, **borne_by})
    plaintiff = rounded.pop("")
    bears = {name: (borne_by[name], amount) for name, amount in rounded.items()}
    owed = {name: part for name, part in rounded.items() if name not in claim.uncollectible}
    _punish(claim, owed, frozenset(name for b in burdens for name in b.paying), ledger)
    _set_off(claim, owed, ledger)
    _insure(claim, owed, ledger)
    if rest < 0:
        ledger.notices.append("With the settlements the claimant has more than the damages.")
    return Outcome(
        regime=ledger.law.id,
        currency=claim.currency,
        barred=barred,
        recoverable=to_cents(recoverable),
        owed=owed,
        exposure=_exposure(
            claim, burdens, bears, owed, {one.against: one.amount for one in indemnified}
        ),
        borne_by_plaintiff=plaintiff,
        contribution=(*_contribution(burdens), *indemnified),
        flips=flips,
        steps=ledger.steps,
        notices=tuple(dict.fromkeys(ledger.notices)),
        questions=questions,
        borne_for=_say_why(burdens, rest, plaintiff, by_claimant, barred=barred),
        joint=frozenset(name for burden in burdens for name in burden.joint),
    )


def _indemnify(
    claim: ClaimInput, borne: dict[str, Fraction], ledger: Ledger
) -> tuple[list[Contribution], Fraction]:
    """Move what indemnity clauses move; return the claims for it, and what the claimant bears."""
    found: list[Contribution] = []
    by_claimant = ZERO
    for clause in claim.indemnities:
        owes = borne.get(clause.of, ZERO)
        amount = owes if clause.most is None else min(owes, clause.most)
        if clause.by != CLAIMANT and (clause.by not in borne or clause.by in claim.uncollectible):
            said = f"{clause.by} is to indemnify {clause.of} and pays nothing here"
            ledger.add(CONTRACT, said)
            continue
        if clause.of not in borne:
            continue
        borne[clause.of] -= amount
        if clause.by == CLAIMANT:
            by_claimant += amount
        else:
            borne[clause.by] += amount
            why = "indemnity clause"
            found.append(Contribution(clause.of, clause.by, to_cents(amount), why))
        said = f"{clause.by} indemnifies {clause.of} and bears {ledger.money(amount)} of its part"
        ledger.add(CONTRACT, said)
    return found, by_claimant


def _say_why(
    burdens: Sequence[Burdens],
    rest: Fraction,
    plaintiff: Decimal,
    by_claimant: Fraction,
    *,
    barred: bool,
) -> dict[str, Decimal]:
    """Return why the claimant bears what it bears; the amounts add up to it, to the cent."""
    if not burdens:
        return {"barred": plaintiff} if barred and plaintiff else {}
    exact = dict.fromkeys(BORNE, ZERO)
    for burden in burdens:
        for why, amount in burden.left.items():
            exact[why] += amount
    exact["contract"] += by_claimant
    exact["settlements"] = rest - sum(exact.values(), ZERO)
    rounded = {why: to_cents(amount) for why, amount in exact.items() if amount}
    residue = plaintiff - sum(rounded.values(), Decimal(0))
    if residue:
        largest = min(rounded, key=lambda why: (-exact[why], why)) if rounded else "own_part"
        rounded[largest] = rounded.get(largest, Decimal(0)) + residue
    return {why: amount for why, amount in rounded.items() if amount}


def _insure(claim: ClaimInput, owed: Mapping[str, Decimal], ledger: Ledger) -> None:
    for name, cover in sorted(claim.insurance.items()):
        if name not in owed:
            continue
        above = max(Decimal(0), owed[name] - to_cents(cover.retention))
        pays = above if cover.limit is None else min(above, to_cents(cover.limit))
        limit = "no limit" if cover.limit is None else f"a limit of {ledger.money(cover.limit)}"
        ledger.add(
            INSURANCE,
            f"of what {name} owes, its policy pays {claim.currency} {pays:,} if it responds:"
            f" retention {ledger.money(cover.retention)}, {limit}; {name} itself bears"
            f" {claim.currency} {owed[name] - pays:,}",
        )


def _punish(
    claim: ClaimInput, owed: dict[str, Decimal], held: frozenset[str], ledger: Ledger
) -> None:
    """Add punitive damages to what those owe who are `held` liable at all, and say so."""
    for name, amount in sorted(claim.punitive.items()):
        damages = f"{ledger.money(amount)} of punitive damages"
        if name in owed and name in held:
            owed[name] += to_cents(amount)
            said = f"{name} owes {damages}; no share divides them"
        elif name in claim.uncollectible:
            said = f"{damages} cannot be collected from {name}; nobody takes them over"
        else:
            said = f"{name} is not held liable here, so no {damages} are added"
        ledger.add(JOINT, said)


def _set_off(claim: ClaimInput, owed: dict[str, Decimal], ledger: Ledger) -> None:
    for name, amount in sorted(claim.set_off.items()):
        if name in owed:
            taken = min(owed[name], to_cents(amount))
            owed[name] -= taken
            said = f"{name} sets {claim.currency} {taken:,} off against what it owes"
            ledger.add(CONTRACT, said)


def _exposure(
    claim: ClaimInput,
    burdens: Sequence[Burdens],
    bears: Mapping[str, tuple[Fraction, Decimal]],
    owed: Mapping[str, Decimal],
    moved: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """Return the most the claimant can collect from each party.

    `bears` is what each bears, exact and rounded: who pays its own part alone is shown one amount.
    An indemnity is between its parties: what it `moved` to one the claimant asks of the other.
    """
    most = {}
    for name in owed:
        found = ZERO
        for burden in burdens:
            own, whole = burden.owed.get(name, ZERO), sum(burden.owed.values(), ZERO)
            asked = whole if name in burden.joint else own
            found += max(own, min(asked, burden.most.get(name, asked)))
        cap = claim.caps.get(name)
        found = found if cap is None else min(found, cap)
        exact, rounded = bears[name]
        shown = rounded if found == exact else to_cents(found)
        most[name] = max(shown, owed[name] - moved.get(name, Decimal(0)))
    return most


def _contribution(burdens: Sequence[Burdens]) -> tuple[Contribution, ...]:
    found: dict[tuple[str, str], Fraction] = {}
    for burden in burdens:
        for name, loser, amount in burden.shifts:
            found[name, loser] = found.get((name, loser), ZERO) + amount
    why = "bears it in place of the other, whose part it is"
    return tuple(
        Contribution(name, loser, to_cents(amount), why)
        for (name, loser), amount in sorted(found.items())
    )
