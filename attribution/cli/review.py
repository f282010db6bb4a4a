"""`attribution review`: what awaits a person's decision."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text, width
from attribution.cli.terminal import printable_line
from attribution.model.confirmation import tell_status

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.model.graph import Edge, Finding
    from attribution.timeline.undoing import Joining

_MOST_JOINS = 20
_MOST_RECORDS = 10


@click.command()
@case_argument
@json_option
def command(case: Path, as_json: bool) -> None:
    """List what awaits a person's decision.

    Findings of the rules are proposals until somebody confirms, rejects or contests them with
    `attribution decide`. Those that carry most of a share come first, then gaps of the records
    that overlap a harm item, then what a record of the causation itself confirms; records that a
    rule made one event come last.
    """
    import attribution
    from attribution.timeline.undoing import list_joinings

    opened = attribution.Case.open(case)
    points = _points(opened)
    grave = {gap.id for gap in opened.timeline().gaps if gap.bears_on}
    findings = sorted(
        opened.graph().findings,
        key=lambda item: (-points.get(item.id, 0.0), item.id not in grave, item.id),
    )
    awaiting = [item for item in findings if item.awaits_decision]
    decided = [item for item in findings if not item.awaits_decision and item.decided_by]
    recorded = [item for item in findings if not item.awaits_decision and not item.decided_by]
    joinings = list_joinings(opened.timeline())
    proposed = [item for item in joinings if item.awaits_decision]
    if as_json:
        print_json(
            {
                "joins": [item.to_dict() for item in joinings],
                "awaiting": [item.to_dict() | {"points": points.get(item.id)} for item in awaiting],
                "confirmed_by_record": [item.to_dict() for item in recorded],
                "decided": [item.to_dict() for item in decided],
            }
        )
        return
    for item in awaiting:
        print_text(_entry(item, points.get(item.id)))
    for item in recorded:
        print_text(_entry(item, points.get(item.id)))
    for joining in proposed[:_MOST_JOINS]:
        print_text(_join_entry(joining))
    if len(proposed) > _MOST_JOINS:
        print_text(f"and {len(proposed) - _MOST_JOINS} more joins; --json lists all\n")
    print_text(f"{len(awaiting)} await a decision, {len(decided)} are decided.")
    if recorded:
        print_text(
            f"A record of the causation confirms {len(recorded)}: `attribution decide` can contest"
            " or reject them."
        )
    if joinings:
        settled = len(joinings) - len(proposed)
        print_text(f"Records joined by a rule: {len(proposed)} to decide on, {settled} decided.")
    first = [*(item.id for item in awaiting), *(item.id for item in proposed)][:1]
    for name in first:
        command_line = f"attribution decide {case} {name} --confirm"
        print_text(f"Decide with: {command_line} --by NAME --because TEXT")


def _points(case: Case) -> dict[str, float]:
    """Return the share points that hang on each finding; none in learning mode."""
    if case.manifest.mode == "learning" or not case.manifest.harms:
        return {}
    nodes = {
        breach.node: breach.points
        for party in case.attribute().parties
        for breach in party.breaches
    }
    return {
        item.id: sum(nodes.get(node, 0.0) for node in item.nodes) for item in case.graph().findings
    }


def _join_entry(joining: Joining) -> str:
    lines = [f"{joining.id} ({joining.status})"]
    for label, text in (
        ("one event: ", printable_line(joining.text)),
        ("records: ", printable_line(", ".join(joining.records[:_MOST_RECORDS]))),
        *((f"{rule}: ", printable_line(basis)) for rule, basis in joining.bases[:_MOST_RECORDS]),
    ):
        lines += textwrap.wrap(label + text, width(), initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def _entry(finding: Finding, points: float | None) -> str:
    carried = "" if not points else f", carries {points:.0%} of the harm"
    status = tell_status(finding.status, finding.confirmed_by)
    lines = [f"{finding.id} ({status}{carried})"]
    for label, text in (
        ("", finding.statement),
        ("evidence: ", ", ".join(finding.evidence) or "none"),
        *(("test: ", _test(edge)) for edge in finding.tests),
        ("refuted by: ", finding.refuted_by),
        *([("factor codes: ", ", ".join(finding.factors))] if finding.factors else []),
    ):
        lines += textwrap.wrap(label + text, width(), initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def _test(edge: Edge) -> str:
    """Return the answers of an edge: whether its effect needs it, whether all causes suffice."""
    suffices = "" if edge.sufficient else "; all causes listed do not suffice for it"
    return f"{edge.source} -> {edge.target}: {edge.counterfactual}{suffices}"
