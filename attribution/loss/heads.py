"""The heads of loss as tables: what each asks for, its formulas, and what those rest on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"
INTERRUPTION = "interruption"
"""In a pair of heads: whichever measure of the interruption counts."""


@dataclass(frozen=True, slots=True)
class InputForm:
    """What a head asks for; `default` stands where it is left out, None where nothing does."""

    name: str
    unit: str
    what: str
    required: bool = False
    signed: bool = False
    default: Decimal | None = None
    from_timeline: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One formula of a step, used where all it needs is given; "" where the step falls away."""

    needs: tuple[str, ...]
    formula: str
    source: str


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step: the first variant whose needs are met computes it.

    `of_a_whole` says that it is per cent of something, above 0 and at most 100.
    """

    name: str
    title: str
    unit: str
    variants: tuple[Variant, ...]
    of_a_whole: bool = False


@dataclass(frozen=True, slots=True)
class HeadForm:
    """A head that goes by a formula; its last step is its amount.

    `phased` has a step for each phase, `timed` is allotted to phases by their hours, `waits` has a
    waiting period.
    """

    id: str
    title: str
    prefix: str
    what: str
    inputs: tuple[InputForm, ...]
    steps: tuple[StepForm, ...]
    measures_interruption: bool = False
    phased: bool = False
    timed: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class CostForm:
    """A head that is a sum of items."""

    id: str
    title: str
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a formula rests on, and what was read of it when."""

    id: str
    title: str
    url: str
    read: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two heads that may have the same money in them."""

    heads: tuple[str, str]
    question: str


@dataclass(frozen=True, slots=True)
class LossTable:
    """Everything the tables hold."""

    heads: Mapping[str, HeadForm]
    costs: Mapping[str, CostForm]
    schedules: CostForm
    avoidable: CostForm
    sources: Mapping[str, Source]
    pairs: tuple[Pair, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the heads that measure one interruption in several ways: one of them counts."""
        return tuple(head.id for head in self.heads.values() if head.measures_interruption)

    def title(self, head: str) -> str:
        """Return the title of a head of any kind; KeyError for an unknown one."""
        if head == SCHEDULES:
            return self.schedules.title
        return self.heads[head].title if head in self.heads else self.costs[head].title


SCHEDULES = "service_credits"


@cache
def load_table() -> LossTable:
    """Return the tables shipped with the program."""
    document = tomllib.loads((FOLDER / "heads.toml").read_text(encoding="utf-8"))
    overlaps = tomllib.loads((FOLDER / "overlaps.toml").read_text(encoding="utf-8"))
    return LossTable(
        heads={name: _head(name, entry) for name, entry in document["heads"].items()},
        costs={name: CostForm(id=name, **entry) for name, entry in document["costs"].items()},
        schedules=CostForm(id=SCHEDULES, **document["schedules"]),
        avoidable=CostForm(id="avoidable", what="", **document["avoidable"]),
        sources={
            name: Source(name, entry["title"], entry.get("url", ""), entry["read"])
            for name, entry in document["sources"].items()
        },
        pairs=tuple(
            Pair((entry["heads"][0], entry["heads"][1]), entry["question"])
            for entry in overlaps["pairs"]
        ),
    )


def _head(name: str, entry: Mapping[str, Any]) -> HeadForm:
    flags = ("measures_interruption", "phased", "timed", "waits")
    return HeadForm(
        id=name,
        title=entry["title"],
        prefix=entry["prefix"],
        what=entry["what"],
        inputs=tuple(_input(key, form) for key, form in entry["inputs"].items()),
        steps=tuple(_step(key, form) for key, form in entry["steps"].items()),
        **{flag: entry.get(flag, False) for flag in flags},
    )


def _input(name: str, entry: Mapping[str, Any]) -> InputForm:
    default = entry.get("default")
    return InputForm(
        name=name,
        unit=entry["unit"],
        what=entry["what"],
        required=entry.get("required", False),
        signed=entry.get("signed", False),
        default=None if default is None else Decimal(default),
        from_timeline=entry.get("from") == "timeline",
    )


def _step(name: str, entry: Mapping[str, Any]) -> StepForm:
    variants = tuple(
        Variant(
            tuple(variant.get("needs", ())),
            variant["formula"],
            variant.get("source", entry["source"]),
        )
        for variant in entry["formulas"]
    )
    return StepForm(name, entry["title"], entry["unit"], variants, entry.get("of_a_whole", False))
