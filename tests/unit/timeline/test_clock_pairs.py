"""Which records compare two clocks, told on small synthetic cases."""

from __future__ import annotations

import dataclasses

import pytest

from attribution.model.instant import SECOND
from tests.unit.timeline.clock_records import (
    DELETIONS,
    alerts,
    audit,
    lines,
    posts,
    reading,
    record,
    session,
    settle,
)


def test_a_command_that_two_records_may_tell_of_is_no_pair() -> None:
    """Which of two deletions of one volume the command made is not told; three calls are left."""
    again = record(
        "/Records/9",
        500,
        "audit.call",
        "event-9",
        source="ec2.amazonaws.com",
        operation="DeleteVolume",
        resources=["vol-0"],
    )
    estimate = settle(audit(again), session(-94, *DELETIONS))["E2"].estimate
    assert estimate is not None
    assert estimate.agreeing == 3


@pytest.mark.parametrize(
    "command",
    [
        "nohup aws ec2 delete-volume --volume-id vol-{} &",
        "aws ec2 describe-volumes --volume-ids vol-{}",
        "echo delete-volume vol-{}",
    ],
)
def test_what_may_take_place_after_its_command_came_back_is_no_pair(command: str) -> None:
    """Neither is another operation, nor words that are no call."""
    ran = tuple((start, end, command.format(n), "") for n, (start, end, *_) in enumerate(DELETIONS))
    assert settle(audit(), session(-94, *ran))["E2"].estimate is None


def test_a_pull_request_is_opened_while_the_command_runs_that_prints_its_address() -> None:
    """`gh pr create` shows the clock of the host it ran on."""
    opened = (
        record(
            f"/{n}",
            50.0 * n + 1,
            "pull_request.opened",
            f"o/r#{n}:opened",
            repository="o/r",
            number=n,
        )
        for n in range(3)
    )
    ran = (
        (50.0 * n, 50.0 * n + 2, "gh pr create --fill", f"https://github.com/o/r/pull/{n}")
        for n in range(3)
    )
    clock = settle(reading("github-pull-request", *opened), session(300, *ran))["E2"]
    assert abs(clock.offset - 300 * SECOND) <= clock.error < 2 * SECOND


def test_messages_before_the_incident_they_tell_of_show_that_a_clock_was_off() -> None:
    """How far is assumed from how fast such messages are, and said to be."""
    at = [(0.0, "P1"), (600.0, "P2"), (1200.0, "P3")]
    posted = [(second + 5, incident) for second, incident in at]
    clock = settle(posts(*posted), alerts(-200, *at), declared={"E1": (0, 0)})["E2"]
    assert clock.basis == "estimated"
    assert abs(clock.offset + 200 * SECOND) <= clock.error <= 61 * SECOND / 2
    assert "rests on an assumption" in clock.statement


def test_messages_long_after_the_incident_they_tell_of_may_just_be_slow() -> None:
    """An offset would look the same: nothing is corrected."""
    at = [(0.0, "P1"), (600.0, "P2"), (1200.0, "P3")]
    posted = [(second + 200, incident) for second, incident in at]
    clocks = settle(posts(*posted), alerts(0, *at), declared={"E1": (0, 0)})
    assert (clocks["E2"].basis, clocks["E2"].offset) == ("none", 0)
    assert "slow delivery would look the same" in clocks["E2"].statement


def test_an_edited_message_may_have_got_its_link_later() -> None:
    """Its time bounds nothing."""
    at = [(float(n), f"P{n}") for n in range(5)]
    clocks = settle(posts(*at, edited=True), alerts(-200, *at))
    assert all(clock.estimate is None for clock in clocks.values())


def test_quotes_in_both_directions_bound_a_clock_from_both_sides() -> None:
    """Messages link to incidents, notes on incidents link to messages; no speed is assumed."""
    at = [(100.0 * n, f"P{n}") for n in range(3)]
    chat = posts(*((second + 4, incident) for second, incident in at), bot=False)
    noted = (
        record(
            f"/note/{n}",
            second + 8 + 90,
            "alert.annotated",
            f"N-{n}",
            refers_to=[f"slack:C1/{second + 4}"],
        )
        for n, (second, _) in enumerate(at)
    )
    pager = reading("pagerduty", *alerts(-90, *at).records, *noted)
    clock = settle(chat, pager, declared={"E1": (0, 0)})["E2"]
    assert clock.basis == "estimated"
    assert abs(clock.offset + 90 * SECOND) <= clock.error < 6 * SECOND


