"""What awaits a person's decision, as text: the proposal, its reasons, its records, its effect.

Plain lines without colour or movement of the cursor, as wide as the terminal, for any screen and
for a screen reader.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line
from attribution.model.instant import format_instant, format_optional
from attribution.review.moves import UNATTRIBUTED

if TYPE_CHECKING:
    from attribution.model.graph import CausalGraph
    from attribution.model.manifest import Decision
    from attribution.model.result import Attribution
    from attribution.review.citations import Citation
    from attribution.review.moves import Move
    from attribution.review.pending import Pending
    from attribution.review.recording import LogEntry

_MOST_RECORDS = 5
_MOST_QUOTED = 200
_LEAST_SEEN = 0.0005


def describe_entry(
    entry: Pending,
    place: str,
    move: Move,
    citations: Sequence[Citation],
    names: Mapping[str, str],
    decision: Decision | None = None,
) -> str:
    """Return the whole screen of one proposal."""
    lines = [f"---- {place}: {entry.id}"]
    standing = f"Status: {entry.status}."
    if decision is not None:
        standing = f"You have decided: {decision.status}. Press u to take it back."
    lines += _wrapped(entry.statement, "")
    lines += ["", *_wrapped(standing, ""), "", *describe_move(move, names), ""]
    for reason in entry.reasons:
        lines += (
            _wrapped(f"{reason.title} {reason.text}", "", indent="  ")
            if (reason.title.endswith("?"))
            else _wrapped(f"{reason.title}: {reason.text}", "", indent="  ")
        )
    lines += ["", *_describe_records(citations)]
    return "\n".join(lines) + "\n"


def describe_move(move: Move, names: Mapping[str, str]) -> list[str]:
    """Return what each answer would do to the shares, a line a party."""
    if move.reach is None:
        return _wrapped(f"What it does to the shares: not computed; {move.reason}.", "")
    if not move.reach:
        return ["What it does to the shares: nothing, whether confirmed or rejected."]
    sides = {"confirmed": move.confirmed, "rejected": move.rejected}
    apart = (
        f": up to {move.reach:.1%} between the answers"
        if all(side.shares is not None for side in sides.values())
        else ""
    )
    lines = [f"What it does to the shares{apart}"]
    for party, now in move.now.items():
        values = {
            name: side.shares[party] for name, side in sides.items() if side.shares is not None
        }
        if max(now, *values.values(), 0.0) >= _LEAST_SEEN:
            told = ", ".join(f"{name} {value:.1%}" for name, value in values.items())
            name = names.get(party, party)
            lines += _wrapped(f"{name}: now {now:.1%}, {told}", "  ")
    lines += [
        line
        for name, side in sides.items()
        if side.reason
        for line in _wrapped(f"{name}: {side.reason}", "  ")
    ]
    return lines


def _describe_records(citations: Sequence[Citation]) -> Iterator[str]:
    count = len(citations)
    if not count:
        yield "It rests on no record."
        return
    yield f"Rests on {count} record{'' if count == 1 else 's'}:"
    for number, citation in enumerate(citations[:_MOST_RECORDS], start=1):
        time = format_optional(citation.time) or "no time"
        yield from _wrapped(f"{number}. {time}  {citation.reference}  {citation.file}", "  ")
        if citation.text:
            yield from _wrapped(f"says: {_cut(citation.text)}", "     ")
        if citation.original.strip() != citation.text.strip():
            yield from _wrapped(f"original: {_cut(citation.original)}", "     ")
    if count > _MOST_RECORDS:
        yield f"  and {count - _MOST_RECORDS} more; e shows all"


def _cut(text: str) -> str:
    """Return a text on one line, cut with the number of characters it has."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_QUOTED else f"{line[:_MOST_QUOTED]}... [{len(text)} in all]"


def _wrapped(text: str, first: str, indent: str | None = None) -> list[str]:
    """Return lines no wider than the terminal, defused; `indent` is for those after the first."""
    after = f"{first}  " if indent is None and first else (indent or first)
    return textwrap.wrap(
        printable_line(text),
        width() - 1,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )


