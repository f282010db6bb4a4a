"""Which of two moments came first: decided by clocks, by records, or not at all."""

from __future__ import annotations

import pytest

from attribution.model.event import Event, Precedent, Witness
from attribution.model.instant import SECOND, Instant
from attribution.model.order import Chronicle, Moment, OpenOrder, seconds_between


def moment(low: int, high: int, event: str | None = None) -> Moment:
    return Moment("it", Instant(low), Instant(high), event=event)


def event(name: str, *after: Precedent, kind: str = "note", sha: str | None = None) -> Event:
    data = {} if sha is None else {"sha": sha}
    return Event(
        name, kind, Instant(0), Instant(0), Instant(9), None, None, None, None, None, name, None,
        (Witness("E1", name),), data=data, after=after,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (moment(0, 4), moment(5, 9), True),
        (moment(0, 5), moment(5, 9), True),
        (moment(5, 9), moment(0, 4), False),
        (moment(5, 9), moment(0, 5), None),
        (moment(0, 9), moment(3, 4), None),
        (moment(3, 3), moment(3, 3), True),
    ],
)
def test_clocks_decide_where_the_intervals_are_apart(
    first: Moment, second: Moment, *, expected: bool | None
) -> None:
    """No later: its latest is no later than the other's earliest. Else it may be either way."""
    assert Chronicle().is_no_later(first, second) is expected


def test_records_decide_where_clocks_cannot_also_through_what_lies_between() -> None:
    """c comes after b and b after a: a before c, and c not before a; d is related to nobody."""
    chronicle = Chronicle(
        [
            event("a"),
            event("b", Precedent("a", "thread-reply")),
            event("c", Precedent("b", "thread-reply")),
            event("d"),
        ]
    )
    a, c, d = moment(0, 9, "a"), moment(0, 9, "c"), moment(0, 9, "d")
    assert chronicle.is_no_later(a, c) is True
    assert chronicle.is_no_later(c, a) is False
    assert chronicle.is_no_later(a, d) is None
    assert chronicle.is_no_later(a, moment(0, 9)) is None


def test_a_step_that_clocks_contradict_decides_nothing() -> None:
    chronicle = Chronicle(
        [event("a"), event("b", Precedent("a", "git-parent", against_clocks=True))]
    )
    assert chronicle.is_no_later(moment(0, 9, "a"), moment(0, 9, "b")) is None


def test_a_commit_has_the_bounds_of_its_event_else_the_time_given() -> None:
    chronicle = Chronicle([event("made", kind="commit", sha="a" * 40)])
    found = chronicle.commit("a" * 40, Instant(5), "the commit")
    assert found is not None
    assert (found.low, found.high, found.event) == (0, 9, "made")
    assert chronicle.commit("b" * 40, Instant(5), "it") == moment(5, 5)
    assert chronicle.commit("b" * 40, None, "it") is None


def test_the_sentence_names_both_and_their_times() -> None:
    """The words that go into a basis and a report."""
    order = OpenOrder(
        Moment("the call", Instant(0), Instant(SECOND - 1)),
        Moment("the alert", Instant(0), Instant(60 * SECOND)),
        "act_shop",
        "that it is a cause",
    )
    assert order.sentence == (
        "the order of the call and the alert cannot be decided: their times overlap"
        " (1970-01-01T00:00:00Z against 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z)"
    )


def test_a_length_has_its_least_and_most() -> None:
    """From the latest beginning to the earliest end, and the other way round."""
    first, second = moment(0, 2 * SECOND), moment(10 * SECOND, 13 * SECOND)
    assert seconds_between(first, second, 10.0).to_list() == [8.0, 10.0, 13.0]
