"""The parties, who acted for them, and what each of them owed, with the source of the duty."""

from __future__ import annotations

from attribution.model.actor import Actor
from attribution.report.blocks import Block, Inlines, Paragraph, Row, Table, join, text
from attribution.report.view import NONE, View


def build_parties(view: View) -> list[Block]:
    """Return the parties with their roles and actors, the duties and the policies in force."""
    manifest = view.analysis.manifest
    blocks: list[Block] = [
        view.section("parties"),
        Paragraph(view.wording.runs("parties.intro")),
        _parties(view),
    ]
    known = [actor for actor in view.analysis.actors if actor.party or actor.kind != "unknown"]
    if known:
        blocks.append(_actors(view, known))
    others = len(view.analysis.actors) - len(known)
    if others:
        blocks.append(Paragraph(view.wording.runs("parties.other_names", count=others), "small"))
    if view.duties:
        blocks.append(_duties(view))
    if manifest.policies:
        blocks.append(_policies(view))
    return blocks


def _parties(view: View) -> Table:
    rows = []
    for party in view.analysis.manifest.parties:
        answered = view.party(party.answered_for_by) if party.answered_for_by else NONE
        actors = [actor.name for actor in view.analysis.actors if actor.party == party.id]
        rows.append(
            Row(
                (
                    text(party.name, "strong"),
                    text(view.role(party.id)),
                    text(", ".join(actors) or NONE),
                    text(answered),
                )
            )
        )
    columns = "party:text:2 role:text:1.2 actors:text:2.4 answered:text:1.6"
    return view.table("parties.table", columns, rows)


def _actors(view: View, actors: list[Actor]) -> Table:
    rows = []
    for actor in actors:
        names: dict[str, list[str]] = {}
        for alias in actor.aliases:
            ground = view.wording.term("alias_grades", alias.grade)
            names.setdefault(f"{ground}: {alias.basis}", []).append(alias.name)
        aliases: list[Inlines] = [
            (*text(", ".join(group)), *text(f" ({basis})", "small"))
            for basis, group in names.items()
        ]
        rows.append(
            Row(
                (
                    text(actor.name),
                    text(view.wording.term("actor_kinds", actor.kind)),
                    text(view.party(actor.party)),
                    join(aliases, "\n") if aliases else text(NONE),
                )
            )
        )
    columns = "actor:text:1.4 kind:text:1 party:text:1.4 aliases:text:3"
    return view.table("parties.actors", columns, rows)


def _duties(view: View) -> Table:
    unmet = {node.duty for node in view.analysis.graph.nodes if node.duty}
    rows = []
    for duty in view.analysis.graph.duties:
        breaches = [node for node in view.analysis.graph.nodes if node.duty == duty.id]
        state: Inlines = (
            join([view.node_link(node.id) for node in breaches], "\n")
            if duty.id in unmet
            else text(view.wording.text("parties.no_breach"))
        )
        rows.append(
            Row(
                (
                    text(duty.statement),
                    text(", ".join(view.party(owner) for owner in duty.owed_by.split(", "))),
                    text(duty.source),
                    text(duty.compliance or NONE),
                    state,
                ),
                view.anchor("duty", duty.id),
            )
        )
    columns = "duty:text:2.2 owed_by:text:1.3 source:text:1.7 compliance:text:1.8 unmet:text:2.2"
    return view.table("parties.duties", columns, rows)


def _policies(view: View) -> Table:
    rows = []
    for policy in view.analysis.manifest.policies:
        enforced = "parties.enforced" if policy.enforced else "parties.not_enforced"
        rows.append(
            Row(
                (
                    text(policy.text),
                    text(view.wording.term("controls", policy.demands)),
                    text(view.wording.text(enforced)),
                    text(policy.source or NONE),
                    view.references(policy.evidence),
                )
            )
        )
    columns = (
        "policy:text:2.6 demands:text:1.4 enforced:text:1.2 source:text:1.4 evidence:reference:1.2"
    )
    return view.table("parties.policies", columns, rows)
