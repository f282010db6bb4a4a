"""The sheets around the heads: what to know first, the phases, the summary, the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from attribution.loss.formula import ENDS, End
from attribution.loss.heads import HeadForm, load_table
from attribution.loss.layout import Layout
from attribution.model.loss import PHASES, LossAssessment, LossHead

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from attribution.model.manifest import EvidenceEntry

SUMMARY: Final = "Summary"
_FIRST_END = 3


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the workbook says of the case that the loss is of.

    `quotes` are the words that stand at the places of the evidence which figures cite.
    """

    case: str
    title: str
    borne_by: str
    version: str
    synthetic: bool
    notice: str
    evidence: Sequence[EvidenceEntry]
    quotes: Mapping[str, str] = field(default_factory=dict)


_HOW_TO = """\
Blue cells on the sheet Inputs are what was entered, each with its evidence beside it and what \
stands there. Change one and everything follows: all other figures are formulas.
Every figure has a name for its low, likely and high end (NAME_low, NAME_likely, NAME_high), and \
formulas are over these names. The low end of a difference takes the high end of what is taken off.
One sheet for each head has its steps in order, each with its formula, its rounding and what it \
rests on; Summary adds the heads up."""


def write_read_me(layout: Layout, loss: LossAssessment, facts: CaseFacts) -> None:
    """Write what a reader must know before any figure."""
    sheet = layout.add("Read me")
    layout.width(sheet, 0, 30)
    layout.width(sheet, 1, 110)
    layout.title(sheet, f"Loss: {facts.title}")
    rows = [
        ("Case", facts.case),
        ("Borne by", facts.borne_by),
        ("Currency", loss.currency),
        ("Made by", f"attribution {facts.version}, `attribution loss CASE --workbook FILE`"),
    ]
    if facts.synthetic:
        rows.append(("Synthetic", "The records and figures of this case are invented."))
    if facts.notice:
        rows.append(("Notice", facts.notice))
    rows += [("How to read it", text) for text in _HOW_TO.splitlines()]
    rows += [("To know", text) for text in loss.notices]
    rows += [(f"Not computed: {head}", why) for head, why in loss.missing.items()]
    rows += [
        ("Counted twice?", f"{_pair(overlap.heads)}: {overlap.question}")
        for overlap in loss.overlaps
        if overlap.state == "open"
    ]
    used = {figure.source for figure in loss.figures if figure.source}
    for source in load_table().sources.values():
        if source.id in used:
            where = f"{source.title}. {source.url}".strip()
            rows.append((f"Source `{source.id}`", f"{where}\nRead: {source.read}"))
    seen = ""
    for row, (label, text) in enumerate(rows, 2):
        if label != seen:
            layout.text(sheet, row, 0, label)
        layout.text(sheet, row, 1, text)
        seen = label


def write_phases(layout: Layout, sheet: Worksheet, loss: LossAssessment) -> None:
    """Write the hours of each phase, and what of each head falls to it, as formulas."""
    columns = (("Phase", 16), ("Head", 34), ("Unit", 9), ("Low", 15), ("Likely", 15), ("High", 15))
    layout.title(sheet, "Phases: how long each took, and what falls to it")
    further = (("Weight (likely)", 16), ("Below likely", 16), ("Above likely", 16))
    layout.header(sheet, 2, (*columns, *further))
    row = 3
    for name, what in (*((f"{phase}_hours", phase) for phase in PHASES), ("outage_hours", "all")):
        if any(figure.name == name for figure in loss.figures):
            layout.text(sheet, row, 0, what)
            layout.text(sheet, row, 1, "length")
            layout.text(sheet, row, 2, "hours")
            for at, end in enumerate(ENDS, _FIRST_END):
                value = float(getattr(loss.figure(name).value, end))
                style = layout.styles.computed("hours")
                sheet.write_formula(row, at, f"={name}_{end}", style, value)
            row += 1
    unseen = [phase for phase in PHASES if phase not in loss.phase_hours]
    if unseen:
        layout.text(
            sheet, row, 0, f"Not visible in these records: {', '.join(unseen)}.", wrap=False
        )
        row += 1
    for head in loss.heads:
        if head.by_phase:
            _write_allotted(layout, sheet, row + 1, head, loss)
            row += 1 + len(head.by_phase)


