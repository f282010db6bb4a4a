"""Rival hypotheses side by side: what each explains, and what would tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from attribution.model.interval import Interval
from attribution.model.lead import Lead
from attribution.model.record import JsonValue

MARKS: Final = MappingProxyType(
    {
        "has_to": (2, "++", "it has to happen"),
        "accounts": (1, "+", "in the likeliest course of events it happens"),
        "assumed": (0, "=", "the hypothesis takes it as given"),
        "no_bearing": (0, "·", "the hypothesis says nothing of it"),
        "unexpected": (-1, "-", "in the likeliest course of events it does not happen"),
        "cannot": (-2, "--", "it cannot have happened"),
    }
)
"""What a hypothesis makes of an observation: rank, sign and meaning."""

ORIGINS: Final = MappingProxyType(
    {
        "declared": "declared in case.yaml",
        "alternative": "a cause that the graph has as one of several",
        "position": "a party's version of the facts",
        "residual": "what no record shows",
    }
)
"""Where a hypothesis comes from."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one hypothesis makes of one observation.

    `mark` is a key of `MARKS`; `likelihood` how probable the hypothesis makes it, None where it
    says nothing or takes it as given.
    """

    mark: str
    likelihood: Interval | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return mark and likelihood."""
        return {
            "mark": self.mark,
            "likelihood": None if self.likelihood is None else list(self.likelihood.to_list()),
        }


@dataclass(frozen=True, slots=True)
class Observation:
    """A row of the matrix: something observed or recorded, with a cell for each hypothesis.

    `kind` is `observed` for what the case takes as having happened, and `recorded` for a fact that
    evidence speaks for and that some hypothesis denies or assumes. `diagnosticity` is how far apart
    the ranks of the hypotheses are that say something of it, 0 to 4: at 0 it tells none apart.
    """

    node: str
    statement: str
    kind: str
    evidence: tuple[str, ...]
    cells: Mapping[str, Cell]
    diagnosticity: int

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the row."""
        return {
            "node": self.node,
            "statement": self.statement,
            "kind": self.kind,
            "evidence": list(self.evidence),
            "cells": {name: cell.to_dict() for name, cell in self.cells.items()},
            "diagnosticity": self.diagnosticity,
        }


@dataclass(frozen=True, slots=True)
class RivalHypothesis:
    """One hypothesis and what it comes to.

    `explains`, `unexplained` and `contradicted_by` are nodes of the rows. `ruled_out` says which
    dates or facts leave it no way to be true. `likelihood` is how probable it makes all that was
    observed together: a range over the credences, and not the probability of the hypothesis. Its
    ends are outer bounds: the true range lies within. Where it was not `computed`, nothing is known
    of what it explains.
    """

    id: str
    title: str
    statement: str
    origin: str
    held_by: str | None
    holds: Mapping[str, int]
    evidence: tuple[str, ...]
    explains: tuple[str, ...]
    unexplained: tuple[str, ...]
    contradicted_by: tuple[str, ...]
    ruled_out: str | None
    likelihood: Interval | None
    computed: bool = True

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the hypothesis."""
        return {
            "id": self.id,
            "title": self.title,
            "statement": self.statement,
            "origin": self.origin,
            "held_by": self.held_by,
            "holds": dict(self.holds),
            "evidence": list(self.evidence),
            "explains": list(self.explains),
            "unexplained": list(self.unexplained),
            "contradicted_by": list(self.contradicted_by),
            "ruled_out": self.ruled_out,
            "computed": self.computed,
            "likelihood_bounds": "outer",
            "likelihood": None if self.likelihood is None else list(self.likelihood.to_list()),
        }


@dataclass(frozen=True, slots=True)
class Discriminator:
    """A fact not observed that hypotheses disagree on, and which records would show it.

    `values` are `true`, `false`, `likely true`, `likely false` or `open` by hypothesis.
    """

    node: str
    statement: str
    values: Mapping[str, str]
    refuted_by: str
    look_in: tuple[Lead, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the fact with its value under each hypothesis, and where to look."""
        return {
            "node": self.node,
            "statement": self.statement,
            "values": dict(self.values),
            "refuted_by": self.refuted_by,
            "look_in": [lead.to_dict() for lead in self.look_in],
        }


@dataclass(frozen=True, slots=True)
class HypothesisMatrix:
    """The hypotheses, those with least against them first; the rows, the most telling first.

    `limits` are sentences on what was left out or could not be computed.
    """

    hypotheses: tuple[RivalHypothesis, ...] = ()
    observations: tuple[Observation, ...] = ()
    discriminators: tuple[Discriminator, ...] = ()
    limits: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution hypotheses --json`."""
        return {
            "hypotheses": [one.to_dict() for one in self.hypotheses],
            "observations": [row.to_dict() for row in self.observations],
            "discriminators": [one.to_dict() for one in self.discriminators],
            "limits": list(self.limits),
        }
