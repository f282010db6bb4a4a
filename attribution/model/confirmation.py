"""Who or what confirms a statement of the graph: a person, or a record of the causation itself."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

RECORDS_OF_CAUSATION: Final = MappingProxyType(
    {
        "git ancestry": "the commit is among the ancestors of the one that was deployed",
        "trace parent": "a span names the span that called it",
        "audit record": "one entry of a machine's log names the request and its effect",
    }
)
"""The records that show a causation itself; a rule may confirm by these and by nothing else."""

_RECORD, _PERSON = "record: ", "person: "


def by_record(record: str) -> str:
    """Return what `confirmed_by` says where a record of the causation confirms.

    Raises ValueError for a record that is not of `RECORDS_OF_CAUSATION`.
    """
    if record not in RECORDS_OF_CAUSATION:
        message = f"{record!r} is none of {', '.join(RECORDS_OF_CAUSATION)}"
        raise ValueError(message)
    return f"{_RECORD}{record}"


def by_person(name: str) -> str:
    """Return what `confirmed_by` says where a person confirmed."""
    return f"{_PERSON}{name}"


def is_by_record(confirmed_by: str | None) -> bool:
    """Whether it was a record that confirmed, and not a person."""
    return confirmed_by is not None and confirmed_by.startswith(_RECORD)
