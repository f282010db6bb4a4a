"""What happened on a Gerrit server as `gerrit stream-events` told it, one event a line.

Unlike a change as it stands now, the stream has every vote when it was given, and every move of a
branch, also one that went past review.

Source: https://gerrit-review.googlesource.com/Documentation/cmd-stream-events.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gerrit import (
    Change,
    Vote,
    account_type,
    add_change_event,
    describe_change,
    name_label,
    note_aliases,
    who,
)
from attribution.ingest.readers.gerrit_messages import Message, add_message, heading_number
from attribution.ingest.readers.gerrit_query import read_patch_set, whole
from attribution.ingest.readers.gerrit_votes import Votes
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_ACTORS = ("submitter", "abandoner", "changer", "uploader", "reviewer")
"""Under which key an event has whoever set it off, most specific first."""

_NO_COMMIT = "0" * 40


def _read(source: Source, intake: Intake) -> None:
    ledgers: dict[tuple[str | None, int | None], Votes] = {}
    for place, entry in walk_entries(source, intake):
        kind = text(entry.get("type"))
        if kind is None or "eventCreatedOn" not in entry:
            intake.reject(place, "no event of the stream: type or eventCreatedOn is missing")
        elif kind == "ref-updated":
            _add_move(intake, place, entry)
        elif "change" not in entry:
            intake.reject(place, f"an event about no change: {kind[:80]!r}")
        else:
            _ADDERS.get(kind, _add_other)(intake, place, entry, ledgers)


_Ledgers = dict[tuple[str | None, int | None], Votes]


def _change(entry: Table) -> Change:
    said = table(entry.get("change"))
    shown = read_patch_set(entry.get("patchSet"))
    return Change(
        text(said.get("project")),
        whole(said.get("number")),
        text(said.get("branch")),
        {} if shown is None else {shown.number: shown},
        None if shown is None else shown.number,
    )


def _ledger(intake: Intake, change: Change, ledgers: _Ledgers) -> Votes:
    """Return the votes so far on a change: whose approval stands is known from one to the next."""
    key = (change.project, change.number)
    known = ledgers.setdefault(key, Votes(intake, change, frozenset()))
    known.turn_to(change)
    return known


def _add_votes(intake: Intake, place: str, entry: Table, ledgers: _Ledgers) -> None:
    """Give the intake a comment: the votes that it changed, else what it said."""
    change, person = _change(entry), entry.get("author")
    time, said = entry.get("eventCreatedOn"), entry.get("comment")
    said = said if isinstance(said, str) else ""
    # A vote without `oldValue` stood before and is only repeated here.
    changed = [
        (label, value)
        for one in map(table, items(entry.get("approvals")))
        if "oldValue" in one and (label := name_label(one.get("type"))) is not None
        if (value := whole(one.get("value"))) is not None
    ]
    if not changed:
        number = change.reviewed or heading_number(said)
        add_message(intake, Message(place, None, person, time, said, number), change)
        return
    ledger = _ledger(intake, change, ledgers)
    for at, (label, value) in enumerate(changed):
        body = said.partition("\n")[2].strip() or None if at == 0 else None
        ledger.add(place, Vote(label, value, change.reviewed, person, time, body=body))


def _add_removal(intake: Intake, place: str, entry: Table, ledgers: _Ledgers) -> None:
    change, ledger = _change(entry), _ledger(intake, _change(entry), ledgers)
    for one in map(table, items(entry.get("approvals"))):
        if "oldValue" in one and (label := name_label(one.get("type"))) is not None:
            person, time = entry.get("reviewer"), entry.get("eventCreatedOn")
            ledger.add(place, Vote(label, 0, change.reviewed, person, time))


def _add_upload(intake: Intake, place: str, entry: Table, _: _Ledgers) -> None:
    change = _change(entry)
    first = change.reviewed == 1
    _add_event(intake, place, entry, "opened" if first else "event", stated(
        event=None if first else "pushed", commit_id=None if first else change.head,
        patch_set=change.reviewed,
    ))  # fmt: skip


def _add_merge(intake: Intake, place: str, entry: Table, _: _Ledgers) -> None:
    by = entry.get("submitter")
    facts = stated(
        merged_by=who(by), merged_by_type=account_type(by), merge_sha=text(entry.get("newRev"))
    )
    _add_event(intake, place, entry, "merged", facts)


def _add_abandon(intake: Intake, place: str, entry: Table, _: _Ledgers) -> None:
    _add_event(intake, place, entry, "closed", {})


def _add_other(intake: Intake, place: str, entry: Table, _: _Ledgers) -> None:
    kind = text(entry.get("type"))
    _add_event(intake, place, entry, "event", {"event": kind})


def _add_event(
    intake: Intake, place: str, entry: Table, event: str, facts: dict[str, JsonValue]
) -> None:
    change, said = _change(entry), table(entry.get("change"))
    title, owner = text(said.get("subject")) or "", said.get("owner")
    person = next((entry.get(role) for role in _ACTORS if entry.get(role)), owner)
    for one in (owner, person):
        note_aliases(intake, one, place)
    size = table(entry.get("patchSet"))
    removed = whole(size.get("sizeDeletions"))
    data = describe_change(change, title, owner) | stated(
        additions=whole(size.get("sizeInsertions")),
        deletions=None if removed is None else abs(removed),
    )
    add_change_event(
        intake,
        place,
        change,
        event,
        time=entry.get("eventCreatedOn"),
        by=person,
        data=data | facts,
    )


def _add_move(intake: Intake, place: str, entry: Table) -> None:
    """Give the intake a move of a branch or tag; one that was made or deleted has no other end."""
    update = table(entry.get("refUpdate"))
    reference, new, old = (text(update.get(key)) for key in ("refName", "newRev", "oldRev"))
    if reference is None or new is None:
        intake.reject(place, "the move names no reference, or no commit it was moved to")
        return
    by = entry.get("submitter")
    intake.add(
        place,
        "ref.recorded",
        time=entry.get("eventCreatedOn"),
        text=f"{reference} {'deleted' if new == _NO_COMMIT else f'moved to {new[:12]}'}",
        actor=who(by),
        subject=reference,
        data=stated(
            repository=text(update.get("project")),
            ref=reference,
            sha=None if new == _NO_COMMIT else new,
            previous=None if old == _NO_COMMIT else old,
            recorder=who(by),
        ),
    )


_ADDERS: Mapping[str, Callable[[Intake, str, Table, _Ledgers], None]] = MappingProxyType(
    {
        "patchset-created": _add_upload,
        "comment-added": _add_votes,
        "vote-deleted": _add_removal,
        "change-merged": _add_merge,
        "change-abandoned": _add_abandon,
    }
)
"""Type of event -> what reads it; every other event about a change is kept as such."""


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    about = ("eventCreatedOn" in one and {"change", "refUpdate"} & one.keys() for one in entries)
    return float(any(about))


FORMAT = Format(
    id="gerrit-events",
    title="Gerrit events from `gerrit stream-events`",
    told_by="objects with type, eventCreatedOn and change or refUpdate, one a line",
    source="https://gerrit-review.googlesource.com/Documentation/cmd-stream-events.html",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
