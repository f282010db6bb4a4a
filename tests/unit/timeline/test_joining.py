"""Each joining rule joins what it says, and leaves apart what a hostile expert would hold up."""

from __future__ import annotations

from typing import Any

import pytest

from attribution.errors import ManifestError
from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Timeline
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.manifest import Equivalence
from attribution.model.record import Accounting, Reading, Record
from attribution.timeline.merge import merge_records
from attribution.timeline.rulings import NO_RULINGS, Rulings
from attribution.timeline.undoing import list_decidable, list_joinings

T0 = parse_instant("2026-03-02T14:05:00Z")
SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
OTHER = "a91957a858320c0e17f3a0eca7cfacbff50ea29a"
LINK = "<https://example.pagerduty.com/incidents/PINC7|#7>"


def record(
    kind: str,
    seconds: float | None,
    text: str,
    native: str | None = None,
    *,
    actor: str | None = None,
    spread: float = 0.0,
    **data: Any,
) -> Record:
    time = None if seconds is None else Instant(T0 + round(seconds * SECOND))
    reach = round(spread * SECOND)
    low = None if time is None else Instant(time - reach)
    high = None if time is None else Instant(time + reach)
    place = f"{kind} {seconds} {text[:20]} {native}"
    return Record(
        place,
        place,
        kind,
        time,
        low,
        high,
        None,
        None,
        actor,
        data.get("service"),
        text,
        native,
        data,
    )


def post(
    seconds: float,
    text: str,
    channel: str = "C1",
    *,
    bot: str | None = "PagerDuty",
    refers: str | None = "pagerduty:PINC7",
) -> Record:
    facts: dict[str, Any] = {"bot": True} if bot else {}
    facts |= {"refers_to": refers.split()} if refers else {}
    return record(
        "chat.message",
        seconds,
        text,
        f"{channel}/{T0 // SECOND + seconds}",
        actor=bot or "U1",
        channel=channel,
        **facts,
    )


def entry(kind: str, seconds: float, native: str, incident: str = "PINC7") -> Record:
    return record(kind, seconds, f"step {native}", native, actor="PSVC1", incident=incident)


def reading(format_id: str, *records: Record) -> Reading:
    dated = sum(1 for one in records if one.time is not None)
    counts = Accounting(len(records), dated, 0, len(records) - dated, 0)
    return Reading(format_id, records, counts)


def merge(**readings: Reading) -> Timeline:
    return rule(NO_RULINGS, readings)


def rule(rulings: Rulings, readings: dict[str, Reading]) -> Timeline:
    return merge_records(readings, {}, ActorDirectory(()), rulings)


def rules_of(event: Event) -> list[str]:
    return [join.rule for join in event.joined_by]


def kinds_of(timeline: Timeline) -> list[str]:
    return [event.kind for event in timeline.events]


def test_the_pagerduty_programs_post_is_a_witness_of_the_trigger_and_adds_no_facts() -> None:
    timeline = merge(
        E1=reading("slack", post(3, f"*Triggered {LINK}: orders 5xx*")),
        E2=reading("pagerduty", entry("alert.triggered", 0, "R01")),
    )
    (event,) = timeline.events
    assert (event.kind, event.native_id, event.actor_name) == ("alert.triggered", "R01", "PSVC1")
    assert event.time == T0
    assert [witness.evidence for witness in event.witnesses] == ["E2", "E1"]
    (join,) = event.joined_by
    assert (join.rule, join.status) == ("relay-alert", "proposed")
    assert "begins with '*Triggered' and links to pagerduty:PINC7" in join.basis


