"""Declarations held against what they are about: a typo in a policy must not accuse anybody."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from attribution.errors import ManifestError
from attribution.graph.catalogue import Catalogue
from attribution.graph.draft import is_later
from attribution.graph.gone import is_gone
from attribution.model.commit import Commit
from attribution.model.graph import Edge, Node
from attribution.model.instant import format_optional
from attribution.model.manifest import DeclaredAbsence, Hypothesis, Manifest, Override
from attribution.model.oversight import ChangeReview

_MOST_SHOWN = 12
_LIKE = 0.5

_DECIDE = {"confirmed": "confirm", "rejected": "reject", "contested": "contest"}


def check_declarations(
    manifest: Manifest, catalogue: Catalogue, commits: tuple[Commit, ...]
) -> None:
    """Raise ManifestError for a policy about no known control or repository, or harm at no time.

    A policy that matches nothing would leave the impression that nobody had one. So would a status
    given to a node: it is somebody's decision, and stands under `decisions` with who decided.
    """
    _check_statuses(manifest)
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
    for entry in manifest.absent_controls:
        for breach in entry.breaches:
            if breach.duty not in catalogue.duties:
                raise _unknown("absent_controls", "duty", breach.duty, sorted(catalogue.duties))
    _check_period(manifest)


def _check_statuses(manifest: Manifest) -> None:
    for node in manifest.nodes:
        status = node.fields.get("status", "proposed")
        if status != "proposed":
            raise ManifestError(
                "a node's status is a decision, with who took it",
                file="case.yaml",
                place=f"graph.nodes, {node.id}",
                got=f"status: {status}",
                expected=f"an entry under decisions: on: {node.id}, status: {status}, by: ...",
                remedy=f"take the status out, and run `attribution decide CASE {node.id}"
                f" --{_DECIDE[str(status)]} --by NAME`",
            )


def check_order(nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
    """Raise ManifestError for an edge whose cause is certainly later than its effect.

    `nodes` are causes first. An undated effect is no earlier than its causes, so a chain is
    followed through undated nodes.
    """
    by_id = {node.id: node for node in nodes}
    following: dict[str, list[str]] = {}
    for edge in edges:
        following.setdefault(edge.source, []).append(edge.target)
    earliest: dict[str, Node | None] = {}
    for node in reversed(by_id.values()):
        dated = [
            effect
            for effect in (_first_dated(by_id[it], earliest) for it in following.get(node.id, ()))
            if effect is not None
        ]
        effect = min(dated, key=lambda it: (it.time_high or 0, it.id), default=None)
        earliest[node.id] = effect
        if effect is not None and is_later(node, effect):
            raise ManifestError(
                "a cause is later than its effect",
                file="case.yaml",
                got=f"{node.id}, not before {format_optional(node.time_low)}, as a cause of"
                f" {effect.id}, not after {format_optional(effect.time_high)}",
                expected="causes that begin before their effects",
                remedy="correct the zone or the clock offset of the evidence, the times"
                " declared in case.yaml, or take the edge out",
            )


def _first_dated(node: Node, earliest: Mapping[str, Node | None]) -> Node | None:
    """Return the node if it is dated, else the earliest dated effect downstream of it."""
    return node if node.time_high is not None else earliest.get(node.id)


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


def _unknown(
    place: str,
    key: str,
    got: str,
    known: list[str],
    remedy: str = "correct the spelling; docs/reference/catalogue.md lists controls and duties",
) -> ManifestError:
    return ManifestError(
        f"{key} names nothing that is known here",
        file="case.yaml",
        place=place,
        got=got,
        expected=_some_of(known, got) or "nothing is known of that kind",
        remedy=remedy,
    )


def _some_of(known: list[str], got: str) -> str:
    """Return the names there are; of many, those most like what was got, and how many there are."""
    if len(known) <= _MOST_SHOWN:
        return ", ".join(known)
    near = difflib.get_close_matches(got, known, n=_MOST_SHOWN, cutoff=_LIKE) or known[:_MOST_SHOWN]
    return f"one of {len(known)} names, such as {', '.join(near)}"


def check_coverage(
    manifest: Manifest,
    nodes: Mapping[str, Node],
    commits: tuple[Commit, ...],
    reviews: tuple[ChangeReview, ...],
) -> None:
    """Raise ManifestError for a declared approval, or kind of defect, of nothing in the case.

    Passed over, it would leave a duty unmet that somebody says was met, or a control with a range
    that is not the one somebody gave.
    """
    known = {service.id for service in manifest.services} | set(nodes)
    known |= {f"#{review.number}" for review in reviews}
    entries = [("approvals, covers", entry.covers, "approval") for entry in manifest.approvals]
    entries += [("defects, of", entry.of, "kind of defect") for entry in manifest.defects]
    for place, subject, what in entries:
        of_commit = any(commit.sha.startswith(subject) for commit in commits)
        if subject not in known and not of_commit and not is_gone(subject, known):
            raise ManifestError(
                f"{'an' if what[0] == 'a' else 'a'} {what} is of nothing that is known here",
                file="case.yaml",
                place=place,
                got=subject,
                expected="a commit of the evidence, `#NUMBER` of a pull request, a service or a"
                " node of the graph",
                remedy=f"correct it; without it the {what} counts for nothing",
            )


def check_duties(catalogue: Catalogue, nodes: Mapping[str, Node]) -> None:
    """Raise ManifestError for a breach of a duty that is neither catalogued nor declared."""
    for node in nodes.values():
        if node.duty is not None and node.duty not in catalogue.duties:
            raise _unknown(f"graph, node {node.id}", "duty", node.duty, sorted(catalogue.duties))


def check_subjects(manifest: Manifest, nodes: Mapping[str, Node]) -> None:
    """Raise ManifestError for an entry that would be passed over because of what it is about.

    Culpability is of a breach or a party, a credence of a root; each is entered once, but that a
    later entry of culpability with its time takes the place of an earlier one. A breach is a root,
    and a harm item has one node.
    """
    breaches = {node.id for node in nodes.values() if node.is_breach}
    roots = {node.id for node in nodes.values() if node.equation is None}
    parties = {party.id for party in manifest.parties}
    for place, subjects, known in (
        ("culpability", [entry.of for entry in manifest.culpability], breaches | parties),
        ("credences", [entry.of for entry in manifest.credences], roots),
        ("credence_kinds", [entry.of for entry in manifest.credence_kinds], None),
        ("effectiveness", [_against(entry) for entry in manifest.effectiveness], None),
        ("absent_controls", [_combination(entry) for entry in manifest.absent_controls], None),
        ("defects", [entry.of for entry in manifest.defects], None),
    ):
        for position, subject in enumerate(subjects):
            unknown = known is not None and subject not in known
            if unknown and (subject in nodes or not is_gone(subject, nodes)):
                raise _unknown(place, "of", subject, sorted(known or ()))
            replaces = place == "culpability" and manifest.culpability[position].at is not None
            if subject in subjects[:position] and not replaces:
                raise ManifestError(
                    "two entries are about the same thing",
                    file="case.yaml",
                    place=place,
                    got=subject,
                    expected="one entry for each",
                    remedy="take one of them out",
                )
    for node in nodes.values():
        if node.is_breach and node.equation is not None:
            raise ManifestError(
                "a breach has causes of its own",
                file="case.yaml",
                place=f"graph, node {node.id}",
                got=f"duty {node.duty} beside the equation {node.equation}",
                expected="a breach that is a root: an act or omission somebody was free to do",
                remedy="put the duty on the root that it is about, or take the equation out",
            )
    harms = [node.harm for node in nodes.values() if node.kind == "harm" and node.harm]
    for harm in harms:
        if harms.count(harm) > 1:
            raise ManifestError(
                "a harm item has two nodes",
                file="case.yaml",
                place="graph",
                got=f"{harms.count(harm)} nodes of kind harm with harm: {harm}",
                expected="one; the rules add harm_ITEM for an item whose service failed",
                remedy="change the rule's node by its id, or take the other one out",
            )


def _against(entry: Override) -> str:
    return entry.of if entry.defect is None else f"{entry.of} against {entry.defect}"


def _combination(entry: DeclaredAbsence) -> str:
    asked = {"demanded": entry.demanded, "enforced": entry.enforced}
    said = [f"{name}: {str(value).lower()}" for name, value in asked.items() if value is not None]
    said += [f"got_round_by: {', '.join(sorted(entry.got_round_by))}"] * bool(entry.got_round_by)
    return ", ".join((entry.control, *said))


def check_hypotheses(manifest: Manifest, nodes: Mapping[str, Node]) -> None:
    """Raise ManifestError for a hypothesis about a node that the graph does not have.

    A cause that is supposed for something it follows from would be a cycle, and is told as one.
    """
    for hypothesis in manifest.hypotheses:
        for place, name in _named(hypothesis):
            if name not in nodes and not is_gone(name, nodes):
                raise ManifestError(
                    "a hypothesis names a node that is not in the graph",
                    file="case.yaml",
                    place=f"hypotheses, {hypothesis.id}, {place}",
                    got=name,
                    expected=", ".join(sorted(nodes)) or "no node: the graph is empty",
                    remedy="correct the id; `attribution graph CASE --format json` lists the nodes",
                )


def _named(hypothesis: Hypothesis) -> Iterator[tuple[str, str]]:
    for name in hypothesis.holds:
        yield "holds", name
    if hypothesis.extra_cause is not None:
        yield "extra_cause", hypothesis.extra_cause.of
