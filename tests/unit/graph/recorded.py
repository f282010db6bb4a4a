"""Small cases made of records, for tests of the rules: events in, causal graph and shares out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from attribution.graph.build import build_graph
from attribution.graph.equation import holds
from attribution.graph.sufficiency import actual_values
from attribution.model.actor import Actor, ActorDirectory, Alias, Party
from attribution.model.commit import Commit
from attribution.model.event import Event, Timeline, Witness
from attribution.model.gap import Gap
from attribution.model.graph import CausalGraph, Finding
from attribution.model.homonym import Homonym
from attribution.model.instant import MINUTE, SECOND, Instant, parse_instant
from attribution.model.manifest import Harm, Manifest, Policy
from attribution.model.origin import TracedOrigin
from attribution.model.oversight import ChangeReview, Deployment
from attribution.model.period import Period
from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.model.service import Objectives, Service
from attribution.model.session import AgentSession
from attribution.narrative.accounts import read_accounts
from attribution.narrative.passages import collect_names, collect_passages
from attribution.narrative.reading import Narrative
from attribution.responsibility.attribution import Attributor

START = parse_instant("2026-03-10T19:00:00Z")


def at(minutes: float) -> Instant:
    """Return the instant so many minutes after the beginning of the outage."""
    return Instant(START + round(minutes * MINUTE))


def actor(name: str, kind: str, party: str) -> Actor:
    """Return a declared actor known by its id alone."""
    return Actor(name, name, kind, party, (Alias(name, "case.yaml"),))


PARTIES = (
    Party("maker", "The agent", "agent"),
    Party("team", "The service team", "deployer"),
    Party("house", "The organisation", "organisation"),
)
ACTORS = (
    actor("bot", "agent", "maker"),
    actor("bot-two", "agent", "maker"),
    actor("operator", "person", "team"),
    actor("reviewer", "person", "team"),
    actor("lead", "person", "house"),
)
SERVICE = Service(
    id="shop",
    name="Shop",
    resources=("shop-*",),
    repositories=("shop",),
    environments=("production",),
    owner="house",
)
WHOLE = Harm(
    id="H1",
    title="The outage",
    service="shop",
    currency="USD",
    low=Decimal(1),
    point=Decimal(1),
    high=Decimal(1),
    start=START,
    end=at(240),
)
BASE = Manifest(
    id="recorded",
    title="A case made of records",
    mode="liability",
    period=Period(at(-60 * 24 * 30), at(60 * 24)),
    parties=PARTIES,
    actors=ACTORS,
    services=(SERVICE,),
    harms=(WHOLE,),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A case under test: a manifest and what its records came to."""

    manifest: Manifest = BASE
    events: tuple[Event, ...] = ()
    commits: tuple[Commit, ...] = ()
    reviews: tuple[ChangeReview, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    gaps: tuple[Gap, ...] = ()
    sessions: tuple[AgentSession, ...] = ()
    undated: tuple[Event, ...] = ()
    traced: tuple[TracedOrigin, ...] = ()
    homonyms: tuple[Homonym, ...] = ()
    texts: bool = False
    """Whether the texts of the events are read for what they say about causes."""

    def with_manifest(self, **changes: object) -> Recorded:
        """Return the case with some declarations changed."""
        return replace(self, manifest=replace(self.manifest, **changes))  # type: ignore[arg-type]

    def graph(self) -> CausalGraph:
        """Return the causal graph of the records."""
        ordered = sorted(self.events, key=lambda event: (event.time or 0, event.id))
        return build_graph(
            self.manifest,
            Timeline(tuple(ordered), self.undated, (), self.gaps),
            commits=self.commits,
            reviews=self.reviews,
            deployments=self.deployments,
            directory=ActorDirectory(self.manifest.actors),
            sessions=self.sessions,
            homonyms=self.homonyms,
            trace={one.fix: one for one in self.traced}.get,
            read_texts=lambda: self._read(ordered) if self.texts else None,
        )

    def _read(self, events: list[Event]) -> Narrative:
        names = collect_names(self.manifest, self.manifest.actors, ())
        return read_accounts(collect_passages(events), names)

    def attribute(self) -> Attribution:
        """Return the shares of the case."""
        return Attributor(self.graph(), self.manifest).attribute()

    def potency(self) -> dict[str, float]:
        """Return the potency of each party."""
        return {party.id: party.potency for party in self.attribute().parties}


def event(kind: str, minutes: float, who: str | None, text: str = "", **data: JsonValue) -> Event:
    """Return an event at that minute, witnessed at a place made of its kind and minute."""
    time = at(minutes)
    name = f"{kind}@{minutes:g}@{who}"
    return Event(
        id=name,
        kind=kind,
        time=time,
        time_low=time,
        time_high=Instant(time + SECOND - 1),
        written=None,
        original_time=None,
        actor=who,
        actor_name=who,
        subject=None,
        text=text,
        native_id=None,
        witnesses=(Witness("E1", f"line {abs(hash_of(name))}"),),
        data=data,
    )


def hash_of(text: str) -> int:
    """Return a small number made of the text, the same in every run."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


def happens(graph: CausalGraph, effect: str, world: Mapping[str, bool]) -> bool:
    """Return whether an effect comes about where these nodes are so, by the equations alone."""
    values = actual_values(graph.nodes)
    for node in graph.nodes:
        if node.id in world:
            values[node.id] = world[node.id]
        elif node.equation is not None:
            values[node.id] = holds(node.equation, node.id, values)
    return values[effect]


def found(graph: CausalGraph, name: str) -> Finding | None:
    """Return the finding of this id; a text's proposal counts as one."""
    told = [one.id for one in graph.proposals if f"account:{one.kind}" == name]
    if told:
        return Finding(name, "account", 1, "", "proposed", (), "")
    return next((one for one in graph.findings if one.id == name), None)


def alert(minutes: float = 1) -> Event:
    """Return the alert that shows the shop failing."""
    return event("alert.triggered", minutes, None, service="shop", incident="I1")


def deletion(
    minutes: float, who: str, session: str = "s1", error: str | None = None, role: str = "ops-role"
) -> Event:
    """Return a call that deletes the shop's environment, or tries to."""
    return event(
        "audit.call",
        minutes,
        who,
        "DeleteEnvironment",
        operation="DeleteEnvironment",
        read_only=False,
        resources=["shop-prod"],
        role=role,
        session=session,
        error=error,
    )


def prompt(minutes: float, text: str, session: str = "s1") -> Event:
    """Return what a person asked the agent to do."""
    return event("session.prompt", minutes, "operator", text, session=session, agent="bot")


def tool_call(minutes: float, who: str = "bot", session: str = "s1") -> Event:
    """Return the agent's own log of deleting the environment."""
    return event(
        "session.tool_call",
        minutes,
        who,
        "env delete shop-prod",
        session=session,
        agent=who,
        tool="shell",
        input={},
        call_id=f"c{minutes:g}",
        target="env delete shop-prod",
    )


def policy(control: str, *, enforced: bool, bypassed_by: str | None = None) -> Policy:
    """Return a policy that demands a control of the shop and its repository."""
    return Policy(
        id=f"P-{control}",
        text=f"{control} is demanded",
        demands=control,
        enforced=enforced,
        services=("shop",),
        repositories=("shop",),
        bypassed_by=bypassed_by,
        evidence=("E9#line 2",),
    )


OVERREACH = Recorded(
    events=(
        prompt(-30, "Please correct the rate on the export page."),
        tool_call(-1),
        deletion(-1, "bot"),
        alert(),
    )
)
"""An agent, asked for a small fix, deletes the environment of the shop."""

OBJECTIVES = Objectives(
    detect=300.0, acknowledge=900.0, mitigate=7200.0, owed_by="team", source="SLO"
)
