"""How a change compares with those before it, and what in it a reviewer would have stopped at."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.record import JsonValue

FEWEST = 20
"""With fewer changes than this to compare with, no percentile is given."""

FIX = "fix"
"""The measure that is a yes or a no: it has no percentile worth telling."""

_DIGITS = 4
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a change beside the same measure of `of` changes before it.

    `below` of them have a lower value and `equal` the same. `value` is None where the measure is
    not defined for the change, and `of` counts only changes for which it is.
    """

    id: str
    dimension: str
    title: str
    meaning: str
    digits: int
    value: float | None
    below: int = 0
    equal: int = 0
    of: int = 0

    @property
    def percentile(self) -> float | None:
        """Return the percentile rank, 0 to 100: those below and half of those that are equal.

        None where the value is not defined or there are fewer than `FEWEST` changes. Source:
        Crawford, Garthwaite and Slick, On percentile norms in neuropsychology, The Clinical
        Neuropsychologist 23(7), 2009, definition C.
        """
        if self.value is None or self.of < FEWEST:
            return None
        return 100 * (self.below + self.equal / 2) / self.of

    @property
    def rank(self) -> str | None:
        """Return the percentile in words, rounded down: `99th`, `above all`; None for none."""
        percentile = self.percentile
        if percentile is None:
            return None
        if self.below == self.of:
            return "above all"
        if not self.below and not self.equal:
            return "below all"
        number = int(percentile)
        teens = number // 10 == 1
        return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"

    @property
    def shown(self) -> str | None:
        """Return the value in words, None where it is not defined."""
        if self.value is None:
            return None
        if self.id == FIX:
            return "yes" if self.value else "no"
        return f"{self.value:,.{self.digits}f}"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the measure with its percentile."""
        rank = self.percentile
        return {
            "id": self.id,
            "dimension": self.dimension,
            "title": self.title,
            "meaning": self.meaning,
            "value": None if self.value is None else round(self.value, _DIGITS),
            "percentile": None if rank is None else round(rank, _DIGITS),
            "below": self.below,
            "equal": self.equal,
            "of": self.of,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a change: a file and, where it is about one line, the line and its text.

    `side` is `added` (numbered as after the change), `removed` (as before it) or `file`.
    """

    file: str
    side: str
    line: int | None = None
    text: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the place."""
        return {"file": self.file, "side": self.side, "line": self.line, "text": self.text}


@dataclass(frozen=True, slots=True)
class RiskFact:
    """A plain fact that a reviewer would have stopped at; `count` places show it, the first given.

    `source` says why a reviewer looks for it. It is no finding that the change was wrong. `seen` is
    how many of the changes before show it too, None where that was not counted.
    """

    id: str
    statement: str
    source: str
    places: tuple[Place, ...]
    count: int
    seen: int | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the fact with its places."""
        return {
            "id": self.id,
            "statement": self.statement,
            "source": self.source,
            "places": [place.to_dict() for place in self.places],
            "count": self.count,
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True)
class ChangeRisk:
    """A change against the `changes` before it: its ancestors that are no merges and change a file.

    `notes` says what the figures do not show.
    """

    commit: str
    subject: str
    merge: bool
    changes: int
    measures: tuple[Measure, ...]
    facts: tuple[RiskFact, ...]
    notes: tuple[str, ...]
    facts_looked_for: bool = True

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution risk --json`."""
        return {
            "commit": self.commit,
            "subject": self.subject,
            "merge": self.merge,
            "changes": self.changes,
            "fewest_to_compare": FEWEST,
            "measures": [measure.to_dict() for measure in self.measures],
            "facts": [fact.to_dict() for fact in self.facts],
            "facts_looked_for": self.facts_looked_for,
            "notes": list(self.notes),
        }
