"""The causal graph in W3C PROV: what each conclusion rests on, who drew it, who decided on it.

What happened is an activity (`act`, `event`, `harm`); what was so, or was not done, is an entity
(`condition`, `control`, `omission`). A cause influenced its effect: PROV has no narrower word, and
the answer of the counterfactual test stands on the relation. A finding is an entity that the rule
generated and that is derived from places in the evidence; a decision is an activity that used the
finding and is associated with whoever took it.
Sources: PROV-DM, https://www.w3.org/TR/prov-dm/ (sections 5.1-5.3, 5.5.1); PROV-JSON,
https://www.w3.org/submissions/prov-json/; PROV-N, https://www.w3.org/TR/prov-n/. The library `prov`
writes both; it is the extra `prov`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from attribution.errors import MissingExtraError
from attribution.model.instant import to_datetime

if TYPE_CHECKING:
    from datetime import datetime

    from prov.identifier import Namespace
    from prov.model import ProvDocument

    from attribution.model.graph import CausalGraph, Edge, Finding, Node
    from attribution.model.instant import Instant
    from attribution.model.manifest import Manifest

FORMATS: Final = {"prov": "json", "provn": "provn"}
"""The formats by the names that this program and the library give them."""

TERMS: Final = "urn:incident-attribution:terms:"
CASES: Final = "urn:incident-attribution:case:"
_HAPPENED: Final = frozenset({"act", "event", "harm"})
_AGENT_TYPES: Final = {
    "agent": "SoftwareAgent",
    "service_account": "SoftwareAgent",
    "person": "Person",
}


def write_prov(graph: CausalGraph, manifest: Manifest, output_format: str) -> str:
    """Return the graph as PROV-JSON (`prov`) or PROV-N (`provn`).

    Raises MissingExtraError where the library is not installed.
    """
    try:
        from prov.constants import PROV
        from prov.model import ProvDocument
    except ImportError as error:
        raise MissingExtraError(
            "W3C PROV needs the extra `prov`",
            expected="the library prov",
            remedy="pip install 'incident-attribution[prov]', or ask for json or graphml",
        ) from error
    document = ProvDocument()
    document.add_namespace("case", f"{CASES}{quote(manifest.id, safe='')}:")
    writer = _Writer(document, document.add_namespace("attr", TERMS), graph)
    writer.add_agents(manifest, PROV)
    writer.add_evidence(manifest)
    for node in graph.nodes:
        writer.add_node(node)
    for edge in graph.edges:
        writer.add_edge(edge)
    for finding in graph.findings:
        writer.add_finding(finding)
    text = document.serialize(format=FORMATS[output_format], **_OPTIONS[output_format])
    return f"{(text or '').rstrip()}\n"


_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "prov": {"indent": 2, "sort_keys": True},
    "provn": {},
}


class _Writer:
    def __init__(self, document: ProvDocument, terms: Namespace, graph: CausalGraph) -> None:
        self.document = document
        self.terms = terms
        self.kinds = {node.id: node.kind for node in graph.nodes}
        self.known: set[str] = set()

    def add_agents(self, manifest: Manifest, standard: Namespace) -> None:
        for party in manifest.parties:
            self._agent(
                _name("party", party.id),
                {
                    "prov:type": "prov:Organization",
                    "prov:label": party.name,
                    "attr:role": party.role,
                },
            )
        for actor in manifest.actors:
            name = _name("actor", actor.id)
            kind = _AGENT_TYPES.get(actor.kind)
            typed = {} if kind is None else {"prov:type": standard[kind]}
            self._agent(name, {"prov:label": actor.name, "attr:kind": actor.kind, **typed})
            if actor.party is not None:
                self.document.actedOnBehalfOf(name, _name("party", actor.party))

    def add_evidence(self, manifest: Manifest) -> None:
        for entry in manifest.evidence:
            hashed = {} if entry.sha256 is None else {"attr:sha256": entry.sha256}
            self._entity(_name("evidence", entry.id), {"prov:label": entry.path, **hashed})

    def add_node(self, node: Node) -> None:
        name = _name("node", node.id)
        given = {
            "prov:label": node.statement,
            "attr:kind": node.kind,
            "attr:status": node.status,
            "attr:confirmedBy": node.confirmed_by,
            "attr:duty": node.duty,
            "attr:equation": node.equation,
            "attr:credence": None
            if node.credence is None
            else " ".join(repr(part) for part in node.credence.to_list()),
        }
        attributes = {key: value for key, value in given.items() if value is not None}
        if node.kind in _HAPPENED:
            self.document.activity(
                name, _moment(node.time_low), _moment(node.time_high), attributes
            )
        else:
            self._entity(name, attributes)
        relate = (
            self.document.wasAssociatedWith
            if node.kind in _HAPPENED
            else self.document.wasAttributedTo
        )
        for what, who in (("actor", node.actor), ("party", node.party)):
            if who is not None:
                agent = _name(what, who)
                if agent not in self.known:
                    self._agent(agent, {"prov:label": who})
                relate(name, agent)

    def add_edge(self, edge: Edge) -> None:
        self.document.influence(
            _name("node", edge.target),
            _name("node", edge.source),
            other_attributes={
                "prov:type": self.terms["Cause"],
                "attr:counterfactual": edge.counterfactual,
                "attr:basis": edge.basis,
                "attr:rule": edge.rule,
                "attr:status": edge.status,
                "attr:sufficient": edge.sufficient,
                **_confirmed(edge),
            },
        )

    def add_finding(self, finding: Finding) -> None:
        name = _name("finding", finding.id)
        rule = _name("rule", f"{finding.rule}-{finding.version}")
        self._entity(
            name,
            {
                "prov:label": finding.statement,
                "attr:status": finding.status,
                "attr:refutedBy": finding.refuted_by,
                **_confirmed(finding),
            },
            [("attr:factor", code) for code in finding.factors]
            + [("attr:test", _test(edge)) for edge in finding.tests],
        )
        if rule not in self.known:
            self.known.add(rule)
            self.document.activity(rule, other_attributes={"prov:type": self.terms["Rule"]})
        self.document.wasGeneratedBy(name, rule)
        for place in finding.evidence:
            self.document.wasDerivedFrom(name, self._place(place))
        for node in finding.nodes:
            if node in self.kinds:
                self.document.influence(
                    _name("node", node),
                    name,
                    other_attributes={"prov:type": self.terms["StatedBy"]},
                )
        if finding.decided_by is not None:
            self._add_decision(finding, name)

    def _add_decision(self, finding: Finding, name: str) -> None:
        decision = _name("decision", finding.id)
        person = _name("decider", finding.decided_by or "")
        moment = _moment(finding.decided_at)
        said = {"attr:status": finding.status, "attr:because": finding.because or ""}
        self.document.activity(decision, moment, moment, said)
        self.document.used(decision, name)
        if person not in self.known:
            self._agent(person, {"prov:label": finding.decided_by or ""})
        self.document.wasAssociatedWith(decision, person)

    def _place(self, place: str) -> str:
        """Return the entity of a place in the evidence, as a part of its item."""
        name = _name("place", place)
        item, _, rest = place.partition("#")
        whole = _name("evidence", item)
        if not rest:
            return whole
        if name not in self.known:
            self._entity(name, {"prov:location": rest})
            if whole in self.known:
                self.document.wasDerivedFrom(name, whole)
        return name

    def _agent(self, name: str, attributes: dict[str, Any]) -> None:
        self.known.add(name)
        self.document.agent(name, attributes)

    def _entity(
        self, name: str, attributes: dict[str, Any], listed: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Add an entity; `listed` are attributes of which there may be several."""
        self.known.add(name)
        self.document.entity(name, [*attributes.items(), *listed])


def _confirmed(part: Edge | Finding) -> dict[Any, Any]:
    return {} if part.confirmed_by is None else {"attr:confirmedBy": part.confirmed_by}


def _test(edge: Edge) -> str:
    suffice = "suffice" if edge.sufficient else "do not suffice"
    ends = f"{edge.source}->{edge.target}"
    return f"{ends}: {edge.counterfactual}; the causes of the effect {suffice}; {edge.status}"


def _name(what: str, local: str) -> str:
    """Return the qualified name of something of the case; what a name cannot hold is encoded."""
    return f"case:{what}/{quote(local, safe='')}"


def _moment(instant: Instant | None) -> datetime | None:
    return None if instant is None else to_datetime(instant)
