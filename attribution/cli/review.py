"""`attribution review`: what awaits a person's decision, one by one or as a list."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attribution.case import Case
    from attribution.model.record import JsonValue
    from attribution.review.moves import Move
    from attribution.review.pending import Pending

_MOST_JOINS = 20


@click.command()
@case_argument
@click.option("--list", "listed", is_flag=True, help="Print the list and ask nothing.")
@click.option("--decided", is_flag=True, help="Print every decision: who, when, why, withdrawn.")
@click.option("--by", "person", help="Who decides: a role or a name. Asked for unless given.")
@json_option
def command(case: Path, *, listed: bool, decided: bool, person: str | None, as_json: bool) -> None:
    """Go through what awaits a person's decision, one key an answer.

    On a terminal each proposal comes with its reasons, the records it rests on and what either
    answer would do to the shares; those that would move the shares most come first. y confirms,
    n rejects, c contests, s skips, b goes back, u takes a decision back, e shows the evidence in
    full, ? the keys, q ends. Each answer is in case.yaml at once, with who, when and why.

    Elsewhere, or with --list, the proposals are listed in the same order.
    """
    import attribution

    opened = attribution.Case.open(case)
    if decided:
        _print_log(opened, as_json=as_json)
        return
    if not (as_json or listed) and sys.stdin.isatty() and sys.stdout.isatty():
        from attribution.cli.review_desk import hold_session

        hold_session(opened, case, person)
        return
    agenda = draw_agenda(opened)
    if as_json:
        print_json(_document(opened, agenda))
    else:
        _print_list(case, opened, agenda)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to decide on, in the order of its weight, with what each answer does."""

    awaiting: tuple[Pending, ...]
    settled: tuple[Pending, ...]
    moves: Mapping[str, Move]
    points: Mapping[str, float]

    @property
    def decided(self) -> tuple[Pending, ...]:
        """The findings that a person has decided on."""
        return tuple(entry for entry in self.settled if entry.document.get("decided_by"))

    @property
    def recorded(self) -> tuple[Pending, ...]:
        """The findings that await nobody, for a record of the causation confirms them."""
        return tuple(
            entry
            for entry in self.settled
            if "decided_by" in entry.document and not entry.document["decided_by"]
        )


def draw_agenda(case: Case) -> Agenda:
    """Return what awaits a decision in a case, and what does not."""
    from attribution.review.moves import carry_points, measure_moves, rank
    from attribution.review.pending import list_pending

    pending = list_pending(case)
    points = carry_points(case, pending)
    grave = {gap.id for gap in case.timeline().gaps if gap.bears_on}
    awaiting = [entry for entry in pending if entry.awaits]
    moves = measure_moves(case, awaiting, points)
    return Agenda(
        awaiting=rank(awaiting, moves, points, grave),
        settled=tuple(entry for entry in pending if not entry.awaits),
        moves=moves,
        points=points,
    )


def _document(case: Case, agenda: Agenda) -> dict[str, JsonValue]:
    from attribution.review.citations import Citations
    from attribution.review.pending import JOIN, PROPOSAL

    citations = Citations(case)
    joins = [entry for entry in (*agenda.awaiting, *agenda.settled) if entry.kind == JOIN]
    return {
        "awaiting": [
            dict(entry.document)
            | {
                "points": agenda.points.get(entry.id),
                "moves": agenda.moves[entry.id].to_dict(),
                "reasons": [{"title": one.title, "text": one.text} for one in entry.reasons],
                "records": [one.to_dict() for one in citations.find(entry.evidence)],
            }
            for entry in agenda.awaiting
            if entry.kind not in {JOIN, PROPOSAL}
        ],
        "proposals": [
            dict(entry.document)
            | {"moves": agenda.moves[entry.id].to_dict() if entry.id in agenda.moves else None}
            for entry in (*agenda.awaiting, *agenda.settled)
            if entry.kind == PROPOSAL
        ],
        "confirmed_by_record": [dict(entry.document) for entry in agenda.recorded],
        "decided": [dict(entry.document) for entry in agenda.decided],
        "joins": [dict(entry.document) for entry in joins],
    }


def _print_list(case: Path, opened: Case, agenda: Agenda) -> None:
    from attribution.cli.proposed import describe_proposal, describe_rest
    from attribution.cli.review_pages import describe_brief
    from attribution.review.pending import JOIN, PROPOSAL

    joins = [entry for entry in agenda.awaiting if entry.kind == JOIN]
    told = [entry for entry in agenda.awaiting if entry.kind == PROPOSAL]
    findings = [entry for entry in agenda.awaiting if entry.kind not in {JOIN, PROPOSAL}]
    graph = opened.graph()
    proposals = {proposal.id: proposal for proposal in graph.proposals}
    for entry in (*findings, *told, *joins[:_MOST_JOINS]):
        if entry.kind == PROPOSAL:
            print_text(describe_proposal(proposals[entry.id]))
            continue
        points = agenda.points.get(entry.id)
        print_text(describe_brief(entry, agenda.moves[entry.id], points))
    for line in describe_rest(graph):
        print_text(line)
    if len(joins) > _MOST_JOINS:
        print_text(f"and {len(joins) - _MOST_JOINS} more joins; --json lists all\n")
    for reason in sorted({agenda.moves[entry.id].reason or "" for entry in findings} - {""}):
        print_text(f"Not ordered by how far the shares would move: {reason}.")
    print_text(f"{len(findings)} await a decision, {len(agenda.decided)} are decided.")
    if told:
        print_text(
            f"Proposals of texts, which change nothing until they are confirmed: {len(told)}."
        )
    if agenda.recorded:
        print_text(
            f"A record of the causation confirms {len(agenda.recorded)}: `attribution decide` can"
            " contest or reject them."
        )
    undone = sum(entry.kind == JOIN for entry in agenda.settled)
    if joins or undone:
        print_text(f"Records joined by a rule: {len(joins)} to decide on, {undone} decided.")
    for entry in agenda.awaiting[:1]:
        line = f"attribution decide {case} {entry.id} --confirm"
        print_text(f"Decide with: {line} --by NAME --because TEXT")
        print_text(f"or one by one, on a terminal: attribution review {case}")


def _print_log(case: Case, *, as_json: bool) -> None:
    from attribution.cli.review_pages import describe_log
    from attribution.review.recording import read_log

    log = read_log(case.manifest.decisions)
    if as_json:
        print_json({"decisions": [entry.to_dict() for entry in log]})
    else:
        print_text(describe_log(log))
