"""Gerrit changes as `gerrit query --format=JSON` writes them, one a line.

With `--patch-sets --all-approvals --comments --submit-records --commit-message` a change has its
patch sets with the votes on each. A vote on a patch set made after it was given was carried there.

Source: https://gerrit-review.googlesource.com/Documentation/cmd-query.html and json.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gerrit import (
    Change,
    PatchSet,
    Vote,
    add_change_event,
    describe_change,
    inside,
    name_label,
    note_aliases,
    who,
)
from attribution.ingest.readers.gerrit_messages import (
    Message,
    add_message,
    find_submission,
    heading_number,
    read_votes,
)
from attribution.ingest.readers.gerrit_requirements import add_requirements, read_requirements
from attribution.ingest.readers.gerrit_votes import Placed, Votes, in_order
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

SUBMITTED = "SUBM"
"""The label under which the submission stands among the votes on a patch set."""


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        if is_change(entry):
            _Reader(intake, "" if place == WHOLE else place, entry).read()
        elif entry.get("type") == "stats":
            if flag(entry.get("moreChanges")) is True:
                intake.truncate("the answer was cut: there are more changes (`moreChanges`)")
        else:
            intake.reject(place, "not a change: project, branch, number or owner is missing")


def is_change(entry: Table) -> bool:
    """Return whether an object is a change as the query writes it."""
    return {"project", "branch", "number", "owner", "status"} <= entry.keys()


def whole(value: JsonValue) -> int | None:
    """Return a whole number, also where it is written as text, as older servers do."""
    digits = (text(value) or "").strip()
    sign, plain = digits[:1] == "-", digits.lstrip("+-")
    if not plain.isdecimal() or len(plain) > 18:  # noqa: PLR2004 - fits 64 bits
        return None
    return -int(plain) if sign else int(plain)


def read_patch_set(value: JsonValue) -> PatchSet | None:
    """Return a patch set, None for what is none."""
    entry = table(value)
    at = whole(entry.get("number"))
    if at is None:
        return None
    revision, kind = text(entry.get("revision")), text(entry.get("kind"))
    return PatchSet(at, revision, entry.get("createdOn"), entry.get("uploader"), kind)


class _Reader:
    """Reads one change with its patch sets, votes and comments."""

    def __init__(self, intake: Intake, place: str, entry: Table) -> None:
        self.intake = intake
        self.place = place
        self.entry = entry
        self.messages = tuple(self._read_messages())
        self.submission = find_submission(self.messages)
        listed = items(entry.get("patchSets")) or [entry.get("currentPatchSet")]
        found = [one for value in listed if (one := read_patch_set(value)) is not None]
        last = max((one.number for one in found), default=None)
        made = self.submission is not None and any(
            one.sha == self.submission.sha for one in found if one.number == last and one.sha
        )
        self.final = next((one.sha for one in found if one.number == last), None)
        self.change = Change(
            text(entry.get("project")),
            whole(entry.get("number")),
            text(entry.get("branch")),
            {one.number: one for one in found},
            last - 1 if made and last is not None and last > 1 else last,
        )

    def at(self, *parts: object) -> str:
        """Return a place inside the change."""
        return inside(self.place, *parts)

    def read(self) -> None:
        """Give the intake everything the change holds."""
        votes: list[Placed] = []
        for message in self.messages:
            found = read_votes(message, {})
            votes += [(message.place, vote) for vote in found]
            if not found:
                add_message(self.intake, message, self.change)
        self._add_change()
        requirements = read_requirements(self.entry)
        ledger = Votes(self.intake, self.change, requirements.labels)
        approvals = self._read_approvals(votes)
        for place, vote in [*in_order(self.intake, votes), *in_order(self.intake, approvals)]:
            ledger.add(place, vote)
        where = {"requirements": self.at("submitRequirements"), "records": self.at("submitRecords")}
        add_requirements(self.intake, where, self.entry, self.change, self._submitted()[1])

    def _read_messages(self) -> Iterator[Message]:
        for index, entry in enumerate(items(self.entry.get("comments"))):
            where = self.at("comments", index)
            if not isinstance(entry, dict):
                self.intake.reject(where, f"an object was expected, got {name_type(entry)}")
                continue
            said = entry.get("message")
            said = said if isinstance(said, str) else ""
            time, person = entry.get("timestamp"), entry.get("reviewer")
            yield Message(where, None, person, time, said, heading_number(said))

    def _submitted(self) -> tuple[JsonValue, JsonValue]:
        """Return who submitted and when: by the vote that stands for it, else by the message."""
        for _, approval in self._approvals():
            if text(approval.get("type")) == SUBMITTED:
                return approval.get("by"), approval.get("grantedOn")
        if self.submission is not None:
            return self.submission.message.person, self.submission.message.time
        return None, None

    def _add_change(self) -> None:
        entry, change = self.entry, self.change
        title, owner = text(entry.get("subject")) or "", entry.get("owner")
        note_aliases(self.intake, owner, self.place or WHOLE)
        last = table(entry.get("currentPatchSet"))
        last = last or table(items(entry.get("patchSets"))[-1] if entry.get("patchSets") else None)
        removed = whole(last.get("sizeDeletions"))
        votes_listed = any("approvals" in table(one) for one in items(entry.get("patchSets")))
        common = describe_change(change, title, owner) | stated(
            additions=whole(last.get("sizeInsertions")),
            deletions=None if removed is None else abs(removed),  # written as a negative number
            patch_sets=max(change.patch_sets, default=None),
            reviews_listed=votes_listed or "comments" in entry or None,
        )
        status = text(entry.get("status"))
        by, submitted = self._submitted()
        events: list[tuple[str, JsonValue, JsonValue, dict[str, JsonValue]]] = [
            ("opened", entry.get("createdOn"), owner, {})
        ]
        if status == "MERGED":
            forced = read_requirements(entry).forced
            pushed = self.submission is not None and self.submission.pushed
            facts = stated(
                merged_by=who(by), merge_sha=self.final, bypassed=(forced or pushed) or None
            )
            events.append(("merged", submitted, by, facts))
        elif status == "ABANDONED":
            events.append(("closed", entry.get("lastUpdated"), None, {}))
        for event, time, person, more in events:
            add_change_event(
                self.intake,
                self.place or WHOLE,
                change,
                event,
                time=time,
                by=person,
                data=common | more,
            )

    def _approvals(self) -> Iterator[tuple[tuple[int, str], Table]]:
        """Yield every vote listed under a patch set, with the patch set's number and its place."""
        for at, one in enumerate(items(self.entry.get("patchSets"))):
            number = whole(table(one).get("number"))
            for index, approval in enumerate(items(table(one).get("approvals"))):
                if number is not None:
                    place = self.at("patchSets", at, "approvals", index)
                    yield (number, place), table(approval)

    def _read_approvals(self, votes: list[Placed]) -> list[Placed]:
        """Return the votes listed, each once; those the comments tell of are the same in both."""
        given: dict[tuple[str | None, str, int, str | None], Placed] = {}
        for (number, place), approval in self._approvals():
            label, value = name_label(approval.get("type")), whole(approval.get("value"))
            if label is None or not value or label == SUBMITTED:
                continue
            time = approval.get("grantedOn")
            key = (who(approval.get("by")), label, value, text(time))
            first = given.get(key)
            vote = Vote(label, value, number, approval.get("by"), time)
            if first is None:
                given[key] = (place, self._place_in_time(vote, place))
            elif number > (first[1].patch_set or 0):
                given[key] = (first[0], replace(first[1], carried_to=number))
        told = {
            (who(vote.person), vote.label, vote.value, text(vote.time)): at
            for at, (_, vote) in enumerate(votes)
        }
        for key, (place, vote) in given.items():
            if (at := told.get(key)) is not None:
                votes[at] = (votes[at][0], replace(votes[at][1], carried_to=vote.carried_to))
                given[key] = (place, votes[at][1])
        return list(given.values())

    def _place_in_time(self, vote: Vote, place: str) -> Vote:
        """Return a vote on the patch set that was there when it was given."""
        when = self.intake.instant(vote.time, place)
        there = [
            one.number
            for one in self.change.patch_sets.values()
            if when is not None
            and (since := self.intake.instant(one.created, place)) is not None
            and since <= when
        ]
        number = max(there, default=vote.patch_set)
        if number is None or vote.patch_set is None or number >= vote.patch_set:
            return vote
        return replace(vote, patch_set=number, carried_to=vote.patch_set)


def _sniff(source: Source) -> float:
    return float(any(is_change(entry) for entry in first_entries(source)))


FORMAT = Format(
    id="gerrit-query",
    title="Gerrit changes from `gerrit query --format=JSON`",
    told_by="objects with project, branch, number, owner and status, one a line",
    source="https://gerrit-review.googlesource.com/Documentation/cmd-query.html",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
