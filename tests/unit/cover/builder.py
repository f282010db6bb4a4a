"""A synthetic policy and case: roles instead of names, amounts that can be checked by hand."""

from __future__ import annotations

from decimal import Decimal

from attribution.cover.facts import CoverFacts
from attribution.model.actor import Actor, Party
from attribution.model.cover import LossItem
from attribution.model.graph import Barrier, CausalGraph, Node
from attribution.model.instant import HOUR, Instant, parse_instant
from attribution.model.loss import Range
from attribution.model.manifest import Claim, InsuranceEntry, Manifest
from attribution.model.period import Period
from attribution.model.policy import Clause, FactTest, InsurancePolicy, Terms
from attribution.model.service import Service

START = parse_instant("2026-03-10T00:00:00Z")
Span = tuple[float, float] | None
ALWAYS = FactTest("judgement", {"question": "Is it so?"})


def hours(count: float) -> Instant:
    """Return so many hours after the beginning of the failure."""
    return Instant(START + int(count * HOUR))


def agreement(name: str, heads: str, terms: Terms | None = None) -> Clause:
    """Return an agreement for heads that are named with blanks between them."""
    return Clause(
        name, "agreement", name, "t", ALWAYS, heads=tuple(heads.split()), terms=terms or Terms()
    )


def policy(*clauses: Clause, limit: object = 1_000_000, **changes: object) -> InsurancePolicy:
    return InsurancePolicy(
        id="p",
        title="Policy",
        insurer="the insurer",
        currency="USD",
        trigger="claims_made",
        start=parse_instant("2026-01-01T00:00:00Z"),
        end=parse_instant("2027-01-01T00:00:00Z"),
        limit=Decimal(str(limit)),
        clauses=clauses,
        **changes,  # type: ignore[arg-type]
    )


def head(name: str, kind: str | None, likely: object, span: Span = None) -> LossItem:
    """Return a head of loss: half of the amount at least, twice at most."""
    amount = Decimal(str(likely))
    start, end = (None, None) if span is None else (hours(span[0]), hours(span[1]))
    return LossItem(name, name, kind, Range(amount / 2, amount, amount * 2), start, end, ("E1#1",))


def facts(
    *nodes: Node,
    barriers: tuple[Barrier, ...] = (),
    of: InsurancePolicy | None = None,
    entry: InsuranceEntry | None = None,
    **changes: object,
) -> CoverFacts:
    """Return a case with these nodes: `team` is insured, `bot` is an AI agent of `vendor`."""
    manifest = Manifest(
        id="c",
        title="C",
        mode="liability",
        period=Period(None, None),
        parties=(Party("team", "The team", "deployer"), Party("vendor", "The vendor", "vendor")),
        actors=(Actor("bot", "Bot", "agent", "vendor"),),
        services=(Service("web", "Web", owner="team"),),
        claims=(Claim("C1", "The bot did it alone.", "team", "contested_act", 1, ("vendor",)),),
        **changes,  # type: ignore[arg-type]
    )
    graph = CausalGraph(nodes, (), barriers=barriers)
    entry = entry or InsuranceEntry("p.yaml", ("team",))
    return CoverFacts(
        manifest, graph, (), of or policy(), entry, (head("H", "data_restoration", 10),)
    )
