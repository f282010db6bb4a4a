"""Rule `release`: which deployment first carried a change to production.

What it looks for:
    For each change of the graph, the first deployment to an environment of the service whose
    commit has the change among its ancestors, by git ancestry and not by time: the commit itself or
    a copy that says what it was picked from, and no revert of it on top. A change without
    such a record, that the author of the case declares to have reached the service, is linked on
    that declaration, and the missing record is stated.

What it adds:
    `change_COMMIT` -> `running_COMMIT` -> `failure_SERVICE`. The second edge stands only where
    the counterfactual test has an answer: the service came back after the change was taken out,
    or a person declared the change to be what broke it.

The counterfactual answer and why:
    No: what is not deployed does not run. Then: no, for the service recovered once it was out.

When it is wrong:
    Deployments outside the records (a manual copy); a recovery that had another reason.

Example:
    Deployment 145 of f95f852, which contains 4fd2d45, two minutes before the first alert.

Sources:
    GitHub REST API, deployments (`sha`, `environment`); git-merge-base --is-ancestor.
"""

from __future__ import annotations

from attribution.graph.doubt import doubt_order, first_sign
from attribution.graph.draft import Draft, is_later
from attribution.graph.facts import Facts, short
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.repairs import find_recovery
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.suspects import Suspect, list_suspects
from attribution.model.event import Event
from attribution.model.graph import Edge, MissingFactor, Node
from attribution.model.instant import Instant, format_instant
from attribution.model.order import Moment
from attribution.model.oversight import Deployment
from attribution.oversight.release import first_release, recorded_carriage


def apply(facts: Facts, draft: Draft) -> None:
    """Add the release of each suspect change, and the failure it brought about."""
    for suspect in list_suspects(facts, draft):
        environments = suspect.service.environments
        deployment = first_release(
            suspect.commit.sha, facts.deployments, facts.commits, environments
        )
        declared = any(
            suspect.commit.sha.startswith(change.commit) for change in facts.manifest.changes
        )
        if deployment is None and not declared:
            draft.missing.append(
                MissingFactor(
                    failure_id(suspect.service),
                    f"Commit {short(suspect.commit.sha)} was {suspect.undone} after the failure,"
                    " but no record shows it deployed. A deployment record would link the two, or"
                    " an entry under `changes` in case.yaml if you know that it broke the service.",
                    "deployment",
                )
            )
            continue
        _add_running(facts, draft, suspect, deployment, declared)


def _add_running(
    facts: Facts,
    draft: Draft,
    suspect: Suspect,
    deployment: Deployment | None,
    declared: bool,  # noqa: FBT001 - one fact among five
) -> None:
    tag = short(suspect.commit.sha)
    failure = draft.nodes[failure_id(suspect.service)]
    deployed = None if deployment is None else deployment.moment
    node = Node(
        id=f"running_{tag}",
        kind="event",
        statement=f"Commit {tag} ran in production.",
        time=deployment.time if deployment is not None else None,
        time_low=suspect.commit.committed if deployed is None else deployed.low,
        time_high=None if deployed is None else deployed.high,
        observed=deployment is not None,
        basis="machine_record"
        if deployment is not None and deployment.basis is None
        else "single_statement",
        evidence=deployment.references if deployment is not None else suspect.evidence,
        rule=RULE.id,
    )
    if is_later(node, failure):
        draft.missing.append(
            MissingFactor(
                failure.id,
                f"Commit {tag} came later than the failure"
                f" ({_clock(node.time_low)} against {_clock(failure.time_high)}): it is no cause of"
                " it. If it is, one of the times or zones is wrong.",
                "order",
            )
        )
        return
    draft.add_node(node)
    record = _record(facts, suspect, deployment)
    draft.add_cause(
        Edge(
            source=suspect.node,
            target=node.id,
            rule=RULE.id,
            counterfactual="no: what was never written cannot run",
            basis=_say_carried(facts, suspect, deployment)
            if deployment is not None
            else "declared in case.yaml; no record of the deployment",
            evidence=node.evidence,
        ).shown_by(record)
    )
    if f"spared_{tag}" in draft.nodes:
        draft.add_cause(
            Edge(
                source=f"spared_{tag}",
                target=node.id,
                rule=RULE.id,
                counterfactual="no: sound lines would have left nothing to break the service",
                basis="the defect came with what the agent wrote",
                evidence=draft.nodes[f"spared_{tag}"].evidence,
            ),
            slot="blocks",
        )
    if deployment is None:
        draft.missing.append(
            MissingFactor(
                node.id, "No deployment record shows when the change went out.", "deployment"
            )
        )
    answer = _answer(facts, draft, suspect, declared)
    if answer is None:
        draft.missing.append(
            MissingFactor(
                failure.id,
                f"Commit {tag} ran before the failure; nothing on record says that the failure"
                " could not have happened without it.",
                "link",
            )
        )
    else:
        counterfactual, basis, evidence = answer
        basis += doubt_order(
            facts,
            draft,
            deployed,
            first_sign(failure, suspect.service.name),
            node=node.id,
            rests=f"that the change ran when {suspect.service.name} failed",
        )
        _add_failure_edge(draft, suspect, node, (counterfactual, basis, evidence))
    RULE.finding(draft, node, record=record)


