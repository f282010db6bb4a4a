"""Codes for what goes wrong with an AI agent, beside HFACS and STPA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from attribution.graph.tablefile import read_table


@dataclass(frozen=True, slots=True)
class Factor:
    """One code: what it is, where HFACS and STPA would file it, and what would show it.

    `hfacs` is the tier and the category nearest to it; `stpa` the type of unsafe control action and
    whose control it is; `unlike` the codes it is easily taken for; `sources` ids of
    `sources.load_sources`.
    """

    id: str
    title: str
    definition: str
    hfacs: tuple[str, str]
    stpa: tuple[str, str]
    shown_by: str
    unlike: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def load_factors() -> Mapping[str, Factor]:
    """Return the codes by their ids."""
    rows = read_table("factors")["factors"]
    return MappingProxyType({factor: _factor(factor, row) for factor, row in rows.items()})


@cache
def load_stpa_types() -> Mapping[str, str]:
    """Return the four types of unsafe control action, each with what it is."""
    return MappingProxyType(read_table("factors")["stpa_types"])


@cache
def load_hfacs_tiers() -> Mapping[str, str]:
    """Return the tiers of HFACS, each with its name."""
    return MappingProxyType(read_table("factors")["hfacs_tiers"])


def _factor(factor: str, row: Mapping[str, Any]) -> Factor:
    return Factor(
        id=factor,
        title=row["title"],
        definition=row["definition"],
        hfacs=(row["hfacs"]["tier"], row["hfacs"]["category"]),
        stpa=(row["stpa"]["type"], row["stpa"]["controller"]),
        shown_by=row["shown_by"],
        unlike=tuple(row["unlike"]),
        sources=tuple(row["sources"]),
    )
