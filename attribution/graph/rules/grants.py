"""Who gave a role or a credential what an act used, as far as changes and calls tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.graph.facts import Facts, identifier, list_of, short, text_of
from attribution.graph.rules.acts import Act
from attribution.graph.visibility import GRANTS, say_unseen
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.operation import verb_of
from attribution.model.order import Moment


@dataclass(frozen=True, slots=True)
class Grant:
    """What gave a right its reach: a commit, a call, or, of a role, somebody no record names.

    `by` is who did it, `name` the same in a sentence; `tag` is the part of the node's id; `moment`
    and `time` are None where no record shows it; `unseen` is a sentence on gaps that may hide it.
    """

    right: str
    tag: str
    by: str | None
    name: str
    time: Instant | None
    moment: Moment | None
    basis: str
    evidence: tuple[str, ...]
    unseen: str = ""


def word_of(act: Act) -> str:
    """Return what the right of an act stood in, as part of a sentence."""
    return "the credential" if act.role is None else "the role"


def name_right(act: Act, right: str) -> str:
    """Return the right of an act with its name; credentials often have one of several words."""
    return f"{word_of(act)} {right}" if act.role is not None else f"{word_of(act)} “{right}”"


def find_grant(facts: Facts, act: Act, right: str) -> Grant | None:
    """Return what gave the right its reach: the latest change that names it, else the latest call.

    Where no record shows one, a role was granted by somebody no record names; None for a
    credential, of which it stays open whether anybody could have made it narrower.
    """
    commit = _granting_commit(facts, right, act)
    if commit is not None:
        return _by_commit(facts, right, commit)
    call = _granting_call(facts, right, act)
    if call is not None:
        actor = call.actor or call.actor_name
        return Grant(
            right=right,
            tag=identifier(right),
            by=actor,
            name=facts.actor_name(actor),
            time=call.time,
            moment=_called(call),
            basis="machine_record",
            evidence=tuple(dict.fromkeys(call.references)),
        )
    if act.role is None:
        return None
    return Grant(
        right=right,
        tag=identifier(right),
        by=None,
        name="Somebody no record names",
        time=None,
        moment=None,
        basis="rule_inference",
        evidence=tuple(dict.fromkeys(act.references)),
        unseen=say_unseen(facts, GRANTS, facts.manifest.period.start, act.events[0].time),
    )


def _by_commit(facts: Facts, right: str, commit: Commit) -> Grant:
    review = facts.review_of(commit.sha)
    actor = (review.merged_by if review is not None else None) or commit.author
    reviewed = review.references if review is not None else ()
    return Grant(
        right=right,
        tag=short(commit.sha),
        by=actor,
        name=f"{facts.actor_name(actor)}, with commit {short(commit.sha)},",
        time=commit.committed,
        moment=_made(facts, commit),
        basis="machine_record",
        evidence=tuple(dict.fromkeys(commit.references + reviewed)),
    )


def _granting_commit(facts: Facts, right: str, act: Act) -> Commit | None:
    """Return the latest commit before the act that names the right, on the line that was merged.

    A merge commit stands for what it merged: where the commit was carried by a pull request, the
    merge is returned if it is among the records.
    """
    named = re.compile(rf"(?<![\w-]){re.escape(right)}(?![\w-])")
    used = used_at(act)
    found = [
        commit
        for commit in facts.commits
        if any(named.search(text) for text in (commit.subject, *commit.files))
        or named.search(_pull_request_text(facts, commit))
    ]
    before = [
        commit
        for commit in found
        if commit.committed is not None
        and (
            used is None
            or (made := _made(facts, commit)) is None
            or facts.chronicle.is_no_later(made, used) is not False
        )
    ]
    if not before:
        return None
    latest = max(before, key=lambda commit: (commit.committed or 0, commit.sha))
    review = facts.review_of(latest.sha)
    merge = facts.commit(review.merge) if review is not None and review.merge else None
    return merge or latest


def _pull_request_text(facts: Facts, commit: Commit) -> str:
    review = facts.review_of(commit.sha)
    if review is None:
        return ""
    opened = (
        event
        for event in facts.timeline.events
        if event.kind == "pull_request.opened" and event.data.get("number") == review.number
    )
    body = next((text_of(event.data, "body") or "" for event in opened), "")
    return f"{review.title} {body}"


def _granting_call(facts: Facts, right: str, act: Act) -> Event | None:
    used = used_at(act)
    calls = [
        event
        for event in facts.timeline.events
        if event.kind == "audit.call"
        and verb_of(text_of(event.data, "operation") or "").startswith(
            facts.catalogue.operations.granting_prefixes
        )
        and right in list_of(event.data, "resources")
        and not event.data.get("error")
        and (called := _called(event)) is not None
        and (used is None or facts.chronicle.is_no_later(called, used) is not False)
    ]
    return calls[-1] if calls else None


def used_at(act: Act) -> Moment | None:
    """Return when the right was used."""
    return Moment.of_event(act.events[0], f"the operation on {act.service.name}")


def _made(facts: Facts, commit: Commit) -> Moment | None:
    return facts.chronicle.commit(commit.sha, commit.committed, f"commit {short(commit.sha)}")


def _called(event: Event) -> Moment | None:
    return Moment.of_event(event, f"the call {text_of(event.data, 'operation')}")
