"""What a reader must know beside the figures: what is missing, without evidence, or unused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from attribution.loss.heads import INTERRUPTION, LossTable
from attribution.loss.measures import BY_CALENDAR, PHASE_HOURS, TAKEN
from attribution.loss.phases import BY_HARM, BY_TIMELINE, Phases
from attribution.loss.worksheet import Worksheet
from attribution.model.declared_loss import DeclaredLoss
from attribution.model.loss import LossHead, Overlap

ROUNDING: Final = (
    "Money is rounded to the cent at each step, half a cent away from zero; rates, hours and parts"
    " are not rounded, but monthly uptime is, to six decimals. Hours of the timeline have six"
    " decimals, their ends rounded outwards."
)
NOT_ADVICE: Final = (
    "This is arithmetic on the figures given, by formulas as they are described in the sources"
    " named. It is no accounting, insurance or legal advice, and it says nothing of cover: limits,"
    " retentions, sublimits and underinsurance are for the policy."
)
ENDS: Final = (
    "Low and high are what comes out if every figure goes the low way, or the high way, at once."
    " They bound the loss by the figures given and are no confidence interval."
)
NO_SHARES: Final = (
    "No share rests on these figures: shares divide the harm that the case declares, which is"
    " another measure."
)
ALLOTTED: Final = (
    "Business interruption is allotted to the phases by their likely hours after the waiting"
    " period, evenly: an aid to reading, not a measurement."
)

_NOT_ENTERED = frozenset({TAKEN, BY_CALENDAR, BY_TIMELINE, BY_HARM})
"""Notes of figures that nobody entered, and that need no evidence of their own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an assessment, as far as notices are written from it."""

    table: LossTable
    declared: DeclaredLoss
    phases: Phases
    sheet: Worksheet
    heads: tuple[LossHead, ...]
    overlaps: tuple[Overlap, ...]
    missing: Mapping[str, str]
    counts: str | None


def write_notices(outcome: Outcome) -> Iterator[str]:
    """Yield the notices, what bears on the total first."""
    yield from _tell_total(outcome)
    yield from _tell_times(outcome)
    yield from _tell_unused(outcome)
    bare = [
        figure.name
        for figure in outcome.sheet.figures.values()
        if not figure.formula and not figure.evidence and figure.note not in _NOT_ENTERED
    ]
    if bare:
        yield f"Without evidence: {', '.join(bare)}."
    if any(head.by_phase and not outcome.table.heads[head.id].phased for head in outcome.heads):
        yield ALLOTTED
    yield from (ENDS, ROUNDING, NO_SHARES, NOT_ADVICE)


def _tell_total(outcome: Outcome) -> Iterator[str]:
    if not any(head.counted for head in outcome.heads):
        yield "No head of loss that counts could be computed: there is no total."
    if outcome.counts is not None and outcome.counts in outcome.missing:
        yield (
            f"{outcome.table.title(outcome.counts)} is to count and could not be computed: the"
            " total is without the interruption."
        )


def _tell_times(outcome: Outcome) -> Iterator[str]:
    """Yield steps of the response that are out of order, and months the outage is not in."""
    for step, later in outcome.phases.moved.items():
        yield (
            f'By the records "{step}" lies after "{later}": the two count as one time.'
            " Correct the records, or give `loss.phases`."
        )
    for schedule in outcome.declared.schedules:
        found = None if schedule.downtime else outcome.phases.minutes_within(schedule.month)
        if found is not None and not found.value.high:
            yield (
                f"{schedule.title}: by the records no minute of the outage lies in"
                f" {schedule.month} (UTC), so that nothing is credited for it."
            )


def _tell_unused(outcome: Outcome) -> Iterator[str]:
    """Yield what was given and changed nothing."""
    computed = {head.id for head in outcome.heads}
    for avoidable in outcome.declared.avoidable:
        if avoidable.of not in computed:
            yield f"Avoidable loss of {avoidable.of} is given, and no such head was computed."
    for figure in outcome.sheet.list_unused():
        if figure.head != PHASE_HOURS:
            yield f"{figure.name} is given and in no formula that was used: it changes nothing."
    answered = {frozenset(overlap.heads) for overlap in outcome.overlaps}
    counts = outcome.counts or INTERRUPTION
    for said in outcome.declared.distinct:
        heads = [counts if head == INTERRUPTION else head for head in said.heads]
        if frozenset(heads) not in answered:
            yield f"{' and '.join(said.heads)} are said to be distinct, and nothing asked it."
