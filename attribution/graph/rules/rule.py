"""What a rule is: an id, a version, and a function that adds to the draft."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.model.confirmation import by_record
from attribution.model.graph import Edge, Finding, Node


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its module's docstring documents it under fixed headings.

    `factors` are the codes of `graph.factors` that its findings can show.
    """

    id: str
    version: int
    title: str
    refuted_by: str
    apply: Callable[[Facts, Draft], None]
    factors: tuple[str, ...] = ()

    def finding(
        self,
        draft: Draft,
        *nodes: Node,
        factors: Collection[str] = (),
        record: str | None = None,
    ) -> None:
        """Add the finding that the first of `nodes` states, resting on the evidence of all.

        `factors` are those codes of the rule that the records show here; `record` is the record of
        the causation itself (`RECORDS_OF_CAUSATION`) that confirms it, None where it is for a
        person to decide. That a duty was unmet no record says: ValueError for such a breach, and
        for a code the rule does not have.
        """
        chief = nodes[0]
        if record is not None and chief.is_breach:
            message = f"{chief.id} is a breach: that a duty was unmet is a person's to confirm"
            raise ValueError(message)
        if not set(factors) <= set(self.factors):
            message = f"rule {self.id} does not have {sorted(set(factors) - set(self.factors))}"
            raise ValueError(message)
        confirmed_by = None if record is None else by_record(record)
        status = "proposed" if record is None else "confirmed"
        if record is not None:
            known = draft.nodes[chief.id]
            draft.nodes[chief.id] = replace(known, status=status, confirmed_by=confirmed_by)
        draft.add_finding(
            Finding(
                id=finding_id(self.id, chief.id),
                rule=self.id,
                version=self.version,
                statement=chief.statement,
                status=status,
                evidence=tuple(dict.fromkeys(place for node in nodes for place in node.evidence)),
                refuted_by=self.refuted_by,
                nodes=tuple(node.id for node in nodes),
                confirmed_by=confirmed_by,
                factors=tuple(code for code in self.factors if code in factors),
            )
        )

    def step_finding(self, draft: Draft, edge: Edge, statement: str, refuted_by: str) -> None:
        """Add the finding about one step alone, for whoever agrees with its ends and not with it.

        Rejected, it takes the cause from its effect and leaves both where they are.
        """
        draft.add_finding(
            Finding(
                id=finding_id(self.id, f"{edge.source}:{edge.target}"),
                rule=self.id,
                version=self.version,
                statement=statement,
                status="proposed",
                evidence=edge.evidence,
                refuted_by=refuted_by,
                edge=(edge.source, edge.target),
            )
        )


def finding_id(rule: str, node: str) -> str:
    """Return the id of the finding of a rule about a node, such as `scope:overreach_billing`."""
    return f"{rule}:{node}"
