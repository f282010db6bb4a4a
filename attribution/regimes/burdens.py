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
_TENTH: Final = Fraction(1, 10)
_HALF: Final = Fraction(1, 2)
_FIFTH: Final = Fraction(1, 5)


@dataclass(slots=True, eq=False)
class Burdens:
    """One kind of damage of one part of the harm while it is divided.

    `amount` is the damage of this kind, `part` the claimant's share, `shares` those of everybody
    who is counted; `joint` who can be made to pay for others, `paying` who pays at all, `settled`
    what was paid of this kind by whom. `owed` is what each who pays bears so far, `own` what it
    bore of its own part, `shifts` who took over how much of whose. `left` is what of the
    damage nobody who pays took over, by why (a key of `outcome.BORNE`): the claimant bears it.
    `most` is the most that can be asked of who is liable jointly within a limit;
    `credit` is what settlements paid beyond all that those who pay bore of it.
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
    most: dict[str, Fraction] = field(default_factory=dict)
    credit: Fraction = ZERO

    @property
    def payments(self) -> Fraction:
        """Return what settlements have paid of it."""
        return sum(self.settled.values(), ZERO)

    def use_credit(self, amounts: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return amounts less the credit, which is used up: nobody is satisfied twice."""
        whole = sum(amounts.values(), ZERO)
        used = min(self.credit, whole)
        self.credit -= used
        return {name: one * (1 - used / whole) if whole else one for name, one in amounts.items()}


def is_joint(version: LawVersion, kind: str, share: Fraction, part: Fraction) -> bool:
    """Return whether a party with this share can be made to pay for others, of this damage."""
    economic, met = kind == "economic", version.meets_threshold(share)
    if version.faultless == "joint" and part == 0:
        return True
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
    """Take settlements off: the released party's share, what it paid, or the greater of both."""
    paid = burdens.payments
    if not burdens.settled or version.settlement == "share":
        return
    pool = [name for name in burdens.paying if name in burdens.joint]
    shares = {n: burdens.amount * burdens.shares.get(n, ZERO) for n in burdens.settled}
    released = sum(shares.values(), ZERO)
    if version.settlement == "greater":
        paid = sum((max(paid, shares[name]) for name, paid in burdens.settled.items()), ZERO)
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
    beyond = _spread_over(burdens, left - own, pool) if pool else max(ZERO, own - left)
    if version.settlement in {"amount", "greater"}:
        several = [name for name in burdens.paying if name not in burdens.joint]
        beyond = _spread_over(burdens, -beyond, several)
    burdens.credit = beyond


def _set(burdens: Burdens, name: str, value: Fraction) -> None:
    burdens.owed[name] = burdens.own[name] = value


def _spread_over(burdens: Burdens, amount: Fraction, pool: list[str]) -> Fraction:
    """Add an amount (or take it off) in proportion to what each bears, else to fault.

    Nobody bears less than nothing; returned is what could not be taken off.
    """
    before = sum((burdens.owed[name] for name in pool), ZERO)
    weights = burdens.owed if before else burdens.shares
    whole = sum((weights[name] for name in pool), ZERO)
    after = before + amount
    for name in pool:
        part = weights[name] / whole if whole else Fraction(1, len(pool))
        _set(burdens, name, max(ZERO, after) * part)
    return max(ZERO, -after)


def shift(
    burdens: Burdens, version: LawVersion, losers: Mapping[str, Fraction], how: str, why: str
) -> None:
    """Let others take over what is not paid of each loser's part; the rest is the claimant's.

    `how` is nobody, or a word for `uncollectible`; see `law`. With `claimant`, whoever is liable
    jointly still takes it over. `why` is what the rest is left for, a key of `left`.
    """
    if how == "by_kind":
        how = "defendants" if burdens.kind == "economic" else "own_share"
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
    if how in {"liable_jointly", "claimant", "all_jointly"}:
        taking = {name: burdens.shares[name] for name in others if name in burdens.joint}
    elif how == "nobody":
        taking = {}
    else:
        taking = {n: s for n in others if not version.spares(s := burdens.shares[n], burdens.part)}
    released = sum((burdens.shares.get(name, ZERO) for name in burdens.settled), ZERO)
    if how in {"all", "all_jointly"} and burdens.part + released > 0:
        taking[""] = burdens.part + released
    return taking


def _take(
    burdens: Burdens,
    version: LawVersion,
    takers: Mapping[str, Fraction],
    amount: Fraction,
    how: str,
) -> dict[str, Fraction]:
    """Return what each takes over, by weight, up to what it can be made to bear."""
    if how == "own_share":
        return {name: amount * weight for name, weight in takers.items()}
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
        return burdens.amount * (ZERO if share <= _TENTH else _TENTH if share < _HALF else _FIFTH)
    most = most_of(burdens, version, name)
    return None if most is None else max(ZERO, most - burdens.owed[name])


def most_of(burdens: Burdens, version: LawVersion, name: str) -> Fraction | None:
    """Return the most that a party can be made to bear in all, None for no limit."""
    if version.most_times_share is None or version.meets_threshold(burdens.shares[name]):
        return None
    return burdens.own[name] * version.most_times_share
