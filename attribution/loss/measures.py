"""Heads computed on a worksheet: by formula, as sums of items, and as credits of a schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attribution.loss.formula import list_names
from attribution.loss.heads import SCHEDULES, CostForm, HeadForm, InputForm, StepForm, Variant
from attribution.loss.phases import Phases, count_minutes
from attribution.loss.worksheet import NotComputed, Worksheet, rename
from attribution.model.declared_loss import Avoidable, CostItem, CreditSchedule, Estimate
from attribution.model.loss import Range

PHASE_HOURS = "phases"
"""What hours of the phases are filed under: they belong to no head."""

OUTAGE_HOURS = "outage_hours"
PERIOD_HOURS = "period_hours"
TAKEN = "not declared: taken as this"
BY_CALENDAR = "by the calendar"
_UPTIME_PLACES = 6
_WHOLE = 100


def enter_phases(sheet: Worksheet, phases: Phases) -> None:
    """Put the hours of the phases and of the outage on the sheet, as far as they are known."""
    known = {f"{phase}_hours": (phase, hours) for phase, hours in phases.hours.items()}
    if phases.outage is not None:
        known["outage_hours"] = ("the outage", phases.outage)
    for name, (what, hours) in known.items():
        sheet.enter(name, PHASE_HOURS, f"Hours of {what}", "hours", hours)


def work_out_head(sheet: Worksheet, form: HeadForm, given: Mapping[str, Estimate]) -> str:
    """Put a head with a formula on the sheet and return the name of its amount.

    Raises NotComputed, with what is missing, where no formula of a step has all it needs.
    """
    names: dict[str, str] = {}
    for entry in form.inputs:
        shared = OUTAGE_HOURS if entry.name == PERIOD_HOURS else entry.name
        if entry.name in given:
            names[entry.name] = _enter(sheet, form, entry, given[entry.name])
        elif entry.from_timeline and shared in sheet.figures:
            names[entry.name] = shared
        elif entry.default is not None:
            taken = Estimate(Range.exactly(entry.default), note=TAKEN)
            names[entry.name] = _enter(sheet, form, entry, taken)
        elif entry.required:
            raise NotComputed(f"{entry.name} is not given ({entry.what})")
    for step in form.steps:
        _work_out_step(sheet, form, step, names)
    for figure in sheet.list_unused():
        if figure.head == form.id and figure.name.removeprefix(f"{form.prefix}_") not in given:
            sheet.forget(figure.name)
    return names[form.steps[-1].name]


def _work_out_step(sheet: Worksheet, form: HeadForm, step: StepForm, names: dict[str, str]) -> None:
    """Put a step on the sheet, and its name among those that later steps may use."""
    variant = _choose(form, step, names)
    if not variant.formula:
        return
    timed = PERIOD_HOURS in list_names(variant.formula)
    if timed and not sheet.figures[names[PERIOD_HOURS]].value.likely:
        raise NotComputed(
            f"{PERIOD_HOURS} is 0, and nothing is lost in no time: correct it, or `loss.phases`"
        )
    name = f"{form.prefix}_{step.name}"
    formula = rename(variant.formula, names)
    value = sheet.work_out(name, form.id, step.title, step.unit, formula, source=variant.source)
    if step.of_a_whole and not 0 < value.likely <= _WHOLE:
        raise NotComputed(
            f"{step.title} would be {round(value.likely, 2)} per cent, and lies above 0 and at most"
            f" at 100: correct {' or '.join(variant.needs)}"
        )
    names[step.name] = name


def _enter(sheet: Worksheet, form: HeadForm, entry: InputForm, given: Estimate) -> str:
    name = f"{form.prefix}_{entry.name}"
    return sheet.enter(name, form.id, entry.what, entry.unit, given, signed=entry.signed)


def _choose(form: HeadForm, step: StepForm, names: Mapping[str, str]) -> Variant:
    for variant in step.variants:
        if all(need in names for need in variant.needs):
            return variant
    ways = "; or ".join(" and ".join(variant.needs) for variant in step.variants if variant.formula)
    needs = {need for variant in step.variants for need in variant.needs}
    unseen = [e.name for e in form.inputs if e.from_timeline and e.name in needs - set(names)]
    hint = f" The records do not show {', '.join(unseen)}: give `loss.phases`." if unseen else ""
    raise NotComputed(f"{step.title} needs {ways}.{hint}")


def work_out_costs(sheet: Worksheet, form: CostForm, items: tuple[CostItem, ...]) -> str:
    """Put a sum of items on the sheet and return the name of its amount."""
    amounts = []
    for item in items:
        name = f"{form.id}_{item.id}"
        amounts.append(name)
        if item.amount is not None and item.less is None:
            sheet.enter(name, form.id, item.title, "money", item.amount)
            continue
        if item.amount is not None:
            gross = sheet.enter(f"{name}_amount", form.id, item.title, "money", item.amount)
        else:
            hours, rate = item.hours, item.rate
            if hours is None or rate is None:
                raise NotComputed(f"{item.title}: an amount, or hours and a rate, are not given")
            worked = sheet.enter(f"{name}_hours", form.id, f"{item.title}: hours", "hours", hours)
            paid = sheet.enter(f"{name}_rate", form.id, f"{item.title}: rate", "money/h", rate)
            gross = f"{worked} * {paid}"
        if item.less is not None:
            title = f"{item.title}: what of it is no loss"
            less = sheet.enter(f"{name}_less", form.id, title, "money", item.less)
            gross = f"max(0, {gross} - {less})"
        sheet.work_out(name, form.id, item.title, "money", gross, source=form.source)
    return _total(sheet, form, amounts)


def work_out_credits(
    sheet: Worksheet, form: CostForm, schedules: tuple[CreditSchedule, ...], phases: Phases
) -> str:
    """Put the credits of each schedule on the sheet and return the name of their sum."""
    amounts = []
    for schedule in schedules:
        downtime = schedule.downtime or phases.minutes_within(schedule.month)
        if downtime is None:
            raise NotComputed(
                f"{schedule.title}: the records do not show when the outage began and ended;"
                " give downtime_minutes"
            )
        amounts.append(_work_out_credit(sheet, form, schedule, downtime))
    return _total(sheet, form, amounts)


def _work_out_credit(
    sheet: Worksheet, form: CostForm, schedule: CreditSchedule, downtime: Estimate
) -> str:
    name, title = f"credit_{schedule.id}", schedule.title
    excluded = schedule.excluded or Estimate(Range.exactly(0), note=TAKEN)
    cited = schedule.evidence

    def enter(what: str, told: str, unit: str, given: Estimate) -> str:
        return sheet.enter(f"{name}_{what}", SCHEDULES, f"{title}: {told}", unit, given)

    fees = enter("fees", "fees of the month", "money", schedule.fees)
    month = enter(
        "month",
        f"minutes of {schedule.month} in UTC",
        "minutes",
        Estimate(Range.exactly(count_minutes(schedule.month)), note=BY_CALENDAR),
    )
    down = enter("downtime", "downtime in the month", "minutes", downtime)
    out = enter("excluded", "minutes that the agreement leaves out", "minutes", excluded)
    cap = enter(
        "cap", "the most that is credited", "percent", Estimate(Range.exactly(schedule.cap), cited)
    )
    sheet.tiers[f"{name}_tiers"] = schedule.tiers
    steps = (
        ("counted", "downtime that counts", "minutes", f"max(0, {down} - {out})", None),
        (
            "uptime",
            "monthly uptime",
            "percent",
            f"100 * after({month}, {name}_counted)",
            _UPTIME_PLACES,
        ),
        ("percent", "credit", "percent", f"min(tier({name}_uptime, {name}_tiers), {cap})", None),
        ("amount", "credit in money", "money", f"{fees} * {name}_percent / 100", None),
    )
    for what, told, unit, formula, places in steps:
        sheet.work_out(
            f"{name}_{what}",
            SCHEDULES,
            f"{title}: {told}",
            unit,
            formula,
            source=form.source,
            places=places,
        )
    return f"{name}_amount"


def _total(sheet: Worksheet, form: CostForm, amounts: list[str]) -> str:
    name = f"{form.id}_total"
    sheet.work_out(name, form.id, form.title, "money", " + ".join(amounts), source="arithmetic")
    return name


def take_out_avoidable(
    sheet: Worksheet, head: str, gross: str, given: tuple[Avoidable, ...], source: str
) -> str:
    """Put what could have been avoided on the sheet; return the name of what is left of a head."""
    if not given:
        return gross
    names = [
        sheet.enter(
            f"{gross}_avoidable_{number}",
            head,
            f"Avoidable, by the judgement of {entry.by}",
            "money",
            replace(entry.amount, note=entry.because),
        )
        for number, entry in enumerate(given, 1)
    ]
    net = f"{gross}_net"
    title = "What is left after what reasonable steps would have avoided"
    formula = f"max(0, {' - '.join((gross, *names))})"
    sheet.work_out(net, head, title, "money", formula, source=source)
    return net
