"""A head's amount allotted to the phases of the outage, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attribution.loss.formula import round_half_up
from attribution.loss.heads import HeadForm
from attribution.loss.phases import Phases
from attribution.loss.worksheet import CENTS, Worksheet
from attribution.model.loss import PHASES, Range


def weigh_phases(
    form: HeadForm, sheet: Worksheet, phases: Phases, waiting: Range | None
) -> dict[str, Decimal]:
    """Return the weight of each phase in a head; none where time does not drive the head.

    A head with a cost for each phase goes by those, another by the likely hours of each phase
    after the waiting period.
    """
    if form.phased:
        steps = {phase: sheet.figures.get(f"{form.prefix}_{phase}") for phase in PHASES}
        weights = {
            phase: figure.value.likely for phase, figure in steps.items() if figure is not None
        }
    elif form.timed:
        weights = _hours_after(phases, Decimal(0) if waiting is None else waiting.likely)
    else:
        weights = {}
    return weights if any(weights.values()) else {}


def allot(net: Range, weights: Mapping[str, Decimal]) -> dict[str, Range]:
    """Return what of a head falls to each phase; the parts add up to the head, at each end."""
    if not weights:
        return {}
    likely = _split(net.likely, weights)
    below = _split(net.likely - net.low, weights)
    above = _split(net.high - net.likely, weights)
    return {
        phase: Range(likely[phase] - below[phase], likely[phase], likely[phase] + above[phase])
        for phase in weights
    }


def _hours_after(phases: Phases, waiting: Decimal) -> dict[str, Decimal]:
    """Return the likely hours of each phase that come after the waiting period."""
    if phases.unseen:
        return {}
    left = waiting
    hours = {}
    for phase in PHASES:
        length = phases.hours[phase].value.likely
        waited = min(left, length)
        hours[phase] = length - waited
        left -= waited
    return hours


def _split(amount: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return an amount in parts by weight, whole cents; what is left goes to the last with weight.

    Every weight is 0 or more, and one is more.
    """
    whole = sum(weights.values())
    last = [phase for phase, weight in weights.items() if weight][-1]
    parts = {
        phase: round_half_up(amount * weight / whole, CENTS) for phase, weight in weights.items()
    }
    parts[last] = amount - sum(part for phase, part in parts.items() if phase != last)
    return parts
