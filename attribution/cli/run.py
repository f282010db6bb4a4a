"""`attribution run`: from the records to the reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.language import warn_of_language
from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    say,
    timeout_option,
    warn,
    width,
)
from attribution.cli.progress import warn_of_unanswered, watched

if TYPE_CHECKING:
    from attribution.case import Case, RunResult


@click.command()
@case_argument
@timeout_option
@json_option
def command(case: Path, *, timeout: float | None, as_json: bool) -> None:
    """Read, merge, build, compute and report.

    Writes CASE/case.db, which can be deleted at any time, and CASE/report/. Running again writes
    the same bytes until the evidence or case.yaml changes; with --timeout only where the time
    allowed sufficed.
    """
    import attribution

    opened = attribution.Case.open(case)
    with watched(opened, timeout):
        result = opened.run()
    if timeout is not None:
        warn_of_unanswered(opened)
    for problem in result.problems:
        warn(problem)
    for note in result.notes:
        say(note)
    _warn_of_freezes(result)
    warn_of_language(case)
    if as_json:
        print_json(_document(opened, result))
    else:
        print_answer(opened, result, shown=case)


def _warn_of_freezes(result: RunResult) -> None:
    """Say what must not be done before an authority has been told, where one is owed a report."""
    if result.analysis.manifest.reporting is None:
        return
    from attribution.regimes.case_clocks import count_case

    for freeze in count_case(result.analysis).freezes:
        since = f"; {len(freeze.changes)} changes since are on record" if freeze.changes else ""
        warn(f"{freeze.statement.rstrip('.')}{since}: see `attribution clocks CASE`")


def print_answer(case: Case, result: RunResult, shown: Path) -> None:
    """Print what was read, the shares, the positions and where the reports lie."""
    from attribution.cli import shares

    analysis = result.analysis
    print_text(shares.format_heading(case.manifest, width()))
    print_text("\n" + _accounting(result))
    if case.manifest.mode == "liability" and case.manifest.harms:
        print_text("\n" + shares.format_attribution(analysis.attribution, width()))
        print_text("\n" + shares.format_comparison(analysis.comparison, case.manifest, width()))
    if missing := shares.format_missing(analysis.graph.missing_factors, width()):
        print_text("\n" + missing)
    print_text("\nReports (the HTML pages are the ones to open first)")
    for path in result.files:
        print_text(f"  {shown / path.relative_to(case.folder)}")


def _accounting(result: RunResult) -> str:
    analysis = result.analysis
    awaiting = sum(finding.awaits_decision for finding in analysis.graph.findings)
    return (
        f"{len(analysis.evidence)} evidence items: {analysis.timeline.totals}\n"
        f"{len(analysis.timeline.events)} events, {len(analysis.graph.nodes)} nodes,"
        f" {len(analysis.graph.edges)} edges; {awaiting} findings await a person"
        " (`attribution review`)"
    )


def _document(case: Case, result: RunResult) -> dict[str, object]:
    analysis = result.analysis
    liability = case.manifest.mode == "liability" and bool(case.manifest.harms)
    return {
        "accounting": {
            "items": {
                source.evidence: source.accounting.to_dict() for source in analysis.timeline.sources
            },
            "total": analysis.timeline.totals.to_dict(),
        },
        "case": case.manifest.id,
        "files": [str(path.relative_to(case.folder)) for path in result.files],
        "problems": list(result.problems),
        "merkle_root": analysis.merkle_root,
        "attribution": analysis.attribution.to_dict() if liability else None,
        "comparison": analysis.comparison.to_dict() if liability else None,
    }
