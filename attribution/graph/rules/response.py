"""Rule `response`: detection, acknowledgement and mitigation against the declared objectives.

What it looks for:
    For each failed service with objectives: the time from its onset to the first alert, from the
    alert to the first acknowledgement, from that to the resolution. A phase that took longer than
    its objective is an omission by whom the objective is owed.

What it adds:
    `late_detection_SERVICE`, `late_acknowledgement_SERVICE`, `late_mitigation_SERVICE` -> those
    harm items that would not have come had the phase kept to its objective.

The counterfactual answer and why:
    Arithmetic on the records: the outage would have ended earlier by the time the phase ran over.
    An item that begins at or after that end (within the error of the recorded end) would not have
    been; one that begins before it would have been all the same, and gets no edge. Where no phase
    alone, but some together, would have averted an item, one of them being late sufficed for it.
    Where part of an item would have been spared, the rule says at what time to split it.

    Where what is known of the times leaves it open whether a phase kept to its objective, it is
    late only if the times as they stand say so, and is believed as an undecided order is.

When it is wrong:
    Work went on unacknowledged; the acknowledgement was automatic; the objective did not apply at
    that hour.

Example:
    Alert at 19:00:40, acknowledged at 22:47 against 15 minutes: hours later than 21:15 are late.

Sources:
    NIST SP 800-61 rev. 2; the case's own objectives. Dehez and Ferey 2013, Math. Soc. Sci. 66 (a
    later wrong bears the harm it adds).
"""

from __future__ import annotations

from itertools import combinations

from attribution.graph.doubt import UNDECIDED, doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.response_barriers import list_response_barriers
from attribution.graph.rules.onset import failure_id, harm_id
from attribution.graph.rules.outage import Outage, error_of
from attribution.graph.rules.phases import Phase, has_alert, list_phases, span
from attribution.graph.rules.rule import Rule
from attribution.graph.visibility import ALERTS, ANSWERS, say_unseen
from attribution.model.gap import NOT_EARLIER
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.model.manifest import Harm
from attribution.model.service import Objectives, Service

_FINE = 20
"""A length whose bounds are apart by less than this part of it is told as one."""


def apply(facts: Facts, draft: Draft) -> None:
    """Add the late phases of each failed service and the harm items they extended."""
    for service in facts.manifest.services:
        if failure_id(service) in draft.nodes and service.objectives is not None:
            _assess(facts, draft, service, service.objectives)


def _assess(facts: Facts, draft: Draft, service: Service, objectives: Objectives) -> None:
    phases = list_phases(facts, draft, service, objectives)
    if not has_alert(facts, draft, service):
        draft.missing.append(
            MissingFactor(
                failure_id(service),
                "No alert is on record, so nothing can be said of how fast it was detected and"
                " taken up."
                + say_unseen(facts, ALERTS, draft.nodes[failure_id(service)].time_low, None),
                "alert",
            )
        )
    harms = [harm for harm in facts.manifest.harms if harm.service == service.id]
    declared = [harm.end for harm in harms if harm.end is not None]
    finished = next(
        (phase.events[-1] for phase in phases if phase.name == "mitigation" and phase.ended), None
    )
    end = finished.time if finished is not None else max(declared, default=None)
    late = [phase for phase in phases if phase.excess(end) > 0]
    owed_by = _owner(facts, service, objectives)
    nodes = {
        phase.name: _add_late(
            facts,
            draft,
            service,
            owed_by=owed_by,
            phase=phase,
            excess=phase.excess(end),
            outage_end=end,
        )
        for phase in late
    }
    draft.barriers += list_response_barriers(
        service,
        objectives,
        failure_id(service),
        phases,
        nodes,
        outage_end=end,
        owner=owed_by,
    )
    for phase in phases:
        doubt_order(
            facts,
            draft,
            phase.closed,
            phase.deadline,
            node=nodes.get(phase.name, failure_id(service)),
            rests=f"that {phase.name} kept to its objective",
        )
    error = error_of(finished)
    for harm in harms:
        _extend(draft, harm, Outage(late, nodes, end, error))


def _owner(facts: Facts, service: Service, objectives: Objectives) -> str | None:
    """Return the party that owes the objectives: as declared, else the owner, else the deployer."""
    named = objectives.owed_by
    if named is not None:
        return named if facts.party(named) is not None else facts.party_in_role(named)
    return service.owner or facts.party_in_role("deployer")


