"""What of a case is text to be read, and which names in it the case knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attribution.model.actor import Actor
from attribution.model.event import Event
from attribution.model.manifest import Manifest
from attribution.narrative.gazetteer import Name
from attribution.narrative.reading import Passage

PROSE = frozenset(
    {
        "chat.message",
        "incident.update",
        "status.update",
        "mail.message",
        "session.message",
        "session.prompt",
        "alert.annotated",
        "review.approved",
        "review.changes_requested",
        "review.commented",
        "statement",
        "warning",
        "note",
    }
)
"""The kinds of record that people, and agents, write in sentences."""

_BODIES = ("body", "message")


def collect_passages(events: Iterable[Event]) -> Iterator[Passage]:
    """Yield the texts among events, in their order; a review has its own in its data."""
    for event in events:
        if event.kind in PROSE:
            bodies = [event.data.get(key) for key in _BODIES if key in event.data]
            body = next((one for one in bodies if isinstance(one, str) and one.strip()), event.text)
            speaker = event.actor or event.actor_name
            yield Passage(event.witnesses[0].reference, speaker, body)


def collect_names(
    manifest: Manifest | None, actors: Iterable[Actor], tools: Iterable[str]
) -> tuple[Name, ...]:
    """Return the names a case knows: services, actors by every alias, parties, agents' tools.

    Of names that stand for several things the first counts, in that order.
    """
    found: dict[str, Name] = {}
    for name in _list_names(manifest, actors, tools):
        if name.text.strip():
            found.setdefault(name.text.casefold(), name)
    return tuple(found.values())


def _list_names(
    manifest: Manifest | None, actors: Iterable[Actor], tools: Iterable[str]
) -> Iterator[Name]:
    for service in () if manifest is None else manifest.services:
        for text in (service.id, service.name, *service.aliases):
            yield Name("service", text, service.id)
    for actor in actors:
        label = "person" if actor.kind == "unknown" else actor.kind
        for text in (actor.name, *(alias.name for alias in actor.aliases)):
            yield Name(label, text, actor.id)
    for party in () if manifest is None else manifest.parties:
        yield Name("party", party.name, party.id)
    for tool in tools:
        yield Name("agent", tool, None)
