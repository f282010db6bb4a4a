"""How long an environment ran a change, against a twin that replays all that had happened."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.instant import SECOND, Instant
from attribution.model.oversight import Deployment
from attribution.model.release import Carrier, Revert
from attribution.oversight.carriage import Carriage
from attribution.oversight.exposure import trace_environments

# a - b - c - d    c reverts b, d reverts c; x stands beside b; b2 is a copy of b on top of x
PARENTS = {"a": (), "b": ("a",), "c": ("b",), "d": ("c",), "x": ("a",), "b2": ("x",)}
CARRIAGE = Carriage(
    [Carrier("b", "itself"), Carrier("b2", "says_so")],
    [Revert("c", "b", "says_so"), Revert("d", "c", "says_so")],
    PARENTS,
)
HAS = {"b": True, "b2": True, "d": True, "a": False, "c": False, "x": False, "elsewhere": None}

DEPLOYMENTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(HAS)),
        st.integers(0, 500),
        st.sampled_from(["production", "Production", "staging"]),
        st.sampled_from(["success", None, "failure", "queued", "inactive"]),
        st.integers(1, 200),
    ),
    max_size=8,
)


def build(rows: list[tuple[str, int, str, str | None, int]]) -> list[Deployment]:
    return [
        Deployment(
            f"d{number}",
            sha,
            environment,
            None,
            "ci",
            Instant(time * SECOND),
            state,
            (),
            Instant((time + lasted) * SECOND) if state == "inactive" else None,
        )
        for number, (sha, time, environment, state, lasted) in enumerate(rows)
    ]


def runs_it(made: list[Deployment], second: int) -> bool:
    """Return whether an environment ran the change in a second, from all that had happened."""
    arrived = sorted(
        (one for one in made if one.state not in {"failure", "queued"}),
        key=lambda one: (one.time or 0, one.id),
    )
    running = False
    for number, one in enumerate(arrived):
        if (one.time or 0) > second * SECOND:
            break
        if HAS[one.sha] is not None:
            running = bool(HAS[one.sha])
        following = arrived[number + 1].time if number + 1 < len(arrived) else None
        alone = one.ended is not None and (following is None or following > one.ended + 60 * SECOND)
        if alone and (one.ended or 0) <= second * SECOND:
            running = False
    return running


def list_moments(made: list[Deployment]) -> list[int]:
    """Return the seconds at which something happens, and those just before and after."""
    times = {(time or 0) // SECOND for one in made for time in (one.time, one.ended)}
    return sorted({time + beside for time in times for beside in (-1, 0, 1, 60, 61)})


@given(rows=DEPLOYMENTS)
@settings(max_examples=60)
def test_the_stretches_are_the_seconds_in_which_the_change_ran(
    rows: list[tuple[str, int, str, str | None, int]],
) -> None:
    made = build(rows)
    traced = {one.name.casefold(): one for one in trace_environments(CARRIAGE, made)}
    assert set(traced) == {one.environment.casefold() for one in made}
    for name, trace in traced.items():
        mine = [one for one in made if one.environment.casefold() == name]
        for second in list_moments(mine):
            inside = any(
                one.start <= second * SECOND and (one.end is None or second * SECOND < one.end)
                for one in trace.exposures
            )
            assert inside == runs_it(mine, second), (name, second)
        if trace.exposures:
            assert trace.exposures[0].begun_by == trace.first
        assert all(
            (one.end is None) == (one.why is None and one.ended_by is None)
            for one in trace.exposures
        )


@given(rows=DEPLOYMENTS)
@settings(max_examples=20)
def test_the_order_in_which_deployments_are_listed_changes_nothing(
    rows: list[tuple[str, int, str, str | None, int]],
) -> None:
    made = build(rows)
    assert trace_environments(CARRIAGE, made) == trace_environments(CARRIAGE, made[::-1])
