"""Which ids of two records are of one namespace, so that two different ones mean two events.

A namespace is a system and a kind of thing in it. The id of a chat message is one of its channel:
it tells posts apart, not what posts tell of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attribution.model.record import Record
from attribution.timeline.draft import Testimony

Namespace = tuple[str, ...]
Identifiers = dict[Namespace, set[str]]

POST = "chat.message"

# The part of a format's id before the first dash names the system, but for these; the names are
# those that `attribution.ingest.mentions` gives to systems.
_SYSTEMS = {"incident-io": "incident-io", "grafana-incident": "grafana-incident"}
_CARRIERS = frozenset({"csv", "json", "yaml", "markdown", "timesketch", "plaso"})
"""What carries records of any system: a number there is that of a row in this one file."""

_INCIDENTS = frozenset(
    {"pagerduty", "opsgenie", "statuspage", "incident-io", "grafana-incident", "rootly"}
)
_LOCAL = re.compile(r"\d{1,20}")


def system_of(format_id: str) -> str:
    """Return the system whose records a format holds: `github` for `github-checks`."""
    return _SYSTEMS.get(format_id) or format_id.partition("-")[0]


def is_local(native_id: str) -> bool:
    """Return whether an id says something only beside the system that gave it: a bare number."""
    return _LOCAL.fullmatch(native_id) is not None


def systems_of(testimonies: Iterable[Testimony], formats: Mapping[str, str]) -> set[str]:
    """Return the systems that these records come from, without those that carry any system's."""
    found = {system_of(formats.get(one.evidence, "")) for one in testimonies}
    return found - _CARRIERS


def channel_of(record: Record) -> str:
    """Return the channel of a post: its id where the export gives one, else its name."""
    return str(record.data.get("channel_id") or record.data.get("channel") or "")


def mentioned(record: Record) -> tuple[str, ...]:
    """Return the records of other systems that a record links to, as `system:id`."""
    found = record.data.get("refers_to")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def incident_of(record: Record, system: str) -> str | None:
    """Return the id of the incident that a tool's own entry is of."""
    found = record.data.get("incident") or record.data.get("alert")
    return str(found) if system in _INCIDENTS and found else None


def identify(testimonies: Iterable[Testimony], formats: Mapping[str, str]) -> Identifiers:
    """Return the ids that the records of an event carry, by namespace.

    Two events that have ids in a common namespace, and not the same ones, are two happenings.
    """
    found: Identifiers = {}
    for one in testimonies:
        record, system = one.record, system_of(formats.get(one.evidence, ""))
        native = record.native_id
        if native is not None:
            if record.kind == POST:
                space: Namespace = ("post", system, channel_of(record))
            else:
                owner = f"{system} of {one.evidence}" if system in _CARRIERS else system
                space = ("id", owner, record.kind.partition(".")[0])
            found.setdefault(space, set()).add(native)
        for mention in mentioned(record):
            other, _, identifier = mention.partition(":")
            found.setdefault(("told", other), set()).add(identifier)
        if incident := incident_of(record, system):
            found.setdefault(("told", system), set()).add(incident)
        if record.kind == "log.line":
            for fact in ("program", "pid"):
                if record.data.get(fact):
                    found.setdefault(("line", fact), set()).add(str(record.data[fact]))
    return found
