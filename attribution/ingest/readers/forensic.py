"""What the readers of forensic timelines share: a row, its time, and what that is the time of."""

from __future__ import annotations

from collections.abc import Hashable

from attribution.ingest.fields import stated
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

_NOTHING = frozenset({"-", "", "0", "unknown", "N/A", "None"})


def given(value: str | None) -> str | None:
    """Return a cell's text, None where the tool wrote that there is none."""
    return None if value is None or value.strip() in _NOTHING else value.strip()


def add_row(
    intake: Intake,
    place: str,
    *,
    time: object,
    text: str,
    about: str | None,
    native_id: str | None = None,
    key: Hashable = None,
    facts: dict[str, JsonValue],
) -> None:
    """Give the intake one row; `about` says what its time is, as 'Content Modification Time'.

    A file's user is whose file it was, which need not be who acted.
    """
    user, host = facts.get("user"), facts.get("host")
    intake.add(
        place,
        "forensic.event",
        time=time,
        text=text,
        actor=user if isinstance(user, str) else None,
        subject=host if isinstance(host, str) else None,
        native_id=native_id,
        key=key,
        data=stated(time_is=about, **facts),
    )
