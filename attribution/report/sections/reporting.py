"""Reports that authorities are owed: when, whether, and a draft of each with its gaps marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from attribution.model.reporting import ReportingAnswer
from attribution.regimes.case_clocks import CaseClocks, count_case, name_in_force
from attribution.regimes.deadlines import Clock, DueStep
from attribution.report.blocks import Block, Inlines, Notice, Paragraph, Row, Table, join, text
from attribution.report.notification import DraftBlock, Notification, draft_notifications
from attribution.report.sections.chronology import tell_estimates
from attribution.report.sections.notices import build_freezes
from attribution.report.view import NONE, View


def build_filing(view: View) -> list[Block]:
    """Return which reports are owed by when, and what must not be done before."""
    case = count_case(view.analysis)
    wording = view.wording
    blocks: list[Block] = [
        Notice("warning", wording.text("filing.draft_title"), wording.runs("filing.draft")),
        view.section("filing"),
        Paragraph(wording.runs("filing.intro"), "lead"),
    ]
    blocks += build_freezes(view, case)
    if case.find_moment("aware") is None:
        blocks.append(
            Notice("notice", wording.text("filing.gap"), wording.runs("filing.no_moment"))
        )
    rows = [
        row
        for state in (True, None)
        for clock in case.running
        if clock.applies is state
        for row in _due_rows(view, clock)
    ]
    if rows:
        columns = "report:text:2.4 applies:text:1.2 due:time:1.7 extended:time:1.7 from:text:2"
        blocks.append(view.table("filing.table", columns, rows))
    else:
        blocks.append(Paragraph(wording.runs("filing.none")))
    return [*blocks, *_moments(view, case), *_questions(view, case)]


def _due_rows(view: View, clock: Clock) -> Iterator[Row]:
    wording = view.wording
    applies = wording.text("filing.applies" if clock.applies else "filing.open")
    for number, step in enumerate(clock.steps):
        title = text(f"{clock.deadline.title}: ", "strong") if not number else ()
        conservative, computed = NONE, NONE
        if step.due is not None:
            dates = step.due.to_dict()
            conservative, computed = _show(dates["conservative"]), _show(dates["computed"])
        yield Row(
            (
                (*title, *text(step.name)),
                text(applies),
                text(conservative, "strong"),
                text(computed),
                text(step.rule if step.due is not None else _not_started(view, step), "small"),
            ),
            view.anchor("due", f"{clock.deadline.id}-{step.name}"),
        )


def _not_started(view: View, step: DueStep) -> str:
    return view.wording.text("filing.not_started", moment=step.missing)


def _show(moment: str) -> str:
    return moment.replace("T", " ").removesuffix("Z") + (" UTC" if "T" in moment else "")


def _moments(view: View, case: CaseClocks) -> Iterator[Block]:
    rows = [
        Row(
            (
                text(view.wording.term("filing_moments", moment.name)),
                text(view.time(moment.time)),
                text(moment.origin),
                view.references(moment.evidence),
            )
        )
        for moment in case.moments
    ]
    if rows:
        yield view.table(
            "filing.moments",
            "moment:text:1.6 time:time:1.4 basis:text:2.4 evidence:reference:1.4",
            rows,
        )
    if estimated := tell_estimates(view):
        yield Paragraph(estimated, "small")


def _questions(view: View, case: CaseClocks) -> Iterator[Block]:
    """Yield what decides whether each rule applies, and what has been answered."""
    given = {one.question: one for one in case.reporting.answers}
    rows = []
    for clock in case.clocks:
        rule = clock.deadline
        owed = view.wording.text("filing.owed", by=rule.owed_by, to=rule.to)
        source = _tell_source(view, rule.source, rule.verified_on, rule.confidence)
        title = (
            *text(f"{rule.title}: ", "strong"),
            *text(f"{_tell_state(view, clock)}\n"),
            *text(f"{owed}. [{source}]", "small"),
        )
        rows.append(Row((title, (), ()), style="group"))
        rows += [
            Row((text(item.asks), *_answer(view, given.get(item.id), needed=item.needed)))
            for item in rule.questions
            if clock in case.running or item.id in given
        ]
    yield view.subsection("filing.questions_title")
    yield Paragraph(view.wording.runs("filing.questions_intro"))
    yield view.table("filing.questions", "question:text:3 answer:text:2 basis:text:2.4", rows)


def _tell_state(view: View, clock: Clock) -> str:
    key = {True: "applies", False: "refused", None: "open"}[clock.applies]
    told = view.wording.text(f"filing.{key}")
    if not clock.in_force_then:
        since, name = clock.deadline.in_force, name_in_force(clock.deadline.id)
        told += "; " + view.wording.text("filing.not_in_force", since=since, id=name)
    return told


def _answer(view: View, given: ReportingAnswer | None, *, needed: bool) -> tuple[Inlines, Inlines]:
    wording = view.wording
    if given is None:
        return text(wording.text("filing.unanswered"), "strong"), text(
            wording.text(
                "filing.needs", answer=wording.text(f"filing.{'yes' if needed else 'no'}")
            ),
            "small",
        )
    word = wording.text("filing.yes" if given.answer else "filing.no")
    basis: list[Inlines] = [text(given.because)] if given.because else []
    if given.evidence:
        basis.append(view.references(given.evidence))
    said = wording.text("filing.said", answer=word, by=given.by)
    return text(said), join(basis, "\n") if basis else text(NONE)


def _tell_source(view: View, source: str, verified_on: str | None, confidence: str) -> str:
    key = "filing.source_verified" if verified_on else "filing.source_unverified"
    return view.wording.text(key, source=source, on=verified_on, confidence=confidence)


def build_notifications(view: View) -> list[Block]:
    """Return a draft of every report that is owed or may be, its gaps marked."""
    blocks: list[Block] = [
        view.section("notifications"),
        Paragraph(view.wording.runs("notifications.intro")),
    ]
    drafts = draft_notifications(view, count_case(view.analysis))
    if not drafts:
        return [*blocks, Paragraph(view.wording.runs("filing.none"))]
    last = ""
    for draft in drafts:
        template = draft.template
        if template.rule != last:
            last, title = template.rule, draft.clock.deadline.title
            heading = view.subsection("notifications.rule")
            blocks.append(replace(heading, text=title, anchor=view.anchor("notification", last)))
            source = _tell_source(view, template.source, template.verified_on, template.confidence)
            said = view.wording.text("notifications.blocks_from", source=source)
            blocks.append(Paragraph(text(said), "small"))
        blocks.append(_draft_table(view, draft))
    return blocks


def _draft_table(view: View, draft: Notification) -> Table:
    rule, step = draft.clock.deadline.id, draft.step
    due = NONE if step.due is None else _show(step.due.to_dict()["conservative"])
    caption = view.wording.text(
        "notifications.caption", step=step.name, due=due, gaps=draft.gaps, blocks=len(draft.blocks)
    )
    rows = [_block_row(view, rule, block) for block in draft.blocks]
    columns = "block:text:2 content:text:4 evidence:reference:1.3"
    table = view.table("notifications.table", columns, rows)
    return replace(table, caption=caption, anchor=view.anchor("draft", f"{rule}-{step.name}"))


def _block_row(view: View, rule: str, draft: DraftBlock) -> Row:
    title = (*text(draft.block.title), *text(f"\n{rule}.{draft.block.id}", "small"))
    if draft.content is None:
        gap = view.wording.text("notifications.gap")
        return Row((title, text(gap, "strong"), text(NONE)), style="gap")
    content = draft.content
    if draft.by is not None:
        said = view.wording.text("notifications.entered", by=draft.by)
        content = (*content, *text(f"\n{said}", "small"))
    evidence = view.references(draft.evidence) if draft.evidence else text(NONE)
    return Row((title, content, evidence))
