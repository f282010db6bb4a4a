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


def tell_status(status: str, confirmed_by: str | None) -> str:
    """Return a status in words, with the person or the record that confirmed."""
    if confirmed_by is None:
        return status
    if is_by_record(confirmed_by):
        record = confirmed_by.removeprefix(_RECORD)
        return f"{status} by a record of the causation ({record}: {RECORDS_OF_CAUSATION[record]})"
    return f"{status} by a person ({confirmed_by.removeprefix(_PERSON)})"


def status_word(status: str, confirmed_by: str | None) -> str:
    """Return the status, or `recorded` where it is a record that confirmed."""
    return "recorded" if status == "confirmed" and is_by_record(confirmed_by) else status


def name_of(confirmed_by: str) -> str:
    """Return the name of the person, or the kind of record, that confirmed."""
    return confirmed_by.removeprefix(_RECORD).removeprefix(_PERSON)


def without_name(confirmed_by: str | None) -> str | None:
    """Return what confirmed, without the name of the person."""
    by_name = confirmed_by is not None and not is_by_record(confirmed_by)
    return _PERSON.strip(": ") if by_name else confirmed_by
