"""What fills a block of a notification in from the case; None where the records cannot.

A filler never guesses: where the case has nothing, the block stays a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from attribution.model.graph import Node
from attribution.model.instant import to_datetime
from attribution.regimes.apportioning import NO_MONEY
from attribution.regimes.case_clocks import CaseClocks
from attribution.regimes.deadlines import Clock, DueStep
from attribution.report.blocks import Inlines, join, text
from attribution.report.view import View
from attribution.timeline.response import Mark, find_impact

_MOST_CAUSES = 12
_PROVIDERS = ("vendor", "third_party", "agent")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a notification is drafted from: the document's view, all clocks, this one, this step."""

    view: View
    case: CaseClocks
    clock: Clock
    step: DueStep

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the template."""
        return self.view.wording.text(f"notifications.fill.{key}", **values)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a block, and the evidence for it."""

    runs: Inlines
    evidence: tuple[str, ...] = ()


Filler = Callable[[Draft], Filled | None]


def fill_block(name: str, draft: Draft) -> Filled | None:
    """Return what fills a block in, by the name of its filler; None where the case has nothing."""
    return FILLERS[name](draft)


def _entity(draft: Draft) -> Filled | None:
    names = [p.name for p in draft.view.parties.values() if p.role == "organisation"]
    return Filled(text(names[0])) if len(names) == 1 else None


def _reference(draft: Draft) -> Filled:
    return Filled(text(draft.view.analysis.manifest.id, "code"))


def _report(draft: Draft) -> Filled:
    return Filled(text(draft.say("report", step=draft.step.name, to=draft.clock.deadline.to)))


def _currency(draft: Draft) -> Filled | None:
    currencies = sorted({harm.currency for harm in draft.view.analysis.manifest.harms})
    return Filled(text(currencies[0])) if len(currencies) == 1 else None


def _system(draft: Draft) -> Filled | None:
    agents = [actor for actor in draft.view.analysis.actors if actor.kind == "agent"]
    if not agents:
        return None
    parts = [
        text(draft.say("system", name=actor.name, party=draft.view.party(actor.party)))
        for actor in agents
    ]
    return Filled(join(parts, "\n"))


def _moment(name: str) -> Filler:
    def fill(draft: Draft) -> Filled | None:
        moment = draft.case.find_moment(name)
        if moment is None:
            return None
        told = draft.say("moment", time=draft.view.time(moment.time), origin=moment.origin)
        return Filled(text(told), moment.evidence)

    return fill


def _find_mark(draft: Draft, step: str) -> Mark | None:
    return next((mark for mark in draft.view.marks if mark.step == step), None)


def _started(draft: Draft) -> Filled | None:
    mark = _find_mark(draft, "start")
    if mark is None:
        return None
    return Filled(text(draft.say("started", time=draft.view.time(mark.time))), _cite([mark]))


def _detected(draft: Draft) -> Filled | None:
    mark = _find_mark(draft, "detected") or _find_mark(draft, "acknowledged")
    if mark is None or mark.event is None:
        return None
    time = draft.view.time(mark.time)
    return Filled(text(draft.say("detected", time=time, by=mark.event.text)), _cite([mark]))


def _ended(draft: Draft) -> Filled | None:
    mark, impact = _find_mark(draft, "recovered"), find_impact(draft.view.marks)
    if mark is None or impact is None:
        return None
    lasted = draft.view.duration(impact[1] - impact[0])
    told = draft.say("ended", time=draft.view.time(mark.time), lasted=lasted)
    return Filled(text(told), _cite([mark]))


def _summary(draft: Draft) -> Filled | None:
    summary = draft.view.analysis.manifest.summary
    return Filled(text(summary)) if summary else None


def _services(draft: Draft) -> Filled | None:
    manifest = draft.view.analysis.manifest
    names = {service.id: service.name for service in manifest.services}
    harmed = list(dict.fromkeys(harm.service for harm in manifest.harms))
    if not harmed:
        return None
    told = ", ".join(names.get(one, one) for one in harmed)
    reached = [reach for reach in draft.view.analysis.graph.reach if len(reach.services) > 1]
    more = "".join(
        "\n" + draft.say("reach", could=len(reach.services), did=reach.reached)
        for reach in reached[:1]
    )
    return Filled(text(told + more), _gather(harm.evidence for harm in manifest.harms))


def _impact(draft: Draft) -> Filled | None:
    """Return for each service how long it was hit, and harm that has no stretch of its own."""
    manifest = draft.view.analysis.manifest
    if not manifest.harms:
        return None
    names = {service.id: service.name for service in manifest.services}
    parts: list[Inlines] = []
    for service in dict.fromkeys(harm.service for harm in manifest.harms):
        harms = [harm for harm in manifest.harms if harm.service == service]
        starts = [harm.start for harm in harms if harm.start is not None]
        ends = [harm.end for harm in harms if harm.end is not None]
        if starts and ends:
            start, end = min(starts), max(ends)
            said = draft.say(
                "hit",
                service=names.get(service, service),
                start=draft.view.time(start),
                end=draft.view.time(end),
                lasted=draft.view.duration(end - start),
            )
            parts.append(text(said))
        parts += [text(harm.title) for harm in harms if harm.start is None or harm.end is None]
    return Filled(join(parts, "\n"), _gather(harm.evidence for harm in manifest.harms))


