"""Which events refer to which: by a link to another system's record, and by a commit they name.

Relations point from the event that mentions to the one mentioned, one for each thing mentioned, so
that their number grows with the records and not with their square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from attribution.model.event import Relation
from attribution.model.record import Record
from attribution.timeline.commit_names import (
    MENTIONING,
    CommitNames,
    stated_commits,
    states_commits,
)
from attribution.timeline.draft import Draft
from attribution.timeline.native_ids import incident_of, mentioned, system_of
from attribution.timeline.proposals import Known

_LINKING = frozenset({"chat", "mail", "incident", "monitoring", "calendar", "alert", "statement"})
_TARGETS = _LINKING | {"pull_request", "workflow", "status"}
FAMILIES = _LINKING | _TARGETS
"""First words of the kinds whose records may link, or be linked to."""

# What stands for a thing that several events are of: its beginning, before what became of it.
_FIRST = ("alert.triggered", "pull_request.opened", "commit")


def relate(known: Known, commits: CommitNames) -> None:
    """Give each draft the relations of its records to the events of other drafts."""
    found: dict[int, set[Relation]] = defaultdict(set)
    for at, relation in (*_by_links(known), *_by_commits(known, commits)):
        found[at].add(relation)
    for at, relations in found.items():
        others = (one for one in relations if one.event != known.drafts[at].id)
        known.drafts[at].relations = tuple(
            sorted(others, key=lambda one: (one.rule, one.event, one.basis))
        )


def _links(kind: str) -> bool:
    return kind.partition(".")[0] in _LINKING


def _is_linked_to(kind: str) -> bool:
    return kind.partition(".")[0] in _TARGETS


def _records(draft: Draft) -> Iterator[Record]:
    for testimony in (*draft.testimonies, *draft.told):
        yield testimony.record


def _by_links(known: Known) -> Iterator[tuple[int, Relation]]:
    drafts = known.drafts
    links = [
        (at, name)
        for at in known.all_of(_links)
        for one in _records(drafts[at])
        for name in mentioned(one)
    ]
    wanted = {name for _, name in links}
    if not wanted:
        return
    things: dict[str, list[int]] = defaultdict(list)
    for at in known.all_of(_is_linked_to):
        for testimony in drafts[at].testimonies:
            system = system_of(known.formats.get(testimony.evidence, ""))
            for name in _names(testimony.record, system):
                if name in wanted:
                    things[name].append(at)
    ids = {name: _first(drafts, found).id for name, found in things.items()}
    for at, name in links:
        if name in ids:
            yield at, Relation(ids[name], "refers-to", f"it links to {name}")


def _names(record: Record, system: str) -> Iterator[str]:
    """Yield the names by which links call what a record is of, as `system:id`."""
    data = record.data
    if incident := incident_of(record, system):
        yield f"{system}:{incident}"
    for field in ("reference", "group", "message_id"):
        if isinstance(value := data.get(field), str):
            yield f"{system}:{value}"
    if record.native_id is not None:
        yield f"{system}:{record.native_id}"
    if "number" in data and data.get("repository"):
        yield f"{system}:{data['repository']}#{data['number']}"


def _by_commits(known: Known, commits: CommitNames) -> Iterator[tuple[int, Relation]]:
    drafts = known.drafts
    named: dict[str, list[tuple[int, str]]] = defaultdict(list)
    holders: dict[str, list[int]] = defaultdict(list)
    for at in known.all_of(states_commits):
        for record in _records(drafts[at]):
            for sha, how in stated_commits(record).items():
                holders[sha].append(at)
                named[sha].append((at, how))
    for at in known.all_of(MENTIONING.__contains__) if holders else ():
        for record in _records(drafts[at]):
            for sha, word in commits.find(record).items():
                named[sha].append((at, "in full" if word == sha else f"as {word}"))
    for sha, naming in named.items():
        if len(naming) > 1:
            target = _first(drafts, holders[sha]).id
            for at, how in naming:
                yield at, Relation(target, "sha", f"it names commit {sha[:12]} {how}")


def _first(drafts: Sequence[Draft], found: Sequence[int]) -> Draft:
    """Return the draft that stands for a thing: its beginning, else the earliest of it."""

    def rank(at: int) -> tuple[bool, bool, int, str]:
        draft = drafts[at]
        low = draft.bounds[0]
        return draft.lead.kind not in _FIRST, low is None, low or 0, draft.id

    return drafts[min(found, key=rank)]
