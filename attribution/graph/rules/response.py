"""Rule `response`: detection, acknowledgement and mitigation against the declared objectives.

What it looks for:
    For each failed service with objectives: the time from its onset to the first alert, from the
    alert to the first acknowledgement, from that to the resolution. A phase that took longer than
    its objective is an omission by whom the objective is owed.

What it adds:
    `late_detection_SERVICE`, `late_acknowledgement_SERVICE`, `late_mitigation_SERVICE` -> those
    harm items that would not have come had the phase kept to its objective.

Counterfactual answer and basis:
    Arithmetic on the records: the outage would have ended earlier by the time the phase ran over.
    An item that begins at or after that end would not have been; one that begins before it would
    have been all the same, and gets no edge. Where no phase alone, but all together, would have
    averted an item, any of them sufficed for it.

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

from dataclasses import dataclass

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.rules.onset import failure_id, harm_id
from attribution.graph.rules.rule import Rule
from attribution.model.event import Event
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.instant import SECOND, Instant
from attribution.model.manifest import Harm, Objectives, Service


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the response: how long it took and how long it was to take, in seconds."""

    name: str
    duty: str
    began: Instant
    ended: Instant | None
    objective: float
    events: tuple[Event, ...]

    def excess(self, outage_end: Instant | None) -> float:
        """Return the seconds by which the phase ran over; an unfinished one ran to the end."""
        ended = self.ended if self.ended is not None else outage_end
        return 0.0 if ended is None else (ended - self.began) / SECOND - self.objective


def apply(facts: Facts, draft: Draft) -> None:
    """Add the late phases of each failed service and the harm items they extended."""
    for service in facts.manifest.services:
        if failure_id(service) in draft.nodes and service.objectives is not None:
            _assess(facts, draft, service, service.objectives)


def list_phases(
    facts: Facts, draft: Draft, service: Service, objectives: Objectives
) -> tuple[Phase, ...]:
    """Return the phases of the response that have an objective and a recorded beginning."""
    onset = draft.nodes[failure_id(service)].time_low
    alert = _first(facts, service, "alert.triggered", onset)
    taken = _first(facts, service, "alert.acknowledged", alert.time if alert else onset)
    ended = _end(facts, service, taken.time if taken else onset)
    phases = []
    if objectives.detect is not None and onset is not None and alert is not None:
        phases.append(
            _phase(
                "detection",
                "detect-in-time",
                began=onset,
                ended=alert,
                objective=objectives.detect,
                opened=alert,
            )
        )
    if objectives.acknowledge is not None and alert is not None and alert.time is not None:
        phases.append(
            _phase(
                "acknowledgement",
                "acknowledge-in-time",
                began=alert.time,
                ended=taken,
                objective=objectives.acknowledge,
                opened=alert,
            )
        )
    if objectives.mitigate is not None and taken is not None and taken.time is not None:
        phases.append(
            _phase(
                "mitigation",
                "mitigate-in-time",
                began=taken.time,
                ended=ended,
                objective=objectives.mitigate,
                opened=taken,
            )
        )
    return tuple(phases)


def _phase(
    name: str,
    duty: str,
    *,
    began: Instant,
    ended: Event | None,
    objective: float,
    opened: Event | None,
) -> Phase:
    events = tuple(event for event in (opened, ended) if event is not None)
    return Phase(
        name=name,
        duty=duty,
        began=began,
        ended=ended.time if ended is not None else None,
        objective=objective,
        events=_distinct(events),
    )


