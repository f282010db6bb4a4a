"""Rule `authorship`: who or what wrote a change that is held to have brought in the defect.

What it looks for:
    The commits that `case.yaml` lists under `changes`, and those that a later commit of the same
    history reverts after the service failed (the revert names the commit it takes back). Those that
    `origin` names.

What it adds:
    `change_COMMIT`: an act of the party of whoever put it forward - the AI agent where the agent
    itself is the author, else the person. Where a person put forward what an agent is marked to
    have written, `written_COMMIT` is the agent's part, as far as the mark carries: a trailer is a
    statement, a session log or a line note a machine's record; a line note also says how many of
    the commit's lines are the agent's. No marker means unknown, never human.

The counterfactual answer and why:
    None of its own: `release` and `onset` link the change to production and to the failure.

When it is wrong:
    A revert may take back a harmless change; a marker may be forged or missing.

Example:
    Commit 4fd2d45 by `mender[bot]`, reverted forty minutes after the alert.

Sources:
    git-revert documentation ("This reverts commit ..."); Rosa et al. 2021, ICSE (commits that
    developers name as the ones that introduced a defect).
"""

from __future__ import annotations

from dataclasses import replace

from attribution.graph.doubt import UNDECIDED, doubt_order, first_sign
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.rule import Rule
from attribution.graph.rules.suspects import Suspect, list_suspects, made_at
from attribution.model.commit import GRADES, AgentMark, Commit
from attribution.model.graph import Edge, MissingFactor, Node

_UNMARKED = " No marker of an agent is on record; that does not exclude one."


def apply(facts: Facts, draft: Draft) -> None:
    """Add the act of writing each suspect change."""
    for suspect in list_suspects(facts, draft):
        _add_change(facts, draft, suspect)
    for change in facts.manifest.changes:
        if facts.commit(change.commit) is None:
            for harm in facts.manifest.harms:
                service = facts.service(change.service or harm.service)
                if service is not None and failure_id(service) in draft.nodes:
                    draft.missing.append(
                        MissingFactor(
                            failure_id(service),
                            f"Commit {change.commit} is named as a change that brought in the"
                            " defect, but no evidence holds it.",
                            "commit",
                        )
                    )
                    break


def _doubt(facts: Facts, draft: Draft, suspect: Suspect) -> str:
    """Return what leaves open whether the revert that makes the change suspect came after."""
    declared = any(suspect.commit.sha.startswith(one.commit) for one in facts.manifest.changes)
    if suspect.reverted_by is None or declared:
        return ""
    return doubt_order(
        facts,
        draft,
        first_sign(draft.nodes[failure_id(suspect.service)], suspect.service.name),
        made_at(facts, suspect.reverted_by),
        node=suspect.node,
        rests="that the change was taken back because of the failure",
    )


def _add_change(facts: Facts, draft: Draft, suspect: Suspect) -> None:
    commit = suspect.commit
    agent = _agent_of(facts, commit)
    author = facts.name_first(commit.author)
    what = (suspect.statement or f"“{commit.subject}”").removesuffix(".")
    doer, how, unmarked = commit.author, f"{author} put forward", ""
    if commit.kind == "agent":
        doer = agent or commit.author
        how = f"{facts.name_first(doer)} wrote"
    elif commit.kind == "no_marker":
        how, unmarked = f"{author} wrote", _UNMARKED
    node = Node(
        id=suspect.node,
        kind="act",
        statement=f"{how} commit {short(commit.sha)}: {what}.{unmarked}",
        party=resolve_owner(facts, "sound-change", actor=doer).party,
        actor=doer,
        time=commit.committed,
        time_low=commit.authored
        if commit.authored is not None and (commit.committed or 0) >= commit.authored
        else commit.committed,
        time_high=commit.committed,
        duty="sound-change",
        norm=0,
        basis=UNDECIDED
        if _doubt(facts, draft, suspect)
        else "machine_record"
        if suspect.reverted_by is not None and not suspect.traced
        else "rule_inference",
        evidence=suspect.evidence,
        rule=RULE.id,
    )
    draft.add_node(node)
    RULE.finding(draft, node)
    if commit.kind == "human_with_agent" and agent is not None:
        _add_agents_part(facts, draft, suspect, node, agent)