def _losses(draft: Draft) -> Filled | None:
    harms = draft.view.analysis.manifest.harms
    money = [harm for harm in harms if harm.currency != NO_MONEY]
    if not money:
        return None
    parts = [
        text(
            draft.say(
                "loss",
                title=harm.title,
                low=f"{harm.low:,}",
                point=f"{harm.point:,}",
                high=f"{harm.high:,}",
                currency=harm.currency,
            )
        )
        for harm in money
    ]
    return Filled(join(parts, "\n"), _gather(harm.evidence for harm in money))


def _causes(draft: Draft) -> Filled | None:
    nodes = _list_causes(draft)
    if not nodes:
        return None
    wording = draft.view.wording
    parts = [
        text(f"{node.statement.rstrip('.')} ({wording.term('statuses', node.status)})")
        for node in nodes[:_MOST_CAUSES]
    ]
    if len(nodes) > _MOST_CAUSES:
        parts.append(text(draft.say("more_causes", count=len(nodes) - _MOST_CAUSES)))
    parts.append(text(draft.say("causes_note"), "small"))
    return Filled(join(parts, "\n"), _gather(node.evidence for node in nodes[:_MOST_CAUSES]))


def _list_causes(draft: Draft) -> list[Node]:
    """Return what the harm came of: those confirmed first, each kind in the graph's order."""
    graph = draft.view.analysis.graph
    behind = {node.id for node in graph.nodes if node.kind == "harm"}
    while more := {e.source for e in graph.edges if e.target in behind} - behind:
        behind |= more
    kinds = ("act", "omission", "condition")
    found = [n for n in graph.nodes if n.id in behind and n.kind in kinds]
    order = {"confirmed": 0, "proposed": 1, "contested": 2}
    return sorted((n for n in found if n.status in order), key=lambda node: order[node.status])


def _causal_link(draft: Draft) -> Filled | None:
    agents = {actor.id for actor in draft.view.analysis.actors if actor.kind == "agent"}
    acts = [node for node in _list_causes(draft) if node.actor in agents]
    if not acts:
        return None
    terms = draft.view.wording
    parts = [
        text(f"{node.statement.rstrip('.')} ({terms.term('statuses', node.status)})")
        for node in acts[:_MOST_CAUSES]
    ]
    parts.append(text(draft.say("causes_note"), "small"))
    return Filled(join(parts, "\n"), _gather(node.evidence for node in acts[:_MOST_CAUSES]))


def _measures(draft: Draft) -> Filled | None:
    marks = [mark for mark in draft.view.marks if mark.step in ("mitigated", "recovered")]
    told = [mark for mark in marks if mark.event is not None]
    if not told:
        return None
    parts = [
        text(
            draft.say(
                "measure",
                time=draft.view.time(mark.time),
                step=draft.view.wording.term("steps", mark.step),
                text=mark.event.text if mark.event is not None else "",
            )
        )
        for mark in told
    ]
    return Filled(join(parts, "\n"), _cite(told))


def _actions(draft: Draft) -> Filled | None:
    actions = draft.view.analysis.manifest.actions
    if not actions:
        return None
    parts = [
        text(draft.say("action_due", what=action.what, due=action.due))
        if action.due
        else text(action.what)
        for action in actions
    ]
    return Filled(join(parts, "\n"), _gather(action.evidence for action in actions))


def _third_party(draft: Draft) -> Filled | None:
    others = [p for p in draft.view.parties.values() if p.role in _PROVIDERS]
    if not others:
        return None
    names = ", ".join(draft.view.party_with_role(party.id) for party in others)
    return Filled(text(draft.say("third_party", names=names)))


def _parallel(draft: Draft) -> Filled | None:
    others = [clock for clock in draft.case.running if clock.deadline.id != draft.clock.deadline.id]
    if not others:
        return None
    parts = [
        text(
            draft.say("parallel" if clock.applies else "parallel_open", title=clock.deadline.title)
        )
        for clock in others
    ]
    return Filled(join(parts, "\n"))


def _evidence(draft: Draft) -> Filled:
    items = draft.view.analysis.evidence
    root = draft.view.analysis.merkle_root
    return Filled(text(draft.say("evidence", count=len(items), root=root)))


def _late(draft: Draft) -> Filled | None:
    """Return that it came in time; whoever came late must say why."""
    informed, due = draft.case.find_moment("informed"), draft.step.due
    if informed is None or due is None or draft.step is not draft.clock.steps[0]:
        return None
    told, last = to_datetime(informed.time), due.conservative
    in_time = told <= last if isinstance(last, datetime) else told.date() <= last
    if not in_time:
        return None
    return Filled(text(draft.say("in_time", time=draft.view.time(informed.time))))


def _cite(marks: Iterable[Mark]) -> tuple[str, ...]:
    return _gather((mark.source,) for mark in marks if mark.event is not None)


def _gather(references: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in references for one in some))


FILLERS: Mapping[str, Filler] = {
    "entity": _entity,
    "reference": _reference,
    "report": _report,
    "currency": _currency,
    "system": _system,
    "aware": _moment("aware"),
    "determined": _moment("determined"),
    "classified": _moment("classified"),
    "started": _started,
    "detected": _detected,
    "ended": _ended,
    "summary": _summary,
    "services": _services,
    "impact": _impact,
    "losses": _losses,
    "causes": _causes,
    "causal_link": _causal_link,
    "measures": _measures,
    "actions": _actions,
    "third_party": _third_party,
    "parallel": _parallel,
    "evidence": _evidence,
    "late": _late,
}
"""Name of a filler, as `notifications.yaml` has it -> what it makes of the case."""
