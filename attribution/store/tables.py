"""The rows of the derived database: each model value as one row of plain columns.

Instants are microseconds since 1970 (UTC); truth values 0 or 1; lists and mappings JSON text.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from attribution.store.canonical import to_json
from attribution.store.conclusions import CONCLUSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from attribution.model.analysis import Analysis
    from attribution.model.interval import Interval
    from attribution.model.record import EvidenceItem

Row = dict[str, Any]

ANALYSIS_TABLES = (
    "actors",
    "aliases",
    "events",
    "witnesses",
    "clocks",
    "commits",
    "reviews",
    "deployments",
    "findings",
    "nodes",
    "edges",
    "tests",
    "proposals",
    "accounts",
    "contradictions",
    "results",
)
"""Tables that every analysis fills anew, each after those it refers to."""


def evidence_row(item: EvidenceItem) -> Row:
    """Return the register entry of an evidence item."""
    return {
        "id": item.id,
        "path": item.path,
        "format": item.format,
        "sha256": item.sha256,
        "size": item.size,
        "zone": item.zone,
        "offset_seconds": item.offset_seconds,
        "offset_error_seconds": item.offset_error_seconds,
        "offset_declared": int(item.has_declared_offset),
        "custodian": item.custodian,
        "collected": item.collected,
        "note": item.note,
        "synthetic": int(item.synthetic),
    }


def analysis_rows(analysis: Analysis, table: str) -> Iterable[Row]:
    """Return the rows of one of `ANALYSIS_TABLES`; KeyError for another table."""
    return _BUILDERS[table](analysis)


def _actors(analysis: Analysis) -> Iterator[Row]:
    for actor in analysis.actors:
        yield {"id": actor.id, "name": actor.name, "kind": actor.kind, "party": actor.party}


def _aliases(analysis: Analysis) -> Iterator[Row]:
    for actor in analysis.actors:
        for position, alias in enumerate(actor.aliases):
            yield {
                "actor": actor.id,
                "position": position,
                "name": alias.name,
                "basis": alias.basis,
            }


def _events(analysis: Analysis) -> Iterator[Row]:
    timeline = analysis.timeline
    for position, event in enumerate(chain(timeline.events, timeline.undated)):
        yield {
            "id": event.id,
            "position": position,
            "dated": int(position < len(timeline.events)),
            "kind": event.kind,
            "time": event.time,
            "time_low": event.time_low,
            "time_high": event.time_high,
            "written": event.written,
            "original_time": event.original_time,
            "actor": event.actor,
            "actor_name": event.actor_name,
            "subject": event.subject,
            "text": event.text,
            "native_id": event.native_id,
            "order_undecidable_with": to_json(list(event.order_undecidable_with)),
            "overlaps": event.overlaps,
            "data": to_json(dict(event.data)),
        }


def _witnesses(analysis: Analysis) -> Iterator[Row]:
    for event in chain(analysis.timeline.events, analysis.timeline.undated):
        for position, witness in enumerate(event.witnesses):
            yield {
                "event": event.id,
                "position": position,
                "evidence": witness.evidence,
                "place": witness.place,
            }


def _clocks(analysis: Analysis) -> Iterator[Row]:
    for source in analysis.timeline.sources:
        estimate = source.estimate
        yield {
            "evidence": source.evidence,
            "offset_seconds": source.offset_seconds,
            "offset_error_seconds": source.offset_error_seconds,
            "basis": source.offset_basis,
            "statement": source.clock_statement,
            "estimate": None if estimate is None else to_json(estimate.to_dict()),
        }


def _commits(analysis: Analysis) -> Iterator[Row]:
    for position, commit in enumerate(analysis.commits):
        yield {
            "position": position,
            "sha": commit.sha,
            "repository": commit.repository,
            "author": commit.author,
            "committer": commit.committer,
            "authored": commit.authored,
            "committed": commit.committed,
            "subject": commit.subject,
            "kind": commit.kind,
            "parents": to_json(list(commit.parents)),
            "agents": to_json([mark.to_dict() for mark in commit.agents]),
            "anomalies": to_json([anomaly.to_dict() for anomaly in commit.anomalies]),
            "files": to_json(list(commit.files)),
            "lines_added": commit.lines_added,
            "lines_removed": commit.lines_removed,
            "reverts": to_json(list(commit.reverts)),
            "pull_request": commit.pull_request,
            "evidence": to_json(list(commit.references)),
        }


def _reviews(analysis: Analysis) -> Iterator[Row]:
    for position, review in enumerate(analysis.reviews):
        document = review.to_dict()
        yield {
            "position": position,
            "repository": review.repository,
            "number": review.number,
            "title": review.title,
            "author": review.author,
            "head": review.head,
            "merge": review.merge,
            "commits": to_json(list(review.commits)),
            "opened": review.opened,
            "merged": review.merged,
            "merged_by": review.merged_by,
            "lines_changed": review.lines_changed,
            "approvals": to_json(document["approvals"]),
            "checks": to_json(document["checks"]),
            "verdict": review.verdict,
            "bypassed_by": review.bypassed_by,
            "evidence": to_json(list(review.references)),
        }


def _deployments(analysis: Analysis) -> Iterator[Row]:
    for position, deployment in enumerate(analysis.deployments):
        yield {
            "position": position,
            "id": deployment.id,
            "sha": deployment.sha,
            "environment": deployment.environment,
            "repository": deployment.repository,
            "creator": deployment.creator,
            "time": deployment.time,
            "state": deployment.state,
            "evidence": to_json(list(deployment.references)),
        }


def _nodes(analysis: Analysis) -> Iterator[Row]:
    for position, node in enumerate(analysis.graph.nodes):
        yield {
            "id": node.id,
            "position": position,
            "kind": node.kind,
            "statement": node.statement,
            "party": node.party,
            "actor": node.actor,
            "time": node.time,
            "time_low": node.time_low,
            "time_high": node.time_high,
            "status": node.status,
            "confirmed_by": node.confirmed_by,
            "credence": _interval(node.credence),
            "basis": node.basis,
            "duty": node.duty,
            "norm": node.norm,
            "equation": node.equation,
            "strength": _interval(node.strength),
            "leak": _interval(node.leak),
            "observed": int(node.observed),
            "evidence": to_json(list(node.evidence)),
            "rule": node.rule,
            "finding": node.finding,
            "control": node.control,
            "harm": node.harm,
        }


def _interval(value: Interval | None) -> str | None:
    return None if value is None else to_json(value.to_list())


def _edges(analysis: Analysis) -> Iterator[Row]:
    for position, edge in enumerate(analysis.graph.edges):
        yield {
            "position": position,
            "source": edge.source,
            "target": edge.target,
            "rule": edge.rule,
            "status": edge.status,
            "confirmed_by": edge.confirmed_by,
            "counterfactual": edge.counterfactual,
            "basis": edge.basis,
            "sufficient": int(edge.sufficient),
            "evidence": to_json(list(edge.evidence)),
            "finding": edge.finding,
        }


def _results(analysis: Analysis) -> Iterator[Row]:
    graph, timeline = analysis.graph, analysis.timeline
    documents: Mapping[str, object] = {
        "attribution": analysis.attribution.to_dict(),
        "barriers": [barrier.to_dict() for barrier in graph.barriers],
        "case": analysis.manifest.id,
        "checks": [check.to_dict() for check in graph.checks],
        "comparison": analysis.comparison.to_dict(),
        "duties": [duty.to_dict() for duty in graph.duties],
        "hypotheses": analysis.hypotheses.to_dict(),
        "gaps": [gap.to_dict() for gap in timeline.gaps],
        "merkle_root": analysis.merkle_root,
        "missing_factors": [factor.to_dict() for factor in graph.missing_factors],
        "open_orders": [order.to_dict() for order in graph.open_orders],
        "reach": [reach.to_dict() for reach in graph.reach],
        "rejections": {
            evidence: [rejection.to_dict() for rejection in rejections]
            for evidence, rejections in analysis.rejections.items()
        },
        "sources": [source.to_dict() for source in timeline.sources],
        "texts": None if graph.texts is None else graph.texts.to_dict(),
        "version": analysis.version,
        "what_if": [answer.to_dict() for answer in analysis.what_if],
    }
    for name, document in documents.items():
        yield {"name": name, "document": to_json(document)}


_BUILDERS = {
    "actors": _actors,
    "aliases": _aliases,
    "events": _events,
    "witnesses": _witnesses,
    "clocks": _clocks,
    "commits": _commits,
    "reviews": _reviews,
    "deployments": _deployments,
    **CONCLUSIONS,
    "nodes": _nodes,
    "edges": _edges,
    "results": _results,
}
