"""What texts say becomes proposals: outside the equations, until a person takes one over."""

from __future__ import annotations

import pytest

from attribution.errors import ManifestError
from attribution.graph.build import build_graph
from attribution.graph.catalogue import catalogue_for
from attribution.graph.proposals import check_place
from attribution.graph.relevance import MOST
from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Timeline
from attribution.model.graph import CausalGraph
from attribution.model.manifest import Decision
from attribution.model.proposal import Proposal
from attribution.narrative.accounts import read_accounts
from attribution.narrative.passages import collect_names, collect_passages
from attribution.responsibility.attribution import Attributor
from tests.unit.graph.recorded import OVERREACH, Recorded, event

DISK = "The outage was caused by a full disk."
NO_BACKUP = "There was no backup outside the region."


def say(text: str, who: str | None = "operator", minutes: float = 300) -> Event:
    """Return a message in the chat."""
    return event("chat.message", minutes, who, text)


def read(*texts: Event, decisions: tuple[Decision, ...] = ()) -> tuple[Recorded, CausalGraph]:
    """Return the case with these texts, and its graph."""
    case = Recorded(OVERREACH.manifest, (*OVERREACH.events, *texts), OVERREACH.commits)
    case = case.with_manifest(decisions=decisions)
    ordered = sorted(case.events, key=lambda one: (one.time or 0, one.id))
    names = collect_names(case.manifest, case.manifest.actors, ())
    graph = build_graph(
        case.manifest,
        Timeline(tuple(ordered), (), (), ()),
        commits=(),
        reviews=(),
        deployments=(),
        directory=ActorDirectory(case.manifest.actors),
        read_texts=lambda: read_accounts(collect_passages(ordered), names),
    )
    return case, graph


def propose(*texts: Event) -> tuple[Proposal, ...]:
    """Return what texts propose."""
    return read(*texts)[1].proposals


def shares(case: Recorded, graph: CausalGraph) -> dict[str, float]:
    """Return the points of each party."""
    return {one.id: one.share.point for one in Attributor(graph, case.manifest).attribute().parties}


def confirm(on: str, status: str = "confirmed", **answer: str) -> Decision:
    """Return a person's decision."""
    return Decision(on, status, "the lead", None, "seen", **answer)


def test_what_a_text_says_moves_nothing_by_itself() -> None:
    """It is a proposal with its sentence, place and speaker; equations and shares stay."""
    case, without = read()
    told, graph = read(say(DISK), say(NO_BACKUP))
    assert graph.nodes == without.nodes
    assert graph.edges == without.edges
    assert shares(told, graph) == shares(case, without)
    cause, factor = graph.proposals
    assert (cause.source, cause.target) == ("told_a_full_disk", "failure_shop")
    assert cause.counterfactual == "open: operator says so, nobody has tested it"
    assert (cause.accounts[0].text, cause.accounts[0].speaker) == (DISK, "operator")
    assert (factor.kind, factor.relation, factor.target) == ("factor", "absence", "failure_shop")


@pytest.mark.parametrize(
    ("answer", "joint"), [({}, "and"), ({"answer": "needed"}, "and"), ({"answer": "enough"}, "or")]
)
def test_a_confirmed_cause_enters_the_equation_by_the_answer(
    answer: dict[str, str], joint: str
) -> None:
    """Needed: beside all there was. Enough: another way. Else as the sentence's relation says."""
    before = read(say(DISK))[1].node("failure_shop").equation
    taken = confirm("account:told_a_full_disk.failure_shop", **answer)
    graph = read(say(DISK), decisions=(taken,))[1]
    assert graph.node("failure_shop").equation == f"({before}) {joint} told_a_full_disk"
    edge = next(one for one in graph.edges if one.source == "told_a_full_disk")
    assert edge.counterfactual.startswith("no:" if joint == "and" else "yes:")
    assert (edge.status, edge.confirmed_by) == ("confirmed", "person: the lead")


@pytest.mark.parametrize("status", ["rejected", "contested", "proposed"])
def test_nothing_but_a_confirmation_enters(status: str) -> None:
    """A rejected, contested or withdrawn proposal keeps its decision and changes no equation."""
    name = "account:told_a_full_disk.failure_shop"
    graph = read(say(DISK), decisions=(confirm(name), confirm(name, status)))[1]
    assert graph.node("failure_shop") == read()[1].node("failure_shop")
    assert (graph.proposals[0].status, graph.proposals[0].decided_by) == (status, "the lead")


def test_a_confirmed_lack_with_a_duty_is_a_breach_that_bears_a_share() -> None:
    """Whose it was, and which duty, is the person's to say; then it counts as any breach."""
    name = "account:told_there_was_no_backup_outside_the_region"
    taken = confirm(name, answer="needed", party="house", duty="back-up")
    case, graph = read(say(NO_BACKUP), decisions=(taken,))
    node = graph.node(name.removeprefix("account:"))
    assert (node.party, node.duty, node.norm, node.status) == ("house", "back-up", 0, "confirmed")
    house = Attributor(graph, case.manifest).attribute().parties
    points = {breach.node: breach.points for party in house for breach in party.breaches}
    assert points[node.id] > 0


