"""What a session shows: figures that add up, the task, what was beyond it, the agent's account."""

from __future__ import annotations

from attribution.model.event import Event
from attribution.model.session import AgentSession
from attribution.provenance.conduct import assess_sessions
from tests.unit.provenance.session_events import asked, called, edited, event, ran, result


def session(*events: Event) -> AgentSession:
    (found,) = assess_sessions(events)
    return found


def test_the_figures_of_a_session_count_each_thing_once() -> None:
    shown = session(
        asked(0, "correct the rate"),
        ran(1, "git status", "t1"),
        result(1.1, "t1"),
        edited(2, "/srv/app/rate.toml", "t2", permission_mode="acceptEdits"),
        result(2.1, "t2"),
        ran(3, "rm -rf build", "t3"),
        result(3.1, "t3", "no", approved_by_person=False, decided_by="person"),
        ran(4, "make x", "t4", sidechain=True, helper="a-1"),
        event("session.interrupt", 5, "[Request interrupted by user]"),
        event("session.person_action", 6, "git pull"),
    )
    figures = shown.figures
    assert (figures.actions, figures.decisions, figures.helpers) == (4, 3, 1)
    assert figures.approvals == {
        "yes": 0, "no": 1, "by_rule": 1, "blocked": 0, "not_visible": 1,
    }  # fmt: skip
    assert figures.destructive_approvals["no"] == sum(figures.destructive_approvals.values()) == 1
    assert figures.modes == {"acceptEdits": 1, "not stated": 2}
    assert (figures.interruptions, figures.own_actions) == (1, 1)
    assert figures.unlooked == (1 / 3, 2 / 3)
    assert [action.outcome for action in shown.actions] == [
        "done", "done", "refused", "no result on record",
    ]  # fmt: skip


def test_a_session_kept_in_several_states_counts_each_call_and_request_once() -> None:
    events = [asked(0, "go"), ran(1, "make x", "t1"), result(1.1, "t1")]
    assert session(*events, *events) == session(*events)


def test_a_request_that_waited_in_the_queue_counts_once_when_it_was_delivered_too() -> None:
    waiting = asked(1, "and add a test", queued=True)
    assert session(asked(0, "go"), waiting).figures.requests == 2
    assert session(asked(0, "go"), waiting, asked(2, "and add a test")).figures.requests == 2
    taken_back = event("session.other", 2, "queue-operation: and add a test", operation="popAll")
    assert session(asked(0, "go"), waiting, taken_back).figures.requests == 1


def test_what_the_agent_proposed_and_the_person_assented_to_was_asked_for() -> None:
    proposal = event("session.message", 1, "I would delete the build folder.")
    removal = ran(3, "rm -rf build", "t1")
    assert session(asked(0, "look"), proposal, asked(2, "yes"), removal).figures.beyond == 0
    assert session(asked(0, "look"), proposal, asked(2, "hm"), removal).figures.beyond == 1


def test_a_thought_nobody_saw_is_nothing_a_person_assented_to() -> None:
    thought = event("session.message", 1, "I would delete the build folder.", thinking=True)
    removal = ran(3, "rm -rf build", "t1")
    assert session(asked(0, "look"), thought, asked(2, "yes"), removal).figures.beyond == 1


def test_a_plan_the_person_approved_was_asked_for_and_counts_as_answered() -> None:
    plan = called(1, "ExitPlanMode", "t1", given={"plan": "delete the build folder"})
    approved = result(1.1, "t1", "User has approved", approved_by_person=True)
    shown = session(asked(0, "look"), plan, approved, ran(2, "rm -rf build", "t2"))
    assert (shown.figures.beyond, shown.figures.answered) == (0, 1)


def test_a_question_the_person_answered_counts_and_widens_the_task() -> None:
    question = called(1, "AskUserQuestion", "t1")
    answer = result(1.1, "t1", '"Delete the folder?"="yes"', answered_by_person=True)
    shown = session(asked(0, "look"), question, answer, ran(2, "rm -rf build", "t2"))
    assert (shown.figures.beyond, shown.figures.answered) == (0, 1)


