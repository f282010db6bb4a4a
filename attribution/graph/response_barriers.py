"""The phases of a response as barriers: in time they limit the harm that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attribution.graph.rules.phases import Phase, span
from attribution.model.graph import Barrier
from attribution.model.instant import Instant
from attribution.model.service import Objectives, Service

_TITLES: Final = {
    "detection": ("Detection", "detect"),
    "acknowledgement": ("Acknowledgement", "recover"),
    "mitigation": ("Mitigation", "recover"),
}
"""Each phase's name as a barrier, and its type."""


def list_response_barriers(
    service: Service,
    objectives: Objectives,
    failure: str,
    phases: tuple[Phase, ...],
    late: Mapping[str, str],
    *,
    outage_end: Instant | None,
    owner: str | None,
) -> list[Barrier]:
    """Return a barrier for each phase that has an objective and a recorded beginning.

    `late` has the node of each phase that ran over. One that never ended is absent; one that kept
    to its objective was effective; where its end is on no record, its state is unknown.
    """
    return [
        _barrier(service, objectives, failure, phase, late.get(phase.name), outage_end, owner)
        for phase in phases
    ]


def _barrier(  # noqa: PLR0917 - what one phase of one response has
    service: Service,
    objectives: Objectives,
    failure: str,
    phase: Phase,
    late: str | None,
    outage_end: Instant | None,
    owner: str | None,
) -> Barrier:
    title, kind = _TITLES[phase.name]
    state, told = _tell(phase, late, outage_end)
    return Barrier(
        id=f"{phase.name}_{failure}",
        control=phase.duty,
        title=f"{title}: the failure of {service.name}",
        type=kind,
        state=state,
        owners=() if owner is None else (owner,),
        statement=told,
        effectiveness=None,
        source=objectives.source or "the objective in case.yaml",
        evidence=tuple(place for event in phase.events for place in event.references),
        node=late,
        guards=(failure,),
    )


def _tell(phase: Phase, late: str | None, outage_end: Instant | None) -> tuple[str, str]:
    """Return the state of a phase, and the sentence that says so."""
    objective = span(phase.objective)
    if phase.ended is None:
        if outage_end is None or late is None:
            return "unknown", f"No record shows its end; the objective was {objective}."
        return "absent", f"It never came; the objective was {objective}."
    took = span(phase.excess(outage_end) + phase.objective)
    state = "effective" if late is None else "degraded"
    within = "within" if late is None else "against"
    return state, f"It took {took}, {within} an objective of {objective}."