def test_denied_hedged_and_unreal_are_apart() -> None:
    """A denial speaks against, a hedge is told; what might be, or came after, proposes nothing."""
    found = propose(
        say(DISK),
        say("The outage was not caused by a full disk.", "lead", 301),
        say("The outage was probably caused by a bad cable.", "lead", 302),
        say("A full queue may result in an outage.", "lead", 303),
        say("After the merge the shop was slow, then it went down.", "lead", 304),
    )
    disk, cable = found
    assert [one.against for one in disk.accounts] == [False, True]
    assert cable.accounts[0].hedge == "probably"
    alone = propose(say("The outage was not caused by a full disk."))[0]
    assert not alone.is_cause
    graph = read(say(alone.accounts[0].text), decisions=(confirm(alone.id),))[1]
    assert graph.node("failure_shop") == read()[1].node("failure_shop")


@pytest.mark.parametrize(
    ("speakers", "basis"),
    [
        (("lead",), "single_statement"),
        (("bot",), "agent_self_account"),
        (("operator", "reviewer"), "single_statement"),
        (("operator", "lead"), "independent_witnesses"),
        (("lead", "bot"), "single_statement"),
    ],
)
def test_an_account_is_worth_what_its_speaker_is(speakers: tuple[str, ...], basis: str) -> None:
    """People of one party, or an agent beside a person, are no independent witnesses."""
    forms = (DISK, "A full disk led to the outage.")
    texts = [say(form, who) for who, form in zip(speakers, forms, strict=False)]
    [proposal] = propose(*texts)
    assert len(proposal.accounts) == len(speakers)
    assert proposal.basis == basis


def test_a_party_that_speaks_of_itself_is_told_as_such() -> None:
    """First person, or naming one of its own, is a party's account of its own conduct."""
    for text in ("We broke the shop because the list was wrong.", "It was late due to operator."):
        assert propose(say(text, "operator"))[0].basis == "party_self_account"


def test_sides_are_the_nodes_they_clearly_mean() -> None:
    """The act by doer, deed and object; the failure by any of its words; else a node of its own."""
    [proposal] = propose(say("The bot deleted shop-prod, which led to the downtime.", "lead"))
    assert (proposal.source, proposal.target) == ("act_shop", "failure_shop")
    [other] = propose(say("The weather led to downtime of the car park.", "lead"))
    assert other.target not in {"failure_shop", "act_shop"}


def test_what_two_sentences_say_alike_is_one_proposal() -> None:
    """The same cause in other words is one proposal with two pieces of evidence."""
    [proposal] = propose(say(DISK), say("The shop went down because the disk was full.", "lead"))
    assert len(proposal.evidence) == 2


def test_this_is_what_the_sentence_before_says() -> None:
    """A sentence that begins with its effect alone takes its cause from the one before."""
    [proposal] = propose(
        say("The certificate had expired. As a result, the shop was down.", "lead")
    )
    assert proposal.source == "told_the_certificate_had_expired"
    assert proposal.target == "failure_shop"


def test_an_effect_is_no_cause_of_its_cause() -> None:
    """What would close a circle says so, and cannot be confirmed."""
    text = "The bot deleted shop-prod because the shop failed."
    case, graph = read(say(text, "lead"))
    [proposal] = graph.proposals
    assert proposal.obstacle is not None
    taken = confirm(proposal.id)
    with pytest.raises(ManifestError):
        check_place(graph, taken, catalogue_for(case.manifest))
    with pytest.raises(ManifestError):
        read(say(text, "lead"), decisions=(taken,))


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (confirm("account:nobody_said_this"), "no such proposal"),
        (confirm("account:told_there_was_no_backup_outside_the_region"), "needed"),
        (confirm("account:told_there_was_no_backup_outside_the_region",
                 answer="needed", effect="nothing"), "no node of the graph"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_carried_out_says_why(decision: Decision, said: str) -> None:
    """A wrong id, a missing answer and an unknown effect get a message, and no graph."""
    with pytest.raises(ManifestError, match=said):
        read(say(NO_BACKUP), decisions=(decision,))


def test_warnings_before_the_failure_are_knowledge() -> None:
    """Who warned is told; what is said after the failure is none, unless it tells of a warning."""
    found = propose(
        say("Do not delete shop-prod, it has no snapshot.", "lead", -60),
        say("Do not restart anything now.", "lead", 60),
        say("The vendor had warned us about this.", "lead", 400),
    )
    known = [one for one in found if one.kind == "knowledge"]
    assert [one.accounts[0].speaker for one in known] == ["lead", "lead"]
    assert all(one.source is None and not one.is_cause for one in known)


def test_of_very_many_the_relevant_come_first_and_the_rest_are_counted() -> None:
    """No more than a person can read, what leads to the harm first, and nothing is dropped."""
    things = [f"queue{n} was slow because worker{n} slept" for n in range(MOST["cause"] + 40)]
    texts = [say(text, "lead", n) for n, text in enumerate(things)]
    graph = read(*texts, say(DISK, "lead", 900))[1]
    causes = [one for one in graph.proposals if one.kind == "cause"]
    assert causes[0].target == "failure_shop"
    assert graph.texts is not None
    left = dict(graph.texts.left_out)["further statements of causes"]
    assert (len(causes), left) == (MOST["cause"], len(things) + 1 - MOST["cause"])
