"""Facts about the loss, whose service it was, the policy's forms, and questions for a person."""

from __future__ import annotations

from attribution.cover.facts import CoverFacts
from attribution.model.cover import MET, NOT_MET, OPEN, Answer
from attribution.model.policy import FactTest


def service_owned_by(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether all services that harm befell are the insured's, or all another's."""
    wanted = str(test.arguments["owner"])
    services = {service.id: service for service in facts.manifest.services}
    struck = list(dict.fromkeys(harm.service for harm in facts.manifest.harms))
    owners = {name: services[name].owner for name in struck if name in services}
    unknown = [name for name, owner in owners.items() if owner is None]
    if unknown or not owners:
        said = f"No owner is declared of {', '.join(unknown) or 'any service that failed'}."
        return Answer(OPEN, said, unshown=True)
    parties = {party.id: party.name for party in facts.manifest.parties}
    said = " ".join(
        f"{services[name].name} is owned by {parties.get(owner or '', owner)}."
        for name, owner in owners.items()
    )
    own = {owner in facts.entry.insured for owner in owners.values()}
    if len(own) > 1:
        return Answer(OPEN, f"{said} Some are the insured's, some are not.")
    return Answer(MET if own == {wanted == "insured"} else NOT_MET, said)


def harm_head(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether a piece of the loss falls under one of these heads."""
    given = test.arguments["heads"]
    wanted = frozenset(map(str, given)) if isinstance(given, list) else frozenset()
    words = ", ".join(sorted(wanted)).replace("_", " ")
    found = [head for head in facts.heads if head.head in wanted]
    if found:
        evidence = tuple(dict.fromkeys(cited for head in found for cited in head.evidence))
        return Answer(MET, f"{', '.join(head.id for head in found)}: {words}.", evidence)
    unnamed = [head.id for head in facts.heads if head.head is None]
    if unnamed:
        said = f"Nobody has said which head of loss {', '.join(unnamed)} is."
        return Answer(OPEN, said)
    heads = sorted({(head.head or "").replace("_", " ") for head in facts.heads})
    listed = ", ".join(heads) or "nothing"
    return Answer(NOT_MET, f"The loss on record is {listed}; none of it is {words}.")


def form_attached(facts: CoverFacts, test: FactTest) -> Answer:
    """Return whether the policy's schedule has the form."""
    name = str(test.arguments["form"])
    form = next((form for form in facts.policy.forms if form.id == name), None)
    if form is None and facts.policy.schedule_complete:
        return Answer(NOT_MET, f"{name} is not on the schedule of forms, which is complete.")
    if form is None or form.attached is None:
        return Answer(OPEN, f"Whether {name} is attached is not known: the schedule is needed.")
    said = f"{name} is {'' if form.attached else 'not '}attached; {form.standing}."
    return Answer(MET if form.attached else NOT_MET, said)


def judgement(_facts: CoverFacts, test: FactTest) -> Answer:
    """Return the question, open: no record answers it."""
    return Answer(OPEN, str(test.arguments["question"]))
