"""Blast radius: the declared dependencies followed outward from what a change or act hit.

What could be reached is what depends on a service that was hit, directly or over others. What was
reached is what the records show failing after it; that nothing is on record of a service is not
that it kept working. Source: Avizienis, Laprie, Randell and Landwehr 2004, Basic Concepts and
Taxonomy of Dependable and Secure Computing, IEEE TDSC 1(1), section 3.5 (error propagation from a
component to what uses its service).
"""

from __future__ import annotations

from collections.abc import Mapping

from attribution.graph.facts import Facts
from attribution.graph.rules.onset import failure_id, indications
from attribution.model.graph import Edge, Node
from attribution.model.instant import Instant
from attribution.model.reach import Reach, ReachedService
from attribution.model.service import Service


def trace_reach(
    facts: Facts, nodes: tuple[Node, ...], edges: tuple[Edge, ...]
) -> tuple[Reach, ...]:
    """Return the reach of each node that brought about a service's failure, in the graph's order.

    Of a failure that nothing in the graph brought about, the failure itself is the origin.
    """
    by_id = {node.id: node for node in nodes if node.status != "rejected"}
    failed = {failure_id(service): service for service in facts.manifest.services}
    hits: dict[str, list[Service]] = {}
    explained: set[str] = set()
    for edge in edges:
        if edge.target in failed and edge.target in by_id and edge.source in by_id:
            explained.add(edge.target)
            if edge.source not in failed and by_id[edge.source].kind in {"act", "event"}:
                hits.setdefault(edge.source, []).append(failed[edge.target])
    for failure, service in failed.items():
        if failure in by_id and failure not in explained:
            hits.setdefault(failure, []).append(service)
    return tuple(
        _trace(facts, by_id, by_id[origin], hit)
        for origin, hit in sorted(hits.items(), key=lambda item: list(by_id).index(item[0]))
    )


def _trace(facts: Facts, nodes: Mapping[str, Node], origin: Node, hit: list[Service]) -> Reach:
    ways = _ways(facts.manifest.services, hit)
    begun = origin.time_low
    reached = tuple(
        _look(facts, nodes, service, ways[service.id], begun)
        for service in sorted(
            (item for item in facts.manifest.services if item.id in ways),
            key=lambda item: (len(ways[item.id]), item.id),
        )
    )
    outside = tuple(
        service.name
        for service in facts.manifest.services
        if service.id not in ways
        and _look(facts, nodes, service, (service.id,), begun).state != "none"
    )
    return Reach(origin.id, origin.statement, reached, outside)


def _ways(services: tuple[Service, ...], hit: list[Service]) -> dict[str, tuple[str, ...]]:
    """Return the shortest way from a service hit to each that depends on it (breadth-first)."""
    ways: dict[str, tuple[str, ...]] = {service.id: (service.id,) for service in hit}
    queue = list(ways)
    for current in queue:
        for service in services:
            if current in service.depends_on and service.id not in ways:
                ways[service.id] = (*ways[current], service.id)
                queue.append(service.id)
    return ways


def _look(
    facts: Facts,
    nodes: Mapping[str, Node],
    service: Service,
    way: tuple[str, ...],
    begun: Instant | None,
) -> ReachedService:
    failure = nodes.get(failure_id(service))
    if failure is not None:
        state, first, evidence = "failed", failure.time, failure.evidence
    else:
        signs = indications(facts, service, begun, _end(facts))
        state = "signs" if signs else "none"
        first = signs[0].time if signs else None
        evidence = tuple(place for event in signs[:3] for place in event.references)
    return ReachedService(service.id, service.name, len(way) - 1, way, state, first, evidence)


def _end(facts: Facts) -> Instant | None:
    """Return when the last harm item ends, after which signs are of something else."""
    ends = [harm.end for harm in facts.manifest.harms]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None