def _add_late(
    facts: Facts,
    draft: Draft,
    service: Service,
    *,
    owed_by: str | None,
    phase: Phase,
    excess: float,
    outage_end: Instant | None,
) -> str:
    unended = "is not on record by the end of it,"
    took = unended if phase.ended is None else f"took {_tell(phase, excess)}"
    node = Node(
        id=f"late_{phase.name}_{identifier(service.id)}",
        kind="omission",
        statement=(
            f"{phase.name.capitalize()} of the failure of {service.name} {took}"
            f" against an objective of {span(phase.objective)}."
            f"{_say_unseen(facts, phase, outage_end)}"
        ),
        party=facts.duty_owner(phase.duty, owed_by),
        time=Instant(phase.began + round(phase.objective * SECOND)),
        time_low=Instant(phase.began + round(phase.objective * SECOND)),
        time_high=phase.ended,
        duty=phase.duty,
        norm=0,
        basis=_basis(facts, phase),
        evidence=tuple(place for event in phase.events for place in event.references),
        rule=RULE.id,
    )
    draft.add_node(node)
    RULE.finding(draft, node)
    return node.id


def _basis(facts: Facts, phase: Phase) -> str:
    if phase.closed is None:
        return "absence_of_record"
    late = facts.chronicle.is_no_later(phase.closed, phase.deadline)
    return UNDECIDED if late is None else "machine_record"


def _tell(phase: Phase, excess: float) -> str:
    """Return how long a phase took, with its bounds where they are far apart for its length."""
    told, took = span(excess + phase.objective), phase.took
    if took is None or (took.high - took.low) * _FINE < took.point:
        return told
    return f"{told} ({span(took.low)} to {span(took.high)} by what is known of the times)"


def _say_unseen(facts: Facts, phase: Phase, outage_end: Instant | None) -> str:
    """Return which gaps may hide the end of a phase, or an earlier one than is on record."""
    if phase.ended is None:
        return say_unseen(facts, ANSWERS, phase.began, outage_end)
    return say_unseen(facts, ANSWERS, phase.began, phase.ended, NOT_EARLIER)


def _extend(draft: Draft, harm: Harm, outage: Outage) -> None:
    """Link the late phases to a harm item that would not have come without them.

    The item comes about unless some averting set is wholly in time: so of each set at least one
    phase must have been late.
    """
    if harm.start is None or outage.end is None or not outage.late:
        return
    effect = harm_id(harm)
    sets = outage.averting_sets(harm.start)
    for number, chosen in enumerate(sets, start=1):
        together = len(chosen) > 1
        target = _add_drawn_out(draft, effect, chosen, number) if together else effect
        for name in chosen:
            over = span(outage.spared_by((name,)))
            draft.add_cause(
                Edge(
                    source=outage.nodes[name],
                    target=target,
                    rule=RULE.id,
                    counterfactual=(
                        f"yes: without the {over} by which it ran over the item would still have"
                        " come; had the other phases been in time too, it would not"
                        if together
                        else f"no: without the {over} by which it ran over, the outage would have"
                        " ended before this item began"
                    ),
                    basis="arithmetic on the recorded times and the declared objective",
                    evidence=draft.nodes[outage.nodes[name]].evidence,
                ),
                slot="alternatives" if together else "extensions",
            )
    _say_where_to_split(draft, harm, outage, sets)


def _add_drawn_out(draft: Draft, effect: str, chosen: tuple[str, ...], number: int) -> str:
    """Add the condition that one of several phases was late, which drew the item out."""
    known = draft.nodes[effect]
    node = Node(
        id=f"drawn_out_{number}_{effect}",
        kind="condition",
        statement=(
            f"At least one of {' and '.join(chosen)} was late, so that “{known.statement}” was not"
            " averted."
        ),
        rule=RULE.id,
    )
    draft.add_node(node)
    draft.add_cause(
        Edge(
            source=node.id,
            target=effect,
            rule=RULE.id,
            counterfactual="no: with all these phases in time the outage would have ended before",
            basis="arithmetic on the recorded times and the declared objectives",
        ),
        slot="extensions",
    )
    return node.id


def _say_where_to_split(
    draft: Draft, harm: Harm, outage: Outage, sets: list[tuple[str, ...]]
) -> None:
    """State the parts of an item that some phases in time would have spared, as yet unattributed.

    The item is attributed as a whole: it must begin where the outage would then have ended.
    """
    if harm.start is None or harm.end is None or outage.end is None:
        return
    names = [phase.name for phase in outage.late]
    sized = [c for size in range(1, len(names) + 1) for c in combinations(names, size)]
    for chosen in sized:
        ended = Instant(outage.end - round(outage.spared_by(chosen) * SECOND))
        inside = harm.start < ended - outage.error and ended + outage.error < harm.end
        if inside and not any(set(known) <= set(chosen) for known in sets):
            draft.missing.append(
                MissingFactor(
                    harm_id(harm),
                    f"With {' and '.join(chosen)} in time the outage would have ended at"
                    f" {format_instant(ended)}: split the item there, and the part after it will be"
                    " attributed to what was late.",
                    "split",
                )
            )


RULE = Rule(
    id="response",
    version=1,
    title="The response against its objectives",
    refuted_by="a record of somebody at work on the failure within the objective",
    apply=apply,
)
