"""Which records put events in order, and what the timeline makes of it (synthetic records)."""

from __future__ import annotations

import random

import pytest

from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Timeline
from attribution.model.instant import SECOND, Instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.merge import merge_records
from attribution.timeline.precedence_table import load_table

NOBODY = ActorDirectory(())
SHA, PARENT = "a" * 40, "b" * 40


def record(kind: str, time: float, native: str, slack: float = 0.5, **data: JsonValue) -> Record:
    """One synthetic record, known to within `slack` seconds; its text is its native id."""
    moment = round(time * SECOND)
    return Record(
        id=native,
        place=str(data.pop("place", f"line {native}")),
        kind=kind,
        time=Instant(moment),
        time_low=Instant(moment - round(slack * SECOND)),
        time_high=Instant(moment + round(slack * SECOND)),
        written=None if data.pop("received", False) is False else Instant(moment),
        original_time=None,
        actor=None,
        subject=None,
        text=native,
        native_id=native,
        data=data,
    )


def merge(*sources: tuple[str, list[Record]], errors: dict[str, float] | None = None) -> Timeline:
    readings = {
        f"E{number}": Reading(
            format_id, tuple(records), Accounting(len(records), len(records), 0, 0, 0)
        )
        for number, (format_id, records) in enumerate(sources, 1)
    }
    items = {
        name: EvidenceItem(name, name, "csv", "0" * 64, 0, None, 0.0, error)
        for name, error in (errors or {}).items()
    }
    return merge_records(readings, items, NOBODY)


def named(timeline: Timeline) -> dict[str, Event]:
    return {event.text: event for event in timeline.events}


def after(timeline: Timeline) -> set[tuple[str, str, str]]:
    """Return (later, earlier, rule) for every precedent."""
    names = {event.id: event.text for event in timeline.events}
    return {
        (event.text, names[one.event], one.rule) for event in timeline.events for one in event.after
    }


def undecided(timeline: Timeline) -> set[frozenset[str]]:
    names = {event.id: event.text for event in timeline.events}
    return {
        frozenset((event.text, names[other]))
        for event in timeline.events
        for other in event.order_undecidable_with
    }


CASES: dict[str, tuple[str, Record, Record]] = {
    "git-parent": (
        "git",
        record("commit", 0, PARENT, sha=PARENT, parents=[]),
        record("commit", 0, SHA, sha=SHA, parents=[PARENT]),
    ),
    "commit-named": (
        "git",
        record("commit", 0, PARENT, sha=PARENT),
        record("check.completed", 0, "check-100", head_sha=PARENT),
    ),
    "thread-reply": (
        "teams",
        record("chat.message", 0, "ops/1700000000000", channel="ops"),
        record("chat.message", 0, "ops/1700000000001", channel="ops", thread="1700000000000"),
    ),
    "mail-reply": (
        "mail",
        record("mail.message", 0, "<one@example.test>", message_id="<one@example.test>"),
        record("mail.message", 0, "<two@example.test>", references=["<one@example.test>"]),
    ),
    "span-parent": (
        "otlp",
        record("span", 0, "trace:parent", trace_id="t", span_id="parent"),
        record("span", 0, "trace:child", trace_id="t", span_id="child", parent_span_id="parent"),
    ),
    "tool-result": (
        "otlp",
        record("session.tool_call", 0, "call-made", session="s", call_id="c"),
        record("session.tool_result", 0, "call-done", session="s", call_id="c"),
    ),
    "event-link": (
        "cdevents",
        record("pipeline.event", 0, "event-one"),
        record("pipeline.event", 0, "event-two", links=[["path", "event-one"]]),
    ),
    "request-opened": (
        "github-pull-request",
        record("pull_request.opened", 0, "opened-1", repository="o/r", number=12),
        record("review.approved", 0, "review-1", repository="o/r", number=12),
    ),
    "deployment-state": (
        "github-deployment",
        record("deployment.created", 0, "deployment-1", repository="o/r", deployment_id="145"),
        record("deployment.status", 0, "status-1", repository="o/r", deployment_id="145"),
    ),
    "incident-state": (
        "pagerduty",
        record("alert.triggered", 0, "trigger-1", incident="Q1"),
        record("alert.acknowledged", 0, "acknowledge-1", incident="Q1"),
    ),
    "call-stages": (
        "kubernetes-audit",
        record("audit.call", 0, "call begun", request="r", outcome="begun"),
        record("audit.call", 0, "call over", request="r", outcome="succeeded"),
    ),
    "change-finished": (
        "terraform-log",
        record("infrastructure.change", 0, "apply begun", address="x.y", operation="delete",
               outcome="begun"),
        record("infrastructure.change", 0, "apply over", address="x.y", operation="delete",
               outcome="succeeded"),
    ),
    "channel-order": (
        "slack",
        record("chat.message", 0, "C0OPS/1700000000.000100", channel="ops"),
        record("chat.message", 0, "C0OPS/1700000000.000200", channel="ops"),
    ),
    "session-log": (
        "claude-code",
        record("session.prompt", 0, "prompt-one", session="s", place="line 9"),
        record("session.message", 0, "answer-one", session="s", place="line 10"),
    ),
    "journal-order": (
        "journald",
        record("log.line", 0, "entry-one", boot="b", monotonic="999", received=True),
        record("log.line", 0, "entry-two", boot="b", monotonic="1001", received=True),
    ),
}  # fmt: skip


