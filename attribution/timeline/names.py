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
_NOREPLY = re.compile(r"(?:\d+\+)?([^@+\s]+)@users\.noreply\.github\.com")
_NUMBERS = re.compile(r"([0-9]+)")
_CHAT_ID = re.compile(r"[UWB][A-Z0-9]{2,}|[A-Z0-9]{12,}")

NAME_KEYS = ("author", "merged_by", "reviewer", "creator", "user", "notified")
"""Keys of `Record.data` that hold the name of whoever acted (see `attribution.model.kinds`)."""

COMMIT_NAMES = (("author_name", "author_email"), ("committer_name", "committer_email"))


@dataclass(frozen=True, slots=True)
class Use:
    """Where a name first stands, and the role that hides whoever used it."""

    basis: str
    role: str | None = None


def key_of(name: str) -> str:
    """Return the form in which names compare: Unicode NFC, no outer space, no case."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def noreply_login(address: str) -> str | None:
    """Return the login inside a GitHub noreply address, None for every other name."""
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
            for name in _names_of(record):
                known = found.get(name)
                role = _hiding_role(record) if name == record.actor else None
                if known is None:
                    found[name] = Use(f"{evidence}#{record.place}", role)
                elif known.role is not None and role is None:
                    found[name] = Use(known.basis)
    return found


def _names_of(record: Record) -> list[str]:
    data = record.data
    found: list[JsonValue] = [record.actor]
    if record.kind == "commit":
        found += [data.get(email) or data.get(name) for name, email in COMMIT_NAMES]
    else:
        found += [data[key] for key in NAME_KEYS if key in data]
    return [name for name in found if isinstance(name, str) and name.strip()]


def _hiding_role(record: Record) -> str | None:
    role = record.data.get("role")
    if record.kind != "audit.call" or not isinstance(role, str):
        return None
    return None if record.data.get("source_identity") else role
