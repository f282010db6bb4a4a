"""Votes on a Gerrit change: as reviews, as checks, and how far each was carried.

Source: https://gerrit-review.googlesource.com/Documentation/config-labels.html
"""

from __future__ import annotations

import re
from dataclasses import replace

from attribution.ingest.fields import Table, items, number, stated, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gerrit import (
    REVIEW,
    Change,
    Vote,
    account_type,
    note_aliases,
    utc,
    who,
)
from attribution.model.record import JsonValue

_CHECK = re.compile(r"(?:.*-)?Verified")
"""Labels on which systems vote: Verified, as Gerrit's documentation defines it, and its like."""

Placed = tuple[str, Vote]
"""A vote with its place in the file."""


def in_order(intake: Intake, votes: list[Placed]) -> list[Placed]:
    """Return votes by time, those without one first."""
    return sorted(votes, key=lambda one: intake.instant(one[1].time, one[0]) or 0)


def list_votes(
    intake: Intake, place: str, entry: Table, change: Change, votes: list[Placed]
) -> list[Placed]:
    """Return the votes that the labels list as standing, each with how far it was carried.

    One that a message of `votes` tells of as well is the same in both, with the message's patch
    set; the entry of `votes` then says, too, how far it was carried.
    """
    last = {(who(vote.person), vote.label): at for at, (_, vote) in enumerate(votes)}
    listed: list[Placed] = []
    for label, entries in sorted(table(entry.get("labels")).items()):
        for index, one in enumerate(items(table(entries).get("all"))):
            value = number(table(one).get("value"))
            if not value:
                continue
            where = place if place.startswith("line") else f"{place}/{label}/all/{index}"
            at = last.get((who(one), label))
            if at is not None and votes[at][1].value == value:
                told = _carried(change, votes[at][1])
                votes[at] = (votes[at][0], told)
            else:
                told = _vote_listed(intake, where, change, Vote(label, value, None, one, None))
            listed.append((where, told))
    return listed


def _carried(change: Change, vote: Vote) -> Vote:
    last = change.reviewed
    earlier = last is not None and vote.patch_set is not None and vote.patch_set < last
    return replace(vote, carried_to=last) if earlier else vote


def _vote_listed(intake: Intake, place: str, change: Change, vote: Vote) -> Vote:
    """Return a vote the labels alone tell of, on the patch set that was there at its date.

    Where not all patch sets up to the last are on record, only whether it was the last is known.
    """
    time = utc(table(vote.person).get("date"))
    vote = replace(vote, time=time)
    when, last = intake.instant(time, place), change.reviewed
    if when is None or last is None:
        return vote
    created = {
        one.number: since
        for one in change.patch_sets.values()
        if (since := intake.instant(utc(one.created), place)) is not None
    }
    there = min(max((at for at, since in created.items() if since <= when), default=0), last)
    if there == last or (there and all(at in created for at in range(1, last + 1))):
        return _carried(change, replace(vote, patch_set=there))
    return replace(vote, carried_to=last)


class Votes:
    """Gives the intake the votes on one change in time order, and minds which approvals stand."""

    def __init__(self, intake: Intake, change: Change, required: frozenset[str]) -> None:
        """Take in votes on `change`; `required` are the labels it needed for submission."""
        self._intake = intake
        self._change = change
        self._required = required
        self._standing: set[str] = set()

    def turn_to(self, change: Change) -> None:
        """Go on with the change as it stands later; the approvals given so far still stand."""
        self._change = change

    def add(self, place: str, vote: Vote) -> None:
        """Give the intake one vote: a review, a check, or an entry of the change's history."""
        note_aliases(self._intake, vote.person, place)
        if vote.label == REVIEW:
            self._add_review(place, vote)
        elif vote.value and (_CHECK.fullmatch(vote.label) or account_type(vote.person) == "Bot"):
            self._add_check(place, vote)
        else:
            self._add(place, "pull_request.event", vote, {"event": f"vote {vote.title}"})

    def _add_review(self, place: str, vote: Vote) -> None:
        name = who(vote.person) or ""
        if vote.value >= self._change.most:
            kind = "approved"
            self._standing.add(name)
        elif vote.value < 0:
            kind = "changes_requested"
            self._standing.discard(name)
        else:
            # A vote that approves no more takes the one before it back.
            kind = "dismissed" if name in self._standing else "commented"
            self._standing.discard(name)
        number = vote.patch_set
        later = self._change.kinds_after(number) if number is not None and vote.carried_to else []
        self._add(
            place,
            f"review.{kind}",
            vote,
            stated(
                reviewer=who(vote.person),
                reviewer_type=account_type(vote.person),
                body=vote.body,
                carried_to=vote.carried_to,
                kinds_since=list[JsonValue](later) or None,
            ),
        )

    def _add_check(self, place: str, vote: Vote) -> None:
        conclusion = "success" if vote.value > 0 else "failure"
        self._intake.add(
            place,
            "check.completed",
            time=vote.time,
            text=f"{vote.label}: {conclusion}",
            actor=who(vote.person),
            subject=vote.label,
            native_id=vote.native_id,
            data=stated(
                name=vote.label,
                head_sha=self._change.commit(vote.patch_set),
                conclusion=conclusion,
                required=vote.label in self._required if self._required else None,
                app=who(vote.person),
                repository=self._change.project,
            ),
            key=_key(vote),
        )

    def _add(self, place: str, kind: str, vote: Vote, facts: dict[str, JsonValue]) -> None:
        change = self._change
        self._intake.add(
            place,
            kind,
            time=vote.time,
            text=f"{who(vote.person) or 'someone'} voted {vote.title} on patch set"
            f" {vote.patch_set or 'unknown'} of {change.name}"
            + (f", carried over to {vote.carried_to}" if vote.carried_to else "")
            + (f": {vote.body}" if vote.body else ""),
            actor=who(vote.person),
            subject=change.name,
            native_id=vote.native_id,
            data=stated(
                repository=change.project,
                number=change.number,
                commit_id=change.commit(vote.patch_set) or _earlier(vote),
                patch_set=vote.patch_set,
                vote=vote.title,
            )
            | facts,
            key=_key(vote),
        )


def _key(vote: Vote) -> tuple[str | None, ...]:
    """Return what makes two mentions of a vote one."""
    return "vote", who(vote.person), vote.title, text(vote.time)


def _earlier(vote: Vote) -> str | None:
    """Return that a vote was given on some earlier patch set, where no more is on record."""
    return None if vote.carried_to is None else f"a patch set before {vote.carried_to}"
