"""The log of `terraform plan -json` and `terraform apply -json`: one message a line.

`apply_complete` says that the tool saw the change succeed, `apply_errored` that it failed;
`planned_change` is a plan and no act. OpenTofu writes the same.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.audit import BEGUN, FAILED, SUCCEEDED, drop_empty
from attribution.ingest.source import Source

_MODULES = frozenset({"terraform.ui", "tofu.ui"})
_OUTCOMES = {
    "apply_start": BEGUN,
    "apply_progress": BEGUN,
    "apply_complete": SUCCEEDED,
    "apply_errored": FAILED,
}


def _read(source: Source, intake: Intake) -> None:
    ended = False
    for place, message in walk_entries(source, intake):
        kind = text(message.get("type"))
        if kind is None or text(message.get("@message")) is None:
            intake.reject(place, "no type and @message: no line of Terraform's log")
            continue
        _add(intake, place, message, kind)
        ended = ended or kind in {"change_summary", "outputs", "diagnostic", "test_summary"}
    if not ended:
        intake.truncate("the log has neither a summary nor an error at its end: it may be cut")


def _add(intake: Intake, place: str, message: Table, kind: str) -> None:
    hook = table(message.get("hook"))
    change = table(message.get("change"))
    about = table(hook.get("resource")) or table(change.get("resource"))
    address = text(about.get("addr"))
    operation = text(hook.get("action")) or text(change.get("action"))
    outcome = _OUTCOMES.get(kind)
    resources = drop_empty((address, text(hook.get("id_value"))))
    record_kind = "infrastructure.log"
    if outcome is not None and address is not None:
        record_kind = "infrastructure.change"
    elif kind == "planned_change" and address is not None:
        record_kind = "infrastructure.plan"
    intake.add(
        place,
        record_kind,
        time=message.get("@timestamp"),
        text=text(message.get("@message")) or "",
        subject=address,
        data=stated(
            tool=(text(message.get("@module")) or "terraform").partition(".")[0],
            type=text(about.get("resource_type")) if address else kind,
            message_type=kind,
            operation=operation,
            address=address,
            resources=list(resources) or None,
            outcome=outcome if address else None,
            reason=text(change.get("reason")),
            seconds=number(hook.get("elapsed_seconds")),
            severity=text(find(message, "diagnostic", "severity")),
            level=text(message.get("@level")),
        ),
    )


def _sniff(source: Source) -> float:
    entries = [entry for entry in first_entries(source) if "@timestamp" in entry]
    named = any(text(entry.get("@module")) in _MODULES for entry in entries)
    return 1.0 if named else 0.0


FORMAT = Format(
    id="terraform-log",
    title="Terraform or OpenTofu log, apply -json",
    told_by="objects with @module terraform.ui (or tofu.ui) and @timestamp, one a line",
    source="https://developer.hashicorp.com/terraform/internals/machine-readable-ui",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
