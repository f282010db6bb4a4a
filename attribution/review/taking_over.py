"""What confirming a text's proposal asks for beside the decision itself."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from attribution.model.manifest import Claim
from attribution.model.proposal import USUAL

if TYPE_CHECKING:
    from attribution.model.graph import CausalGraph
    from attribution.model.manifest import Decision
    from attribution.model.proposal import Proposal
    from attribution.schema.editor import ManifestEditor

_ANSWERED = {
    "needed": "as something its effect needed",
    "enough": "as something that would have sufficed for its effect",
}


def carry_out(editor: ManifestEditor, decision: Decision, graph: CausalGraph) -> str:
    """Do what confirming a text's proposal asks for beside the decision; return it in a sentence.

    A claim is put under `claims`, where positions hold it true or false. Any other decision asks
    for nothing, and gives an empty text.
    """
    proposal = next((one for one in graph.proposals if one.id == decision.on), None)
    if proposal is None or decision.status != "confirmed":
        return ""
    if proposal.kind == "claim":
        claim = _claim(editor, proposal)
        editor.add_claim(claim)
        return f"It stands under `claims` in case.yaml, as {claim.id}."
    if not proposal.is_cause:
        return "No equation changes."
    answer = decision.answer or USUAL[proposal.relation]
    return f"It enters the equation of {decision.effect or proposal.target} {_ANSWERED[answer]}."


def _claim(editor: ManifestEditor, proposal: Proposal) -> Claim:
    known = {claim.id for claim in editor.manifest.claims}
    content = proposal.statement.partition(": ")[2]
    number = next(one for one in count(1) if f"C{one}" not in known)
    return Claim(
        id=f"C{number}",
        statement=f"It is not so: {content}" if proposal.value == 0 else content,
        asserted_by=proposal.accounts[0].party or "",
        node=proposal.source or "",
        value=0 if proposal.value == 0 else 1,
        evidence=proposal.evidence,
    )
