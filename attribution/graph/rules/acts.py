"""Acts on live resources: which calls of the audit log took something of a failed service away."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, list_of, text_of
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.switches import find_switch
from attribution.model.event import Event
from attribution.model.instant import MINUTE
from attribution.model.operation import verb_of
from attribution.model.service import Service

_SAME_ACT = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Act:
    """Calls of one actor, in one session, that took something of one service away.

    `role` is the role that the actor had assumed, `credential` the key or token that was shown.
    """

    actor: str | None
    agent: str | None
    role: str | None
    session: str | None
    service: Service
    events: tuple[Event, ...]
    witnesses: tuple[Event, ...]
    preempted: bool
    credential: str | None = None

    @property
    def doer(self) -> str | None:
        """Return who did it: the agent its own log shows at work, else whom the audit log names."""
        return self.agent or self.actor

    @property
    def resources(self) -> tuple[str, ...]:
        """Return the names of what was taken away, each once, in order."""
        names = [name for event in self.events for name in list_of(event.data, "resources")]
        return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))

    @property
    def told_resources(self) -> str:
        """Return these names for a sentence; one of several words is in quotation marks."""
        names = [f"“{name}”" if " " in name else name for name in self.resources]
        return ", ".join(names) or "resources"

    @property
    def references(self) -> tuple[str, ...]:
        """Return the evidence of the calls and of the agent's own log of them."""
        return tuple(
            place for event in (*self.events, *self.witnesses) for place in event.references
        )


def list_acts(facts: Facts, draft: Draft) -> tuple[tuple[Act, str], ...]:
    """Return the acts on the failed services with their node ids, earliest first."""
    found: list[tuple[Act, str]] = []
    for service in _services_of_interest(facts, draft):
        groups: dict[tuple[str, str, bool], list[Event]] = {}
        for event in facts.events("audit.call"):
            gone = _found_nothing(facts, event)
            if not _takes_away(facts, event, service) or (
                text_of(event.data, "error") and not gone
            ):
                continue
            key = (
                event.actor or event.actor_name or "",
                text_of(event.data, "session") or "",
                gone,
            )
            groups.setdefault(key, []).append(event)
        acts = [_act(facts, service, key[2], events) for key, events in groups.items()]
        acts.sort(key=lambda act: (act.preempted, act.events[0].time or 0, act.events[0].id))
        base = f"act_{identifier(service.id)}"
        found += [
            (act, base if number == 1 else f"{base}_{number}")
            for number, act in enumerate(acts, start=1)
        ]
    return tuple(found)


def _services_of_interest(facts: Facts, draft: Draft) -> list[Service]:
    services: list[Service] = []
    for harm in facts.manifest.harms:
        failed = facts.service(harm.service)
        if failed is not None and failure_id(failed) in draft.nodes:
            services += [item for item in facts.services_reached_by(failed) if item not in services]
    return services


def _takes_away(facts: Facts, event: Event, service: Service) -> bool:
    operation = text_of(event.data, "operation") or ""
    return (
        # Who turns a protection off has taken nothing of the service away yet.
        find_switch(event) is None
        and event.data.get("read_only") is not True
        # An entry of a call that had only begun does not say that anything came of it.
        and event.data.get("outcome") != "begun"
        and verb_of(operation).startswith(facts.catalogue.operations.destructive_prefixes)
        and facts.touches(list_of(event.data, "resources"), service)
    )


def _found_nothing(facts: Facts, event: Event) -> bool:
    error = text_of(event.data, "error") or ""
    return any(word in error for word in facts.catalogue.operations.not_found_errors)


def _act(facts: Facts, service: Service, gone: bool, events: list[Event]) -> Act:  # noqa: FBT001 - a field of the result
    first = events[0]
    witnesses = _own_log(facts, events)
    agent = next((event.actor or event.actor_name for event in witnesses), None)
    actor = first.actor or first.actor_name
    return Act(
        actor=actor,
        agent=agent if agent is not None and not facts.is_agent(actor) else None,
        role=text_of(first.data, "role"),
        session=next((text_of(event.data, "session") for event in witnesses), None),
        service=service,
        events=tuple(events),
        witnesses=witnesses,
        preempted=gone,
        credential=text_of(first.data, "credential"),
    )


def _own_log(facts: Facts, events: list[Event]) -> tuple[Event, ...]:
    names = {name for event in events for name in list_of(event.data, "resources")}
    first, last = events[0].time or 0, events[-1].time or 0
    who = {event.actor or event.actor_name for event in events}
    return tuple(
        event
        for event in facts.events("session.tool_call")
        if event.time is not None
        and first - _SAME_ACT <= event.time <= last + _SAME_ACT
        and any(isinstance(name, str) and name in _target(event) for name in names)
        and any(word in _words(event) for word in facts.catalogue.operations.destructive_words)
        and (
            (event.actor or event.actor_name) in who
            or not (any(facts.is_agent(name) for name in who) or _is_logged(facts, event, names))
        )
    )


def _is_logged(facts: Facts, own: Event, names: set[object]) -> bool:
    """Whether the audit log has the call under the agent's own name: then nobody lent it his."""
    return any(
        (call.actor or call.actor_name) == (own.actor or own.actor_name)
        and call.data.get("read_only") is not True
        and names & set(list_of(call.data, "resources"))
        and abs((call.time or 0) - (own.time or 0)) <= _SAME_ACT
        for call in facts.events("audit.call")
    )


def _target(event: Event) -> str:
    return text_of(event.data, "target") or event.text


def _words(event: Event) -> set[str]:
    return set(identifier(_target(event)).split("_"))
