"""A small causal graph, and what reading a drawing against it gives."""

from __future__ import annotations

from attribution.graph.exchange.adoption import Adoption, adopt_drawing
from attribution.graph.exchange.formats import READERS
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.instant import parse_instant
from attribution.model.interval import Interval

NOON = parse_instant("2026-03-10T12:00:00Z")
CASE = CausalGraph(
    nodes=(
        Node(
            "grant",
            "act",
            "The role was granted more than it needed.",
            party="team",
            actor="lead",
            credence=Interval(0.9, 0.95, 1.0),
            basis="machine_record",
            duty="least-privilege",
            norm=0,
            evidence=("E1#line 4", "E2#/a/b"),
        ),
        Node("gate", "control", "A gate stopped it.", credence=Interval(0.0, 0.1, 0.2)),
        Node(
            "failure",
            "event",
            "The shop failed.",
            time=NOON,
            time_low=NOON,
            time_high=NOON,
            equation="grant and not gate",
            strength=Interval(0.5, 0.75, 1.0),
            observed=True,
            status="confirmed",
        ),
        Node("harm_h1", "harm", "The outage", equation="failure", harm="h1"),
    ),
    edges=(
        Edge("gate", "failure", "policy", "no: it would have been stopped", "the rule"),
        Edge("grant", "failure", "permission", "no: it would have been refused", "the log"),
        Edge("failure", "harm_h1", "onset", "no: no outage without a failure", "the alert"),
    ),
)


def adopt(text: str, form: str = "mermaid", **options: str) -> Adoption:
    """Return what a drawing in one text adds to `CASE`."""
    return adopt_drawing(READERS[form](text.encode(), "drawing"), CASE, **options)


def equations(adoption: Adoption) -> dict[str, str]:
    """Return the equation of each node that has one to be written."""
    return {entry["id"]: entry["equation"] for entry in adoption.nodes if "equation" in entry}
