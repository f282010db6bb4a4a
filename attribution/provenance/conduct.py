"""What an agent did in its sessions, told from the session events of transcripts and traces.

The events may come in any order and more than once, as a session is often kept in several states:
each call, answer and request counts once. Texts are kept short, so that many sessions fit.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.session import (
    Action,
    AgentSession,
    Figures,
    Statement,
    count_approvals,
    count_modes,
)
from attribution.provenance.approval import Answer, Use, tell_approval
from attribution.provenance.autonomy import observe_autonomy
from attribution.provenance.operations import find_destructive_command, find_destructive_tool
from attribution.provenance.shell import Script, parse_script
from attribution.provenance.tasks import Asked, drop_refused, find_beyond, is_assent
from attribution.provenance.told import Call, Result, Told, by_time, take
from attribution.provenance.tools import ACTS, load_tools, tell_kind

_NEVER = -1
_PATH = re.compile(r"/|~/|\.\./|[A-Za-z]:\\")
_NO_RESULT = "no result on record"
_INTERRUPTED = "interrupted"
_UNFINISHED = {
    _NO_RESULT: "no result is on record: whether it was let through at all is not visible",
    _INTERRUPTED: (
        "the result records that the person interrupted it: whether it was let through before that,"
        " and what it had done by then, is not visible"
    ),
}
"""Why nothing is known of who let a call through whose end the records do not show."""


class Conduct:
    """Takes in session events and tells, at the end, what each session shows."""

    def __init__(self) -> None:
        self._told: dict[str, Told] = {}

    def add(self, event: Event) -> None:
        """Take in an event; one that is of no session is passed over."""
        session = event.data.get("session")
        if not isinstance(session, str) or not event.kind.startswith("session."):
            return
        told = self._told.setdefault(session, Told())
        take(told, event)

    def sessions(self) -> Iterator[AgentSession]:
        """Yield what each session shows, by time of its first dated event, then by id.

        A session of which there are but notes of the program, such as a summary, shows nothing.
        Each is let go as it is told: the sessions can be asked for once.
        """
        order = sorted(
            self._told, key=lambda name: ((self._told[name].times or (_NEVER,))[0], name)
        )
        for name in order:
            told = self._told.pop(name)
            if told.is_telling:
                yield _assess(name, told)


def assess_sessions(events: Iterable[Event]) -> tuple[AgentSession, ...]:
    """Return what the sessions among the events show; nothing where there are none."""
    conduct = Conduct()
    for event in events:
        conduct.add(event)
    return tuple(conduct.sessions())


def _assess(name: str, told: Told) -> AgentSession:
    delivered = {statement.text.strip() for statement in told.requests.values()}
    waiting = (
        statement
        for statement in told.queued.values()
        if statement.text.strip() not in delivered | told.withdrawn
    )
    requests = sorted([*told.requests.values(), *waiting], key=by_time)
    tasks = _Tasks(told, requests)
    calls = sorted(told.calls.items(), key=lambda item: (*by_time(item[1].statement), item[0]))
    actions = [_describe(call_id, call, told, tasks) for call_id, call in calls]
    figures = _count(actions, told, len(requests))
    start, end = told.times or (None, None)
    return AgentSession(
        id=name,
        agents=tuple(sorted(told.agents)),
        models=tuple(sorted(told.models)),
        start=start,
        end=end,
        requests=tuple(requests),
        actions=tuple(actions),
        figures=figures,
        autonomy=observe_autonomy(figures),
    )


class _Tasks:
    """What had been asked at each moment, and what the agent had said."""

    def __init__(self, told: Told, requests: list[Statement]) -> None:
        shown = _Spoken(told.shown.values())
        self._by_agent = _Spoken([*told.shown.values(), *told.thought.values()])
        self._by_helpers = _Spoken(told.by_helpers.values())
        asked = [(by_time(each)[0], each.text) for each in requests]
        self._request_times = [time for time, _ in asked]
        asked += [
            (time, proposed.text)
            for time, text in asked
            if is_assent(text) and (proposed := shown.before(time)) is not None
        ]
        asked += list(_answered(told))
        self._waiting = sorted(asked, reverse=True)
        self._all = Asked(text for _, text in sorted(asked))
        self._asked = Asked()

    def asked_before(self, time: Instant | None) -> Asked:
        """Return what was asked up to a time, no earlier than the last one; all for an undated."""
        if time is None:
            return self._all
        while self._waiting and self._waiting[-1][0] <= time:
            self._asked.add(self._waiting.pop()[1])
        return self._asked

    def account(self, call: Call) -> Statement | None:
        """Return what the agent, or its helper, wrote last before a call since a request."""
        time = call.statement.time
        if time is None:
            return None
        spoken = self._by_agent if call.helper is None else self._by_helpers
        found = spoken.before(time + 1)
        at = bisect_right(self._request_times, time)
        since = self._request_times[at - 1] if at else _NEVER
        return found if found is not None and by_time(found)[0] >= since else None


class _Spoken:
    """Statements by time."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = sorted(statements, key=by_time)
        self._times = [by_time(statement)[0] for statement in self._statements]

    def before(self, time: int) -> Statement | None:
        """Return the last statement made before a time."""
        at = bisect_left(self._times, time)
        return self._statements[at - 1] if at else None


