"""Rule `scope`: an act beyond what was asked for.

What it looks for:
    An act found by `direct-action` whose doer had a task: a person's prompts in the same agent
    session before the act, or a task in `case.yaml`. The act is within the task when what was
    asked, or answered to a question of the agent's before it (see `answer`), has a word of taking
    away (`provenance/operations.yaml`) that is not negated, together with the resource, the
    service, or the kind of thing the operation names (DeleteEnvironment: an environment); or when
    the declared task allows one of the operations or resources.

What it adds:
    `overreach_SERVICE` -> the act: a breach of the duty to stay in scope, by the doer's party.
    `asked_SERVICE` -> the act, a condition: that somebody had asked for it off the record, which
    the rule cannot exclude. Whoever knows that the leave was given, and by whom, declares it as a
    node of its own and puts it into the act's equation.
    A request that cannot be told to have come before or after the act counts as asked.
    Without any record of a task it adds nothing but a missing factor: nobody knows what was asked.

The counterfactual answer and why:
    No: within its task it would not have touched the resource.

When it is wrong:
    The task was widened by word of mouth, or in a channel that is not among the evidence; the
    prompt implies the act in words the table does not have. The finding is proposed, at the
    credence of an inference, and `decide` or a claim settles it.

Example:
    Asked to correct a rate on an export page, an agent deletes the environment.

Sources:
    OWASP Top 10 for LLM applications 2025, LLM06 Excessive Agency.
"""

from __future__ import annotations

from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.asked import Asked, asking, is_within, list_asked, moment_of
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.stated import cite
from attribution.graph.visibility import TASKS, say_unseen
from attribution.model.event import Event
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.interval import Interval

_LET = {
    "yes": "the session's log shows that a person allowed it",
    "no": "the session's log shows that a person refused it",
    "by_rule": "the session's log shows that no person was asked",
    "blocked": "the session's log shows that a rule stopped it",
    "not_visible": "the session's log does not show who, if anybody, allowed it",
}


def apply(facts: Facts, draft: Draft) -> None:
    """Add an act of overreach for each act beyond its doer's task."""
    for act, node_id in list_acts(facts, draft):
        if node_id not in draft.nodes:
            continue
        asked = list_asked(facts, act)
        if not asked.is_on_record and not is_within(facts, act, asked):
            draft.missing.append(
                MissingFactor(
                    node_id,
                    "No record shows what its doer had been asked to do."
                    + say_unseen(facts, TASKS, facts.manifest.period.start, act.events[0].time),
                    "task",
                )
            )
        elif not is_within(facts, act, asked):
            _add_overreach(facts, draft, act, node_id, asked)


def overreach_id(act_id: str) -> str:
    """Return the id of the overreach behind an act."""
    return act_id.replace("act_", "overreach_", 1)


def _add_overreach(
    facts: Facts,
    draft: Draft,
    act: Act,
    act_id: str,
    asked: Asked,
) -> None:
    evidence = tuple(dict.fromkeys((*asked.references, *act.references)))
    doer = facts.name_inside(act.doer)
    node = Node(
        id=overreach_id(act_id),
        kind="act",
        statement=(
            f"{facts.name_first(act.doer)} went beyond its task of its own accord: it was asked"
            f" {cite(asked.request)} and took {act.told_resources} away."
        ),
        party=resolve_owner(facts, "stay-in-scope", actor=act.doer).party,
        actor=act.doer,
        time=act.events[0].time,
        time_low=act.events[0].time_low,
        time_high=act.events[0].time_high,
        duty="stay-in-scope",
        norm=0,
        basis="rule_inference",
        evidence=evidence,
        rule=RULE.id,
    )
    draft.add_node(node)
    _add_unrecorded_leave(facts, draft, act, act_id)
    draft.add_cause(
        Edge(
            source=node.id,
            target=act_id,
            rule=RULE.id,
            counterfactual=f"no: within its task {doer} would not have touched the resource",
            basis=_basis(facts, act) + _doubt(facts, draft, act, node.id, asked.prompts),
            evidence=evidence,
        )
    )
    RULE.finding(draft, node, factors=RULE.factors if facts.is_agent(act.doer) else ())


def _basis(facts: Facts, act: Act) -> str:
    """Return why the act is taken to be beyond the task, and who the session shows let it."""
    why = "the task's words name neither the resource nor an operation of this kind"
    action = facts.action_at(place for event in act.witnesses for place in event.references)
    return why if action is None else f"{why}; {_LET[action.approval]}: {action.basis}"


def _doubt(facts: Facts, draft: Draft, act: Act, node_id: str, prompts: tuple[Event, ...]) -> str:
    """Return which requests cannot be told to have come before the act."""
    return "".join(
        doubt_order(
            facts,
            draft,
            asking(prompt),
            moment_of(act),
            node=node_id,
            rests="that this was among what had been asked",
        )
        for prompt in prompts
    )


def _add_unrecorded_leave(facts: Facts, draft: Draft, act: Act, act_id: str) -> None:
    """Add the other way the act can have come about: somebody asked for it, off the record.

    The rule's inference would otherwise be made certain by the act itself having been observed.
    """
    inferred = facts.catalogue.credence("rule_inference")
    asked = Node(
        id=act_id.replace("act_", "asked_", 1),
        kind="condition",
        statement=(
            f"Somebody entitled to it had asked {facts.name_inside(act.doer)} for the act, or"
            " allowed it, in a way that no record shows."
            + say_unseen(facts, TASKS, facts.manifest.period.start, act.events[0].time)
        ),
        credence=Interval(
            round(1 - inferred.high, 9), round(1 - inferred.point, 9), round(1 - inferred.low, 9)
        ),
        basis="rule_inference; what the inference of the overreach leaves open",
        evidence=act.references,
        rule=RULE.id,
    )
    draft.add_node(asked)
    draft.add_cause(
        Edge(
            source=asked.id,
            target=act_id,
            rule=RULE.id,
            counterfactual=(
                "no: an act is either within what was asked or beyond it; without leave and"
                " without overreach there would have been none"
            ),
            basis="the two ways in which an act can come about",
            evidence=asked.evidence,
        )
    )


RULE = Rule(
    id="scope",
    version=3,
    title="An act beyond what was asked for",
    refuted_by="a record in which somebody entitled to it asked for the act, or allowed it",
    apply=apply,
    factors=("scope_overreach",),
)
