"""What the records show of how blameworthy each breach was, factor by factor.

A help for whoever judges it: it grades what the records show, names what they do not, and suggests
a range with its reasons. It enters nothing; `attribution decide CASE culpability:NODE` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attribution.graph.catalogue import Catalogue, catalogue_for
from attribution.model.graph import CausalGraph, Node
from attribution.model.instant import format_optional
from attribution.model.interval import Interval
from attribution.model.manifest import Culpability, Manifest
from attribution.model.result import Attribution, BreachShare, PartyShare
from attribution.model.risk import ChangeRisk
from attribution.model.worksheet import BreachWorksheet, Grade, Worksheet
from attribution.responsibility.culpability_scale import load_scale

_WARNING = "warning"
_RESPONSE = "response"
_BY_DUTY = "carry-out-actions"
_HIGH = 90.0
"""A measure above this percentile of the changes before is one that stands out."""

_SHORT = 7
_DECISIONS = frozenset({"permission", "guardrail"})
"""Rules whose acts are settings or grants: nobody makes one without deciding on it."""


def fill_worksheet(
    graph: CausalGraph,
    manifest: Manifest,
    attribution: Attribution,
    risks: Sequence[ChangeRisk] = (),
    without: Mapping[str, Interval] | None = None,
) -> Worksheet:
    """Return the worksheet of every breach that has a share; `risks` are those of its changes."""
    filler = _Filler(graph, manifest, attribution, risks)
    breaches = tuple(
        filler.fill(party, breach) for party in attribution.parties for breach in party.breaches
    )
    return Worksheet(breaches, without)


class _Filler:
    def __init__(
        self,
        graph: CausalGraph,
        manifest: Manifest,
        attribution: Attribution,
        risks: Sequence[ChangeRisk],
    ) -> None:
        self.scale = load_scale()
        self.graph = graph
        self.manifest = manifest
        self.attribution = attribution
        self.risks = risks
        self.nodes = {node.id: node for node in graph.nodes}
        self.catalogue: Catalogue = catalogue_for(manifest)

    def fill(self, party: PartyShare, breach: BreachShare) -> BreachWorksheet:
        """Return the worksheet of one breach."""
        node = self.nodes[breach.node]
        grades = (
            self._departure(node),
            self._knowledge(node),
            self._foreseeability(node),
            self._gravity(node),
            self._burden(node, breach),
            self._control(node, party),
            self._choice(node),
        )
        entry = self._entry(node)
        return BreachWorksheet(
            node=node.id,
            statement=node.statement,
            party=party.id,
            duty=breach.duty,
            grades=grades,
            suggested=self.scale.suggest(grades),
            entered=None if entry is None else entry.value,
            entered_by="" if entry is None else entry.by,
            entered_at=None if entry is None else format_optional(entry.at),
            because="" if entry is None else entry.because,
        )

    def _entry(self, node: Node) -> Culpability | None:
        """Return the entry in force: the last for the breach, else the last for its party."""
        own = [entry for entry in self.manifest.culpability if entry.of == node.id]
        for_party = [entry for entry in self.manifest.culpability if entry.of == node.party]
        return next(reversed(own or for_party), None)

    def _departure(self, node: Node) -> Grade:
        rules = [
            policy
            for policy in self.manifest.policies
            if node.control is not None and policy.demands == node.control
        ]
        bypassed = next((policy for policy in rules if policy.enforced), None)
        if bypassed is not None and bypassed.bypassed_by is not None:
            reason = f"policy {bypassed.id} demanded it and the platform enforced it"
            return self.scale.grade("departure", "enforced", reason, bypassed.evidence)
        if rules:
            reason = f"policy {rules[0].id} demanded it: {rules[0].text}"
            return self.scale.grade("departure", "written", reason, rules[0].evidence)
        if node.rule == _RESPONSE:
            reason = "the objective of the service was missed"
            return self.scale.grade("departure", "written", reason, node.evidence)
        if node.duty in self.catalogue.declared_duties:
            reason = f"the case declares the duty {node.duty}"
            return self.scale.grade("departure", "written", reason)
        return self.scale.grade(
            "departure", "general", f"the duty {node.duty} is one of the catalogue"
        )

    def _warnings(self) -> list[Node]:
        return [
            node
            for node in self.graph.nodes
            if node.rule == _WARNING and node.equation is None and node.status != "rejected"
        ]

    def _knowledge(self, node: Node) -> Grade:
        if node.rule == _WARNING:
            reason = "the breach is that a warning was not acted on"
            return self.scale.grade("knowledge", "warned", reason, node.evidence)
        tags = [
            one.id.removeprefix("warned_")
            for one in self._warnings()
            if not one.is_breach and one.id.removeprefix("warned_") in node.id
        ]
        before = [
            one
            for one in self._warnings()
            if _may_precede(one, node) and any(tag in one.id for tag in tags)
        ]
        own = next((one for one in before if one.party == node.party and one.is_breach), None)
        if own is not None:
            return self.scale.grade("knowledge", "warned", _say(own), own.evidence)
        other = next((one for one in before if not one.is_breach), None)
        if other is not None:
            return self.scale.grade("knowledge", "somebody_warned", _say(other), other.evidence)
        reason = "no record of a warning about it is among the evidence, which is no proof of none"
        return self.scale.grade("knowledge", "not_visible", reason)

    def _foreseeability(self, node: Node) -> Grade:
        earlier = next(
            (
                one
                for one in self._warnings()
                if one.duty == _BY_DUTY and (one is node or one.party == node.party)
            ),
            None,
        )
        if earlier is not None:
            return self.scale.grade(
                "foreseeability", "happened_before", _say(earlier), earlier.evidence
            )
        risk = self._risk(node)
        if risk is None:
            reason = "no record of an earlier incident of the kind, and no change to measure"
            return self.scale.grade("foreseeability", "not_visible", reason)
        high = [
            f"{one.title} {one.rank}"
            for one in risk.measures
            if one.percentile is not None and one.percentile >= _HIGH
        ]
        stops = [fact.statement for fact in risk.facts]
        if high or stops:
            reason = "; ".join(high[:3] + stops[:3])
            return self.scale.grade("foreseeability", "unusual", reason, node.evidence)
        if any(one.percentile is not None for one in risk.measures):
            reason = f"no measure above the {_HIGH:.0f}th percentile of {risk.changes} changes"
            return self.scale.grade("foreseeability", "ordinary", reason, node.evidence)
        reason = f"only {risk.changes} changes came before it: too few to compare"
        return self.scale.grade("foreseeability", "not_visible", reason)

    def _risk(self, node: Node) -> ChangeRisk | None:
        sha = node.id.rpartition("_")[2]
        found = (risk for risk in self.risks if risk.commit.startswith(sha))
        return next(found, None) if len(sha) >= _SHORT else None

    def _gravity(self, node: Node) -> Grade:
        destructive = next(
            (one for one in self.graph.barriers if one.defect == "destructive"), None
        )
        if destructive is not None and node.rule != _RESPONSE:
            reason = f"what went wrong was destructive, {destructive.defect_because}"
            return self.scale.grade("gravity", "lasting", reason, destructive.evidence)
        reason = f"what came of it is put at {self._harm()}; more is not visible in these records"
        return self.scale.grade("gravity", "passing", reason)

    def _harm(self) -> str:
        harms = self.attribution.harms
        low, high = (sum((getattr(h, end) for h in harms), Decimal(0)) for end in ("low", "high"))
        return f"{harms[0].currency if harms else ''} {low:,} to {high:,}"

    def _burden(self, node: Node, breach: BreachShare) -> Grade:
        effort = self.scale.burdens.get(node.control or "") or self.scale.burdens.get(
            node.duty or ""
        )
        worth = sum((harm.point for harm in self.attribution.harms), Decimal(0))
        worth = (worth * Decimal(repr(breach.potency))).quantize(Decimal(1))
        currency = self.attribution.harms[0].currency if self.attribution.harms else ""
        beside = (
            f"in this incident meeting it was worth {currency} {worth:,} (its potency times the"
            " harm); what it was worth beforehand, when the danger was only likely, is not in these"
            " records"
        )
        if effort is None:
            return self.scale.grade("burden", "not_visible", beside)
        what = node.control or node.duty
        return self.scale.grade("burden", effort, f"{what} is put there by the table; {beside}")

    def _control(self, node: Node, party: PartyShare) -> Grade:
        if party.role == "agent":
            reason = "an agent acts with what others have granted it and for whom put it to use"
            return self.scale.grade("control", "under_another", reason)
        harmed = {harm.service for harm in self.manifest.harms}
        owned = [
            service
            for service in self.manifest.services
            if service.owner == party.id and service.id in harmed
        ]
        if owned:
            names = ", ".join(service.name for service in owned)
            return self.scale.grade("control", "own", f"it owns {names}")
        if party.role in {"organisation", "vendor"}:
            reason = f"as {party.role} it lays down how this is done"
            return self.scale.grade("control", "own", reason)
        reason = "no record shows that it could decide alone"
        return self.scale.grade("control", "shared", reason, node.evidence)

    def _choice(self, node: Node) -> Grade:
        if node.kind == "act" and node.rule in _DECISIONS:
            reason = "the record is of the setting or the grant itself; what was meant is not in it"
            return self.scale.grade("choice", "decided", reason, node.evidence)
        reason = (
            "it is on record as done, not with what in mind"
            if node.kind == "act"
            else "that it was not done is on record, or no record of it is there"
        )
        return self.scale.grade("choice", "not_visible", reason, node.evidence)


def _may_precede(warning: Node, breach: Node) -> bool:
    """Return whether a warning may have come before a breach; True where a time is not known."""
    start = warning.time_low or warning.time
    end = breach.time_high or breach.time
    return start is None or end is None or start <= end


def _say(node: Node) -> str:
    status = "" if node.status == "confirmed" else f" ({node.status})"
    return f"{node.statement.rstrip('.')}{status}"
