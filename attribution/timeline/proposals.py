"""What joining rules look at, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from attribution.model.instant import Instant
from attribution.model.record import Record
from attribution.timeline.draft import Draft
from attribution.timeline.native_ids import POST, mentioned, system_of

Span = tuple[Instant, Instant, str, int]
"""Earliest and latest time, id and position of a draft."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Drafts (by position) that a rule would make one event, and on what that rests."""

    members: tuple[int, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Post:
    """A program's message in a chat: where it stands, who posted it where, and what it links to."""

    at: int
    record: Record
    system: str
    low: Instant
    high: Instant
    mentions: frozenset[str]

    @property
    def actor(self) -> str:
        """Return the name of whoever posted it, without case; empty where none is on record."""
        return (self.record.actor or "").casefold()

    def is_of(self, tool: str) -> bool:
        """Return whether the program goes by the name of a tool."""
        shown = self.record.data.get("by")
        names = (self.actor, shown.casefold() if isinstance(shown, str) else "")
        return any(name.startswith(tool) for name in names)


class Known:
    """The drafts of a case by kind, each kind's in time order."""

    def __init__(self, drafts: Sequence[Draft], formats: Mapping[str, str]) -> None:
        self.drafts = drafts
        self.formats = formats
        self.by_kind: dict[str, list[int]] = {}
        known = self.by_kind
        for at, draft in enumerate(drafts):
            kind = draft.testimonies[0].record.kind
            if kind in known:
                known[kind].append(at)
            else:
                known[kind] = [at]

    def has(self, *kinds: str) -> bool:
        """Return whether there is any draft of these kinds."""
        return any(kind in self.by_kind for kind in kinds)

    def all_of(self, fits: Callable[[str], bool]) -> list[int]:
        """Return the positions of the drafts of the kinds that fit, dated or not."""
        return [at for kind, found in self.by_kind.items() if fits(kind) for at in found]

    def spans(self, *kinds: str) -> list[Span]:
        """Return the dated drafts of these kinds with their bounds, in time order."""
        drafts = self.drafts
        found: list[Span] = []
        for kind in kinds:
            for at in self.by_kind.get(kind, ()):
                low, _, high = drafts[at].bounds
                if low is not None and high is not None:
                    found.append((low, high, drafts[at].id, at))
        found.sort()
        return found

    def bounds(self, at: int) -> tuple[Instant, Instant]:
        """Return the earliest and the latest time of a dated draft."""
        low, _, high = self.drafts[at].bounds
        if low is None or high is None:
            raise ValueError("an undated draft has no bounds")
        return low, high

    def record(self, at: int) -> Record:
        """Return the record of a draft that is believed first."""
        return self.drafts[at].testimonies[0].record

    def system(self, at: int) -> str:
        """Return the system that the record comes from."""
        return system_of(self.formats.get(self.drafts[at].testimonies[0].evidence, ""))

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The dated messages that a program posted, in time order."""
        return tuple(
            Post(at, record, self.system(at), low, high, frozenset(mentioned(record)))
            for low, high, _, at in self.spans(POST)
            if (record := self.record(at)).data.get("bot") is True
        )

    def follows(self, post: Post, at: int, window: int) -> bool:
        """Return whether a post may stand behind an entry, by no more than a window."""
        low, high = self.bounds(at)
        return post.high >= low and post.low - high <= window
