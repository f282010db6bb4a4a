"""`attribution barriers`: the bow-tie of each failure, and its blast radius."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import case_argument, json_option, print_json, print_text, width
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.bowtie import BowTie, Guard
    from attribution.model.graph import CausalGraph
    from attribution.model.manifest import Manifest
    from attribution.model.reach import Reach, ReachedService
    from attribution.model.risk import ChangeRisk

_EXTENT = ("ns", "nd", "nf", "entropy")
"""The measures of a change that say how far it spreads (Kamei et al. 2013, diffusion)."""


@click.command(short_help="Show what stood between causes and harm, and how far it spread.")
@case_argument
@json_option
def command(case: Path, *, as_json: bool) -> None:
    """Show what stood between causes and harm in CASE, and how far it spread.

    For each failure, the bow-tie of the causal graph: what could bring it about, the controls
    before it, what followed, and the controls that were to limit that; each control with its state,
    owner, evidence, and whether it would have stopped it. Then the blast radius: which services
    each cause could reach over the declared dependencies, which it did on record, and how widely
    the change spread beside the changes before it.
    """
    from attribution import Case

    opened = Case.open(case)
    ties, graph = opened.bow_ties(), opened.graph()
    if as_json:
        print_json(
            {
                "bow_ties": [tie.to_dict() for tie in ties],
                "reach": [reach.to_dict() for reach in graph.reach],
                "changes": [risk.to_dict() for risk in opened.risks],
            }
        )
        return
    if not ties:
        print_text("No failure with harm is in the graph: there is nothing to draw a bow-tie of.")
    for tie in ties:
        for line in _tell_tie(tie, graph, opened.manifest):
            print_text(line)
    for reach in graph.reach:
        for line in _tell_reach(reach):
            print_text(line)
    for line in _tell_extent(opened.risks):
        print_text(line)


def _tell_tie(tie: BowTie, graph: CausalGraph, manifest: Manifest) -> Iterator[str]:
    guards = {guard.barrier.id: guard for guard in tie.guards}
    told: set[str] = set()
    yield from _wrap(tie.statement, "")
    for heading, branches in (
        ("What could bring it about, and what stood in the way", tie.threats),
        ("What followed, and what was to limit it", tie.consequences),
    ):
        yield f"  {heading}"
        for branch in branches:
            yield from _wrap(f"{branch.statement}", "    ")
            for name in branch.guards:
                again = name in told
                told.add(name)
                yield from _tell_guard(guards[name], tie, graph, manifest, again=again)
            if not branch.guards:
                yield "      no control is on record here"
    yield ""


def _tell_guard(
    guard: Guard, tie: BowTie, graph: CausalGraph, manifest: Manifest, *, again: bool
) -> Iterator[str]:
    barrier = guard.barrier
    if again:
        yield from _wrap(f"[{barrier.state}] {barrier.title} (above)", "      ")
        return
    yield from _wrap(f"[{barrier.state}] {barrier.title}", "      ")
    names = {party.id: party.name for party in manifest.parties}
    owners = ", ".join(names.get(owner, owner) for owner in barrier.owners)
    yield from _wrap(barrier.statement, "        ")
    yield from _wrap(f"owner: {owners or 'nobody on record'}", "        ")
    if barrier.effectiveness is not None:
        low, high = (
            round(100 * end) for end in (barrier.effectiveness.low, barrier.effectiveness.high)
        )
        yield from _wrap(f"such a control works in {low} to {high} % of cases", "        ")
    yield from _wrap(_tell_spared(guard, tie, graph), "        ")
    if barrier.evidence:
        yield from _wrap(f"evidence: {', '.join(barrier.evidence)}", "        ")


def _tell_spared(guard: Guard, tie: BowTie, graph: CausalGraph) -> str:
    """Return what would not have come had the barrier held, everything else as it was."""
    if guard.barrier.state == "effective":
        return "it did what it is for"
    if guard.spared is None:
        return "the graph does not say what it would have done"
    if not guard.spared:
        return "had it held: all would have come the same, everything else as it was"
    outcomes = {tie.event, *(branch.node for branch in tie.consequences)}
    if outcomes <= set(guard.spared):
        return "had it held: neither the failure nor any of the harm would have come"
    spared = "; ".join(graph.node(name).statement.rstrip(".") for name in guard.spared)
    return f"had it held, these would not have come: {spared}"


def _tell_reach(reach: Reach) -> Iterator[str]:
    yield from _wrap(f"How far it spread: {reach.statement}", "")
    yield f"  could reach {len(reach.services)}, reached {reach.reached} on record"
    for service in reach.services:
        yield from _wrap(_tell_service(service), "    ")
    if reach.outside:
        others = ", ".join(reach.outside)
        yield from _wrap(f"failing too, where no declared dependency leads: {others}", "    ")
    yield ""


def _tell_service(service: ReachedService) -> str:
    words = {
        "failed": "failed",
        "signs": "a record names it; whether it came of this is untested",
        "none": "nothing on record",
    }
    way = "hit directly" if not service.distance else f"over {' -> '.join(service.through[:-1])}"
    where = f" ({', '.join(service.evidence)})" if service.evidence else ""
    return f"{service.name}: {words[service.state]}, {way}{where}"


def _tell_extent(risks: tuple[ChangeRisk, ...]) -> Iterator[str]:
    for risk in risks:
        measures = [item for item in risk.measures if item.id in _EXTENT and item.rank is not None]
        if not measures:
            continue
        yield f"How widely change {risk.commit[:7]} spread, beside the changes before it"
        for item in measures:
            rank = item.rank or ""
            placed = f"{rank} percentile" if rank[:1].isdigit() else rank
            yield from _wrap(f"{item.title} {item.shown}: {placed} of {item.of:,} changes", "  ")


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        printable_line(text), width(), initial_indent=indent, subsequent_indent=f"{indent}  "
    )
