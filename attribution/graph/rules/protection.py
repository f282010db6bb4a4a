"""Protections as records state them: which control, how it stood, what it guards, who set it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, list_of, text_of
from attribution.graph.rules.acts import Act, list_acts
from attribution.graph.rules.onset import failure_id, harm_id
from attribution.graph.rules.stated import (
    believed,
    cite,
    find_party,
    find_subjects,
    list_services,
    list_stated,
    open_to_causes,
    quote,
    subject_tag,
)
from attribution.graph.rules.switches import list_switches
from attribution.model.event import Event
from attribution.model.graph import MissingFactor
from attribution.model.order import Moment
from attribution.model.service import Service

STATES = ("on", "off", "missing", "bypassed", "ineffective")
DEFAULT = "default"
GUARDRAIL = "agent_guardrail"
_BEFORE = "prevent"
AFTER = frozenset({"detect", "recover"})
_ASKS: Final = MappingProxyType(
    {
        "bypassPermissions": ("off", "asks nobody"),
        "auto": ("on", "lets a classifier decide"),
        "dontAsk": ("on", "refuses what was not allowed beforehand"),
        "acceptEdits": ("on", "asks of all but edits in the working folder"),
        "default": ("on", "asks a person"),
        "manual": ("on", "asks a person"),
        "plan": ("on", "asks a person"),
    }
)
"""Permission modes of Claude Code: whether they guard, and how.

