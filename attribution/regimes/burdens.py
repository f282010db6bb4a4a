"""Who bears how much of one kind of damage: settlements, joint liability, what is not collected.

Everything is exact (Fraction). Formulas: Restatement (Third) of Torts, Apportionment of Liability,
sections 10-21 and A18-E18; Uniform Comparative Fault Act, sections 2 and 6; Espinoza v Machonga
(1992) 9 Cal. App. 4th 268; Jensen v ARA Services (Mo. 1987) 736 S.W.2d 374.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from attribution.regimes.law import LawVersion

ZERO: Final = Fraction(0)
_LIMITED: Final = ((Fraction(1, 10), Fraction(0)), (Fraction(1, 2), Fraction(1, 10)))
_LIMITED_MOST: Final = Fraction(1, 5)


@dataclass(slots=True, eq=False)
class Burdens:
    """One kind of damage of one part of the harm while it is divided.

    `amount` is the damage of this kind, `part` the claimant's share, `shares` those of everybody
    who is counted; `joint` who can be made to pay for others, `paying` who pays at all, `settled`
    what was paid of this kind by whom. `owed` is what each who pays bears so far, `own` what it
    bore of its own part, `shifts` who took over how much of whose. `left` is what of the
    damage nobody who pays took over, by why (a key of `outcome.BORNE`): the claimant bears it.
    """

    amount: Fraction
    part: Fraction
    shares: Mapping[str, Fraction]
    paying: tuple[str, ...]
    joint: frozenset[str]
    settled: Mapping[str, Fraction]
    of: str = ""
    kind: str = "economic"
    barred: bool = False
    owed: dict[str, Fraction] = field(default_factory=dict)
    own: dict[str, Fraction] = field(default_factory=dict)
    shifts: list[tuple[str, str, Fraction]] = field(default_factory=list)
    left: dict[str, Fraction] = field(default_factory=dict)

    @property
    def payments(self) -> Fraction:
        """Return what settlements have paid of it."""
        return sum(self.settled.values(), ZERO)


def is_joint(version: LawVersion, kind: str, share: Fraction, part: Fraction) -> bool:
    """Return whether a party with this share can be made to pay for others, of this damage."""
    economic, met = kind == "economic", version.meets_threshold(share)
    return {
        "joint": True,
        "several": False,
        "threshold": met or version.most_times_share is not None,
        "hybrid": economic,
        "threshold_economic": economic and met,
        "hybrid_threshold": economic or met,
        "joint_if_faultless": part == 0,
    }[version.liability]


def divide(burdens: Burdens, version: LawVersion) -> None:
    """Divide the damage among who pays: own parts, then settlements by the regime's rule."""
    for name in burdens.paying:
        share = burdens.amount * burdens.shares[name]
        burdens.owed[name] = burdens.own[name] = share
    if version.contribution == "by_head" and len(burdens.paying) > 1:
        head = sum(burdens.owed.values(), ZERO) / len(burdens.paying)
        burdens.owed = dict.fromkeys(burdens.paying, head)
        burdens.own = dict(burdens.owed)
    _settle(burdens, version)


def _settle(burdens: Burdens, version: LawVersion) -> None:
    """Take settlements off: the released party's share, or what it paid."""
    paid = burdens.payments
    if not burdens.settled or version.settlement == "share":
        return
    pool = [name for name in burdens.paying if name in burdens.joint]
    released = sum((burdens.amount * burdens.shares.get(n, ZERO) for n in burdens.settled), ZERO)
    own = sum((burdens.owed[name] for name in burdens.paying), ZERO)
    whole = own + released
    if version.settlement == "first":
        left = whole - paid * (1 - burdens.part)
        if not pool:
            scale = (burdens.amount - paid) / burdens.amount if burdens.amount else ZERO
            for name in burdens.paying:
                _set(burdens, name, burdens.owed[name] * max(ZERO, scale))
            return
    else:
        left = whole - paid
    if pool:
        _spread_over(burdens, left - own, pool)


def _set(burdens: Burdens, name: str, value: Fraction) -> None:
    burdens.owed[name] = burdens.own[name] = value


def _spread_over(burdens: Burdens, amount: Fraction, pool: list[str]) -> None:
    """Add an amount (or take it off) in proportion to fault; nobody bears less than nothing."""
    weights = sum((burdens.shares[name] for name in pool), ZERO)
    for name in pool:
        part = burdens.shares[name] / weights if weights else Fraction(1, len(pool))
        _set(burdens, name, max(ZERO, burdens.owed[name] + amount * part))


def shift(
    burdens: Burdens, version: LawVersion, losers: Mapping[str, Fraction], how: str, why: str
) -> None:
    """Let others take over what is not paid of each loser's part; the rest is the claimant's.

    `how` is claimant, liable_jointly, all or limited; see `law`. With `claimant`, whoever is liable
    jointly still takes it over. `why` is what the rest is left for, a key of `left`.
    """
    for loser, amount in losers.items():
        takers = _takers(burdens, version, frozenset(losers), how)
        rest = amount
        for name, taken in _take(burdens, version, takers, amount, how).items():
            if taken > 0:
                burdens.owed[name] += taken
                burdens.shifts.append((name, loser, taken))
                rest -= taken
        burdens.left[why] = burdens.left.get(why, ZERO) + rest


def _takers(
    burdens: Burdens, version: LawVersion, losers: frozenset[str], how: str
) -> dict[str, Fraction]:
    """Return who takes over a loser's part, each with its weight; the claimant under ''."""
    others = [name for name in burdens.paying if name not in losers]
    if how in {"liable_jointly", "claimant"}:
        return {name: burdens.shares[name] for name in others if name in burdens.joint}
    spared = version.spared == "at_most_claimant"
    taking = {
        name: burdens.shares[name]
        for name in others
        if not (spared and burdens.shares[name] <= burdens.part)
    }
    if how == "all" and burdens.part > 0:
        taking[""] = burdens.part
    return taking


def _take(
    burdens: Burdens,
    version: LawVersion,
    takers: Mapping[str, Fraction],
    amount: Fraction,
    how: str,
) -> dict[str, Fraction]:
    """Return what each takes over, by weight, up to what it can be made to bear."""
    room = {name: _room(burdens, version, name, how) for name in takers if name}
    taken = dict.fromkeys((name for name in takers if name), ZERO)
    left, open_to = amount, dict(takers)
    while left > 0 and any(open_to.values()):
        weights = sum(open_to.values(), ZERO)
        parts = {name: left * weight / weights for name, weight in open_to.items()}
        limits = {name: most for name in parts if name and (most := room[name]) is not None}
        full = [name for name, limit in limits.items() if parts[name] > limit]
        if not full:
            for name, part in parts.items():
                if name:
                    taken[name] += part
            return taken
        for name in full:
            taken[name] += limits[name]
            left -= limits[name]
            del open_to[name]
    return taken


def _room(burdens: Burdens, version: LawVersion, name: str, how: str) -> Fraction | None:
    """Return how much more a party can be made to bear, None for no limit."""
    share = burdens.shares[name]
    if how == "limited":
        points = next((most for below, most in _LIMITED if share <= below), _LIMITED_MOST)
        return burdens.amount * points
    if version.most_times_share is not None and not version.meets_threshold(share):
        return max(ZERO, burdens.own[name] * version.most_times_share - burdens.owed[name])
    return None
