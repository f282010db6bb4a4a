"""Witnesses and differences in words, for readers who do not read models."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attribution.model.comparison import PositionResult
from attribution.model.graph import CausalGraph
from attribution.model.manifest import Manifest
from attribution.model.record import JsonValue
from attribution.responsibility.estimates import INNER
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import Assessor
from attribution.responsibility.result import PotencyResult
from attribution.responsibility.witness import Difference, Witness

BALANCE = Fraction(1, 2)
"""The balance of probabilities: necessary more likely than not."""

NO_POINTS = (
    "It carries no points: where meeting this duty could have made a difference, the duties of the"
    " other parties, all met, would have made it already."
)
"""Said of a breach with a witness and yet without value (Owen 1977: other parties come whole)."""

SAMPLED = (
    "The points come from a sample of worlds; no single world was singled out to show how meeting"
    " this duty made the difference."
)
"""Said of every breach where an exact answer was out of reach."""

NO_TIME = "There was no time left to compute this."
"""Said of each question that the time allowed did not suffice for."""

_NOTABLE = Fraction(1, 20)


def difference_in_words(
    manifest: Manifest, graph: CausalGraph, breach: str, witness: Witness | None
) -> str:
    """Return what the breach made the difference to, and with what held as it was."""
    if witness is None:
        return (
            "It made no difference in any possible world: had this duty been met, the harm would"
            " have come about all the same."
        )
    titles = {harm.id: harm.title for harm in manifest.harms}
    alike: dict[tuple[tuple[str, ...], tuple[tuple[str, int], ...]], list[str]] = {}
    for difference in witness.differences:
        others = tuple(name for name in difference.set_to_norm if name != breach)
        key = (others, tuple(difference.held.items()))
        alike.setdefault(key, []).append(f"“{titles[difference.harm]}”")
    statements = {node.id: node.statement for node in graph.nodes}
    sentences = [
        _sentence(statements, others, held, harms) for (others, held), harms in alike.items()
    ]
    return " ".join(sentences) + _likelihood_in_words(witness.differences)


def _sentence(
    statements: dict[str, str],
    others: tuple[str, ...],
    held: tuple[tuple[str, int], ...],
    harms: list[str],
) -> str:
    had = "Had this duty been met"
    if others:
        had += " together with those behind " + _quoted([statements[name] for name in others])
    if held:
        had += f", with {_as_they_were(statements, held)}"
    return f"{had}, {_listed(harms)} would not have come about."


def _as_they_were(statements: dict[str, str], held: tuple[tuple[str, int], ...]) -> str:
    true = [statements[name] for name, value in held if value]
    untrue = [statements[name] for name, value in held if not value]
    parts = [f"{_quoted(true)} staying true"] if true else []
    parts += [f"{_quoted(untrue)} staying untrue"] if untrue else []
    return " and ".join(parts)


def _quoted(statements: list[str]) -> str:
    return _listed([f"“{statement.rstrip('.')}”" for statement in statements])


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _likelihood_in_words(differences: tuple[Difference, ...]) -> str:
    if all(difference.likeliest for difference in differences):
        return ""
    return " This is so in a possible course of events that is not the likeliest one."


def necessity_notes(manifest: Manifest, result: PotencyResult) -> tuple[str, ...]:
    """Return a sentence for each party where plain but-for answers differently from potency."""
    notes = []
    for party in manifest.parties:
        potency = result.potency[party.id]
        necessity = result.necessity.parties[party.id]
        if potency >= _NOTABLE and necessity <= BALANCE:
            notes.append(
                f"Plain but-for answers differently for {party.name}: its compliance alone would"
                f" {_averted(necessity)}. It bears a share because its breach made the difference"
                " together with others', or with what others had set going staying as it was."
            )
        elif potency < _NOTABLE < necessity:
            notes.append(
                f"Plain but-for answers differently for {party.name}: its compliance alone would"
                f" {_averted(necessity)}, though little of the difference is its own."
            )
    return tuple(notes)


def _averted(necessity: Fraction) -> str:
    if necessity == 0:
        return "not have averted the harm"
    return f"have averted the harm with probability {float(necessity):.2f}"


def graph_notes(manifest: Manifest, graph: CausalGraph) -> tuple[str, ...]:
    """Return what a reader of the shares must know of the graph: failed checks, unused policies."""
    notes = [
        f"The graph fails its check “{check.id}”: {check.detail}."
        for check in graph.checks
        if not check.passed
    ]
    weighed = {barrier.control for barrier in graph.barriers}
    notes += [
        f"Policy {policy.id} demands {policy.demands.replace('_', ' ')}; nothing in this graph"
        " rests on that, so whether it was enforced changes no share."
        for policy in manifest.policies
        if policy.demands not in weighed
    ]
    return tuple(notes)


def exactness(result: PotencyResult) -> str | None:
    """Return what must be said beside numbers that are not exact, None where all are."""
    method = result.method
    if method.samples is not None:
        worlds = f"{method.samples} of the possible worlds, drawn with seed {method.seed}"
        return f"Not exact: these shares are estimated from {worlds}. Their ranges are estimates."
    if method.ranges == INNER:
        return (
            "The points are exact; the ranges are inner bounds: the search for their ends was"
            " stopped, and the true ranges may be wider."
        )
    return None


def describe_limits(assessor: Assessor) -> tuple[str, ...]:
    """Return sentences that name what there was no time for, and what is a mere estimate."""
    left, estimated = list(assessor.unanswered), list(assessor.estimated)
    told = []
    if assessor.effort.stopped:
        told.append("The computation was interrupted before it was done.")
    if estimated:
        told.append(f"Estimated from samples of worlds, and not exact: {_listed(estimated)}.")
    if left:
        told.append(
            f"There was no time left for {_listed(left)}: what is missing is unknown, not zero."
        )
    return tuple(told)


def unexplained_events(model: PotencyModel, graph: CausalGraph) -> tuple[str, ...]:
    """Return a sentence for each event that the harm hangs on and nothing explains.

    What caused it is not known, so nothing can be said of who bears it: every range is open.
    """
    harms = [node.id for node in graph.nodes if node.kind == "harm"]
    above = model.structure.cone_of(harms)
    return tuple(
        f"What caused “{node.statement.rstrip('.')}” is not known: nothing in the records"
        " explains it, so who bears the harm cannot be computed. The ranges are open, and the"
        " point only says that nothing has been laid on anybody yet."
        for node in graph.nodes
        if node.kind == "event" and node.observed and node.equation is None and node.id in above
    )


def agreements(manifest: Manifest, rows: Sequence[PositionResult]) -> tuple[str, ...]:
    """Return what every position has in common: claims held alike, and bounds on shares."""
    if not rows:
        return ()
    told = []
    for claim in manifest.claims:
        held = {row.holds.get(claim.id) for row in rows}
        if held == {True}:
            told.append(f"Held by every position: {claim.statement}")
        elif held == {False}:
            told.append(f"Denied by every position: {claim.statement}")
    possible = [row.shares for row in rows if row.shares is not None]
    bounded = len(possible) > 1 and all(row.computed for row in rows)
    for party in manifest.parties if bounded else ():
        low = min(shares[party.id].low for shares in possible)
        high = max(shares[party.id].high for shares in possible)
        if high > 0:
            told.append(
                f"Under every position {party.name} bears between {low:.0%} and {high:.0%}."
            )
    return tuple(told)


def describe_method(model: PotencyModel, result: PotencyResult) -> dict[str, JsonValue]:
    """Return how the shares were computed, as the report and `attribute --json` show it."""
    method = result.method
    known = result.probability
    return {
        "rule": "Shapley value over the parties, Owen value down to their breaches",
        "difference": "contingent counterfactual: duties met, with what other acts or events"
        " fed held as it was where that is needed",
        "exact": result.exact,
        "computation": method.how,
        "uncertain_facts": [*result.facts],
        "worlds": 2 ** len(result.facts),
        "classes_of_worlds": method.cells,
        "probability_of_the_evidence": None if known is None else float(known),
        "amounts": "points; the ranges of the harm items' amounts do not enter the shares",
        "ranges": f"extremes over the credence and culpability intervals; {method.ranges}",
        "breaches": len(model.breaches),
        **(
            {}
            if method.standard_errors is None
            else {
                "sampled_worlds": method.samples,
                "seed": method.seed,
                "standard_errors": dict(method.standard_errors),
            }
        ),
    }
