"""Who owed a duty in one case, where that depends on who set, ran or knew of something.

The rows of the duty catalogue name a role, some under a condition (`set_by`, `run_by`,
`known_to`); here the facts of a case choose the row and the row's role becomes a party.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.graph.duties import ACTOR, CataloguedDuty, Owner, load_conditions, load_duties
from attribution.graph.facts import Facts
from attribution.model.actor import Party
from attribution.model.service import Service


@dataclass(frozen=True, slots=True)
class Owed:
    """Who owed a duty: the party, None where nobody declared has the role, and on what ground.

    `role` is the role of the row that held, or `actor`. `assumed` says that the row holds only
    because a fact it depends on is not known; `because` says which row held and why, by roles
    alone, so that it may stand in a document without names.
    """

    party: str | None
    role: str
    because: str
    assumed: bool = False


def resolve_owner(
    facts: Facts,
    duty: str,
    *,
    actor: str | None = None,
    set_by: str | None = None,
    run_by: str | None = None,
    known_to: str | None = None,
    service: Service | None = None,
    usual: str | None = None,
) -> Owed:
    """Return who owed a duty of the catalogue, by the first of its rows that fits the facts.

    `actor` acted; `set_by` last set the setting; `run_by` runs what it is about, by default the
    owner of `service`; `known_to` had the warning. Each is the name of an actor as a record gives
    it, or the id of a party; None is unknown. Who of several knew is asked once for each.
    `usual` is the party where the row names none that is declared. An owner that the case declares
    for the duty comes before all rows. Raises KeyError for a duty that is not in the catalogue
    of the case.
    """
    if duty in facts.catalogue.declared_duties or duty not in load_duties():
        by_default = usual or _id_of(_party_of(facts, actor))
        role = facts.catalogue.duties[duty].owed_by
        return Owed(facts.duty_owner(duty, by_default), role, "case.yaml says who owed it")
    run_by = run_by or (None if service is None else service.owner)
    known = {
        name: party
        for name, value in (("set_by", set_by), ("run_by", run_by), ("known_to", known_to))
        if (party := _party_of(facts, value)) is not None
    }
    entry = load_duties()[duty]
    row = next(
        row for row in entry.owners if row.fits({name: item.role for name, item in known.items()})
    )
    unknown = _undecided(entry, row, known)
    owner = (
        _id_of(_party_of(facts, actor))
        if row.role == ACTOR
        else _party_in_row(facts, row, known, service)
    )
    return Owed(owner or usual, row.role, _say(row, unknown, known), assumed=bool(unknown))


def _party_of(facts: Facts, name: str | None) -> Party | None:
    """Return the party that a name is the id of, or that the actor of this name acts for."""
    return facts.party(name) or facts.party(facts.directory.party_of(name))


def _id_of(party: Party | None) -> str | None:
    return None if party is None else party.id


def _party_in_row(
    facts: Facts, row: Owner, known: Mapping[str, Party], service: Service | None
) -> str | None:
    """Return the very party that set, runs or knew, where it has the row's role; else the one."""
    named = (*row.when, *sorted(known.keys() - row.when.keys()))
    told = next((known[name] for name in named if known[name].role == row.role), None)
    return facts.party_in_role(row.role, service) if told is None else told.id


def _undecided(entry: CataloguedDuty, row: Owner, known: Mapping[str, Party]) -> tuple[str, ...]:
    """Return the facts that an earlier row asked for and that are not known."""
    asked = [name for earlier in entry.owners[: entry.owners.index(row)] for name in earlier.when]
    return tuple(name for name in dict.fromkeys(asked) if name not in known)


def _say(row: Owner, unknown: tuple[str, ...], known: Mapping[str, Party]) -> str:
    conditions = load_conditions()
    who = "whoever acted" if row.role == ACTOR else f"the {_words(row.role)}"
    if row.when:
        where = " and ".join(
            conditions[name].where.format(role=f"the {_words(role)}")
            for name, role in row.when.items()
        )
        return f"owed by {who}, {where}"
    if unknown:
        asked = " and ".join(_lowered(conditions[name].asks) for name in unknown)
        return f"owed by {who} as far as is known: no record tells {asked}"
    told = [
        conditions[name].where.format(role=f"the {_words(party.role)}").removeprefix("where ")
        for name, party in known.items()
    ]
    return f"owed by {who}" + (f": {' and '.join(told)}" if told else "")


def _words(role: str) -> str:
    return role.replace("_", " ")


def _lowered(sentence: str) -> str:
    return (sentence[0].lower() + sentence[1:]).rstrip(".")
