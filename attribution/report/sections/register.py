"""The register of evidence: what was taken in, from whom, when, and its hash."""

from __future__ import annotations

from attribution.report.blocks import Block, Inlines, Paragraph, Row, join, text
from attribution.report.view import NONE, View

_QUARTER = 16


def build_register(view: View) -> list[Block]:
    """Return every evidence item with its hash, and the Merkle root over them all."""
    blocks: list[Block] = [
        view.section("register"),
        Paragraph(view.wording.runs("register.intro")),
    ]
    root = view.analysis.merkle_root
    if root:
        blocks.append(
            Paragraph(
                view.wording.runs("register.root", root=text(root, "code")), anchor="merkle-root"
            )
        )
    rows = []
    for item in view.analysis.evidence:
        about: list[Inlines] = [text(item.path, "code")]
        if item.note:
            about.append(text(item.note))
        if item.synthetic:
            about.append(text(view.wording.text("register.synthetic"), "small"))
        hash_lines = "\n".join(
            item.sha256[at : at + _QUARTER] for at in range(0, len(item.sha256), _QUARTER)
        )
        collected = NONE if item.collected is None else view.time(item.collected)
        rows.append(
            Row(
                (
                    text(item.id, "strong"),
                    join(about, "\n"),
                    text(item.format),
                    text(f"{item.size:,}".replace(",", " ")),
                    *(() if view.learning else (text(item.custodian or NONE),)),
                    text(collected),
                    text(hash_lines, "code"),
                ),
                view.anchor("evidence", item.id),
            )
        )
    custodian = "" if view.learning else "custodian:text:1.2 "
    columns = (
        f"evidence:text:0.9 what:text:3.1 format:text:1.1 size:number:0.8 {custodian}"
        "collected:time:1.3 sha256:code:1.7"
    )
    return [*blocks, view.table("register.table", columns, rows)]
