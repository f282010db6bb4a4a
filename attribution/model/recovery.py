"""What can be got back of a payment: from whom, until when, and which notices are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attribution.model.instant import Instant, format_optional
from attribution.model.loss import Range
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Limitation:
    """Until when a claim can be brought, by one row of the table of periods.

    `last_day` is None where the day it runs from is not on record; `missing` says which then.
    """

    rule: str
    last_day: date | None
    missing: str
    source: str
    verified_on: date | None
    confidence: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the rule with its source and last day."""
        return {
            "rule": self.rule,
            "last_day": None if self.last_day is None else self.last_day.isoformat(),
            "missing": self.missing,
            "source": self.source,
            "verified_on": None if self.verified_on is None else self.verified_on.isoformat(),
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class RecoveryTarget:
    """A party other than the insured, and what could be got from it.

    `gross` is its part of the loss, `net` what a cap of its contract leaves, `to_insurer` the part
    of that which goes to the insurer. `barred` says why nothing can be had, else it is empty.
    `preserved` says whether every item of `evidence` is held by its hash, `noticed` when it was put
    on notice, None where no notice is on record.
    """

    party: str
    name: str
    share: tuple[float, float, float]
    gross: Range
    net: Range
    to_insurer: Range
    basis: str
    cap: str = ""
    barred: str = ""
    evidence: tuple[str, ...] = ()
    preserved: bool = False
    noticed: Instant | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the target."""
        low, point, high = self.share
        return {
            "party": self.party,
            "name": self.name,
            "share": {"low": low, "point": point, "high": high},
            "gross": self.gross.to_dict(),
            "net": self.net.to_dict(),
            "to_insurer": self.to_insurer.to_dict(),
            "basis": self.basis,
            "cap": self.cap,
            "barred": self.barred,
            "evidence": list(self.evidence),
            "evidence_preserved": self.preserved,
            "put_on_notice": format_optional(self.noticed),
        }


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A notice to give: to whom, by when, and whether one is on record."""

    to: str
    due: str
    given: Instant | None
    state: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the notice."""
        return {
            "to": self.to,
            "due": self.due,
            "given": format_optional(self.given),
            "state": self.state,
        }