Source: Claude Code, Permission modes (https://code.claude.com/docs/en/permission-modes).
"""


@dataclass(frozen=True, slots=True)
class Protection:
    """One control as records state it.

    `targets` are the nodes that it would have stopped, `tag` the part of node ids for them and
    `title` their name in a sentence. `setter` is the name of who set it so (an actor, a party, a
    role, `default`), `party` the party that this stands for; `runner` the party that runs it; `act`
    the operation on the service that went ahead, where there is one.
    `basis` is how far the statement is believed; `order` is when it stood so, and by when it had
    to. `unattended` is whether the agent's own log shows that nobody was to be asked.
    """

    control: str
    state: str
    name: str | None
    targets: tuple[str, ...]
    tag: str
    title: str
    service: Service | None
    says: str
    setter: str | None
    party: str | None
    runner: str | None
    duty: str | None
    act: Act | None
    basis: str
    order: tuple[Moment | None, Moment] | None
    evidence: tuple[str, ...]
    unattended: bool = False


def list_protections(facts: Facts, draft: Draft) -> Iterator[Protection]:
    """Yield the protections of the case, by statements and calls, then by its acts' sessions."""
    acts = {
        node: act
        for act, node in list_acts(facts, draft)
        if node in draft.nodes and not act.preempted
    }
    groups: dict[tuple[str, str, str], list[Event]] = {}
    for event in (*list_stated(facts, "control"), *list_switches(facts)):
        problem = _find_problem(facts, event)
        if problem is not None:
            _say_unused(facts, draft, event, problem)
            continue
        tag = subject_tag(facts, event, find_subjects(facts, draft, event))
        groups.setdefault((_word(event, "control"), _word(event, "name"), tag), []).append(event)
    for (_, _, tag), events in groups.items():
        found = _stated(facts, draft, tag, events, acts)
        if found is not None:
            yield found
    for node, act in acts.items():
        yield from _of_session(facts, node, act)


def _word(event: Event, key: str) -> str:
    return (text_of(event.data, key) or "").strip().casefold()


def _find_problem(facts: Facts, event: Event) -> str | None:
    """Return what keeps a record of the kind `control` from being used, None where nothing does."""
    control, state, duty = (_word(event, key) for key in ("control", "state", "duty"))
    if control not in facts.catalogue.controls:
        return f"it names no control of the catalogue (“{quote(control)}”)"
    if state not in STATES:
        return f"its state is “{quote(state)}” and not one of {', '.join(STATES)}"
    if duty and duty not in facts.catalogue.duties:
        return f"it names no duty of the catalogue (“{quote(duty)}”)"
    return None


def _say_unused(facts: Facts, draft: Draft, event: Event, problem: str) -> None:
    failures = [failure_id(service) for service in facts.manifest.services]
    failed = [node for node in failures if node in draft.nodes]
    if failed:
        said = f"The record of a control at {event.references[0]} was not used: {problem}."
        draft.missing.append(MissingFactor(failed[0], said))


def _stated(
    facts: Facts, draft: Draft, tag: str, events: list[Event], acts: Mapping[str, Act]
) -> Protection | None:
    """Return how a control stood when it mattered, by the last record of it; None if by none."""
    targets = _targets(facts, draft, events[0], acts)
    onset = _onset(draft, targets)
    before = []
    for event in sorted(events, key=lambda event: (event.time is not None, event.time or 0)):
        moment = _moment(event)
        if moment and onset and facts.chronicle.is_no_later(moment, onset) is False:
            draft.missing.append(
                MissingFactor(
                    targets[0],
                    f"{facts.catalogue.controls[_word(event, 'control')].title}: how it stood is on"
                    f" record for {moment.span} ({event.references[0]}), later than {onset.span};"
                    " how it stood before is not.",
                )
            )
        else:
            before.append(event)
    if not before:
        return None
    last = before[-1]
    services = list_services(facts, last)
    act = next((act for act in acts.values() if act.service in services), None)
    party = find_party(facts, text_of(last.data, "set_by"))
    return Protection(
        control=_word(last, "control"),
        state=_word(last, "state"),
        name=text_of(last.data, "name"),
        targets=targets,
        tag=tag,
        title=_title(draft, targets, acts),
        service=services[0] if services else None,
        says=cite(last.text),
        setter=text_of(last.data, "set_by"),
        party=party,
        runner=find_party(facts, text_of(last.data, "run_by")),
        duty=_word(last, "duty") or None,
        act=act,
        basis=believed(facts, last, party),
        order=None if onset is None else (_moment(last), onset),
        evidence=last.references,
    )


def _moment(event: Event) -> Moment | None:
    return Moment.of_event(event, f"how the control stood by “{quote(event.text, 60)}”")


def _onset(draft: Draft, targets: tuple[str, ...]) -> Moment | None:
    """Return when the first of the nodes was, for a control must have stood so by then."""
    for name in targets:
        node = draft.nodes[name]
        if node.time_low is not None and node.time_high is not None:
            what = f"“{node.statement.rstrip('.')}”"
            return Moment(what, node.time_low, node.time_high, node.evidence)
    return None


def _targets(facts: Facts, draft: Draft, event: Event, acts: Mapping[str, Act]) -> tuple[str, ...]:
    """Return the nodes that a control would have stopped, empty where no record tells.

    What works after the failure stops no failure: it spares the harm items that the record names.
    """
    named = {str(name).casefold() for name in list_of(event.data, "harm")}
    harms = [harm_id(harm) for harm in facts.manifest.harms if harm.id.casefold() in named]
    spared = tuple(node for node in harms if node in draft.nodes)
    control = facts.catalogue.controls[_word(event, "control")]
    subjects = find_subjects(facts, draft, event)
    if spared or (control.type in AFTER and not any(map(_is_named(event), subjects))):
        return spared
    found: list[str] = []
    for subject in subjects:
        of_service = [node for node, act in acts.items() if failure_id(act.service) == subject]
        found += of_service if control.type == _BEFORE and of_service else [subject]
    return tuple(dict.fromkeys(end for node in found for end in open_to_causes(draft, node)))


def _is_named(event: Event) -> Callable[[str], bool]:
    about = text_of(event.data, "about")
    return lambda node: node == about


def _title(draft: Draft, targets: tuple[str, ...], acts: Mapping[str, Act]) -> str:
    if not targets:
        return "what it guards"
    if targets[0] in acts:
        return f"the operation on {acts[targets[0]].service.name}"
    node = draft.nodes[targets[0]]
    failed = node.statement.removesuffix(" failed.")
    if node.kind == "event" and failed != node.statement:
        return f"the failure of {failed}"
    stated = f"“{node.statement.rstrip('.')}”"
    return f"the harm {stated}" if node.kind == "harm" else stated


def _of_session(facts: Facts, node: str, act: Act) -> Iterator[Protection]:
    """Yield the guardrail of the session that took an act, as its permission mode tells."""
    action = facts.action_at(place for event in act.witnesses for place in event.references)
    if action is None or action.mode is None or action.mode not in _ASKS:
        return
    state, how = _ASKS[action.mode]
    yield Protection(
        control=GUARDRAIL,
        state=state,
        name=None,
        targets=(node,),
        tag=node.removeprefix("act_"),
        title=f"the operation on {act.service.name}",
        service=act.service,
        says=f"the session was in permission mode {action.mode}, which {how}",
        setter=None,
        party=None,
        runner=None,
        # The mode is on record; that nobody entitled to it had decided on it is inferred.
        duty="keep-guardrail" if state == "off" else None,
        act=act,
        basis="rule_inference",
        order=None,
        evidence=(action.reference,),
        unattended=state == "off",
    )
