"""What texts put forward for the causal graph: outside its equations until a person accepts it.

A sentence that says what the cause was is its author's statement. It may be true; nobody has
tested it, and nothing of a share rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attribution.model.graph import Node
from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

RULE = "account"
"""The rule that reads texts; every proposal's id begins with it."""

PREFIX = f"{RULE}:"

PROPOSAL_KINDS = ("cause", "factor", "claim", "knowledge")
"""Says what caused what; says what was done or lacking; a party's claim; a warning given."""

ANSWERS = ("needed", "enough")
"""A person's answers to the counterfactual test that put a cause into its effect's equation."""

USUAL: Mapping[str, str] = MappingProxyType(
    {"cause": "needed", "counterfactual": "needed", "enabling": "needed", "prevention": "needed"}
)
"""The answer that a sentence's own relation gives; where it gives none a person must."""


@dataclass(frozen=True, slots=True)
class Account:
    """One sentence that speaks for or against a proposal, its place, and who says it.

    `speaker` is an actor's id or the name the text gives, `party` whose actor that is; `basis` the
    row of the credence table that such an account is. `hedge` is the word that weakens it, and
    `against` says that it is denied. `told` are those a warning was given to.
    """

    reference: str
    sentence: int
    text: str
    words: str
    speaker: str | None = None
    party: str | None = None
    time: Instant | None = None
    basis: str = "single_statement"
    hedge: str | None = None
    against: bool = False
    told: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the account by field."""
        return {
            "reference": self.reference,
            "sentence": self.sentence,
            "text": self.text,
            "words": self.words,
            "speaker": self.speaker,
            "party": self.party,
            "time": format_optional(self.time),
            "basis": self.basis,
            "hedge": self.hedge,
            "against": self.against,
            "told": list(self.told),
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something texts say that a person may take into the graph.

    `source` and `target` are nodes of the graph, or of `nodes`, those it does not have yet; a
    factor's `target` is what it would be a cause of if a person said so. `relation` is that of the
    sentence: cause, contribution, enabling, prevention, counterfactual, absence, act, warning or
    claim. `obstacle` says why it can be no cause in this graph. `answer` is the person's.
    """

    id: str
    kind: str
    relation: str
    statement: str
    source: str | None
    target: str | None
    counterfactual: str
    basis: str
    accounts: tuple[Account, ...]
    nodes: tuple[Node, ...] = ()
    value: int | None = None
    obstacle: str | None = None
    status: str = "proposed"
    answer: str | None = None
    decided_by: str | None = None
    decided_at: Instant | None = None
    because: str | None = None
    refuted_by: str = ""
    rule: str = RULE
    version: int = 1

    @property
    def awaits_decision(self) -> bool:
        """Whether no person has decided on it yet."""
        return self.decided_by is None or self.status == "proposed"

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return where the sentences stand, each place once."""
        return tuple(dict.fromkeys(account.reference for account in self.accounts))

    @property
    def is_cause(self) -> bool:
        """Whether, confirmed, it is a cause: none is that every account of it denies."""
        denied = all(account.against for account in self.accounts)
        return self.kind in {"cause", "factor"} and not denied

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the proposal document of `attribution graph --format json`."""
        return {
            "id": self.id,
            "rule": self.rule,
            "version": self.version,
            "kind": self.kind,
            "relation": self.relation,
            "statement": self.statement,
            "source": self.source,
            "target": self.target,
            "counterfactual": self.counterfactual,
            "basis": self.basis,
            "value": self.value,
            "obstacle": self.obstacle,
            "status": self.status,
            "answer": self.answer,
            "decided_by": self.decided_by,
            "decided_at": format_optional(self.decided_at),
            "because": self.because,
            "refuted_by": self.refuted_by,
            "evidence": list(self.evidence),
            "accounts": [account.to_dict() for account in self.accounts],
            "nodes": [node.to_dict() for node in self.nodes],
        }


@dataclass(frozen=True, slots=True)
class TextsRead:
    """What became of a case's texts: how many were read, what was left out, and what is missed.

    `left_out` counts what was found and not put forward, by the reason.
    """

    passages: int = 0
    sentences: int = 0
    telling: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    missed: str | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts by name."""
        return {
            "passages": self.passages,
            "sentences": self.sentences,
            "telling": self.telling,
            "left_out": dict(self.left_out),
            "missed": self.missed,
            "notes": list(self.notes),
        }