def _add_agents_part(
    facts: Facts, draft: Draft, suspect: Suspect, change: Node, agent: str
) -> None:
    """Add that an agent wrote what a person put forward, as far as the marks carry it.

    `spared_COMMIT` is what would have been, had the agent's lines been sound: nothing to put
    forward that breaks anything. Where the marks are wrong and the person wrote it, it is false.
    """
    commit, tag = suspect.commit, short(suspect.commit.sha)
    name = facts.actor_name(agent)
    noted = [mark for mark in commit.agents if mark.grade == LINE_NOTE]
    marks = ", ".join(f"{mark.tool} ({mark.grade.replace('_', ' ')})" for mark in commit.agents)
    marked = replace(
        change,
        id=f"agent_wrote_{tag}",
        kind="condition",
        statement=_tell_lines(name, commit, noted)
        if noted
        else f"{name} wrote what commit {tag} changed (marks: {marks}).",
        party=None,
        actor=agent,
        duty=None,
        norm=None,
        basis=_BASIS_OF_GRADE[_strongest(commit)],
    )
    written = replace(
        change,
        id=f"written_{tag}",
        statement=f"{name} wrote the defect of commit {tag}, which a person put forward.",
        party=resolve_owner(facts, "sound-change", actor=agent).party,
        actor=agent,
    )
    spared = replace(
        marked,
        id=f"spared_{tag}",
        statement=f"The lines of commit {tag} that {name} wrote were sound.",
        actor=None,
        basis=None,
    )
    for node in (marked, written, spared):
        draft.add_node(node)
    draft.add_cause(
        Edge(
            source=marked.id,
            target=spared.id,
            rule=RULE.id,
            counterfactual="no: what the agent did not write, it could not have written soundly",
            basis="the marks on the commit",
            evidence=marked.evidence,
        ),
        slot="requirements",
    )
    draft.add_cause(
        Edge(
            source=written.id,
            target=spared.id,
            rule=RULE.id,
            counterfactual="no: the lines brought the defect, so they were not sound",
            basis="the defect came with this commit",
            evidence=written.evidence,
        ),
        slot="blocks",
    )
    RULE.finding(draft, written, marked)


def _tell_lines(name: str, commit: Commit, noted: list[AgentMark]) -> str:
    """Return whose lines a line note names; it does not say which of them failed."""
    lines = " and ".join(f"{mark.evidence.partition(':')[0]} by {mark.tool}" for mark in noted)
    return (
        f"{name} wrote lines of commit {short(commit.sha)}: its line note names {lines}, of"
        f" {commit.lines_added:,} that it adds; which of them failed is not visible here."
    )


LINE_NOTE = GRADES[0]
_BASIS_OF_GRADE = {
    "line_note": "machine_record",
    "bot_author": "machine_record",
    "session": "machine_record",
    "trailer": "single_statement",
}
"""A trailer is text that whoever commits can type; the other grades come from a machine's log."""


def _strongest(commit: Commit) -> str:
    return min((mark.grade for mark in commit.agents), key=GRADES.index)


def _agent_of(facts: Facts, commit: Commit) -> str | None:
    """Return the agent of the case that the commit's marks name."""
    known = (facts.directory.resolve(mark.tool) for mark in commit.agents)
    return next((item.id for item in known if item is not None and item.kind == "agent"), None)


RULE = Rule(
    id="authorship",
    version=1,
    title="Who or what wrote the change",
    refuted_by="a record that somebody else wrote the lines, or that the defect was there before",
    apply=apply,
)
