"""What the texts of the case say about causes: each with its sentence, its place and its state."""

from __future__ import annotations

from attribution.model.proposal import Account, Proposal
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, join, text
from attribution.report.view import NONE, View

_SENTENCES = 3


def build_texts(view: View) -> list[Block]:
    """Return the proposals of texts as a table, and what was left out; nothing without any."""
    graph = view.analysis.graph
    if not graph.proposals:
        return []
    blocks: list[Block] = [view.section("texts"), Paragraph(view.wording.runs("texts.intro"))]
    columns = "sentence:text:2.6 place:reference:1.2 who:text:1.2 proposes:text:2.4 status:text:1"
    blocks.append(view.table("texts.table", columns, [_row(view, one) for one in graph.proposals]))
    if graph.texts is not None:
        left = [
            text(view.wording.text("texts.left", count=view.number(count), why=why))
            for why, count in graph.texts.left_out
        ]
        notes = [text(f"{note[:1].upper()}{note[1:]}.") for note in graph.texts.notes]
        missed = [view.wording.runs("texts.missed")] if graph.texts.missed else []
        if entries := (*left, *notes, *missed):
            blocks += [Paragraph(view.wording.runs("texts.left_out")), Bullets(entries)]
    return blocks


def _row(view: View, proposal: Proposal) -> Row:
    said = proposal.accounts[:_SENTENCES]
    sentences: list[Inlines] = [text(f"“{account.text}”") for account in said]
    more = len(proposal.accounts) - len(said)
    if more:
        sentences.append(text(view.wording.text("texts.more", count=view.number(more)), "small"))
    who = dict.fromkeys(_who(view, account) for account in proposal.accounts)
    what = (
        text(proposal.statement)
        if proposal.kind in {"cause", "claim"}
        else view.wording.runs(f"texts.{proposal.relation}")
    )
    proposes = (*what, *_remarks(view, proposal))
    return Row(
        (
            join(sentences, "\n"),
            view.references(proposal.evidence),
            text("\n".join(who)),
            proposes,
            text(view.wording.term("statuses", proposal.status)),
        ),
        view.anchor("proposal", proposal.id),
    )


def _who(view: View, account: Account) -> str:
    name = NONE if account.speaker is None else view.actor(account.speaker)
    marks = []
    if account.against:
        marks.append(view.wording.text("texts.against"))
    if account.hedge:
        marks.append(view.wording.text("texts.hedged", word=account.hedge))
    return f"{name} ({', '.join(marks)})" if marks else name


def _remarks(view: View, proposal: Proposal) -> Inlines:
    """Return, in small print, the kind of evidence and what stands against it as a cause."""
    remarks = [] if view.learning else [view.wording.term("account_kinds", proposal.basis)]
    if proposal.obstacle is not None:
        remarks.append(proposal.obstacle)
    if proposal.status == "confirmed" and proposal.answer is not None:
        remarks.append(view.wording.term("answers", proposal.answer))
    return text(f"\n{'; '.join(remarks)}", "small") if remarks else ()