def _distinct(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple({event.id: event for event in events}.values())


def _first(facts: Facts, service: Service, kind: str, after: Instant | None) -> Event | None:
    incidents = {
        event.data.get("incident")
        for event in facts.events("alert.triggered")
        if facts.concerns(event, service)
    } - {None}
    for event in facts.events(kind):
        mine = facts.concerns(event, service) or event.data.get("incident") in incidents
        if mine and (after is None or (event.time is not None and event.time >= after)):
            return event
    return None


def _end(facts: Facts, service: Service, after: Instant | None) -> Event | None:
    for event in facts.events("impact"):
        over = event.data.get("phase") == "end" and facts.concerns(event, service)
        if over and (after is None or (event.time or 0) >= after):
            return event
    return _first(facts, service, "alert.resolved", after)


def _assess(facts: Facts, draft: Draft, service: Service, objectives: Objectives) -> None:
    if _first(facts, service, "alert.triggered", draft.nodes[failure_id(service)].time_low) is None:
        draft.missing.append(
            MissingFactor(
                failure_id(service),
                "No alert is on record, so nothing can be said of how fast it was detected and"
                " taken up.",
            )
        )
    harms = [harm for harm in facts.manifest.harms if harm.service == service.id]
    declared = [harm.end for harm in harms if harm.end is not None]
    phases = list_phases(facts, draft, service, objectives)
    finished = [phase.ended for phase in phases if phase.name == "mitigation" and phase.ended]
    end = max(finished + declared) if finished or declared else None
    late = [phase for phase in phases if phase.excess(end) > 0]
    owed_by = _owner(facts, service, objectives)
    nodes = {
        phase.name: _add_late(
            facts, draft, service, owed_by=owed_by, phase=phase, excess=phase.excess(end)
        )
        for phase in late
    }
    for harm in harms:
        _extend(draft, harm, late, nodes, end)


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
) -> str:
    took = "never came" if phase.ended is None else f"took {_span(excess + phase.objective)}"
    node = Node(
        id=f"late_{phase.name}_{identifier(service.id)}",
        kind="omission",
        statement=(
            f"{phase.name.capitalize()} of the failure of {service.name} {took}"
            f" against an objective of {_span(phase.objective)}."
        ),
        party=facts.duty_owner(phase.duty, owed_by),
        time=Instant(phase.began + round(phase.objective * SECOND)),
        time_low=Instant(phase.began + round(phase.objective * SECOND)),
        time_high=phase.ended,
        duty=phase.duty,
        norm=0,
        basis="machine_record" if phase.ended is not None else "absence_of_record",
        evidence=tuple(place for event in phase.events for place in event.references),
        rule=RULE.id,
    )
    draft.add_node(node)
    RULE.finding(draft, node)
    return node.id


def _extend(
    draft: Draft, harm: Harm, late: list[Phase], nodes: dict[str, str], end: Instant | None
) -> None:
    """Link the late phases to a harm item that would not have come without them."""
    if harm.start is None or end is None:
        return
    start = harm.start
    excess = {phase.name: phase.excess(end) for phase in late}
    alone = [name for name in excess if end - excess[name] * SECOND <= start]
    together = not alone and end - sum(excess.values()) * SECOND <= start
    for name in alone or (list(excess) if together else []):
        over = _span(excess[name])
        draft.add_cause(
            Edge(
                source=nodes[name],
                target=harm_id(harm),
                rule=RULE.id,
                counterfactual=(
                    f"no: without the {over} by which it ran over, the outage would have ended"
                    " before this item began"
                    if alone
                    else f"yes: the {over} by which it ran over alone would not have averted the"
                    " item; all the late phases together would have"
                ),
                basis="arithmetic on the recorded times and the declared objective",
                evidence=draft.nodes[nodes[name]].evidence,
            ),
            slot="requirements" if alone else "alternatives",
        )
    if late and not alone and not together and harm.end is not None:
        spared = end - sum(excess.values()) * SECOND
        if spared < harm.end:
            draft.missing.append(
                MissingFactor(
                    harm_id(harm),
                    "A timely response would have spared part of this item: split it where the"
                    " outage would then have ended, and the part after that will be attributed.",
                )
            )


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    told = [f"{amount} {unit}" for amount, unit in parts if amount]
    return " ".join(told[:2]) or "0 s"


RULE = Rule(
    id="response",
    version=1,
    title="The response against its objectives",
    refuted_by="a record of somebody at work on the failure within the objective",
    apply=apply,
)
