"""Rule `warning`: an earlier warning, advice, defect notice or incident, and who had it.

What it looks for:
    Records of the kind `warning` that do not certainly come after what they warned of: by `about`
    (a node, a commit of the graph, a service or one of its resources) or `service`, to whom by
    `told`. Reviews that asked for changes, of a change that was merged without the same reviewer
    approving it afterwards. Only the columns and the platform's own records are read, never the
    wording.

What it adds:
    `warned_SUBJECT`, a condition: that the warning was had. For each party that `told` names and
    that a duty of the catalogue obliges to whom it was known (`heed-warning`, or
    `carry-out-actions` for what was to be done after an earlier incident),
    `unheeded_SUBJECT_ROLE`, an omission, and `heeded_SUBJECT_ROLE` in front of what was warned
    of. Earlier incidents of a service of which no record says that they were of the same kind, and
    warnings of which none says who had them, are told as missing factors.

The counterfactual answer and why:
    No: acted on, what was warned of would have been guarded against. How often that would have
    helped no record tells, so `would_help_SUBJECT` is believed anywhere between never and always;
    for an objection in a review it is what a review would have stopped.

When it is wrong:
    It was acted on where no record shows it; the time was too short; the warning was one of many
    that came to nothing; the reviewer took the objection back by word of mouth.

Example:
    `2026-02-24T10:20Z, warning, about cost-view, told platform-lead`: the rota names somebody who
    has left.

Sources:
    NIST SP 800-53 rev. 5, SI-5 and RA-7; NIST SP 800-61 rev. 3, improvement; Turner 1976, The
    Organizational and Interorganizational Development of Disasters (warnings that were there and
    not taken up). GitHub REST API, pull request reviews (`CHANGES_REQUESTED`).
"""

from __future__ import annotations

from attribution.graph.doubt import UNDECIDED, doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier, text_of
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.agency import has_agent_behind
from attribution.graph.rules.notices import Notice, find_holders, list_lacking, list_notices
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.stated import (
    open_to_causes,
)
from attribution.graph.visibility import HEEDED, say_unseen
from attribution.model.event import Event
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.instant import HOUR, Instant
from attribution.model.order import Moment
from attribution.model.service import Service

_INCIDENTS = ("alert.triggered", "alert.resolved", "status.update")


def apply(facts: Facts, draft: Draft) -> None:
    """Add each warning, and that whoever had it did not act on it."""
    for notice in list_notices(facts, draft):
        _add(facts, draft, notice)
    for service in facts.manifest.services:
        if failure_id(service) in draft.nodes:
            _say_earlier(facts, draft, service)


def _add(facts: Facts, draft: Draft, notice: Notice) -> None:
    """Add the warning, and in front of what it was about what acting on it would have done."""
    subjects = [node for node in notice.subjects if _was_before(facts, draft, notice, node)]
    if notice.subjects and not subjects:
        return
    warned = Node(
        id=draft.free_id(f"warned_{notice.tag}"),
        kind="condition",
        statement=notice.statement,
        time=None if notice.moment is None else notice.moment.low,
        time_low=None if notice.moment is None else notice.moment.low,
        time_high=None if notice.moment is None else notice.moment.high,
        basis=notice.basis,
        evidence=notice.evidence,
        rule=RULE.id,
    )
    draft.add_node(warned)
    RULE.finding(draft, warned)
    holders = find_holders(facts, notice)
    for lacking in list_lacking(facts, notice, holders):
        draft.missing.append(MissingFactor(warned.id, lacking))
    if notice.unheeded is None or not subjects:
        return
    for party in holders:
        heeded = _add_heeded(facts, draft, notice, warned, party)
        for target in dict.fromkeys(
            end for node in subjects for end in open_to_causes(draft, node)
        ):
            _block(draft, heeded, target, notice)


def _was_before(facts: Facts, draft: Draft, notice: Notice, subject: str) -> bool:
    """Whether the warning may have come before what it was about; else say that it did not."""
    effect = _effect(draft, subject)
    if notice.moment is None or effect is None:
        return True
    if facts.chronicle.is_no_later(notice.moment, effect) is False:
        draft.missing.append(
            MissingFactor(
                subject,
                f"The warning of {notice.moment.span} came later than {effect.span}: it warned"
                " nobody of it. If it did, one of the times or zones is wrong.",
            )
        )
        return False
    return True


def _effect(draft: Draft, subject: str) -> Moment | None:
    node = draft.nodes[subject]
    if node.time_low is None or node.time_high is None:
        return None
    return Moment(f"“{node.statement.rstrip('.')}”", node.time_low, node.time_high, node.evidence)


def _role_mark(facts: Facts, party: str) -> str:
    """Return a party's role, numbered where several have it: ids stand where names may not."""
    holder = facts.party(party)
    if holder is None:
        return identifier(party)
    same = [item.id for item in facts.manifest.parties if item.role == holder.role]
    return holder.role if len(same) == 1 else f"{holder.role}_{same.index(party) + 1}"


