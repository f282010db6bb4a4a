"""Who owed a duty, by the conditions of the catalogue: every row of every duty can be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.graph.catalogue import catalogue_for
from attribution.graph.duties import ACTOR, load_duties
from attribution.graph.facts import Facts
from attribution.graph.owners import resolve_owner
from attribution.model.actor import ActorDirectory, Party
from attribution.model.event import Timeline
from attribution.model.graph import Duty
from attribution.model.manifest import Manifest
from tests.unit.graph.recorded import ACTORS, BASE, PARTIES, SERVICE, actor

_ALL = replace(
    BASE,
    parties=(
        *PARTIES,
        Party("shipper", "The vendor", "vendor"),
        Party("host", "The host", "third_party"),
    ),
    actors=(*ACTORS, actor("shipper-bot", "service_account", "shipper")),
)
_PARTY = {
    "agent": "maker",
    "deployer": "team",
    "organisation": "house",
    "vendor": "shipper",
    "third_party": "host",
}


def facts_of(manifest: Manifest = _ALL) -> Facts:
    """Return the facts of a case without records."""
    return Facts(
        manifest,
        Timeline((), (), (), ()),
        (),
        (),
        (),
        ActorDirectory(manifest.actors),
        catalogue_for(manifest),
    )


@pytest.mark.parametrize(
    ("duty", "role", "when"),
    [
        (duty.id, owner.role, dict(owner.when))
        for duty in load_duties().values()
        for owner in duty.owners
    ],
)
def test_each_row_gives_the_party_that_has_its_role(
    duty: str, role: str, when: dict[str, str]
) -> None:
    """Whoever set, runs or knew owes it where a row says so; the last row holds for the rest."""
    told = {name: _PARTY[value] for name, value in when.items()}
    owed = resolve_owner(facts_of(), duty, actor="operator", **told)  # type: ignore[arg-type]
    assert owed.party == _PARTY["deployer" if role == ACTOR else role]
    assert owed.role == role
    conditional = any(owner.when for owner in load_duties()[duty].owners)
    assert owed.assumed == (conditional and not when)


def test_a_record_names_the_actor_who_set_it() -> None:
    """The name of an actor stands for the party it acts for."""
    assert resolve_owner(facts_of(), "keep-guardrail", set_by="lead").party == "house"
    assert resolve_owner(facts_of(), "make-reversible", set_by="shipper-bot").party == "shipper"


def test_whoever_owns_the_service_runs_it() -> None:
    """The service's owner is who runs it, unless a record says otherwise."""
    facts = facts_of()
    assert resolve_owner(facts, "monitor-service", service=SERVICE).party == "house"
    other = resolve_owner(facts, "monitor-service", service=SERVICE, run_by="team")
    assert (other.party, other.assumed) == ("team", False)


def test_an_unknown_fact_is_said_and_not_guessed() -> None:
    """Where no record tells who set it, the last row holds and the ground says what is unknown."""
    owed = resolve_owner(facts_of(), "limit-reach")
    assert (owed.party, owed.assumed) == ("house", True)
    assert owed.because == (
        "owed by the organisation as far as is known: no record tells who last set the setting,"
        " the default or the limit"
    )
    known = resolve_owner(facts_of(), "limit-reach", set_by="bot")
    assert (known.party, known.assumed) == ("house", False)
    assert known.because == "owed by the organisation: the agent last set it"


def test_a_role_that_nobody_has_is_nobodys() -> None:
    """Without a declared vendor its duty is nobody's, not somebody else's."""
    owed = resolve_owner(facts_of(BASE), "offer-stop")
    assert (owed.party, owed.role) == (None, "vendor")
    assert resolve_owner(facts_of(BASE), "stay-in-scope", actor="stranger").party is None


def test_the_case_says_who_owed_it() -> None:
    """A duty of the same id in case.yaml comes before the catalogue's conditions."""
    duty = Duty("limit-reach", "The team bounds it.", "deployer", "contract 3.1")
    owed = resolve_owner(facts_of(replace(_ALL, duties=(duty,))), "limit-reach", set_by="shipper")
    assert (owed.party, owed.because) == ("team", "case.yaml says who owed it")


def test_of_several_in_a_role_it_is_the_one_that_had_to_do_with_it() -> None:
    """Two vendors: whoever set or runs it owes it, and nobody where neither is known to."""
    two = replace(_ALL, parties=(*_ALL.parties, Party("second", "Another vendor", "vendor")))
    facts = facts_of(two)
    assert resolve_owner(facts, "effective-guardrail", set_by="second").party == "second"
    assert resolve_owner(facts, "effective-guardrail", run_by="shipper").party == "shipper"
    assert resolve_owner(facts, "effective-guardrail").party is None
