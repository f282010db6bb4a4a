"""Gaps: silences beyond a source's habit, lost numbers, cut stories, rotated logs (synthetic)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from attribution.model.actor import ActorDirectory
from attribution.model.event import Timeline
from attribution.model.gap import Gap, Stake
from attribution.model.instant import HOUR, MINUTE, SECOND, Instant, parse_instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.habits import FALSE_ALARMS, HABITS, habit_of, measure_habit
from attribution.timeline.merge import merge_records

T0 = parse_instant("2026-03-02T00:00:00Z")
DAY = 24 * HOUR
HARM = Stake("harm item outage", Instant(T0 + 10 * HOUR), Instant(T0 + 11 * HOUR))


def record(
    at: int | None, kind: str = "log.line", place: str = "", text: str = "", **data: JsonValue
) -> Record:
    time = None if at is None else Instant(T0 + at)
    native = data.pop("native", None)
    return Record(
        id=place or f"at {at}",
        place=place or f"line {at}",
        kind=kind,
        time=time,
        time_low=time,
        time_high=time,
        written=None,
        original_time=None,
        actor=None,
        subject=str(data.get("channel") or "") or None,
        text=text or f"said at {at}",
        native_id=native if isinstance(native, str) else None,
        data=data,
    )


def reading(records: Iterable[Record], format_id: str = "journald") -> Reading:
    held = tuple(records)
    dated = sum(one.time is not None for one in held)
    return Reading(format_id, held, Accounting(len(held), dated, 0, len(held) - dated))


def merge(
    readings: dict[str, Reading],
    stakes: tuple[Stake, ...] = (),
    items: dict[str, EvidenceItem] | None = None,
) -> Timeline:
    return merge_records(readings, items or {}, ActorDirectory(()), stakes=stakes)


def gaps_of(*sources: Iterable[Record], stakes: tuple[Stake, ...] = ()) -> tuple[Gap, ...]:
    readings = {f"E{at}": reading(source) for at, source in enumerate(sources, 1)}
    return merge(readings, stakes).gaps


def beats(start: int, end: int, step: int = MINUTE, kind: str = "log.line") -> list[Record]:
    return [record(at, kind) for at in range(start, end, step)]


def since(one: Record) -> int:
    """Return how long after `T0` a dated record is, in microseconds."""
    assert one.time is not None
    return one.time - T0


def test_a_heartbeat_that_misses_twenty_minutes_of_the_outage_is_a_gap_ranked_first() -> None:
    """The silence, the habit, on how many records it rests and what it overlaps are all stated."""
    beat = [one for one in beats(0, 20 * HOUR) if not 620 * MINUTE < since(one) < 640 * MINUTE]
    undated = [record(None, "note", place="line 1")]
    first, second = gaps_of(undated, beat, stakes=(HARM,))
    assert (first.evidence, first.kind) == ("E2", "silence")
    assert (first.time_low, first.time_high) == (T0 + 620 * MINUTE, T0 + 640 * MINUTE)
    assert first.numbers["silence_seconds"] == 1200
    assert first.numbers["usual_seconds"] == 60
    assert first.numbers["limit_seconds"] == 300
    assert first.bears_on == ("harm item outage, by 20 min",)
    assert len(first.references) == 2
    assert "no evidence" in first.consequence
    assert (second.evidence, second.kind, second.bears_on) == ("E1", "undated", ())


def test_a_beat_that_comes_late_is_none() -> None:
    beat = [one for one in beats(0, 20 * HOUR) if one.time != T0 + 630 * MINUTE]
    assert gaps_of(beat) == ()


def test_a_chat_that_is_silent_at_night_is_none() -> None:
    days = [beats(day * DAY + 9 * HOUR, day * DAY + 17 * HOUR, kind="note") for day in range(2)]
    assert gaps_of([one for day in days for one in day]) == ()


def test_what_is_silent_at_the_same_hours_of_other_days_is_silent_by_habit() -> None:
    """Two nights of 25 minutes: each alone would break the habit of a log that beats."""

    def nightly(skipped: frozenset[int]) -> list[Record]:
        return [
            one
            for one in beats(0, 6 * DAY)
            if not (
                since(one) // DAY in skipped
                and 3 * HOUR < since(one) % DAY < 3 * HOUR + 25 * MINUTE
            )
        ]

    assert gaps_of(nightly(frozenset({2, 3}))) == ()
    (gap,) = gaps_of(nightly(frozenset({2})))
    assert gap.numbers["other_days"] == 5
    assert "5 other days" in gap.reason


def test_an_irregular_source_is_given_the_silences_it_is_wont_to_keep() -> None:
    """A Poisson stream breaks no habit; the same with a hole thirty times its mean does."""
    rng = np.random.default_rng(7)
    moments = np.cumsum(rng.exponential(60 * SECOND, 600)).astype(int).tolist()
    assert gaps_of([record(at) for at in moments]) == ()
    torn = [at if at < moments[300] else at + 2 * HOUR for at in moments]
    (gap,) = gaps_of([record(at) for at in torn])
    assert gap.kind == "silence"


def test_few_records_have_no_habit() -> None:
    assert gaps_of([record(0), record(MINUTE), record(9 * HOUR)]) == ()


def test_one_host_that_falls_silent_among_many_is_found() -> None:
    both = [record(at, place=f"a {at}", host="db") for at in range(0, 20 * HOUR, MINUTE)]
    both += [
        record(at, place=f"b {at}", host="web")
        for at in range(0, 20 * HOUR, MINUTE)
        if not 10 * HOUR < at < 11 * HOUR
    ]
    (gap,) = gaps_of(both)
    assert gap.reason.startswith("web in E1 is silent")
    assert gap.id.endswith(":web")


def test_a_source_that_begins_only_after_the_harm_is_a_gap() -> None:
    early = [record(at, "note") for at in range(0, 12 * HOUR, HOUR)]
    (gap,) = gaps_of(early, beats(630 * MINUTE, 12 * HOUR), stakes=(HARM,))
    assert (gap.evidence, gap.kind) == ("E2", "late_start")
    assert gap.time_low == HARM.start
    assert gap.bears_on


def test_a_restart_in_a_silence_is_said() -> None:
    torn = [record(at, boot="one") for at in range(0, 10 * HOUR, MINUTE)]
    torn += [record(at, boot="two") for at in range(11 * HOUR, 20 * HOUR, MINUTE)]
    (gap,) = gaps_of(torn)
    assert "another boot id" in gap.reason


def test_a_wrong_clock_moves_the_silence_to_where_it_was() -> None:
    torn = beats(0, 10 * HOUR) + beats(12 * HOUR, 20 * HOUR)
    item = EvidenceItem("E1", "log", "journald", "0" * 64, 1, offset_seconds=-3600)
    (gap,) = merge({"E1": reading(torn)}, (HARM,), {"E1": item}).gaps
    assert gap.time_low == T0 + 9 * HOUR - MINUTE
    assert gap.bears_on == ("harm item outage, by 1 h",)


def test_ids_of_gaps_do_not_change_when_evidence_is_added() -> None:
    torn = beats(0, 10 * HOUR) + beats(12 * HOUR, 20 * HOUR)
    alone = gaps_of(torn)
    beside = gaps_of(torn, [record(at, "note") for at in range(0, 20 * HOUR, HOUR)], stakes=(HARM,))
    assert {gap.id for gap in alone} <= {gap.id for gap in beside}


@pytest.mark.parametrize("kind", ["chat.message", "commit", "alert.triggered", "note"])
def test_what_comes_on_occasion_has_no_habit_a_silence_breaks(kind: str) -> None:
    habit = habit_of(kind)
    assert habit is not None
    assert not habit.middle


def test_a_habit_of_equal_times_explains_little_more_than_itself() -> None:
    spans = np.full(100, 30 * SECOND)
    custom, breaks = measure_habit(spans, HABITS["log.line"])
    assert custom is not None
    assert custom.limit == HABITS["log.line"].shortest
    assert breaks.tolist() == []


def test_two_silences_do_not_hide_each_other() -> None:
    spans = np.full(300, 30 * SECOND)
    spans[[20, 200]] = HOUR
    _, breaks = measure_habit(spans, HABITS["log.line"])
    assert sorted(breaks.tolist()) == [20, 200]


def numbered(numbers: Iterable[int], series: str = "s") -> list[Record]:
    return [record(n * SECOND, seqnum=n, seqnum_id=series) for n in numbers]


def test_entries_whose_numbers_are_missing_are_a_gap_between_their_neighbours() -> None:
    (gap,) = gaps_of(numbered([*range(1, 40), *range(43, 80)]))
    assert gap.reason == "3 entries of the journal missing: number 40 to 42"
    assert (gap.time_low, gap.time_high) == (T0 + 39 * SECOND, T0 + 43 * SECOND)
    assert gap.numbers == {"missing": 3}


def test_a_sparse_selection_is_told_once_and_not_as_a_hundred_jumps() -> None:
    (gap,) = gaps_of(numbered(range(1, 400, 4)))
    assert gap.reason.startswith("it holds 100 of the 397 entries of the journal")


def test_a_sequence_that_starts_anew_has_no_jump() -> None:
    def line(at: int, number: int) -> Record:
        structured: JsonValue = {"meta": {"sequenceId": str(number)}}
        return record(at * SECOND, host="web", structured=structured)

    lines = [line(at, at) for at in range(500, 600)] + [
        line(at, at - 599) for at in range(600, 650)
    ]
    assert merge({"E1": reading(lines, "syslog")}).gaps == ()
    torn = [one for at, one in enumerate(lines) if at not in {30, 31}]
    (gap,) = merge({"E1": reading(torn, "syslog")}).gaps
    assert gap.numbers == {"missing": 2}


def test_replies_to_a_message_the_export_does_not_hold_show_what_is_missing() -> None:
    day = (T0 - DAY) // SECOND
    replies = [
        record(at * SECOND, "chat.message", channel="ops", thread=f"{day}.000100",
               native=f"C1/{T0 // SECOND + at}.000100", place=f"m{at}")
        for at in (5, 9)
    ]  # fmt: skip
    (gap,) = merge({"E1": reading(replies, "slack")}).gaps
    assert "2 replies in ops answer 1 message of 2026-03-01" in gap.reason
    assert "nothing of that day" in gap.reason


def test_an_alert_that_is_answered_and_nowhere_triggered_is_a_cut_story() -> None:
    answered = [record(at, "alert.acknowledged", incident=name, place=name)
                for at, name in ((5, "P1"), (9, "P2"))]  # fmt: skip
    triggered = [record(0, "alert.triggered", incident="P1")]
    found = merge({"E1": reading(answered, "pagerduty"), "E2": reading(triggered, "hand-csv")}).gaps
    assert [(gap.kind, gap.numbers["stories"]) for gap in found] == [("mid_story", 1)]
    assert found[0].recorded == ("alert.triggered",)


def test_requests_of_which_only_the_end_is_there_begin_in_mid_story() -> None:
    stages = [("b", "RequestReceived"), ("b", "ResponseComplete"), ("a", "ResponseComplete"),
              ("c", "RequestReceived"), ("c", "ResponseComplete")]  # fmt: skip
    calls = [record(at, "audit.call", place=f"line {at}", request=request, stage=stage)
             for at, (request, stage) in enumerate(stages)]  # fmt: skip
    (gap,) = merge({"E1": reading(calls, "kubernetes-audit")}).gaps
    assert gap.numbers == {"stories": 1}
    only_ends = [one for one in calls if one.data["stage"] == "ResponseComplete"]
    assert merge({"E1": reading(only_ends, "kubernetes-audit")}).gaps == ()


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("systemd-journald", "Suppressed 312 messages from web.service"),
        ("systemd-journald", "Vacuuming done, freed 128.0M of archived journals from /var/log."),
        ("rsyslogd", "imjournal: 4711 messages lost due to rate-limiting (20000 allowed)"),
        ("kernel", "audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64"),
        ("newsyslog", "host newsyslog[77]: logfile turned over due to size>1000K"),
    ],
)
def test_what_a_logging_service_says_it_lost_is_a_gap(program: str, text: str) -> None:
    (gap,) = gaps_of([record(9 * SECOND, text=text, program=program)])
    assert gap.kind == "rotation"
    assert gap.references == ("E1#line 9000000",)


def test_freeing_nothing_loses_nothing() -> None:
    text = "Vacuuming done, freed 0B of archived journals from /run/log."
    assert gaps_of([record(0, text=text, program="systemd-journald")]) == ()


def test_a_missing_file_of_a_rotated_log_is_a_gap_between_its_neighbours() -> None:
    def files(*numbers: int) -> list[Record]:
        # The higher the number, the older the file.
        return [record((9 - n) * HOUR, place=f"syslog.{n}!line 1") for n in numbers]

    assert gaps_of(files(1, 2, 3)) == ()
    (gap,) = gaps_of(files(1, 4))
    assert "syslog.2, syslog.3 are missing between syslog.1 and syslog.4" in gap.reason
    assert (gap.time_low, gap.time_high) == (T0 + 5 * HOUR, T0 + 8 * HOUR)


def test_a_missing_file_is_noticed_between_items_too() -> None:
    readings = {"E1": reading([record(9 * HOUR)]), "E2": reading([record(HOUR)])}
    items = {
        name: EvidenceItem(name, f"evidence/{path}", "syslog", "0" * 64, 1)
        for name, path in (("E1", "app.log.1"), ("E2", "app.log.3.gz"))
    }
    (gap,) = merge(readings, (), items).gaps
    assert "evidence/app.log.2 is missing" in gap.reason
    assert gap.numbers == {"missing_files": 1}


def test_a_gap_can_hide_only_what_its_source_records_and_only_in_its_stretch() -> None:
    gap = Gap("E1", "cut", Instant(10), Instant(20), recorded=("alert.triggered",))
    assert gap.could_hide(("alert.",), Instant(0), Instant(15))
    assert not gap.could_hide(("review.",), Instant(0), Instant(15))
    assert not gap.could_hide(("alert.",), Instant(21), None)
    assert Gap("E1", "unread").could_hide(("review.",), Instant(0), Instant(1))


def digest(hour: int, *files: str, previous: int | None = None) -> Record:
    named: list[JsonValue] = [
        {
            "name": f"logs/{name}.json.gz",
            "oldest": f"2026-03-02T{hour:02}:05:00Z",
            "newest": f"2026-03-02T{hour:02}:15:00Z",
        }
        for name in files
    ]
    return record(
        (hour + 1) * HOUR,
        "audit.digest",
        place=f"digest{hour}.json!/",
        object=f"digests/{hour}.json.gz",
        trail="digests",
        start=f"2026-03-02T{hour:02}:00:00Z",
        previous=None if previous is None else f"digests/{previous}.json.gz",
        files=named,
    )


def test_a_log_file_that_was_delivered_and_nobody_has_is_a_gap() -> None:
    """Its digest names it, and from when to when its calls are."""
    call = record(HOUR, "audit.call", place="one.json!/Records/0")
    found = merge({"E1": reading([digest(1, "one", "two"), call], "cloudtrail")}).gaps
    (gap,) = found
    assert gap.reason.startswith("the log file two.json was delivered and is missing")
    assert gap.time_low == T0 + HOUR + 5 * MINUTE
    assert gap.references == ("E1#digest1.json!/",)


def test_an_hour_whose_digest_is_missing_is_a_gap() -> None:
    whole = [digest(1), digest(2, previous=1), digest(3, previous=2)]
    assert merge({"E1": reading(whole, "cloudtrail")}).gaps == ()
    (gap,) = merge({"E1": reading([whole[0], whole[2]], "cloudtrail")}).gaps
    assert "the digest 2.json and what it lists are missing" in gap.reason
    assert (gap.time_low, gap.time_high) == (T0 + 2 * HOUR, T0 + 3 * HOUR)


@pytest.mark.parametrize("count", [30, 300])
@pytest.mark.parametrize("source", ["poisson", "log-normal", "pareto"])
def test_a_source_that_keeps_to_its_habit_is_hardly_ever_reported(source: str, count: int) -> None:
    """One false alarm in a hundred sources is expected at most, also of the heaviest tail."""
    rng = np.random.default_rng(20260302)
    draw: dict[str, Callable[[], np.ndarray[tuple[int, ...], np.dtype[np.float64]]]] = {
        "poisson": lambda: rng.exponential(60.0, count),
        "log-normal": lambda: rng.lognormal(3.0, 1.5, count),
        "pareto": lambda: rng.pareto(1.2, count) + 1.0,
    }
    spans = ((draw[source]() * SECOND).astype(np.int64) + 1 for _ in range(400))
    alarms = sum(len(measure_habit(one, HABITS["audit.call"])[1]) > 0 for one in spans)
    assert alarms <= 400 * 3 * FALSE_ALARMS


def test_a_silence_of_60_times_the_mean_of_a_steady_source_is_found() -> None:
    """Of a Poisson source of a thousand records, in 97 of 100 cases; that much it takes."""
    rng = np.random.default_rng(20260302)
    found = 0
    for _ in range(100):
        spans = (rng.exponential(600.0, 1000) * SECOND).astype(np.int64) + 1
        spans[500] = 600 * 60 * SECOND
        found += measure_habit(spans, HABITS["audit.call"])[1].tolist() == [500]
    assert found >= 90
