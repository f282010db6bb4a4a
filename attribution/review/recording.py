"""Keeps decisions in `case.yaml`, each only if the case can be built with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from attribution.cover.declared import load_declared, no_such_clause
from attribution.errors import ManifestError
from attribution.graph.catalogue import catalogue_for
from attribution.graph.proposals import check_place
from attribution.model.instant import format_optional
from attribution.model.manifest import ARROW, COPIES, COVER, JOIN, Decision
from attribution.model.proposal import PREFIX
from attribution.review.taking_over import carry_out
from attribution.schema.editor import ManifestEditor
from attribution.timeline.undoing import list_decidable

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.model.record import JsonValue

_MOST_SHOWN = 20


class Recorder:
    """Writes decisions to a case's manifest and knows the case as they make it.

    Every call is one write that a kill leaves whole: the file is replaced, with all of the
    decisions given or none.
    """

    def __init__(self, case: Case) -> None:
        self.case = case

    def __call__(self, *decisions: Decision) -> tuple[str, ...]:
        """Keep the decisions, in their order; return what each asked for beside it, in a sentence.

        Raises ManifestError, and keeps none, where one is about nothing in the case or makes a
        graph that is not sound.
        """
        graph = self.case.graph()
        for decision in decisions:
            _require(self.case, decision.on)
            if decision.on.startswith(PREFIX):
                check_place(graph, decision, catalogue_for(self.case.manifest))
        editor = ManifestEditor(self.case.folder / "case.yaml")
        effects = []
        for decision in decisions:
            editor.add_decision(decision)
            effects.append(carry_out(editor, decision, graph))
        decided = self.case.decided(*decisions)
        decided.manifest = replace(decided.manifest, claims=editor.manifest.claims)
        decided.graph()
        editor.save()
        self.case = decided
        return tuple(effects)


def _require(case: Case, subject: str) -> None:
    """Raise ManifestError for an id that nothing to decide on has."""
    if subject.startswith(COVER):
        policies = load_declared(case.folder, case.manifest)
        clauses = tuple(clause.id for policy, _ in policies for clause in policy.clauses)
        if subject.removeprefix(COVER) not in clauses:
            raise no_such_clause(subject, clauses)
        return
    if subject.startswith((JOIN, COPIES)):
        what = "join"
        known: Collection[str] = sorted(list_decidable(case.timeline()))
        shown = [name for name in known if name.startswith(JOIN)]
    elif ARROW in subject:
        what = "edge"
        known = shown = sorted(
            {f"{edge.source}{ARROW}{edge.target}" for edge in case.graph().edges}
            | {item.on for item in case.manifest.decisions if item.is_of_edge}
        )
    else:
        graph = case.graph()
        shown = sorted(item.id for item in graph.findings)
        shown += [proposal.id for proposal in graph.proposals]
        what, known = "finding, node or proposal", [*shown, *(node.id for node in graph.nodes)]
    if subject not in known:
        raise ManifestError(
            f"there is no such {what}",
            got=subject,
            expected=", ".join(shown[:_MOST_SHOWN]) or "none: no rule fired",
            remedy="copy the id from `attribution review`",
        )


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision of the log, and what became of it: `in force`, `replaced` or `withdrawn`.

    `withdrawal` is the entry that takes an earlier one back.
    """

    decision: Decision
    state: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution review --decided --json`."""
        decision = self.decision
        return {
            "on": decision.on,
            "status": decision.status,
            "by": decision.by,
            "at": format_optional(decision.at),
            "because": decision.because,
            "counterfactual": decision.counterfactual,
            "answer": decision.answer,
            "state": self.state,
        }


def read_log(decisions: Sequence[Decision]) -> tuple[LogEntry, ...]:
    """Return every decision in the order it was taken, those no longer in force included."""
    return tuple(_states(decisions))


def _states(decisions: Sequence[Decision]) -> Iterator[LogEntry]:
    for position, decision in enumerate(decisions):
        after = next((item for item in decisions[position + 1 :] if item.on == decision.on), None)
        if decision.status == "proposed":
            yield LogEntry(decision, "withdrawal")
        elif after is None:
            yield LogEntry(decision, "in force")
        else:
            yield LogEntry(decision, "withdrawn" if after.status == "proposed" else "replaced")


def count_statuses(decisions: Collection[Decision]) -> dict[str, int]:
    """Return how many of the decisions give which status, sorted by it."""
    return dict(sorted(Counter(item.status for item in decisions).items()))
