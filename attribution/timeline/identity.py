"""Who is behind the names that records use: one actor from login, e-mail, chat id and session name.

Names are joined only by stated evidence: what `case.yaml` declares, what a file itself says
(`Reading.aliases`), and GitHub's own noreply addresses. Similar names join nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from attribution.errors import ManifestError
from attribution.model.actor import Actor, Alias
from attribution.model.manifest import Manifest
from attribution.model.record import Reading
from attribution.timeline.names import (
    first_uses,
    key_of,
    noreply_login,
    representative,
    slug,
)

DECLARED = "case.yaml"
NOREPLY = "GitHub noreply address"
SHARED = "a name that records give to more than one identity"


@dataclass(frozen=True, slots=True)
class Identities:
    """The actors of a case, and where the evidence would join actors that are declared apart."""

    actors: tuple[Actor, ...]
    conflicts: tuple[str, ...]


@dataclass(slots=True)
class _Names:
    """The union-find over name keys, with each name's spelling, bases and stated kinds."""

    parent: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    basis: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    declared: dict[str, Actor] = field(default_factory=dict)

    def add(self, name: str, basis: str) -> str:
        key = key_of(name)
        self.parent.setdefault(key, key)
        self.spellings[key].add(name)
        if basis == DECLARED or self.basis.get(key) != DECLARED:
            known = self.basis.get(key)
            self.basis[key] = basis if known is None or basis == DECLARED else min(known, basis)
        return key

    def spelling(self, key: str) -> str:
        """Return the one spelling of a name that is shown."""
        return min(self.spellings[key])

    def find(self, key: str) -> str:
        root = key
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[key] != root:
            self.parent[key], key = root, self.parent[key]
        return root

    def join(self, left: str, right: str) -> None:
        """Join two names; the smaller root stays, so that order does not matter."""
        low, high = sorted((self.find(left), self.find(right)))
        self.parent[high] = low


def resolve_actors(manifest: Manifest, readings: Mapping[str, Reading]) -> tuple[Actor, ...]:
    """Return every actor of the case, declared ones first, with all aliases and their bases.

    An actor that is not declared has kind `unknown` unless the evidence states another, no party,
    and an id made of its name. Two declared actors are never joined: see `resolve_identities`.

    Raises ManifestError when `case.yaml` gives one name to two actors.
    """
    return resolve_identities(manifest, readings).actors


def resolve_identities(manifest: Manifest, readings: Mapping[str, Reading]) -> Identities:
    """Return the actors, and a sentence for each join that the declarations forbid.

    Where evidence ties two declared actors together both stay as declared, names stated for one
    of them alone go to it, and names stated for both stay apart; the conflict is reported.

    Raises ManifestError when `case.yaml` gives one name to two actors.
    """
    names = _Names()
    _add_declared(names, manifest)
    links = _add_stated(names, readings)
    uses = first_uses(readings)
    for name, use in uses.items():
        names.add(name, use.basis)
    _add_noreply(names, links)
    shared = _join_stated(names, links)
    components: dict[str, list[str]] = defaultdict(list)
    for key in sorted(names.parent):
        components[names.find(key)].append(key)
    conflicts: list[str] = []
    groups: list[tuple[Actor | None, list[str]]] = []
    for root in sorted(components):
        groups += _split(names, components[root], links, conflicts)
    plain = {key_of(name) for name, use in uses.items() if use.role is None}
    hidden = {
        key: use.role
        for name, use in uses.items()
        if use.role is not None and (key := key_of(name)) not in plain
    }
    return Identities(_to_actors(manifest, names, groups, hidden, shared), tuple(sorted(conflicts)))


def _add_declared(names: _Names, manifest: Manifest) -> None:
    for actor in manifest.actors:
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases)):
            key = names.add(name, DECLARED)
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
            names.join(key_of(actor.id), key)


def _add_stated(names: _Names, readings: Mapping[str, Reading]) -> list[tuple[str, ...]]:
    """Return the groups of keys that evidence states to be one actor, e-mail addresses first."""
    groups: set[tuple[str, ...]] = set()
    for evidence in sorted(readings):
        for group in readings[evidence].aliases:
            basis = f"{evidence}#{group.place}"
            keys = {names.add(name, basis) for name in group.names if name.strip()}
            if group.kind is not None:
                for key in keys:
                    names.kinds[key].add(group.kind)
            groups.add(tuple(sorted(keys, key=lambda key: ("@" not in key, key))))
    return sorted(group for group in groups if group)


def _add_noreply(names: _Names, links: list[tuple[str, ...]]) -> None:
    for key in sorted(names.parent):
        login = noreply_login(key)
        if login is not None:
            links.append((key, names.add(login, f"{NOREPLY} {names.spelling(key)}")))


