"""From an analysis to a document for an audience: the only way any report is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from attribution.errors import AttributionError
from attribution.model.analysis import Analysis
from attribution.model.record import JsonValue
from attribution.regimes.case_clocks import count_case
from attribution.report.blocks import Block, Document, Heading
from attribution.report.data import collect_data
from attribution.report.digest import Digest, condense
from attribution.report.handwritten import OWN, build_section, place_sections
from attribution.report.house import House
from attribution.report.names import Hide, hide_names, hide_parties, hide_people
from attribution.report.notification import draft_notifications
from attribution.report.redaction import (
    claim_view,
    learning_view,
    regulator_view,
    rename_parties,
    rewrite_numbers,
    spell_out_analysis,
)
from attribution.report.safety import spell_out
from attribution.report.sections import (
    actions,
    barriers,
    benchmark,
    causes,
    changes,
    chronology,
    claim,
    contradictions,
    cover,
    culpability,
    events,
    foreseen,
    hypotheses,
    learning,
    loss,
    method,
    notices,
    parties,
    positions,
    quantum,
    recovery,
    regimes,
    register,
    reporting,
    sessions,
    shares,
    sources,
    summary,
    swimlanes,
    texts,
    unknowns,
    whatif,
)
from attribution.report.view import NONE, View
from attribution.report.wording import PLAIN, Wording

AUDIENCES = ("postmortem", "legal", "claim", "regulator")
"""Audiences a document can be made for."""

_LIABILITY = ("legal", "claim")

ANNEX = "annex"
"""The section that lists the events."""

SECTIONS: Mapping[str, Callable[[View], list[Block]]] = {
    "actions": actions.build_actions,
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
    "swimlanes": swimlanes.build_swimlanes,
    "factors": learning.build_factors,
    "unusual": foreseen.build_unusual,
    "causes": causes.build_causes,
    "texts": texts.build_texts,
    "barriers": barriers.build_barriers,
    "shares": shares.build_shares,
    "culpability": culpability.build_culpability,
    "positions": positions.build_positions,
    "contradictions": contradictions.build_contradictions,
    "hypotheses": hypotheses.build_hypotheses,
    "whatif": whatif.build_what_if,
    "loss": loss.build_loss,
    "regimes": regimes.build_regimes,
    "benchmark": benchmark.build_benchmark,
    "lessons": learning.build_lessons,
    "unknowns": unknowns.build_unknowns,
    "filing": reporting.build_filing,
    "notifications": reporting.build_notifications,
    "register": register.build_register,
    "method": method.build_method,
    "glossary": method.build_glossary,
    ANNEX: events.build_annex,
    "claim": claim.build_claim,
    "loss_notice": claim.build_loss_notice,
    "cover": cover.build_cover,
    "quantum": quantum.build_quantum,
    "recovery": recovery.build_recovery,
    "evidence_index": cover.build_evidence_index,
}
"""Section name, as in the list `sections` of a template, -> what builds it."""

_SIGHT: Mapping[str, tuple[Callable[[Analysis], Hide], Callable[[Analysis, Hide], Analysis]]] = {
    "postmortem": (hide_names, learning_view),
    "legal": (hide_parties, rename_parties),
    "claim": (hide_parties, claim_view),
    "regulator": (hide_people, regulator_view),
}
"""Audience -> what is put in place of names, and what of the case the audience may see."""

_ROOT_SHOWN = 16


def check_audience(audience: str, mode: str) -> None:
    """Raise AttributionError where no document for this audience can be made of such a case."""
    if audience not in AUDIENCES:
        raise AttributionError(
            "there is no such audience", got=audience, expected=" or ".join(AUDIENCES)
        )
    if audience in _LIABILITY and mode == "learning":
        raise AttributionError(
            "this case is for learning: no document with shares is made of it",
            file="case.yaml",
            place="mode",
            got="mode: learning",
            expected=f"mode: liability for a document for `{audience}`",
            remedy="ask for --audience postmortem, or have who may do so change the mode",
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """A case as an audience may see it, its timeline condensed where it is long.

    `hide` is what was done to every text; it holds for the events that are not shown, too. An
    audience whose template lists no events has no digest of them.
    """

    audience: str
    seen: Analysis
    hide: Hide
    digest: Digest | None = None
    house: House = PLAIN


def prepare_edition(
    analysis: Analysis,
    audience: str,
    condensed: tuple[Analysis, Digest | None] | None = None,
    house: House = PLAIN,
) -> Edition:
    """Return the case as the audience may see it; `condensed` where that was computed before.

    Raises AttributionError for another audience, and for a liability document of a case in
    learning mode.
    """
    check_audience(audience, analysis.manifest.mode)
    shown, digest = condensed or condense(analysis)
    hiding, showing = _SIGHT[audience]
    hide = hiding(analysis)
    seen = showing(shown, hide)
    if ANNEX not in Wording(audience, house).section_order():
        digest = None
    if digest is not None:
        digest = replace(digest, numbers=rewrite_numbers(digest.numbers, hide))
    return Edition(audience, seen, hide, digest, house)


def build_document(analysis: Analysis, audience: str, house: House = PLAIN) -> Document:
    """Return the document of a case for one of `AUDIENCES`.

    Raises AttributionError for another audience, for a liability document of a case in learning
    mode, and where a template asks for a section or a value that there is not.
    """
    return compose_document(prepare_edition(analysis, audience, house=house))


def compose_document(edition: Edition) -> Document:
    """Return the document of an edition. Raises AttributionError where a template is wrong."""
    audience = edition.audience
    view = View(spell_out_analysis(edition.seen), audience, edition.digest, edition.house)
    written = {
        name: (file, spell_out(edition.hide(text)))
        for name, (file, text) in edition.house.list_sections(audience).items()
    }
    blocks: list[Block] = []
    for name in place_sections(view.wording.section_order(), written, SECTIONS):
        if name not in SECTIONS and not name.startswith(OWN):
            raise AttributionError(
                "the template asks for a section that there is not",
                file=view.wording.find_file("sections"),
                place="sections",
                got=name,
                expected=", ".join(SECTIONS),
            )
        blocks += build_section(view, name, SECTIONS.get(name), written)
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
        house=edition.house,
    )


def _collect(edition: Edition, view: View) -> dict[str, JsonValue]:
    """Return the data of the document, with what only its audience has."""
    data = collect_data(edition.seen, edition.audience, edition.digest)
    if view.audience == "legal":
        data["apportionment"] = view.apportioned.to_dict()
    if view.audience == "regulator":
        drafts = draft_notifications(view, count_case(view.analysis))
        data["notifications"] = [draft.to_dict() for draft in drafts]
    return data


def headings(document: Document) -> tuple[Heading, ...]:
    """Return the headings of the document, for contents and bookmarks."""
    return tuple(block for block in document.blocks if isinstance(block, Heading))


def _mode(view: View) -> str:
    """Return the words for the mode; what goes to an authority is made in either."""
    if view.audience == "regulator":
        return ""
    mode = "learning" if view.learning else view.analysis.manifest.mode
    return view.wording.term("modes", mode)


def _facts(view: View) -> tuple[tuple[str, str], ...]:
    manifest, wording = view.analysis.manifest, view.wording
    open_findings = any(f.status == "proposed" for f in view.analysis.graph.findings)
    start, end = manifest.period.start, manifest.period.end
    period = " – ".join(NONE if at is None else view.time(at) for at in (start, end))
    facts = [
        ("case", manifest.id),
        ("document", wording.text("document.name")),
        ("mode", _mode(view)),
        ("status", wording.text("facts.draft" if open_findings else "facts.settled")),
        ("period", f"{period} UTC"),
        ("jurisdiction", "" if view.learning else manifest.jurisdiction or ""),
        ("evidence", str(len(view.analysis.evidence))),
        ("root", view.analysis.merkle_root),
        ("version", f"attribution {view.analysis.version}"),
        ("reproduce", f"attribution report CASE --audience {view.audience}"),
    ]
    return tuple((wording.text(f"facts.{key}"), value) for key, value in facts if value)
