"""Terraform plans (`terraform show -json PLAN`): what was to be done to each resource.

A plan is no act: that it was applied is in the log of the apply, or in the cloud's audit log. Its
`timestamp` is that of the plan; before Terraform 1.5 there was none.
"""

from __future__ import annotations

from attribution.ingest.documents import WHOLE, name_type
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.terraform import names_of_change, operation_of
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    plan = table(source.document)
    if "resource_changes" not in plan and "resource_drift" not in plan:
        intake.reject(WHOLE, "no resource_changes: this is no plan, or one that changes nothing")
        return
    for key, drifted in (("resource_drift", True), ("resource_changes", False)):
        for index, entry in enumerate(items(plan.get(key))):
            place = f"/{key}/{index}"
            if isinstance(entry, dict):
                _add(intake, place, entry, plan, drifted=drifted)
            else:
                intake.reject(place, f"an object was expected, got {name_type(entry)}")
    if flag(plan.get("errored")) is True:
        intake.truncate("planning ended in an error: the plan is incomplete")


def _add(intake: Intake, place: str, entry: Table, plan: Table, *, drifted: bool) -> None:
    address, change = text(entry.get("address")), table(entry.get("change"))
    if address is None:
        intake.reject(place, "no address: this is no change of a resource")
        return
    operation = operation_of(items(change.get("actions")))
    names = names_of_change(change)
    what = "changed outside of Terraform" if drifted else "planned"
    intake.add(
        place,
        "infrastructure.plan",
        time=plan.get("timestamp"),
        text=f"{operation} {address} ({what})",
        subject=address,
        data=stated(
            tool="terraform",
            operation=operation,
            address=address,
            resources=[address, *names],
            type=text(entry.get("type")),
            provider=text(entry.get("provider_name")),
            reason=text(entry.get("action_reason")),
            drift=drifted or None,
            version=text(plan.get("terraform_version")),
        ),
    )


def _sniff(source: Source) -> float:
    plan: JsonValue = source.document
    if not isinstance(plan, dict) or "format_version" not in plan:
        return 0.0
    if "planned_values" not in plan and "resource_changes" not in plan:
        return 0.0
    return 1.0 if "terraform_version" in plan or find(plan, "configuration") else 0.8


FORMAT = Format(
    id="terraform-plan",
    title="Terraform plan, terraform show -json",
    told_by="an object with format_version and planned_values or resource_changes",
    source="https://developer.hashicorp.com/terraform/internals/json-format",
    kinds=frozenset({"json"}),
    sniff=_sniff,
    read=_read,
)
