"""Equal names of two platforms, grades of evidence, who hides behind a role (synthetic)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.actor import Actor, ActorDirectory, Alias, name_key
from attribution.model.instant import Instant
from attribution.model.manifest import Decision, Manifest
from attribution.model.period import Period
from attribution.model.record import Accounting, AliasGroup, JsonValue, Reading, Record
from attribution.timeline.identity import Identities, resolve_identities
from attribution.timeline.namespaces import Distinguished, tell_apart


def manifest(*actors: Actor, decisions: tuple[Decision, ...] = ()) -> Manifest:
    return Manifest(
        "case", "Case", "liability", Period(None, None), actors=actors, decisions=decisions
    )


def use(actor: str | None, kind: str = "note", **data: JsonValue) -> Record:
    moment = Instant(0)
    return Record(
        "r", "line 1", kind, moment, moment, moment, None, None, actor, None, "", None, data
    )


def reading(
    format_id: str, *uses: Record, groups: tuple[tuple[tuple[str, ...], str], ...] = ()
) -> Reading:
    aliases = tuple(
        AliasGroup(names, f"/{at}", grade=grade) for at, (names, grade) in enumerate(groups)
    )
    return Reading(format_id, uses, Accounting(len(uses), len(uses)), aliases=aliases)


def resolve(case: Manifest, *sources: Reading) -> tuple[Identities, ActorDirectory, Distinguished]:
    apart = tell_apart(case, {f"E{at}": source for at, source in enumerate(sources, 1)})
    found = resolve_identities(case, apart.readings)
    return found, ActorDirectory(found.actors), apart


def names_of(found: Identities) -> set[frozenset[str]]:
    return {frozenset(alias.name for alias in actor.aliases) for actor in found.actors}


GITHUB = reading("github-pull-request", use(None, "pull_request.opened", author="sam"))
CHAT = reading("slack", use("sam", "chat.message"))


def test_equal_names_of_two_platforms_are_two_actors_and_a_question() -> None:
    """The code host keeps the name; the record of the other platform says whose it is."""
    found, directory, apart = resolve(manifest(), GITHUB, CHAT)
    assert names_of(found) == {frozenset({"sam"}), frozenset({"sam (slack)"})}
    (homonym,) = apart.homonyms
    assert homonym.id == "identity:sam"
    assert homonym.references == ("E1#line 1", "E2#line 1")
    assert apart.readings["E2"].records[0].actor == "sam (slack)"
    assert directory.resolve("sam") != directory.resolve("sam (slack)")


def test_a_person_may_decide_that_they_are_one() -> None:
    one = Decision("identity:sam", "rejected", "the author", None, "asked both")
    found, _, apart = resolve(manifest(decisions=(one,)), GITHUB, CHAT)
    assert names_of(found) == {frozenset({"sam"})}
    assert apart.homonyms[0].joined


def test_a_declared_name_is_declared_for_all_platforms() -> None:
    declared = Actor("sam", "Sam", "person", "house", (Alias("sam", "case.yaml"),))
    _, directory, apart = resolve(manifest(declared), GITHUB, CHAT)
    assert apart.homonyms == ()
    assert directory.party_of("sam") == "house"


def test_one_address_in_both_profiles_joins_them() -> None:
    mapped = reading("identity-map", groups=((("sam", "sam@x.test"), "sso"),))
    mapped = replace(mapped, format="github-identities")
    listed = replace(
        CHAT, aliases=(AliasGroup(("U1", "sam", "sam@x.test"), "/0", grade="profile"),)
    )
    found, directory, _ = resolve(manifest(), GITHUB, listed, mapped)
    assert directory.resolve("sam") == directory.resolve("sam (slack)")
    (actor,) = found.actors
    grades = {alias.name: alias.grade for alias in actor.aliases}
    assert grades["sam"] == "sso"
    assert grades["U1"] == "profile"


def test_a_name_somebody_set_in_git_gives_no_login() -> None:
    """Whoever commits as `sam` with an address of their own is not the account `sam`."""
    commits = reading(
        "git",
        use("eve@x.test", "commit", author_name="sam", author_email="eve@x.test"),
        groups=((("eve@x.test", "sam"), "stated"),),
    )
    _, directory, _ = resolve(manifest(), GITHUB, commits)
    assert directory.resolve("sam") != directory.resolve("eve@x.test")


def test_a_hand_kept_note_means_the_one_account_of_that_name() -> None:
    """Where there are two it means neither."""
    note = reading("csv", use("sam"))
    found, _, _ = resolve(manifest(), GITHUB, note)
    assert names_of(found) == {frozenset({"sam"})}
    both, _, _ = resolve(manifest(), GITHUB, CHAT, note)
    assert frozenset({"sam (notes)"}) in names_of(both)


def test_names_inside_the_facts_follow() -> None:
    chat = reading("slack", use("sam", "chat.message", mentions=["sam", "kim"], user="sam"))
    _, _, apart = resolve(manifest(), GITHUB, chat)
    data = apart.readings["E2"].records[0].data
    assert (data["mentions"], data["user"]) == (["sam (slack)", "kim"], "sam (slack)")


def test_an_address_for_a_sessions_name_identifies_nobody() -> None:
    """Whoever may assume the role may call the session by anybody's address."""
    call = use("sam@x.test", "audit.call", role="Operator", session="sam@x.test")
    commits = reading("git", use("sam@x.test", "commit", author_email="sam@x.test"))
    found, directory, _ = resolve(manifest(), commits, reading("cloudtrail", call))
    hidden = next(actor for actor in found.actors if actor.behind_role is not None)
    assert hidden.name == "unknown person behind role Operator (session sam@x.test)"
    assert directory.resolve("sam@x.test") != hidden
    assert hidden.to_dict()["behind_role"] == "Operator"


