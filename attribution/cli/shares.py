"""Shares, positions and cruxes as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attribution.model.comparison import Comparison, Crux, CruxPair, WhatIf
    from attribution.model.graph import MissingFactor
    from attribution.model.interval import Interval
    from attribution.model.manifest import Manifest
    from attribution.model.result import Attribution

_BAR = 24
_NAME = 34


def percent(value: float) -> str:
    """Return a share as whole per cent; what is neither 0 nor 1 is never shown as 0 % or 100 %."""
    if 0 < value < 0.01:  # noqa: PLR2004 - the first per cent
        return "<1%"
    if 0.99 < value < 1:  # noqa: PLR2004 - the last per cent
        return ">99%"
    return f"{value:.0%}"


def bar(share: Interval) -> str:
    """Return the interval drawn on a line from 0 to 1, with a mark at its point."""
    low, point, high = (round(value * (_BAR - 1)) for value in share.to_list())
    cells = ["·"] * _BAR
    cells[low : high + 1] = ["─"] * (high + 1 - low)
    cells[low], cells[high] = "├", "┤"
    cells[point] = "●"
    return "".join(cells)


def format_heading(manifest: Manifest, width: int) -> str:
    """Return title and id of the case, and its notice."""
    lines = [f"{manifest.title} ({manifest.id})"]
    if manifest.notice:
        lines += textwrap.wrap(manifest.notice, width)
    return "\n".join(lines)


def format_attribution(attribution: Attribution, width: int) -> str:
    """Return the shares of every party that owed a duty left unmet, and what is unattributed."""
    title = f"{'Who bears how much of the harm':{_NAME}} {'role':13}"
    lines = [f"{title} {'low':>5} {'point':>5} {'high':>5}"]
    lines += [
        _row(party.name, party.role, party.share)
        for party in attribution.parties
        if party.breaches or party.share.high > 0
    ]
    lines += [_row("unattributed", "", attribution.unattributed), ""]
    marked = [p.name for p in attribution.parties if p.is_more_likely_than_not_necessary]
    but_for = "But-for alone, more likely than not"
    lines += [*_hang("", f"{but_for}: {', '.join(marked) or 'nobody'}.", width), "", "Traced to"]
    for party in attribution.parties:
        for breach in party.breaches:
            head = f"  {percent(breach.points):>4}  {party.role:13} "
            text = f"{breach.node}: {breach.statement} [{', '.join(breach.evidence[:3])}]"
            lines += _hang(head, text, width)
    for note in attribution.notes:
        lines += ["", *textwrap.wrap(note, width)]
    return "\n".join(lines)


def format_missing(factors: Iterable[MissingFactor], width: int) -> str:
    """Return what the graph lacks, each with the node it is missing from."""
    lines = ["What is missing"]
    for factor in factors:
        lines += _hang("  - ", f"{factor.node}: {factor.statement}", width)
    return "\n".join(lines) if len(lines) > 1 else ""


def _format_pairs(pairs: Sequence[CruxPair], width: int) -> list[str]:
    """Return the pairs of claims that matter more together than apart."""
    lines = []
    for pair in pairs:
        largest = max(pair.swing.values(), default=0.0)
        text = (
            f"{pair.claims[0]} and {pair.claims[1]} matter together: settled both ways they move"
            f" a share by up to {largest * 100:.0f} points, {pair.beyond * 100:.0f} more than"
            " either alone."
        )
        lines += _hang("  ", text, width)
    return lines


def format_comparison(comparison: Comparison, manifest: Manifest, width: int) -> str:
    """Return the table positions x parties, what all agree on, and the cruxes."""
    if not comparison.positions:
        return "No positions are declared: add them under `positions` in case.yaml."
    lines = []
    for position in comparison.positions:
        holder = next((p.name for p in manifest.parties if p.id == position.held_by), None)
        by = f" (held by {holder})" if holder else ""
        lines += _hang("", f"Position {position.id}: {position.title}{by}", width)
        if position.shares is None:
            why = f"cannot be: {position.reason}" if position.computed else position.reason or ""
            lines += [*_hang("  ", why, width), ""]
            continue
        for party in manifest.parties:
            share = position.shares[party.id]
            if _is_concerned(party.id, comparison):
                lines.append(_row(party.name, party.role, share))
        if position.unattributed is not None:
            lines.append(_row("unattributed", "", position.unattributed))
        if position.caveat:
            lines += _hang("  ", position.caveat, width)
        lines.append("")
    lines.append("What they have in common")
    lines += _bullets(comparison.agreed or ("Nothing that is declared.",), width)
    lines.append("")
    lines.append(format_cruxes(comparison.cruxes, width, comparison.limits))
    lines += _format_pairs(comparison.pairs, width)
    for limit in comparison.limits:
        lines += ["", *_hang("", limit, width)]
    return "\n".join(lines)


def format_cruxes(cruxes: Sequence[Crux], width: int, limits: Sequence[str] = ()) -> str:
    """Return the contested claims by how far settling them moves a share.

    `limits` says what there was no time for.
    """
    if not cruxes and limits:
        return "No contested claim was weighed."
    if not cruxes:
        return "No claims are declared, so there is nothing to settle."
    lines = ["What would move the shares most, if it were settled"]
    for crux in cruxes:
        if crux.when_true is None or crux.when_false is None:
            side = "false" if crux.when_true is None else "true"
            effect = f"the rest of the record allows it only to be {side}"
        else:
            moved = sorted(crux.swing.items(), key=lambda item: (-item[1], item[0]))
            effect = ", ".join(
                f"{name} {percent(crux.when_false[name])} -> {percent(crux.when_true[name])}"
                for name, swing in moved
                if swing > 0
            )
            effect = f"if true: {effect}" if effect else "moves nothing"
        head = f"  {crux.claim:4} {round(crux.max_swing * 100):>3} points  "
        lines += _hang(head, f"{crux.statement} ({effect})", width)
    return "\n".join(lines)


def format_whatif(answer: WhatIf, manifest: Manifest, width: int) -> str:
    """Return whether the harm would have come about, and the shares if it had."""
    settings = ", ".join(f"{node}={value}" for node, value in sorted(answer.settings.items()))
    lines = [f"Had it been so: {settings}", "", "Would the harm have come about?"]
    titles = {harm.id: harm.title for harm in manifest.harms}
    if not answer.harm_probability:
        lines += _hang("  ", answer.reason or "", width)
        return "\n".join(lines)
    if answer.caveat:
        lines += [*_hang("  ", answer.caveat, width), ""]
    for harm, probability in answer.harm_probability.items():
        lines += _hang(f"  {percent(probability):>5}  ", f"{harm}: {titles[harm]}", width)
    lines.append("")
    if answer.shares is None:
        lines += textwrap.wrap(f"No shares: {answer.reason}", width)
        return "\n".join(lines)
    lines.append("Shares, had the harm come about even so (before -> then)")
    for party in manifest.parties:
        before, after = answer.baseline[party.id], answer.shares[party.id]
        if before.high > 0 or after.high > 0:
            change = f"{percent(before.point)} -> {percent(after.point)}"
            ends = f"({percent(after.low)} to {percent(after.high)})"
            lines.append(f"  {_cut(party.name, _NAME)} {change:>14} {ends}")
    return "\n".join(lines)


def _row(name: str, role: str, share: Interval) -> str:
    ends = " ".join(f"{percent(value):>5}" for value in share.to_list())
    return f"{_cut(name, _NAME)} {role:13} {ends}  {bar(share)}"


def _cut(text: str, width: int) -> str:
    return f"{text if len(text) <= width else text[: width - 1] + '…':{width}}"


def _hang(head: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=head, subsequent_indent=" " * len(head)) or [
        head
    ]


def _bullets(sentences: Iterable[str], width: int) -> list[str]:
    return [line for sentence in sentences for line in _hang("  - ", sentence, width)]


def _is_concerned(party: str, comparison: Comparison) -> bool:
    shares: list[Mapping[str, Interval]] = [
        position.shares for position in comparison.positions if position.shares is not None
    ]
    return any(row[party].high > 0 for row in shares)
