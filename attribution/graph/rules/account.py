"""Rule `account`: what the texts of the case say about causes, as proposals outside the equations.

What it looks for:
    Sentences in chat, mail, status updates, notes, statements, reviews and agents' messages that
    say what brought about what (a table of connectives), what was lacking or did not work, what an
    actor of the case did that may do harm by itself, what somebody claimed, admitted or denied,
    and what was warned of before the first failure.

What it adds:
    Proposals, each with the sentence, its place and who says it: a cause with its effect, a factor
    without one, a party's claim, a warning. A side that clearly names a node of the graph is that
    node; other sides become nodes of the proposal in the sentence's own words. What several
    sentences say is one proposal with several accounts. A sentence that denies a cause speaks
    against it; one that speaks of what might be or is planned proposes nothing; order in time is
    never read as a cause.

The counterfactual answer and why:
    Open: somebody says so and nobody has tested it. No proposal is in an equation, so none moves a
    share, until a person confirms it and says whether the effect needed the cause or the cause
    sufficed for it. The credence is that of the kind of account: a party of itself, an AI agent,
    one statement, or independent witnesses.

When it is wrong:
    The writer was mistaken, or had an interest; the sentence is irony, or is of another incident;
    the side of a sentence was taken for a node that it does not mean.

Example:
    "Approval by two persons was got round because the role was broad." proposes that the broad role
    brought it about that approval was got round.

Sources:
    See `attribution/narrative/tables/connectives.yaml`; Sauri and Pustejovsky 2009, FactBank (who
    says so, denied, hedged); Turpin et al. 2023 (explanations that models give of themselves).
"""

from __future__ import annotations

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.rules.rule import Rule
from attribution.graph.tellings import Tellings


def apply(facts: Facts, draft: Draft) -> None:
    """Add what the texts put forward, the most relevant first, and what was left out."""
    narrative = facts.narrative
    if narrative is None or not narrative.passages:
        return
    tellings = Tellings(facts, draft, RULE.refuted_by)
    for said in narrative.sentences:
        tellings.take(said)
    draft.proposals, draft.texts = tellings.settle(narrative)


RULE = Rule(
    id="account",
    version=1,
    title="What texts say about causes",
    refuted_by="a record that shows otherwise, or its author taking it back",
    apply=apply,
)
