"""Was it foreseeable? How unusual a change was that a finding is about, and where it ran."""

from __future__ import annotations

from attribution.model.release import EnvironmentTrace, Exposure
from attribution.model.risk import FIX, ChangeRisk, Measure, Place, RiskFact
from attribution.report.blocks import Block, Bullets, Inlines, Paragraph, Row, Table, join, text
from attribution.report.view import NONE, View

_SHORT = 10
_HIGH, _LOW = 90, 10
"""Percentiles from which, and up to which, a learning document calls a measure unusual."""


def build_risks(view: View) -> list[Block]:
    """Return the measures and plain facts of each change that a finding is about."""
    if not view.analysis.risks:
        return []
    blocks: list[Block] = [
        view.subsection("foreseen.title"),
        Paragraph(view.wording.runs("foreseen.intro")),
    ]
    for risk in view.analysis.risks:
        blocks.append(_headline(view, risk))
        if risk.measures:
            blocks.append(_measures(view, risk))
            blocks += _facts(view, risk)
        blocks += _notes(risk)
    return blocks


def build_exposures(view: View) -> list[Block]:
    """Return where each change that a finding is about ran, and for how long."""
    rows = [
        Row(
            (
                text(release.commit[:_SHORT], "code"),
                text(environment.name),
                text(environment.first or NONE),
                _stretches(view, environment),
                text(_total(view, environment)),
            )
        )
        for release in view.analysis.releases
        for environment in release.environments
    ]
    if not rows:
        return []
    columns = "commit:code:1.2 environment:text:1.2 first:text:1.2 stretches:text:3.4 total:text:1"
    return [view.table("changes.exposure", columns, rows)]


def build_unusual(view: View) -> list[Block]:
    """Return what was unusual about each change that a finding is about, without people."""
    told = [risk for risk in view.analysis.risks if risk.measures]
    if not told:
        return []
    blocks: list[Block] = [view.section("unusual"), Paragraph(view.wording.runs("unusual.intro"))]
    for risk in told:
        blocks.append(_headline(view, risk))
        entries = [_unusual(view, one) for one in risk.measures if _is_unusual(one)]
        if entries:
            blocks.append(Bullets(tuple(entries)))
        elif any(one.percentile is not None for one in risk.measures):
            blocks.append(Paragraph(view.wording.runs("unusual.none")))
        blocks += [*_facts(view, risk), *_notes(risk)]
    return blocks


def _headline(view: View, risk: ChangeRisk) -> Paragraph:
    words = view.wording.runs(
        "foreseen.change" if risk.measures else "foreseen.unmeasured",
        commit=text(risk.commit[:_SHORT], "code"),
        subject=risk.subject,
        changes=f"{risk.changes:,}",
    )
    return Paragraph(words)


def _measures(view: View, risk: ChangeRisk) -> Table:
    ranked = any(one.percentile is not None for one in risk.measures)
    rows: list[Row] = []
    dimension = ""
    for one in risk.measures:
        standing = _standing(view, one, risk.changes) if ranked else ()
        if one.dimension != dimension:
            dimension = one.dimension
            words = text(view.wording.term("dimensions", dimension), "strong")
            rows.append(Row((words, (), *(() for _ in standing), ()), style="group"))
        rows.append(Row((text(one.title), text(one.shown or NONE), *standing, text(one.meaning))))
    ranks = "percentile:text:1.4 same:number:0.8 " if ranked else ""
    columns = f"measure:text:1.7 value:number:0.9 {ranks}is:text:3"
    return view.table("foreseen.measures" if ranked else "foreseen.values", columns, rows)


def _standing(view: View, one: Measure, changes: int) -> tuple[Inlines, Inlines]:
    """Return the percentile of a measure, and how many changes have the same value."""
    same = view.percent(one.equal / one.of) if one.of else NONE
    rank = one.rank if one.id != FIX else None
    return (
        text(_rank(view, one, rank, changes)),
        text(same if rank is not None or one.id == FIX else NONE),
    )


def _rank(view: View, one: Measure, rank: str | None, changes: int) -> str:
    if rank is None:
        return NONE
    if one.of == changes:
        return rank
    return view.wording.text("foreseen.of", rank=rank, count=f"{one.of:,}")


def _facts(view: View, risk: ChangeRisk) -> list[Block]:
    if not risk.facts:
        return [Paragraph(view.wording.runs("foreseen.no_facts"))]
    entries = tuple(_fact(view, fact, risk.changes) for fact in risk.facts)
    return [Paragraph(view.wording.runs("foreseen.facts")), Bullets(entries)]


def _fact(view: View, fact: RiskFact, changes: int) -> Inlines:
    places = [_place(view, place) for place in fact.places]
    if fact.count > len(fact.places):
        left = fact.count - len(fact.places)
        places.append(view.wording.runs("foreseen.more", count=f"{left:,}"))
    head = text(f"{fact.statement}:", "strong")
    if fact.seen is not None:
        seen, of = f"{fact.seen:,}", f"{changes:,}"
        head = (*head, *view.wording.runs("foreseen.seen", seen=seen, changes=of))
    return join([head, *places], "\n")


def _place(view: View, place: Place) -> Inlines:
    if place.line is None:
        said = "" if place.text is None else f" ({place.text})"
        return (*text(place.file, "code"), *text(said))
    return view.wording.runs(
        f"foreseen.{place.side}",
        file=text(place.file, "code"),
        line=f"{place.line:,}",
        text=text(place.text or "", "code"),
    )


def _notes(risk: ChangeRisk) -> list[Block]:
    return [Paragraph(text(f"{note[:1].upper()}{note[1:]}."), "small") for note in risk.notes]


def _is_unusual(one: Measure) -> bool:
    rank = one.percentile
    return rank is not None and one.id != FIX and (rank >= _HIGH or rank <= _LOW)


def _unusual(view: View, one: Measure) -> Inlines:
    return view.wording.runs(
        "unusual.measure",
        title=one.title,
        value=text(one.shown or NONE, "strong"),
        rank=one.rank or NONE,
        count=f"{one.of:,}",
        meaning=one.meaning,
    )


def _stretches(view: View, environment: EnvironmentTrace) -> Inlines:
    if not environment.exposures:
        return text(view.wording.text("changes.never_ran"))
    return join([_stretch(view, one) for one in environment.exposures], "\n")


def _stretch(view: View, one: Exposure) -> Inlines:
    end = one.until if one.end is None else one.end
    key = "changes.ran"
    if one.end is None:
        key = "changes.still_there" if one.seconds else "changes.last_record"
    words = view.wording.runs(
        key,
        start=view.time(one.start),
        end=view.time(end),
        by=one.ended_by or NONE,
        why=view.wording.term("exposure_ends", one.why or ""),
    )
    if not one.doubtful:
        return words
    doubt = view.wording.runs("changes.doubtful", deployments=", ".join(one.doubtful))
    return (*words, *doubt)


def _total(view: View, environment: EnvironmentTrace) -> str:
    if not environment.seconds:
        return NONE
    return view.length(environment.span)
