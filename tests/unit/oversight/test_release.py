from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.model.commit import Commit
from attribution.model.event import Event, Witness
from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import Deployment
from attribution.model.record import JsonValue
from attribution.oversight.deployments import list_deployments
from attribution.oversight.release import first_release, trace_change


def commit(sha: str, *parents: str, reverts: tuple[str, ...] = ()) -> Commit:
    return Commit(sha, None, parents, "dev", "dev", None, None, sha, "no_marker", reverts=reverts)


def deployment(
    sha: str, time: int | None, environment: str = "production", state: str | None = "success"
) -> Deployment:
    moment = None if time is None else Instant(time)
    return Deployment(f"d{time}", sha, environment, None, "ci", moment, state, ())


# a - b - c - m - f     m merges the branch a - x; f reverts b
HISTORY = (
    commit("a"),
    commit("b", "a"),
    commit("c", "b"),
    commit("x", "a"),
    commit("m", "c", "x"),
    commit("f", "m", reverts=("b",)),
)


@pytest.mark.parametrize(
    ("sha", "deployed", "expected"),
    [
        ("b", [("b", 1)], "d1"),
        ("b", [("a", 1), ("c", 2), ("m", 3)], "d2"),
        ("x", [("c", 1), ("m", 2)], "d2"),
        ("x", [("c", 1)], None),
        ("b", [("m", 5), ("c", 4)], "d4"),
    ],
)
def test_the_first_release_is_the_first_whose_ancestry_holds_the_commit(
    sha: str, deployed: list[tuple[str, int]], expected: str | None
) -> None:
    """Not the next one in time: a deployment of another branch carries nothing of this one."""
    found = first_release(sha, [deployment(*one) for one in deployed], HISTORY, ("production",))
    assert (None if found is None else found.id) == expected


def test_a_deployment_after_the_revert_no_longer_carries_the_change() -> None:
    assert first_release("b", [deployment("f", 1)], HISTORY) is None


def test_a_revert_of_the_revert_brings_the_change_back() -> None:
    again = (*HISTORY, commit("g", "f", reverts=("f",)))
    assert first_release("b", [deployment("g", 1)], again) is not None


def test_reverts_that_name_each_other_come_to_an_end() -> None:
    loop = (commit("p", reverts=("q",)), commit("q", "p", reverts=("p",)))
    assert first_release("p", [deployment("q", 1)], loop) is None


def test_unknown_ancestry_asserts_nothing_but_the_commit_itself() -> None:
    unknown = [deployment("deadbeef", 1)]
    assert first_release("b", unknown, HISTORY) is None
    assert first_release("deadbeef", unknown, ()) is not None


@pytest.mark.parametrize("state", ["failure", "error", "in_progress"])
def test_a_deployment_that_failed_or_never_ended_released_nothing(state: str) -> None:
    assert first_release("b", [deployment("b", 1, state=state)], HISTORY) is None


def test_only_the_environments_asked_for_count() -> None:
    made = [deployment("b", 1, "staging"), deployment("b", 2, "Production")]
    found = first_release("b", made, HISTORY, ("production",))
    assert found is not None
    assert found.id == "d2"


def test_a_deployment_without_a_time_is_never_the_first() -> None:
    assert first_release("b", [deployment("b", None)], HISTORY) is None


def test_a_copy_that_says_what_it_was_picked_from_carries_the_change() -> None:
    """In either direction: asked about the copy, the original counts."""
    history = (*HISTORY, replace(commit("p", "x"), picked_from=("b",)))
    for sha, deployed in (("b", "p"), ("p", "c")):
        found = first_release(sha, [deployment(deployed, 1)], history)
        assert found is not None
    assert first_release("p", [deployment("x", 1)], history) is None


def test_a_case_tells_where_a_change_ran_until_its_revert() -> None:
    made = [deployment("c", 1), deployment("m", 2), deployment("f", 3), deployment("c", 1, "test")]
    production, test = trace_change(HISTORY[1], made, HISTORY).environments
    [ran] = production.exposures
    assert (ran.begun_by, ran.end, ran.why) == ("d1", 3, "revert")
    assert (test.exposures[0].end, test.exposures[0].until) == (None, 3)


def test_a_deployment_from_another_repository_ends_no_exposure() -> None:
    """Two services go to one environment; that of the other one does not end the exposure."""
    mine = replace(deployment("b", 1), repository="org/shop")
    other = replace(deployment("x", 2), repository="org/mail")
    later = replace(deployment("c", 3), repository="org/shop")
    change = replace(HISTORY[1], repository="shop")
    traced = trace_change(change, [mine, other, later], HISTORY).environments
    assert [(one.repository, one.deployments) for one in traced] == [("org/shop", 2)]
    assert all(one.exposures[0].end is None for one in traced)


def event(kind: str, seconds: int, **data: JsonValue) -> Event:
    time = Instant(seconds * SECOND)
    return Event(
        f"ev-{seconds}", kind, time, time, time, None, None, None, "ci", None, "", None,
        (Witness("E1", f"/{seconds}"),), data=data,
    )  # fmt: skip


def test_a_deployment_is_put_together_from_its_request_and_statuses() -> None:
    (found,) = list_deployments(
        [
            event(
                "deployment.created", 0,
                deployment_id="42", sha="b", environment="production", creator="ci",
            ),
            event("deployment.status", 60, deployment_id="42", state="in_progress"),
            event("deployment.status", 90, deployment_id="42", state="success"),
            event("deployment.status", 99, deployment_id="42", state="inactive"),
        ]
    )  # fmt: skip
    assert found.to_dict() == {
        "id": "42",
        "sha": "b",
        "environment": "production",
        "repository": None,
        "creator": "ci",
        "time": "1970-01-01T00:01:30Z",
        "state": "inactive",
        "evidence": ["E1#/0", "E1#/60", "E1#/90", "E1#/99"],
        "ended": "1970-01-01T00:01:39Z",
    }


def test_a_status_that_names_no_commit_makes_no_deployment() -> None:
    assert list_deployments([event("deployment.status", 1, deployment_id="1", state="x")]) == ()


def test_one_id_in_two_repositories_is_two_deployments() -> None:
    data: dict[str, JsonValue] = {"deployment_id": "1", "sha": "b", "environment": "production"}
    made = [
        event("deployment.created", at, repository=name, **data)
        for at, name in enumerate(("org/a", "org/b"))
    ]
    assert [found.repository for found in list_deployments(made)] == ["org/a", "org/b"]
