"""Prometheus Alertmanager: notifications as a webhook gets them, alerts as the API lists them.

An alert is told by its fingerprint (a hash of its labels) and when it started; `endsAt` of an
alert that fires is when it would lapse, not something that took place, and year 1 is no time.
"""

from __future__ import annotations

from collections.abc import Hashable

from attribution.ingest.documents import join, name_type
from attribution.ingest.fields import Table, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.pages import first_pages, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_ACTIVE = frozenset({"firing", "active", "suppressed", "unprocessed"})
_RESOLVED = "resolved"
_TITLES = ("summary", "description", "message")


_Told = dict[Hashable, tuple[str, dict[str, JsonValue]]]


def _read(source: Source, intake: Intake) -> None:
    told: _Told = {}
    for place, entry in walk_pages(source, intake):
        listed = entry.get("alerts")
        if not isinstance(listed, list):
            _add(intake, place, entry, told)
            continue
        _note_missing(intake, place, entry)
        for index, alert in enumerate(listed):
            where = join(place, "alerts", index)
            if isinstance(alert, dict):
                _add(intake, where, alert, told)
            else:
                intake.reject(where, f"an object was expected, got {name_type(alert)}")


def _note_missing(intake: Intake, place: str, notification: Table) -> None:
    left_out = number(notification.get("truncatedAlerts")) or 0
    if left_out > 0:
        what = "alert was" if left_out == 1 else "alerts were"
        intake.truncate(
            f"{left_out} more {what} left out of the notification at {place}: truncatedAlerts"
        )


def _add(intake: Intake, place: str, alert: Table, told: _Told) -> None:
    """Give the intake an alert; when it is sent again its annotations are as at first.

    They hold current values, which change from one notification to the next.
    """
    labels = _texts(alert.get("labels"))
    state = text(alert.get("status")) or text(table(alert.get("status")).get("state"))
    if "startsAt" not in alert or not (labels or alert.get("fingerprint")):
        intake.reject(place, "no startsAt, or neither labels nor fingerprint: this is not an alert")
        return
    if state is not None and state != _RESOLVED and state not in _ACTIVE:
        intake.reject(place, f"the alert has the unknown state {state[:40]!r}")
        return
    notes = _texts(alert.get("annotations"))
    name = labels.get("alertname")
    said = next((notes[key] for key in _TITLES if key in notes), None)
    started = intake.timestamp(alert.get("startsAt"), place)
    mark = text(alert.get("fingerprint"))
    native = f"{mark}/{started}" if mark and started else None
    data = stated(
        alert=mark,
        service=labels.get("service"),
        details=stated(
            labels=dict[str, JsonValue](labels) or None,
            annotations=dict[str, JsonValue](notes) or None,
            suppressed_by=_suppressors(alert),
        ),
    )
    title = ": ".join(dict.fromkeys(part for part in (name, said) if part)) or mark or ""

    def add(kind: str, time: JsonValue) -> None:
        ended = intake.timestamp(time, place)
        key = (kind, native, ended) if native else None
        said, facts = told.setdefault(key, (title, data)) if key else (title, data)
        intake.add(
            place,
            kind,
            time=time,
            text=said if kind == "alert.triggered" else f"{said} (resolved)",
            subject=labels.get("service") or name,
            native_id=native,
            data=facts,
            key=key,
        )

    add("alert.triggered", alert.get("startsAt"))
    if state == _RESOLVED:
        add("alert.resolved", alert.get("endsAt"))


def _suppressors(alert: Table) -> JsonValue:
    """Return the silences and the alerts that keep an alert from being sent; None for none."""
    status = table(alert.get("status"))
    listed = [*items(status.get("silencedBy")), *items(status.get("inhibitedBy"))]
    return [name for item in listed if (name := text(item))] or None


def _texts(value: JsonValue) -> dict[str, str]:
    return {key: item for key, item in table(value).items() if isinstance(item, str)}


def _is_alert(entry: Table) -> bool:
    return {"labels", "annotations", "startsAt"} <= entry.keys()


def _sniff(source: Source) -> float:
    for page in first_pages(source):
        listed = page.get("alerts")
        alerts = [table(item) for item in listed[:20]] if isinstance(listed, list) else []
        if {"groupLabels", "receiver"} <= page.keys() and isinstance(listed, list):
            return 1.0
        if any(map(_is_alert, alerts)) or _is_alert(page):
            return 0.9
    return 0.0


FORMAT = Format(
    id="alertmanager",
    title="Prometheus Alertmanager notifications and alerts",
    told_by="objects with alerts, groupLabels and receiver, or alerts with labels, annotations and"
    " startsAt",
    source="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
