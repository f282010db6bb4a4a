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


class ActorDirectory:
    """Finds the actor behind a name a record used. Names compare without regard to case."""

    def __init__(self, actors: tuple[Actor, ...]) -> None:
        self.actors = actors
        self._by_name = {
            alias.name.casefold(): actor for actor in actors for alias in actor.aliases
        } | {actor.id.casefold(): actor for actor in actors}

    def resolve(self, name: str | None) -> Actor | None:
        """Return the actor known by this name, None when nothing says whose name it is."""
        return None if name is None else self._by_name.get(name.casefold())

    def party_of(self, name: str | None) -> str | None:
        """Return the party id of the actor known by this name, None when unknown."""
        actor = self.resolve(name)
        return None if actor is None else actor.party
