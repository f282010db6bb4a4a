"""A control in front of an act or change: in place or not, and who owed it if not.

The table "who owed an absent control" is `tables/absent_control.yaml`; this module puts one of
its rows into the graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.graph.control_wording import begin, name_control, say_done, say_unmet
from attribution.graph.controls import Control
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.guarded import Guarded
from attribution.graph.who_owed import AbsenceRow
from attribution.model.graph import Barrier, Edge, Node
from attribution.model.manifest import AbsenceBreach, Policy

if TYPE_CHECKING:
    from attribution.graph.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Placement:
    """One control in front of one act or change, in one case."""

    facts: Facts
    rule: Rule
    control: Control
    guarded: Guarded
    policies: tuple[Policy, ...]

    def _id(self, word: str) -> str:
        return f"{self.control.id}_{word}_{self.guarded.subject}"

    @property
    def _named(self) -> str:
        """Return the control as part of a sentence, whatever number and article its title has."""
        return name_control(self.control, self.guarded.name)

    @property
    def _did(self) -> tuple[str, str]:
        """Return what it did to what it guards, and what would then have been."""
        return say_done(self.guarded.target)

    def add_to(self, draft: Draft) -> None:
        """Put the control in front of what it guards, with a breach for each unmet duty."""
        breaches, row = self._breaches()
        would_catch = self._would_catch()
        held = Node(
            id=self._id("held"),
            kind="control",
            statement=begin(f"{self._named} {self._did[0]} {self.guarded.title}."),
            rule=self.rule.id,
            control=self.control.id,
            evidence=self.guarded.evidence,
        )
        for node in (would_catch, held, *breaches):
            draft.add_node(node)
        self._add_own_edges(draft, held.id, would_catch.id)
        self._add_breach_edges(draft, held.id, breaches, row)
        draft.barriers.append(self._barrier(held.id, breaches, row))
        for breach in breaches:
            self.rule.finding(draft, breach, factors=self.guarded.factors)

    def _breaches(self) -> tuple[list[Node], AbsenceRow | None]:
        if self.guarded.state == "present":
            return [], None
        if self.guarded.told is not None:
            return list(self.guarded.told), None
        if self.guarded.state == "unsound":
            return [self._unsound()], None
        enforced = [policy for policy in self.policies if policy.enforced]
        bypasser = (
            self.guarded.bypassed_by
            or next((item.bypassed_by for item in enforced if item.bypassed_by), None)
            or self.guarded.doer
        )
        # What the platform did at the time outweighs what the policy says of it, either way.
        recorded = self.guarded.enforced
        row = self.facts.catalogue.absence_row(
            self.control.id,
            demanded=bool(self.policies) or recorded is True,
            enforced=bool(enforced) if recorded is None else recorded,
            got_round_by=self._circumventor(bypasser),
        )
        return [self._breach(breach, bypasser) for breach in row.breaches], row

    def _circumventor(self, bypasser: str | None) -> str:
        """Return which of `CIRCUMVENTORS` somebody is."""
        if self.facts.is_agent(bypasser):
            return "agent"
        party = self.facts.party(self.facts.directory.party_of(bypasser))
        if party is not None and party.role == "third_party":
            return "outsider"
        return "unknown" if self.facts.actor(bypasser) is None else "person"

    def _unsound(self) -> Node:
        why = ", ".join(defect.replace("_", " ") for defect in self.guarded.defects)
        approver = self.guarded.approver
        return Node(
            id=self._id("unsound"),
            kind="act",
            statement=(
                f"{self.facts.actor_name(approver)} approved {self.guarded.title} in a way that"
                f" is not counted as a sound review ({why})."
            ),
            party=self.facts.duty_owner("sound-review", self.facts.directory.party_of(approver)),
            actor=approver,
            duty="sound-review",
            norm=0,
            basis="rule_inference",
            evidence=self.guarded.evidence,
            rule=self.rule.id,
            control=self.control.id,
        )

    def _breach(self, breach: AbsenceBreach, bypasser: str | None) -> Node:
        usual = self._usual_owner(breach, bypasser)
        cited = (
            *(place for policy in self.policies for place in policy.evidence),
            *self.guarded.enforced_evidence,
        )
        named = self.guarded.bypassed_by or any(item.bypassed_by for item in self.policies)
        statement = say_unmet(
            breach.kind,
            doer=self.facts.actor_name(bypasser),
            control=self._named,
            title=self.guarded.title,
            recorded=bool(named),
            lifted=self.guarded.lifted,
        )
        unseen = self.guarded.unseen if breach.kind == "not_obtained" else ""
        return Node(
            id=self._id(breach.kind),
            kind=breach.form,
            statement=statement + unseen,
            party=self.facts.duty_owner(breach.duty, usual),
            actor=bypasser if breach.form == "act" else None,
            duty=breach.duty,
            norm=0,
            basis=self._basis(breach, cited),
            evidence=tuple(dict.fromkeys((*cited, *self.guarded.evidence))),
            rule=self.rule.id,
            control=self.control.id,
        )

    def _usual_owner(self, breach: AbsenceBreach, bypasser: str | None) -> str | None:
        if breach.owed_by == "got_round_by":
            return self.facts.directory.party_of(bypasser)
        if self.facts.party(breach.owed_by) is not None:
            return breach.owed_by
        setter = self.facts.party(self.guarded.set_by)
        if setter is not None and setter.role == breach.owed_by:
            return setter.id
        return self.facts.party_in_role(breach.owed_by, self.guarded.service)

    def _basis(self, breach: AbsenceBreach, cited: tuple[str, ...]) -> str:
        if self.guarded.basis is not None:
            return self.guarded.basis
        if breach.kind == "not_obtained":
            return "absence_of_record"
        if breach.kind in {"not_demanded", "off_by_default"}:
            return "absence_of_record" if self.guarded.state == "unknown" else "rule_inference"
        if breach.kind == "not_enforced":
            if self.guarded.enforced is False:
                return "machine_record"
            items = {place.partition("#")[0] for place in cited}
            return "independent_witnesses" if len(items) > 1 else "single_statement"
        return "machine_record" if self.guarded.bypassed_by else "rule_inference"

    def _would_catch(self) -> Node:
        control = self.control
        return Node(
            id=f"would_catch_{control.id}_{self.guarded.subject}",
            kind="condition",
            statement=(
                f"{begin(self._named)}, in place and sound, would have {self._did[0]}"
                f" {self.guarded.title}."
            ),
            credence=self.guarded.defect.range_of(control),
            basis=f"effectiveness of {control.id}: {self.guarded.defect.source_of(control)}",
            rule=self.rule.id,
            control=control.id,
        )

    def _add_own_edges(self, draft: Draft, held: str, would_catch: str) -> None:
        draft.add_cause(
            Edge(
                source=would_catch,
                target=held,
                rule=self.rule.id,
                counterfactual="no: a control that cannot see the harm in it does not stop it",
                basis="what a control is",
            ),
            slot="requirements",
        )
        draft.add_cause(
            Edge(
                source=held,
                target=self.guarded.target,
                rule=self.rule.id,
                counterfactual=(f"no: had {self._named} {self._did[0]} it, {self._did[1]}"),
                basis="the control stands in front of it; how often it works is a range",
                evidence=self.guarded.evidence,
            ),
            slot="blocks",
        )

    def _add_breach_edges(
        self, draft: Draft, held: str, breaches: list[Node], row: AbsenceRow | None
    ) -> None:
        """Block the control by each breach, or by all together where any duty met suffices."""
        jointly = row is not None and row.absent_when == "all" and len(breaches) > 1
        basis = "the table of who owed an absent control"
        if row is not None and row.set_by is not None:
            basis = f"{basis}; {row.set_by}"
        got_round = row is not None and row.absent_when == "any"
        blocked = self._add_absence(draft, held) if jointly else held
        for breach in breaches:
            draft.add_cause(
                Edge(
                    source=breach.id,
                    target=blocked,
                    rule=self.rule.id,
                    counterfactual=(
                        "no: had this duty been met, the control would have been in place"
                    ),
                    basis=basis,
                    evidence=breach.evidence,
                ).shown_by(self.guarded.bypass_record if got_round else None),
                slot="requirements" if jointly else "blocks",
            )

    def _add_absence(self, draft: Draft, held: str) -> str:
        absent = Node(
            id=self._id("absent"),
            kind="condition",
            statement=begin(f"{self._named} was not in place before {self.guarded.title}."),
            rule=self.rule.id,
            control=self.control.id,
            evidence=self.guarded.evidence,
        )
        draft.add_node(absent)
        draft.add_cause(
            Edge(
                source=absent.id,
                target=held,
                rule=self.rule.id,
                counterfactual="no: a control that is not in place stops nothing",
                basis="what a control is",
                evidence=self.guarded.evidence,
            ),
            slot="blocks",
        )
        return absent.id

    def _barrier(self, held: str, breaches: list[Node], row: AbsenceRow | None) -> Barrier:
        state = {"present": "present", "unsound": "degraded"}.get(
            self.guarded.state,
            "bypassed" if row is not None and row.absent_when == "any" else self.guarded.state,
        )
        name = f" ({self.guarded.name})" if self.guarded.name else ""
        return Barrier(
            id=held,
            control=self.control.id,
            title=f"{self.control.title}{name}: {self.guarded.title}",
            type=self.control.type,
            state=state,
            owners=tuple(dict.fromkeys(node.party for node in breaches if node.party)),
            statement=" ".join(node.statement for node in breaches)
            or f"It was in place and did not stop it{self.guarded.doubt}.",
            effectiveness=self.guarded.defect.range_of(self.control),
            source=self.guarded.defect.source_of(self.control),
            evidence=self.guarded.evidence,
            node=held,
            defect=self.guarded.defect.kind,
            defect_because=self.guarded.defect.because,
        )
