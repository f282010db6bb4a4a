"""Actors (who did something) and parties (who can bear responsibility)."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from attribution.model.record import JsonValue

ROLES = ("agent", "deployer", "organisation", "vendor", "third_party", "affected")
ACTOR_KINDS = ("person", "agent", "service_account", "team", "unknown")

GRADES: Final = MappingProxyType(
    {
        "declared": "case.yaml says so",
        "decided": "a person decided so",
        "sso": "single sign-on, or provisioning from it, maps one to the other",
        "profile": "the platform's own list of accounts has both in one entry",
        "verified": "the platform names the account that an address is verified for",
        "noreply": "a GitHub noreply address carries the number of the account",
        "stated": "one record gives both for one actor",
        "used": "a record uses the name; nothing ties it to another",
    }
)
"""How strong the ground is on which a name counts as an actor's, strongest first."""

STRONG: Final = frozenset({"declared", "decided", "sso", "profile", "verified", "noreply"})
"""Grades that identify. Weaker ones never join what one directory lists as two accounts."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an actor goes by and the evidence that it does (`case.yaml` when declared).

    `grade` is a key of `GRADES`.
    """

    name: str
    basis: str
    grade: str = "used"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, AI agent, service account or team, with all its aliases.

    `party` is the id of the party the actor acts for, None when nothing says so. `behind_role` is
    the role or account behind which a person stays unknown, None for everybody else.
    """

    id: str
    name: str
    kind: str
    party: str | None
    aliases: tuple[Alias, ...] = ()
    behind_role: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the actor with its aliases and their bases."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "party": self.party,
            "behind_role": self.behind_role,
            "aliases": [
                {"name": alias.name, "basis": alias.basis, "grade": alias.grade}
                for alias in self.aliases
            ],
        }


@dataclass(frozen=True, slots=True)
class Party:
    """Who can bear responsibility, and in which role.

    `answered_for_by` names the party to which this one's share rolls up in a legal view (an agent
    is a cause, not a debtor).
    """

    id: str
    name: str
    role: str
    answered_for_by: str | None = None
    pseudonym: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return id, name, role and who answers for it."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "answered_for_by": self.answered_for_by,
        }


_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def name_key(name: str) -> str:
    """Return the form in which names compare: Unicode NFC, no outer space, no case of A to Z.

    Only ASCII letters lose their case. To fold more would join names that are different: `ß` and
    `ss`, or the long s and `s` (Unicode Technical Standard 39, confusables).
    """
    plain = name.strip()
    known = plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    return known.translate(_LOWER)


class ActorDirectory:
    """Finds the actor behind a name a record used. Names compare as `name_key` says."""

    def __init__(self, actors: tuple[Actor, ...]) -> None:
        self.actors = actors
        self._by_name = {
            name_key(alias.name): actor for actor in actors for alias in actor.aliases
        } | {name_key(actor.id): actor for actor in actors}

    def resolve(self, name: str | None) -> Actor | None:
        """Return the actor known by this name, None when nothing says whose name it is."""
        return None if name is None else self._by_name.get(name_key(name))

    def party_of(self, name: str | None) -> str | None:
        """Return the party id of the actor known by this name, None when unknown."""
        actor = self.resolve(name)
        return None if actor is None else actor.party