def _write_allotted(
    layout: Layout, sheet: Worksheet, first: int, head: LossHead, loss: LossAssessment
) -> None:
    """Write the parts of a head: the last phase that has weight takes what rounding leaves.

    The likely amount is split by weight, and so is what lies below it and above it.
    """
    form = load_table().heads[head.id]
    rows = {phase: first + at for at, phase in enumerate(head.by_phase)}
    money, hours = layout.styles.computed("money"), layout.styles.computed("hours")
    low, likely, high = (f"{head.result}_{end}" for end in ENDS)
    splits = ((4, "E", likely), (7, "H", f"({likely}-{low})"), (8, "I", f"({high}-{likely})"))
    for phase, row in rows.items():
        part = head.by_phase[phase]
        layout.text(sheet, row, 0, phase)
        layout.text(sheet, row, 1, head.title)
        layout.text(sheet, row, 2, loss.currency)
        weight = f"{form.prefix}_{phase}_likely" if form.phased else _wait(form, phase, loss)
        sheet.write_formula(row, 6, f"={weight}", hours, float(head.weights[phase]))
        for (column, letter, amount), value in zip(
            splits, (part.likely, part.likely - part.low, part.high - part.likely), strict=True
        ):
            formula = _split(amount, letter, row, rows)
            sheet.write_formula(row, column, formula, money, float(value))
        sheet.write_formula(row, 3, f"=E{row + 1}-H{row + 1}", money, float(part.low))
        sheet.write_formula(row, 5, f"=E{row + 1}+I{row + 1}", money, float(part.high))
        for at, end in enumerate(ENDS, _FIRST_END):
            layout.name(f"{head.result}_{phase}_{end}", sheet.get_name(), row, at)


def _wait(form: HeadForm, phase: str, loss: LossAssessment) -> str:
    """Return the formula of a phase's likely hours after the waiting period."""
    waiting = f"{form.prefix}_waiting_hours"
    length = f"{phase}_hours_likely"
    if not any(figure.name == waiting for figure in loss.figures):
        return length
    earlier = "".join(f"-{one}_hours_likely" for one in PHASES[: PHASES.index(phase)])
    return f"{length}-MIN({length},MAX(0,{waiting}_likely{earlier}))"


def _split(amount: str, column: str, row: int, rows: Mapping[str, int]) -> str:
    """Return the formula of one phase's part of an amount, by the weights in column G."""
    first, last = min(rows.values()) + 1, max(rows.values()) + 1
    whole = f"SUM($G${first}:$G${last})"
    rounded = f"ROUND({amount}*$G{row + 1}/{whole},2)"
    later = f"SUM($G{row + 2}:$G${last})" if row + 1 < last else "0"
    before = f"SUM({column}${first}:{column}{row})" if row + 1 > first else "0"
    return f"=IF({whole}=0,0,IF($G{row + 1}=0,0,IF({later}=0,{amount}-{before},{rounded})))"


