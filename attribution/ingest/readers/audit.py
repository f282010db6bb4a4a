"""What the readers of audit logs share: every call on a live resource told in the same words."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from attribution.ingest.fields import stated
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

BEGUN = "begun"
SUCCEEDED = "succeeded"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as an audit log records it; see `audit.call` in `attribution.model.kinds`.

    `actor` is the most specific name of who called. `role` is the identity whose permissions were
    used, where it is not certainly the caller's own: an assumed role, a service account, a user
    acted as. `source_identity` is who stood behind it, where the log says so; without it, whoever
    used the role is unknown.
    """

    operation: str
    source: str | None
    read_only: bool
    resources: tuple[str, ...]
    actor: str | None
    error: str | None = None
    role: str | None = None
    source_identity: str | None = None
    outcome: str | None = None


def add_call(
    intake: Intake,
    place: str,
    call: Call,
    *,
    time: object,
    written: object,
    native_id: str | None,
    key: Hashable,
    facts: dict[str, JsonValue],
) -> None:
    """Give the intake one call; `facts` are what else its log tells, None where it does not."""
    names = [name for name in call.resources if not _is_spelt_shorter(name, call.resources)]
    about = f" on {', '.join(names)}" if names else ""
    failed = f", refused: {call.error}" if call.error else ""
    begun = ", begun" if call.outcome == BEGUN else ""
    intake.add(
        place,
        "audit.call",
        time=time,
        written=written,
        text=f"{call.operation}{about} ({call.source or 'source not stated'}{begun}{failed})",
        actor=call.actor,
        subject=call.resources[0] if call.resources else None,
        native_id=native_id,
        key=key,
        data=stated(
            source=call.source,
            operation=call.operation,
            read_only=call.read_only,
            resources=list[JsonValue](call.resources),
            role=call.role,
            source_identity=call.source_identity,
            outcome=call.outcome,
            error=call.error,
            **facts,
        ),
    )


def _is_spelt_shorter(name: str, names: Iterable[str]) -> bool:
    return any(name.endswith(f"/{other}") for other in names)


def name_resources(*names: str | None) -> tuple[str, ...]:
    """Return each path of a resource and the name it ends in, each once."""
    found: dict[str, None] = {}
    for name in names:
        if name:
            found[name] = None
            found[name.rstrip("/").rpartition("/")[2]] = None
    return tuple(found)


def drop_empty(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that are there, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))