def fold(text: str) -> str:
    """Return a text with each of its lines no wider than the terminal."""
    return "\n".join("\n".join(_wrapped(line, "")) for line in text.split("\n"))


def describe_brief(entry: Pending, move: Move, points: float | None) -> str:
    """Return an entry of `attribution review --list`."""
    moved = f"moves the shares by {move.reach:.1%}" if move.reach else ""
    if move.reach and (move.confirmed.reason or move.rejected.reason):
        moved = "decides whether there is anything to share"
    carried = f"carries {points:.1%} of the harm" if points and move.reach is None else ""
    weight = "".join(f", {part}" for part in (moved, carried) if part)
    lines = _wrapped(f"{entry.id} ({entry.status}{weight})", "", indent="  ")
    lines += _wrapped(entry.statement, "  ")
    lines += _wrapped(f"evidence: {', '.join(entry.evidence) or 'none'}", "  ")
    for reason in entry.reasons[-1:]:
        lines += _wrapped(f"{reason.title.lower()}: {reason.text}", "  ")
    return "\n".join(lines) + "\n"


def describe_log(log: Sequence[LogEntry]) -> str:
    """Return all decisions in the order they were taken, a paragraph each."""
    if not log:
        return "Nothing has been decided in this case."
    lines: list[str] = []
    for number, entry in enumerate(log, start=1):
        decision = entry.decision
        when = "time not given" if decision.at is None else format_instant(decision.at)
        status = "withdrawn" if decision.status == "proposed" else decision.status
        lines += _wrapped(f"{number}. {decision.on}: {status} ({entry.state})", "", indent="   ")
        lines += _wrapped(f"by {decision.by}, {when}", "   ")
        if decision.counterfactual:
            lines += _wrapped(f"counterfactual: {decision.counterfactual}", "   ")
        if decision.because:
            lines += _wrapped(f"because: {decision.because}", "   ")
    return "\n".join(lines)


def describe_change(before: Attribution, after: Attribution) -> Iterator[str]:
    """Yield the shares before and after, with their ranges, a line a party."""
    later = {party.id: party.share for party in after.parties}
    pairs = [(party.name, party.share, later[party.id]) for party in before.parties]
    pairs.append((UNATTRIBUTED, before.unattributed, after.unattributed))
    for name, was, now in pairs:
        if max(was.high, now.high) < _LEAST_SEEN:
            continue
        old, new = (f"{s.point:.1%} ({s.low:.1%} to {s.high:.1%})" for s in (was, now))
        change = f"{old} -> {new}" if old != new else f"{old}, unchanged"
        yield from _wrapped(f"{name}: {change}", "  ")


def describe_standing(graph: CausalGraph) -> Iterator[str]:
    """Yield how the graph stands: what of it is still proposed or contested, and failed checks."""
    parts = {
        "findings": [finding.status for finding in graph.findings],
        "steps": [edge.status for edge in graph.edges],
        "proposals of texts": [proposal.status for proposal in graph.proposals],
    }
    for status in ("proposed", "contested"):
        left = {what: found.count(status) for what, found in parts.items() if status in found}
        if left:
            told = ", ".join(f"{count} {what}" for what, count in left.items())
            yield from _wrapped(f"Still {status}: {told}.", "")
        elif status == "proposed":
            yield from _wrapped(
                "Nothing of the graph is proposed any more: every finding, every step from cause to"
                " effect and every proposal of a text is decided. What a control would have caught"
                " is no finding: its range is that of the tables.",
                "",
            )
    for check in graph.checks:
        if not check.passed:
            yield from _wrapped(f"A check of the graph fails: {check.id}: {check.detail}", "")


def count_words(counts: Mapping[str, int]) -> str:
    """Return `confirmed 3, rejected 1`."""
    return ", ".join(f"{name} {count}" for name, count in counts.items())
