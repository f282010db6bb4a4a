"""What stands in place of names: labels of roles for learning, pseudonyms in a legal document.

A name is looked for as people write it, as ids spell it, and where an id was cut in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from attribution.model.actor import ROLES, Actor, Party
from attribution.model.analysis import Analysis
from attribution.model.event import Event
from attribution.model.proposal import RULE
from attribution.report.redactor import Redactor
from attribution.report.spellings import ends_in_cut_name, spell, telling_words, words_of

Hide = Callable[[str], str]
"""Puts something else in place of what an audience must not read in a text."""

# What no domain follows is matched as well, so that a long word is looked at once.
_ADDRESS = re.compile(r"[\w.+'-]++(?P<domain>@[\w-]+(?:\.[\w-]+)+)?")

_NAMING_DATA = (
    "requested_reviewer", "requester", "assignee", "assigner", "reviewer",
)  # fmt: skip

_COMMON_WORDS = frozenset(
    {*ROLES, "person", "bot", "user", "team", "unknown", "system", "operator", "reviewer"}
    | {"engineer", "developer", "administrator", "admin", "maintainer", "author", "press"}
)
"""Words that name a role, not somebody: an id such as `operator` is left in the text."""

_PERSONAL = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_]*(?:[-'\u2019.][^\W\d_]*)*")
"""A word of a personal name; `Service engineer 2` is a role and has words that are none."""

_PEOPLE = frozenset({"person", "unknown"})
_PERSON_PART = 3
"""The shortest part of a person's name that is looked for alone."""


def hide_parties(analysis: Analysis) -> Hide:
    """Return what puts the pseudonym of each party that has one in place of its name.

    In ids as well: those of the party and of the case, where they have a word of the name in them,
    and those that the name is spelt in. What an actor of the party is called counts as its name
    where it is a part of it.
    """
    manifest = analysis.manifest
    labels: dict[str, str] = {}
    for party in manifest.parties:
        if party.pseudonym is None:
            continue
        names = [party.name, *_short_names(party, analysis.actors)]
        told = telling_words(names, _COMMON_WORDS)
        for name in names:
            labels.setdefault(name, party.pseudonym)
            for form, joint in spell(name):
                labels.setdefault(form, joint.join(words_of(party.pseudonym)))
        if told & set(words_of(party.id)):
            labels[party.id] = "-".join(words_of(party.pseudonym))
        if told & set(words_of(manifest.id)):
            labels[manifest.id] = _label_of_case(analysis)
    return Redactor(labels, exact={}) if labels else keep


def _short_names(party: Party, actors: Iterable[Actor]) -> Iterator[str]:
    """Yield what actors of a party are called that is a part of its name, the longest first."""
    whole = f" {' '.join(words_of(party.name))} "
    found = {
        name
        for actor in actors
        if actor.party == party.id
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases))
        if f" {' '.join(words_of(name))} " in whole and name.casefold() not in _COMMON_WORDS
    }
    yield from sorted(found, key=lambda name: (-len(name), name))


def _label_of_case(analysis: Analysis) -> str:
    """Return what stands for a case whose id bears a name: the beginning of its Merkle root."""
    root = analysis.merkle_root[:8]
    return f"[case {root}]" if root else "[case]"


def keep(text: str) -> str:
    """Return the text as it is: what hides nothing."""
    return text


def hide_names(analysis: Analysis) -> Hide:
    """Return what puts labels of roles in place of every name the case or a record of it knows."""
    names = _Names(analysis)
    redactor = Redactor(names.labels, exact=names.parts)

    def hide(text: str) -> str:
        text = redactor(text)
        return _hide_addresses(text) if "@" in text else text

    return hide


def hide_people(analysis: Analysis) -> Hide:
    """Return what puts labels in place of people, and pseudonyms in place of parties that have one.

    Parties, services and agents keep their names: an authority is told who reports of what.
    """
    rename = hide_parties(analysis)
    names = _Names(analysis, people_only=True)
    redactor = Redactor(names.labels, exact=names.parts)

    def hide(text: str) -> str:
        text = redactor(rename(text))
        return _hide_addresses(text) if "@" in text else text

    return hide


def _hide_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda match: match[0] if match["domain"] is None else "[address]", text)


