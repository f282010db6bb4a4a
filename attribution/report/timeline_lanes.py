"""The lanes of the timeline: by actor, by source or by service, as the template asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attribution.errors import AttributionError
from attribution.model.event import Event
from attribution.report.layout.timeline import Lane
from attribution.report.view import View

_MAX_LANES = 10
_KEY = "chronology.lanes_by"


def list_lanes(view: View) -> list[Lane]:
    """Return the lanes in their order; of more than fit, the least telling share one.

    Lanes of actors come in the order of their parties, those of sources in that of the register,
    those of services in that of the case. Where people are not to be named, a lane of actors is one
    of a kind of record. Raises AttributionError where the template asks for other lanes.
    """
    name_of, order = _naming(view)(view)
    groups: dict[str, list[Event]] = {}
    for event in view.analysis.timeline.events:
        groups.setdefault(name_of(event), []).append(event)
    rank = {name: index for index, name in enumerate(order)}
    names = sorted(groups, key=lambda name: (rank.get(name, len(rank)), name))
    kept = set(_choose(view, groups, names))
    lanes = [Lane(name, tuple(groups[name])) for name in names if name in kept]
    rest = [event for event in view.analysis.timeline.events if name_of(event) not in kept]
    if rest:
        lanes.append(Lane(view.wording.text("chronology.others"), tuple(rest)))
    return lanes


def _choose(view: View, groups: Mapping[str, Sequence[Event]], names: Sequence[str]) -> list[str]:
    """Return the lanes drawn: those with the most key events, then the busiest."""
    if len(names) <= _MAX_LANES:
        return list(names)
    key = {event.id for event in view.key_events}
    keys = {name: sum(event.id in key for event in groups[name]) for name in names}
    told = [name for name in names if keys[name]] or list(names)
    busy = sorted(told, key=lambda name: (-keys[name], -len(groups[name]), name))
    return busy[: _MAX_LANES - 1]


def _family(view: View, event: Event) -> str:
    return view.wording.term("lanes", event.kind.split(".", maxsplit=1)[0])


_Naming = tuple[Callable[[Event], str], list[str]]
"""The name of an event's lane, and the names in their order."""


def _by_actor(view: View) -> _Naming:
    if view.learning:
        return lambda event: _family(view, event), [w for _, w in view.wording.terms("lanes")]

    def name_of(event: Event) -> str:
        actor = event.actor or event.actor_name
        return _family(view, event) if actor is None else view.actor(actor)

    rank = {party.id: index for index, party in enumerate(view.analysis.manifest.parties)}
    actors = sorted(
        view.analysis.actors, key=lambda actor: (rank.get(actor.party or "", len(rank)), actor.id)
    )
    return name_of, [actor.name for actor in actors]


def _by_source(view: View) -> _Naming:
    """Name the evidence item of the first witness, with its file."""
    names = {
        item.id: f"{item.id} {item.path.rpartition('/')[2]}" for item in view.analysis.evidence
    }

    def name_of(event: Event) -> str:
        item = event.witnesses[0].evidence if event.witnesses else ""
        return names.get(item, item or _family(view, event))

    return name_of, list(names.values())


def _by_service(view: View) -> _Naming:
    names = {service.id: service.name for service in view.analysis.manifest.services}
    none = view.wording.text("chronology.no_service")

    def name_of(event: Event) -> str:
        service = event.data.get("service")
        return names.get(service, service) if isinstance(service, str) and service else none

    return name_of, [*names.values(), none]


_NAMINGS: Mapping[str, Callable[[View], _Naming]] = {
    "actor": _by_actor,
    "source": _by_source,
    "service": _by_service,
}
"""What lanes are by -> how they are named and ordered."""


def _naming(view: View) -> Callable[[View], _Naming]:
    asked = view.wording.raw(_KEY)
    if asked not in _NAMINGS:
        raise AttributionError(
            "the template asks for lanes of the timeline that there are not",
            file=view.wording.find_file(_KEY),
            place=_KEY,
            got=asked,
            expected=" or ".join(_NAMINGS),
        )
    return _NAMINGS[asked]
