"""Synthetic records of sources whose clocks are compared."""

from __future__ import annotations

from attribution.model.clock import SourceClock
from attribution.model.instant import SECOND, Instant, parse_instant
from attribution.model.record import Accounting, EvidenceItem, JsonValue, Reading, Record
from attribution.timeline.clocks import estimate_clocks

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
