"""The commits of one record as a history: who is who, the first-parent line, its habits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from attribution.model.actor import Actor, ActorDirectory
from attribution.model.instant import Instant
from attribution.model.record import JsonValue

SHORTEST = 20
"""With fewer commits than this nothing is called the rule."""

RULE = 0.9
"""The part of a history that must keep a habit for it to be the rule there."""

REGULAR = 0.05
"""The part of the first-parent line at which a committer is a regular one."""

_SEVERAL = 3
_PLATFORMS = frozenset({"github", "gitlab", "noreply@github.com", "noreply@gitlab.com"})
_BOT = re.compile(r".*\[bot\]|.*\[bot\]@users\.noreply\.github\.com", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identity:
    """Author or committer of a commit.

    `shown` is the id of the resolved actor, else the name; `key` is what identities compare by:
    the actor, else the address, else the name. `platform` is true for a platform's own identity.
    """

    shown: str
    key: str
    actor: Actor | None
    platform: bool

    @property
    def is_machine(self) -> bool:
        """Return whether a record or the case says that this is a bot or a service account."""
        if self.actor is not None and self.actor.kind in {"agent", "service_account"}:
            return True
        return _BOT.fullmatch(self.key) is not None


def identify(data: Mapping[str, JsonValue], role: str, directory: ActorDirectory) -> Identity:
    """Return who a commit's data says was its `author` or `committer`, by e-mail before name."""
    names = [data.get(f"{role}_email"), data.get(f"{role}_name")]
    known = [name for name in names if isinstance(name, str) and name]
    platform = any(name.casefold() in _PLATFORMS for name in known)
    for name in known:
        actor = directory.resolve(name)
        if actor is not None:
            return Identity(actor.id, actor.id, actor, platform)
    if not known:
        return Identity("unknown", "", None, platform=False)
    return Identity(known[-1], known[0].casefold(), None, platform)


class CommitFacts(Protocol):
    """What the checks ask of a commit: a `Commit`, or something smaller that can say as much."""

    @property
    def sha(self) -> str:
        """Return the commit id."""

    @property
    def parents(self) -> Sequence[str]:
        """Return the ids of its parents."""

    @property
    def authored(self) -> Instant | None:
        """Return when it was written."""

    @property
    def committed(self) -> Instant | None:
        """Return when it was committed."""

    @property
    def subject(self) -> Hashable:
        """Return the first line of its message, or what stands for it and is false without one."""

    @property
    def pull_request(self) -> int | None:
        """Return the number of the pull request that carried it."""


@dataclass(frozen=True)
class History:
    """Commits in time order, who wrote and committed each, and which are signed (None: not said).

    The four sequences run in parallel; a commit is named by its position in them. `tip` is the
    commit that is checked out, where that is known.
    """

    commits: Sequence[CommitFacts]
    authors: Sequence[Identity]
    committers: Sequence[Identity]
    signed: Sequence[bool | None]
    tip: str | None = None

    @cached_property
    def position(self) -> dict[str, int]:
        """Return where each sha stands in `commits`."""
        return {commit.sha: at for at, commit in enumerate(self.commits)}

    def parent(self, at: int) -> int | None:
        """Return the position of the first parent, None where it is not in the record."""
        parents = self.commits[at].parents
        return self.position.get(parents[0]) if parents else None

    @cached_property
    def line(self) -> tuple[int, ...]:
        """Return the chain of first parents, newest first: what was merged into.

        It is the one from the tip where that is known, else the longest.
        """
        if self.tip in self.position:
            return self._climb(self.position[self.tip])
        length: dict[int, int] = {}
        for start in range(len(self.commits)):
            chain: list[int] = []
            at: int | None = start
            while at is not None and at not in length:
                length[at] = 0
                chain.append(at)
                at = self.parent(at)
            below = 0 if at is None else length[at]
            for step in reversed(chain):
                below += 1
                length[step] = below
        tip = max(length, key=lambda at: (length[at], self.commits[at].sha), default=None)
        return self._climb(tip)

    def _climb(self, tip: int | None) -> tuple[int, ...]:
        found: list[int] = []
        while tip is not None and len(found) < len(self.commits):
            found.append(tip)
            tip = self.parent(tip)
        return tuple(found)

    @cached_property
    def platform(self) -> frozenset[str]:
        """Return the committers that commit what several others wrote, or are a known platform."""
        written_by: dict[str, set[str]] = defaultdict(set)
        for at in self.line:
            if self.authors[at].key != self.committers[at].key:
                written_by[self.committers[at].key].add(self.authors[at].key)
        known = {who.key for who in self.committers if who.platform}
        return frozenset(
            {key for key, authors in written_by.items() if len(authors) >= _SEVERAL} | known
        )

    @cached_property
    def regular(self) -> frozenset[str]:
        """Return who commits to the line by habit: the platform, machines, regular committers."""
        counts = Counter(self.committers[at].key for at in self.line)
        enough = max(_SEVERAL, REGULAR * len(self.line))
        often = {key for key, count in counts.items() if count >= enough}
        machines = {who.key for who in self.committers if who.is_machine}
        return self.platform | often | machines
