"""What is done with a source's clock, told on small synthetic cases."""

from __future__ import annotations

from attribution.model.actor import ActorDirectory
from attribution.model.clock import SourceClock
from attribution.model.instant import MINUTE, SECOND
from attribution.timeline.clocks import estimate_clocks
from attribution.timeline.merge import merge_records
from tests.unit.timeline.clock_records import (
    DELETIONS,
    alerts,
    audit,
    calls,
    lines,
    reading,
    record,
    session,
    settle,
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


def test_sources_that_nothing_ties_stay_as_they_are() -> None:
    """And it is said that nothing is visible, not that the clock was right."""
    clocks = settle(calls(0, 0, 10), alerts(0, (0, "P1")))
    assert all("not visible in these records" in clock.statement for clock in clocks.values())
    assert estimate_clocks({}, {}) == {}
