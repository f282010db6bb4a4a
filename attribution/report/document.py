"""From an analysis to a document for an audience: the only way any report is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from attribution.errors import AttributionError
from attribution.model.analysis import Analysis
from attribution.model.record import JsonValue
from attribution.report.blocks import Block, Document, Heading
from attribution.report.data import collect_data
from attribution.report.digest import Digest, condense
from attribution.report.redaction import (
    Hide,
    hide_names,
    hide_parties,
    learning_view,
    rename_parties,
    rewrite_numbers,
    spell_out_analysis,
)
from attribution.report.sections import (
    barriers,
    benchmark,
    causes,
    changes,
    chronology,
    culpability,
    events,
    foreseen,
    hypotheses,
    learning,
    method,
    notices,
    parties,
    positions,
    regimes,
    register,
    sessions,
    shares,
    sources,
    summary,
    texts,
    unknowns,
    whatif,
)
from attribution.report.view import NONE, View

AUDIENCES = ("postmortem", "legal")
"""Audiences a document can be made for."""

PLANNED = ("claim", "regulator")

SECTIONS: Mapping[str, Callable[[View], list[Block]]] = {
    "notices": notices.build_notices,
    "contents": notices.build_contents,
    "summary": summary.build_summary,
    "overview": learning.build_overview,
    "impact": learning.build_impact,
    "parties": parties.build_parties,
    "sources": sources.build_sources,
    "chronology": chronology.build_chronology,
    "timeline": chronology.build_timeline,
    "changes": changes.build_changes,
    "sessions": sessions.build_sessions,
    "factors": learning.build_factors,
    "unusual": foreseen.build_unusual,
    "causes": causes.build_causes,
    "texts": texts.build_texts,
    "barriers": barriers.build_barriers,
    "shares": shares.build_shares,
    "culpability": culpability.build_culpability,
    "positions": positions.build_positions,
    "hypotheses": hypotheses.build_hypotheses,
    "whatif": whatif.build_what_if,
    "regimes": regimes.build_regimes,
    "benchmark": benchmark.build_benchmark,
    "lessons": learning.build_lessons,
    "unknowns": unknowns.build_unknowns,
    "register": register.build_register,
    "method": method.build_method,
    "glossary": method.build_glossary,
    "annex": events.build_annex,
}
"""Section name, as in the list `sections` of a template, -> what builds it."""

_ROOT_SHOWN = 16


def check_audience(audience: str, mode: str) -> None:
    """Raise AttributionError where no document for this audience can be made of such a case."""
    if audience in PLANNED:
        raise AttributionError(
            f"documents for the audience `{audience}` are not made by this version",
            got=audience,
            expected=" or ".join(AUDIENCES),
            remedy="ask for --audience legal, which has what they need in full",
        )
    if audience not in AUDIENCES:
        raise AttributionError(
            "there is no such audience", got=audience, expected=" or ".join(AUDIENCES)
        )
    if audience == "legal" and mode == "learning":
        raise AttributionError(
            "this case is for learning: no document with shares is made of it",
            file="case.yaml",
            place="mode",
            got="mode: learning",
            expected="mode: liability for a legal document",
            remedy="ask for --audience postmortem, or have who may do so change the mode",
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """A case as an audience may see it, its timeline condensed where it is long.

    `hide` is what was done to every text; it holds for the events that are not shown, too.
    """

    audience: str
    seen: Analysis
    hide: Hide
    digest: Digest | None = None


def prepare_edition(
    analysis: Analysis, audience: str, condensed: tuple[Analysis, Digest | None] | None = None
) -> Edition:
    """Return the case as the audience may see it; `condensed` where that was computed before.

    Raises AttributionError for another audience, and for a legal document of a case in learning
    mode.
    """
    check_audience(audience, analysis.manifest.mode)
    shown, digest = condensed or condense(analysis)
    learning = audience == "postmortem"
    hide = (hide_names if learning else hide_parties)(analysis)
    seen = learning_view(shown, hide) if learning else rename_parties(shown, hide)
    if digest is not None:
        digest = replace(digest, numbers=rewrite_numbers(digest.numbers, hide))
    return Edition(audience, seen, hide, digest)


def build_document(analysis: Analysis, audience: str) -> Document:
    """Return the document of a case for `postmortem` or `legal`.

    Raises AttributionError for another audience, for a legal document of a case in learning mode,
    and where a template asks for a section or a value that there is not.
    """
    return compose_document(prepare_edition(analysis, audience))


def compose_document(edition: Edition) -> Document:
    """Return the document of an edition. Raises AttributionError where a template is wrong."""
    audience = edition.audience
    view = View(spell_out_analysis(edition.seen), audience, edition.digest)
    blocks: list[Block] = []
    for name in view.wording.section_order():
        if name not in SECTIONS:
            raise AttributionError(
                "the template asks for a section that there is not",
                file=f"reports/templates/{audience}.toml",
                place="sections",
                got=name,
                expected=", ".join(SECTIONS),
            )
        blocks += SECTIONS[name](view)
    manifest = view.analysis.manifest
    root = view.analysis.merkle_root[:_ROOT_SHOWN]
    footer = f"{view.wording.text('common.case')} {manifest.id}"
    if root:
        footer += f" · {view.wording.text('common.evidence_root')} {root}"
    return Document(
        case=manifest.id,
        audience=audience,
        title=manifest.title,
        subtitle=f"{view.wording.text('document.name')}: {view.wording.text('document.subtitle')}",
        facts=_facts(view),
        footer=footer,
        blocks=tuple(blocks),
        data=_collect(edition, view),
        privilege=None if view.learning else manifest.privilege,
    )


def _collect(edition: Edition, view: View) -> dict[str, JsonValue]:
    data = collect_data(edition.seen, edition.audience, edition.digest)
    return data if view.learning else data | {"apportionment": view.apportioned.to_dict()}


def headings(document: Document) -> tuple[Heading, ...]:
    """Return the headings of the document, for contents and bookmarks."""
    return tuple(block for block in document.blocks if isinstance(block, Heading))


def _facts(view: View) -> tuple[tuple[str, str], ...]:
    manifest, wording = view.analysis.manifest, view.wording
    open_findings = any(f.status == "proposed" for f in view.analysis.graph.findings)
    start, end = manifest.period.start, manifest.period.end
    period = " – ".join(NONE if at is None else view.time(at) for at in (start, end))
    facts = [
        ("case", manifest.id),
        ("document", wording.text("document.name")),
        ("mode", wording.term("modes", "learning" if view.learning else manifest.mode)),
        ("status", wording.text("facts.draft" if open_findings else "facts.settled")),
        ("period", f"{period} UTC"),
        ("jurisdiction", "" if view.learning else manifest.jurisdiction or ""),
        ("evidence", str(len(view.analysis.evidence))),
        ("root", view.analysis.merkle_root),
        ("version", f"attribution {view.analysis.version}"),
        ("reproduce", f"attribution report CASE --audience {view.audience}"),
    ]
    return tuple((wording.text(f"facts.{key}"), value) for key, value in facts if value)