@pytest.mark.parametrize(
    ("format_id", "call", "name"),
    [
        (
            "gcp-audit",
            use("ci@p.iam.gserviceaccount.com", "audit.call", role="ci@p.iam.gserviceaccount.com"),
            "unknown person behind role ci@p.iam.gserviceaccount.com",
        ),
        (
            "kubernetes-audit",
            use("system:serviceaccount:ci:bot", "audit.call", role="admin", impersonated="admin"),
            "unknown person behind role system:serviceaccount:ci:bot",
        ),
        (
            "azure-activity",
            use("app-1", "audit.call", role="app-1", caller_type="app"),
            "unknown person behind role app-1",
        ),
        (
            "github-audit-log",
            use("deploy key SHA256:x", "audit.call", role="deploy key SHA256:x"),
            "unknown person behind role deploy key SHA256:x",
        ),
    ],
)
def test_whoever_uses_an_account_that_others_may_use_stays_unknown(
    format_id: str, call: Record, name: str
) -> None:
    found, _, _ = resolve(manifest(), reading(format_id, call))
    assert [actor.name for actor in found.actors] == [name]


def test_two_logins_with_one_number_are_one_account() -> None:
    """The noreply address carries the number of the account, which renaming does not change."""
    commits = reading(
        "git",
        use("7+old@users.noreply.github.com", "commit"),
        use("7+new@users.noreply.github.com", "commit"),
    )
    _, directory, _ = resolve(manifest(), commits)
    assert directory.resolve("old") == directory.resolve("new")


def test_a_login_that_two_accounts_had_belongs_to_neither() -> None:
    commits = reading(
        "git",
        use("7+sam@users.noreply.github.com", "commit"),
        use("9+sam@users.noreply.github.com", "commit"),
    )
    _, directory, _ = resolve(manifest(), commits, GITHUB)
    actors = [
        directory.resolve(name)
        for name in ("7+sam@users.noreply.github.com", "9+sam@users.noreply.github.com", "sam")
    ]
    assert len({actor.id for actor in actors if actor is not None}) == 3


