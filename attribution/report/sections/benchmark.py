"""The shares beside published apportionments of like cases, as orientation."""

from __future__ import annotations

from attribution.regimes.benchmark import BASES, BenchmarkRow, find_like
from attribution.report.blocks import Block, Inlines, Notice, Row, Text, join, text
from attribution.report.view import NONE, View


def build_benchmark(view: View) -> list[Block]:
    """Return the table of like cases with their status; nothing where there is none."""
    rows = find_like(view.analysis.attribution)
    if not rows:
        return []
    wording = view.wording
    columns = "published:text:2.4 parties:text:2.4 here:text:3 status:text:2.4"
    return [
        view.section("benchmark"),
        Notice("warning", wording.text("benchmark.title"), wording.runs("benchmark.intro")),
        view.table("benchmark.table", columns, [_row(view, row) for row in rows]),
    ]


def _row(view: View, row: BenchmarkRow) -> Row:
    published = row.published
    claimants = f"\n{published.claimants}" if published.claimants else ""
    read = BASES[published.basis]
    parties: list[Inlines] = []
    here: list[Inlines] = []
    for party in published.parties:
        share = row.here.get(party.role)
        parties.append(text(f"{party.name}: {party.percent:g}\u00a0%"))
        role = view.wording.term("roles", party.role)
        shown = NONE if share is None else view.interval(share)
        here.append(text(f"{role}: {shown}", "small"))
    return Row(
        (
            (
                Text(published.title, "strong"),
                Text(f"{claimants}\n{published.by}\n{published.fit}", "small"),
            ),
            join(parties, "\n"),
            join(list(dict.fromkeys(here)), "\n"),
            (Text(published.status), Text(f"\n{published.source} ({read})", "small")),
        )
    )
