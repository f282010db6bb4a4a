"""Where a case's shares turn a regime's rule, and which facts would turn it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.regimes.case_claim import CaseClaim
from attribution.regimes.claim import CLAIMANT
from attribution.regimes.law import Law
from attribution.regimes.liability import assess
from attribution.regimes.outcome import Outcome, say_names
from attribution.regimes.ranging import Bounds


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A share of the case at which a bar or a threshold turns.

    `of` is the party; `share_at` its share, an agent's with who answers for it, as
    `attribution attribute` gives it, the others in proportion; None where that does not tell it.
    `counted_at` is the share as the regime counts it, `within` whether `share_at` lies in the range
    of the party's share, `part` the part of the harm it is about.
    """

    of: str
    share_at: Fraction | None
    counted_at: float
    now: Fraction
    within: bool
    what: str
    part: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the point by field."""
        return {
            "of": self.of,
            "share_at": None if self.share_at is None else round(float(self.share_at), 9),
            "counted_at": self.counted_at,
            "now": round(float(self.now), 9),
            "within_range": self.within,
            "what": self.what,
            "part": self.part or None,
        }


@dataclass(frozen=True, slots=True)
class FactFlip:
    """A doubtful fact which, settled one way, turns a bar or a threshold.

    `of` is the claim, kind of evidence or node, `settled` which way; `barred` and `joint` are what
    the regime then says.
    """

    of: str
    statement: str
    settled: str
    barred: bool
    joint: tuple[str, ...]
    what: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the fact by field."""
        return {
            "of": self.of,
            "statement": self.statement,
            "settled": self.settled,
            "barred": self.barred,
            "joint": list(self.joint),
            "what": self.what,
        }


def place_flips(outcome: Outcome, case: CaseClaim, bounds: Bounds) -> tuple[TurningPoint, ...]:
    """Return where the rules of a regime turn, in the terms of the case's shares."""
    points = case.rolled
    parts: dict[TurningPoint, list[str]] = {}
    for flip in outcome.flips:
        name = case.of.claimant if flip.of == CLAIMANT else flip.of
        at = case.to_whole(flip.part, name, flip.given_at)
        low, high = bounds[name]
        within = at is not None and low <= at <= high and low < high
        point = TurningPoint(name, at, flip.at, points[name], within, flip.what, "")
        parts.setdefault(point, []).append(flip.part)
    return tuple(
        replace(point, part=say_names(names) if any(names) else "")
        for point, names in parts.items()
    )


def find_turning_facts(
    law: Law,
    case: CaseClaim,
    outcome: Outcome,
    attribution: Attribution,
    statements: Mapping[str, str],
) -> tuple[FactFlip, ...]:
    """Return the contested claims and doubtful facts that turn a bar or a threshold if settled.

    Each is asked by itself, with the shares that the attribution computed for it. `statements` are
    the sentences of the graph's nodes.
    """
    if not outcome.flips:
        return ()
    found = []
    for of, statement, settled, shares in _scenarios(attribution, statements):
        exact = {name: Fraction(shares.get(name, 0.0)) for name in case.points}
        whole = sum(exact.values(), Fraction(0))
        if not whole:
            continue
        other = assess(law, case.at({name: share / whole for name, share in exact.items()}))
        turned = list(_compare(outcome, other))
        if turned:
            found.append(
                FactFlip(
                    of,
                    statement,
                    settled,
                    other.barred,
                    tuple(sorted(other.joint)),
                    "; ".join(turned),
                )
            )
    return tuple(found)


def _compare(now: Outcome, then: Outcome) -> Iterator[str]:
    if now.barred != then.barred:
        yield "the claim is barred" if then.barred else "the claim is not barred"
        return
    for name in sorted(then.joint - now.joint):
        yield f"{name} is liable jointly"
    for name in sorted(now.joint - then.joint):
        yield f"{name} is liable for its own part alone"


def _scenarios(
    attribution: Attribution, statements: Mapping[str, str]
) -> Iterator[tuple[str, str, str, Mapping[str, float]]]:
    for crux in attribution.cruxes:
        for settled, shares in (("true", crux.when_true), ("false", crux.when_false)):
            if shares is not None:
                yield crux.claim, crux.statement, settled, shares
    breaches = {
        breach.node: breach.statement for party in attribution.parties for breach in party.breaches
    }
    known = {**statements, **breaches}
    for bar in attribution.tornado:
        node = bar.of if bar.of in known else bar.of.removeprefix("u_")
        for end, value, shares in zip(("low", "high"), bar.ends, (bar.low, bar.high), strict=True):
            if shares is not None:
                said = known.get(node) or node.replace("_", " ")
                yield node, said, f"of {bar.kind} {value:g}, its {end} end", shares