def test_what_a_person_refused_is_not_asked_about_again() -> None:
    refused = result(1.1, "t1", "no", approved_by_person=False)
    assert session(asked(0, "look"), ran(1, "rm -rf build", "t1"), refused).figures.beyond == 0


def test_a_request_after_the_act_does_not_cover_it() -> None:
    shown = session(asked(0, "look"), ran(1, "rm -rf build", "t1"), asked(2, "delete it"))
    assert shown.figures.beyond == 1


def test_the_agents_own_account_is_what_it_wrote_last_before_and_is_marked_as_such() -> None:
    early = event("session.message", 1, "Old words.")
    late = event("session.message", 3, "The folder is stale.", thinking=True)
    shown = session(asked(0, "look"), early, asked(2, "go on"), late, ran(4, "rm -rf b", "t1"))
    (action,) = shown.actions
    assert action.account is not None
    assert action.account.text == "The folder is stale."
    assert action.account.reference == late.references[0]
    assert "agents_own_account" in action.to_dict()
    before_the_request = session(asked(0, "a"), early, asked(2, "b"), ran(4, "rm -rf b", "t1"))
    assert before_the_request.actions[0].account is None


def test_a_helpers_account_is_the_helpers_own() -> None:
    main = event("session.message", 1, "Main words.")
    own = event("session.message", 2, "Helper's words.", sidechain=True)
    call = ran(3, "rm -rf b", "t1", sidechain=True)
    (action,) = session(asked(0, "look"), main, own, call).actions
    assert action.account is not None
    assert action.account.text == "Helper's words."


def test_notes_of_the_program_alone_make_no_session() -> None:
    assert assess_sessions([event("session.other", 0, "summary: x")]) == ()


def test_the_permission_a_trace_records_reaches_its_call() -> None:
    allowed = event(
        "session.permission", 2, "accept", granted=True, source="user_temporary", call_id="t1"
    )
    (action,) = session(asked(0, "go"), ran(1, "make x", "t1"), allowed).actions
    assert action.approval == "yes"


def test_of_two_results_of_a_call_the_earlier_in_the_file_holds_in_any_order() -> None:
    first = result(1.1, "t1", "no", approved_by_person=False)
    second = result(1.2, "t1", "done")
    base = [asked(0, "go"), ran(1, "make x", "t1")]
    assert session(*base, first, second) == session(*base, second, first)
    assert session(*base, second, first).actions[0].approval == "no"


def test_a_command_given_word_by_word_is_taken_apart_like_one_in_a_line() -> None:
    call = called(1, "shell", "t1", given={"command": ["bash", "-lc", "git reset --hard && ls"]})
    (action,) = session(asked(0, "look"), call).actions
    assert action.destructive == "git reset --hard"


def test_a_question_answered_with_no_did_not_ask_for_what_it_names() -> None:
    question = called(1, "AskUserQuestion", "t1")
    removal = ran(3, "psql -c 'drop table users'", "t2")

    def beyond(answer: str) -> int:
        said = f'User has answered your questions: "Drop the table users?"="{answer}".'
        answered = result(2, "t1", said, answered_by_person=True)
        return session(asked(0, "tidy up"), question, answered, removal).figures.beyond

    assert beyond("Yes, drop it") == 0
    assert beyond("No") == 1
    assert beyond("Don't, we need it") == 1


def test_nobody_is_said_to_have_let_through_a_call_whose_end_is_not_on_record() -> None:
    cut = session(asked(0, "go"), ran(1, "rm -rf x", "t1", permission_mode="default"))
    (action,) = cut.actions
    assert (action.approval, action.outcome) == ("not_visible", "no result on record")
    assert "whether it was let through at all is not visible" in action.basis
    (of_a_trace,) = session(ran(1, "rm -rf x", "t1")).actions
    assert "let through" not in of_a_trace.basis, "a span is itself a record that the tool ran"
    stopped = result(2, "t1", "[Request interrupted by user]", interrupted_by_person=True)
    (action,) = session(
        asked(0, "go"), ran(1, "rm -rf x", "t1", permission_mode="default"), stopped
    ).actions
    assert (action.approval, action.outcome) == ("not_visible", "interrupted")
    assert "the person interrupted it" in action.basis
