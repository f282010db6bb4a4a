"""What is done with a source's clock, told on small synthetic cases."""

from __future__ import annotations

import dataclasses

import pytest

from attribution.model.actor import ActorDirectory
from attribution.model.clock import SourceClock
from attribution.model.instant import MINUTE, SECOND, Instant, parse_instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.clocks import estimate_clocks
from attribution.timeline.merge import merge_records

T0 = parse_instant("2026-03-02T14:00:00Z")


def record(
    place: str,
    at: float,
    kind: str,
    native_id: str | None = None,
    *,
    text: str = "synthetic",
    unit: int = 1000,
    written: float | None = None,
    **data: JsonValue,
) -> Record:
    time = T0 + round(at * SECOND)
    return Record(
        id=place,
        place=place,
        kind=kind,
        time=Instant(time),
        time_low=Instant(time),
        time_high=Instant(time + unit - 1),
        written=None if written is None else Instant(T0 + round(written * SECOND)),
        original_time=None,
        actor=None,
        subject=None,
        text=text,
        native_id=native_id,
        data=data,
    )


def reading(form: str, *records: Record) -> Reading:
    return Reading(form, records, Accounting(len(records), len(records)))


def settle(
    *readings: Reading, declared: dict[str, tuple[float, float]] | None = None
) -> dict[str, SourceClock]:
    named = {f"E{number}": entry for number, entry in enumerate(readings, 1)}
    items = {
        name: EvidenceItem(name, name, "", "", 0, None, *clock, offset_declared=True)
        for name, clock in (declared or {}).items()
    }
    return estimate_clocks(named, items)


def lines(host: str, offset: float, *at: float) -> Reading:
    """Return a log of one host of which another journal has the same entries by their cursors."""
    return reading(
        "journald",
        *(
            record(f"line {n}", s - offset, "log.line", f"cursor-{s}", host=host)
            for n, s in enumerate(at)
        ),
    )


def calls(offset: float, *at: float, form: str = "cloudtrail") -> Reading:
    return reading(
        form,
        *(record(f"/{n}", s - offset, "audit.call", f"call-{s}") for n, s in enumerate(at)),
    )


def posts(*at: tuple[float, str], edited: bool = False, bot: bool = True) -> Reading:
    """Return chat messages at these seconds, each with a link to an incident."""
    return reading(
        "slack",
        *(
            record(
                f"general/1.json!/{n}",
                s,
                "chat.message",
                f"C1/{s}",
                channel="general",
                channel_id="C1",
                bot=bot or None,
                edited="2026-03-02T15:00:00Z" if edited else None,
                refers_to=[f"pagerduty:{incident}"],
            )
            for n, (s, incident) in enumerate(at)
        ),
    )


def alerts(offset: float, *at: tuple[float, str]) -> Reading:
    return reading(
        "pagerduty",
        *(
            record(f"/{n}", s - offset, "alert.triggered", f"R-{incident}", incident=incident)
            for n, (s, incident) in enumerate(at)
        ),
    )


def session(offset: float, *ran: tuple[float, float, str, str]) -> Reading:
    """Return an agent's session: each call with its start, its end, the command and the answer."""
    entries = []
    for n, (start, end, command, answer) in enumerate(ran):
        call = f"toolu_{n}"
        entries += [
            record(
                f"line {2 * n}",
                start - offset,
                "session.tool_call",
                call,
                call_id=call,
                tool="Bash",
                input={"command": command},
            ),
            record(
                f"line {2 * n + 1}",
                end - offset,
                "session.tool_result",
                f"result-{n}",
                text=answer,
                call_id=call,
                is_error=False,
            ),
        ]
    return reading("claude-code", *entries)


DELETIONS = tuple(
    (20.0 * n, 20.0 * n + 3, f"aws --region xx ec2 delete-volume --volume-id vol-{n}", "done")
    for n in range(4)
)


def audit(*extra: Record) -> Reading:
    """Return the platform's log of the deletions, each two seconds after the command began."""
    return reading(
        "cloudtrail",
        *(
            record(
                f"/Records/{n}",
                20.0 * n + 2,
                "audit.call",
                f"event-{n}",
                source="ec2.amazonaws.com",
                operation="DeleteVolume",
                resources=[f"vol-{n}"],
            )
            for n in range(4)
        ),
        *extra,
    )


