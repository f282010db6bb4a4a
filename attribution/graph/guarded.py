"""What a control stands in front of in one case, and what is recorded of the control there."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.graph.defects import NOT_TOLD, Defect
from attribution.model.graph import Node
from attribution.model.service import Service


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a control should have guarded, and what is recorded of the control.

    `subject` is the part of node ids that names it; `target` the node the control would have
    stopped; `doer` who went ahead. `state` is `present` (a sound approval is recorded), `unsound`
    (an approval that does not count, by `approver`), `absent`, or `unknown` (no record was
    supplied at all). `enforced` is whether the platform demanded the control then, where records
    show it, at `enforced_evidence`; None leaves it to what the policies say. `doubt` says what
    leaves open whether the approval came in time. `unseen` is a sentence on the gaps of the records
    that an approval may stand in, empty where there are none. `defect` is the kind of defect that
    the control had to do with; `bypass_record` the record of the causation that shows it got round
    (`RECORDS_OF_CAUSATION`), None without one. `factors` are codes that the breach shows.

    What records state of the control itself comes before what is concluded: `told` are the breaches
    they name for its absence, or conditions of nobody's, each alone enough; `set_by` is the party
    that last set it; `basis` is how far they are believed. `lifted` is whether who got round it did
    so by turning it off; `name` is what the records call this control, beside its kind.
    """

    subject: str
    target: str
    title: str
    doer: str | None
    state: str
    approver: str | None
    bypassed_by: str | None
    evidence: tuple[str, ...]
    defects: tuple[str, ...] = ()
    service: Service | None = None
    enforced: bool | None = None
    enforced_evidence: tuple[str, ...] = ()
    doubt: str = ""
    unseen: str = ""
    defect: Defect = NOT_TOLD
    bypass_record: str | None = None
    factors: tuple[str, ...] = ()
    told: tuple[Node, ...] | None = None
    set_by: str | None = None
    basis: str | None = None
    lifted: bool = False
    name: str | None = None
