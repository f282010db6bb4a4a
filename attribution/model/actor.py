"""Actors (who did something) and parties (who can bear responsibility)."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.record import JsonValue

ROLES = ("agent", "deployer", "organisation", "vendor", "third_party", "affected")
ACTOR_KINDS = ("person", "agent", "service_account", "team", "unknown")


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an actor goes by and the evidence that it does (`case.yaml` when declared)."""

    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, AI agent, service account or team, with all its aliases.

    `party` is the id of the party the actor acts for, None when nothing says so.
    """

    id: str
    name: str
    kind: str
    party: str | None
    aliases: tuple[Alias, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the actor with its aliases and their bases."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "party": self.party,
            "aliases": [{"name": alias.name, "basis": alias.basis} for alias in self.aliases],
        }


@dataclass(frozen=True, slots=True)
class Party:
    """Who can bear responsibility, and in which role.

    `answered_for_by` names the party to which this one's share rolls up in a legal view (an agent is
    a cause, not a debtor).
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