@pytest.mark.parametrize(
    "told",
    [
        post(3, f"Triggered {LINK}", bot=None),
        post(3, f"Triggered {LINK}", bot="coder-agent"),
        post(3, f"It was Triggered, see {LINK}"),
        post(3, f"Triggered {LINK}", refers="pagerduty:PINC8"),
        post(3, f"Triggered {LINK}", refers="pagerduty:PINC7 pagerduty:PINC8"),
        post(3, f"Resolved {LINK}"),
        post(400, f"Triggered {LINK}"),
        post(-60, f"Triggered {LINK}"),
    ],
    ids=[
        "a person",
        "another program",
        "in other words",
        "another incident",
        "two incidents",
        "another step",
        "too late",
        "before it",
    ],
)
def test_what_is_not_surely_the_tools_own_word_stays_a_message_of_its_own(told: Record) -> None:
    timeline = merge(
        E1=reading("slack", told), E2=reading("pagerduty", entry("alert.triggered", 0, "R01"))
    )
    assert sorted(kinds_of(timeline)) == ["alert.triggered", "chat.message"]


def test_a_persons_message_refers_to_the_incidents_trigger_and_is_never_swallowed() -> None:
    timeline = merge(
        E1=reading("slack", post(60, f"on it {LINK}", bot=None)),
        E2=reading(
            "pagerduty",
            entry("alert.acknowledged", 40, "R03"),
            entry("alert.triggered", 0, "R01"),
        ),
    )
    trigger, _, message = timeline.events
    assert (trigger.kind, message.kind) == ("alert.triggered", "chat.message")
    assert message.related == (trigger.id,)
    assert message.relations[0].rule == "refers-to"
    assert message.relations[0].basis == "it links to pagerduty:PINC7"


def test_two_entries_that_fit_one_post_join_nothing() -> None:
    timeline = merge(
        E1=reading("slack", post(20, f"Acknowledged {LINK}")),
        E2=reading(
            "pagerduty",
            entry("alert.acknowledged", 0, "R03"),
            entry("alert.acknowledged", 10, "R04"),
        ),
    )
    assert len(timeline.events) == 3


def test_an_alert_and_the_incident_made_of_it_have_ids_of_two_systems_and_stay_two() -> None:
    timeline = merge(
        E1=reading("alertmanager", record("alert.triggered", 0, "Orders5xx", "a1b2/2026")),
        E2=reading("pagerduty", entry("alert.triggered", 1, "R01")),
        E3=reading("opsgenie", record("alert.triggered", 1, "Alert created via API", "17_17")),
    )
    assert len(timeline.events) == 3


def test_a_post_sent_again_is_one_event_unless_something_came_between_or_numbers_differ() -> None:
    def events(*posts: Record) -> int:
        return len(merge(E1=reading("slack", *posts)).events)

    first = post(0, f"Triggered {LINK} at 14:05:00")
    assert events(first, post(61, f"Triggered {LINK} at 14:06:01 (resent 1)")) == 1
    assert (
        events(first, post(61, f"Resolved {LINK}"), post(90, f"Triggered {LINK} at 14:06:30")) == 3
    )
    assert events(first, post(301.5, f"Triggered {LINK} at 14:10:00")) == 2
    assert events(post(0, "attempt 1 failed"), post(1, "attempt 2 failed")) == 2
    assert events(post(0, "deploy failed", refers=None), post(9, "deploy failed", refers=None)) == 2


def test_a_post_in_several_channels_is_one_event_with_the_first_as_its_time() -> None:
    timeline = merge(
        E1=reading(
            "slack",
            post(
                5, "Freeze is over <https://ci.example.test/42?utm_source=a|run>", "C2", refers=None
            ),
            post(4, "Freeze is  over <https://ci.example.test/42|build>", "C1", refers=None),
        )
    )
    (event,) = timeline.events
    assert event.time == T0 + 4 * SECOND
    assert rules_of(event) == ["cross-post"]
    assert timeline.sources[0].accounting == Accounting(2, 1, 1, 0, 0)


def test_builds_41_and_42_in_two_channels_are_two_events() -> None:
    one = post(0, "failed https://ci.example.test/41", "C1", refers=None)
    two = post(1, "failed https://ci.example.test/42", "C2", refers=None)
    assert len(merge(E1=reading("slack", one, two)).events) == 2


