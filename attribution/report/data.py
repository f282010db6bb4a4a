"""The JSON format: the results themselves, as far as the audience may see them."""

from __future__ import annotations

from attribution.model.analysis import Analysis
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue
from attribution.regimes.case_clocks import count_case
from attribution.report.digest import Digest
from attribution.timeline.response import find_marks

FORMAT_VERSION = 1

REJECTED = 1000
"""Rejected entries of one item that the document names, with place and reason."""


def collect_data(
    analysis: Analysis, audience: str, digest: Digest | None = None
) -> dict[str, JsonValue]:
    """Return the document of the JSON format.

    Of a timeline too long to be listed it has the events that documents show, each with its number
    in `timeline.numbers`, and `timeline.digest` with the figures of all and the file that has them.

    A learning document has no key for shares, positions or what-if: there is nothing to leave
    empty. One for a claim has none for positions and what-if, and one for cover.
    """
    if audience == "regulator":
        return collect_filings(analysis)
    manifest = analysis.manifest
    data: dict[str, JsonValue] = {
        "format_version": FORMAT_VERSION,
        "audience": audience,
        "case": manifest.id,
        "title": manifest.title,
        "summary": manifest.summary,
        "notice": manifest.notice,
        "synthetic": manifest.synthetic,
        "period": {
            "from": format_optional(manifest.period.start),
            "to": format_optional(manifest.period.end),
        },
        "version": analysis.version,
        "merkle_root": analysis.merkle_root,
        "evidence": [item.to_dict() for item in analysis.evidence],
        "rejected": {
            evidence: [dict(rejection.to_dict()) for rejection in rejections[:REJECTED]]
            for evidence, rejections in analysis.rejections.items()
        },
        "rejected_left_out": {
            evidence: len(rejections) - REJECTED
            for evidence, rejections in analysis.rejections.items()
            if len(rejections) > REJECTED
        },
        "response": [mark.to_dict() for mark in find_marks(analysis)],
        "timeline": _collect_timeline(analysis, digest),
        "graph": analysis.graph.to_dict(),
    }
    if analysis.risks:
        data["risks"] = [risk.to_dict() for risk in analysis.risks]
    if audience == "postmortem":
        data["actions"] = [action.to_dict() for action in manifest.actions]
        data["tellings"] = [telling.to_dict() for telling in manifest.tellings]
        return data
    if analysis.loss is not None:
        data["loss"] = analysis.loss.to_dict()
    data |= {
        "parties": [party.to_dict() for party in manifest.parties],
        "actors": [actor.to_dict() for actor in analysis.actors],
        "commits": [commit.to_dict() for commit in analysis.commits],
        "reviews": [review.to_dict() for review in analysis.reviews],
        "deployments": [deployment.to_dict() for deployment in analysis.deployments],
        "releases": [release.to_dict() for release in analysis.releases],
        "sessions": [session.to_dict() for session in analysis.sessions],
        "attribution": analysis.attribution.to_dict(),
    }
    if audience == "claim":
        return data | {"cover": [cover.to_dict() for cover in analysis.cover]}
    return data | {
        "comparison": analysis.comparison.to_dict(),
        "what_if": [entry.to_dict() for entry in analysis.what_if],
        "culpability": analysis.worksheet.to_dict(),
        "wanted_records": list(manifest.wanted_records),
    }


def collect_filings(analysis: Analysis) -> dict[str, JsonValue]:
    """Return what the document for authorities has: clocks, steps of the response, evidence."""
    manifest = analysis.manifest
    return {
        "format_version": FORMAT_VERSION,
        "audience": "regulator",
        "case": manifest.id,
        "title": manifest.title,
        "summary": manifest.summary,
        "notice": manifest.notice,
        "synthetic": manifest.synthetic,
        "version": analysis.version,
        "merkle_root": analysis.merkle_root,
        "evidence": [item.to_dict() for item in analysis.evidence],
        "response": [mark.to_dict() for mark in find_marks(analysis)],
        **count_case(analysis).to_dict(),
    }


def _collect_timeline(analysis: Analysis, digest: Digest | None) -> dict[str, JsonValue]:
    timeline = analysis.timeline.to_dict()
    if digest is None:
        return timeline
    shown = {event.id for event in (*analysis.timeline.events, *analysis.timeline.undated)}
    numbers: dict[str, JsonValue] = {
        event: number for event, number in digest.numbers.items() if event in shown
    }
    return timeline | {"digest": digest.to_dict(), "numbers": numbers}
