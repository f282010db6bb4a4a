"""The names that notes, traces and checkpoints give to tools, by the table `agents.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from attribution.provenance.markers import load_table


@dataclass(frozen=True, slots=True)
class ToolName:
    """A tool as it is called here; `shared` when people bear the name as well."""

    tool: str
    shared: bool


@cache
def _load_names() -> dict[str, ToolName]:
    rows = load_table()["names"]
    named = {row["name"]: ToolName(row["tool"], row.get("shared", False)) for row in rows}
    own = {row["tool"] for row in rows}
    return {tool.casefold(): ToolName(tool, shared=False) for tool in own} | named


def find_name(name: str) -> ToolName | None:
    """Return the tool that records of agents call `name`, in any case; None where none is."""
    return _load_names().get(name.strip().casefold())
