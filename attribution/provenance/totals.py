"""Counts over the commits of a survey."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from attribution.model.commit import GRADES
from attribution.model.instant import Instant, to_datetime
from attribution.model.record import JsonValue
from attribution.provenance.dossier import Dossier

KINDS = ("agent", "human_with_agent", "no_marker")
"""What a commit can be; the last is unknown, never human."""

UNDATED = "undated"


@dataclass(slots=True)
class Totals:
    """What the commits counted so far amount to."""

    commits: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    by_tool: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_month: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    weak_only: int = 0
    conflicts: int = 0
    with_anomalies: int = 0
    surplus_notes: int = 0
    anomalies: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    lines: Counter[str] = field(default_factory=Counter)

    def add(self, dossier: Dossier) -> None:
        """Count one commit."""
        self.commits += 1
        self.by_kind[dossier.kind] += 1
        self.by_month[_month(dossier.walked.committed)][dossier.kind] += 1
        for tool, grade in sorted({(mark.tool, mark.grade) for mark in dossier.agents}):
            self.by_tool[tool][grade] += 1
        self.weak_only += bool(dossier.agents) and dossier.kind == "no_marker"
        self.conflicts += bool(dossier.conflicts)
        self.with_anomalies += bool(dossier.anomalies)
        for anomaly in dossier.anomalies:
            self.anomalies[anomaly.id] = (anomaly.statement, anomaly.count, anomaly.total)
        self.surplus_notes += bool(dossier.surplus)
        added, removed = dossier.walked.lines or (0, 0)
        self.lines["added"] += added
        self.lines["removed"] += removed
        if dossier.note is not None and len(dossier.walked.parents) < 2:  # noqa: PLR2004 - a merge
            self.lines["noted_agent"] += dossier.note.agent_lines
            self.lines["noted_human"] += dossier.note.human_lines

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts by kind, tool and grade, and month, and each anomaly's rarity."""
        return {
            "commits": self.commits,
            "by_kind": {kind: self.by_kind[kind] for kind in KINDS},
            "by_tool": {
                tool: {grade: self.by_tool[tool][grade] for grade in _graded(self.by_tool[tool])}
                for tool in sorted(self.by_tool)
            },
            "by_month": {
                month: {kind: self.by_month[month][kind] for kind in KINDS}
                for month in sorted(self.by_month)
            },
            "weak_marks_only": self.weak_only,
            "with_conflicts": self.conflicts,
            "with_anomalies": self.with_anomalies,
            "notes_with_surplus": self.surplus_notes,
            "anomalies": {
                name: {"statement": statement, "count": count, "total": total}
                for name, (statement, count, total) in sorted(self.anomalies.items())
            },
            "lines": {
                name: self.lines[name]
                for name in ("added", "removed", "noted_agent", "noted_human")
            },
        }


def _graded(counts: Counter[str]) -> list[str]:
    return [grade for grade in GRADES if counts[grade]]


def _month(committed: Instant | None) -> str:
    return UNDATED if committed is None else f"{to_datetime(committed):%Y-%m}"