def test_every_row_of_the_table_has_its_pair_of_records_here() -> None:
    """A row that nothing shows at work is a row that may not work."""
    assert CASES.keys() == load_table().rules.keys()


@pytest.mark.parametrize("rule", CASES)
def test_the_pair_is_ordered_by_its_row_and_no_longer_undecidable(rule: str) -> None:
    """Two records of one time: the later names the earlier, so their order is known."""
    format_id, earlier, later = CASES[rule]
    timeline = merge((format_id, [later, earlier]))
    assert (later.text, earlier.text, rule) in after(timeline)
    assert [event.text for event in timeline.events] == [earlier.text, later.text]
    assert [event.overlaps for event in timeline.events] == [0, 0]
    assert undecided(timeline) == set()


@pytest.mark.parametrize("rule", CASES)
def test_without_what_names_it_the_pair_stays_undecidable(rule: str) -> None:
    """The same records, their facts taken out: nothing but the overlapping times is left."""
    format_id, earlier, later = CASES[rule]
    plain = [record(one.kind, 0, one.text.replace("/", "-")) for one in (earlier, later)]
    timeline = merge((format_id, plain))
    assert after(timeline) == set()
    assert len(undecided(timeline)) == 1


def test_a_name_that_two_events_bear_orders_nothing() -> None:
    """Which of two first alerts opened the incident is not told: the entry follows neither."""
    entries = [
        record("alert.triggered", 0, "trigger-1", incident="Q1"),
        record("alert.triggered", 0, "trigger-2", incident="Q1"),
        record("alert.acknowledged", 0, "acknowledge-1", incident="Q1"),
    ]
    assert after(merge(("pagerduty", entries))) == set()


def test_one_number_in_two_repositories_is_two_requests() -> None:
    """A review of request 12 of one repository does not come after that of another."""
    timeline = merge(
        (
            "github-pull-request",
            [
                record("pull_request.opened", 0, "opened-1", repository="o/r", number=12),
                record("review.approved", 0, "review-1", repository="o/other", number=12),
            ],
        )
    )
    assert after(timeline) == set()


def test_order_carries_over_through_what_lies_between() -> None:
    """Three spans deep, all of one time: the grandchild is not undecidable with the first."""
    spans = [
        record("span", 0, "trace:a", trace_id="t", span_id="a"),
        record("span", 0, "trace:b", trace_id="t", span_id="b", parent_span_id="a"),
        record("span", 0, "trace:c", trace_id="t", span_id="c", parent_span_id="b"),
        record("note", 0, "somebody else"),
    ]
    timeline = merge(("otlp", spans))
    alone = {frozenset(("somebody else", f"trace:{name}")) for name in "abc"}
    assert undecided(timeline) == alone
    assert named(timeline)["somebody else"].overlaps == 3