def test_one_channel_with_two_of_the_posts_keeps_all_of_them_apart_and_says_so() -> None:
    """Which of the two in C1 the one in C2 repeats cannot be told."""
    timeline = merge(
        E1=reading(
            "slack",
            post(0, "down", "C1", refers=None),
            post(1, "down", "C2", refers=None),
            post(2, "down", "C1", refers=None),
        )
    )
    assert len(timeline.events) == 3
    (apart,) = timeline.apart
    assert (apart.rule, apart.reason) == (
        "cross-post",
        "the channel C1 has more than one of the posts",
    )


def test_posts_about_two_incidents_are_never_one_however_alike() -> None:
    timeline = merge(
        E1=reading(
            "slack",
            post(0, "New page for you", "C1"),
            post(1, "New page for you", "C2", refers="pagerduty:PINC8"),
        )
    )
    assert len(timeline.events) == 2
    assert "different records of pagerduty: PINC7, PINC8" in timeline.apart[0].reason


def line(seconds: float, text: str = "tool volume_delete vol-9", **data: Any) -> Record:
    facts = {"host": "runner-2", "program": "agent", "pid": "812"} | data
    native = facts.pop("cursor", None)
    spread = facts.pop("spread", 0.0)
    return record("log.line", seconds, text, native, actor="agent", spread=spread, **facts)


def row(seconds: float, text: str, **data: Any) -> Record:
    return record("forensic.event", seconds, text, **({"host": "runner-2"} | data))


def test_one_line_in_the_journal_syslog_and_a_forensic_timeline_is_one_event() -> None:
    timeline = merge(
        E1=reading("syslog-bsd", line(0.5, spread=0.5)),
        E2=reading("journald", line(0.2, cursor="s=a;i=1")),
        E3=reading(
            "timesketch", row(0.2, "agent: tool volume_delete vol-9", time_is="Event Logged")
        ),
        E4=reading("plaso-l2tcsv", row(0.2, "tool volume_delete vol-9", source="LOG")),
    )
    (event,) = timeline.events
    assert (event.native_id, event.time) == ("s=a;i=1", T0 + SECOND // 5)
    assert len(event.witnesses) == 4


@pytest.mark.parametrize(
    "other",
    [
        line(0.2, host="runner-3"),
        line(0.2, program="other"),
        line(0.2, pid="813"),
        line(0.2, text="tool volume_delete vol-8"),
        line(2),
        row(0.2, "tool volume_delete vol-9", source="FILE"),
    ],
    ids=["host", "program", "process", "message", "moment", "no log"],
)
def test_lines_that_differ_in_anything_stay_two(other: Record) -> None:
    timeline = merge(E1=reading("syslog-bsd", line(0.5, spread=0.5)), E2=reading("journald", other))
    assert len(timeline.events) == 2


def test_a_message_logged_twice_within_the_coarsest_second_joins_nothing() -> None:
    timeline = merge(
        E1=reading("syslog-bsd", line(0.5, spread=0.5)),
        E2=reading("journald", line(0.2, cursor="i=1"), line(0.8, cursor="i=2")),
    )
    assert len(timeline.events) == 3
    assert (
        timeline.apart[0].reason == "E2 has two of them" or "journald" in timeline.apart[0].reason
    )


def deployment(seconds: float, state: str, native: str, environment: str = "production") -> Record:
    return record(
        "deployment.status",
        seconds,
        f"deployment to {environment}: {state}",
        native,
        sha=SHA,
        state=state,
        environment=environment,
    )


def test_a_forges_post_of_a_deployment_is_a_witness_of_its_status() -> None:
    told = post(9, "Successfully deployed f95f852 to production", bot="GitHub", refers=None)
    timeline = merge(
        E1=reading("slack", told),
        E2=reading(
            "github-deployment",
            deployment(0, "in_progress", "2099160"),
            deployment(5, "success", "2099161"),
            deployment(5, "success", "2099162", "staging"),
        ),
    )
    joined = [event for event in timeline.events if event.joined_by]
    assert [event.native_id for event in joined] == ["2099161"]
    assert "names commit f95f852, the environment production" in joined[0].joined_by[0].basis


def test_a_persons_word_of_a_deployment_is_related_by_the_commit_and_not_joined() -> None:
    told = post(9, "I have deployed f95f852 to production, success", bot=None, refers=None)
    timeline = merge(
        E1=reading("slack", told),
        E2=reading("github-deployment", deployment(5, "success", "2099161")),
        E3=reading("git", record("commit", -60, "drop idle volumes", SHA, sha=SHA)),
    )
    commit, status, message = timeline.events
    assert (status.related, message.related) == ((commit.id,), (commit.id,))
    assert message.relations[0].basis == "it names commit f95f852bd8fc as f95f852"
    assert commit.related == ()


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (SHA, True),
        ("f95f852b", True),
        ("f95f85", False),
        ("f95f852b-1111-4111", False),
        ("1234567", False),
        ("abcdefa", False),
        ("xf95f852b", False),
        ("f95f853", False),
    ],
)
def test_only_a_commits_name_of_seven_digits_and_more_counts(word: str, found: bool) -> None:  # noqa: FBT001 - a table's column
    timeline = merge(
        E1=reading("slack", post(9, f"look at {word}.", bot=None, refers=None)),
        E2=reading(
            "git",
            record("commit", -60, "one", SHA, sha=SHA),
            record("commit", -50, "two", "1234567" + OTHER[7:], sha="1234567" + OTHER[7:]),
            record("commit", -40, "three", "abcdefa" + OTHER[7:], sha="abcdefa" + OTHER[7:]),
        ),
    )
    assert bool(timeline.events[-1].related) is found


