"""The causal graph: a structural-equation model over Boolean statements.

Every node is a statement that is true (1) or false (0). An omission is stated as such ("no
approval was obtained"), so that a breach is always a true statement whose norm is 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from attribution.model.confirmation import by_record, is_by_record
from attribution.model.instant import Instant, format_optional
from attribution.model.interval import Interval
from attribution.model.order import OpenOrder
from attribution.model.reach import Reach
from attribution.model.record import JsonValue

if TYPE_CHECKING:
    from attribution.model.proposal import Proposal, TextsRead

NODE_KINDS = ("act", "omission", "condition", "control", "event", "harm")
STATUSES = ("proposed", "confirmed", "rejected", "contested")


@dataclass(frozen=True, slots=True)
class Node:
    """One statement of the graph.

    `id` is a Python identifier, for it is a name in equations. A root has a `credence` with its
    `basis` (the row of the credence table, or the reason a person gave); a node with causes has
    an `equation` over the ids of its parents (`and or not at_least(k, ...)`), and may have a
    `strength` (the mechanism operates) and a `leak` (it happens anyway), both probabilities.
    A breach is a root with a `duty`; `norm` is the value it would have had, had the duty been met.
    `observed` nodes are conditioned on, not doubted. `confirmed_by` is `record: KIND` or
    `person: NAME` where the status is `confirmed`.
    """

    id: str
    kind: str
    statement: str
    party: str | None = None
    actor: str | None = None
    time: Instant | None = None
    time_low: Instant | None = None
    time_high: Instant | None = None
    status: str = "proposed"
    credence: Interval | None = None
    basis: str | None = None
    duty: str | None = None
    norm: int | None = None
    equation: str | None = None
    strength: Interval | None = None
    leak: Interval | None = None
    observed: bool = False
    evidence: tuple[str, ...] = ()
    rule: str = "declared"
    finding: str | None = None
    control: str | None = None
    harm: str | None = None
    confirmed_by: str | None = None

    @property
    def is_breach(self) -> bool:
        """Whether the node is a root act or omission that a duty forbids."""
        return self.duty is not None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the node document of `attribution graph --format json`."""
        return {
            "id": self.id,
            "kind": self.kind,
            "statement": self.statement,
            "party": self.party,
            "actor": self.actor,
            "time": format_optional(self.time),
            "time_low": format_optional(self.time_low),
            "time_high": format_optional(self.time_high),
            "status": self.status,
            "confirmed_by": self.confirmed_by,
            "credence": None if self.credence is None else list(self.credence.to_list()),
            "basis": self.basis,
            "duty": self.duty,
            "norm": self.norm,
            "equation": self.equation,
            "strength": None if self.strength is None else list(self.strength.to_list()),
            "leak": None if self.leak is None else list(self.leak.to_list()),
            "observed": self.observed,
            "evidence": list(self.evidence),
            "rule": self.rule,
            "finding": self.finding,
            "control": self.control,
            "harm": self.harm,
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """A cause and its effect, with the recorded answer to the counterfactual test.

    `counterfactual` starts with `no:` (without the cause the effect could not have happened),
    `yes:` (it still could: another sufficient cause stood ready) or `open:` (nobody has answered).
    `basis` says on what the answer rests; `sufficient` whether all listed causes of the target
    together make it happen. `confirmed_by` is as that of a node; `finding` the one that a decision
    on the edge is a decision on.
    """

    source: str
    target: str
    rule: str
    counterfactual: str
    basis: str
    status: str = "proposed"
    sufficient: bool = True
    evidence: tuple[str, ...] = ()
    finding: str | None = None
    confirmed_by: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the edge document of `attribution graph --format json`."""
        return {
            "source": self.source,
            "target": self.target,
            "rule": self.rule,
            "status": self.status,
            "confirmed_by": self.confirmed_by,
            "counterfactual": self.counterfactual,
            "basis": self.basis,
            "sufficient": self.sufficient,
            "evidence": list(self.evidence),
            "finding": self.finding,
        }

    def shown_by(self, record: str | None) -> Edge:
        """Return the edge as confirmed by a record of the causation itself; unchanged for None."""
        if record is None:
            return self
        return replace(self, status="confirmed", confirmed_by=by_record(record))

    def to_test(self) -> dict[str, JsonValue]:
        """Return the answers of the counterfactual and the sufficiency test, with their status."""
        return {
            "source": self.source,
            "target": self.target,
            "counterfactual": self.counterfactual,
            "sufficient": self.sufficient,
            "status": self.status,
            "confirmed_by": self.confirmed_by,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion of a rule: what it says, on which records, and what would refute it.

    The first of `nodes` is what it states; a finding about one step alone has its ends as `edge`
    and no nodes. `tests` are the edges that it stands or falls with, `factors` the codes of
    `graph.factors` that its records show. `confirmed_by` is as that of a node.
    """

    id: str
    rule: str
    version: int
    statement: str
    status: str
    evidence: tuple[str, ...]
    refuted_by: str
    nodes: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_at: Instant | None = None
    because: str | None = None
    confirmed_by: str | None = None
    edge: tuple[str, str] | None = None
    factors: tuple[str, ...] = ()
    tests: tuple[Edge, ...] = ()

    @property
    def awaits_decision(self) -> bool:
        """Whether no person has decided on it yet, and no record of the causation confirms it."""
        settled = self.decided_by is not None or is_by_record(self.confirmed_by)
        return not settled or self.status == "proposed"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the finding with its decision, if there is one."""
        return {
            "id": self.id,
            "rule": self.rule,
            "version": self.version,
            "statement": self.statement,
            "status": self.status,
            "evidence": list(self.evidence),
            "refuted_by": self.refuted_by,
            "nodes": list(self.nodes),
            "decided_by": self.decided_by,
            "decided_at": format_optional(self.decided_at),
            "because": self.because,
            "confirmed_by": self.confirmed_by,
            "edge": None if self.edge is None else list(self.edge),
            "factors": list(self.factors),
            "tests": [edge.to_test() for edge in self.tests],
        }


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a party ought to have done, with its source."""

    id: str
    statement: str
    owed_by: str
    source: str
    control: str | None = None
    compliance: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the duty."""
        return {
            "id": self.id,
            "statement": self.statement,
            "owed_by": self.owed_by,
            "source": self.source,
            "control": self.control,
            "compliance": self.compliance,
        }


@dataclass(frozen=True, slots=True)
class Barrier:
    """A control of the case: whether it was there, whether it worked, who owned it.

    `state` is one of `bowtie.BARRIER_STATES`; `effectiveness` how often such a control works, with
    the `source` of the range. `node` is the node that stands for it: a control, or an omission that
    it was late. `guards` are the failures it stands before or after where no node says so.
    `defect` is the kind of defect that the range is against, None for the mixture of kinds that a
    control meets; `defect_because` says why that one.
    """

    id: str
    control: str
    title: str
    type: str
    state: str
    owners: tuple[str, ...]
    statement: str
    effectiveness: Interval | None
    source: str
    evidence: tuple[str, ...]
    node: str | None = None
    guards: tuple[str, ...] = ()
    defect: str | None = None
    defect_because: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the barrier."""
        return {
            "id": self.id,
            "control": self.control,
            "title": self.title,
            "type": self.type,
            "state": self.state,
            "owners": list(self.owners),
            "statement": self.statement,
            "effectiveness": None
            if self.effectiveness is None
            else list(self.effectiveness.to_list()),
            "defect": self.defect,
            "defect_because": self.defect_because,
            "source": self.source,
            "evidence": list(self.evidence),
            "node": self.node,
            "guards": list(self.guards),
        }


@dataclass(frozen=True, slots=True)
class MissingFactor:
    """A node whose listed causes do not suffice for it, and what kind of thing is missing."""

    node: str
    statement: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return node and statement."""
        return {"node": self.node, "statement": self.statement}


@dataclass(frozen=True, slots=True)
class GraphCheck:
    """One check on the whole graph: its name, whether it passed, and the detail."""

    id: str
    passed: bool
    detail: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return id, result and detail."""
        return {"id": self.id, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class CausalGraph:
    """Nodes in topological order, edges sorted, and everything the rules concluded beside them.

    `open_orders` are those that cannot be decided and that a node's statement depends on; `reach`
    is what each cause of a failure could reach and did. `proposals` are what texts put forward,
    outside the equations; `texts` says what was read, None where the case has no texts.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    findings: tuple[Finding, ...] = ()
    duties: tuple[Duty, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    missing_factors: tuple[MissingFactor, ...] = ()
    checks: tuple[GraphCheck, ...] = field(default=())
    open_orders: tuple[OpenOrder, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    texts: TextsRead | None = None
    reach: tuple[Reach, ...] = ()

    def node(self, node_id: str) -> Node:
        """Return the node with this id; KeyError when there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution graph --format json`."""
        return {
            "nodes": [node.to_dict() for node in self.nodes],
            "edges": [edge.to_dict() for edge in self.edges],
            "findings": [finding.to_dict() for finding in self.findings],
            "duties": [duty.to_dict() for duty in self.duties],
            "barriers": [barrier.to_dict() for barrier in self.barriers],
            "missing_factors": [factor.to_dict() for factor in self.missing_factors],
            "checks": [check.to_dict() for check in self.checks],
            "open_orders": [order.to_dict() for order in self.open_orders],
            "proposals": [proposal.to_dict() for proposal in self.proposals],
            "texts": None if self.texts is None else self.texts.to_dict(),
            "reach": [reach.to_dict() for reach in self.reach],
        }
