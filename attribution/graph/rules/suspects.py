"""The commits that are held to have brought in the defect of a service, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.graph.doubt import first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.repairs import named_origins
from attribution.model.commit import Commit
from attribution.model.order import Moment
from attribution.model.service import Service


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit held to have brought in the defect of a service, and on whose word.

    `reverted_by` is the commit that took it back, or, where `traced`, the one that mended lines
    which this commit brought in.
    """

    commit: Commit
    service: Service
    statement: str
    reverted_by: Commit | None
    evidence: tuple[str, ...]
    traced: bool = False

    @property
    def node(self) -> str:
        """Return the id of the change's node."""
        return f"change_{short(self.commit.sha)}"

    @property
    def undone(self) -> str:
        """Return what was done with it after the failure."""
        return "mended" if self.traced else "reverted"

    @property
    def taken_out(self) -> str:
        """Return what was done with it, as the ground of a counterfactual answer."""
        return "mended" if self.traced else "taken out"

    @property
    def took_back(self) -> str:
        """Return what the commit did that undid it."""
        return "mended it" if self.traced else "took it back"

    @property
    def repair(self) -> str:
        """Return the commit that undid it, as part of a sentence."""
        tag = "?" if self.reverted_by is None else short(self.reverted_by.sha)
        return f"commit {tag}, which {'mends it' if self.traced else 'takes it back'},"


def list_suspects(facts: Facts, draft: Draft) -> tuple[Suspect, ...]:
    """Return the suspect changes, declared ones first, each commit once."""
    failed = [service for service in facts.manifest.services if failure_id(service) in draft.nodes]
    found: dict[str, Suspect] = {}
    for change in facts.manifest.changes:
        commit = facts.commit(change.commit)
        services = [item for item in failed if change.service in {None, item.id}]
        if commit is not None and services and commit.sha not in found:
            evidence = tuple(dict.fromkeys((*change.evidence, *commit.references)))
            found[commit.sha] = Suspect(
                commit, services[0], change.statement, _revert_of(facts, commit), evidence
            )
    for revert in facts.commits:
        for sha in revert.reverts:
            commit = facts.commit(sha)
            service = _service_of(facts, draft, commit, revert, failed)
            if commit is not None and service is not None and commit.sha not in found:
                found[commit.sha] = Suspect(
                    commit, service, "", revert, (*commit.references, *revert.references)
                )
    for repair, commit in named_origins(facts, draft):
        if commit.sha not in found:
            evidence = (*commit.references, *repair.commit.references)
            found[commit.sha] = Suspect(
                commit, repair.service, "", repair.commit, evidence, traced=True
            )
    return tuple(found.values())


def _revert_of(facts: Facts, commit: Commit) -> Commit | None:
    return next((item for item in facts.commits if commit.sha in item.reverts), None)


def _service_of(
    facts: Facts, draft: Draft, commit: Commit | None, revert: Commit, failed: list[Service]
) -> Service | None:
    """Return the failed service whose repository the revert belongs to, if it came in time."""
    if commit is None:
        return None
    for service in failed:
        failed_at = first_sign(draft.nodes[failure_id(service)], service.name)
        made = made_at(facts, revert)
        mine = commit.repository is None or commit.repository in service.repositories
        after = (
            failed_at is None
            or made is None
            or facts.chronicle.is_no_later(failed_at, made) is not False
        )
        end = facts.manifest.period.end
        inside = end is None or revert.committed is None or revert.committed <= end
        if mine and after and inside:
            return service
    return None


def made_at(facts: Facts, revert: Commit) -> Moment | None:
    """Return when the commit was made that takes a suspect back."""
    what = f"commit {short(revert.sha)}, which takes it back,"
    return facts.chronicle.commit(revert.sha, revert.committed, what)
