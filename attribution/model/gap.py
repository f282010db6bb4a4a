"""Gaps: what a source shows to be missing from it, and what then cannot be concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from attribution.model.instant import MINUTE, Instant, format_optional
from attribution.model.record import JsonValue

_OTHERS = "the missing records, or a word on why the source had nothing to record then"

DISORDER: Final = "disorder"
"""The kind of gap in which nothing is missing but the order."""

GAP_KINDS: Final = MappingProxyType(
    {
        "silence": ("nothing for longer than the source's habit, and then it goes on", _OTHERS),
        "stop": ("the source stops while others go on", _OTHERS),
        "late_start": (
            "the source begins only after the harm did, while others go back before it",
            _OTHERS,
        ),
        "sequence": (
            "numbers that are given out one by one are missing",
            "the records with these numbers",
        ),
        "mid_story": (
            "the source tells the end of stories whose beginning it does not have",
            "the records these stories begin with",
        ),
        "rotation": (
            "a message about lost or rotated records, or a missing file of a rotated log",
            "the older file, or a word that nothing of it is of concern",
        ),
        "truncated": (
            "the file shows that it was cut, or contradicts itself",
            "a whole export of the same source",
        ),
        "undated": (
            "records without a usable time",
            "a record of when these were made",
        ),
        DISORDER: (
            "what records say of their order and what their times say cannot both be true",
            "a clock that was set right, or another record of when these took place",
        ),
    }
)
"""What each kind of gap is, and what would refute that it is one."""

TIMELESS: Final = ("identity.", "team.", "codeowners", "protection.state", "tag")
"""Kinds that say how things stand: without a time nothing is missing from them."""

_RECORDED: Final = (
    ("audit.call", "a call on a live resource"),
    ("alert.", "an alert or an answer to it"),
    ("incident.", "a step of the response"),
    ("chat.", "a message"),
    ("mail.", "a mail"),
    ("review.", "a review"),
    ("pull_request.", "a step of a pull request"),
    ("protection.", "a change of a protection"),
    ("check.", "a check"),
    ("workflow.", "a run of a workflow"),
    ("deployment.", "a deployment or a roll-back"),
    ("pipeline.", "a deployment or a roll-back"),
    ("infrastructure.", "a change of the infrastructure"),
    ("status.", "a status update"),
    ("commit", "a commit"),
    ("session.", "an action of the agent"),
    ("log.", "a log line"),
    ("span", "a span"),
    ("monitoring.", "an entry of the monitoring"),
    ("cluster.", "an event of the cluster"),
)
"""Kind of record, by how its name begins, and what its absence would have to prove."""


NOT_SHOWN: Final = "that none shows it is no evidence that it was not"
NOT_EARLIER: Final = "an earlier one may be missing"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Stake:
    """A stretch of time that matters: a harm item, or the period of the case."""

    name: str
    start: Instant | None
    end: Instant | None
    harm: bool = True

    def overlap(self, low: Instant, high: Instant) -> int | None:
        """Return by how many microseconds a stretch lies in it, None where it lies outside."""
        start = low if self.start is None else max(self.start, low)
        end = high if self.end is None else min(self.end, high)
        return end - start if start <= end else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a source shows to be missing: a cut export, a silence, an undated record.

    `kind` is a key of `GAP_KINDS`. `time_low` and `time_high` bound the stretch from which records
    may be missing; both are None where nothing tells. `recorded` are the kinds of record the source
    (or the part of it that fell silent) holds, empty where nothing of it could be read.
    `references` are the places it rests on, `numbers` what was counted, durations in seconds.
    `bears_on` says which stakes of the case it overlaps. `mark` tells gaps of one kind apart.
    """

    evidence: str
    reason: str
    time_low: Instant | None = None
    time_high: Instant | None = None
    kind: str = "truncated"
    mark: str = ""
    recorded: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    numbers: Mapping[str, JsonValue] = field(default_factory=dict)
    bears_on: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the id of its finding; it stays the same when other evidence is added."""
        mark = self.mark or format_optional(self.time_low) or "whole"
        return f"gap:{self.evidence}:{self.kind}:{mark}"

    @property
    def is_bounded(self) -> bool:
        """Whether it is known from which stretch records may be missing."""
        return self.time_low is not None or self.time_high is not None

    @property
    def refuted_by(self) -> str:
        """Return what would show that nothing is missing."""
        return GAP_KINDS[self.kind][1]

    @property
    def consequence(self) -> str:
        """Return in words what must not be concluded from the absence of a record."""
        if self.kind == "undated":
            return (
                "What has no time is in no order with the rest: that nothing of the kind is dated"
                " to some time is no evidence that there was none of it then."
            )
        if self.kind == DISORDER:
            return "Nothing is concluded from the order of these records among themselves."
        where = "in this stretch" if self.is_bounded else "in it"
        what = self.missing_words
        of = f" of {what}" if what else ""
        then = "there was none" if what else "nothing happened"
        return f"Absence of a record{of} {where} is no evidence that {then}."

    @property
    def missing_words(self) -> str:
        """Return in words what a missing record may have told of, nothing where all is open."""
        told = dict.fromkeys(
            words
            for start, words in _RECORDED
            if any(kind.startswith(start) for kind in self.recorded)
        )
        return _enumerate(list(told))

    def could_hide(
        self, families: Iterable[str], low: Instant | None, high: Instant | None
    ) -> bool:
        """Whether a record of one of the families, between two times, may be missing here.

        A family is the beginning of a kind (`alert.`). A source of which nothing could be read
        may have held any; a gap without bounds may be anywhere.
        """
        if self.kind == DISORDER:
            return False
        kinds = self.recorded
        held = not kinds or any(kind.startswith(start) for start in families for kind in kinds)
        after = low is not None and self.time_high is not None and self.time_high < low
        before = high is not None and self.time_low is not None and self.time_low > high
        return held and not after and not before

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `gaps` in `attribution timeline --format json`."""
        return {
            "id": self.id,
            "kind": self.kind,
            "evidence": self.evidence,
            "reason": self.reason,
            "time_low": format_optional(self.time_low),
            "time_high": format_optional(self.time_high),
            "recorded": list(self.recorded),
            "references": list(self.references),
            "numbers": dict(self.numbers),
            "bears_on": list(self.bears_on),
            "consequence": self.consequence,
        }


def span_words(microseconds: float) -> str:
    """Return a duration in its two largest units: `47 min`, `2 d 3 h`."""
    seconds = round(microseconds / (MINUTE // 60))
    sizes = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    parts: list[str] = []
    for unit, size in sizes:
        amount, seconds = divmod(seconds, size)
        if amount or parts:
            parts.append(f"{amount} {unit}" if amount else "")
    return " ".join(part for part in parts[:2] if part) or "less than 1 s"


def word_unseen(gaps: Iterable[Gap], conclusion: str = NOT_SHOWN) -> str:
    """Return the sentence about what these gaps may hide, a space before it; empty for none."""
    named = [gap.id for gap in gaps]
    if not named:
        return ""
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return (
        f" The records have {'a gap' if len(named) == 1 else 'gaps'} there"
        f" ({', '.join(named[:_NAMED])}{more}): {conclusion}."
    )


def _enumerate(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
