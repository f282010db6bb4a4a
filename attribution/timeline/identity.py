"""Who is behind the names that records use: one actor from login, e-mail, chat id and session name.

Names are joined only by stated evidence, each statement with its grade (`model.actor.GRADES`): what
`case.yaml` declares, what a directory, a platform or a record says (`Reading.aliases`), and
the noreply addresses of GitHub. A weaker statement never joins what a stronger one lists as two.
Similar names join nothing; that equal names of two platforms do not either is seen to before, in
`attribution.timeline.namespaces`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from attribution.errors import ManifestError
from attribution.model.actor import Actor, Alias, name_key
from attribution.model.homonym import session_of
from attribution.model.manifest import Manifest
from attribution.model.record import Reading
from attribution.timeline.names import (
    first_uses,
    noreply_login,
    noreply_number,
    representative,
    slug,
)
from attribution.timeline.unions import Link, Names, is_strong, join_strong, join_weak

DECLARED = "case.yaml"
NOREPLY = "GitHub noreply address"
SHARED = "a name that records give to more than one identity"


@dataclass(frozen=True, slots=True)
class Identities:
    """The actors of a case, and where the evidence would join what is declared or listed apart."""

    actors: tuple[Actor, ...]
    conflicts: tuple[str, ...]


def resolve_actors(manifest: Manifest, readings: Mapping[str, Reading]) -> tuple[Actor, ...]:
    """Return every actor of the case, declared ones first, with all aliases and their bases.

    An actor that is not declared has kind `unknown` unless the evidence states another, no party,
    and an id made of its name. Two declared actors are never joined: see `resolve_identities`.

    Raises ManifestError when `case.yaml` gives one name to two actors.
    """
    return resolve_identities(manifest, readings).actors


def resolve_identities(manifest: Manifest, readings: Mapping[str, Reading]) -> Identities:
    """Return the actors, and a sentence for each join that declarations or directories forbid.

    Where evidence ties two declared actors together both stay as declared, names stated for one
    of them alone go to it, and names stated for both stay apart; the conflict is reported. So it is
    with two accounts of one directory that only a weaker statement ties.

    Raises ManifestError when `case.yaml` gives one name to two actors.
    """
    names = Names()
    _add_declared(names, manifest)
    links = _add_stated(names, readings)
    uses = first_uses(readings)
    for name, use in uses.items():
        names.add(name, use.basis, "used")
    taken = _add_noreply(names, links)
    links = sorted(set(links))
    strong = join_strong(names, links)
    shared = join_weak(names, links, taken) | taken
    components: dict[str, list[str]] = defaultdict(list)
    for key in sorted(names.parent):
        components[names.find(key)].append(key)
    conflicts: list[str] = []
    groups: list[tuple[Actor | None, list[str]]] = []
    for root in sorted(components):
        groups += _split(names, components[root], links, strong, conflicts)
    plain = {name_key(name) for name, use in uses.items() if use.role is None}
    hidden = {
        key: use.role
        for name, use in uses.items()
        if use.role is not None and (key := name_key(name)) not in plain
    }
    return Identities(_to_actors(manifest, names, groups, hidden, shared), tuple(sorted(conflicts)))


def _add_declared(names: Names, manifest: Manifest) -> None:
    for actor in manifest.actors:
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases)):
            key = names.add(name, DECLARED, "declared")
            other = names.declared.setdefault(key, actor)
            if other.id != actor.id:
                raise ManifestError(
                    "one name is declared for two actors",
                    file=DECLARED,
                    place=f"parties, actors {other.id} and {actor.id}",
                    got=name,
                    expected="each name under one actor",
                    remedy="take the name away from one of them, or make them one actor",
                )
            names.join(name_key(actor.id), key)


def _add_stated(names: Names, readings: Mapping[str, Reading]) -> list[Link]:
    """Return what the readings state, and add the names with their grades."""
    links: list[Link] = []
    for evidence in sorted(readings):
        for group in readings[evidence].aliases:
            basis = f"{evidence}#{group.place}"
            keys = {names.add(name, basis, group.grade) for name in group.names if name.strip()}
            if group.kind is not None:
                for key in keys:
                    names.kinds[key].add(group.kind)
            if keys:
                links.append(names.link(keys, group.grade, evidence))
    return links


def _add_noreply(names: Names, links: list[Link]) -> frozenset[str]:
    """Add what GitHub's noreply addresses state; return the logins that several accounts had.

    The number in the address is the account's and survives a new name, so that two logins with one
    number are one account. A login without one, or with several, may have changed hands.
    """
    accounts: dict[str, set[str]] = defaultdict(set)
    logins: dict[str, set[str]] = defaultdict(set)
    for key in sorted(names.parent):
        login, number = noreply_login(key), noreply_number(key)
        if login is not None and number is not None:
            accounts[number].add(key)
            logins[login].add(number)
    taken = {login for login, numbers in logins.items() if len(numbers) > 1}
    for key in sorted(names.parent):
        login, number = noreply_login(key), noreply_number(key)
        if login is not None and login not in taken:
            grade = "stated" if number is None else "noreply"
            named = names.add(login, f"{NOREPLY} {names.spelling(key)}", grade)
            links.append(names.link((key, named), grade))
    links += [names.link(keys, "noreply") for _, keys in sorted(accounts.items())]
    return frozenset(login for login in taken if login in names.parent)


def _split(
    names: Names,
    keys: list[str],
    links: Sequence[Link],
    strong: Mapping[str, str],
    conflicts: list[str],
) -> list[tuple[Actor | None, list[str]]]:
    """Return the component as one group, or one for each declared actor or listed account in it."""
    owners = {actor.id: actor for key in keys if (actor := names.declared.get(key)) is not None}
    only = next(iter(owners.values()), None)
    if len(owners) > 1:
        owner = {key: names.declared[key].id for key in keys if key in names.declared}
        words = "case.yaml declares them apart"
    else:
        owner, source = _list_accounts(names, keys, links, strong)
        if not owner:
            return [(only, keys)]
        words = f"{source} lists them as accounts of their own"
    _spread(owner, [link for link in links if link.keys[0] in set(keys)])
    apart = [key for key in keys if key not in owner]
    parts = sorted(set(owner.values()))
    shown = [part if part in owners else names.spelling(part) for part in parts]
    conflicts.append(
        f"evidence names {' and '.join(shown)} as one actor, {words}: they stay apart"
        + (
            f"; left with neither: {', '.join(names.spelling(key) for key in apart)}"
            if apart
            else ""
        )
    )
    groups: list[tuple[Actor | None, list[str]]] = []
    for part in parts:
        held = [key for key in keys if owner.get(key) == part]
        declared = owners.get(part) or (
            only if any(key in names.declared for key in held) else None
        )
        groups.append((declared, held))
    return groups + [(None, [key]) for key in apart]


def _list_accounts(
    names: Names, keys: list[str], links: Sequence[Link], strong: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """Return, where one directory lists several accounts among the keys, whose each key is.

    An account goes by its root after strong statements alone; names that none of these ties are not
    among the keys of the result. The second value is the directory, the strongest if there are two.
    """
    members = set(keys)
    listed: dict[tuple[int, str], set[str]] = defaultdict(set)
    for link in links:
        if is_strong(link) and link.source and link.keys[0] in members:
            listed[link.rank, link.source].add(strong[link.keys[0]])
    for (_, source), roots in sorted(listed.items()):
        if len(roots) > 1:
            held = {key: strong[key] for key in keys if strong[key] in roots}
            declared = {strong[key] for key in keys if key in names.declared} - roots
            return held | {key: strong[key] for key in keys if strong[key] in declared}, source
    return {}, ""


def _spread(owner: dict[str, str], links: Sequence[Link]) -> None:
    """Give each name to the one owner that statements tie it to; one tied to several stays free."""
    pending = True
    while pending:
        reach: dict[str, set[str]] = defaultdict(set)
        for link in links:
            for key in link.keys:
                if key not in owner:
                    reach[key] |= {owner[other] for other in link.keys if other in owner}
        found = {key: next(iter(ids)) for key, ids in reach.items() if len(ids) == 1}
        owner |= found
        pending = bool(found)


def _to_actors(
    manifest: Manifest,
    names: Names,
    groups: Iterable[tuple[Actor | None, list[str]]],
    hidden: Mapping[str, str],
    shared: frozenset[str],
) -> tuple[Actor, ...]:
    known: dict[str, Actor] = {}
    found: list[Actor] = []
    for declared, keys in groups:
        aliases = tuple(
            Alias(spelling, SHARED if key in shared else names.basis[key][1], names.grade_of(key))
            for key in sorted(keys)
            for spelling in _distinct(names.spellings[key])
        )
        if declared is not None:
            known[declared.id] = Actor(
                declared.id, declared.name, declared.kind, declared.party, aliases
            )
            continue
        name, role = representative([names.spelling(key) for key in keys]), None
        if all(key in hidden for key in keys):
            role = min(hidden[key] for key in keys)
            chosen = name.removesuffix(f" ({session_of(role)})")
            session = "" if chosen == role else f" (session {chosen})"
            name = f"unknown person behind role {role}{session}"
        found.append(Actor(slug(name), name, _kind(names, keys), None, aliases, role))
    return _with_unique_ids(tuple(known[actor.id] for actor in manifest.actors), found)


def _distinct(spellings: Iterable[str]) -> list[str]:
    """Return one spelling for each that differs in more than case, as names are looked up."""
    return sorted({name_key(spelling): spelling for spelling in sorted(spellings)}.values())


def _kind(names: Names, keys: list[str]) -> str:
    kinds = {kind for key in keys for kind in names.kinds.get(key, ())}
    if len(kinds) == 1:
        return kinds.pop()
    return "service_account" if any(key.endswith("[bot]") for key in keys) else "unknown"


def _with_unique_ids(declared: tuple[Actor, ...], found: list[Actor]) -> tuple[Actor, ...]:
    """Return the actors; where ids collide each undeclared one gets a mark made of its aliases."""
    taken = {name_key(alias.name) for actor in declared for alias in actor.aliases}
    taken |= {actor.id for actor in declared}
    count: dict[str, int] = defaultdict(int)
    owner: dict[str, set[int]] = defaultdict(set)
    for index, actor in enumerate(found):
        count[actor.id] += 1
        for alias in actor.aliases:
            owner[name_key(alias.name)].add(index)
    named = []
    for index, actor in enumerate(found):
        clash = count[actor.id] > 1 or actor.id in taken or owner.get(actor.id, {index}) != {index}
        mark = hashlib.sha256("\n".join(a.name for a in actor.aliases).encode()).hexdigest()[:6]
        actor_id = f"{actor.id}-{mark}" if clash else actor.id
        named.append(replace(actor, id=actor_id))
    return declared + tuple(sorted(named, key=lambda actor: actor.id))
