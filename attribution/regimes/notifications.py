"""What a report to an authority must say, by the table `notifications.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
    from ruamel.yaml import YAML

    table = YAML(typ="safe", pure=True).load(TABLE.read_text("utf-8"))
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


def _block(entry: str | Mapping[str, Any], common: Mapping[str, Any]) -> TemplateBlock:
    row = common[entry] | {"id": entry} if isinstance(entry, str) else entry
    return TemplateBlock(row["id"], row["title"], row.get("fill"))
