"""What joining rules look at, and what they give back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from attribution.model.instant import Instant
from attribution.model.record import Record
from attribution.timeline.draft import Draft
from attribution.timeline.native_ids import POST, mentioned, system_of


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
    """The drafts of a case, by kind; only the kinds that some rule asks for are kept."""

    def __init__(
        self, drafts: Sequence[Draft], formats: Mapping[str, str], kinds: Iterable[str]
    ) -> None:
        self.drafts = drafts
        self.formats = formats
        self._by_kind: dict[str, list[int]] = {kind: [] for kind in kinds}
        known = self._by_kind.get
        for at, draft in enumerate(drafts):
            found = known(draft.testimonies[0].record.kind)
            if found is not None:
                found.append(at)

    def of(self, *kinds: str) -> list[int]:
        """Return the positions of the dated drafts of these kinds, in time order."""
        found = [at for kind in kinds for at in self._by_kind[kind] if self.is_dated(at)]
        return sorted(found, key=lambda at: (*self.bounds(at), self.drafts[at].id))

    def has(self, *kinds: str) -> bool:
        """Return whether there is any draft of these kinds."""
        return any(self._by_kind[kind] for kind in kinds)

    def is_dated(self, at: int) -> bool:
        """Return whether a draft has a time."""
        return self.drafts[at].bounds[0] is not None

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
            Post(at, record, self.system(at), *self.bounds(at), frozenset(mentioned(record)))
            for at in self.of(POST)
            if (record := self.record(at)).data.get("bot") is True
        )

    def follows(self, post: Post, at: int, window: int) -> bool:
        """Return whether a post may stand behind an entry, by no more than a window."""
        low, high = self.bounds(at)
        return post.high >= low and post.low - high <= window
