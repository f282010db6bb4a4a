"""Stretches without records: what each source shows to be missing, and what that leaves open."""

from __future__ import annotations

from attribution.model.gap import Gap
from attribution.report.blocks import Inlines, Link, Row, Table, text
from attribution.report.view import NONE, View


def build_gaps(view: View) -> Table:
    """Return the table of gaps, those that overlap a harm item first, with the decisions on them.

    A gap that somebody rejected stays in the table: what was decided must be seen.
    """
    status = {finding.id: finding.status for finding in view.analysis.graph.findings}
    rows = [_row(view, gap, status.get(gap.id, "proposed")) for gap in view.analysis.timeline.gaps]
    columns = "evidence:reference:0.8 gap:text:4 from:time:1.2 to:time:1.2 status:text:0.9"
    return view.table("sources.gaps", columns, rows)


def _row(view: View, gap: Gap, status: str) -> Row:
    return Row(
        (
            (Link(gap.evidence, view.anchor("evidence", gap.evidence), "code"),),
            _words(view, gap, status),
            text(view.time(gap.time_low) if gap.time_low is not None else NONE),
            text(view.time(gap.time_high) if gap.time_high is not None else NONE),
            text(view.wording.term("statuses", status), "strong"),
        )
    )


def _words(view: View, gap: Gap, status: str) -> Inlines:
    """Return what is missing, what it overlaps, and what must not be concluded from it."""
    told: Inlines = text(gap.reason)
    if gap.bears_on:
        overlap = view.wording.text("sources.overlaps", stakes=", ".join(gap.bears_on))
        told = (*told, *text(f"\n{overlap}", "strong"))
    return told if status == "rejected" else (*told, *text(f"\n{gap.consequence}", "small"))
