"""Leads: where evidence of something that is missing may lie."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Lead:
    """A kind of record that may hold what is missing, and from which stretch of time.

    `what` names it in words; `evidence` is the item of the case that holds such records, None where
    the case has none and it is wanted. `records` counts those it has in the stretch; `gaps` are the
    ids of the gaps of that item in which one may be missing.
    """

    place: str
    what: str
    low: Instant | None = None
    high: Instant | None = None
    evidence: str | None = None
    records: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def stretch(self) -> str:
        """Return the stretch in words, empty where neither end is known."""
        low, high = format_optional(self.low), format_optional(self.high)
        if low is not None and high is not None:
            return f"between {low} and {high}"
        if high is not None:
            return f"up to {high}"
        return "" if low is None else f"from {low} on"

    @property
    def sentence(self) -> str:
        """Return the lead in words, without a full stop."""
        told = " ".join(filter(None, (self.what, self.stretch)))
        if self.evidence is None:
            return f"wanted: {told}"
        count = f"{self.records} such record{'' if self.records == 1 else 's'} in that stretch"
        gaps = f", and a gap there ({', '.join(self.gaps)})" if self.gaps else ""
        return f"{self.evidence}: {told}: {count}{gaps}"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `look_in` in the graph's JSON."""
        return {
            "place": self.place,
            "what": self.what,
            "time_low": format_optional(self.low),
            "time_high": format_optional(self.high),
            "evidence": self.evidence,
            "wanted": self.evidence is None,
            "records": self.records,
            "gaps": list(self.gaps),
        }