def test_a_weaker_statement_does_not_join_what_a_directory_lists_as_two() -> None:
    """A commit that gives two people's addresses as one person's is reported, and joins nobody."""
    directory_file = replace(
        reading(
            "github-identities",
            groups=((("sam", "sam@x.test"), "sso"), (("kim", "kim@x.test"), "sso")),
        ),
    )
    commits = reading(
        "git",
        groups=(
            (("sam@x.test", "kim@x.test"), "stated"),
            (("k@home.test", "kim@x.test"), "stated"),
        ),
    )
    found, directory, _ = resolve(manifest(), directory_file, commits)
    assert directory.resolve("sam") != directory.resolve("kim")
    assert directory.resolve("k@home.test") == directory.resolve("kim")
    assert found.conflicts == (
        (
            "evidence names kim and sam as one actor, E1 lists them as accounts of their own:"
            " they stay apart"
        ),
    )


SIMILAR = st.sampled_from(
    [
        ("dana", "dana2"),
        ("dana", "d.ana"),
        ("dana@x.test", "dana+ops@x.test"),
        ("d.ana@x.test", "dana@x.test"),
        ("dana", "d\u0430na"),  # Cyrillic a
        ("strasse", "straße"),
        ("sam", "\u017fam"),  # the long s
        ("Dana B", "Dana  B"),
        ("dana@x.test", "dana@y.test"),
        ("dana", "dana[bot]"),
    ]
)


@settings(max_examples=40)
@given(SIMILAR, st.sampled_from(["slack", "github-timeline", "gerrit-query", "csv"]))
def test_names_that_only_look_alike_never_join(pair: tuple[str, str], format_id: str) -> None:
    one, other = pair
    found, directory, _ = resolve(manifest(), reading(format_id, use(one), use(other)))
    assert directory.resolve(one) != directory.resolve(other)
    assert len(found.actors) == 2


def test_the_same_name_in_capitals_is_one_where_the_platform_does_not_mind() -> None:
    """Logins of GitHub are looked up without regard to case; user names of a cluster are not."""
    for format_id, count in (("github-timeline", 1), ("kubernetes-audit", 2)):
        found, _, _ = resolve(manifest(), reading(format_id, use("Dana"), use("dana")))
        assert len(found.actors) == count


NAMES = st.sampled_from(["sam", "kim", "sam@x.test", "kim@x.test", "U1", "U2"])
FORMATS = st.sampled_from(["slack", "git", "github-timeline", "csv"])
SOURCES = st.lists(
    st.builds(
        lambda format_id, uses, groups: reading(
            format_id, *map(use, uses), groups=tuple((tuple(g), grade) for g, grade in groups)
        ),
        FORMATS,
        st.lists(NAMES, max_size=3),
        st.lists(
            st.tuples(
                st.lists(NAMES, min_size=2, max_size=3, unique=True),
                st.sampled_from(["sso", "profile", "verified", "stated"]),
            ),
            max_size=3,
        ),
    ),
    max_size=4,
)


@settings(max_examples=40)
@given(SOURCES, st.randoms(use_true_random=False))
def test_the_order_of_evidence_changes_nobody(sources: list[Reading], rng: st.DataObject) -> None:
    """Whoever the names come to is the same however the items are ordered."""
    items = {f"E{at}": source for at, source in enumerate(sources)}
    shuffled = list(items.items())
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (
        resolve_identities(manifest(), tell_apart(manifest(), given_items).readings)
        for given_items in (items, dict(shuffled))
    )
    assert first == second


@settings(max_examples=40)
@given(SOURCES)
def test_every_name_used_is_found_and_belongs_to_one_actor(sources: list[Reading]) -> None:
    found, directory, apart = resolve(manifest(), *sources)
    keys = [name_key(alias.name) for actor in found.actors for alias in actor.aliases]
    assert len(keys) == len(set(keys))
    for source in apart.readings.values():
        for record in source.records:
            assert directory.resolve(record.actor) is not None