def test_a_shortened_name_that_fits_two_commits_relates_to_neither() -> None:
    near = "f95f852" + OTHER[7:]
    timeline = merge(
        E1=reading("slack", post(9, "f95f852 broke it", bot=None, refers=None)),
        E2=reading(
            "git",
            record("commit", -60, "one", SHA, sha=SHA),
            record("commit", -50, "two", near, sha=near),
        ),
    )
    assert timeline.events[-1].related == ()


def test_a_status_update_relayed_word_for_word_is_one_event_with_the_update() -> None:
    update = record(
        "status.update",
        0,
        "Orders API errors: investigating: We see errors on some requests.",
        "u1u1u1",
        incident="sp7sp7",
        status="investigating",
    )
    update = Record(
        **{name: getattr(update, name) for name in update.__slots__}
        | {"subject": "Orders API errors"}
    )
    link = "https://orders.statuspage.io/incidents/sp7sp7"
    words = f"Orders API errors {link} Status: Investigating We see errors on some requests."
    relayed = post(2, words, bot="Statuspage", refers="statuspage:sp7sp7")
    shortened = post(2, f"Orders API errors {link}", bot="Statuspage", refers="statuspage:sp7sp7")
    page = reading("statuspage", update)
    assert len(merge(E1=reading("slack", relayed), E2=page).events) == 1
    assert len(merge(E1=reading("slack", shortened), E2=page).events) == 2


def test_a_number_is_an_id_only_within_its_own_system() -> None:
    """A check of GitHub's and one of GitLab's with the same number are two events."""
    timeline = merge(
        E1=reading("github-checks", record("check.completed", 0, "build", "12345678")),
        E2=reading("gitlab-merge-request", record("check.completed", 0, "build", "12345678")),
    )
    assert len({event.id for event in timeline.events}) == 2
    assert timeline.apart[0].reason == "a number is an id only within its own system"


def joined_case() -> dict[str, Reading]:
    return {
        "E1": reading("slack", post(3, f"Triggered {LINK}"), post(4, f"Triggered {LINK}", "C2")),
        "E2": reading("pagerduty", entry("alert.triggered", 0, "R01")),
    }


