"""Rule `scope`: an act beyond what was asked for.

What it looks for:
    An act found by `direct-action` whose doer had a task: a person's prompts in the same agent
    session before the act, or a task in `case.yaml`. The act is within the task when what was
    asked has a word of taking away (`provenance/operations.yaml`) that is not negated, together
    with the resource, the service, or the kind of thing the operation names (DeleteEnvironment:
    an environment); or when the declared task allows one of the operations or resources.

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

import re

from attribution.graph.doubt import doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, text_of
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.rule import Rule
from attribution.graph.visibility import TASKS, say_unseen
from attribution.model.event import Event
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.interval import Interval
from attribution.model.manifest import Task
from attribution.model.order import Moment

_NEGATIONS = frozenset({"not", "never", "no", "don", "without", "nothing", "cannot"})
_REACH_OF_NEGATION = 3
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
        prompts, tasks = prompts_before(facts, act), tasks_of(facts, act)
        if not prompts and not tasks:
            draft.missing.append(
                MissingFactor(
                    node_id,
                    "No record shows what its doer had been asked to do."
                    + say_unseen(facts, TASKS, facts.manifest.period.start, act.events[0].time),
                )
            )
        elif not is_within(facts, act, prompts, tasks):
            _add_overreach(facts, draft, act, node_id, (prompts, tasks))


def overreach_id(act_id: str) -> str:
    """Return the id of the overreach behind an act."""
    return act_id.replace("act_", "overreach_", 1)


def prompts_before(facts: Facts, act: Act) -> tuple[Event, ...]:
    """Return what persons asked in the session of the act, up to its first call.

    What cannot be told to have come before or after it counts as asked.
    """
    done = _moment(act)
    return tuple(
        event
        for event in facts.events("session.prompt")
        if act.session is not None
        and text_of(event.data, "session") == act.session
        and (done is None or facts.chronicle.is_no_later(_asking(event), done) is not False)
    )


def _moment(act: Act) -> Moment | None:
    """Return when the act began: by the session's own log, which has its prompts too, if it can."""
    own = [event for event in act.witnesses if text_of(event.data, "session") == act.session]
    return Moment.of_event((own or act.events)[0], f"the operation on {act.service.name}")


def _asking(event: Event) -> Moment:
    moment = Moment.of_event(event, f"the request “{_shortened(event.text, 60)}”")
    if moment is None:
        message = f"the event {event.id} is listed by its time and has none"
        raise ValueError(message)
    return moment


def tasks_of(facts: Facts, act: Act) -> tuple[Task, ...]:
    """Return the declared tasks of the act's doer, those of its session where one is named."""
    doer = facts.actor(act.doer)
    return tuple(
        task
        for task in facts.manifest.tasks
        if doer is not None
        and facts.actor(task.actor) == doer
        and (task.session is None or act.session is None or task.session == act.session)
    )


def is_within(facts: Facts, act: Act, prompts: tuple[Event, ...], tasks: tuple[Task, ...]) -> bool:
    """Whether what was asked covers the act, by the words it uses."""
    asked = [prompt.text for prompt in prompts] + [task.text for task in tasks]
    if any(_asks_for(facts, act, text) for text in asked):
        return True
    allowed = [word.casefold() for task in tasks for word in task.allows]
    return any(
        word in done.casefold() for word in allowed for done in (*_operations(act), *act.resources)
    )


def _asks_for(facts: Facts, act: Act, text: str) -> bool:
    """Whether one request speaks of taking this thing, or things of its kind, away."""
    words = identifier(text).split("_")
    taken_away = any(
        word in facts.catalogue.operations.destructive_words
        and not _NEGATIONS & set(words[max(0, place - _REACH_OF_NEGATION) : place])
        for place, word in enumerate(words)
    )
    names = (*act.resources, act.service.id, act.service.name, *act.service.aliases)
    named = any(name.casefold() in text.casefold() for name in names)
    kinds = {word for operation in _operations(act) for word in _kind_of_thing(operation)}
    return taken_away and (named or bool(kinds & {word.rstrip("s") for word in words}))


def _operations(act: Act) -> tuple[str, ...]:
    return tuple(text_of(event.data, "operation") or "" for event in act.events)


def _kind_of_thing(operation: str) -> set[str]:
    """Return what an operation acts on by its name: DeleteDBInstance gives `instance` and `db`."""
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[A-Z]+", operation)
    return {part.casefold().rstrip("s") for part in parts[1:]}


def _add_overreach(
    facts: Facts,
    draft: Draft,
    act: Act,
    act_id: str,
    asked: tuple[tuple[Event, ...], tuple[Task, ...]],
) -> None:
    prompts, tasks = asked
    request = prompts[0].text if prompts else tasks[0].text
    evidence = tuple(
        dict.fromkeys(
            [place for prompt in prompts for place in prompt.references]
            + [place for task in tasks for place in task.evidence]
            + list(act.references)
        )
    )
    doer = facts.actor_name(act.doer)
    node = Node(
        id=overreach_id(act_id),
        kind="act",
        statement=(
            f"{doer} went beyond its task of its own accord: it was asked"
            f" “{_shortened(request)}” and took {', '.join(act.resources)} away."
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
            basis=_basis(facts, act) + _doubt(facts, draft, act, node.id, prompts),
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
            _asking(prompt),
            _moment(act),
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
            f"Somebody entitled to it had asked {facts.actor_name(act.doer)} for the act, or"
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


def _shortened(text: str, limit: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rsplit(' ', 1)[0]}…"


RULE = Rule(
    id="scope",
    version=2,
    title="An act beyond what was asked for",
    refuted_by="a record in which somebody entitled to it asked for the act, or allowed it",
    apply=apply,
    factors=("scope_overreach",),
)