def test_an_order_narrows_what_is_known_of_the_times_and_says_by_which_event() -> None:
    """A note of "about 12:00", answered at 11:58:00, was written by then."""
    timeline = merge(
        (
            "teams",
            [
                record("chat.message", 720, "ops/100001", 300),
                record("chat.message", 600, "ops/100002", 0, thread="100001"),
            ],
        )
    )
    first, reply = named(timeline)["ops/100001"], named(timeline)["ops/100002"]
    assert (first.time_low, first.time, first.time_high) == (
        420 * SECOND,
        600 * SECOND,
        600 * SECOND,
    )
    assert first.bounded_by == (reply.id,)
    assert reply.bounded_by == ()
    assert [event.text for event in timeline.events] == ["ops/100001", "ops/100002"]


def test_a_clock_that_contradicts_a_record_is_told_with_the_least_it_is_wrong_by() -> None:
    """The reply is stamped a minute before the message it answers: 59 s by the intervals."""
    timeline = merge(
        ("teams", [record("chat.message", 100, "ops/100001")]),
        ("teams", [record("chat.message", 40, "ops/100002", thread="100001")]),
    )
    reply = named(timeline)["ops/100002"]
    assert [one.against_clocks for one in reply.after] == [True]
    assert [event.text for event in timeline.events] == ["ops/100002", "ops/100001"]
    (gap,) = timeline.gaps
    assert gap.evidence == "E2"
    assert "the clock of E2 or that of E1 must be wrong by at least 59 s" in gap.reason


def test_records_that_each_come_after_the_other_are_told_and_order_nothing() -> None:
    """Two mails that answer each other (forged ids): the cycle is a gap, no step of it is used."""
    mails = [
        record("mail.message", 0, f"<{own}@x.test>", message_id=own, in_reply_to=other)
        for own, other in (("one", "two"), ("two", "one"))
    ]
    timeline = merge(("mail", mails))
    assert after(timeline) == set()
    assert len(undecided(timeline)) == 1
    (gap,) = timeline.gaps
    assert "2 records each say that they come after one another" in gap.reason


def test_lines_of_a_session_whose_own_clock_goes_back_are_not_put_in_order() -> None:
    """The clock was set back between two lines: the file's order alone does not decide."""
    entries = [
        record("session.prompt", 5, "prompt-one", 10, session="s", place="line 9"),
        record("session.message", 0, "answer-one", 10, session="s", place="line 10"),
    ]
    timeline = merge(("claude-code", entries))
    assert after(timeline) == set()
    assert len(undecided(timeline)) == 1


def test_an_error_of_one_clock_leaves_the_order_of_its_own_lines() -> None:
    """Lines a second apart on a clock known to two seconds: the error is the same for both."""
    entries = [
        record("session.message", at, f"line-{at}", 0, session="s", place=f"line {at}")
        for at in range(6)
    ]
    timeline = merge(("claude-code", entries), errors={"E1": 2.0})
    assert undecided(timeline) == set()
    assert [event.text for event in timeline.events] == [f"line-{at}" for at in range(6)]


def test_the_list_of_undecidable_events_is_filled_up_from_farther_away() -> None:
    """Forty ordered neighbours at one time do not crowd out the one event that is not."""
    chain = [
        record("chat.message", 0, f"C0OPS/1700000000.{at:06}", channel="ops") for at in range(40)
    ]
    timeline = merge(("slack", chain), ("csv", [record("note", 0.4, "the other")]))
    other = named(timeline)["the other"]
    assert other.overlaps == 40
    assert len(other.order_undecidable_with) == 20
    for event in timeline.events:
        if event is not other:
            assert event.order_undecidable_with == (other.id,)
            assert event.overlaps == 1


def test_neither_the_order_of_evidence_nor_of_records_changes_the_timeline() -> None:
    """All pairs of this page in one case, shuffled: the same events in the same order."""
    sources = [(format_id, [earlier, later]) for format_id, earlier, later in CASES.values()]
    expected = merge(*sources)
    for seed in range(5):
        shuffled = [(name, random.Random(seed).sample(list(e), 2)) for name, e in sources]
        found = merge(*shuffled)
        assert found == expected


def test_what_an_agents_tool_call_set_off_comes_after_the_call() -> None:
    """The call is a span of the trace, and the service's span names it as its parent."""
    call = record(
        "session.tool_call", 0, "call-made", session="s", call_id="c", trace_id="t", span_id="a"
    )
    served = record("span", 0, "t:b", trace_id="t", span_id="b", parent_span_id="a")
    timeline = merge(("otlp-trace", [call, served]))
    assert after(timeline) == {("t:b", "call-made", "span-parent")}
