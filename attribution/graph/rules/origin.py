"""Rule `origin`: the commit that brought in what a repair took away, traced line by line.

What it looks for:
    The repairs of a failed service: commits of its repositories that take another back, or say in
    their subject that they mend something, made no earlier than the failure and out before the
    service came back. Each is traced through the repository among the evidence, as `attribution
    origin` does it, to the commits that its lines lead to.

What it adds:
    `defect_COMMIT`, between `change_COMMIT` and `running_COMMIT`: what the commit brought in and
    the repair took away. Where the lines name one commit that nobody declared or reverted,
    `authorship`, `release` and `review` take it up as a change, believed as an inference. Where
    they name none, or several repairs of one failure lead to different commits, the candidates are
    told as missing factors and lead to nothing.

The counterfactual answer and why:
    No: without the commit there would not have been the lines that had to be mended. That the
    failure came of them rests on the recovery after the repair, which `release` answers.

When it is wrong:
    The repair mended something else too; the lines were moved or reshaped by the commit that is
    named; the service came back for another reason. On 50 labelled fixes 32 of the 34 commits named
    by the lines alone were right, on 282 others 108 of 121, by bounds chosen without them (see
    find-the-origin).

Example:
    A fix takes away 3 lines of `prices.py`, all of which commit 4fd2d45 brought in.

Sources:
    Sliwerski, Zimmermann and Zeller 2005, When Do Changes Induce Fixes?; Rosa et al. 2021,
    Evaluating SZZ Implementations Through a Developer-informed Oracle.
"""

from __future__ import annotations

from attribution.graph.draft import Draft, is_later
from attribution.graph.facts import Facts, short
from attribution.graph.rules.onset import failure_id
from attribution.graph.rules.repairs import Repair, find_named, list_repairs, named_origins
from attribution.graph.rules.rule import Rule
from attribution.model.commit import Commit
from attribution.model.graph import Edge, MissingFactor, Node

_SHOWN = 3


def apply(facts: Facts, draft: Draft) -> None:
    """Add what each named change brought in; tell the candidates where none is named."""
    named = named_origins(facts, draft)
    for repair, commit in named:
        _add_defect(draft, repair, commit)
    settled = [repair for repair, _ in named]
    for repair in list_repairs(facts, draft):
        says_so = repair.origin.named in {None, *repair.commit.reverts} and repair.is_revert
        if repair not in settled and not says_so:
            draft.missing.append(_unsettled(facts, draft, repair))


def _add_defect(draft: Draft, repair: Repair, commit: Commit) -> None:
    tag, mended = short(commit.sha), short(repair.commit.sha)
    change, running = (draft.nodes.get(f"{word}_{tag}") for word in ("change", "running"))
    if change is None or running is None:
        return
    defect = Node(
        id=f"defect_{tag}",
        kind="condition",
        statement=f"Commit {tag} brought in what commit {mended} took away{_lines(repair)}.",
        time=commit.committed,
        time_low=change.time_low,
        time_high=running.time_high,
        evidence=tuple(dict.fromkeys((*commit.references, *repair.commit.references))),
        rule=RULE.id,
    )
    if is_later(defect, running):
        return
    new = defect.id not in draft.nodes
    draft.add_node(defect)
    draft.add_cause(
        Edge(
            source=change.id,
            target=defect.id,
            rule=RULE.id,
            counterfactual="no: what the repair took away would not have been there",
            basis=f"the history of the repository: {repair.origin.why}",
            evidence=defect.evidence,
        )
    )
    draft.add_cause(
        Edge(
            source=defect.id,
            target=running.id,
            rule=RULE.id,
            counterfactual="no: without it there would have been nothing in it to mend",
            basis=f"commit {mended} took it away, and the service came back after that",
            evidence=defect.evidence,
        ),
        slot="requirements",
    )
    if new:
        RULE.finding(draft, defect, factors=RULE.factors if commit.kind == "agent" else ())


def _lines(repair: Repair) -> str:
    """Return how many lines lead to the commit that is named, and of which files."""
    lead = repair.origin.chief
    if lead is None or not lead.lines:
        return ""
    files = ", ".join(lead.files[:_SHOWN]) + (", ..." if len(lead.files) > _SHOWN else "")
    return f": {lead.lines} {'line' if lead.lines == 1 else 'lines'} of {files} lead to it"


def _unsettled(facts: Facts, draft: Draft, repair: Repair) -> MissingFactor:
    """Return what a repair leads to that names no one commit as the cause of the failure."""
    tag, service = short(repair.commit.sha), repair.service
    found = find_named(facts, draft, repair)
    if found is not None:
        why = (
            f"it leads to commit {short(found.sha)}, other repairs of the failure to others; which"
            " of them it came of is not visible in these records"
        )
    elif repair.origin.named is not None:
        why = (
            f"it leads to commit {short(repair.origin.named)}, which was made later than the"
            " failure or is not among the records"
        )
    else:
        why = repair.origin.why
    mended = f"{service.name} came back after commit {tag} (“{repair.commit.subject}”)"
    leads = "; ".join(
        f"{short(lead.commit)} (“{lead.subject}”, {lead.score:.0%} of the evidence)"
        for lead in repair.origin.leads[:_SHOWN]
    )
    candidates = f" Candidates: {leads}." if leads else ""
    return MissingFactor(
        failure_id(service),
        f"{mended}: {why}.{candidates} Whoever knows which it was names it under"
        " `changes` in case.yaml.",
    )


RULE = Rule(
    id="origin",
    version=1,
    title="The commit that brought in what a repair took away",
    refuted_by="a record that the lines were there before, or that something else was mended",
    apply=apply,
    factors=("plausible_defect",),
)
