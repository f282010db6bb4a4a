"""What `case.yaml` declares, as typed values. `attribution.schema` reads and checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from attribution.model.actor import Actor, Party
from attribution.model.declared_loss import DeclaredLoss
from attribution.model.graph import Duty
from attribution.model.instant import Instant
from attribution.model.interval import Interval
from attribution.model.lessons import Action, Telling
from attribution.model.liability import Liability
from attribution.model.period import Period
from attribution.model.reporting import Reporting
from attribution.model.service import Service


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """An evidence item as the manifest declares it; `sha256` is None until it has been taken in.

    `offset_seconds` is None where none is declared; 0 says that the clock is to be left as it is.
    """

    id: str
    path: str
    format: str | None = None
    zone: str | None = None
    offset_seconds: float | None = None
    offset_error_seconds: float = 0.0
    custodian: str | None = None
    collected: Instant | None = None
    sha256: str | None = None
    note: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    repository: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule of the house: the control it demanded, where, and whether the platform enforced it.

    `demands` is a control id of the duty catalogue (`review`, `production_approval`, ...).
    `bypassed_by` is the actor who is recorded as having got round an enforced control.
    """

    id: str
    text: str
    demands: str
    enforced: bool
    source: str = ""
    services: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    bypassed_by: str | None = None
    evidence: tuple[str, ...] = ()
    since: Instant | None = None
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class DeclaredApproval:
    """An approval the manifest states: of which control, covering what, by whom, on what evidence.

    `covers` is a commit (any unambiguous prefix), `#12` for a pull request, or a node id.
    """

    control: str
    covers: str
    by: str
    at: Instant | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuspectChange:
    """A commit the author holds to have brought in the defect, and the service it reached."""

    commit: str
    statement: str = ""
    service: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What an actor was asked to do; `allows` has words for operations or resources in scope."""

    id: str
    actor: str
    text: str
    asked_by: str | None = None
    allows: tuple[str, ...] = ()
    session: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harm:
    """One divisible piece of harm with its amount range.

    Amounts are in `currency`. `start` and `end` bound the stretch of impact it stands for.
    """

    id: str
    title: str
    service: str
    currency: str
    low: Decimal
    point: Decimal
    high: Decimal
    start: Instant | None = None
    end: Instant | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A contested factual statement; true means that `node` has the value `value`."""

    id: str
    statement: str
    asserted_by: str
    node: str
    value: int = 1
    denied_by: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One party's version of the facts: which claims it holds true and which false."""

    id: str
    title: str
    held_by: str | None
    holds: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class ExtraCause:
    """A cause that no record shows and a hypothesis supposes: of which node, and since when."""

    of: str
    statement: str
    time: Instant | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation of what happened: the nodes it holds true or false, and what it supposes."""

    id: str
    title: str
    statement: str = ""
    holds: Mapping[str, bool] = field(default_factory=dict)
    extra_cause: ExtraCause | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredNode:
    """A node that the manifest adds, or (same id as a rule's) changes in the fields it gives."""

    id: str
    fields: Mapping[str, object]
    because: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredEdge:
    """The recorded test of one cause of a declared node."""

    source: str
    target: str
    counterfactual: str
    basis: str
    sufficient: bool = True
    evidence: tuple[str, ...] = ()


JOIN = "join:"
COPIES = "copies:"
ARROW = "->"
COVER = "cover:"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer to a proposed finding, node or edge, or to the joining of records.

    On a join, `on` is `join:EVENT` (records that a rule joined) or `copies:EVENT` (records that
    carry one native id, or are equal in all). On a clause of an insurance policy it is
    `cover:CLAUSE`. On an edge it is `source->target`, and
    `counterfactual` may have the person's answer to the test in place of the rule's. On what a text
    proposes, `answer` is that to the
    counterfactual test (`needed` or `enough`), `effect` the node it is a cause of, and with `duty`
    it is a breach by `party`.
    """

    on: str
    status: str
    by: str
    at: Instant | None
    because: str = ""
    counterfactual: str | None = None
    answer: str | None = None
    effect: str | None = None
    party: str | None = None
    duty: str | None = None

    @property
    def is_of_edge(self) -> bool:
        """Return whether it is about one cause of one effect."""
        return ARROW in self.on

    @property
    def is_of_records(self) -> bool:
        """Return whether it is about which records are one event, not about the causal graph."""
        return self.on.startswith((JOIN, COPIES))

    @property
    def is_of_cover(self) -> bool:
        """Return whether it is about a clause of a policy, not about the causal graph."""
        return self.on.startswith(COVER)


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Records that a person declares to tell of one event, each as `E1#line 3`."""

    records: tuple[str, ...]
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Culpability:
    """How blameworthy an unmet duty was, by a person's entry. `of` is a breach node or a party.

    Of several entries for one the last is in force; the others stay as the log of what was held.
    """

    of: str
    value: Interval
    by: str
    because: str
    source: str = ""
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """An interval a person set in place of a table's.

    `of` is a node or a kind of evidence, for a credence, or a control, for its effectiveness;
    `defect` the kind of defect that the effectiveness is against, None for all.
    """

    of: str
    value: Interval
    by: str
    because: str
    defect: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredDefect:
    """What kind of defect a change or an act had, by a person's entry.

    `of` is a commit (any unambiguous prefix), `#12` for a pull request, or a node id.
    """

    of: str
    kind: str
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class AbsenceBreach:
    """One breach that an absent control stands for, and who owed it.

    `owed_by` is a role, a party of the case, or `got_round_by` for the party of whoever got round
    the control; `form` is `act` or `omission`.
    """

    kind: str
    form: str
    owed_by: str
    duty: str


@dataclass(frozen=True, slots=True)
class DeclaredAbsence:
    """Who owed one absent control, by a person's entry in place of the table's.

    It holds where `demanded`, `enforced` and `got_round_by` are as given; None and () leave open.
    """

    control: str
    absent_when: str
    breaches: tuple[AbsenceBreach, ...]
    by: str
    because: str
    demanded: bool | None = None
    enforced: bool | None = None
    got_round_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """A claim that somebody made against an insured."""

    by: str
    at: Instant
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractCap:
    """The most that a contract lets one claim from a party, in the policy's currency."""

    party: str
    amount: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RecoveryNotice:
    """A notice of claim to a party from which the loss may be recovered."""

    party: str
    at: Instant
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpenseEstimate:
    """What handling a claim may cost beside the indemnity, by a person's entry."""

    low: Decimal
    point: Decimal
    high: Decimal
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class InsuranceEntry:
    """A policy that may answer for the case, and what was done under it.

    `policy` is the path of its file in the case folder; `heads` the head of loss of harm items, by
    their ids; `law` a row of the table of limitation periods.
    """

    policy: str
    insured: tuple[str, ...]
    first_aware: Instant | None = None
    notified: Instant | None = None
    claims: tuple[ClaimMade, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)
    caps: tuple[ContractCap, ...] = ()
    put_on_notice: tuple[RecoveryNotice, ...] = ()
    expense: ExpenseEstimate | None = None
    law: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole `case.yaml`."""

    id: str
    title: str
    mode: str
    period: Period
    parties: tuple[Party, ...] = ()
    actors: tuple[Actor, ...] = ()
    services: tuple[Service, ...] = ()
    evidence: tuple[EvidenceEntry, ...] = ()
    policies: tuple[Policy, ...] = ()
    approvals: tuple[DeclaredApproval, ...] = ()
    changes: tuple[SuspectChange, ...] = ()
    tasks: tuple[Task, ...] = ()
    duties: tuple[Duty, ...] = ()
    harms: tuple[Harm, ...] = ()
    claims: tuple[Claim, ...] = ()
    positions: tuple[Position, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    nodes: tuple[DeclaredNode, ...] = ()
    edges: tuple[DeclaredEdge, ...] = ()
    decisions: tuple[Decision, ...] = ()
    equivalences: tuple[Equivalence, ...] = ()
    culpability: tuple[Culpability, ...] = ()
    credences: tuple[Override, ...] = ()
    credence_kinds: tuple[Override, ...] = ()
    effectiveness: tuple[Override, ...] = ()
    absent_controls: tuple[DeclaredAbsence, ...] = ()
    defects: tuple[DeclaredDefect, ...] = ()
    liability: Liability | None = None
    jurisdiction: str | None = None
    summary: str = ""
    notice: str = ""
    synthetic: bool = False
    privilege: str | None = None
    wanted_records: tuple[str, ...] = ()
    insurance: tuple[InsuranceEntry, ...] = ()
    loss: DeclaredLoss | None = None
    reporting: Reporting | None = None
    actions: tuple[Action, ...] = ()
    tellings: tuple[Telling, ...] = ()
