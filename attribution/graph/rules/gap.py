"""Rule `gap`: what the sources show to be missing, and what that leaves open.

What it looks for:
    The gaps of the merged timeline: a silence longer than the source's habit, a source that stops
    or begins only after the harm, numbers missing from a sequence, stories without their
    beginning, rotated and cut files, records without a time.

What it adds:
    One finding a gap, and no node: a gap causes nothing. It is linked to nothing, but what other
    rules say of records that are not there names it, as long as it is not rejected.

The counterfactual answer and why:
    None. Absence of a record in a gap is no evidence that nothing happened, and a gap is no
    evidence that something did.

When it is wrong:
    The source had nothing to record: a machine was switched off by plan, a service had no calls.
    The export was meant to hold only a part.

Example:
    A host that logs every minute is silent for twenty minutes of the outage.

Sources:
    Hill 1975, Weissman 1978, Lawless 1971, Rosner 1983 (see `attribution.timeline.habits`);
    RFC 5424, section 7.3.1; sd_journal_get_seqnum(3); logrotate(8).
"""

from __future__ import annotations

from collections import deque

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.rules.rule import Rule
from attribution.model.gap import Gap
from attribution.model.graph import Finding, Node

_TOLD = 2


def apply(facts: Facts, draft: Draft) -> None:
    """Add a finding for each gap, saying what it overlaps and between what it lies."""
    pairs = _list_pairs(draft) if facts.timeline.gaps else []
    for gap in facts.timeline.gaps:
        draft.add_finding(
            Finding(
                id=gap.id,
                rule=RULE.id,
                version=RULE.version,
                statement=_state(gap, pairs),
                status="proposed",
                evidence=gap.references,
                refuted_by=gap.refuted_by,
            )
        )


def _state(gap: Gap, pairs: list[tuple[Node, Node]]) -> str:
    sentences = [gap.reason[0].upper() + gap.reason[1:] if gap.reason else gap.kind]
    if gap.bears_on:
        sentences.append(f"This overlaps {' and '.join(gap.bears_on)}")
    sentences += [
        f"It reaches into the time between “{act.statement.rstrip('.')}” and"
        f" “{effect.statement.rstrip('.')}”"
        for act, effect in [pair for pair in pairs if _lies_between(gap, *pair)][:_TOLD]
    ]
    # A silence names the item itself, or which host of it fell silent.
    named = "" if gap.evidence in gap.reason.split() else f"{gap.evidence}: "
    return f"{named}{'. '.join(sentences)}. {gap.consequence}"


def _lies_between(gap: Gap, act: Node, effect: Node) -> bool:
    low, high = gap.time_low, gap.time_high
    if low is None or high is None or act.time_low is None or effect.time_high is None:
        return False
    return low < effect.time_high and act.time_low < high


def _list_pairs(draft: Draft) -> list[tuple[Node, Node]]:
    """Return each dated act with the first dated events and harms it leads to, in order of ids."""
    following: dict[str, list[str]] = {}
    for source, target in sorted(draft.edges):
        following.setdefault(source, []).append(target)
    pairs = []
    for name in sorted(draft.nodes):
        act = draft.nodes[name]
        if act.kind != "act" or act.time_low is None:
            continue
        seen, queue = {name}, deque([name])
        while queue:
            for target in following.get(queue.popleft(), ()):
                node = draft.nodes[target]
                if target in seen:
                    continue
                seen.add(target)
                if node.kind in {"event", "harm"} and node.time_high is not None:
                    pairs.append((act, node))
                else:
                    queue.append(target)
    return pairs


RULE = Rule(
    id="gap",
    version=1,
    title="What the sources show to be missing",
    refuted_by="the missing records, or a record that the source had nothing to record then",
    apply=apply,
)
