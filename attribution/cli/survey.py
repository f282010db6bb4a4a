"""A survey of a repository as text: the totals, then the commits there is something to say of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from attribution.cli.options import width
from attribution.cli.terminal import printable_line
from attribution.model.commit import GRADES
from attribution.model.instant import to_datetime

if TYPE_CHECKING:
    from attribution.model.commit import Anomaly
    from attribution.provenance.dossier import Dossier
    from attribution.provenance.survey import Survey

COMMON = 25
"""An anomaly that more commits show is told in the totals alone; `--json` has it by commit."""

_MONTHS = 12
_REASONS = 5
_UNKNOWN = {"no_marker": "  (unknown, never taken for a human's)"}


def describe_survey(survey: Survey, name: str, limit: int) -> str:
    """Return the text; the survey is walked, and `limit` commits at most are shown of it."""
    shown: list[str] = []
    notable = 0
    for dossier in survey.dossiers():
        if dossier.agents or dossier.conflicts or _pick_rare(dossier):
            notable += 1
            if notable <= limit:
                shown += _describe_commit(dossier)
    totals = survey.totals()
    lines = [printable_line(name), "", *_describe_totals(totals)]
    if notable:
        lines += ["", "commits with agents, conflicts or rare anomalies, newest first:", *shown]
    if notable > limit:
        lines.append(f"... and {notable - limit:,} more; --limit N shows more of them, --json all")
    return "\n".join(_fit(line) for line in lines)


def _describe_totals(totals: Mapping[str, Any]) -> Iterator[str]:
    of_history = totals["history"]
    some = "" if totals["commits"] == of_history else f" of {of_history:,} in the history"
    yield f"{totals['commits']:,} commits{some}"
    yield from (
        f"  {kind.replace('_', ' '):<18}{count:>9,}{_UNKNOWN.get(kind, '')}"
        for kind, count in totals["by_kind"].items()
    )
    for key, meaning in (
        ("weak_marks_only", "no marker, but a weak mark that decides nothing alone"),
        ("with_conflicts", "evidence of different grades names different agents"),
        ("with_anomalies", "something in the metadata does not fit"),
    ):
        if totals[key]:
            yield f"  {totals[key]:,}: {meaning}"
    yield from chain(_tabulate_tools(totals["by_tool"]), _tabulate_months(totals["by_month"]))
    yield from _list_anomalies(totals["anomalies"])
    yield from _describe_squashes(totals["squashes"])
    yield from _describe_sources(totals)
    yield ""
    for remark in totals["notes"]:
        yield from _wrap(f"note: {remark}")


def _list_anomalies(anomalies: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield the anomalies, the rarest first, and which of them are not told commit by commit."""
    if anomalies:
        yield from ("", "anomalies in this history, the rarest first:")
    for name, about in sorted(anomalies.items(), key=lambda row: (row[1]["count"], row[0])):
        common = "" if about["count"] <= COMMON else " (too common to list by commit)"
        yield from _wrap(
            f"  {name}, {about['count']:,} of {about['total']:,}: {about['statement']}{common}"
        )


