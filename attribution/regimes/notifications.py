"""What a report to an authority must say, by the table `notifications.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.model.reporting import BlockEntry
from attribution.tablefile import read_table

COMMON = "common"
"""In place of a rule's id: whatever rule has the block."""

TABLE = Path(__file__).with_name("notifications.yaml")


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """One thing a report must say; `fill` names what fills it in, None where a person must."""

    id: str
    title: str
    fill: str | None


@dataclass(frozen=True, slots=True)
class NotificationTemplate:
    """The blocks of every report that one rule asks for, by the name of the step, with source."""

    rule: str
    reports: Mapping[str, tuple[TemplateBlock, ...]]
    source: str
    verified_on: str | None
    confidence: str


@cache
def load_notifications() -> Mapping[str, NotificationTemplate]:
    """Return the templates by the ids of their rules, in the table's order."""
    table = read_table(TABLE)
    return {
        rule: NotificationTemplate(
            rule,
            {
                name: tuple(_block(entry, table["blocks"]) for entry in entries)
                for name, entries in row["reports"].items()
            },
            row["source"],
            row["verified_on"],
            row["confidence"],
        )
        for rule, row in table["notifications"].items()
    }


def read_entries(entries: Iterable[BlockEntry]) -> dict[str, BlockEntry]:
    """Return what persons put into blocks, by `RULE.BLOCK` or `common.BLOCK`.

    Raises InputError for a block that no report has: what it says would be passed over.
    """
    known = {
        f"{rule}.{block.id}"
        for template in load_notifications().values()
        for blocks in template.reports.values()
        for block in blocks
        for rule in (template.rule, COMMON)
    }
    found = {}
    for number, entry in enumerate(entries):
        if entry.block not in known:
            near = get_close_matches(entry.block, sorted(known), n=5, cutoff=0.4)
            raise InputError(
                "no report to an authority has this block",
                file="case.yaml",
                place=f"reporting.entries[{number}].block",
                got=entry.block,
                expected=", ".join(near) or f"one of {len(known)} such as {min(known)}",
                remedy="the id stands under each block's title in the document for `regulator`",
            )
        found[entry.block] = entry
    return found


def _block(entry: str | Mapping[str, Any], common: Mapping[str, Any]) -> TemplateBlock:
    row = common[entry] | {"id": entry} if isinstance(entry, str) else entry
    return TemplateBlock(row["id"], row["title"], row.get("fill"))
