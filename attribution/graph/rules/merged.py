"""The changes of the graph that are commits, with what each brought about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.graph.defects import Defect, defect_of_change
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.model.commit import Commit

_GRANT = "grant_"
_CHANGES = (_GRANT, "change_")


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that is an act of the graph, what it brought about, and its kind of defect."""

    commit: Commit
    node: str
    effects: tuple[str, ...]
    defect: Defect


def list_changes(facts: Facts, draft: Draft) -> Iterator[Change]:
    """Yield the grants and changes of the graph whose commit is on record, in the order added."""
    for node in list(draft.nodes.values()):
        if not node.id.startswith(_CHANGES):
            continue
        commit = facts.commit(node.id.split("_", 1)[1])
        if commit is not None:
            effects = tuple(target for source, target in draft.edges if source == node.id)
            grants = node.id.startswith(_GRANT)
            defect = defect_of_change(facts, commit, node.id, grants=grants)
            yield Change(commit, node.id, effects, defect)