def test_the_time_of_writing_is_compared_and_said_to_be_one() -> None:
    """An update shown as of an earlier time quotes what was known when it was written."""
    at = [(100.0 * n, f"P{n}") for n in range(3)]
    updates = (
        record(
            f"/{n}",
            -3600,
            "status.update",
            f"u{n}",
            written=second + 5,
            refers_to=[f"pagerduty:{incident}"],
        )
        for n, (second, incident) in enumerate(at)
    )
    clock = settle(reading("statuspage", *updates), alerts(0, *at))["E2"]
    assert clock.estimate is None
    assert "from one side only" in clock.statement


def test_traced_calls_across_two_services_bound_their_clocks() -> None:
    """A server is done before its client is; without the kinds only the start is certain."""
    client = [
        record(
            f"/{n}",
            10.0 * n,
            "span",
            f"t:{n}",
            trace_id="t",
            span_kind="client",
            seconds=2.0,
            service="a",
        )
        for n in range(3)
    ]
    server = [
        record(
            f"/{n}",
            10.0 * n + 0.5 + 70,
            "span",
            f"t:1{n}",
            trace_id="t",
            parent_span_id=str(n),
            span_kind="server",
            seconds=1.0,
            service="b",
        )
        for n in range(3)
    ]
    clock = settle(
        reading("otlp-trace", *client), reading("otlp-trace", *server), declared={"E1": (0, 0)}
    )["E2"]
    assert abs(clock.offset + 70 * SECOND) <= clock.error < 2 * SECOND
    plain = [dataclasses.replace(one, data={**one.data, "span_kind": None}) for one in server]
    bounded = settle(
        reading("otlp-trace", *client), reading("otlp-trace", *plain), declared={"E1": (0, 0)}
    )["E2"]
    assert (bounded.basis, bounded.offset) == ("none", 0)


def test_a_log_of_several_machines_has_no_one_clock() -> None:
    """No offset can hold for all of them."""
    mixed = reading(
        "syslog",
        record("line 1", 0, "log.line", "cursor-0", host="a"),
        record("line 2", 10, "log.line", "cursor-10", host="b"),
    )
    clocks = settle(mixed, lines("a", 90, 0, 10, 20))
    assert clocks["E1"].estimate is None
    assert "2 machines" in clocks["E1"].statement


def test_hand_kept_times_are_nobodys_clock() -> None:
    """A CSV with the ids of the alerts has times that people entered."""
    kept = reading("csv", *alerts(600, (0, "P1"), (60, "P2"), (120, "P3")).records)
    clocks = settle(kept, alerts(0, (0, "P1"), (60, "P2"), (120, "P3")))
    assert {clock.offset for clock in clocks.values()} == {0}
    assert "entered by people" in clocks["E1"].statement


def test_equal_ids_of_two_systems_are_no_pair() -> None:
    """Deployment 42 of one project is not that of another."""
    one = [record(f"/{n}", n, "deployment.status", f"{n}/success", sha="a" * 40) for n in range(5)]
    other = [
        record(f"/{n}", n + 90, "deployment.status", f"{n}/success", sha="b" * 40) for n in range(5)
    ]
    clocks = settle(reading("gitlab-deployment", *one), reading("argo-cd", *other))
    assert all(clock.estimate is None for clock in clocks.values())


def test_the_first_alert_of_an_incident_may_be_missing_from_a_cut_export() -> None:
    """Then a message may well be earlier than the alert that is left: no pair."""
    at = [(float(n), f"P{n}") for n in range(3)]
    cut = dataclasses.replace(alerts(-200, *at), truncations=("more is true",))
    assert all(clock.estimate is None for clock in settle(posts(*at), cut).values())
