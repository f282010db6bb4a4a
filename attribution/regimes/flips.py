"""The shares at which a regime's rules turn, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attribution.regimes.bars import SAYS, bar_at, say_rule
from attribution.regimes.claim import CLAIMANT, KINDS, ClaimInput
from attribution.regimes.counting import Counted
from attribution.regimes.law import LawVersion
from attribution.regimes.outcome import Flip

_BARRED = {"pure_economic": {"noneconomic"}}
_TURNING = {"threshold_economic": {"economic"}, "hybrid_threshold": {"noneconomic"}}
"""The kinds of damage that a bar or a threshold is about, where it is not about all."""


def list_flips(
    rule: str, version: LawVersion, counted: Counted, claim: ClaimInput
) -> tuple[Flip, ...]:
    """Return the shares of one part of the harm at which a bar or a threshold turns.

    Each is where one share turns while the others keep their proportions to each other.
    """
    kinds = {kind for kind, amount in counted.of.damages.items() if amount}
    bars = _bars(rule, version, counted) if kinds & _BARRED.get(rule, set(KINDS)) else ()
    turning = kinds & _TURNING.get(version.liability, set(KINDS))
    return (*bars, *(_thresholds(version, counted, claim) if turning else ()))


def _bars(rule: str, version: LawVersion, counted: Counted) -> Iterator[Flip]:
    at = bar_at(rule)
    if at is None:
        return
    if version.barred_from is not None and rule == version.plaintiff:
        yield _flip(counted, CLAIMANT, version.barred_from, say_rule(rule, version))
        return
    if version.compared_with == "all":
        yield _flip(counted, CLAIMANT, at, SAYS[rule])
        return
    others = 1 - counted.part
    for name, share in sorted(counted.shares.items()):
        if share and others:
            against = share / others
            what = f"held against {name} alone: {SAYS[rule]}"
            yield _flip(counted, CLAIMANT, against / (1 + against) if at else at, what)


def _thresholds(version: LawVersion, counted: Counted, claim: ClaimInput) -> Iterator[Flip]:
    if version.faultless == "joint" or version.liability == "joint_if_faultless":
        what = "the others are liable jointly only where the claimant has no part"
        yield _flip(counted, CLAIMANT, Fraction(0), what)
    if version.threshold is None:
        return
    turn = "above" if version.threshold_met_at == "above" else "from it on"
    what = f"liable jointly {turn}"
    if version.most_times_share is not None:
        what += f", below for at most {version.most_times_share} times its own part"
    for name in sorted(counted.shares):
        if name not in claim.absent:
            yield _flip(counted, name, version.threshold, what)


def _flip(counted: Counted, name: str, at: Fraction, what: str) -> Flip:
    now = counted.part if name == CLAIMANT else counted.shares[name]
    return Flip(
        name,
        float(at),
        round(float(now), 6),
        what,
        _to_given(counted, now, at),
        counted.of.id,
    )


def _to_given(counted: Counted, now: Fraction, at: Fraction) -> Fraction:
    """Return the given share s at which the counted one is `at`, the others in proportion.

    With d the given share of those who are not counted and s0 = now (1 - d) the party's own, the
    counted share is s / (1 - k (1 - s)) with k = d / (1 - s0); it is `at` where
    s = at (1 - k) / (1 - at k).
    """
    own = now * (1 - counted.dropped)
    k = counted.dropped / (1 - own) if own < 1 else Fraction(0)
    return at * (1 - k) / (1 - at * k)
