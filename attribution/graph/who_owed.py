"""The table "who owed an absent control"; `absence.py` puts its rows into the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from attribution.graph.tablefile import read_table
from attribution.model.manifest import AbsenceBreach, DeclaredAbsence

CIRCUMVENTORS = ("agent", "person", "outsider", "unknown")
"""Who can have got round a control that the platform enforced."""


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """A row of the table: the breaches where its conditions hold; None and () leave it open.

    `set_by` says who put it in place of the table's, and why.
    """

    id: str
    demanded: bool | None
    enforced: bool | None
    got_round_by: tuple[str, ...]
    absent_when: str
    breaches: tuple[AbsenceBreach, ...]
    set_by: str | None = None

    def fits(self, *, demanded: bool, enforced: bool, got_round_by: str) -> bool:
        """Whether the row is for this combination."""
        return (
            self.demanded in (None, demanded)
            and self.enforced in (None, enforced)
            and (not self.got_round_by or got_round_by in self.got_round_by)
        )


@dataclass(frozen=True, slots=True)
class Family:
    """Controls for which the same rows hold."""

    id: str
    title: str
    controls: tuple[str, ...]
    rows: tuple[AbsenceRow, ...]


@cache
def load_families() -> tuple[Family, ...]:
    """Return the families of controls with their rows."""
    return tuple(
        Family(
            id=family,
            title=entry["title"],
            controls=tuple(entry["controls"]),
            rows=tuple(map(_row, entry["rows"])),
        )
        for family, entry in read_table("absent_control")["families"].items()
    )


@cache
def load_absence_rows() -> Mapping[str, tuple[AbsenceRow, ...]]:
    """Return the rows for each control."""
    return MappingProxyType(
        {control: family.rows for family in load_families() for control in family.controls}
    )


def declared_row(entry: DeclaredAbsence) -> AbsenceRow:
    """Return the row that a case declares."""
    return AbsenceRow(
        id=f"case.yaml: {entry.control}",
        demanded=entry.demanded,
        enforced=entry.enforced,
        got_round_by=entry.got_round_by,
        absent_when=entry.absent_when,
        breaches=entry.breaches,
        set_by=f"set by {entry.by}: {entry.because}",
    )


def _row(row: Mapping[str, Any]) -> AbsenceRow:
    when = row["when"]
    return AbsenceRow(
        id=row["id"],
        demanded=when.get("demanded"),
        enforced=when.get("enforced"),
        got_round_by=tuple(when.get("got_round_by", ())),
        absent_when=row["absent_when"],
        breaches=tuple(AbsenceBreach(**breach) for breach in row["breaches"]),
    )