def test_the_calls_of_an_agent_and_the_platforms_log_of_them_show_its_hosts_clock() -> None:
    """Each call lies between command and answer; 94 s are found to within the calls' length."""
    clocks = settle(audit(), session(-94, *DELETIONS))
    assert clocks["E2"].basis == "estimated"
    assert abs(clocks["E2"].offset + 94 * SECOND) <= clocks["E2"].error < 2 * SECOND
    assert clocks["E1"] == SourceClock(statement=clocks["E1"].statement)
    estimate = clocks["E2"].estimate
    assert estimate is not None
    assert (estimate.reference, estimate.agreeing, estimate.excluding) == ("E1", 4, 4)
    assert {pair.other.reference for pair in estimate.pairs} == {
        f"E1#/Records/{n}" for n in range(4)
    }
    assert {pair.until.place for pair in estimate.pairs if pair.until} == {
        f"line {2 * n + 1}" for n in range(4)
    }


def test_an_applied_estimate_moves_the_times_and_widens_their_bounds() -> None:
    """The merged timeline has the session among the calls it made, and says on what ground."""
    named = {"E1": audit(), "E2": session(-94, *DELETIONS)}
    timeline = merge_records(named, {}, ActorDirectory(()))
    kinds = [event.kind for event in timeline.events[:3]]
    assert kinds == ["session.tool_call", "audit.call", "session.tool_result"]
    source = timeline.sources[1]
    assert source.offset_basis == "estimated"
    first = timeline.events[0]
    assert first.time is not None
    assert first.time_low is not None
    assert first.time - first.time_low == round(source.offset_error_seconds * SECOND)
    assert source.to_dict()["estimate"] is not None


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


def test_copies_of_one_log_are_compared_and_left_as_they_are() -> None:
    """Equal ids and equal times: no sign of an offset."""
    clocks = settle(calls(0, 0, 10, 20), calls(0, 0, 10, 20, form="cloudtrail-lookup"))
    assert {clock.offset for clock in clocks.values()} == {0}
    assert "no sign that its clock was off" in clocks["E2"].statement


def test_two_equal_sources_that_differ_are_both_left_as_they_are() -> None:
    """Nothing tells which of two machines was off; the statement says so and names the way out."""
    clocks = settle(lines("a", 0, 0, 10, 20), lines("b", 90, 0, 10, 20))
    assert {clock.offset for clock in clocks.values()} == {0}
    (said,) = (clock.statement for clock in clocks.values() if clock.estimate is not None)
    assert "nothing in the records tells whether it is this clock" in said


def test_a_third_source_settles_which_of_two_was_off() -> None:
    """The one that stands alone is corrected, whichever comes first."""
    clocks = settle(lines("b", 90, 0, 10, 20), lines("a", 0, 0, 10, 20), lines("c", 0, 0, 10, 20))
    assert [clocks[name].basis for name in ("E1", "E2", "E3")] == ["estimated", "none", "none"]
    assert abs(clocks["E1"].offset - 90 * SECOND) <= clocks["E1"].error < SECOND


def test_two_copies_of_one_log_do_not_outvote_another() -> None:
    """They show one clock: it is still one against one."""
    one = calls(0, 0, 10, 20, form="slack")
    copies = [calls(60, 0, 10, 20), calls(60, 0, 10, 20, form="cloudtrail-lookup")]
    assert {clock.offset for clock in settle(one, *copies).values()} == {0}


def test_a_declared_source_is_the_reference_and_settles_it_too() -> None:
    """The other machine is placed by what is known of the declared one."""
    clocks = settle(lines("a", 0, 0, 10, 20), lines("b", 90, 0, 10, 20), declared={"E1": (5, 0)})
    assert (clocks["E1"].basis, clocks["E1"].offset) == ("declared", 5 * SECOND)
    assert clocks["E2"].basis == "estimated"
    assert abs(clocks["E2"].offset - 95 * SECOND) <= clocks["E2"].error


def test_zero_declared_leaves_a_clock_as_it_is_and_moves_no_other() -> None:
    """And the statement says that the records contradict it."""
    clocks = settle(audit(), session(-94, *DELETIONS), declared={"E2": (0, 0)})
    assert (clocks["E2"].basis, clocks["E2"].offset) == ("declared", 0)
    assert clocks["E1"].offset == 0
    assert "contradict this" in clocks["E2"].statement
    kept = settle(audit(), session(-94, *DELETIONS), declared={"E2": (-94, 2)})
    assert "bear this out" in kept["E2"].statement


