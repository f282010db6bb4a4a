"""The users of a directory: a SCIM list of users, or Okta's list.

SCIM is what an identity provider provisions accounts by; GitHub answers
`scim/v2/organizations/ORG/Users` in it too. Okta's own API lists users with a `profile`.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_GONE = frozenset({"SUSPENDED", "DEPROVISIONED", "LOCKED_OUT"})


def _read(source: Source, intake: Intake) -> None:
    count = 0
    for place, entry in walk_entries(source, intake, "Resources"):
        count += 1
        if _is_scim(entry):
            _add(intake, place, entry, _scim_names(entry), flag(entry.get("active")))
        elif _is_okta(entry):
            active = None if text(entry.get("status")) is None else entry["status"] not in _GONE
            _add(intake, place, entry, _okta_names(entry), active)
        else:
            intake.reject(place, "no user: userName, or profile with login, is missing")
    answer = table(source.document) if source.kind == "json" else {}
    total, first = number(answer.get("totalResults")), number(answer.get("startIndex")) or 1
    if total is not None and total > first - 1 + count:
        intake.truncate(
            f"the list holds entries {first} to {first - 1 + count} of {total} (RFC 7644, section"
            " 3.4.2.4)"
        )


def _scim_names(entry: Table) -> list[str | None]:
    """Return user name, id and addresses: all are the directory's own (RFC 7643, section 4.1)."""
    addresses = [text(find(address, "value")) for address in items(entry.get("emails"))]
    return [text(entry.get("userName")), text(entry.get("id")), *addresses]


def _okta_names(entry: Table) -> list[str | None]:
    """Return login, id and primary address; the second is for recovery, and may be anybody's."""
    profile = table(entry.get("profile"))
    return [text(profile.get("login")), text(entry.get("id")), text(profile.get("email"))]


def _add(
    intake: Intake,
    place: str,
    entry: Table,
    names: list[str | None],
    active: bool | None,  # noqa: FBT001 - a field of the record
) -> None:
    known = list(dict.fromkeys(name for name in names if name))
    intake.alias(tuple(known), place, grade="sso")
    intake.add(
        place,
        "identity.account",
        time=intake.observed(entry.get("observed_at")),
        text=f"{known[0]}: {', '.join(known[1:]) or 'no other name'}",
        subject=known[0],
        native_id=text(entry.get("id")),
        data=stated(
            platform="directory",
            login=known[0],
            identities=list[JsonValue](known[1:]) or None,
            active=active,
        ),
    )


def _is_scim(entry: Table) -> bool:
    typed = _USER in items(entry.get("schemas"))
    return text(entry.get("userName")) is not None and (typed or "emails" in entry)


def _is_okta(entry: Table) -> bool:
    return text(find(entry, "profile", "login")) is not None


def _sniff(source: Source) -> float:
    entries = first_entries(source, "Resources")
    if any(_is_scim(entry) for entry in entries):
        return 1.0
    return 0.9 * any(_is_okta(entry) and {"id", "status"} <= entry.keys() for entry in entries)


FORMAT = Format(
    id="directory-users",
    title="Users of a directory, SCIM or Okta",
    told_by="objects with userName and emails, in an array Resources, or with id, status and a"
    " profile with login",
    source="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2;"
    " https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
