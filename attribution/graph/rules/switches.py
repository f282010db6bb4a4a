"""Calls that turned a protection off or on, by the table `tables/switches.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from attribution.graph.facts import Facts, list_of, text_of
from attribution.graph.tablefile import read_table
from attribution.model.event import Event
from attribution.model.service import Service


def find_switch(event: Event) -> Mapping[str, str] | None:
    """Return the row of the table that a call is of, None for any other event."""
    if event.kind != "audit.call":
        return None
    return _switches().get((text_of(event.data, "operation") or "").casefold())


def list_switches(facts: Facts) -> Iterator[Event]:
    """Yield the calls that turned a protection of a declared service off or on, in time order.

    Each is told in the columns of a hand-kept record of the kind `control`, set by whoever called.
    """
    for event in facts.events("audit.call"):
        row = find_switch(event)
        if row is None or event.data.get("error") or event.data.get("outcome") == "begun":
            continue
        for service in facts.manifest.services:
            if _is_of(facts, event, service):
                who = event.actor or event.actor_name
                yield replace(
                    event,
                    text=(
                        f"{facts.actor_name(who)} called {text_of(event.data, 'operation')}, which"
                        f" turns it {row['state']}."
                    ),
                    data={
                        "control": row["control"],
                        "state": row["state"],
                        "name": row["name"],
                        "service": service.id,
                        **({} if who is None else {"set_by": who}),
                    },
                )


def _is_of(facts: Facts, event: Event, service: Service) -> bool:
    """Whether a call is about a service: by a resource, or by a part of the path of one."""
    names = [name for name in list_of(event.data, "resources") if isinstance(name, str)]
    parts = [part for name in names for part in name.split("/") if part]
    return facts.concerns(event, service) or facts.touches(parts, service)


@cache
def _switches() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(
        {row["operation"].casefold(): row for row in read_table("switches")["switches"]}
    )
