"""The course of a change, step by step, as every record of it tells: for swim lanes and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from attribution.model.actor import ActorDirectory
from attribution.model.course import Step
from attribution.model.enforcement import Override
from attribution.model.event import Event
from attribution.oversight.changes import Change
from attribution.oversight.facts import identity, is_machine, text
from attribution.oversight.records import Records

_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "pull_request.opened": "opened",
        "pull_request.review_requested": "asked",
        "pull_request.review_request_removed": "unasked",
        "pull_request.head_force_pushed": "pushed",
        "pull_request.auto_merge_enabled": "auto_merge",
        "pull_request.queued": "queued",
        "pull_request.merged": "merged",
        "pull_request.closed": "closed",
        "review.approved": "approved",
        "review.changes_requested": "changes_requested",
        "review.commented": "commented",
        "review.dismissed": "dismissed",
    }
)
"""Kind of record -> the step it tells of; `attribution/model/kinds.py` lists the kinds."""

_BEARERS = ("author", "merged_by", "reviewer", "requester")
"""Facts of a record that name whoever did it, each with a fact `NAME_type` beside it."""

_WHO: Mapping[str, str] = MappingProxyType({"opened": "author", "merged": "merged_by"})
"""Step -> the fact that says whose it was: an export's own account is not whose the change is."""


def trace_course(change: Change, records: Records, override: Override | None) -> tuple[Step, ...]:
    """Return every step of the change in time order, undated ones last.

    A commit whose push no record shows is a step of its own; checks are those of every head of the
    change. Of the same step told twice the first stands.
    """
    steps = [*_own(change, records.directory), *_checks(change, records)]
    pushed = {step.head for step in steps if step.kind == "pushed"}
    steps += _commits(change, records, pushed)
    if override is not None:
        told = Step("overridden", override.by, None, override.time, override.references[0])
        steps.append(told)
    ordered = sorted(
        enumerate(steps), key=lambda one: (one[1].time is None, one[1].time or 0, one[0])
    )
    return tuple({_identify(step): step for _, step in reversed(ordered)}.values())[::-1]


def _identify(step: Step) -> tuple[object, ...]:
    if step.kind in {"approved", "commented", "changes_requested", "dismissed"}:
        return (step.kind, step.reference)
    return (step.kind, step.who, step.time, step.head, step.about)


def _own(change: Change, directory: ActorDirectory) -> Iterator[Step]:
    for event in (*change.events, *change.reviews):
        kind = _STEPS.get(event.kind)
        if text(event, "event") == "synchronize":
            kind = "pushed"
        if kind is None or (kind == "closed" and change.merged is not None):
            continue
        # The record of a pull request states its last head, not the one it was opened with.
        head = None if kind == "opened" else text(event, "commit_id") or text(event, "head_sha")
        yield _step(kind, _bearer(event, kind), event, directory, head, _asked(event))


def _bearer(event: Event, kind: str) -> str:
    stated = text(event, _WHO.get(kind, "reviewer"))
    return stated or event.actor or event.actor_name or ""


def _asked(event: Event) -> str:
    team = text(event, "requested_team")
    return text(event, "requested_reviewer") or (f"team {team}" if team else "")


def _step(  # noqa: PLR0917 - a step's own facts, each of its own type
    kind: str,
    who: str,
    event: Event,
    directory: ActorDirectory,
    head: str | None = None,
    about: str = "",
) -> Step:
    dated = event.time is not None
    return Step(
        kind=kind,
        who=identity(who, directory) or "",
        machine=_machine(who, event, directory),
        time=event.time,
        reference=event.references[0],
        head=head,
        about=identity(about, directory) or about,
        conclusion=text(event, "conclusion") if kind == "check" else None,
        low=event.time_low if dated else None,
        high=event.time_high if dated else None,
    )


def _machine(who: str, event: Event, directory: ActorDirectory) -> bool | None:
    """Return whether a machine bears the name; an account of the type `User` can be either's."""
    kinds = [text(event, f"{key}_type") for key in _BEARERS if text(event, key) == who]
    if is_machine(who, next(filter(None, kinds), None), directory):
        return True
    actor = directory.resolve(who)
    return False if actor is not None and actor.kind == "person" else None


def _checks(change: Change, records: Records) -> Iterator[Step]:
    heads = dict.fromkeys(sha for sha in (*change.commits, change.head) if sha)
    for head in heads:
        for run in records.checks.get(head, ()):
            name = text(run, "name") or "unnamed check"
            yield _step("check", "", run, records.directory, head, name)


def _commits(change: Change, records: Records, pushed: set[str | None]) -> Iterator[Step]:
    for sha in dict.fromkeys(sha for sha in (*change.commits, change.head) if sha):
        commit = records.commits.get(sha)
        if sha in pushed or sha == change.merge or commit is None or not commit.references:
            continue
        actor = records.directory.resolve(commit.author)
        machine = None if actor is None else actor.kind in {"agent", "service_account"}
        who = commit.author if actor is None else actor.id
        reference = commit.references[0]
        yield Step("committed", who, machine, commit.committed, reference, sha)
