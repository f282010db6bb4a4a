"""The JSON format: the results themselves, as far as the audience may see them."""

from __future__ import annotations

from attribution.model.analysis import Analysis
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue
from attribution.report.response import find_marks

FORMAT_VERSION = 1


def collect_data(analysis: Analysis, audience: str) -> dict[str, JsonValue]:
    """Return the document of the JSON format.

    A learning document has no key for shares, positions or what-if: there is nothing to leave
    empty.
    """
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
            evidence: [dict(rejection.to_dict()) for rejection in rejections]
            for evidence, rejections in analysis.rejections.items()
        },
        "response": [mark.to_dict() for mark in find_marks(analysis)],
        "timeline": analysis.timeline.to_dict(),
        "graph": analysis.graph.to_dict(),
    }
    if analysis.risks:
        data["risks"] = [risk.to_dict() for risk in analysis.risks]
    if audience == "postmortem":
        return data
    return data | {
        "parties": [party.to_dict() for party in manifest.parties],
        "actors": [actor.to_dict() for actor in analysis.actors],
        "commits": [commit.to_dict() for commit in analysis.commits],
        "reviews": [review.to_dict() for review in analysis.reviews],
        "deployments": [deployment.to_dict() for deployment in analysis.deployments],
        "releases": [release.to_dict() for release in analysis.releases],
        "sessions": [session.to_dict() for session in analysis.sessions],
        "attribution": analysis.attribution.to_dict(),
        "comparison": analysis.comparison.to_dict(),
        "what_if": [entry.to_dict() for entry in analysis.what_if],
        "wanted_records": list(manifest.wanted_records),
    }
