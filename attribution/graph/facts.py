"""What the rules may ask of a case: merged records, provenance, oversight and declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from attribution.graph.catalogue import Catalogue
from attribution.model.actor import Actor, ActorDirectory, Party
from attribution.model.commit import Commit
from attribution.model.event import Event, Timeline
from attribution.model.homonym import Homonym
from attribution.model.instant import Instant
from attribution.model.manifest import DeclaredApproval, Manifest, Policy
from attribution.model.order import Chronicle, Moment
from attribution.model.origin import TracedOrigin
from attribution.model.oversight import ChangeReview, Deployment
from attribution.model.service import Service
from attribution.model.session import Action, AgentSession
from attribution.narrative.reading import Narrative

_OUTSIDE_IDENTIFIER = re.compile(r"[^0-9a-zA-Z]+")


def identifier(text: str) -> str:
    """Return `text` as part of a node id: lower case, letters, digits and underscores."""
    return _OUTSIDE_IDENTIFIER.sub("_", text).strip("_").lower() or "x"


def short(sha: str) -> str:
    """Return the first seven digits of a commit id, as node ids and statements use them."""
    return sha[:7]


Trace = Callable[[str], TracedOrigin | None]
"""Returns what a repair leads to, None where no repository of the evidence holds it."""


def no_trace(_sha: str) -> None:
    """Return that no repository holds a commit: what rules see of a case without one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One case, as the rules see it; `trace` reads the repositories when it is asked."""

    manifest: Manifest
    timeline: Timeline
    commits: tuple[Commit, ...]
    reviews: tuple[ChangeReview, ...]
    deployments: tuple[Deployment, ...]
    directory: ActorDirectory
    catalogue: Catalogue
    sessions: tuple[AgentSession, ...] = ()
    chronicle: Chronicle = field(default_factory=Chronicle)
    homonyms: tuple[Homonym, ...] = ()
    trace: Trace = no_trace
    narrative: Narrative | None = None

    def events(self, *kinds: str) -> Iterator[Event]:
        """Yield the dated events of these kinds within the case's period, in time order."""
        period = self.manifest.period
        for event in self.timeline.events:
            if event.kind not in kinds or event.time is None:
                continue
            if period.start is not None and (event.time_high or event.time) < period.start:
                continue
            if period.end is not None and (event.time_low or event.time) > period.end:
                continue
            yield event

    def is_kept_by_hand(self, event: Event) -> bool:
        """Whether only tables that people keep tell of an event: somebody's word, and no log."""
        tables = {item.id for item in self.manifest.evidence if item.format == "csv"}
        return all(witness.evidence in tables for witness in event.witnesses)

    def service(self, service_id: str) -> Service | None:
        """Return the declared service with this id."""
        return next((item for item in self.manifest.services if item.id == service_id), None)

    def services_reached_by(self, service: Service) -> tuple[Service, ...]:
        """Return the service and all it depends on, nearest first (breadth-first)."""
        reached = [service]
        for item in reached:
            for name in item.depends_on:
                found = self.service(name)
                if found is not None and found not in reached:
                    reached.append(found)
        return tuple(reached)

    def concerns(self, event: Event, service: Service) -> bool:
        """Whether an alert, status update or impact entry names the service."""
        names = {name.casefold() for name in (service.id, service.name, *service.aliases)}
        data = event.data
        components = data.get("components")
        told: list[object] = [data.get("service"), event.subject]
        told += components if isinstance(components, list) else []
        return any(isinstance(name, str) and name.casefold() in names for name in told)

    def touches(self, names: Iterable[object], service: Service) -> bool:
        """Whether any of the resource names matches one of the service's patterns."""
        return any(
            isinstance(name, str)
            and any(
                fnmatchcase(name, pattern) or fnmatchcase(name.rsplit("/", 1)[-1], pattern)
                for pattern in service.resources
            )
            for name in names
        )

    def commit(self, sha: str) -> Commit | None:
        """Return the commit with this id or unambiguous prefix of at least seven digits."""
        found = [item for item in self.commits if item.sha == sha or item.sha.startswith(sha)]
        return found[0] if len(found) == 1 and len(sha) >= len(short(sha)) >= 7 else None  # noqa: PLR2004 - git's own shortest abbreviation

    def review_of(self, sha: str) -> ChangeReview | None:
        """Return the pull request that carried a commit, None when no record shows one."""
        for review in self.reviews:
            if sha in (*review.commits, review.merge, review.head):
                return review
        return None

    def action_at(self, references: Iterable[str]) -> Action | None:
        """Return the first action of an agent's session that stands at one of these places."""
        wanted = set(references)
        actions = (action for session in self.sessions for action in session.actions)
        return next((action for action in actions if action.reference in wanted), None)

    def party(self, party_id: str | None) -> Party | None:
        """Return the party with this id."""
        return next((item for item in self.manifest.parties if item.id == party_id), None)

    def party_in_role(self, role: str, service: Service | None = None) -> str | None:
        """Return the party in this role: the service's owner if it is, else the only one.

        None where several are declared and nothing tells which: it is not guessed.
        """
        found = [item.id for item in self.manifest.parties if item.role == role]
        if service is not None and service.owner in found:
            return service.owner
        return found[0] if len(found) == 1 else None

    def party_name(self, party_id: str | None) -> str:
        """Return the name of a party, or `nobody declared`."""
        party = self.party(party_id)
        return "nobody declared" if party is None else party.name

    def actor(self, name: str | None) -> Actor | None:
        """Return the actor a record's name stands for."""
        return self.directory.resolve(name)

    def actor_name(self, name: str | None) -> str:
        """Return the name to show for whoever a record names."""
        actor = self.directory.resolve(name)
        return actor.name if actor is not None else (name or "somebody unknown")

    def name_first(self, name: str | None) -> str:
        """Return the name to begin a sentence with."""
        return self.actor_name(name) if name is not None else "Somebody unknown"

    def name_inside(self, name: str | None) -> str:
        """Return the name to show inside a sentence, where its article is no capital."""
        shown = self.actor_name(name)
        return f"the {shown[4:]}" if shown.startswith("The ") else shown

    def is_agent(self, name: str | None) -> bool:
        """Whether the name is that of an actor known to be an AI agent."""
        actor = self.directory.resolve(name)
        return actor is not None and actor.kind == "agent"

    def policies(
        self, control: str, *, service: Service | None, repository: str | None, at: Instant | None
    ) -> tuple[Policy, ...]:
        """Return the policies in force that demanded a control here, in declared order."""
        return tuple(
            policy
            for policy in self.manifest.policies
            if policy.demands == control
            and _in_force(policy, at)
            and _applies(policy, service, repository)
        )

    def may_approve(
        self, approval: DeclaredApproval, *, doer: str | None, before: Moment | None
    ) -> bool:
        """Whether a declared approval counts: by another than the doer, and not certainly late."""
        by_another = self.actor(doer) is None or self.actor(approval.by) != self.actor(doer)
        given = when_given(approval)
        late = (
            given is not None
            and before is not None
            and self.chronicle.is_no_later(given, before) is False
        )
        return by_another and not late

    def duty_owner(self, duty: str, usual: str | None) -> str | None:
        """Return who owed a duty: the owner a case declares for it, else the usual one."""
        if duty not in self.catalogue.declared_duties:
            return usual
        owner = self.catalogue.duties[duty].owed_by
        if self.party(owner) is not None:
            return owner
        return self.party_in_role(owner) or usual


def when_given(approval: DeclaredApproval) -> Moment | None:
    """Return when a declared approval was given, None where that is not declared."""
    if approval.at is None:
        return None
    return Moment.at(approval.at, f"the declared approval of {approval.covers}", approval.evidence)


def _in_force(policy: Policy, at: Instant | None) -> bool:
    if at is None:
        return True
    began = policy.since is None or policy.since <= at
    return began and (policy.until is None or at <= policy.until)


def _applies(policy: Policy, service: Service | None, repository: str | None) -> bool:
    if not policy.services and not policy.repositories:
        return True
    by_service = service is not None and service.id in policy.services
    return by_service or (repository is not None and repository in policy.repositories)


def text_of(data: Mapping[str, object], key: str) -> str | None:
    """Return a fact of a record that must be text, None when it is absent or something else."""
    value = data.get(key)
    return value if isinstance(value, str) else None


def list_of(data: Mapping[str, object], key: str) -> list[object]:
    """Return a fact of a record that must be a list, empty when it is absent."""
    value = data.get(key)
    return list(value) if isinstance(value, list) else []
