"""Sessions of agents as text: a table of many, or one with its actions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line
from attribution.model.instant import to_datetime
from attribution.model.session import LEVELS
from attribution.provenance.session_totals import NOTES, SessionTotals

if TYPE_CHECKING:
    from attribution.model.instant import Instant
    from attribution.model.session import Action, AgentSession, Autonomy, Figures
    from attribution.provenance.transcripts import TranscriptAccount

_REASONS = 5
_REQUESTS = 10
_MARKS = {"yes": "yes", "no": "no", "by_rule": "rule", "blocked": "blocked", "not_visible": "?"}
_COLUMNS = (
    ("session", ""), ("begun", ""), ("asks", ""), ("acts", ""), ("deci-", "sions"),
    ("per-", "son"), ("re-", "fused"), ("by", "rule"), ("not", "vis."), ("takes", "away"),
    ("to", "ask"), ("nobody", "looked"), ("observed", "level"),
)  # fmt: skip
_TEXT_COLUMNS = frozenset({"session", "begun", "observed"})
_NARROW = 92


def describe_sessions(
    sessions: Sequence[AgentSession], account: TranscriptAccount, limit: int
) -> str:
    """Return the table of sessions, the newest first, after their sums."""
    totals = SessionTotals()
    for session in sessions:
        totals.add(session)
    lines = [*_describe_totals(totals), *_describe_account(account), ""]
    shown = sessions[::-1][:limit]
    if shown:
        lines += [*_tabulate(shown), ""]
    if len(sessions) > len(shown):
        lines += [f"... and {len(sessions) - len(shown):,} more; --limit N, or --json for all", ""]
    lines.append("`--session ID` shows one with its actions.")
    for note in NOTES:
        lines += _wrap(f"note: {note}")
    return "\n".join(_fit(line) for line in lines)


def describe_session(session: AgentSession, account: TranscriptAccount, limit: int) -> str:
    """Return one session: its figures, the level and its rule, the requests, and the actions.

    What could not be read of its sources stands below: the session may hold more than is told.
    """
    lines = [printable_line(f"session {session.id}")]
    who = ", ".join(session.agents) + (f" ({', '.join(session.models)})" if session.models else "")
    lines.append(printable_line(f"{who}, {_span(session)}"))
    lines += ["", *_describe_figures(session.figures), *_describe_level(session.autonomy), ""]
    lines += _describe_requests(session)
    told = list(session.actions)
    lines.append("actions (who let each through: yes a person, no refused, rule, ? not visible):")
    days = _head_days(session, (action.time for action in told))
    for action, heading in zip(told[:limit], days, strict=False):
        lines += [*heading, *_describe_action(action)]
    if len(told) > limit:
        lines.append(f"... and {len(told) - limit:,} more; --limit N shows more, --json all")
    if account.reasons or account.not_read:
        lines += _describe_account(account)
    return "\n".join(_fit(line) for line in lines)


def _describe_totals(totals: SessionTotals) -> Iterator[str]:
    told = totals.counts
    yield f"{totals.sessions:,} sessions, {told['actions']:,} actions"
    yield from _approval_lines(told["decisions"], totals.approvals)
    yield from _wrap(
        f"{sum(totals.destructive.values()):,} decisions take something away: "
        + _tell_approvals(totals.destructive)
    )
    yield f"actions to ask about (did they go beyond the task?): {told['beyond_task_proposed']:,}"
    levels = ", ".join(
        f"{name.replace('_', ' ')} {count:,}" for name, count in totals.by_level.items() if count
    )
    yield from _wrap(f"observed level: {levels or 'none'}")


def _approval_lines(decisions: int, approvals: Mapping[str, int]) -> Iterator[str]:
    told = _tell_approvals(approvals)
    yield from _wrap(
        f"{_number(decisions, 'decision')} (what can change something){f': {told}' if told else ''}"
    )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _tell_approvals(approvals: Mapping[str, int]) -> str:
    words = {
        "yes": "allowed by a person",
        "no": "refused by a person",
        "by_rule": "let through by a rule",
        "blocked": "blocked by a rule",
        "not_visible": "not visible who allowed it",
    }
    return ", ".join(f"{approvals[key]:,} {said}" for key, said in words.items() if approvals[key])


def _describe_account(account: TranscriptAccount) -> Iterator[str]:
    entries = account.entries
    others = sum(account.not_read.values())
    yield ""
    yield from _wrap(
        f"transcripts: {account.found:,} found, {account.read:,} read, {account.missing:,} missing,"
        f" {others:,} not read; entries: {entries['read']:,} read, {entries['kept']:,} kept, "
        f"{entries['duplicate']:,} duplicate, {entries['undated']:,} undated, "
        f"{entries['rejected']:,} rejected"
    )
    for why in sorted(account.not_read):
        yield from _wrap(f"  not read: {account.not_read[why]:,}, {why}", " " * 4)
    told = [entry for entry in account.reasons if "missing" not in str(entry["reason"])]
    for entry in told[:_REASONS]:
        yield from _wrap(f"  {entry['place']}: {entry['reason']}", " " * 4)
    if len(told) > _REASONS:
        yield "  ... --json names more"


def _tabulate(sessions: Sequence[AgentSession]) -> Iterator[str]:
    """Yield the table; a narrow terminal does without the day."""
    heads = [head for head, _ in _COLUMNS]
    rows = [heads, [under for _, under in _COLUMNS], *(_row(session) for session in sessions)]
    skipped = {"begun"} if width() < _NARROW else set()
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.ljust(size) if head in _TEXT_COLUMNS else cell.rjust(size)
            for head, cell, size in zip(heads, row, widths, strict=True)
            if head not in skipped
        )
        yield " ".join(cells).rstrip()


def _row(session: AgentSession) -> list[str]:
    figures = session.figures
    approvals = figures.approvals
    name = session.id.removeprefix("trace ")
    return [
        printable_line(name[:8]),
        _day(session.start),
        f"{figures.requests:,}",
        f"{figures.actions:,}",
        f"{figures.decisions:,}",
        *(f"{approvals[key]:,}" for key in ("yes", "no", "by_rule", "not_visible")),
        f"{sum(figures.destructive_approvals.values()):,}",
        f"{figures.beyond:,}",
        _share(figures),
        _short_level(session.autonomy),
    ]


def _short_level(autonomy: Autonomy) -> str:
    """Return such as `L5 observer`; of a level that is not visible, the bounds: `L4-5 ?`."""
    if autonomy.low is None or autonomy.high is None:
        return "-"
    low, high = (LEVELS.index(level) + 1 for level in (autonomy.low, autonomy.high))
    return f"L{high} {autonomy.level}" if autonomy.level else f"L{low}-{high} ?"


def _level(autonomy: Autonomy) -> str:
    if autonomy.level is not None:
        return autonomy.level
    if autonomy.low is None:
        return "none"
    return f"not visible, between {autonomy.low} and {autonomy.high}"


def _share(figures: Figures) -> str:
    if figures.unlooked is None:
        return "-"
    low, high = (round(100 * share) for share in figures.unlooked)
    return f"{low} %" if low == high else f"{low}-{high} %"


def _describe_figures(figures: Figures) -> Iterator[str]:
    yield from _wrap(
        f"{_number(figures.requests, 'request')}, {_number(figures.actions, 'action')}"
        + (f", {figures.helpers:,} of them by helpers of its own" if figures.helpers else "")
    )
    yield from _approval_lines(figures.decisions, figures.approvals)
    if figures.decisions:
        modes = ", ".join(f"{mode} {count:,}" for mode, count in figures.modes.items())
        yield from _wrap(f"permission mode of these decisions: {modes}")
    yield f"share of decisions no one looked at: {_share(figures)}"
    destructive = sum(figures.destructive_approvals.values())
    if destructive:
        yield from _wrap(
            f"{destructive:,} take something away: {_tell_approvals(figures.destructive_approvals)}"
        )
    told = (
        (figures.answered, "questions or plans answered by the person"),
        (figures.edited, "proposals edited by the person"),
        (figures.interruptions, "interruptions"),
        (figures.own_actions, "commands the person ran"),
        (figures.beyond, "actions to ask about: did they go beyond the task?"),
    )
    yield from (f"{count:,} {what}" for count, what in told if count)


def _describe_level(autonomy: Autonomy) -> Iterator[str]:
    counts = ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in autonomy.counts.items())
    yield from _wrap(f"observed autonomy level: {_level(autonomy)}: {autonomy.why} ({counts})")


def _describe_requests(session: AgentSession) -> Iterator[str]:
    requests = session.requests
    yield "what was asked:" if requests else "no request is on record"
    days = _head_days(session, (request.time for request in requests))
    for request, heading in zip(requests[:_REQUESTS], days, strict=False):
        yield from heading
        yield printable_line(f"  {_clock(request.time)} “{' '.join(request.text.split())}”")
    if len(requests) > _REQUESTS:
        yield f"  ... and {len(requests) - _REQUESTS:,} more; --json has all"
    yield ""


def _describe_action(action: Action) -> Iterator[str]:
    mark = _MARKS[action.approval] if action.decision else "looks"
    what = action.tool + (f": {' '.join(action.target.split())}" if action.target else "")
    failed = "" if action.outcome == "done" else f" ({action.outcome})"
    helper = " [helper]" if action.helper else ""
    yield printable_line(f"  {_clock(action.time)} {mark:<7} {what}{failed}{helper}")
    if action.destructive:
        yield from _wrap(f"      takes away: {action.destructive}; {action.basis}", " " * 8)
    for reason in action.beyond:
        yield from _wrap(f"      to ask: {reason}", " " * 8)
    if action.account is not None:
        said = " ".join(action.account.text.split())
        yield printable_line(f"      the agent's own account, {action.account.reference}: “{said}”")


def _span(session: AgentSession) -> str:
    if session.start is None or session.end is None:
        return "undated"
    end = f"{_day(session.end)} " if _is_of_days(session) else ""
    return f"{_day(session.start)} {_clock(session.start)} to {end}{_clock(session.end)} UTC"


def _is_of_days(session: AgentSession) -> bool:
    """Return whether a time of day alone does not tell when something was."""
    return _day(session.start) != _day(session.end)


def _head_days(session: AgentSession, times: Iterable[Instant | None]) -> Iterator[tuple[str, ...]]:
    """Yield the heading before each time: its day, where that is another than before."""
    last = "" if _is_of_days(session) else None
    for time in times:
        day = _day(time)
        yield () if last is None or day == last else (f"  {day}",)
        last = None if last is None else day


def _day(time: Instant | None) -> str:
    return "undated" if time is None else f"{to_datetime(time):%Y-%m-%d}"


def _clock(time: Instant | None) -> str:
    return "undated " if time is None else f"{to_datetime(time):%H:%M:%S}"


def _wrap(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(printable_line(text), width(), subsequent_indent=indent)


def _fit(line: str) -> str:
    limit = width()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
