"""The anchors of a document: what its links can lead to."""

from __future__ import annotations

from attribution.report.blocks import (
    Bullets,
    Document,
    Figure,
    Heading,
    Inlines,
    Link,
    Notice,
    Paragraph,
    Table,
)


def collect_anchors(document: Document) -> frozenset[str]:
    """Return every anchor that a heading, paragraph, figure, table or row of the document has."""
    found: set[str | None] = set()
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph | Figure):
            found.add(block.anchor)
        elif isinstance(block, Table):
            found.add(block.anchor)
            found |= {row.anchor for row in block.rows}
    return frozenset(anchor for anchor in found if anchor)


def collect_links(document: Document) -> frozenset[str]:
    """Return every anchor that a run of text of the document links to."""
    runs: list[Inlines] = []
    for block in document.blocks:
        if isinstance(block, Paragraph | Notice):
            runs.append(block.runs)
        elif isinstance(block, Bullets):
            runs += block.entries
        elif isinstance(block, Table):
            runs += [cell for row in block.rows for cell in row.cells]
    return frozenset(run.target for part in runs for run in part if isinstance(run, Link))