def _answered(told: Told) -> Iterator[tuple[int, str]]:
    """Yield the plans a person accepted and the questions one answered: they were asked too.

    What was asked about and answered with a no was not: of it the answer alone stays.
    """
    for name, call in told.calls.items():
        result = told.results.get(name)
        if result is not None and result.words:
            yield by_time(call.statement)[0], drop_refused(result.words)
        if result is not None and result.answer.approved and call.plan:
            yield by_time(call.statement)[0], call.plan


def _describe(call_id: str, call: Call, told: Told, tasks: _Tasks) -> Action:
    script = None if call.command is None else parse_script(call.command)
    kind = tell_kind(call.tool, script)
    use = Use(call.tool, kind, _named_paths(call, script), call.cwd, call.mode, script)
    result = told.results.get(call_id)
    answer = Answer() if result is None else result.answer
    if call_id in told.permissions:
        granted, source = told.permissions[call_id]
        answer = replace(answer, granted=granted, source=source or None)
    approval, basis = tell_approval(use, answer)
    outcome = _tell_outcome(approval, call, result)
    if approval == "not_visible" and call.mode is not None:
        basis = _UNFINISHED.get(outcome, basis)
    decision = kind in ACTS
    destructive = _find_destructive(call, script) if decision else None
    time = call.statement.time
    asked = tasks.asked_before(time)
    open_to_ask = decision and approval not in {"yes", "no"}
    beyond = find_beyond(use, asked, destructive) if open_to_ask else ()
    return Action(
        id=call_id,
        time=time,
        tool=call.tool,
        target=call.target,
        kind=kind,
        decision=decision,
        destructive=destructive,
        approval=approval,
        basis=basis,
        mode=call.mode,
        helper=call.helper,
        outcome=outcome,
        beyond=beyond,
        account=tasks.account(call) if destructive or beyond else None,
        reference=call.statement.reference,
    )


def _named_paths(call: Call, script: Script | None) -> tuple[str, ...]:
    """Return the paths a call names; of a script, words of its commands that look like paths."""
    if script is None:
        return call.paths
    return call.paths + tuple(
        word
        for command in script.commands
        for word in (*command.words, *command.writes)
        if _PATH.match(word) or "/../" in word
    )


def _find_destructive(call: Call, script: Script | None) -> str | None:
    if script is not None:
        return find_destructive_command(script.commands)
    if load_tools().kinds.get(call.tool) == "edits":
        return None
    return find_destructive_tool(call.tool, call.statements)


def _tell_outcome(approval: str, call: Call, result: Result | None) -> str:
    if approval in {"no", "blocked"}:
        return "refused"
    if result is not None and result.interrupted:
        return _INTERRUPTED
    if result is None:
        return {"ok": "done", "error": "failed"}.get(call.status or "", _NO_RESULT)
    return "failed" if result.failed else "done"


def _count(actions: list[Action], told: Told, requests: int) -> Figures:
    decisions = [action for action in actions if action.decision]
    known = [result for name, result in told.results.items() if name in told.calls]
    plans = sum(1 for action in actions if action.kind == "consults" and action.approval == "yes")
    return Figures(
        actions=len(actions),
        decisions=len(decisions),
        approvals=count_approvals(decisions),
        modes=count_modes(decisions),
        destructive_approvals=count_approvals(action for action in decisions if action.destructive),
        beyond=sum(1 for action in actions if action.beyond),
        helpers=sum(1 for action in actions if action.helper is not None),
        requests=requests,
        answered=plans + sum(1 for result in known if result.words is not None),
        edited=sum(1 for result in known if result.edited),
        interruptions=len(told.interruptions),
        own_actions=len(told.own_actions),
    )
