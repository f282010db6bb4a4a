"""Who owes what, in words for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from decimal import Decimal

    from attribution.regimes.outcome import Outcome, Step

    Ranges = Mapping[str, tuple[Decimal, Decimal]]


def tell_outcome(
    outcome: Outcome,
    title: str,
    ranges: Ranges | None = None,
) -> Iterator[str]:
    """Yield the result, the steps to it with their sources, and the notices.

    `ranges` has for each party, and under no name for the claimant, the least and most over the
    ranges of shares and harm.
    """
    yield f"{title} ({outcome.regime})"
    for question in outcome.questions:
        yield from _wrap(f"Open, and all below rests on the answer: {question}", "  ")
    if outcome.barred:
        yield "  The claim is barred."
    yield from _tell_amounts(outcome, ranges or {})
    yield from _tell_turns(outcome)
    if ranges:
        yield "  The second line of an amount is its range over the ranges of shares and harm."
    yield ""
    yield "Steps"
    for step in outcome.steps:
        yield from _wrap(f"{step.rule}: {step.result}", "  ")
        verified = "" if step.source == "arithmetic" else f", {_verified(step)}"
        yield from _wrap(f"[{step.source}; confidence {step.confidence}{verified}]", "      ")
    yield ""
    for notice in outcome.notices:
        yield from _wrap(notice, "")


def _verified(step: Step) -> str:
    from attribution.regimes.law import UNVERIFIED

    if step.verified_on and UNVERIFIED in step.source:
        return f"read {step.verified_on}, not verified in every part"
    day = step.verified_on
    return f"verified {day}" if day else "not verified against its text"


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        printable_line(text), width(), initial_indent=indent, subsequent_indent=f"{indent}    "
    )


def _tell_amounts(outcome: Outcome, ranges: Ranges) -> Iterator[str]:
    """Yield what can be recovered, who owes what of it, and what stays with the claimant."""
    from attribution.regimes.outcome import BORNE

    over = {name: f"{'':33}{low:,} to {high:,}" for name, (low, high) in ranges.items()}
    money = f"{outcome.currency} "
    yield f"  {'can be recovered':28} {money}{outcome.recoverable:>18,}"
    for name, amount in outcome.owed.items():
        more = outcome.exposure[name] != amount
        most = f"   can be made to pay {outcome.exposure[name]:,}" if more else ""
        yield f"  {printable_line(name)[:22] + ' owes':28} {money}{amount:>18,}{most}"
        if name in over:
            yield over[name]
    yield f"  {'stays with the claimant':28} {money}{outcome.borne_by_plaintiff:>18,}"
    if "" in over:
        yield over[""]
    for why, amount in outcome.borne_for.items():
        yield from _wrap(f"of it {money}{amount:,}: {BORNE[why]}", "      ")
    for claim in outcome.contribution:
        yield from _wrap(
            f"{claim.claimant} may claim {money}{claim.amount:,} from {claim.against}: {claim.why}",
            "  ",
        )


def _tell_turns(outcome: Outcome) -> Iterator[str]:
    """Yield at which share a rule turns, once each, whatever the parts of the harm."""
    turns = (
        f"turns at {flip.at * 100:g} % of {flip.of} (now {flip.now * 100:.4g} %): {flip.what}"
        for flip in outcome.flips
    )
    for turn in dict.fromkeys(turns):
        yield from _wrap(turn, "  ")
