"""Reading the facts of an event's data, each in its own type."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attribution.model.actor import ActorDirectory
from attribution.model.event import Event
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("review_bots.yaml")


@cache
def load_review_bots() -> frozenset[str]:
    """Return the names of applications that review, casefolded, by `review_bots.yaml`."""
    return frozenset(read_table(TABLE)["names"])


def text(event: Event, key: str) -> str | None:
    """Return a text, None where the record has none."""
    value = event.data.get(key)
    return value if isinstance(value, str) and value else None


def number(event: Event, key: str) -> int | None:
    """Return a whole number, None where the record has none."""
    value = event.data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts(event: Event, key: str) -> tuple[str, ...]:
    """Return a list of texts, empty where the record has none."""
    value = event.data.get(key)
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()


def identity(name: str | None, directory: ActorDirectory) -> str | None:
    """Return the id of the actor behind a name, else the name itself."""
    actor = directory.resolve(name)
    return name if actor is None else actor.id


def is_machine(name: str, kind: str | None, directory: ActorDirectory) -> bool:
    """Return whether the account's type, the case or the table says no person bears this name.

    The table of applications is asked only where no record gives the account's type.
    """
    actor = directory.resolve(name)
    if actor is not None and actor.kind in {"agent", "service_account"}:
        return True
    plain = name.casefold()
    if kind == "Bot" or plain.endswith("[bot]"):
        return True
    return kind is None and plain in load_review_bots()


def same_repository(one: str, other: str) -> bool:
    """Return whether two names mean one repository: `owner/name`, or `name` for short."""
    first, second = one.casefold(), other.casefold()
    if "/" in first and "/" in second:
        return first == second
    return first.rpartition("/")[2] == second.rpartition("/")[2]
