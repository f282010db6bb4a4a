"""Figures named one after another: what is entered, and what is computed from those before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from attribution.loss.formula import Scope, compute, is_signed, list_names
from attribution.model.declared_loss import Estimate
from attribution.model.loss import CreditTier, LossFigure, Range

CENTS = 2


class NotComputed(Exception):  # noqa: N818 - an outcome told to the reader, not a failure
    """A head that cannot be computed from what is given; its text says why and what to give."""


@dataclass(slots=True)
class Worksheet:
    """The figures of one assessment, in the order in which they can be computed."""

    figures: dict[str, LossFigure] = field(default_factory=dict)
    tiers: dict[str, tuple[CreditTier, ...]] = field(default_factory=dict)
    _values: dict[str, Range] = field(default_factory=dict)
    _signed: set[str] = field(default_factory=set)

    @property
    def scope(self) -> Scope:
        """Return what the names of a formula stand for, as far as the sheet is filled."""
        return Scope(self._values, frozenset(self._signed), self.tiers)

    def enter(
        self, name: str, head: str, title: str, unit: str, given: Estimate, *, signed: bool = False
    ) -> str:
        """Add what was entered, and return its name."""
        self._add(
            LossFigure(
                name,
                head,
                title,
                unit,
                given.value,
                evidence=given.evidence,
                note=given.note,
                signed=signed,
            )
        )
        return name

    def work_out(
        self,
        name: str,
        head: str,
        title: str,
        unit: str,
        formula: str,
        *,
        source: str,
        places: int | None = None,
    ) -> Range:
        """Add a step, computed from figures before it. Raises NotComputed for a division by 0."""
        rounded = CENTS if unit == "money" else places
        try:
            value = compute(formula, self.scope, rounded)
        except ZeroDivisionError:
            raise NotComputed(
                f"{title}: a figure that is divided by can be 0 ({formula})"
            ) from None
        self._add(
            LossFigure(
                name,
                head,
                title,
                unit,
                value,
                formula=formula,
                places=rounded,
                source=source,
                signed=is_signed(formula, self.scope),
            )
        )
        return value

    def drop(self, head: str) -> None:
        """Take out the figures of a head that could not be computed to its end."""
        for name in [name for name, figure in self.figures.items() if figure.head == head]:
            self.forget(name)

    def forget(self, name: str) -> None:
        """Take out one figure."""
        del self.figures[name], self._values[name]
        self._signed.discard(name)

    def list_unused(self) -> tuple[LossFigure, ...]:
        """Return what was entered and no formula is over."""
        used = {
            name
            for figure in self.figures.values()
            if figure.formula
            for name in list_names(figure.formula)
        }
        return tuple(
            figure
            for figure in self.figures.values()
            if not figure.formula and figure.name not in used
        )

    def _add(self, figure: LossFigure) -> None:
        self.figures[figure.name] = figure
        self._values[figure.name] = figure.value
        if figure.signed:
            self._signed.add(figure.name)


def rename(formula: str, names: Mapping[str, str]) -> str:
    """Return a formula over other names."""
    return re.sub(r"[A-Za-z_]\w*", lambda match: names.get(match[0], match[0]), formula)
