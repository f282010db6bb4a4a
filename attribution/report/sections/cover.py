"""Clause by clause: what each turns on, the fact and its evidence, and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from attribution.model.cover import OPEN, ClauseFinding, Cover
from attribution.model.policy import CLAUSE_KINDS, Clause
from attribution.report.blocks import Block, Bullets, Heading, Inlines, Paragraph, Row, join, text
from attribution.report.money import regroup
from attribution.report.view import NONE, View


def build_cover(view: View) -> list[Block]:
    """Return the clause-to-fact table of each policy, its forms, and what a reader must know."""
    blocks: list[Block] = [view.section("cover"), Paragraph(view.wording.runs("cover.intro"))]
    if not view.analysis.cover:
        return [*blocks, Paragraph(view.wording.runs("claim.no_policy"))]
    for cover in view.analysis.cover:
        blocks.append(Paragraph(text(f"{cover.policy.title} ({cover.policy.id})", "strong")))
        rows = [row for kind in CLAUSE_KINDS for row in _rows(view, cover, kind)]
        columns = "clause:text:2.3 status:text:0.9 fact:text:3.4 evidence:reference:1.4"
        blocks.append(view.table("cover.clauses", columns, rows))
        if cover.policy.forms:
            blocks.append(_forms(view, cover))
        blocks += [
            policy_heading(view, "cover.limits", cover),
            Bullets(tuple(text(regroup(limit)) for limit in cover.limits)),
        ]
    return blocks


def policy_heading(view: View, key: str, cover: Cover) -> Heading:
    """Return the heading of a part about one policy, with an anchor of its own."""
    anchor = view.anchor("part", f"{key}-{cover.policy.id}")
    return replace(view.subsection(key), anchor=anchor)


def policy_lines(view: View, cover: Cover) -> list[Block]:
    """Return which policy the following is about; nothing where there is but one."""
    if len(view.analysis.cover) == 1:
        return []
    return [Paragraph(text(f"{cover.policy.title} ({cover.policy.id})", "strong"))]


def _rows(view: View, cover: Cover, kind: str) -> Iterator[Row]:
    clauses = cover.policy.of_kind(kind)
    if clauses:
        title = text(view.wording.term("clause_kinds", kind), "strong")
        yield Row((title, text(""), text(""), text("")), style="group")
    for clause in clauses:
        finding = cover.finding(clause.id)
        yield Row(
            (
                _clause(clause),
                text(view.wording.term("clause_statuses", finding.answer.status), "strong"),
                _fact(view, finding),
                _evidence(view, finding),
            ),
            view.anchor("clause", clause.id),
        )


def _clause(clause: Clause) -> Inlines:
    head = (*text(f"{clause.id} ", "strong"), *text(clause.title, "strong"))
    form = text(f"\n{clause.form}", "small") if clause.form else ()
    return (*head, *text(f"\n{clause.turns_on}"), *form)


def _fact(view: View, finding: ClauseFinding) -> Inlines:
    answer = finding.answer
    parts: list[Inlines] = [text(answer.because)]
    parts += [text(f"– {side}") for side in answer.positions]
    if answer.settles:
        parts.append(view.wording.runs("cover.settles", what=answer.settles))
    if finding.is_assumed:
        parts.append(view.wording.runs("cover.nothing"))
    if finding.decided_by is not None:
        at = NONE if finding.decided_at is None else view.time(finding.decided_at)
        parts.append(view.wording.runs("cover.decided", by=finding.decided_by, at=at))
    return join(parts, "\n")


def _evidence(view: View, finding: ClauseFinding) -> Inlines:
    """Return what is cited; a fact without a record is one that a file declares."""
    if finding.answer.evidence or finding.answer.status == OPEN:
        return view.references(finding.answer.evidence)
    return text(view.wording.text("cover.declared"), "small")


def _forms(view: View, cover: Cover) -> Block:
    attached = {True: "yes", False: "no", None: "unknown"}
    rows = [
        Row(
            (
                text(form.id, "strong"),
                text(form.title),
                text(view.wording.text(f"cover.attached.{attached[form.attached]}")),
                text(NONE if form.verified_on is None else form.verified_on.isoformat()),
                text(form.confidence),
                text(form.source),
            )
        )
        for form in cover.policy.forms
    ]
    columns = (
        "form:text:1.2 title:text:2.4 attached:text:0.8 verified:text:1 confidence:text:1"
        " source:text:2.4"
    )
    return view.table("cover.forms", columns, rows)


def build_evidence_index(view: View) -> list[Block]:
    """Return each evidence item with what rests on it: clauses, heads of loss, recovery."""
    uses: dict[str, list[str]] = {item.id: [] for item in view.analysis.evidence}
    for cover in view.analysis.cover:
        named = [(finding.clause, finding.answer.evidence) for finding in cover.findings]
        named += [(head.id, head.evidence) for head in cover.heads]
        named += [(target.name, target.evidence) for target in cover.recovery]
        for name, cited in named:
            for item in dict.fromkeys(one.partition("#")[0] for one in cited):
                uses.setdefault(item, []).append(name)
    rows = [
        Row(
            (
                view.evidence_link(item.id),
                text(item.path, "code"),
                text(", ".join(dict.fromkeys(uses[item.id])) or NONE),
            )
        )
        for item in view.analysis.evidence
    ]
    return [
        view.section("evidence_index"),
        Paragraph(view.wording.runs("evidence_index.intro")),
        view.table("evidence_index.table", "evidence:reference:0.6 path:code:2 uses:text:3", rows),
    ]
