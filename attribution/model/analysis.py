"""Everything one run of a case produced, in one value: the input of every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from attribution.model.actor import Actor
from attribution.model.commit import Commit
from attribution.model.comparison import Comparison, WhatIf
from attribution.model.cover import Cover
from attribution.model.event import Timeline
from attribution.model.graph import CausalGraph
from attribution.model.hypothesis import HypothesisMatrix
from attribution.model.loss import LossAssessment
from attribution.model.manifest import Manifest
from attribution.model.oversight import ChangeReview, Deployment
from attribution.model.record import EvidenceItem, Rejection
from attribution.model.release import ChangeRelease
from attribution.model.result import Attribution
from attribution.model.risk import ChangeRisk
from attribution.model.session import AgentSession
from attribution.model.switchboard import Switchboard
from attribution.model.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Analysis:
    """A case from evidence to result.

    `rejections` are by evidence id. `merkle_root` is over the evidence set (see
    `attribution.store.custody`). `what_if` has one entry for each breach set to its norm. `risks`
    and `releases` have one entry for each change that a finding is about, `cover` one for each
    policy of the case. `loss` is None where the case declares none, and in learning mode.
    `switchboard` is there only where a page is to be written in which facts can be switched.
    """

    manifest: Manifest
    evidence: tuple[EvidenceItem, ...]
    rejections: Mapping[str, tuple[Rejection, ...]]
    timeline: Timeline
    actors: tuple[Actor, ...]
    commits: tuple[Commit, ...]
    reviews: tuple[ChangeReview, ...]
    deployments: tuple[Deployment, ...]
    graph: CausalGraph
    attribution: Attribution
    comparison: Comparison
    what_if: tuple[WhatIf, ...]
    merkle_root: str
    version: str
    risks: tuple[ChangeRisk, ...] = ()
    releases: tuple[ChangeRelease, ...] = ()
    sessions: tuple[AgentSession, ...] = ()
    hypotheses: HypothesisMatrix = field(default_factory=HypothesisMatrix)
    cover: tuple[Cover, ...] = ()
    loss: LossAssessment | None = None
    worksheet: Worksheet = field(default_factory=Worksheet)
    switchboard: Switchboard | None = None
