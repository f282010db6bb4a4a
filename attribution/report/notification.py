"""Draft notifications: for each report that is owed or may be, its blocks, filled in or a gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.model.record import JsonValue
from attribution.model.reporting import BlockEntry
from attribution.regimes.case_clocks import CaseClocks
from attribution.regimes.deadlines import Clock, DueStep
from attribution.regimes.notifications import (
    COMMON,
    NotificationTemplate,
    TemplateBlock,
    load_notifications,
    read_entries,
)
from attribution.report.blocks import Inlines, plain, text
from attribution.report.fillers import Draft, fill_block
from attribution.report.view import View


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """One block: content, evidence, who put it there (None: the case). No content is a gap."""

    block: TemplateBlock
    content: Inlines | None
    evidence: tuple[str, ...] = ()
    by: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the block as JSON; `text` is None for a gap."""
        return {
            "id": self.block.id,
            "title": self.block.title,
            "text": None if self.content is None else plain(self.content),
            "evidence": list(self.evidence),
            "entered_by": self.by,
        }


@dataclass(frozen=True, slots=True)
class Notification:
    """The draft of one report."""

    clock: Clock
    step: DueStep
    template: NotificationTemplate
    blocks: tuple[DraftBlock, ...]

    @property
    def gaps(self) -> int:
        """Return how many blocks a person must still fill in."""
        return sum(block.content is None for block in self.blocks)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the draft as JSON."""
        return {
            "regime": self.clock.deadline.id,
            "report": self.step.name,
            "due": None if self.step.due is None else dict(self.step.due.to_dict()),
            "blocks": [block.to_dict() for block in self.blocks],
            "source": self.template.source,
            "verified_on": self.template.verified_on,
        }


def draft_notifications(view: View, case: CaseClocks) -> tuple[Notification, ...]:
    """Return the draft of every report that is owed or may be, in the order of the table.

    Raises InputError for an entry into a block that no report has.
    """
    entries = read_entries(case.reporting.entries)
    found = []
    for clock in case.running:
        template = load_notifications()[clock.deadline.id]
        for step in clock.steps:
            draft = Draft(view, case, clock, step)
            blocks = tuple(_fill(draft, block, entries) for block in template.reports[step.name])
            found.append(Notification(clock, step, template, blocks))
    return tuple(found)


def _fill(draft: Draft, block: TemplateBlock, entries: Mapping[str, BlockEntry]) -> DraftBlock:
    """Return one block: what a person put there, else what the case has, else a gap."""
    own, common = f"{draft.clock.deadline.id}.{block.id}", f"{COMMON}.{block.id}"
    entry = entries.get(own) or entries.get(common)
    if entry is not None:
        return DraftBlock(block, text(entry.text), entry.evidence, entry.by)
    filled = fill_block(block.fill, draft) if block.fill else None
    if filled is None:
        return DraftBlock(block, None)
    return DraftBlock(block, filled.runs, filled.evidence)