def write_summary(
    layout: Layout,
    loss: LossAssessment,
    facts: CaseFacts,
    total: Mapping[End, str],
    disagreeing: str,
) -> None:
    """Write heads, total, and what may be counted twice.

    `total` are its formulas, `disagreeing` that of the number of inputs that do not agree.
    """
    sheet = layout.sheet(SUMMARY)
    columns = (
        *(("Head", 34), ("In the total", 12), ("Figure", 24)),
        *(("Low", 15), ("Likely", 15), ("High", 15), ("What", 60)),
    )
    layout.title(sheet, f"Summary, in {loss.currency}, borne by {facts.borne_by}")
    layout.header(sheet, 2, columns)
    row = 3
    for head in loss.heads:
        layout.text(sheet, row, 0, head.title)
        layout.text(sheet, row, 1, "yes" if head.counted else "no")
        layout.text(sheet, row, 2, head.result)
        for at, end in enumerate(ENDS, _FIRST_END):
            value = float(getattr(head.net, end))
            style = layout.styles.computed("money")
            sheet.write_formula(row, at, f"={head.result}_{end}", style, value)
        off = "after what reasonable steps would have avoided" if head.avoidable.high else ""
        layout.text(sheet, row, 6, head.why or off)
        row += 1
    for head_id, why in loss.missing.items():
        layout.text(sheet, row, 0, load_table().title(head_id))
        layout.text(sheet, row, 1, "no")
        layout.text(sheet, row, 6, f"not computed: {why}")
        row += 1
    sheet.write_string(row, 0, "Total", layout.styles.total_text)
    for at in (1, 2):
        sheet.write_blank(row, at, None, layout.styles.total_text)
    for at, end in enumerate(ENDS, _FIRST_END):
        if loss.total is None:
            sheet.write_string(row, at, "not computed", layout.styles.total_text)
        else:
            value = float(getattr(loss.total, end))
            sheet.write_formula(row, at, total[end], layout.styles.total, value)
            layout.name(f"total_{end}", SUMMARY, row, at)
    layout.text(sheet, row + 1, 0, "Inputs out of order")
    sheet.write_formula(row + 1, _FIRST_END + 1, disagreeing, layout.styles.count, 0)
    layout.name("inputs_out_of_order", SUMMARY, row + 1, _FIRST_END + 1)
    layout.text(sheet, row + 1, 6, "0 as written; see the column Check of Inputs after a change")
    _write_overlaps(layout, sheet, row + 4, loss)


def _write_overlaps(layout: Layout, sheet: Worksheet, row: int, loss: LossAssessment) -> None:
    if not loss.overlaps:
        return
    sheet.write_string(row - 1, 0, "What may be counted twice, at most", layout.styles.strong)
    results = {head.id: head.result for head in loss.heads}
    for overlap in loss.overlaps:
        first, second = (results[head] for head in overlap.heads)
        layout.text(sheet, row, 0, _pair(overlap.heads))
        layout.text(sheet, row, 1, "open" if overlap.state == "open" else "said distinct")
        for at, end in enumerate(ENDS, _FIRST_END):
            value = float(getattr(overlap.at_stake, end))
            formula = f"=MIN({first}_{end},{second}_{end})"
            sheet.write_formula(row, at, formula, layout.styles.computed("money"), value)
        layout.text(sheet, row, 6, f"{overlap.question} {overlap.because}".strip())
        row += 1


def _pair(heads: tuple[str, str]) -> str:
    table = load_table()
    return " and ".join(table.title(head) for head in heads)


def write_evidence(layout: Layout, loss: LossAssessment, facts: CaseFacts) -> None:
    """Write the evidence items that figures cite, with their hashes."""
    sheet = layout.add("Evidence")
    columns = (("Item", 8), ("File", 30), ("SHA-256", 34), ("Custodian", 16), ("Note", 40))
    layout.title(sheet, "Evidence that figures rest on")
    layout.header(sheet, 2, (*columns, ("Cited by", 44)))
    row = 3
    for entry in facts.evidence:
        citing = [
            figure.name
            for figure in loss.figures
            if any(place.partition("#")[0] == entry.id for place in figure.evidence)
        ]
        if not citing:
            continue
        synthetic = "Invented. " if entry.synthetic else ""
        for at, text in enumerate(
            (
                *(entry.id, entry.path, entry.sha256 or "not taken in", entry.custodian or ""),
                *(f"{synthetic}{entry.note or ''}".strip(), ", ".join(citing)),
            )
        ):
            layout.text(sheet, row, at, text)
        row += 1
