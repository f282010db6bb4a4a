"""Who answers for whom: an agent's share, and that of whoever acted for another, goes there."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attribution.errors import ManifestError
from attribution.model.actor import Party
from attribution.model.liability import Entry
from attribution.regimes.claim import RollUp

NO_DEBTOR: Final = (
    "an AI is a cause, not a debtor: Moffatt v Air Canada, 2024 BCCRT 149; California Civil Code"
    " 1714.46 bars the defence that it acted autonomously"
)
ANSWERED_FOR: Final = (
    "whoever answers for another is liable for the whole of its share: Restatement (Third) of"
    " Torts: Apportionment of Liability, section 13, from background knowledge. What that one owes"
    " beside it is not shown"
)
IMPUTED: Final = (
    "a share is counted as the claimant's own where a defendant would answer for it: Restatement"
    " (Third) of Torts: Apportionment of Liability, section 5, from background knowledge"
)
_ZERO = Fraction(0)


def list_roll_ups(
    parties: Mapping[str, Party],
    claimant: str,
    *,
    named: str | None = None,
    declared: Entry | None = None,
) -> tuple[RollUp, ...]:
    """Return whose share goes to whom: an agent's always, another party's where it is declared.

    Where who answers is answered for in turn, the share goes on to the last of them; a claimant is
    the last in any case. `named` answers for every agent, `declared` for one of which the case says
    nothing else, and after them the only deployer. Raises ManifestError where it is not clear who
    answers for an agent.
    """
    found = []
    for party in parties.values():
        if party.role != "agent" and (party.answered_for_by is None or party.id == claimant):
            continue
        to, why = _next(parties, party, named, declared)
        last = _follow(parties, to, claimant, {party.id})
        if last is None or parties[last].role == "agent":
            raise ManifestError(
                f"it is not clear who answers for {party.id}"
                + (f": {NO_DEBTOR}" if party.role == "agent" else ""),
                file="case.yaml",
                place=f"parties, {party.id}",
                got=to or "nobody",
                expected=f"one of {', '.join(p.id for p in parties.values() if p.role != 'agent')}",
                remedy="declare `answered_for_by` there, or name it with --agent-answers",
            )
        through = f" through {to}" if to != last else ""
        rule = NO_DEBTOR if party.role == "agent" else IMPUTED if last == claimant else ANSWERED_FOR
        found.append(RollUp(party.id, last, f"{why}{through}; {rule}"))
    return tuple(found)


def roll(shares: Mapping[str, Fraction], roll_ups: tuple[RollUp, ...]) -> dict[str, Fraction]:
    """Return shares in which those of the parties answered for are with those who answer."""
    rolled = dict(shares)
    for roll_up in roll_ups:
        share = rolled.pop(roll_up.party, _ZERO)
        rolled[roll_up.to] = rolled.get(roll_up.to, _ZERO) + share
    return rolled


def _next(
    parties: Mapping[str, Party], party: Party, named: str | None, declared: Entry | None
) -> tuple[str | None, str]:
    """Return who answers for a party, and on what ground."""
    if party.role == "agent":
        if named:
            return named, "named for this calculation"
        if party.answered_for_by is None and declared is not None:
            return declared.party, f"declared in case.yaml: {declared.because}"
        if party.answered_for_by is None:
            deployers = [item.id for item in parties.values() if item.role == "deployer"]
            why = "nobody is declared to answer for it: by default whoever put it to use"
            return (deployers[0] if len(deployers) == 1 else None), why
    return party.answered_for_by, "declared in case.yaml"


def _follow(
    parties: Mapping[str, Party], name: str | None, claimant: str, seen: set[str]
) -> str | None:
    """Return the last of those who answer for one another; None where they go in a circle."""
    while name is not None and name in parties and name not in seen:
        onward = parties[name].answered_for_by
        if name == claimant or onward is None:
            return name
        seen.add(name)
        name = onward
    return None