def test_fewer_than_three_pairs_correct_nothing() -> None:
    """Two may both be false, and neither be told."""
    two = reading("cloudtrail", *audit().records[:2])
    clock = settle(two, session(-94, *DELETIONS))["E2"]
    assert (clock.basis, clock.offset) == ("none", 0)
    assert clock.estimate is not None
    assert "fewer than 3 pairs" in clock.statement


def test_a_clock_that_was_set_meanwhile_is_not_corrected_by_one_offset() -> None:
    """Four calls say 94 s and three others say nothing: no offset holds for all."""
    right = tuple(
        (1000.0 + 20 * n, 1003.0 + 20 * n, f"aws ec2 delete-volume --volume-id vol-9{n}", "")
        for n in range(3)
    )
    later = (
        record(
            f"/Records/9{n}",
            1001.0 + 20 * n,
            "audit.call",
            f"event-9{n}",
            source="ec2.amazonaws.com",
            operation="DeleteVolume",
            resources=[f"vol-9{n}"],
        )
        for n in range(3)
    )
    shifted = tuple((start + 94, end + 94, *rest) for start, end, *rest in DELETIONS)
    clock = settle(audit(*later), session(0, *shifted, *right))["E2"]  # type: ignore[arg-type]
    assert (clock.basis, clock.offset) == ("none", 0)
    assert "set meanwhile" in clock.statement
    assert "3 contradict it" in clock.statement


def test_pairs_that_agree_on_nothing_are_reported_and_not_averaged() -> None:
    """Three offsets of three pairs are no offset."""
    one = reading(
        "cloudtrail", *(record(f"/{n}", 10.0 * n, "audit.call", f"call-{n}") for n in range(3))
    )
    other = reading(
        "journald",
        *(record(f"/{n}", 10.0 * n + 50 * n, "audit.call", f"call-{n}") for n in range(3)),
    )
    clock = settle(one, other)["E2"]
    assert clock.estimate is None
    assert "do not agree on one offset" in clock.statement


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


def test_offsets_go_on_from_one_source_to_the_next() -> None:
    """A is compared with B and B with C; C is placed against A by way of B."""
    first = [float(n) for n in range(0, 30, 10)]
    second = [float(n) for n in range(100, 130, 10)]
    middle = reading("journald", *lines("b", 40, *first).records, *lines("b", 40, *second).records)
    clocks = settle(
        lines("a", 0, *first), middle, lines("c", -25, *second), declared={"E1": (0, 0)}
    )
    assert abs(clocks["E2"].offset - 40 * SECOND) <= clocks["E2"].error < SECOND
    assert abs(clocks["E3"].offset + 25 * SECOND) <= clocks["E3"].error < SECOND


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


def test_records_far_from_the_pairs_widen_the_bounds_until_nothing_is_applied() -> None:
    """In four days a clock may drift as far as it was off."""
    late = record("line 99", 4 * 86_400, "session.message")
    ran = session(-94, *DELETIONS)
    clock = settle(audit(), reading("claude-code", *ran.records, late))["E2"]
    assert (clock.basis, clock.offset) == ("none", 0)
    assert clock.estimate is not None
    assert clock.estimate.error_seconds > 94


def test_a_whole_hour_is_told_to_be_a_matter_of_zones() -> None:
    """The statement names what is likelier than a clock an hour off."""
    clock = settle(audit(), session(-3600, *DELETIONS))["E2"]
    assert abs(clock.offset + 60 * MINUTE) <= clock.error
    assert "a zone read wrongly is likelier" in clock.statement


def test_equal_ids_of_two_systems_are_no_pair() -> None:
    """Deployment 42 of one project is not that of another."""
    one = [record(f"/{n}", n, "deployment.status", f"{n}/success", sha="a" * 40) for n in range(5)]
    other = [
        record(f"/{n}", n + 90, "deployment.status", f"{n}/success", sha="b" * 40) for n in range(5)
    ]
    clocks = settle(reading("gitlab-deployment", *one), reading("argo-cd", *other))
    assert all(clock.estimate is None for clock in clocks.values())


def test_sources_that_nothing_ties_stay_as_they_are() -> None:
    """And it is said that nothing is visible, not that the clock was right."""
    clocks = settle(calls(0, 0, 10), alerts(0, (0, "P1")))
    assert all("not visible in these records" in clock.statement for clock in clocks.values())
    assert estimate_clocks({}, {}) == {}
