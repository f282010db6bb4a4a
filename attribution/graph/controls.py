"""The controls and how often each would have worked, by the kind of defect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from attribution.graph.tablefile import read_table
from attribution.model.interval import Interval

TYPES = ("prevent", "detect", "limit", "recover")
"""What a control does: before the act, before the harm, to a part of it, after it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How often a control works against one kind of defect.

    `measured` is `partly`, `none found` or `not meant for it`, or says who set the range in
    case.yaml; `sources` are ids of `sources.load_sources`.
    """

    range: Interval
    measured: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A barrier and how often, in place, it would have done what it is for.

    `effectiveness` is for a defect of unknown kind, the mixture of kinds that a control meets;
    `by_kind` has the range against each kind. `source` says what they rest on.
    """

    id: str
    title: str
    type: str
    effectiveness: Interval
    by_kind: Mapping[str, Effect]
    source: str
    sources: tuple[str, ...]

    @property
    def span(self) -> Interval:
        """Return the range over all kinds of defect, with the mixture's point."""
        ranges = [effect.range for effect in self.by_kind.values()]
        return Interval(
            min(item.low for item in ranges),
            self.effectiveness.point,
            max(item.high for item in ranges),
        )


@cache
def load_controls() -> Mapping[str, Control]:
    """Return the controls by their ids."""
    rows = read_table("controls")["controls"]
    return MappingProxyType({control: _control(control, row) for control, row in rows.items()})


@cache
def load_defect_kinds() -> Mapping[str, str]:
    """Return the kinds of defect, each with what it is."""
    return MappingProxyType(read_table("controls")["kinds"])


def _control(control: str, row: Mapping[str, Any]) -> Control:
    return Control(
        id=control,
        title=row["title"],
        type=row["type"],
        effectiveness=Interval(*row["effectiveness"]),
        by_kind=MappingProxyType(
            {
                kind: Effect(
                    Interval(*effect["range"]), effect["measured"], tuple(effect.get("sources", ()))
                )
                for kind, effect in row["by_kind"].items()
            }
        ),
        source=row["source"],
        sources=tuple(row["sources"]),
    )
