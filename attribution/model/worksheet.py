"""The culpability worksheet: what the records show of how blameworthy each breach was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.model.interval import Interval
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class FactorSource:
    """A source that names a factor, how sure that is, and when it was held against its text."""

    text: str
    confidence: str
    verified_on: str | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the source by field."""
        return {
            "text": self.text,
            "confidence": self.confidence,
            "verified_on": self.verified_on,
        }


@dataclass(frozen=True, slots=True)
class Grade:
    """How a breach stands on one factor: the level, what it moves, why, and on what evidence.

    `moves` are added to 1 for the low and the high end of the suggested range. `visible` is whether
    the records show it; where not, it moves nothing.
    """

    factor: str
    title: str
    level: str
    says: str
    moves: tuple[float, float]
    reason: str
    evidence: tuple[str, ...]
    visible: bool
    sources: tuple[FactorSource, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the grade by field."""
        return {
            "factor": self.factor,
            "title": self.title,
            "level": self.level,
            "says": self.says,
            "moves": list(self.moves),
            "reason": self.reason,
            "evidence": list(self.evidence),
            "visible": self.visible,
            "sources": [dict(source.to_dict()) for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class BreachWorksheet:
    """One breach on all factors, with the range they suggest and what a person has entered.

    `suggested` is low and high of a factor in which 1 changes nothing; it is entered nowhere.
    `entered` is the value in force, None while nobody has entered one.
    """

    node: str
    statement: str
    party: str
    duty: str
    grades: tuple[Grade, ...]
    suggested: tuple[float, float]
    entered: Interval | None = None
    entered_by: str = ""
    entered_at: str | None = None
    because: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution culpability --json`."""
        entry: JsonValue = None
        if self.entered is not None:
            entry = {
                "value": dict(self.entered.to_dict()),
                "by": self.entered_by,
                "at": self.entered_at,
                "because": self.because,
            }
        return {
            "node": self.node,
            "statement": self.statement,
            "party": self.party,
            "duty": self.duty,
            "grades": [grade.to_dict() for grade in self.grades],
            "suggested": {"low": self.suggested[0], "high": self.suggested[1]},
            "entered": entry,
        }


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The worksheet of a case, and the shares with and without the second axis.

    `without` are each party's shares with every culpability at 1; equal to the shares where nobody
    has entered one, None where none are computed.
    """

    breaches: tuple[BreachWorksheet, ...] = ()
    without: Mapping[str, Interval] | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution culpability --json`."""
        without: JsonValue = None
        if self.without is not None:
            without = {name: dict(share.to_dict()) for name, share in self.without.items()}
        return {
            "breaches": [breach.to_dict() for breach in self.breaches],
            "shares_without_culpability": without,
        }