def _join_stated(names: _Names, links: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Join what the groups state; return the names left out because they stand for several.

    An e-mail address or id identifies; a display name beside an address only labels it. A label
    beside addresses of different actors is nobody's, and is not used to join them.
    """
    labels: dict[str, set[str]] = defaultdict(set)
    for group in links:
        addresses = [key for key in group if "@" in key]
        if not addresses:
            for key in group[1:]:
                names.join(group[0], key)
            continue
        for key in addresses[1:]:
            names.join(addresses[0], key)
        for key in group[len(addresses) :]:
            if noreply_login(addresses[0]) == key:
                names.join(addresses[0], key)
            else:
                labels[key].add(addresses[0])
    addressed = {names.find(key) for key in names.parent if "@" in key}
    candidates: dict[str, set[str]] = defaultdict(set)
    for label, addresses_of in labels.items():
        root = names.find(label)
        candidates[root] |= {names.find(address) for address in addresses_of}
        candidates[root] |= {root} & addressed
    shared = {root for root, found in candidates.items() if len(found) > 1}
    members = {key for key in labels if names.find(key) in shared and key not in names.declared}
    for root in sorted(set(candidates) - shared):
        for address in sorted(candidates[root]):
            names.join(root, address)
    return frozenset(members)


def _split(
    names: _Names, keys: list[str], links: Iterable[tuple[str, ...]], conflicts: list[str]
) -> list[tuple[Actor | None, list[str]]]:
    """Return the component as one group, or one group for each declared actor found in it."""
    owners = {actor.id: actor for key in keys if (actor := names.declared.get(key)) is not None}
    if len(owners) < 2:  # noqa: PLR2004 - two is what makes a conflict
        return [(next(iter(owners.values()), None), keys)]
    owner = {key: names.declared[key].id for key in keys if key in names.declared}
    members = set(keys)
    inside = [group for group in links if group[0] in members]
    pending = True
    while pending:
        reach: dict[str, set[str]] = defaultdict(set)
        for group in inside:
            for key in group:
                if key not in owner:
                    reach[key] |= {owner[other] for other in group if other in owner}
        found = {key: next(iter(ids)) for key, ids in reach.items() if len(ids) == 1}
        owner |= found
        pending = bool(found)
    apart = [key for key in keys if key not in owner]
    conflicts.append(
        "evidence names "
        + " and ".join(sorted(owners))
        + " as one actor, case.yaml declares them apart: they stay apart"
        + (
            f"; left with neither: {', '.join(names.spelling(key) for key in apart)}"
            if apart
            else ""
        )
    )
    groups: list[tuple[Actor | None, list[str]]] = [
        (owners[actor], [key for key in keys if owner.get(key) == actor])
        for actor in sorted(owners)
    ]
    return groups + [(None, [key]) for key in apart]


def _to_actors(
    manifest: Manifest,
    names: _Names,
    groups: Iterable[tuple[Actor | None, list[str]]],
    hidden: Mapping[str, str],
    shared: frozenset[str],
) -> tuple[Actor, ...]:
    known: dict[str, Actor] = {}
    found: list[Actor] = []
    for declared, keys in groups:
        aliases = tuple(
            Alias(spelling, SHARED if key in shared else names.basis[key])
            for key in sorted(keys)
            for spelling in _distinct(names.spellings[key])
        )
        if declared is not None:
            known[declared.id] = Actor(
                declared.id, declared.name, declared.kind, declared.party, aliases
            )
            continue
        name = representative([names.spelling(key) for key in keys])
        if all(key in hidden and _hides(names, key) for key in keys):
            role = min(hidden[key] for key in keys)
            session = "" if name == role else f" (session {name})"
            name = f"unknown person behind role {role}{session}"
        found.append(Actor(slug(name), name, _kind(names, keys), None, aliases))
    return _with_unique_ids(tuple(known[actor.id] for actor in manifest.actors), found)


def _hides(names: _Names, key: str) -> bool:
    """Whether a name used as a role may hide somebody: an address does so only as an account's."""
    return "@" not in key or "service_account" in names.kinds.get(key, ())


def _distinct(spellings: Iterable[str]) -> list[str]:
    """Return one spelling for each that differs in more than case, as names are looked up."""
    return sorted({spelling.casefold(): spelling for spelling in sorted(spellings)}.values())


def _kind(names: _Names, keys: list[str]) -> str:
    kinds = {kind for key in keys for kind in names.kinds.get(key, ())}
    if len(kinds) == 1:
        return kinds.pop()
    return "service_account" if any(key.endswith("[bot]") for key in keys) else "unknown"


def _with_unique_ids(declared: tuple[Actor, ...], found: list[Actor]) -> tuple[Actor, ...]:
    """Return the actors; where ids collide each undeclared one gets a mark made of its aliases."""
    taken = {key_of(alias.name) for actor in declared for alias in actor.aliases}
    taken |= {actor.id for actor in declared}
    count: dict[str, int] = defaultdict(int)
    owner: dict[str, set[int]] = defaultdict(set)
    for index, actor in enumerate(found):
        count[actor.id] += 1
        for alias in actor.aliases:
            owner[key_of(alias.name)].add(index)
    named = []
    for index, actor in enumerate(found):
        clash = count[actor.id] > 1 or actor.id in taken or owner.get(actor.id, {index}) != {index}
        mark = hashlib.sha256("\n".join(a.name for a in actor.aliases).encode()).hexdigest()[:6]
        actor_id = f"{actor.id}-{mark}" if clash else actor.id
        named.append(Actor(actor_id, actor.name, actor.kind, None, actor.aliases))
    return declared + tuple(sorted(named, key=lambda actor: actor.id))
