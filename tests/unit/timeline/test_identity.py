from __future__ import annotations

import itertools

import pytest

from attribution.errors import ManifestError
from attribution.model.actor import Actor, ActorDirectory, Alias
from attribution.model.instant import Instant
from attribution.model.manifest import Manifest
from attribution.model.period import Period
from attribution.model.record import Accounting, AliasGroup, JsonValue, Reading, Record
from attribution.timeline.identity import resolve_actors, resolve_identities


def manifest(*actors: Actor) -> Manifest:
    return Manifest("case", "Case", "liability", Period(None, None), actors=actors)


def declared(actor_id: str, *aliases: str, kind: str = "person") -> Actor:
    stated = tuple(Alias(name, "case.yaml") for name in aliases)
    return Actor(actor_id, actor_id.title(), kind, "organisation", stated)


def use(actor: str | None, kind: str = "note", **data: JsonValue) -> Record:
    moment = Instant(0)
    return Record(
        "r", "line 1", kind, moment, moment, moment, None, None, actor, None, "", None, data
    )


def reading(*groups: tuple[str, ...], uses: tuple[Record, ...] = ()) -> Reading:
    aliases = tuple(AliasGroup(names, f"/{at}") for at, names in enumerate(groups))
    return Reading("csv", uses, Accounting(len(uses), len(uses)), aliases=aliases)


def names_of(actor: Actor) -> set[str]:
    return {alias.name for alias in actor.aliases}


def test_login_address_chat_id_and_session_name_become_one_actor() -> None:
    """Each join comes from a place that states it, and the place is the alias's basis."""
    actors = resolve_actors(
        manifest(declared("operator", "op@example.test")),
        {
            "E1": reading(("U07OPER", "op.chat", "op@example.test")),
            "E2": reading(
                ("Op Erator", "op@example.test"), uses=(use("op.chat", "audit.call", role="Admin"),)
            ),
        },
    )
    (operator,) = actors
    bases = {alias.name: alias.basis for alias in operator.aliases}
    assert bases["U07OPER"] == "E1#/0"
    assert bases["Op Erator"] == "E2#/0"
    assert bases["op@example.test"] == "case.yaml"
    assert ActorDirectory(actors).resolve("OP.CHAT") == operator


def test_similar_names_are_not_joined() -> None:
    found = resolve_actors(
        manifest(declared("dana")), {"E1": reading(uses=(use("dana2"), use("Dana B")))}
    )
    assert [actor.id for actor in found] == ["dana", "dana-b", "dana2"]
    assert [actor.party for actor in found] == ["organisation", None, None]


def test_a_name_two_addresses_carry_joins_neither() -> None:
    """Anybody can set another's name in git: a display name beside two addresses proves nothing."""
    found = resolve_actors(
        manifest(), {"E1": reading(("Alex Lee", "alex@a.test"), ("Alex Lee", "alex@b.test"))}
    )
    assert {frozenset(names_of(actor)) for actor in found} == {
        frozenset({"Alex Lee"}),
        frozenset({"alex@a.test"}),
        frozenset({"alex@b.test"}),
    }


def test_a_declared_address_is_not_extended_by_a_display_name_alone() -> None:
    found = resolve_actors(
        manifest(declared("alex", "Alex Lee", "alex@a.test")),
        {"E1": reading(("Alex Lee", "stranger@b.test"))},
    )
    assert "stranger@b.test" not in names_of(found[0])
    assert [actor.party for actor in found] == ["organisation", None]


@pytest.mark.parametrize(
    ("address", "login"),
    [
        ("198982749+coder[bot]@users.noreply.github.com", "coder[bot]"),
        ("octo@users.noreply.github.com", "octo"),
    ],
)
def test_a_noreply_address_belongs_to_its_login(address: str, login: str) -> None:
    (actor,) = resolve_actors(manifest(), {"E1": reading(uses=(use(login), use(address)))})
    assert names_of(actor) == {address, login}


