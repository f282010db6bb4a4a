"""What hand-kept records of the kinds `warning` and `control` name: services, nodes, parties.

Such a record is somebody's statement. It says by the words of its columns what it is about; a rule
reads these words and no prose.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, short, text_of
from attribution.graph.rules.onset import failure_id
from attribution.model.event import Event
from attribution.model.service import Service

_WORDS = ("failure", "running", "change", "grant")
LOGGED = "machine_record"
INDEPENDENT, STATEMENT = "independent_witnesses", "single_statement"
OWN_ACCOUNT, AGENT_ACCOUNT = "party_self_account", "agent_self_account"


def list_stated(facts: Facts, kind: str) -> Iterator[Event]:
    """Yield the records of a kind: dated ones up to the end of the case, then undated ones.

    A warning given, or a default set, long before the incident counts, so none is too early.
    """
    end = facts.manifest.period.end
    for event in facts.timeline.events:
        low = event.time if event.time_low is None else event.time_low
        if event.kind == kind and (end is None or low is None or low <= end):
            yield event
    yield from (event for event in facts.timeline.undated if event.kind == kind)


def find_subjects(facts: Facts, draft: Draft, event: Event) -> tuple[str, ...]:
    """Return the nodes that a record is about, empty where it names none that is in the graph.

    By `about`: a node's id, a commit that is a change of the graph, else the failure of the service
    that `about`, `service` or the record's subject names, or whose resource `about` is.
    """
    about = text_of(event.data, "about") or ""
    if about in draft.nodes:
        return (about,)
    commit = facts.commit(about)
    if commit is not None:
        tag = short(commit.sha)
        found = [f"{word}_{tag}" for word in ("running", "change", "grant")]
        return tuple(node for node in found if node in draft.nodes)[:1]
    return tuple(
        node
        for service in list_services(facts, event)
        if (node := failure_id(service)) in draft.nodes
    )


def list_services(facts: Facts, event: Event) -> tuple[Service, ...]:
    """Return the declared services that a record names, by name or by a resource of theirs."""
    about = text_of(event.data, "about")
    return tuple(
        service
        for service in facts.manifest.services
        if facts.concerns(event, service)
        or (about is not None and facts.touches([about], service))
        or (about or "").casefold()
        in {name.casefold() for name in (service.id, service.name, *service.aliases)}
    )


def open_to_causes(draft: Draft, node: str) -> tuple[str, ...]:
    """Return the node, or what it leads to where it is a breach: a breach has no causes."""
    if draft.nodes[node].duty is None:
        return (node,)
    return tuple(target for source, target in sorted(draft.edges) if source == node)


def find_party(facts: Facts, name: str | None) -> str | None:
    """Return the party that a name stands for: a party's id or name, an actor, or a role.

    None for a name that nobody declared bears, and for a role that several parties have.
    """
    if name is None:
        return None
    for party in facts.manifest.parties:
        if name.casefold() in {party.id.casefold(), party.name.casefold()}:
            return party.id
    return facts.directory.party_of(name) or facts.party_in_role(name.casefold())


def believed(facts: Facts, event: Event, owner: str | None) -> str:
    """Return the kind of evidence that a stated record is, for what it says of a party.

    A call in an audit log is a machine's. What a party says of itself, and what an agent says, is
    less than what another says of it.
    """
    if event.kind == "audit.call" and not facts.is_kept_by_hand(event):
        return LOGGED
    if len({witness.evidence for witness in event.witnesses}) > 1:
        return INDEPENDENT
    asserted = text_of(event.data, "asserted_by")
    if facts.is_agent(asserted):
        return AGENT_ACCOUNT
    own = asserted is not None and owner is not None and find_party(facts, asserted) == owner
    return OWN_ACCOUNT if own else STATEMENT


def subject_tag(facts: Facts, event: Event, nodes: tuple[str, ...]) -> str:
    """Return the part of node ids that names what a record is about."""
    if nodes:
        word, _, rest = nodes[0].partition("_")
        return rest if word in _WORDS and rest else nodes[0]
    services = list_services(facts, event)
    name = services[0].id if services else text_of(event.data, "about") or event.subject
    return identifier(name or "case")


def cite(text: str, limit: int = 120) -> str:
    """Return a text in quotation marks, without the full stop of the sentence it then stands in."""
    return f"“{quote(text, limit).removesuffix('.')}”"


def quote(text: str, limit: int = 120) -> str:
    """Return a text on one line, cut at a word where it is longer than the limit."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rsplit(' ', 1)[0]}…"
