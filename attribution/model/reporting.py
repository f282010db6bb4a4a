"""What a case declares for the reports that authorities are owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from attribution.model.instant import Instant

MOMENTS = ("aware", "determined", "classified", "resolved", "informed")
"""The moments that matter: those that start a clock, and when the authority was first told."""


@dataclass(frozen=True, slots=True)
class ReportingAnswer:
    """A person's answer to a question on which a duty to report turns."""

    question: str
    answer: bool
    by: str
    because: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """What a person puts into one block of a notification, as `RULE.BLOCK`."""

    block: str
    text: str
    by: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reporting:
    """The block `reporting` of `case.yaml`.

    `moments` are by the names of `MOMENTS`. `country` is whose public holidays count, as two
    letters; `zone` the one in which days begin, UTC where none is given.
    """

    moments: Mapping[str, Instant] = field(default_factory=dict)
    country: str | None = None
    zone: str | None = None
    answers: tuple[ReportingAnswer, ...] = ()
    entries: tuple[BlockEntry, ...] = ()