def _tabulate_tools(tools: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    if not tools:
        return
    yield ""
    rows = [("commits by tool and grade", *(grade.replace("_", " ") for grade in GRADES))]
    rows += [
        (printable_line(tool), *(f"{counts.get(grade, 0):,}" for grade in GRADES))
        for tool, counts in tools.items()
    ]
    yield from _align(rows)


def _tabulate_months(months: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield the last twelve months in which there were commits, where agents wrote some."""
    last = list(months.items())[-_MONTHS:]
    if not any(counts["agent"] or counts["human_with_agent"] for _, counts in last):
        return
    yield ""
    rows = [("commits by month", *(kind.replace("_", " ") for kind in last[0][1]))]
    rows += [(month, *(f"{count:,}" for count in counts.values())) for month, counts in last]
    yield from _align(rows)


def _describe_sources(totals: Mapping[str, Any]) -> Iterator[str]:
    """Yield what became of notes, traces and checkpoints, where there are any."""
    notes, traces, points = (totals[key] for key in ("line_notes", "agent_trace", "checkpoints"))
    if notes["found"] or notes["unlisted"]:
        yield ""
    if notes["found"]:
        yield from _wrap(
            f"line notes: {notes['found']:,} found, {notes['parsed']:,} parsed, "
            f"{notes['rejected']:,} rejected, {notes['unread']:,} unread, "
            f"{notes['incomplete_entries']:,} entries incomplete; "
            f"{notes['on_history']:,} on commits of the history, "
            f"{notes['followed']:,} followed to a rewritten or copied commit"
        )
        yield from _list_lost(notes)
        yield from _list_reasons(notes["reasons"])
    for reference in notes["unlisted"]:
        yield from _wrap(
            f"line notes not read, so that who wrote the lines is known from less: "
            f"{reference['place']}: {reference['reason']}"
        )
    if traces["read"]:
        yield ""
        yield from _wrap(
            f"agent traces: {traces['read']:,} read, {traces['kept']:,} kept, "
            f"{traces['rejected']:,} rejected"
        )
        yield from _list_lost(traces)
        yield from _list_reasons(traces["reasons"])
    if points["named"]:
        yield ""
        yield from _wrap(
            f"checkpoints: {points['named']:,} named by commits, {points['found']:,} found with "
            f"{points['sessions']:,} sessions and {points['transcripts']:,} transcripts, "
            f"{points['missing']:,} parts missing"
        )
        yield from _list_reasons(points["reasons"])
    if totals["sessions"]:
        yield from _describe_sessions(totals["sessions"])


def _describe_sessions(sessions: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield from _wrap(
        f"sessions given: {sessions['found']:,} transcripts found, {sessions['read']:,} read; they "
        f"show agents to have made {sessions['commits']:,} commits of this history, and "
        f"{sessions['commits_not_here']:,} that are not in it (rewritten, or of another repository)"
    )
    yield from _list_reasons(sessions["reasons"])


def _describe_squashes(squashes: Mapping[str, Any]) -> Iterator[str]:
    if squashes["named"]:
        yield ""
        yield from _wrap(
            f"squashes: {squashes['named']:,} commits name a pull request that they are made of; "
            f"{squashes['with_marks_followed']:,} took their marks from its commits"
        )
        yield from _list_lost(squashes)


def _list_lost(account: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"  not followed, {why}: {n:,}" for why, n in account["not_followed"].items())


def _list_reasons(reasons: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for entry in reasons[:_REASONS]:
        yield from _wrap(f"  {entry['place']}: {entry['reason']}", "      ")
    if len(reasons) > _REASONS:
        yield "  ... --json names more"


def _describe_commit(dossier: Dossier) -> Iterator[str]:
    walked = dossier.walked
    day = "undated   " if walked.committed is None else f"{to_datetime(walked.committed):%Y-%m-%d}"
    lines = "lines unknown" if walked.lines is None else f"+{walked.lines[0]} -{walked.lines[1]}"
    kind = dossier.kind.replace("_", " ")
    yield printable_line(
        f"{day} {walked.sha[:12]} {kind}, {lines}, {walked.author[0]}: {walked.subject}"
    )
    for mark in dossier.agents:
        model = f" ({mark.model})" if mark.model else ""
        evidence = mark.evidence.removeprefix(f"commit {walked.sha}, ")
        grade = mark.grade.replace("_", " ")
        yield from _wrap(f"    {grade}: {mark.tool}{model}; {evidence}", " " * 6)
    for conflict in dossier.conflicts:
        yield from _wrap(f"    conflict: {conflict}", " " * 6)
    for anomaly in _pick_rare(dossier):
        yield f"    {anomaly.id}, {anomaly.count:,} of {anomaly.total:,}: {anomaly.statement}"


def _pick_rare(dossier: Dossier) -> list[Anomaly]:
    """Return the anomalies of a commit that are not common in this history, the rarest first."""
    rare = [anomaly for anomaly in dossier.anomalies if anomaly.count <= COMMON]
    return sorted(rare, key=lambda anomaly: (anomaly.count, anomaly.id))


def _align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *numbers in rows:
        cells = (cell.rjust(size) for cell, size in zip(numbers, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells)).rstrip()


def _wrap(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(printable_line(text), width(), subsequent_indent=indent)


def _fit(line: str) -> str:
    limit = width()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
