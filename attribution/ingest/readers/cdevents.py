"""CDEvents: what happened in delivery, as events of one vocabulary, alone or inside CloudEvents.

`context.id` is unique for its source. `chainId` and links tie events to those that caused them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_PREFIX = "dev.cdevents."
_TYPE = re.compile(r"dev\.cdevents\.([a-z]+)\.([a-z]+)(?:\.(.+))?")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_KINDS = {
    "incident.detected": "alert.triggered",
    "incident.reported": "alert.other",
    "incident.resolved": "alert.resolved",
    "service.deployed": "deployment.status",
    "service.upgraded": "deployment.status",
    "service.rolledback": "deployment.status",
    "service.removed": "deployment.status",
}
_STATES = {"service.removed": "inactive"}
"""GitHub's word for a deployment that is gone; every other service event tells of one live."""


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "events"):
        event = _unwrap(entry)
        match = _TYPE.fullmatch(text(find(event, "context", "type")) or "")
        if match is None:
            intake.reject(
                place, "no context.type that begins with dev.cdevents: this is no CDEvent"
            )
        else:
            _add(intake, place, event, f"{match[1]}.{match[2]}")


def _unwrap(entry: Table) -> Table:
    """Return the event inside a CloudEvent (structured mode), or the event itself."""
    inner = table(entry.get("data"))
    return inner if "context" not in entry and "context" in inner else entry


def _add(intake: Intake, place: str, event: Table, predicate: str) -> None:
    context, subject = table(event.get("context")), table(event.get("subject"))
    content = table(subject.get("content"))
    emitter, name = text(context.get("source")), text(subject.get("id"))
    said = text(content.get("description")) or text(content.get("outcome"))
    kind = _KINDS.get(predicate, "pipeline.event")
    intake.add(
        place,
        kind,
        time=context.get("timestamp"),
        text=f"{predicate}: {name or 'no subject'}{f': {said}' if said else ''}",
        actor=emitter,
        subject=text(find(content, "service", "id")) or name,
        native_id=text(context.get("id")),
        key=(kind, emitter, text(context.get("id"))) if text(context.get("id")) else None,
        data=_facts(kind, predicate, context, content, name)
        | stated(chain=text(context.get("chainId")), links=_links(context) or None),
    )


def _facts(
    kind: str, predicate: str, context: Table, content: Table, name: str | None
) -> dict[str, JsonValue]:
    artifact = text(content.get("artifactId"))
    environment = text(find(content, "environment", "id"))
    repository = text(find(content, "repository", "id"))
    if kind.startswith("alert."):
        return stated(
            type=predicate if kind == "alert.other" else None,
            incident=name,
            service=text(find(content, "service", "id")),
            environment=environment,
            artifact=artifact,
        )
    if kind == "deployment.status":
        version = unquote((artifact or "").partition("@")[2].partition("?")[0])
        return stated(
            deployment_id=text(context.get("id")),
            state=_STATES.get(predicate, "success"),
            environment=environment,
            sha=version if _COMMIT.fullmatch(version) else None,
            artifact=artifact,
            app=name,
        )
    return stated(
        type=predicate,
        name=name,
        outcome=text(content.get("outcome")),
        url=text(content.get("url")) or text(content.get("uri")),
        repository=repository,
        environment=environment,
        artifact=artifact,
    )


def _links(context: Table) -> list[JsonValue]:
    """Return what the event is tied to: the kind of tie and the other event's id."""
    found: list[JsonValue] = []
    for link in items(context.get("links")):
        other = text(find(link, "target", "contextId")) or text(find(link, "from", "contextId"))
        if other is not None:
            how = text(find(link, "linkKind")) or text(find(link, "linkType")) or "link"
            found.append([how.lower(), other])
    return found


def _sniff(source: Source) -> float:
    entries = [_unwrap(entry) for entry in first_entries(source, "events")]
    kinds = [text(find(entry, "context", "type")) or "" for entry in entries]
    return float(any(kind.startswith(_PREFIX) for kind in kinds))


FORMAT = Format(
    id="cdevents",
    title="CDEvents",
    told_by="objects whose context.type begins with dev.cdevents, alone or in a CloudEvent's data",
    source="https://cdevents.dev/docs/spec/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
