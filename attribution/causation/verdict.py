"""What is found of actual causes: each with its witness, all of them, or the verdict on a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """One actual cause with its values, the contrast and the contingency that show it."""

    variables: Mapping[str, int]
    contrast: Mapping[str, int]
    witness: Mapping[str, int]
    but_for: bool
    degree: Fraction

    def to_dict(self) -> dict[str, Any]:
        """Return the cause as `attribution causes --json` prints it."""
        return {
            "variables": dict(self.variables),
            "contrast": dict(self.contrast),
            "witness": dict(self.witness),
            "but_for": self.but_for,
            "degree": format_degree(self.degree),
        }


@dataclass(frozen=True, slots=True)
class Causes:
    """The actual causes, smallest first, and each candidate's degree of responsibility.

    Where `complete` is false, `reason` says what stopped the enumeration; the causes are all
    those of the sizes before it stopped and some of the last, and `part_of_cause` has only
    variables whose degree no further cause can change.
    """

    definition: str
    effect_holds: bool
    actual: Mapping[str, int]
    causes: tuple[Cause, ...]
    part_of_cause: Mapping[str, Fraction]
    complete: bool
    reason: str | None
    method: str

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --json` prints."""
        document: dict[str, Any] = {
            "definition": self.definition,
            "effect_holds": self.effect_holds,
            "actual": dict(self.actual),
            "causes": [cause.to_dict() for cause in self.causes],
            "part_of_cause": {
                name: format_degree(degree) for name, degree in self.part_of_cause.items()
            },
            "complete": self.complete,
        }
        if self.reason is not None:
            document["reason"] = self.reason
        return document


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one set of variables is a cause, by each clause of the definition.

    `cause` has the witness where AC1 and AC2 hold.
    """

    definition: str
    variables: Mapping[str, int]
    ac1: bool
    ac2: bool
    ac3: bool
    cause: Cause | None

    @property
    def is_cause(self) -> bool:
        """Return whether all three clauses hold."""
        return self.ac1 and self.ac2 and self.ac3

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `attribution causes --cause ... --json` prints."""
        document = {
            "definition": self.definition,
            "is_cause": self.is_cause,
            "ac1": self.ac1,
            "ac2": self.ac2,
            "ac3": self.ac3,
            "variables": dict(self.variables),
        }
        if self.cause is not None:
            document |= {
                key: value for key, value in self.cause.to_dict().items() if key != "variables"
            }
            if not self.is_cause:
                del document["degree"]
        return document


def format_degree(degree: Fraction) -> str:
    """Return the fraction as text, "1/2", and "0" for zero."""
    return f"{degree.numerator}/{degree.denominator}" if degree else "0"
