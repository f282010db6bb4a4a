"""What follows under each regime: who owes what, where a rule turns, every step with its source."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from attribution.model.liability import Liability
from attribution.regimes.apportioning import NO_MONEY, Apportionment, RegimeResult
from attribution.regimes.case_facts import list_reasons
from attribution.regimes.law import UNVERIFIED, Law
from attribution.regimes.ledger import ARITHMETIC
from attribution.regimes.outcome import Step
from attribution.report.blocks import (
    Block,
    Bullets,
    Column,
    Inlines,
    Notice,
    Paragraph,
    Row,
    Table,
    Text,
    text,
)
from attribution.report.view import NONE, View


def build_regimes(view: View) -> list[Block]:
    """Return each class of claimants' table of regimes, what turns them, and the ten steps."""
    found = view.apportioned
    if not found.classes and not found.reason:
        return []
    wording = view.wording
    blocks: list[Block] = [
        view.section("regimes"),
        Notice("warning", wording.text("regimes.draft_title"), wording.runs("regimes.draft")),
        Paragraph(wording.runs("regimes.intro")),
    ]
    if found.reason:
        return [*blocks, Paragraph(wording.runs("regimes.none", reason=found.reason))]
    for one in found.classes:
        if len(found.classes) > 1:
            blocks.append(
                replace(
                    view.subsection("regimes.class"),
                    text=wording.text("regimes.class", title=one.of.title or one.of.id),
                    anchor=view.anchor("class", one.of.id),
                )
            )
        blocks += _build_class(view, one)
    return [*blocks, Paragraph(wording.runs("regimes.law_and_arithmetic"), "small")]


def _build_class(view: View, found: Apportionment) -> list[Block]:
    wording = view.wording
    low, likely, high = (f"{amount:,}" for amount in found.damages)
    blocks: list[Block] = [
        Paragraph(
            wording.runs(
                "regimes.damages",
                claimant=view.party(found.claimant),
                currency=found.currency,
                low=low,
                likely=likely,
                high=high,
            )
        )
    ]
    if found.currency == NO_MONEY:
        blocks.append(Paragraph(wording.runs("regimes.no_money", currency=NO_MONEY)))
    liability = view.analysis.manifest.liability or Liability()
    said = [
        wording.runs(
            "regimes.entered",
            what=what,
            because=because or NONE,
            by=by or wording.text("regimes.somebody"),
            source=source or NONE,
        )
        for what, (because, by, source) in list_reasons(liability, found.of).items()
    ]
    said += [
        wording.runs(
            "regimes.roll_up",
            agent=view.party(one.party),
            party=view.party(one.to),
            why=one.why,
        )
        for one in found.roll_ups
    ]
    if said:
        blocks.append(Bullets(tuple(said)))
    blocks.append(_side_by_side(view, found))
    turning = _turning(view, found)
    blocks += [turning] if turning.rows else [Paragraph(wording.runs("regimes.nothing_turns"))]
    for regime, message in found.unanswered.items():
        blocks.append(Paragraph(wording.runs("regimes.open", regime=regime, message=message)))
    if idle := [view.party(name) for name in found.named if name not in found.owing]:
        blocks.append(Paragraph(wording.runs("regimes.idle", names=", ".join(idle)), "small"))
    known = sorted(found.named)
    legend = [f"{name}: {view.party(name)}" for name in known if name != view.party(name)]
    if legend:
        blocks.append(Paragraph(wording.runs("regimes.legend", names="; ".join(legend)), "small"))
    return [*blocks, _steps(view, found)]


def _side_by_side(view: View, found: Apportionment) -> Table:
    owing = found.owing
    rows = [
        Row(
            (
                _regime_cell(view, one),
                *(_amount_cell(view, one, name) for name in owing),
                _bears_cell(view, one),
            )
        )
        for one in found.results
    ]
    table = view.table("regimes.table", "regime:text:2.2", ())
    columns = [
        *table.columns,
        *(Column(view.party(name), "number", 1.7) for name in owing),
        Column(view.wording.text("regimes.claimant_bears"), "number", 1.9),
    ]
    return Table(f"{table.caption} ({found.currency})", tuple(columns), tuple(rows), table.anchor)


def _name_cell(view: View, one: RegimeResult) -> Inlines:
    return (Text(one.law.title), Text(f"\n{_say_verified(view, one.law)}", "small"))


