"""Stories whose beginning is missing: an end without its start, an answer without its question.

A log that was rotated, filtered or cut begins in the middle of what was going on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attribution.model.gap import Gap
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.model.record import Reading, Record
from attribution.timeline.names import in_place

_CITED = 5
_TRIGGERED = "alert.triggered"
_ANSWERS = frozenset({"alert.acknowledged", "alert.resolved", "alert.escalated"})
_MOST_OF = 0.5
_TS = 1_000_000


def find_cut_stories(readings: Mapping[str, Reading]) -> list[Gap]:
    """Return the gaps that begin in mid-story, times as the records state them. Takes O(n)."""
    triggered: set[str] = set()
    alerts: dict[str, list[Record]] = {}
    gaps: list[Gap] = []
    for evidence, reading in readings.items():
        answers = []
        for record in reading.of_kinds(_ANSWERS | {_TRIGGERED}):
            if record.kind == _TRIGGERED:
                triggered |= set(_incidents(record))
            else:
                answers.append(record)
        if answers:
            alerts[evidence] = answers
        if reading.format in {"slack", "slack-messages"}:
            gaps += _find_lost_parents(evidence, reading)
        elif reading.format == "kubernetes-audit":
            gaps += _find_half_requests(evidence, reading)
    for evidence, answers in alerts.items():
        gaps += _find_untriggered(evidence, answers, triggered)
    return gaps


def _incidents(record: Record) -> list[str]:
    names = (record.data.get("incident"), record.data.get("alert"))
    return [name for name in names if isinstance(name, str)]


def _find_untriggered(evidence: str, answers: list[Record], triggered: set[str]) -> list[Gap]:
    """Return the alerts that were answered and, in no record of the case, triggered."""
    lost = [
        record
        for record in answers
        if (names := _incidents(record)) and triggered.isdisjoint(names)
    ]
    incidents = {_incidents(record)[0] for record in lost}
    if not incidents:
        return []
    first = min((record.time for record in lost if record.time is not None), default=None)
    named = ", ".join(sorted(incidents)[:_CITED])
    return [
        Gap(
            evidence,
            f"{len(incidents)} {'alert is' if len(incidents) == 1 else 'alerts are'} answered here"
            f" of which no record tells that {'it was' if len(incidents) == 1 else 'they were'}"
            f" triggered ({named})",
            None,
            first,
            kind="mid_story",
            mark="alerts",
            recorded=("alert.triggered",),
            references=_cite(evidence, lost),
            numbers={"stories": len(incidents)},
        )
    ]


def _find_lost_parents(evidence: str, reading: Reading) -> list[Gap]:
    """Return, by channel and day, the messages that replies answer and the export does not hold.

    Source: https://docs.slack.dev/messaging/retrieving-messages (thread_ts is the ts of the parent)
    """
    held = {record.native_id for record in reading.records}
    lost: dict[tuple[str, str], dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in reading.records:
        thread = record.data.get("thread")
        if not isinstance(thread, str) or record.native_id is None:
            continue
        channel = record.native_id.rpartition("/")[0]
        moment = _moment(thread)
        if moment is not None and f"{channel}/{thread}" not in held:
            day = format_instant(moment)[:10]
            lost[record.subject or channel, day][thread].append(record)
    if not lost:
        return []
    days = {
        (record.subject, format_instant(record.time)[:10])
        for record in reading.records
        if record.time is not None
    }
    gaps = []
    for (channel, day), threads in sorted(lost.items()):
        moments = sorted(moment for thread in threads if (moment := _moment(thread)) is not None)
        replies = [record for records in threads.values() for record in records]
        whole = (channel, day) not in days
        count = len(threads)
        gaps.append(
            Gap(
                evidence,
                f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'} in {channel}"
                f" {'answers' if len(replies) == 1 else 'answer'} {count}"
                f" {'message' if count == 1 else 'messages'} of {day} that the export does not hold"
                + ("; it holds nothing of that day in this channel" if whole else ""),
                moments[0],
                Instant(moments[-1] + SECOND - 1),
                kind="mid_story",
                mark=f"{channel}:{day}",
                recorded=("chat.message",),
                references=tuple(
                    f"{evidence}#{record.place}" for record in in_place(replies)[:_CITED]
                ),
                numbers={"missing": count, "replies": len(replies)},
            )
        )
    return gaps


def _moment(stamp: str) -> Instant | None:
    """Return the whole second of a `ts`, None for what is none (it has at most 11 digits)."""
    whole = stamp.partition(".")[0]
    known = whole.isascii() and whole.isdigit() and len(whole) < 12  # noqa: PLR2004 - seconds
    return Instant(int(whole) * _TS) if known else None


def _find_half_requests(evidence: str, reading: Reading) -> list[Gap]:
    """Return the requests of an API server's log of which only a later stage is there.

    Where the policy leaves out the first stage, most requests lack it, and it tells nothing.
    Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/ (stages, omitStages)
    """
    received: set[object] = set()
    later: dict[object, Record] = {}
    for record in reading.records:
        request = record.data.get("request")
        if record.data.get("stage") == "RequestReceived":
            received.add(request)
        elif request is not None:
            later.setdefault(request, record)
    half = [record for request, record in later.items() if request not in received]
    if not half or len(half) > _MOST_OF * len(later):
        return []
    times = sorted(record.time for record in half if record.time is not None)
    return [
        Gap(
            evidence,
            f"of {len(half)} {'request' if len(half) == 1 else 'requests'} only the end is there,"
            " though the log records when requests are received: it begins in mid-story, or"
            " entries are gone",
            times[0] if times else None,
            times[-1] if times else None,
            kind="mid_story",
            mark="requests",
            recorded=("audit.call",),
            references=_cite(evidence, half),
            numbers={"stories": len(half)},
        )
    ]


def _cite(evidence: str, records: list[Record]) -> tuple[str, ...]:
    return tuple(f"{evidence}#{record.place}" for record in in_place(records)[:_CITED])
