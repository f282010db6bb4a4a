"""What a session shows does not turn on the order of its lines, adds up, and is monotone."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.event import Event
from attribution.model.session import APPROVALS, LEVELS, Figures
from attribution.provenance.autonomy import observe_autonomy
from attribution.provenance.conduct import assess_sessions
from attribution.provenance.shell import parse_script
from tests.unit.provenance.session_events import asked, called, event, ran, result

COMMANDS = ["ls", "make x", "rm -rf build", "git push --force", "envctl apply prod-1", "x 'y"]
WORDS = ["go", "yes", "delete it", "only change a/b.py", "look at prod", "do not remove it"]
MODES = [None, "default", "acceptEdits", "bypassPermissions", "plan"]
MINUTES = st.integers(0, 4)
IDS = st.sampled_from(["t1", "t2", "t3", "t4"])


def _distinct(events: list[Event]) -> list[Event]:
    """Give each event a place of its own, as in a file; times may coincide."""
    return [
        replace(each, witnesses=(replace(each.witnesses[0], place=f"line {number}"),))
        for number, each in enumerate(events, 1)
    ]


EVENTS = st.lists(
    st.one_of(
        st.builds(asked, MINUTES, st.sampled_from(WORDS), queued=st.sampled_from([None, True])),
        st.builds(
            ran, MINUTES, st.sampled_from(COMMANDS), IDS, permission_mode=st.sampled_from(MODES)
        ),
        st.builds(called, MINUTES, st.sampled_from(["Read", "ExitPlanMode", "Edit"]), IDS),
        st.builds(result, MINUTES, IDS, approved_by_person=st.sampled_from([None, True, False])),
        st.builds(event, st.just("session.message"), MINUTES, st.sampled_from(WORDS)),
        st.builds(event, st.just("session.interrupt"), MINUTES),
        st.builds(
            event,
            st.just("session.permission"),
            MINUTES,
            granted=st.booleans(),
            source=st.sampled_from(["config", "user_temporary", None]),
            call_id=IDS,
        ),
    ),
    max_size=12,
).map(_distinct)

COUNTS = st.builds(
    Figures,
    actions=st.just(0),
    decisions=st.just(0),
    approvals=st.fixed_dictionaries({name: st.integers(0, 30) for name in APPROVALS}),
    destructive_approvals=st.just(dict.fromkeys(APPROVALS, 0)),
    modes=st.just({}),
    beyond=st.just(0),
    helpers=st.just(0),
    requests=st.integers(1, 6),
    answered=st.integers(0, 3),
    edited=st.integers(0, 3),
    interruptions=st.integers(0, 3),
    own_actions=st.integers(0, 3),
).map(lambda figures: replace(figures, decisions=sum(figures.approvals.values())))


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_lines_are_read_and_repeats_change_nothing(
    events: list[Event], random: Random
) -> None:
    shuffled = [*events, *events[::2]]
    random.shuffle(shuffled)
    assert assess_sessions(shuffled) == assess_sessions(events)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_the_counts_of_a_session_add_up(events: list[Event]) -> None:
    for session in assess_sessions(events):
        figures = session.figures
        decisions = [action for action in session.actions if action.decision]
        assert figures.actions == len(session.actions)
        assert figures.decisions == len(decisions) == sum(figures.approvals.values())
        assert figures.decisions == sum(figures.modes.values())
        assert all(
            figures.destructive_approvals[name] <= figures.approvals[name] for name in APPROVALS
        )
        if figures.unlooked is not None:
            low, high = figures.unlooked
            assert 0 <= low <= high <= 1
        for action in session.actions:
            assert action.approval in APPROVALS
            assert not (action.destructive or action.beyond) or action.decision


def _rank(level: str | None) -> int:
    return -1 if level is None else LEVELS.index(level)


@given(COUNTS, st.sampled_from(["requests", "answered", "edited", "own_actions", "interruptions"]))
def test_more_of_the_persons_hand_never_shows_a_more_autonomous_agent(
    figures: Figures, what: str
) -> None:
    more = replace(figures, **{what: getattr(figures, what) + 1})
    assert _rank(observe_autonomy(more).high) <= _rank(observe_autonomy(figures).high)
    assert _rank(observe_autonomy(more).low) <= _rank(observe_autonomy(figures).low)


@given(COUNTS)
def test_an_approval_that_becomes_known_narrows_the_level_and_never_contradicts_it(
    figures: Figures,
) -> None:
    if not figures.approvals["not_visible"]:
        return
    before = observe_autonomy(figures)
    for known in ("yes", "by_rule"):
        approvals = dict(figures.approvals)
        approvals["not_visible"] -= 1
        approvals[known] += 1
        after = observe_autonomy(replace(figures, approvals=approvals))
        assert _rank(before.low) <= _rank(after.low) <= _rank(after.high) <= _rank(before.high)


@given(st.text(max_size=200))
def test_any_text_is_taken_apart_without_an_error(text: str) -> None:
    script = parse_script(text)
    assert all(command.program for command in script.commands)
