"""Rule `identity`: one name on several platforms, which alone joins nobody to anybody.

What it looks for:
    A name that accounts of several platforms bear, or that users of an assumed role chose for
    their sessions, where no record states that it is one person's: no e-mail address in both
    profiles, no single-sign-on mapping, no declaration in `case.yaml`.

What it adds:
    One finding a name, and no node: that they are kept apart. Whoever rejects it says that they are
    one, and the case is computed anew with one actor.

The counterfactual answer and why:
    None. Who somebody is causes nothing.

When it is wrong:
    People often take the same name everywhere. A name can be taken by anybody, which is why it
    proves nothing alone.

Example:
    A reviewer `sam` on GitHub and a writer `sam` in the chat.

Sources:
    NIST SP 800-63-4, Digital Identity Guidelines (identifiers are unique within one service).
"""

from __future__ import annotations

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts
from attribution.graph.rules.rule import Rule
from attribution.model.graph import Finding
from attribution.model.homonym import Homonym


def apply(facts: Facts, draft: Draft) -> None:
    """Add a finding for each name that is several platforms' and, as far as is known, nobody's."""
    for homonym in facts.homonyms:
        actors = [facts.actor(name) for name in homonym.spellings.values()]
        tied = actors[0] is not None and all(actor == actors[0] for actor in actors)
        if homonym.joined or not tied:
            draft.add_finding(
                Finding(
                    id=homonym.id,
                    rule=RULE.id,
                    version=RULE.version,
                    statement=_state(homonym),
                    status="proposed",
                    evidence=homonym.references,
                    refuted_by=RULE.refuted_by,
                )
            )


def _state(homonym: Homonym) -> str:
    names = ", ".join(f"“{name}”" for name in homonym.spellings.values())
    return (
        f"The name {homonym.name} stands for accounts of {' and '.join(homonym.spellings)}; no"
        f" record states that they are one person's, so they are kept apart, as {names}."
    )


RULE = Rule(
    id="identity",
    version=1,
    title="One name on several platforms",
    refuted_by="a record that ties the accounts: an address in both, a single-sign-on mapping",
    apply=apply,
)
