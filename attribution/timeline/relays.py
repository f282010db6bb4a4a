"""Posts in which a tool's own program passes on what the tool recorded.

What a person writes about an incident, or a program of another name (the coding agent among them),
stays an event of its own: it is somebody's account, not the tool's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import MappingProxyType

from attribution.model.record import Record
from attribution.timeline.commit_names import CommitNames
from attribution.timeline.native_ids import channel_of, incident_of
from attribution.timeline.posts import normalise
from attribution.timeline.proposals import Known, Post, Proposal
from attribution.timeline.rules import RELAY_WINDOW

STATUS = "status.update"
DEPLOYMENTS = ("deployment.created", "deployment.status")

# https://support.pagerduty.com/main/docs/slack-integration-guide,
# https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-slack-app/: tool, the words
# its program begins a post with, and the kind of the step they stand for.
_STEPS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (tool, re.compile(rf"\W*(?:{words})\b", re.IGNORECASE), kind)
    for tool, words, kind in (
        ("pagerduty", "triggered|new incident", "alert.triggered"),
        ("pagerduty", "acknowledged", "alert.acknowledged"),
        ("pagerduty", "escalated", "alert.escalated"),
        ("pagerduty", "resolved", "alert.resolved"),
        ("opsgenie", "new alert|alert created", "alert.triggered"),
        ("opsgenie", "alert acknowledged|acknowledged", "alert.acknowledged"),
        ("opsgenie", "alert closed|closed", "alert.resolved"),
    )
)
STEPS = tuple(sorted({kind for _, _, kind in _STEPS}))

# https://docs.github.com/en/rest/deployments/statuses, https://docs.gitlab.com/api/deployments/:
# the states of a deployment, and the words for each.
_STATES = MappingProxyType(
    {
        "success": r"success(?:ful(?:ly)?)?|succeeded",
        "failure": r"fail(?:ed|ure)?",
        "failed": r"fail(?:ed|ure)?",
        "error": r"error(?:ed)?",
        "in_progress": r"in[ _]progress",
        "queued": r"queued",
        "pending": r"pending",
        "inactive": r"inactive",
        "running": r"running",
        "canceled": r"cancell?ed",
    }
)
_ASKED = re.compile(r"\b(?:created|requested)\b", re.IGNORECASE)
_FORGES = ("github", "gitlab")


def find_alert_relays(known: Known) -> Iterator[Proposal]:
    """Yield posts of an alerting tool's program with the one entry that each passes on."""
    if not known.has(*STEPS) or not known.posts:
        return
    entries: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for _, _, _, at in known.spans(*STEPS):
        record, system = known.record(at), known.system(at)
        if incident := incident_of(record, system):
            entries[system, incident, record.kind].append(at)
    for post in known.posts:
        for tool, words, kind in _STEPS:
            if post.is_of(tool) and (begins := words.match(post.record.text)):
                incident = _only(post, tool)
                fitting = _behind(known, post, entries.get((tool, incident or "", kind), []))
                if len(fitting) == 1:
                    yield Proposal(
                        (fitting[0], post.at),
                        f"the post of {post.record.actor} in {channel_of(post.record)} begins with"
                        f" {begins[0].strip()!r} and links to {tool}:{incident}",
                    )
                break


def find_status_relays(known: Known) -> Iterator[Proposal]:
    """Yield posts of a status page's program with the one update that each repeats."""
    if not known.has(STATUS) or not known.posts:
        return
    updates: dict[str, list[int]] = defaultdict(list)
    for _, _, _, at in known.spans(STATUS):
        if incident := incident_of(known.record(at), known.system(at)):
            updates[incident].append(at)
    for post in known.posts:
        incident = _only(post, "statuspage") if post.is_of("statuspage") else None
        words = normalise(post.record.text) if incident else ""
        fitting = [
            at for at in updates.get(incident or "", []) if _repeats(words, known.record(at))
        ]
        if len(fitting) == 1:
            yield Proposal(
                (fitting[0], post.at),
                f"the post of {post.record.actor} in {channel_of(post.record)} repeats the update's"
                f" wording and links to statuspage:{incident}",
            )


def _repeats(words: str, update: Record) -> bool:
    """Return whether a post holds the status of an update and its whole wording."""
    status = str(update.data.get("status") or "")
    name = ": ".join(part for part in (update.subject, status) if part)
    wording = normalise(update.text.removeprefix(name).removeprefix(": "))
    return bool(wording and status) and wording in words and status.casefold() in words


def find_deployment_relays(known: Known, commits: CommitNames) -> Iterator[Proposal]:
    """Yield posts of a forge's program with the one entry of a deployment that each passes on."""
    if not known.has(*DEPLOYMENTS) or not known.posts:
        return
    entries: dict[tuple[str, str], list[int]] = defaultdict(list)
    for _, _, _, at in known.spans(*DEPLOYMENTS):
        if isinstance(sha := known.record(at).data.get("sha"), str):
            entries[known.system(at), sha].append(at)
    for post in known.posts:
        forge = next((name for name in _FORGES if post.is_of(name)), None)
        shas = commits.find(post.record) if forge else {}
        if forge is None or len(shas) != 1:
            continue
        [sha] = shas
        told = _says(post.record.text)
        fitting = [at for at in entries.get((forge, sha), []) if told(known.record(at))]
        fitting = _behind(known, post, fitting)
        if len(fitting) == 1:
            record = known.record(fitting[0])
            yield Proposal(
                (fitting[0], post.at),
                f"the post of {post.record.actor} in {channel_of(post.record)} names commit"
                f" {shas[sha]}, the environment {record.data.get('environment')} and what became"
                " of it",
            )


def _says(text: str) -> Callable[[Record], bool]:
    """Return whether a text names a deployment's environment and its state, and no other state."""
    states = {
        state
        for state, words in _STATES.items()
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
    }

    def told(record: Record) -> bool:
        environment = record.data.get("environment")
        if not isinstance(environment, str) or not re.search(
            rf"(?<![\w-]){re.escape(environment)}(?![\w-])", text, re.IGNORECASE
        ):
            return False
        if record.kind == "deployment.created":
            return not states and _ASKED.search(text) is not None
        state = str(record.data.get("state"))
        return state in states and all(_STATES[one] == _STATES[state] for one in states)

    return told


def _only(post: Post, tool: str) -> str | None:
    """Return the one record of a tool that a post links to; None for none or several."""
    found = [name for name in post.mentions if name.startswith(f"{tool}:")]
    return found[0].partition(":")[2] if len(found) == 1 else None


def _behind(known: Known, post: Post, entries: list[int]) -> list[int]:
    return [at for at in entries if known.follows(post, at, RELAY_WINDOW)]