def _say_verified(view: View, law: Law) -> str:
    key = "regimes.partly" if law.is_unverified else "regimes.verified"
    key = "regimes.unverified" if law.verified_on is None else key
    return view.wording.text(key, confidence=law.confidence, date=law.verified_on or NONE)


def _regime_cell(view: View, one: RegimeResult) -> Inlines:
    law, wording = one.law, view.wording
    notes = [_say_verified(view, law)]
    if one.outcome.barred:
        notes.append(wording.text("regimes.barred"))
    notes += [wording.text("regimes.question", question=asks) for asks in one.outcome.questions]
    return (Text(law.title, "strong"), Text("\n" + "\n".join(notes), "small"))


def _amount_cell(view: View, one: RegimeResult, name: str) -> Inlines:
    owed = one.outcome.owed.get(name)
    if owed is None:
        return text(NONE)
    exposure = one.outcome.exposure[name]
    more = [_span(one.ranges[name])]
    if exposure != owed:
        more.append(view.wording.text("regimes.exposure", amount=_money(exposure)))
    return (Text(_money(owed), "strong"), Text("\n" + "\n".join(more), "small"))


def _bears_cell(view: View, one: RegimeResult) -> Inlines:
    why = [
        f"{_money(amount)} {view.wording.term('borne_for', reason)}"
        for reason, amount in one.outcome.borne_for.items()
    ]
    shown = "\n".join((_span(one.ranges[""]), *why))
    return (Text(_money(one.outcome.borne_by_plaintiff), "strong"), Text(f"\n{shown}", "small"))


def _turning(view: View, found: Apportionment) -> Table:
    rows = []
    for one in found.results:
        for point in one.turning:
            if point.within and point.share_at is not None:
                who = view.party(point.of) + (f", {point.part}" if point.part else "")
                at = view.percent(float(point.share_at))
                counted = view.wording.text("regimes.counted", at=view.percent(point.counted_at))
                rows.append(
                    Row(
                        (
                            _name_cell(view, one),
                            text(who),
                            (Text(at, "strong"), Text(f"\n{counted}", "small")),
                            text(view.percent(float(point.now))),
                            text(point.what),
                        )
                    )
                )
        for fact in one.facts:
            settled = view.wording.text("regimes.settled", settled=fact.settled)
            said = (*text(fact.statement), Text(f"\n{settled}", "small"))
            rows.append(Row((_name_cell(view, one), said, text(NONE), text(NONE), text(fact.what))))
    columns = "regime:text:1.6 whose:text:2.4 at:share:1.3 now:share:1 what:text:2.6"
    return view.table("regimes.turning", columns, rows)


def _steps(view: View, found: Apportionment) -> Table:
    """Return the steps of all regimes; what several say in one row, with the regimes it is of."""
    said: dict[Step, list[str]] = {}
    for one in found.results:
        for step in one.outcome.steps:
            said.setdefault(step, []).append(one.law.id)
    rows: list[Row] = []
    titles = dict.fromkeys(step.rule for one in found.results for step in one.outcome.steps)
    blank: Inlines = ()
    for title in titles:
        rows.append(Row((text(title, "strong"), blank, blank), style="group"))
        for step, regimes in said.items():
            if step.rule == title:
                everybody = len(regimes) == len(found.results)
                names = view.wording.text("regimes.all") if everybody else ", ".join(regimes)
                rows.append(Row((text(names, "small"), text(step.result), _source(view, step))))
    return view.table("regimes.steps", "regimes:text:1.4 result:text:4 source:text:3", rows)


def _source(view: View, step: Step) -> Inlines:
    if step.source == ARITHMETIC:
        return text(view.wording.text("regimes.arithmetic"), "small")
    partly = "regimes.step_partly" if UNVERIFIED in step.source else "regimes.step_source"
    key = partly if step.verified_on else "regimes.step_unverified"
    return text(
        view.wording.text(
            key, source=step.source, confidence=step.confidence, date=step.verified_on or NONE
        ),
        "small",
    )


def _money(amount: Decimal) -> str:
    return f"{amount:,}"


def _span(bounds: tuple[Decimal, Decimal]) -> str:
    return f"{bounds[0]:,.0f} – {bounds[1]:,.0f}"
