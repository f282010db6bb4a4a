"""What does not fit about the order of events: clocks that records contradict, and cycles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from attribution.model.event import Event
from attribution.model.gap import DISORDER, Gap
from attribution.model.instant import SECOND, Instant
from attribution.timeline.names import natural
from attribution.timeline.precedence_table import load_table
from attribution.timeline.succession import Conflict, Succession

_SHOWN = 3


def find_disorder(
    events: Mapping[int, Event], succession: Succession, left_out: Sequence[int]
) -> tuple[Gap, ...]:
    """Return, one for each pair of sources and rule, what contradicts; cycles; what was left out.

    The bounds of such a gap are the times of the contradicted events it is about.
    """
    gaps = [*_contradictions(events, succession.conflicts), *_cycles(events, succession.cycles)]
    searched: dict[str, int] = defaultdict(int)
    for at in left_out:
        searched[_source(events[at])] += 1
    gaps += [
        Gap(
            evidence,
            f"{count:,} events follow so many others by their records that only those directly"
            " before them were told apart: their order to others may be known, and is shown as"
            " undecidable",
            kind=DISORDER,
            mark="searched",
        )
        for evidence, count in searched.items()
    ]
    return tuple(sorted(gaps, key=lambda gap: (natural(gap.evidence), gap.reason)))


def _contradictions(events: Mapping[int, Event], conflicts: Sequence[Conflict]) -> list[Gap]:
    groups: dict[tuple[str, str, str], list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        cause, effect = events[conflict.cause], events[conflict.effect]
        groups[_source(effect), _source(cause), conflict.step.rule].append(conflict)
    return [_contradiction(events, key, group) for key, group in groups.items()]


def _contradiction(
    events: Mapping[int, Event], key: tuple[str, str, str], group: Sequence[Conflict]
) -> Gap:
    evidence, other, rule = key
    worst = max(group, key=lambda one: (one.microseconds, -one.effect, -one.cause))
    cause, effect = events[worst.cause], events[worst.effect]
    wrong = (
        f"the times of {evidence}"
        if evidence == other
        else f"the clock of {evidence} or that of {other}"
    )
    times = [events[one.effect].time for one in group]
    known = [time for time in times if time is not None]
    said = load_table().rules[rule].statement.rstrip(".")
    count = f"{len(group):,} times" if len(group) > 1 else "once"
    return Gap(
        evidence,
        f"{wrong} must be wrong by at least {worst.microseconds / SECOND:g} s: {said}, and {count}"
        f" the times say otherwise (such as {effect.witnesses[0].reference} against"
        f" {cause.witnesses[0].reference}); nothing is made of the order of these [{rule}]",
        Instant(min(known)) if known else None,
        Instant(max(known)) if known else None,
        kind=DISORDER,
        mark=f"{rule}:{other}",
        references=(effect.witnesses[0].reference, cause.witnesses[0].reference),
    )


def _cycles(events: Mapping[int, Event], cycles: Sequence[Sequence[int]]) -> list[Gap]:
    found = []
    for cycle in cycles:
        places = sorted((events[at].witnesses[0].reference for at in cycle), key=natural)
        shown = ", ".join(places[:_SHOWN]) + (", …" if len(places) > _SHOWN else "")
        found.append(
            Gap(
                places[0].partition("#")[0],
                f"{len(cycle)} records each say that they come after one another ({shown}): what"
                " they say of their order among themselves is not used",
                kind=DISORDER,
                mark=places[0],
                references=tuple(places),
            )
        )
    return found


def _source(event: Event) -> str:
    return event.witnesses[0].evidence
