"""Events: what the merged timeline holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attribution.model.clock import NONE, ClockEstimate
from attribution.model.gap import Gap
from attribution.model.instant import Instant, format_optional
from attribution.model.record import Accounting, JsonValue, Record, sum_accountings


@dataclass(frozen=True, slots=True)
class Witness:
    """A record that tells of an event: the evidence item and the place in it."""

    evidence: str
    place: str

    @property
    def reference(self) -> str:
        """Return `E1#line 4`, the form used wherever evidence is cited."""
        return f"{self.evidence}#{self.place}"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return evidence id and place."""
        return {"evidence": self.evidence, "place": self.place}


@dataclass(frozen=True, slots=True)
class Join:
    """Why records are one event: the rule that joined them and on what it rests here.

    `rule` is an id of `attribution.timeline.rules`, `records` are the references of those it
    joined (none where all witnesses were), `status` is what a person decided: `proposed`,
    `confirmed` or `contested`, or `certain` where nothing awaits a decision.
    """

    rule: str
    basis: str
    records: tuple[str, ...] = ()
    status: str = "certain"

    def to_dict(self) -> dict[str, JsonValue]:
        """Return rule, basis, records and status."""
        return {
            "rule": self.rule,
            "basis": self.basis,
            "records": list(self.records),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Relation:
    """Another event that an event refers to, by which rule, and on what that rests."""

    event: str
    rule: str
    basis: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the other event's id, rule and basis."""
        return {"event": self.event, "rule": self.rule, "basis": self.basis}


@dataclass(frozen=True, slots=True)
class Apart:
    """Events that a rule would have made one, and why they were left apart."""

    rule: str
    events: tuple[str, ...]
    records: tuple[str, ...]
    reason: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return rule, events, records and reason."""
        return {
            "rule": self.rule,
            "events": list(self.events),
            "records": list(self.records),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Precedent:
    """An event that came no later than another, by a record and not by a clock.

    `rule` is a row of `attribution/timeline/precedence.yaml`. `against_clocks` says that the
    recorded times contradict it: then it is told, and nothing is made of it.
    """

    event: str
    rule: str
    against_clocks: bool = False

    def to_dict(self) -> dict[str, JsonValue]:
        """Return event and rule, and the contradiction where there is one."""
        document: dict[str, JsonValue] = {"event": self.event, "rule": self.rule}
        return document | ({"against_clocks": True} if self.against_clocks else {})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with every record that witnesses it.

    `time`, `time_low`, `time_high` are corrected for the source's clock offset and widened by its
    error. `actor` is the id of a resolved actor where one is known, `actor_name` the name the
    record used. `order_undecidable_with` lists the nearest events whose intervals overlap this
    one's and that no record puts before or after it (at most 20, in time order; `overlaps` is the
    true number). `after` are the events that records put directly before it, `bounded_by` those
    from which `time_low` or `time_high` come where such an order made them narrower.
    `joined_by` says why several witnesses are one event; `relations` are the events this one refers
    to, which stay events of their own.
    """

    id: str
    kind: str
    time: Instant | None
    time_low: Instant | None
    time_high: Instant | None
    written: Instant | None
    original_time: str | None
    actor: str | None
    actor_name: str | None
    subject: str | None
    text: str
    native_id: str | None
    witnesses: tuple[Witness, ...]
    order_undecidable_with: tuple[str, ...] = ()
    overlaps: int = 0
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    after: tuple[Precedent, ...] = ()
    bounded_by: tuple[str, ...] = ()
    joined_by: tuple[Join, ...] = ()
    relations: tuple[Relation, ...] = ()

    @classmethod
    def of_record(cls, record: Record, evidence: str, id: str | None = None) -> Event:  # noqa: A002 - the field's name
        """Return what one record tells, taken alone; without an id it has the record's own."""
        return cls(
            id=record.id if id is None else id,
            kind=record.kind,
            time=record.time,
            time_low=record.time_low,
            time_high=record.time_high,
            written=record.written,
            original_time=record.original_time,
            actor=None,
            actor_name=record.actor,
            subject=record.subject,
            text=record.text,
            native_id=record.native_id,
            witnesses=(Witness(evidence, record.place),),
            data=record.data,
        )

    @property
    def references(self) -> tuple[str, ...]:
        """Return the evidence references of all witnesses, such as `E1#line 4`."""
        return tuple(witness.reference for witness in self.witnesses)

    @property
    def related(self) -> tuple[str, ...]:
        """Return the ids of the events this one refers to, each once, sorted."""
        return tuple(sorted({relation.event for relation in self.relations}))

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the event document of `attribution timeline --format json`."""
        return {
            "id": self.id,
            "time": format_optional(self.time),
            "time_low": format_optional(self.time_low),
            "time_high": format_optional(self.time_high),
            "written": format_optional(self.written),
            "original_time": self.original_time,
            "kind": self.kind,
            "actor": self.actor or self.actor_name,
            "actor_name": self.actor_name,
            "subject": self.subject,
            "text": self.text,
            "native_id": self.native_id,
            "place": self.witnesses[0].reference,
            "witnesses": [witness.to_dict() for witness in self.witnesses],
            "order_undecidable_with": list(self.order_undecidable_with),
            "overlaps": self.overlaps,
            "after": [precedent.to_dict() for precedent in self.after],
            "bounded_by": list(self.bounded_by),
            "data": dict(self.data),
            "joined_by": [join.to_dict() for join in self.joined_by],
            "related": [relation.to_dict() for relation in self.relations],
        }


@dataclass(frozen=True, slots=True)
class Source:
    """One evidence item's part in the timeline: its accounting after merging and its clock.

    `offset_seconds` was added to its times. `offset_basis` tells on what ground (`declared`,
    `estimated` or `none`), `clock_statement` says it in words, and `estimate` is what its records
    show of its clock, whether it was applied or not.
    `remarks` say how its entries were read where they leave it open.
    """

    evidence: str
    format: str
    accounting: Accounting
    offset_seconds: float = 0.0
    offset_error_seconds: float = 0.0
    offset_basis: str = NONE
    clock_statement: str = ""
    estimate: ClockEstimate | None = None
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the source entry of `attribution timeline --format json`."""
        return {
            "evidence": self.evidence,
            "format": self.format,
            "accounting": dict(self.accounting.to_dict()),
            "offset_seconds": self.offset_seconds,
            "offset_error_seconds": self.offset_error_seconds,
            "offset_basis": self.offset_basis,
            "clock_statement": self.clock_statement,
            "estimate": None if self.estimate is None else self.estimate.to_dict(),
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """The merged timeline: dated events in time order, undated ones apart, sources and gaps.

    `apart` holds what a joining rule would have made one event and what kept it from doing so.
    """

    events: Sequence[Event]
    undated: Sequence[Event]
    sources: tuple[Source, ...]
    gaps: tuple[Gap, ...]
    apart: tuple[Apart, ...] = ()

    @property
    def totals(self) -> Accounting:
        """Return what became of the entries of all sources together."""
        return sum_accountings(source.accounting for source in self.sources)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution timeline --format json`."""
        return {
            "events": [event.to_dict() for event in self.events],
            "undated": [event.to_dict() for event in self.undated],
            "sources": [source.to_dict() for source in self.sources],
            "totals": dict(self.totals.to_dict()),
            "gaps": [gap.to_dict() for gap in self.gaps],
            "left_apart": [apart.to_dict() for apart in self.apart],
        }
