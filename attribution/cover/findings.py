"""Clause by clause: what each turns on, held against the case, and a person's answer over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from attribution.cover import facts_conduct, facts_dates, facts_loss
from attribution.cover.facts import CoverFacts
from attribution.cover.facttest import hold_test
from attribution.cover.tables import load_fact_kinds
from attribution.model.cover import MET, NOT_MET, OPEN, Answer, ClauseFinding
from attribution.model.manifest import COVER, Decision
from attribution.model.policy import Clause, FactTest

KINDS: Final[Mapping[str, Callable[[CoverFacts, FactTest], Answer]]] = MappingProxyType(
    {
        "event_within_period": facts_dates.event_within_period,
        "act_after_retroactive": facts_dates.act_after_retroactive,
        "claim_made_within_period": facts_dates.claim_made_within_period,
        "notified_in_time": facts_dates.notified_in_time,
        "outage_longer_than": facts_dates.outage_longer_than,
        "service_owned_by": facts_loss.service_owned_by,
        "harm_head": facts_loss.harm_head,
        "generative_ai": facts_conduct.generative_ai,
        "human_review": facts_conduct.human_review,
        "control_state": facts_conduct.control_state,
        "prior_knowledge": facts_conduct.prior_knowledge,
        "intentional_act": facts_conduct.intentional_act,
        "form_attached": facts_loss.form_attached,
        "node": facts_conduct.node,
        "judgement": facts_loss.judgement,
    }
)
"""Each kind of fact and what answers it; the rows of `fact_kinds.yaml`."""

_PLACE: Final = "cover:CLAUSE"
"""What a kind of fact says for the id of the clause that asks."""

_DECIDED: Final = {"confirmed": MET, "rejected": NOT_MET, "contested": OPEN}


def find_clauses(facts: CoverFacts) -> tuple[ClauseFinding, ...]:
    """Return the finding on each clause of the policy, in its order.

    A person's decision on `cover:CLAUSE` stands over what the records say; the last one counts.
    """
    last = {one.on: one for one in facts.manifest.decisions if one.is_of_cover}
    return tuple(
        _find(facts, clause, last.get(COVER + clause.id)) for clause in facts.policy.clauses
    )


def _find(facts: CoverFacts, clause: Clause, decision: Decision | None) -> ClauseFinding:
    answer = hold_test(clause.test, lambda test: ask_fact(facts, test))
    answer = replace(answer, settles=answer.settles.replace(_PLACE, COVER + clause.id))
    if decision is None or decision.status not in _DECIDED:
        return ClauseFinding(clause.id, answer)
    status = _DECIDED[decision.status]
    reason = f"{decision.because.rstrip('.') or 'No reason given'} (answered by {decision.by})."
    because = f"{reason} The records: {answer.because}"
    unsettled = answer.settles or "a person's answer, once the parties agree"
    settled = replace(
        answer,
        status=status,
        because=because,
        settles=unsettled if status == OPEN else "",
        unshown=False,
    )
    return ClauseFinding(clause.id, settled, decision.by, decision.at)


def ask_fact(facts: CoverFacts, test: FactTest) -> Answer:
    """Return the answer to one fact; an open one says what would settle it."""
    answer = KINDS[test.fact](facts, test)
    if answer.status != OPEN or answer.settles:
        return answer
    return replace(answer, settles=load_fact_kinds()[test.fact].settles)