def _record(facts: Facts, suspect: Suspect, deployment: Deployment | None) -> str | None:
    """Return the record of the causation: a recorded deployment with the commit as an ancestor.

    A copy by what a message says, and a deployment that is itself inferred, are none.
    """
    if deployment is None or deployment.basis is not None:
        return None
    carrier = recorded_carriage(suspect.commit.sha, facts.commits).judge(deployment.sha).carrier
    return "git ancestry" if carrier is not None and carrier.how == "itself" else None


def _say_carried(facts: Facts, suspect: Suspect, deployment: Deployment) -> str:
    """Return how the records show that a deployment has the change."""
    carriage = recorded_carriage(suspect.commit.sha, facts.commits)
    carrier = carriage.judge(deployment.sha).carrier
    why = "" if deployment.basis is None else f"; {deployment.basis}"
    if carrier is None or carrier.how == "itself":
        return f"deployment {deployment.id} contains the commit by git ancestry{why}"
    return (
        f"deployment {deployment.id} contains {short(carrier.sha)} by git ancestry, a copy of the"
        f" commit by what its message says{why}"
    )


def _add_failure_edge(
    draft: Draft, suspect: Suspect, node: Node, answer: tuple[str, str, tuple[str, ...]]
) -> None:
    counterfactual, basis, evidence = answer
    edge = Edge(
        source=node.id,
        target=failure_id(suspect.service),
        rule=RULE.id,
        counterfactual=counterfactual,
        basis=basis,
        evidence=tuple(dict.fromkeys((*node.evidence, *evidence))),
    )
    draft.add_cause(edge)
    tag = short(suspect.commit.sha)
    RULE.step_finding(
        draft,
        edge,
        f"Commit {tag}, once it ran in production, made {suspect.service.name} fail.",
        "a record that the service failed for another reason, or worked while the commit ran",
    )


def _clock(instant: Instant | None) -> str:
    return "unknown" if instant is None else format_instant(instant)


def _answer(
    facts: Facts,
    draft: Draft,
    suspect: Suspect,
    declared: bool,  # noqa: FBT001 - one fact among four
) -> tuple[str, str, tuple[str, ...]] | None:
    recovered = _recovery(facts, suspect)
    if suspect.reverted_by is not None and recovered is not None:
        doubt = doubt_order(
            facts,
            draft,
            _taking_out(facts, suspect),
            Moment.of_event(recovered, f"the recovery of {suspect.service.name}"),
            node=f"running_{short(suspect.commit.sha)}",
            rests="that the service recovered because the change was taken out",
        )
        told = doubt or "; recovery is recorded after it"
        return (
            f"no: the service recovered once the change was {suspect.taken_out}",
            f"commit {short(suspect.reverted_by.sha)} {suspect.took_back}{told}",
            (*suspect.reverted_by.references, *recovered.references),
        )
    if declared:
        return (
            "no: the author of the case declares that the defect came with this change",
            "the statement in case.yaml",
            suspect.evidence,
        )
    return None


def _recovery(facts: Facts, suspect: Suspect) -> Event | None:
    """Return the first record of the service working again after the revert.

    Where there is none, it is the first that cannot be told to have come before it.
    """
    taken_out = _taking_out(facts, suspect)
    return None if taken_out is None else find_recovery(facts, suspect.service, taken_out)


def _taking_out(facts: Facts, suspect: Suspect) -> Moment | None:
    """Return when the change was taken back, as far as the revert's own time tells."""
    revert = suspect.reverted_by
    if revert is None:
        return None
    return facts.chronicle.commit(revert.sha, revert.committed, suspect.repair)


RULE = Rule(
    id="release",
    version=2,
    title="Which deployment first carried the change",
    refuted_by="a deployment record that does not contain the commit, or one that came later",
    apply=apply,
)