def _add_heeded(facts: Facts, draft: Draft, notice: Notice, warned: Node, party: str) -> str:
    """Add that a party acted on the warning, as far as it had it, could have, and did not fail to.

    Several warnings of one thing to one party are one omission: each alone would have sufficed.
    """
    mark = f"{notice.tag}_{_role_mark(facts, party)}"
    word = "undone" if notice.duty == "carry-out-actions" else "unheeded"
    would_help = _would_help(facts, notice)
    doubt = "".join(
        doubt_order(
            facts,
            draft,
            notice.moment,
            _effect(draft, subject),
            node=f"{word}_{mark}",
            rests="that the warning was had in time",
        )
        for subject in notice.subjects
    )
    omission = Node(
        id=f"{word}_{mark}",
        kind="omission",
        statement=(
            f"{_say_unheeded(facts, notice, party)}: {notice.statement}"
            f"{_unseen(facts, draft, notice)}"
        ),
        party=resolve_owner(facts, notice.duty, known_to=party).party,
        time=warned.time,
        time_low=warned.time_low,
        duty=notice.duty,
        norm=0,
        basis=UNDECIDED if doubt else notice.unheeded,
        evidence=notice.evidence,
        rule=RULE.id,
    )
    heeded = Node(
        id=f"{word.removeprefix('un')}_{mark}",
        kind="control",
        statement=(
            f"{facts.party_name(party)} acted on the warning and guarded against what it was about."
        ),
        evidence=notice.evidence,
        rule=RULE.id,
        control=notice.control,
    )
    new = omission.id not in draft.nodes
    for node in (would_help, omission, heeded):
        draft.add_node(node)
    _link(draft, (warned, omission, would_help), heeded.id, doubt)
    if new:
        behind = any(has_agent_behind(facts, draft, node) for node in notice.subjects)
        RULE.finding(draft, omission, warned, factors=RULE.factors if behind else ())
    return heeded.id


def _say_unheeded(facts: Facts, notice: Notice, party: str) -> str:
    """Return that a party did not act on a warning, as far as that is stated or shown."""
    unshown = notice.unheeded in {"absence_of_record", "rule_inference", UNDECIDED}
    does = "No record shows that {} acted" if unshown else "It is stated that {} did not act"
    return f"{does.format(facts.party_name(party))} on this"


def _unseen(facts: Facts, draft: Draft, notice: Notice) -> str:
    if notice.moment is None:
        return ""
    ends = [end.high for node in notice.subjects if (end := _effect(draft, node)) is not None]
    return say_unseen(facts, HEEDED, notice.moment.low, max(ends, default=None))


def _would_help(facts: Facts, notice: Notice) -> Node:
    """Return how often acting on the warning would have kept away what it was about."""
    control = None if notice.control is None else facts.catalogue.controls[notice.control]
    return Node(
        id=f"would_help_{notice.tag}",
        kind="condition",
        statement="Acting on the warning would have kept away what it was about.",
        credence=None if control is None else control.effectiveness,
        basis="unanswered"
        if control is None
        else f"effectiveness of {control.id}: {control.source}",
        rule=RULE.id,
        control=notice.control,
    )


def _link(draft: Draft, given: tuple[Node, Node, Node], heeded: str, doubt: str) -> None:
    warned, omission, would_help = given
    for node, slot, counterfactual, basis in (
        (
            warned,
            "alternatives",
            "no: what nobody was warned of nobody can heed",
            f"the record{doubt}",
        ),
        (omission, "blocks", "no: had it been acted on, it would have been heeded", "the duty"),
        (
            would_help,
            "requirements",
            "no: what would not have helped keeps nothing away",
            "what it is to be kept away",
        ),
    ):
        draft.add_cause(
            Edge(
                source=node.id,
                target=heeded,
                rule=RULE.id,
                counterfactual=counterfactual,
                basis=basis,
                evidence=node.evidence,
            ),
            slot=slot,
        )


def _block(draft: Draft, heeded: str, target: str, notice: Notice) -> None:
    draft.add_cause(
        Edge(
            source=heeded,
            target=target,
            rule=RULE.id,
            counterfactual=(
                "no: had it been acted on so that it helped, this would not have come about"
            ),
            basis="what the record says that the warning was about; how often it would have helped"
            " is a range",
            evidence=notice.evidence,
        ),
        slot="blocks",
    )


def _say_earlier(facts: Facts, draft: Draft, service: Service) -> None:
    """State earlier incidents of a service: whether they were of the kind, no record tells."""
    failure = draft.nodes[failure_id(service)]
    began = None if failure.time_low is None else Instant(failure.time_low - HOUR)
    incidents: dict[str, Event] = {}
    current = set()
    for event in facts.timeline.events:
        incident = text_of(event.data, "incident")
        if event.kind not in _INCIDENTS or incident is None or began is None:
            continue
        if not facts.concerns(event, service) and incident not in incidents:
            continue
        if event.time is not None and event.time < began:
            incidents[incident] = event
        else:
            current.add(incident)
    earlier = {name: event for name, event in incidents.items() if name not in current}
    if earlier:
        last = max(earlier.values(), key=lambda event: (event.time or 0, event.id))
        many = f"{len(earlier)} earlier incidents" if len(earlier) > 1 else "1 earlier incident"
        draft.missing.append(
            MissingFactor(
                failure.id,
                f"{many} of {service.name} on record, the last at {last.references[0]}. Whether it"
                " was of the same kind, and who drew what from it, is not visible in these records:"
                " a record of the kind `warning` with `form` incident can state it.",
            )
        )


RULE = Rule(
    id="warning",
    version=1,
    title="An earlier warning, and who had it",
    refuted_by="a record that it was acted on, that it came later, or that nobody obliged had it",
    apply=apply,
    factors=("known_conduct",),
)
