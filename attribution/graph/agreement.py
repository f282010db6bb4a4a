"""Declarations held against what they are about: a typo in a policy must not accuse anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attribution.errors import ManifestError
from attribution.graph.catalogue import Catalogue
from attribution.graph.draft import is_later
from attribution.model.commit import Commit
from attribution.model.graph import Edge, Node
from attribution.model.instant import format_optional
from attribution.model.manifest import Manifest


def check_declarations(
    manifest: Manifest, catalogue: Catalogue, commits: tuple[Commit, ...]
) -> None:
    """Raise ManifestError for a policy about no known control or repository, or harm at no time.

    A policy that matches nothing would leave the impression that nobody had one.
    """
    controls = _known_controls(catalogue)
    repositories = sorted(_known_repositories(manifest, commits))
    for policy in manifest.policies:
        if policy.demands not in controls:
            raise _unknown(f"policies, {policy.id}", "demands", policy.demands, sorted(controls))
        for repository in policy.repositories:
            if repository not in repositories:
                raise _unknown(f"policies, {policy.id}", "repositories", repository, repositories)
    for approval in manifest.approvals:
        if approval.control not in catalogue.controls:
            raise _unknown("approvals", "control", approval.control, sorted(catalogue.controls))
    _check_period(manifest)


def check_order(nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
    """Raise ManifestError for an edge whose cause is certainly later than its effect.

    An undated effect is no earlier than its causes, so a chain is followed through undated nodes.
    """
    by_id = {node.id: node for node in nodes}
    followed = list(edges)
    for node in by_id.values():
        for effect in _dated_effects(node.id, by_id, followed):
            if is_later(node, effect):
                raise ManifestError(
                    "a cause is later than its effect",
                    file="case.yaml",
                    got=f"{node.id}, not before {format_optional(node.time_low)}, as a cause of"
                    f" {effect.id}, not after {format_optional(effect.time_high)}",
                    expected="causes that begin before their effects",
                    remedy="correct the zone or the clock offset of the evidence, the times"
                    " declared in case.yaml, or take the edge out",
                )


def _dated_effects(start: str, nodes: dict[str, Node], edges: list[Edge]) -> Iterator[Node]:
    """Yield the first dated nodes downstream of `start`."""
    seen = {start}
    queue = [start]
    for current in queue:
        for edge in edges:
            if edge.source == current and edge.target not in seen:
                seen.add(edge.target)
                effect = nodes[edge.target]
                if effect.time_high is not None:
                    yield effect
                else:
                    queue.append(edge.target)


def _known_controls(catalogue: Catalogue) -> set[str]:
    """Return what a policy can demand: the controls, and duties by their name with underscores."""
    return set(catalogue.controls) | {duty.replace("-", "_") for duty in catalogue.duties}


def _known_repositories(manifest: Manifest, commits: tuple[Commit, ...]) -> set[str]:
    known = {name for service in manifest.services for name in service.repositories}
    known |= {entry.repository for entry in manifest.evidence if entry.repository}
    return known | {commit.repository for commit in commits if commit.repository}


def _check_period(manifest: Manifest) -> None:
    start, end = manifest.period.start, manifest.period.end
    for harm in manifest.harms:
        early = start is not None and harm.end is not None and harm.end < start
        late = end is not None and harm.start is not None and harm.start > end
        if early or late:
            raise ManifestError(
                "a harm item lies outside the period of the case",
                file="case.yaml",
                place=f"harm, {harm.id}",
                got=f"{format_optional(harm.start)} to {format_optional(harm.end)}",
                expected=f"a time within {format_optional(start)} to {format_optional(end)}",
                remedy="correct `period`, or the times of the harm item",
            )


def _unknown(place: str, key: str, got: str, known: list[str]) -> ManifestError:
    return ManifestError(
        f"{key} names nothing that is known here",
        file="case.yaml",
        place=place,
        got=got,
        expected=", ".join(known) or "nothing is known of that kind",
        remedy="correct the spelling; docs/reference/catalogue.md lists controls and duties",
    )