class _Names:
    """Every name the case knows, with the label of its bearer's role."""

    def __init__(self, analysis: Analysis, *, people_only: bool = False) -> None:
        """Take the names in; with `people_only` those of parties, agents and machines are kept."""
        self.labels: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        kept: set[str] = set()
        roles = {party.id: party.role for party in analysis.manifest.parties}
        for party in analysis.manifest.parties:
            names = (party.name, party.id, party.pseudonym)
            if people_only:
                kept.update(name.casefold() for name in names if name)
                continue
            for name in names:
                self._add(name, f"[{_role(party.role)}]")
        for number, actor in enumerate(analysis.actors, 1):
            if people_only and actor.kind not in _PEOPLE:
                kept.update(alias.name.casefold() for alias in actor.aliases)
                kept |= {actor.id.casefold(), actor.name.casefold()}
                continue
            self._add_actor(actor, number, roles.get(actor.party or ""))
        declared = list(self.labels)
        # Whether two approvals are by one account matters: these are told apart, others are not.
        accounts = sorted(_names_in_courses(analysis))
        labels = {
            name: f"[account {number}, not identified]" for number, name in enumerate(accounts, 1)
        }
        for name in sorted(_names_in_records(analysis) | labels.keys()):
            if name.casefold() not in kept:
                self._add(name, labels.get(name, "[somebody not identified]"))
        told = telling_words(declared, _COMMON_WORDS)
        if told & set(words_of(analysis.manifest.id)):
            self.labels[analysis.manifest.id.casefold()] = _label_of_case(analysis)
        self._add_cut_ids(analysis, [words_of(name) for name in self.labels], told)

    def _add_cut_ids(
        self, analysis: Analysis, names: Sequence[Sequence[str]], told: frozenset[str]
    ) -> None:
        """Number the ids made of texts that end in the beginning of a name."""
        ids = [node.id for node in analysis.graph.nodes if node.rule == RULE]
        for proposal in analysis.graph.proposals:
            ids += [proposal.id, *(node.id for node in proposal.nodes)]
        for number, found in enumerate(dict.fromkeys(ids), 1):
            if ends_in_cut_name(found, names, told):
                head = re.split(r"[_:]", found)[0]
                self.labels.setdefault(found.casefold(), f"{head}_text_{number}")

    def _add_actor(self, actor: Actor, number: int, role: str | None) -> None:
        kind = "AI agent" if actor.kind == "agent" else actor.kind.replace("_", " ")
        party = "" if role is None or _role(role) == kind else f", {_role(role)}"
        label = f"[{kind} {number}{party}]"
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases)):
            self._add(name, label)
        parts = actor.name.split()
        if actor.kind == "person" and all(_PERSONAL.fullmatch(part) for part in parts):
            for part in parts:
                if len(part) >= _PERSON_PART:
                    self.parts.setdefault(part, label)

    def _add(self, name: str | None, label: str) -> None:
        if name and name.casefold() not in _COMMON_WORDS and not name.isdigit():
            self.labels.setdefault(name.casefold(), label)
            for form, _ in spell(name):
                self.labels.setdefault(form, label)


def _role(role: str) -> str:
    return "AI agent" if role == "agent" else role.replace("_", " ")


def _names_in_records(analysis: Analysis) -> set[str]:
    """Return the names that records used and that no actor of the case is known by."""
    found: set[str | None] = set()
    for event in (*analysis.timeline.events, *analysis.timeline.undated):
        found |= {event.actor, event.actor_name}
        found |= _names_in_data(event)
    for proposal in analysis.graph.proposals:
        for account in proposal.accounts:
            found |= {account.speaker, *account.told}
    for commit in analysis.commits:
        found |= {commit.author, commit.committer}
    for review in analysis.reviews:
        found |= {review.author, review.merged_by, review.bypassed_by}
        found |= {approval.reviewer for approval in review.approvals}
        found |= {name for name in review.unanswered if not name.startswith("team ")}
        found |= {review.override.by} if review.override is not None else set()
        for demand in review.owners or ():
            found |= {owner.lstrip("@") for owner in demand.owners} | set(demand.approved_by)
    found |= {deployment.creator for deployment in analysis.deployments}
    found |= {item.custodian for item in analysis.evidence}
    return {name for name in found if name}


def _names_in_courses(analysis: Analysis) -> set[str]:
    """Return whoever did something to a change, or was asked to, by the names records use."""
    known = {actor.id for actor in analysis.actors}
    found = {step.who for review in analysis.reviews for step in review.course}
    found |= {
        step.about
        for review in analysis.reviews
        for step in review.course
        if step.kind in {"asked", "unasked"} and not step.about.startswith("team ")
    }
    found |= {
        lacking.statement
        for review in analysis.reviews
        for lacking in review.shortfalls
        if lacking.name == "required_reviewer_missing"
    }
    return {name for name in found - known if name}


def _names_in_data(event: Event) -> set[str | None]:
    """Return whom the facts of a record of review name: reviewers asked, owners, who may bypass."""
    data = event.data
    named = {str(data[key]) for key in _NAMING_DATA if isinstance(data.get(key), str)}
    for key in ("bypass_actors", "required_reviewers", "requested_reviewers", "members"):
        listed = data.get(key)
        named |= {str(name) for name in listed} if isinstance(listed, list) else set()
    rules = data.get("rules")
    for rule in rules if isinstance(rules, list) and event.kind == "codeowners" else ():
        owners = rule.get("owners") if isinstance(rule, dict) else None
        named |= {str(owner).lstrip("@") for owner in owners} if isinstance(owners, list) else set()
    return set(named)
