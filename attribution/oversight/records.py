"""Everything reviews are judged by, indexed once, so that thousands are judged in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.actor import ActorDirectory
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.oversight.facts import text

_PROTECTED = "protected_branch."


@dataclass(frozen=True, slots=True)
class Records:
    """The events, by what is looked for in them.

    `checks` and `workflows` are by the head they ran on, `made` (commits) by their id, `sessions`
    by the place of a tool call, `prompts` by session. `encounters` are pushes that met the rules,
    by the commit pushed, or under "" where the record names none; `teams` by `organization/slug`.
    """

    commits: Mapping[str, Commit]
    directory: ActorDirectory
    checks: Mapping[str, Sequence[Event]]
    workflows: Mapping[str, Sequence[Event]]
    made: Mapping[str, Sequence[Event]]
    sessions: Mapping[str, str]
    prompts: Mapping[str, Sequence[Event]]
    encounters: Mapping[str, Sequence[Event]]
    codeowners: tuple[Event, ...]
    teams: Mapping[str, Sequence[Event]]


def index_records(
    events: Iterable[Event], commits: Iterable[Commit], directory: ActorDirectory
) -> Records:
    """Return the events and commits, indexed; each index is in time order."""
    checks: dict[str, list[Event]] = defaultdict(list)
    workflows: dict[str, list[Event]] = defaultdict(list)
    made: dict[str, list[Event]] = defaultdict(list)
    prompts: dict[str, list[Event]] = defaultdict(list)
    sessions: dict[str, str] = {}
    encounters: dict[str, list[Event]] = defaultdict(list)
    codeowners: list[Event] = []
    teams: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "check.completed":
            checks[text(event, "head_sha") or ""].append(event)
        elif event.kind == "workflow.run":
            workflows[text(event, "head_sha") or ""].append(event)
        elif event.kind == "commit":
            made[text(event, "sha") or ""].append(event)
        elif event.kind == "session.prompt":
            prompts[text(event, "session") or ""].append(event)
        elif event.kind == "session.tool_call":
            sessions |= dict.fromkeys(event.references, text(event, "session") or "")
        elif event.kind == "protection.evaluated" or (
            event.kind == "audit.call" and (text(event, "operation") or "").startswith(_PROTECTED)
        ):
            encounters[text(event, "after_sha") or ""].append(event)
        elif event.kind == "codeowners":
            codeowners.append(event)
        elif event.kind == "team.members":
            name = f"{text(event, 'organization')}/{text(event, 'team')}"
            teams[name.casefold()].append(event)
    return Records(
        {commit.sha: commit for commit in commits},
        directory,
        dict(checks),
        dict(workflows),
        dict(made),
        sessions,
        dict(prompts),
        dict(encounters),
        tuple(codeowners),
        dict(teams),
    )
