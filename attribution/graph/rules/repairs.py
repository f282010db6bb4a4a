"""Repairs: the fixes and reverts after which a failed service came back, and what they lead to.

Which commit is a repair is told as in the work on the origins of defects, by the words of its
subject or by the commit it takes back (Sliwerski, Zimmermann and Zeller 2005); that it was one of
this failure, by the deployment that carried it and the recovery after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.graph.doubt import first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short
from attribution.graph.rules.onset import failure_id
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.order import Moment
from attribution.model.origin import TracedOrigin
from attribution.model.service import Service
from attribution.oversight.release import first_release

MOST = 12
"""How many commits of one failure are taken for repairs, from the last before the recovery back."""
_MENDS = re.compile(
    r"\b(?:(?:hot|bug)?fix(?:e[sd]|ing)?|bugs?|defects?|patch(?:e[sd])?|revert(?:s|ed)?|rollback)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Repair:
    """A commit after which a failed service came back, and what its lines lead to."""

    commit: Commit
    service: Service
    origin: TracedOrigin

    @property
    def is_revert(self) -> bool:
        """Return whether its own message names the commit it takes back."""
        return bool(self.commit.reverts)


def list_repairs(facts: Facts, draft: Draft) -> tuple[Repair, ...]:
    """Return the traced repairs of each failed service, in the order of the commits."""
    found = []
    for service in facts.manifest.services:
        if failure_id(service) in draft.nodes:
            for commit in _repairing(facts, draft, service)[-MOST:]:
                origin = facts.trace(commit.sha)
                if origin is not None:
                    found.append(Repair(commit, service, origin))
    return tuple(found)


def named_origins(facts: Facts, draft: Draft) -> tuple[tuple[Repair, Commit], ...]:
    """Return the repairs whose service has one named origin, with it.

    Where repairs of one failure lead to several commits, which of them it was is not visible.
    """
    traced = [(repair, find_named(facts, draft, repair)) for repair in list_repairs(facts, draft)]
    told = []
    for repair, named in traced:
        others = {other for item, other in traced if item.service == repair.service and other}
        if named is not None and others == {named}:
            told.append((repair, named))
    return tuple(told)


def find_named(facts: Facts, draft: Draft, repair: Repair) -> Commit | None:
    """Return the commit that a repair leads to, None without one that may have been there before.

    What was made after the failure is a repair itself, and no cause of it.
    """
    named = repair.origin.named
    commit = None if named is None else facts.commit(named)
    failed = first_sign(draft.nodes[failure_id(repair.service)], repair.service.name)
    if commit is None or failed is None:
        return commit
    made = facts.chronicle.commit(commit.sha, commit.committed, f"commit {short(commit.sha)}")
    late = made is not None and facts.chronicle.is_no_later(made, failed) is False
    return None if late else commit


def _repairing(facts: Facts, draft: Draft, service: Service) -> list[Commit]:
    """Return the commits that say they mend something, out before the service came back."""
    failed = first_sign(draft.nodes[failure_id(service)], service.name)
    found = []
    for commit in facts.commits:
        mine = commit.repository is None or commit.repository in service.repositories
        mends = bool(commit.reverts) or _MENDS.search(commit.subject) is not None
        if not mine or not mends or len(commit.parents) != 1:
            continue
        made = time_of(facts, commit)
        if made is None or (failed and facts.chronicle.is_no_later(failed, made) is False):
            continue
        out = _release(facts, commit, service)
        if out is not None and find_recovery(facts, service, out) is not None:
            found.append((out.low, made.low, commit.sha, commit))
    return [commit for *_, commit in sorted(found, key=lambda item: item[:3])]


def time_of(facts: Facts, commit: Commit) -> Moment | None:
    """Return when a repair was committed."""
    what = f"commit {short(commit.sha)}, which mends it,"
    return facts.chronicle.commit(commit.sha, commit.committed, what)


def _release(facts: Facts, commit: Commit, service: Service) -> Moment | None:
    """Return when a repair went out; when it was made, for a revert or without any deployments."""
    if commit.reverts or not facts.deployments:
        return time_of(facts, commit)
    deployment = first_release(commit.sha, facts.deployments, facts.commits, service.environments)
    return None if deployment is None else deployment.moment


def find_recovery(facts: Facts, service: Service, since: Moment) -> Event | None:
    """Return the first record of a service working again after a moment.

    Where there is none, it is the first that cannot be told to have come before it.
    """
    perhaps = None
    for event in facts.events("alert.resolved", "impact", "status.update"):
        over = (
            event.kind == "alert.resolved"
            or event.data.get("phase") == "end"
            or event.data.get("status") == "resolved"
        )
        moment = Moment.of_event(event, "the recovery")
        if moment is None or not over or not facts.concerns(event, service):
            continue
        order = facts.chronicle.is_no_later(since, moment)
        if order:
            return event
        if order is None and perhaps is None:
            perhaps = event
    return perhaps
