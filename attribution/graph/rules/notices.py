"""Warnings, notices of defects and objections on record: what they say, to whom, about what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.graph.doubt import UNDECIDED
from attribution.graph.draft import Draft
from attribution.graph.duties import load_conditions
from attribution.graph.facts import Facts, list_of, short, text_of
from attribution.graph.rules.objections import Objection, list_objections
from attribution.graph.rules.stated import (
    believed,
    cite,
    find_party,
    find_subjects,
    list_stated,
    quote,
    subject_tag,
)
from attribution.model.event import Event
from attribution.model.instant import format_instant
from attribution.model.order import Moment

_FORMS = {
    "warning": ("warned", "a warning", "heed-warning"),
    "advice": ("advised", "advice", "heed-warning"),
    "defect": ("told of a defect", "notice of a defect", "heed-warning"),
    "incident": (
        "told of an earlier incident of the kind",
        "word of an earlier incident of the kind",
        "heed-warning",
    ),
    "action": (
        "told what was to be done after an incident",
        "word of what was to be done after an incident",
        "carry-out-actions",
    ),
}
"""The words of `form`: what was done to whoever had it, what it is, and the duty it brought."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: what it says, who had it, and the nodes it is about.

    `basis` is how far it is believed that it was had, `unheeded` how far that nobody acted on it,
    None where it was acted on. `control` is the one that acting on it would have been, where it is
    one of the catalogue.
    """

    tag: str
    statement: str
    told: tuple[str, ...]
    subjects: tuple[str, ...]
    duty: str
    moment: Moment | None
    basis: str
    unheeded: str | None
    control: str | None
    evidence: tuple[str, ...]


def list_notices(facts: Facts, draft: Draft) -> Iterator[Notice]:
    """Yield the warnings that records state, then the requests for changes merged over."""
    for event in list_stated(facts, "warning"):
        yield _read(facts, draft, event)
    for objection in list_objections(facts, draft):
        yield _of_objection(facts, draft, objection)


def find_holders(facts: Facts, notice: Notice) -> list[str]:
    """Return the parties that had the warning and that a duty obliges to act on it."""
    obliged = load_conditions()["known_to"].roles
    found = dict.fromkeys(find_party(facts, name) for name in notice.told)
    parties = (facts.party(name) for name in found)
    return [party.id for party in parties if party is not None and party.role in obliged]


def list_lacking(facts: Facts, notice: Notice, holders: list[str]) -> list[str]:
    """Return what no record says of a warning and what its weight depends on."""
    said = []
    if not notice.subjects:
        said.append(
            "Nothing of the graph is what this warned of. If something is, name its node, its"
            " service or its commit in the column `about`."
        )
    if not notice.told:
        said.append(
            "No record says who had this warning, so nobody is held to have known of it. Name them"
            " in the column `told`."
        )
    unknown = [name for name in notice.told if find_party(facts, name) is None]
    if unknown:
        said.append(f"Whose knowledge this is, is not declared: no party has {', '.join(unknown)}.")
    if notice.moment is None and holders:
        said.append(
            "The warning has no time, so how long there was to act on it is not visible in these"
            " records."
        )
    return said


def _read(facts: Facts, draft: Draft, event: Event) -> Notice:
    """Return what a record of the kind `warning` states."""
    word = (text_of(event.data, "form") or "warning").casefold()
    done, form, duty = _FORMS.get(word, _FORMS["warning"])
    subjects = find_subjects(facts, draft, event)
    moment = Moment.of_event(event, f"the warning “{quote(event.text)}”")
    told = tuple(str(name) for name in list_of(event.data, "told"))
    basis = believed(facts, event, None)
    acted_on = event.data.get("acted_on")
    unheeded = None if acted_on is True else basis if acted_on is False else "absence_of_record"
    return Notice(
        tag=subject_tag(facts, event, subjects),
        statement=_say_given(facts, event, told, (done, form)),
        told=told,
        subjects=subjects,
        duty=duty,
        moment=moment,
        basis=basis,
        unheeded=UNDECIDED if moment is None and unheeded is not None else unheeded,
        control=None,
        evidence=event.references,
    )


def _say_given(facts: Facts, event: Event, told: tuple[str, ...], words: tuple[str, str]) -> str:
    """Return who gave what to whom and when, as far as the record says."""
    done, form = words
    giver = event.actor or event.actor_name
    moment = Moment.of_event(event, "the warning")
    when = (
        "At a time that is not recorded"
        if moment is None
        else f"At {format_instant(event.time or moment.low)}"
    )
    had = " and ".join(_name(facts, name) for name in told)
    own = giver is not None and [find_party(facts, name) for name in told] == [
        find_party(facts, giver)
    ]
    if own and find_party(facts, giver) is not None:
        said = f"{had} had, by its own record, {form}"
    elif told:
        by = "" if giver is None else f" by {facts.name_inside(giver)}"
        said = f"{had} {'was' if len(told) == 1 else 'were'} {done}{by}"
    else:
        gave = "somebody no record names" if giver is None else facts.name_inside(giver)
        said = f"{gave} gave {form}, to whom no record says"
    return f"{when} {said}: {cite(event.text)}."


def _of_objection(facts: Facts, draft: Draft, objection: Objection) -> Notice:
    """Return what a request for changes says that was merged over."""
    event, review = objection.event, objection.review
    merger = review.merged_by or objection.commit.committer
    effects = [target for source, target in sorted(draft.edges) if source == objection.node]
    return Notice(
        tag=short(objection.commit.sha),
        statement=(
            f"{facts.actor_name(text_of(event.data, 'reviewer') or event.actor_name)} had asked for"
            f" changes to {objection.title}, which {facts.actor_name(merger)} merged."
        ),
        told=(merger,),
        subjects=tuple(effects),
        duty="heed-warning",
        moment=Moment.of_event(event, f"the request for changes to {objection.title}"),
        basis="machine_record",
        unheeded="rule_inference",
        control="review",
        evidence=tuple(dict.fromkeys((*event.references, *review.references))),
    )


def _name(facts: Facts, name: str) -> str:
    party = facts.party(find_party(facts, name))
    return facts.actor_name(name) if facts.actor(name) or party is None else party.name
