"""What the Gerrit readers share: people, patch sets, votes, and what a change had to meet.

A vote is given on one patch set and looks at that one alone. Gerrit may carry it over to later ones
(`copy_condition`): it then counts for submission, but nobody looked again, so here it stays a
review of the patch set it was given on, and says how far it was carried.

Sources: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html,
https://gerrit-review.googlesource.com/Documentation/config-labels.html and
https://gerrit-review.googlesource.com/Documentation/config-submit-requirements.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from attribution.ingest.fields import items, stated, table, text
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

REVIEW = "Code-Review"
MOST = 2
"""The vote that approves, by Gerrit's own definition of the label Code-Review."""

_SERVICE = "SERVICE_USER"


@dataclass(frozen=True, slots=True)
class PatchSet:
    """One patch set; `created` is its time as the record writes it."""

    number: int
    sha: str | None
    created: JsonValue = None
    uploader: JsonValue = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change: what every record about it carries.

    `reviewed` is the last patch set that people could vote on: the server makes one more where it
    rebases or cherry-picks at the submission.
    """

    project: str | None
    number: int | None
    branch: str | None
    patch_sets: Mapping[int, PatchSet] = field(default_factory=dict)
    reviewed: int | None = None
    most: int = MOST

    @property
    def name(self) -> str:
        """Return the change as it is spoken of."""
        return "the change" if self.number is None else f"change {self.number}"

    @property
    def head(self) -> str | None:
        """Return the commit of the last patch set that could be voted on."""
        return self.commit(self.reviewed)

    def commit(self, number: int | None) -> str | None:
        """Return a patch set's commit; `patch set N` where it is not on record."""
        if number is None:
            return None
        known = self.patch_sets.get(number)
        return known.sha if known is not None and known.sha else f"patch set {number}"

    def kinds_after(self, number: int) -> list[str]:
        """Return what kinds of patch set came after one: REWORK, TRIVIAL_REBASE, ..."""
        last = self.reviewed or 0
        later = (self.patch_sets.get(after) for after in range(number + 1, last + 1))
        return [found.kind or "unknown" for found in later if found is not None]


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote: the label, its value, on which patch set, by whom and when (as written).

    `carried_to` is the patch set up to which Gerrit copied it.
    """

    label: str
    value: int
    patch_set: int | None
    person: JsonValue
    time: JsonValue
    native_id: str | None = None
    body: str | None = None
    carried_to: int | None = None

    @property
    def title(self) -> str:
        """Return `Code-Review+2`."""
        return f"{self.label}{self.value:+d}" if self.value else f"-{self.label}"


_OLD_NAMES: Mapping[str, str] = MappingProxyType({"CRVW": REVIEW, "VRIF": "Verified"})
"""What servers before Gerrit 2.6 called the labels in queries and events."""


def name_label(value: JsonValue) -> str | None:
    """Return the name of a label of a query or an event."""
    name = text(value)
    return None if name is None else _OLD_NAMES.get(name, name)


def utc(value: JsonValue) -> JsonValue:
    """Return a time of the REST interface with its zone, which is UTC and left unsaid."""
    return f"{value}Z" if isinstance(value, str) and value else value


def who(person: JsonValue) -> str | None:
    """Return the name an account is known by: user name, else e-mail, else full name, else id."""
    entry = table(person)
    names = (text(entry.get(key)) for key in ("username", "email", "name"))
    number = text(entry.get("_account_id"))
    return next((name for name in names if name), number and f"account {number}")


def account_type(person: JsonValue) -> str | None:
    """Return `Bot` for a service user, None where nothing says so."""
    return "Bot" if _SERVICE in items(table(person).get("tags")) else None


def note_aliases(intake: Intake, person: JsonValue, place: str) -> None:
    """Note the names of one account as one actor."""
    entry = table(person)
    names = tuple(text(entry.get(key)) for key in ("username", "email", "name"))
    intake.alias(names, place)


def inside(place: str, *parts: object) -> str:
    """Return a place inside a change; an object on one line has none beyond the line."""
    return place if place.startswith("line") else "/".join([place, *map(str, parts)])


def describe_change(change: Change, title: str, owner: JsonValue) -> dict[str, JsonValue]:
    """Return the facts that every event of a change carries."""
    return stated(
        repository=change.project,
        number=change.number,
        title=title,
        author=who(owner),
        author_type=account_type(owner),
        head_sha=change.head,
        base_ref=change.branch,
    )


def add_change_event(
    intake: Intake,
    place: str,
    change: Change,
    event: str,
    *,
    time: JsonValue,
    by: JsonValue,
    data: dict[str, JsonValue],
) -> None:
    """Give the intake an event of a change: opened, merged, closed, or `event` for any other."""
    intake.add(
        place,
        f"pull_request.{event}",
        time=time,
        text=f"{change.name} {data.get('event') or event}: {data.get('title') or ''}",
        actor=who(by),
        subject=change.name,
        native_id=None if event == "event" else f"{change.project or ''}~{change.number}:{event}",
        data=data,
    )
