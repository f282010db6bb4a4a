"""From the ranges of the shares to shares at their ends that can be so together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attribution.model.result import Attribution
from attribution.regimes.claim import RollUp

_ZERO = Fraction(0)
Bounds = Mapping[str, tuple[Fraction, Fraction]]


def roll_ranges(attribution: Attribution, roll_ups: tuple[RollUp, ...]) -> Bounds:
    """Return the lowest and highest share of each who can owe or claims.

    Of a party that answers for another it is the sum of both ranges, within what the ranges of
    all others leave of the whole. Nobody's range is narrower than that: shares add up to 1.
    """
    to = {one.party: one.to for one in roll_ups}
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for party in attribution.parties:
        name = to.get(party.id, party.id)
        low, high = sums.get(name, (_ZERO, _ZERO))
        sums[name] = (low + Fraction(party.share.low), high + Fraction(party.share.high))
    points: dict[str, Fraction] = {}
    for party in attribution.parties:
        name = to.get(party.id, party.id)
        points[name] = points.get(name, _ZERO) + Fraction(party.share.point)
    lows, highs = (sum((pair[end] for pair in sums.values()), _ZERO) for end in (0, 1))
    return {
        name: (
            min(points[name], max(low, 1 - (highs - high), _ZERO)),
            max(points[name], min(high, 1 - (lows - low), Fraction(1))),
        )
        for name, (low, high) in sums.items()
    }


def balance(
    points: Mapping[str, Fraction], bounds: Bounds, name: str, value: Fraction
) -> dict[str, Fraction]:
    """Return shares with one party's at `value` and the others' in proportion, within bounds.

    The others' shares are their points times one factor, each kept within its own range; where no
    factor brings the sum to 1, what is left goes in proportion all the same.
    """
    others = [one for one in points if one != name]
    rest = 1 - value
    factor = _find_factor([(points[one], *bounds[one]) for one in others], rest)
    found = {one: _clip(points[one] * factor, *bounds[one]) for one in others}
    whole = sum(found.values(), _ZERO)
    if whole != rest:
        spare = {one: bounds[one][1] - found[one] for one in others if rest > whole}
        room = sum(spare.values(), _ZERO)
        for one in others:
            weight = spare[one] / room if room else found[one] / whole if whole else _ZERO
            found[one] += (rest - whole) * weight
    return {**found, name: value}


def _find_factor(entries: list[tuple[Fraction, Fraction, Fraction]], whole: Fraction) -> Fraction:
    """Return the factor at which the clipped shares add up to `whole`, or the nearest there is.

    Their sum grows with the factor and bends only where one of them meets an end of its range.
    """
    bends = sorted({end / point for point, *ends in entries if point for end in ends} | {_ZERO})

    def total(factor: Fraction) -> Fraction:
        return sum((_clip(point * factor, low, high) for point, low, high in entries), _ZERO)

    before = bends[0]
    for bend in bends:
        if total(bend) >= whole:
            rise = total(bend) - total(before)
            return before + (bend - before) * (whole - total(before)) / rise if rise else bend
        before = bend
    return before


def _clip(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return min(high, max(low, value))
