"""What holds of joins across sources for whatever records come in, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.model.actor import ActorDirectory
from attribution.model.event import Event, Timeline
from attribution.model.instant import SECOND, Instant
from attribution.model.record import Accounting, JsonValue, Reading, Record
from attribution.timeline import joining
from attribution.timeline.classes import tie
from attribution.timeline.merge import merge_records
from attribution.timeline.native_ids import channel_of, system_of
from attribution.timeline.proposals import Proposal
from attribution.timeline.rulings import NO_RULINGS, Rulings

FEW = settings(max_examples=15, deadline=None)
SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
KINDS = {
    "slack": "chat.message",
    "pagerduty": "alert.triggered",
    "github-deployment": "deployment.status",
    "journald": "log.line",
    "syslog": "log.line",
    "plaso-l2tcsv": "forensic.event",
}
FORMATS = {"E1": "slack", "E2": "slack", "E3": "pagerduty", "E4": "journald", "E5": "syslog",
           "E6": "plaso-l2tcsv", "E7": "github-deployment"}  # fmt: skip
TEXTS = ("Triggered #7", "Resolved #7", "success: f95f852 in production", "down")

Entries = dict[str, list[Record]]


@st.composite
def records(draw: st.DrawFn, format_id: str) -> Record:
    """A record out of so few values that joins, chains of joins and clashes are common."""
    time = draw(st.integers(0, 12)) * 20 * SECOND
    wide = draw(st.sampled_from([0, SECOND, 25 * SECOND]))
    native = draw(st.sampled_from(["n-00001", "n-00002", "n-00003"]))
    data: dict[str, JsonValue] = {}
    actor = None
    if format_id == "slack":
        channel = draw(st.sampled_from(["C1", "C2"]))
        incident = draw(st.integers(0, 2))
        data = {"channel": channel, "bot": True}
        data |= {"refers_to": [f"pagerduty:P{incident}"]} if incident else {}
        actor = draw(st.sampled_from(["PagerDuty", "GitHub"]))
        native = f"{channel}/{time}.{incident}{draw(st.integers(0, 1))}"  # a post has its links
        wide = 0
    elif format_id == "pagerduty":
        data = {"incident": draw(st.sampled_from(["P1", "P2"]))}
        native += str(data["incident"])  # an entry is of one incident
    elif format_id == "github-deployment":
        data = {"sha": SHA, "environment": "production", "state": "success"}
    else:
        data = {"host": "h", "source": "LOG", "program": draw(st.sampled_from(["p", "q"]))}
    place = f"line {draw(st.integers(0, 10**9))}"
    text = draw(st.sampled_from(TEXTS))
    carries_id = format_id in {"slack", "pagerduty", "journald", "github-deployment"}
    return Record(
        place, place, KINDS[format_id], Instant(time), Instant(time - wide), Instant(time + wide),
        None, None, actor, None, text, native if carries_id else None, data,
    )  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Entries:
    chosen = draw(st.sets(st.sampled_from(sorted(FORMATS)), min_size=1))
    return {
        name: draw(
            st.lists(records(FORMATS[name]), max_size=6, unique_by=lambda record: record.place)
        )
        for name in sorted(chosen)
    }


def merge(
    case: Entries, rulings: Rulings = NO_RULINGS, formats: Mapping[str, str] = FORMATS
) -> Timeline:
    readings = {
        name: Reading(formats[name], tuple(found), Accounting(len(found), len(found), 0, 0, 0))
        for name, found in case.items()
    }
    return merge_records(readings, {}, ActorDirectory(()), rulings)


def merge_without_rules(case: Entries) -> Timeline:
    with patch.object(joining._Joining, "rules", lambda _: iter(())):
        return merge(case)


def told(event: Event) -> tuple[object, ...]:
    """Return what an event says, without its neighbours and the events it refers to."""
    return event.id, event.time, event.text, event.actor_name, event.witnesses


@FEW
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_evidence_and_of_records_makes_no_difference(
    case: Entries, random: Random
) -> None:
    """The whole timeline is equal: joins, relations and what was left apart included."""
    expected = merge(case)
    names = list(case)
    random.shuffle(names)
    shuffled = {name: list(case[name]) for name in names}
    for entries in shuffled.values():
        random.shuffle(entries)
    assert merge(shuffled) == expected


@FEW
@given(cases())
def test_no_event_holds_two_native_ids_of_one_system_and_kind(case: Entries) -> None:
    """But for a post that was sent again, whose id is that of the post and not of what it tells."""
    known = {(name, one.place): one for name, found in case.items() for one in found}
    for event in merge(case).events:
        ids: dict[object, set[str]] = {}
        again = any(join.rule == "retry" for join in event.joined_by)
        for witness in event.witnesses:
            record = known[witness.evidence, witness.place]
            system = system_of(FORMATS[witness.evidence])
            space = (system, record.kind, channel_of(record) if system == "slack" else "")
            if record.native_id and not (again and system == "slack"):
                ids.setdefault(space, set()).add(record.native_id)
            for link in (record.data.get("refers_to"), record.data.get("incident")):
                if link:
                    ids.setdefault("incident", set()).add(str(link)[-4:].strip("']"))
        assert [found for space, found in ids.items() if len(found) > 1] == []


@FEW
@given(cases())
def test_adding_all_evidence_again_adds_witnesses_and_no_event(case: Entries) -> None:
    """A copy of every item under another id leaves ids, times and texts as they were."""
    once = merge(case)
    copies = {f"copy {name}": found for name, found in case.items()}
    formats = FORMATS | {f"copy {name}": one for name, one in FORMATS.items()}
    twice = merge(case | copies, formats=formats)
    assert [told(event)[:4] for event in twice.events] == [told(event)[:4] for event in once.events]
    assert [len(event.witnesses) for event in twice.events] == [
        2 * len(event.witnesses) for event in once.events
    ]
    assert len(twice.apart) == len(once.apart)


@FEW
@given(cases())
def test_what_no_rule_joins_keeps_its_id_and_a_joined_event_has_that_of_one_of_its_parts(
    case: Entries,
) -> None:
    """So nothing that cites an event loses it when a join is made or undone."""
    plain = {event.id: event for event in merge_without_rules(case).events}
    for event in merge(case).events:
        assert event.id in plain
        if set(event.witnesses) == set(plain[event.id].witnesses):
            assert told(event) == told(plain[event.id])


@FEW
@given(cases())
def test_undoing_every_join_gives_back_the_events_there_were_without_the_rules(
    case: Entries,
) -> None:
    """And undoing one of them leaves all others as they are."""
    plain = merge_without_rules(case)
    joined = merge(case)
    ids = [event.id for event in joined.events if any(join.records for join in event.joined_by)]
    undone = merge(case, Rulings(dict.fromkeys(ids, "rejected")))
    assert list(map(told, undone.events)) == list(map(told, plain.events))
    assert undone.sources == plain.sources
    for one in ids[:2]:
        kept = merge(case, Rulings({one: "rejected"}))
        others = {told(event) for event in joined.events if event.id != one}
        assert others <= {told(event) for event in kept.events}


@FEW
@given(cases())
def test_the_accounting_adds_up_and_every_record_is_a_witness_once(case: Entries) -> None:
    """Kept is what a source tells of, each event once; the rest of its records are duplicates."""
    timeline = merge(case)
    witnesses = [(one.evidence, one.place) for event in timeline.events for one in event.witnesses]
    assert sorted(witnesses) == sorted(
        (name, one.place) for name, found in case.items() for one in found
    )
    for source in timeline.sources:
        events = {
            e.id for e in timeline.events for w in e.witnesses if w.evidence == source.evidence
        }
        assert source.accounting.kept == len(events)
        assert source.accounting.read == len(case[source.evidence])
    assert timeline.totals.read == sum(map(len, case.values()))


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=3), max_size=10))
def test_groups_are_those_that_a_slow_search_for_shared_members_finds(
    members: list[list[int]],
) -> None:
    """The twin joins any two groups that share a member until none do."""
    slow = [set(one) for one in members]
    while pair := next(((a, b) for a in slow for b in slow if a is not b and a & b), None):
        slow = [one for one in slow if one is not pair[0] and one is not pair[1]]
        slow.append(pair[0] | pair[1])
    proposals = [Proposal(tuple(one), "") for one in members]
    alone = {at: at for one in members for at in one}
    fast = [{at for one in group for at in one.members} for group in tie(proposals, alone)]
    assert sorted(map(sorted, fast)) == sorted(map(sorted, slow))
