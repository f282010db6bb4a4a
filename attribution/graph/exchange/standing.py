"""What stands beside a node or an edge: who confirmed it, and what rules found about it.

Who decided what is taken in as a decision of that person. What a rule alone gives (the codes of
factors, the edges that a finding was tested by) and what a record alone confirms is written out,
and read back where the case has it; of a drawing nobody can take it on trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attribution.model.confirmation import is_by_record, name_of
from attribution.model.graph import CausalGraph, Edge, Node
from attribution.model.manifest import ARROW, Decision

_DECIDED = ("confirmed", "rejected", "contested")
_BY_RULES = ("factors", "tests")


def describe_standing(graph: CausalGraph) -> dict[str, dict[str, list[str]]]:
    """Return, by node, the factor codes and the tests (`cause->effect`) of the finding about it."""
    found = {
        finding.nodes[0]: {
            "factors": list(finding.factors),
            "tests": [ARROW.join((edge.source, edge.target)) for edge in finding.tests],
        }
        for finding in graph.findings
        if finding.nodes
    }
    return {node.id: found.get(node.id, {"factors": [], "tests": []}) for node in graph.nodes}


def find_decision(
    subject: str, fields: Mapping[str, Any], known: Node | Edge | None, by: str, because: str
) -> Decision | None:
    """Return the decision that a drawn status comes to, None where the case has it or has none.

    `by` decides where the drawing does not say who did.
    """
    status, confirmed_by = fields.get("status"), fields.get("confirmed_by")
    if status not in _DECIDED or (known is not None and known.status == status):
        return None
    if status == "confirmed" and is_by_record(confirmed_by):
        return None
    person = by if confirmed_by is None else name_of(confirmed_by)
    return Decision(subject, status, person, None, because)


def list_untaken(
    subject: str,
    fields: Mapping[str, Any],
    known: Node | Edge | None,
    standing: Mapping[str, list[str]],
) -> Iterator[str]:
    """Yield what is drawn and cannot be taken from a drawing, a sentence each."""
    by: str | None = fields.get("confirmed_by")
    held = None if known is None else known.confirmed_by
    if by is not None and is_by_record(by) and by != held:
        yield f"{subject}: that a record confirms it ({name_of(by)}) is for the record to show"
    for name in _BY_RULES:
        if fields.get(name) and list(fields[name]) != standing.get(name, []):
            yield f"{subject}: its {name} ({', '.join(fields[name])}) are for a rule to find"
