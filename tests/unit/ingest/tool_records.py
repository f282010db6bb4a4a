"""Records of incident tools in the shape that each vendor documents, all of them made up."""

from __future__ import annotations

import json
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.model.record import JsonValue, Reading, Record

Tree = dict[str, JsonValue]
DAY = "2026-01-14T09:12:31Z"
LOG: Tree = {
    "log": "Alert created via web", "type": "system", "owner": "a.oncall@example.test",
    "createdAt": DAY, "offset": "1_1",
}  # fmt: skip
ALERT: Tree = {
    "status": "firing", "labels": {"alertname": "Orders5xx", "service": "orders"},
    "annotations": {"summary": "5xx above 5 %"}, "startsAt": DAY, "fingerprint": "f1",
    "endsAt": "2026-01-14T09:17:31Z",
}  # fmt: skip
NOTICE: Tree = {
    "version": "4", "groupLabels": {}, "receiver": "pager", "truncatedAlerts": 0, "alerts": [ALERT],
}  # fmt: skip
ITEM: Tree = {
    "activityItemID": "a-1", "incidentID": "i-1", "activityKind": "userNote", "body": "seen",
    "user": {"userID": "u-1", "name": "A. Oncall"}, "createdTime": DAY, "eventTime": DAY,
}  # fmt: skip
INCIDENT: Tree = {
    "id": "01FDAG4SAP5TYPT98WGR2N7W91", "reference": "INC-7", "name": "orders down",
    "created_at": DAY, "updated_at": DAY, "mode": "standard", "visibility": "public",
    "incident_status": {"category": "live", "name": "Investigating", "rank": 1},
    "creator": {"user": {
        "id": "01USER", "name": "A. Oncall", "email": "a.oncall@example.test",
        "slack_user_id": "U0700", "role": "owner",
    }},
    "incident_role_assignments": [{"role": {"name": "Incident Lead"}, "assignee": None}],
    "incident_timestamp_values": [
        {"incident_timestamp": {"id": "01TS1", "name": "Impact started", "rank": 1},
         "value": {"value": "2026-01-14T09:00:00.5Z"}},
        {"incident_timestamp": {"id": "01TS2", "name": "Fixed", "rank": 2}, "value": None},
    ],
}  # fmt: skip
UPDATE: Tree = {
    "id": "01UPD", "incident_id": "01FDAG4SAP5TYPT98WGR2N7W91", "created_at": DAY,
    "message": "rolling back", "new_incident_status": {"name": "Fixing", "category": "live"},
    "updater": {"workflow": {"id": "01WF", "name": "escalate"}},
}  # fmt: skip
ERROR: Tree = {"eventID": "e" * 32, "dateCreated": DAY, "title": "Boom", "tags": []}
OLD: Tree = {"id": 5001234, "title": "Restart", "text": "", "date_happened": 1768381951}
MESSAGE: Tree = {
    "id": "1", "messageType": "message", "createdDateTime": DAY, "chatId": "19:a@unq.gbl.spaces",
    "from": {"user": {"id": "aad-1", "displayName": "A. Oncall"}},
    "body": {"contentType": "text", "content": "1 < 2 & <b>"},
}  # fmt: skip
EVENT: Tree = {
    "id": "r-1", "type": "incident_events",
    "attributes": {"event": "seen", "occurred_at": DAY, "created_at": DAY},
}  # fmt: skip
# format -> a page with one entry; the key of its time; a page of a listing
PAGES: dict[str, tuple[Tree, str, Tree]] = {
    "opsgenie": (LOG, "createdAt", {"data": [LOG]}),
    "alertmanager": (ALERT, "startsAt", NOTICE),
    "grafana-incident": (ITEM, "eventTime", {"activityItems": [ITEM]}),
    "incident-io": (UPDATE, "created_at", {"incident_updates": [UPDATE]}),
    "sentry": (ERROR, "dateCreated", {"data": [ERROR]}),
    "datadog": (OLD, "date_happened", {"events": [OLD]}),
    "teams": (MESSAGE, "createdDateTime", {"value": [MESSAGE]}),
    "rootly": (EVENT, "", {"data": [EVENT]}),
}


def read(folder: Path, document: JsonValue, **options: str) -> Reading:
    path = folder / "records"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_evidence(path, **options)  # type: ignore[arg-type]


def lines(folder: Path, *documents: JsonValue) -> Path:
    path = folder / "records"
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    return path


def one(reading: Reading) -> Record:
    (record,) = reading.records
    return record
