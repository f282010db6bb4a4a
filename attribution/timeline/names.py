"""Names as records write them: how they compare, GitHub's noreply addresses, ids made of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from attribution.model.record import JsonValue, Reading, Record

# https://docs.github.com/en/account-and-profile/reference/email-addresses-reference:
# ID+USERNAME@users.noreply.github.com, and USERNAME@... for accounts made before 2017-07-18.
_NOREPLY = re.compile(r"(?:(\d+)\+)?([^@+\s]+)@users\.noreply\.github\.com")
_NUMBERS = re.compile(r"([0-9]+)")
_CHAT_ID = re.compile(r"[UWB][A-Z0-9]{2,}|[A-Z0-9]{12,}")

NAME_KEYS = ("author", "merged_by", "reviewer", "creator", "user", "notified")
"""Keys of `Record.data` that hold the name of whoever acted (see `attribution.model.kinds`)."""

HIDING_KINDS = frozenset({"audit.call", "protection.changed"})
"""Kinds of record whose `role` is the identity that was used, not certainly its user's own."""

COMMIT_NAMES = (("author_name", "author_email"), ("committer_name", "committer_email"))


@dataclass(frozen=True, slots=True)
class Use:
    """Where a name first stands, and the role that hides whoever used it."""

    basis: str
    role: str | None = None


def noreply_login(address: str) -> str | None:
    """Return the login inside a GitHub noreply address, None for every other name."""
    match = _NOREPLY.fullmatch(address.strip())
    return None if match is None else match[2]


def noreply_number(address: str) -> str | None:
    """Return the number of the account in a GitHub noreply address, which no renaming changes."""
    match = _NOREPLY.fullmatch(address.strip())
    return None if match is None else match[1]


def representative(names: Iterable[str]) -> str:
    """Return the name that best shows who it is: a full name, then a login, an address, an id."""

    def rank(name: str) -> tuple[int, str]:
        if _CHAT_ID.fullmatch(name):
            return 3, name
        if "@" in name:
            return 2, name
        return (0 if " " in name.strip() else 1), name

    return min(names, key=rank)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key in which `line 9` comes before `line 10`; no two texts share one."""
    parts = _NUMBERS.split(text)  # text and digits by turns
    key = [(int(part[-18:]), "") if at % 2 else (-1, part) for at, part in enumerate(parts)]
    return (*key, (-1, text))


def in_place(records: Iterable[Record]) -> list[Record]:
    """Return the records in the order of their places, whatever order they came in."""
    return sorted(records, key=lambda record: natural(record.place))


def slug(name: str) -> str:
    """Return the name as an id of `[a-z0-9-]`; one with no such character gets a hash."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or (
        "actor-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    )


def first_uses(readings: Mapping[str, Reading]) -> dict[str, Use]:
    """Return every name that acts in a record, with the first place (by evidence id) it stands.

    A name used only by assumed roles, with no source identity beside it, carries the role: the
    session name of a role is whatever its user chose.
    """
    found: dict[str, Use] = {}
    for evidence in sorted(readings):
        for record in readings[evidence].records:
            for name in names_of(record):
                known = found.get(name)
                role = hiding_role(record) if name == record.actor else None
                if known is None:
                    found[name] = Use(f"{evidence}#{record.place}", role)
                elif known.role is not None and role is None:
                    found[name] = Use(known.basis)
    return found


def names_of(record: Record) -> list[str]:
    """Return the names of those who act in a record, in the order of their keys."""
    data = record.data
    found: list[JsonValue] = [record.actor]
    if record.kind == "commit":
        found += [data.get(email) or data.get(name) for name, email in COMMIT_NAMES]
    elif not data.keys().isdisjoint(NAME_KEYS):
        found += [data[key] for key in NAME_KEYS if key in data]
    return [name for name in found if isinstance(name, str) and name.strip()]


def hiding_role(record: Record) -> str | None:
    """Return the role, service account or key behind which whoever acted stays unknown.

    None where the record is of no such act, or names who stood behind it: AWS `sourceIdentity`,
    the first of Google's `serviceAccountDelegationInfo`, the user who impersonates in Kubernetes.
    """
    if record.kind not in HIDING_KINDS or record.data.get("source_identity"):
        return None
    # Of a service account that acts as a user, the account hides who used it, not the user.
    role = record.actor if record.data.get("impersonated") else record.data.get("role")
    return role if isinstance(role, str) else None