def test_a_rejected_join_gives_back_the_events_there_were_and_a_confirmed_one_says_so() -> None:
    (event,) = merge(**joined_case()).events
    (proposed,) = list_joinings(merge(**joined_case()))
    assert (proposed.id, proposed.status) == (f"join:{event.id}", "proposed")
    rejected = rule(Rulings({event.id: "rejected"}), joined_case())
    alone = [merge(**{name: one}) for name, one in joined_case().items()]
    assert kinds_of(rejected) == ["alert.triggered", "chat.message", "chat.message"]
    assert {event.id for event in alone[1].events} < {event.id for event in rejected.events}
    (undone,) = list_joinings(rejected)
    assert (undone.id, undone.status) == (proposed.id, "rejected")
    confirmed = rule(Rulings({event.id: "confirmed"}), joined_case())
    assert {join.status for join in confirmed.events[0].joined_by} == {"confirmed"}


def test_any_of_the_events_that_a_join_made_one_names_it() -> None:
    """So a decision holds even where later evidence makes another record the leading one."""
    leading = merge(**joined_case()).events[0].id
    apart = rule(Rulings({leading: "rejected"}), joined_case())
    for event in apart.events:
        assert len(rule(Rulings({event.id: "rejected"}), joined_case()).events) == 3


def test_a_decision_that_nothing_answers_to_any_more_is_said_to_be_one() -> None:
    timeline = rule(Rulings({"ev-0": "confirmed"}, {"ev-1": "rejected"}), {})
    assert [apart.rule for apart in timeline.apart] == ["decision", "decision"]


def test_copies_a_person_says_are_two_happenings_become_one_event_an_item() -> None:
    readings = {
        name: reading("csv", record("note", 0, "restarted the worker", actor="operator"))
        for name in ("E1", "E2")
    }
    (event,) = merge(**readings).events
    assert list_decidable(merge(**readings)) == {f"copies:{event.id}"}
    apart = rule(Rulings(copies={event.id: "rejected"}), readings)
    assert len(apart.events) == 2
    assert event.id in {one.id for one in apart.events}
    assert list_joinings(apart)[0].id == f"copies:{event.id}"


def test_a_declared_equivalence_joins_and_takes_facts_from_each() -> None:
    note = record("note", 30, "5xx alert seen", spread=30.0, actor="monitor")
    alert = record("alert.triggered", 12, "Orders5xx", "a1b2/2026", details="x")
    declared = Equivalence((f"E1#{note.place}", f"E2#{alert.place}"), "lead", "the same page")
    timeline = rule(
        Rulings(declared=(declared,)),
        {"E1": reading("csv", note), "E2": reading("alertmanager", alert)},
    )
    (event,) = timeline.events
    assert (event.kind, event.actor_name) == ("alert.triggered", "monitor")
    assert event.joined_by[0].basis == "declared by lead: the same page"
    assert event.joined_by[0].status == "certain"
    assert list_joinings(timeline) == ()


def test_what_differs_in_a_native_id_cannot_be_declared_one_event() -> None:
    one, two = entry("alert.triggered", 0, "R01"), entry("alert.triggered", 1, "R02")
    declared = Equivalence((f"E1#{one.place}", f"E1#{two.place}"), "lead", "alike")
    with pytest.raises(ManifestError, match="are two") as caught:
        rule(Rulings(declared=(declared,)), {"E1": reading("pagerduty", one, two)})
    assert "they differ in the alert id of pagerduty: R01, R02" in str(caught.value.got)


def test_a_declared_place_that_no_record_has_is_refused() -> None:
    declared = Equivalence(("E1#line 1", "E2#line 2"), "lead", "alike")
    with pytest.raises(ManifestError, match="one of them is not one record"):
        rule(Rulings(declared=(declared,)), {"E1": reading("csv")})