def test_a_bot_and_a_login_of_the_same_stem_stay_apart() -> None:
    found = resolve_actors(manifest(), {"E1": reading(uses=(use("coder"), use("coder[bot]")))})
    assert [(actor.name, actor.kind) for actor in found] == [
        ("coder", "unknown"),
        ("coder[bot]", "service_account"),
    ]
    assert len({actor.id for actor in found}) == 2


def test_declared_actors_that_evidence_ties_together_stay_apart_and_are_reported() -> None:
    found = resolve_identities(
        manifest(declared("first", "a@x.test"), declared("second", "b@x.test")),
        {
            "E1": reading(
                ("a@x.test", "c@x.test"), ("c@x.test", "d@x.test"), ("b@x.test", "a@x.test")
            )
        },
    )
    first, second = found.actors
    assert names_of(first) >= {"a@x.test", "c@x.test", "d@x.test"}
    assert names_of(second) == {"second", "b@x.test"}
    assert len(found.conflicts) == 1
    assert "first and second" in found.conflicts[0]


def test_a_name_stated_for_two_declared_actors_goes_to_neither() -> None:
    found = resolve_identities(
        manifest(declared("first", "a@x.test"), declared("second", "b@x.test")),
        {"E1": reading(("a@x.test", "c@x.test"), ("b@x.test", "c@x.test"))},
    )
    assert [names_of(actor) for actor in found.actors[2:]] == [{"c@x.test"}]
    assert "left with neither: c@x.test" in found.conflicts[0]


def test_one_name_declared_twice_is_refused_with_the_name() -> None:
    with pytest.raises(ManifestError, match="Shared") as raised:
        resolve_actors(manifest(declared("a", "shared"), declared("b", "Shared")), {})
    assert raised.value.remedy is not None


def test_an_assumed_role_stays_a_person_unknown() -> None:
    calls = (use("session-1", "audit.call", role="Operator"),)
    (actor,) = resolve_actors(manifest(), {"E1": reading(uses=calls)})
    assert actor.name == "unknown person behind role Operator (session session-1)"
    assert (actor.kind, actor.party) == ("unknown", None)


def test_a_source_identity_lifts_the_role() -> None:
    calls = (use("dev", "audit.call", role="Operator", source_identity="dev"),)
    assert resolve_actors(manifest(), {"E1": reading(uses=calls)})[0].name == "dev"


def test_names_inside_the_facts_become_actors_too() -> None:
    merged = use(None, "pull_request.merged", merged_by="lead", author="dev")
    commit = use("Dev", "commit", author_name="Dev", author_email="dev@example.test")
    found = resolve_actors(manifest(), {"E1": reading(uses=(merged, commit))})
    assert {name for actor in found for name in names_of(actor)} == {
        "lead", "dev", "dev@example.test"
    }  # fmt: skip


def test_ids_of_names_that_look_alike_are_told_apart() -> None:
    found = resolve_actors(
        manifest(declared("dev-1")), {"E1": reading(uses=(use("dev 1"), use("dev_1"), use("日本")))}
    )
    assert len({actor.id for actor in found}) == 4
    directory = ActorDirectory(found)
    assert [directory.resolve(name) for name in ("dev-1", "dev 1", "dev_1", "日本")] == [
        found[0],
        *(actor for name in ("dev 1", "dev_1", "日本") for actor in found if actor.name == name),
    ]


def test_the_order_of_evidence_and_statements_changes_nothing() -> None:
    groups = [
        ("a", "x@x.test"),
        ("b", "x@x.test"),
        ("c", "y@x.test"),
        ("a", "b"),
        ("c", "z@x.test"),
    ]
    results = {
        resolve_actors(manifest(declared("b", "y@x.test")), {"E1": Reading(
            "csv", (), Accounting(),
            aliases=tuple(AliasGroup(names, "/" + "".join(names)) for names in order),
        )})
        for order in itertools.permutations(groups)
    }  # fmt: skip
    assert len(results) == 1
