"""A regime's rules, read from its file in `laws/`.

One file a regime: what it is, its source with what was read of it and when, and its versions by the
day of the event. A version is a handful of words, each of which one function of this package
carries out:

    plaintiff     how the claimant's own part tells: pure, mod50 (barred from 50 %), mod51 (barred
                  above 50 %), contributory (any part bars), slight-gross (more than slight bars),
                  pure_economic (pure, but mod51 for other than economic damage), just_and_equitable
                  (reduces; no figure bars), contract (own breach is a matter of the contract)
    barred_from   the claimant's part from which on the text bars, where it names another than 50 %
    compared_with the claimant's part is held against all together, or `each` defendant by itself
    liability     joint, several, threshold (joint from a share on), hybrid (joint for economic
                  damage), threshold_economic (joint for economic damage from a share on),
                  hybrid_threshold (joint for economic, for other damage from a share on),
                  joint_if_faultless (joint where the claimant has no part)
    threshold     that share; `threshold_met_at`: `at` it, or only `above` it
    uncollectible who takes over what cannot be collected: claimant, liable_jointly, all (claimant
                  included, by fault, and for whom it released), all_jointly (those who are liable
                  jointly, and the claimant), own_share (each defendant its own share of it, no
                  more), by_kind (economic damage: the other defendants by fault; other damage:
                  own_share), limited (a few points by size of the share)
    spared        at_most_claimant: no reallocation to who is no more at fault than the claimant
    spared_to     nor to who has this share or less
    faultless     joint: all are liable jointly where the claimant has no part
    settlement    what a settlement takes off: share (the released party's), amount (what was paid),
                  greater (of the two), first (the amount, before the claimant's part), by_kind
                  (the amount, from economic damage by its part of the whole)
    contribution  by_fault, or by_head
    nonparties    counted, counted_apart (and nobody is liable jointly for their part), or left_out
    stages        two: shares of the defendants are among themselves
    most_times_share  the most a party below the threshold pays, in multiples of its own share
    gate          questions that decide whether the regime is open at all
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.model.record import JsonValue
from attribution.tablefile import read_table

FOLDER = Path(__file__).parent / "laws"
PLAINTIFF_RULES = ("pure", "mod50", "mod51", "contributory", "slight-gross")
"""The rules for the claimant's own part that a track or act can be asked with."""

UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class LawVersion:
    """The rules for events from `begins` on, before `ends`."""

    plaintiff: str
    liability: str
    uncollectible: str
    settlement: str
    begins: date | None = None
    ends: date | None = None
    barred_from: Fraction | None = None
    threshold: Fraction | None = None
    threshold_met_at: str = "at"
    compared_with: str = "all"
    contribution: str = "by_fault"
    nonparties: str = "counted"
    spared: str | None = None
    spared_to: Fraction | None = None
    faultless: str | None = None
    stages: str = "one"
    most_times_share: int | None = None
    gate: str | None = None

    @property
    def summary(self) -> str:
        """Return the version in a line."""
        liability = self.liability.replace("_", " ")
        since = "" if self.begins is None else f", from {self.begins}"
        until = "" if self.ends is None else f", until {self.ends}"
        share = "" if self.threshold is None else f" ({float(self.threshold) * 100:g} %)"
        return f"claimant's part: {self.plaintiff}; liability: {liability}{share}{since}{until}"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the version by field."""
        return {
            "from": None if self.begins is None else str(self.begins),
            "until": None if self.ends is None else str(self.ends),
            "plaintiff": self.plaintiff,
            "barred_from": None if self.barred_from is None else float(self.barred_from),
            "compared_with": self.compared_with,
            "liability": self.liability,
            "threshold": None if self.threshold is None else float(self.threshold),
            "threshold_met_at": self.threshold_met_at,
            "uncollectible": self.uncollectible,
            "spared": self.spared,
            "spared_to": None if self.spared_to is None else float(self.spared_to),
            "faultless": self.faultless,
            "settlement": self.settlement,
            "contribution": self.contribution,
            "nonparties": self.nonparties,
            "stages": self.stages,
            "most_times_share": self.most_times_share,
            "gate": self.gate,
        }

    def holds_on(self, day: date) -> bool:
        """Return whether it is the version for an event on this day."""
        begun = self.begins is None or day >= self.begins
        return begun and (self.ends is None or day < self.ends)

    def meets_threshold(self, share: Fraction) -> bool:
        """Return whether a party with this share is liable for more than its own part."""
        if self.threshold is None:
            return True
        if self.threshold_met_at == "above":
            return share > self.threshold
        return share >= self.threshold

    def spares(self, share: Fraction, claimants: Fraction) -> bool:
        """Return whether a party with this share takes over nothing of what is not collected."""
        at_most = self.spared == "at_most_claimant" and share <= claimants
        return at_most or (self.spared_to is not None and share <= self.spared_to)


@dataclass(frozen=True, slots=True)
class Law:
    """One regime: its versions, and how far its source was verified."""

    id: str
    title: str
    kind: str
    confidence: str
    source: str
    note: str
    verified_on: str | None
    versions: tuple[LawVersion, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution regimes --json`."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "confidence": self.confidence,
            "source": self.source,
            "note": self.note,
            "verified_on": self.verified_on,
            "versions": [version.to_dict() for version in self.versions],
        }

    @property
    def is_unverified(self) -> bool:
        """Return whether its file says that some of it was never held against the law's text."""
        return self.verified_on is None or UNVERIFIED in self.source

    def changes_near(self, day: date) -> tuple[date, ...]:
        """Return the days within one of this day on which a version begins."""
        begins = (version.begins for version in self.versions)
        return tuple(one for one in begins if one is not None and abs((one - day).days) <= 1)

    def version_on(self, day: date | None) -> LawVersion:
        """Return the version for an event on a day.

        Raises InputError where it changed and no day is given, or where no version holds then.
        """
        if day is None and len(self.versions) > 1:
            changes = ", ".join(str(v.begins) for v in self.versions if v.begins is not None)
            raise InputError(
                f"the rule of {self.title} depends on the day of the event",
                place="event_date",
                got="none",
                expected=f"a date; the rule changed on {changes}",
                remedy="give `event_date` as YYYY-MM-DD",
            )
        if day is None or (len(self.versions) == 1 and self.versions[0].gate is not None):
            return self.versions[0]
        for version in self.versions:
            if version.holds_on(day):
                return version
        raise InputError(
            f"{self.title} has no rule for that day",
            place="event_date",
            got=str(day),
            expected=f"a day from {self.versions[0].begins} on",
            remedy="ask another regime",
        )


def list_laws() -> tuple[str, ...]:
    """Return the ids of all regimes, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_law(regime: str) -> Law:
    """Return a regime by its id. Raises InputError, with those that are near, for another."""
    known = list_laws()
    if regime not in known:
        import difflib

        near = difflib.get_close_matches(regime, known, n=8, cutoff=0.4)
        raise InputError(
            "there is no such regime",
            got=regime,
            expected=", ".join(near) or "an id that `attribution regimes` lists",
            remedy="`attribution regimes` lists all",
        )
    table = read_table(FOLDER / f"{regime}.yaml")
    return Law(
        id=table["id"],
        title=table["title"],
        kind=table["kind"],
        confidence=table["confidence"],
        source=table["source"],
        note=table.get("note") or "",
        verified_on=table.get("verified_on"),
        versions=tuple(_version(row) for row in table["versions"]),
    )


def _version(row: dict[str, Any]) -> LawVersion:
    given = dict(row)
    begins, ends = given.pop("from", None), given.pop("until", None)
    shares: dict[str, Any] = {
        key: None if (share := given.pop(key, None)) is None else Fraction(str(share))
        for key in ("threshold", "spared_to", "barred_from")
    }
    unknown = given.keys() - {field.name for field in fields(LawVersion)}
    if unknown:
        message = f"no such keys of a version: {sorted(unknown)}"
        raise ValueError(message)
    return LawVersion(
        begins=None if begins is None else date.fromisoformat(begins),
        ends=None if ends is None else date.fromisoformat(ends),
        **shares,
        **given,
    )
