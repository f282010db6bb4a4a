"""A case's loss: every head computed, one measure of the interruption counted, heads summed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from attribution.errors import ManifestError
from attribution.loss.allotting import allot, weigh_phases
from attribution.loss.heads import SCHEDULES, LossTable, load_table
from attribution.loss.measures import (
    enter_phases,
    take_out_avoidable,
    work_out_costs,
    work_out_credits,
    work_out_head,
)
from attribution.loss.notices import Outcome, write_notices
from attribution.loss.overlaps import find_overlaps
from attribution.loss.phases import Phases, time_phases
from attribution.loss.worksheet import NotComputed, Worksheet
from attribution.model.declared_loss import DeclaredLoss
from attribution.model.loss import NOTHING, LossAssessment, LossFigure, LossHead, Range
from attribution.timeline.response import Mark

TOTAL: Final = "total"


def assess_loss(declared: DeclaredLoss, marks: tuple[Mark, ...]) -> LossAssessment:
    """Return the loss that a case declares, with the hours that its response took.

    A head that cannot be computed is named with the reason and is not in the total. Raises
    ManifestError where several measures of one interruption are given and none is chosen.
    """
    return _Assessor(load_table(), declared, time_phases(marks, declared.phases)).assess()


@dataclass(slots=True)
class _Assessor:
    """One assessment while it is computed."""

    table: LossTable
    declared: DeclaredLoss
    phases: Phases
    sheet: Worksheet = field(default_factory=Worksheet)
    missing: dict[str, str] = field(default_factory=dict)

    def assess(self) -> LossAssessment:
        """Return what came of it."""
        enter_phases(self.sheet, self.phases)
        amounts = self._work_out_all()
        counts = self._choose_measure([*amounts, *self.missing])
        heads = tuple(self._describe(head, gross, counts) for head, gross in amounts.items())
        total = self._add_up(heads)
        figures = self._in_order()
        overlaps = find_overlaps(self.table, self.declared, heads, figures)
        waiting = (h.waiting_hours for h in heads if h.counted and h.id in self.table.measures)
        hours, outage = self.phases.hours, self.phases.outage
        return LossAssessment(
            currency=self.declared.currency,
            borne_by=self.declared.borne_by,
            total=total,
            heads=heads,
            figures=figures,
            overlaps=overlaps,
            missing=self.missing,
            notices=tuple(
                write_notices(
                    Outcome(
                        *(self.table, self.declared, self.phases, self.sheet),
                        *(heads, overlaps, self.missing, counts),
                    )
                )
            ),
            tiers=dict(self.sheet.tiers),
            phase_hours={phase: estimate.value for phase, estimate in hours.items()},
            interruption_hours=None if outage is None else outage.value,
            waiting_hours=next(waiting, None),
        )

    def _work_out_all(self) -> dict[str, str]:
        """Return the name of each head's amount; why there is none of the others is kept."""
        table, declared, sheet, phases = self.table, self.declared, self.sheet, self.phases
        tasks: dict[str, Callable[[], str]] = {}
        for name, form in table.heads.items():
            if name in declared.measures:
                given = declared.measures[name]
                tasks[name] = partial(work_out_head, sheet, form, given)
        for name, cost in table.costs.items():
            if items := declared.costs.get(name):
                tasks[name] = partial(work_out_costs, sheet, cost, items)
        if declared.schedules:
            tasks[SCHEDULES] = partial(
                work_out_credits, sheet, table.schedules, declared.schedules, phases
            )
        amounts = {}
        for head, work_out in tasks.items():
            try:
                amounts[head] = work_out()
            except NotComputed as reason:
                sheet.drop(head)
                self.missing[head] = str(reason)
        return amounts

    def _in_order(self) -> tuple[LossFigure, ...]:
        """Return the figures head by head; within a head in the order they were computed."""
        found = tuple(self.sheet.figures.values())
        heads = list(dict.fromkeys(figure.head for figure in found))
        return tuple(sorted(found, key=lambda figure: heads.index(figure.head)))

    def _choose_measure(self, given: list[str]) -> str | None:
        """Return the measure of the interruption that counts, None where there is none."""
        measures = [head for head in self.table.measures if head in given]
        named = self.declared.counts
        if named in measures:
            return named
        if len(measures) > 1 or named is not None:
            raise ManifestError(
                "it is not clear which measure of the interruption counts: they are of one loss",
                file="case.yaml",
                place="loss, counts",
                got=named or "none named",
                expected=f"one of {', '.join(measures)}" if measures else "no `counts`",
                remedy="name under `counts` the one that goes into the total",
            )
        return measures[0] if measures else None

    def _describe(self, head: str, gross: str, counts: str | None) -> LossHead:
        avoided = tuple(entry for entry in self.declared.avoidable if entry.of == head)
        source = self.table.avoidable.source
        result = take_out_avoidable(self.sheet, head, gross, avoided, source)
        net = self.sheet.figures[result].value
        counted = head not in self.table.measures or head == counts
        form = self.table.heads.get(head)
        waiting = None
        if form is not None and form.waits:
            waited = self.sheet.figures.get(f"{form.prefix}_waiting_hours")
            waiting = None if waited is None else waited.value
        weights = {} if form is None else weigh_phases(form, self.sheet, self.phases, waiting)
        return LossHead(
            id=head,
            title=self.table.title(head),
            counted=counted,
            why="" if counted else "another measure of the same interruption counts",
            gross=self.sheet.figures[gross].value,
            avoidable=sum((entry.amount.value for entry in avoided), NOTHING),
            net=net,
            result=result,
            by_phase=allot(net, weights),
            weights=weights,
            waiting_hours=waiting,
        )

    def _add_up(self, heads: tuple[LossHead, ...]) -> Range | None:
        counted = [head.result for head in heads if head.counted]
        if not counted:
            return None
        title = "Total of the heads that count"
        return self.sheet.work_out(
            TOTAL, TOTAL, title, "money", " + ".join(counted), source="arithmetic"
        )
