"""How a change got out: what carries it, where it went, for how long, what it was built with."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.interval import Interval
from attribution.model.order import OpenOrder
from attribution.model.record import JsonValue

CONTENTS = ("carries", "reverted", "without", "unknown")
"""What a tree has of a change: it is there; it was there and is taken back; it never was there; the
history on record does not tell."""

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Carrier:
    """A commit that brings the change.

    `how` is `itself`, `says_so` (a message says that one was picked from the other) or `same_patch`
    (its patch is the same, by git-patch-id).
    """

    sha: str
    how: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the carrier."""
        return {"commit": self.sha, "how": self.how}


@dataclass(frozen=True, slots=True)
class Revert:
    """A commit that takes `of` back: its message says so, or its patch is the reverse."""

    sha: str
    of: str
    how: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the revert."""
        return {"commit": self.sha, "of": self.of, "how": self.how}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a tree has of the change, one of `CONTENTS`; by which carrier, and what took it back."""

    state: str
    carrier: Carrier | None = None
    revert: str | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return state, carrier and revert."""
        return {
            "state": self.state,
            "carrier": None if self.carrier is None else self.carrier.to_dict(),
            "reverted_by": self.revert,
        }


@dataclass(frozen=True, slots=True)
class Move:
    """A tag moved from one commit (None: not on record) to another; `source` says who tells it."""

    time: Instant | None
    before: str | None
    after: str
    source: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the move."""
        return {
            "time": format_optional(self.time),
            "from": self.before,
            "to": self.after,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class ReleaseTag:
    """A tag whose commit has the change, or had it; a lightweight tag has no date of its own.

    `moves` is None where nothing would show a move: that a tag never moved is then not visible.
    """

    name: str
    sha: str
    annotated: bool
    tagged: Instant | None
    committed: Instant | None
    contents: Contents
    moves: tuple[Move, ...] | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the tag with what it has of the change."""
        return {
            "name": self.name,
            "commit": self.sha,
            "annotated": self.annotated,
            "tagged": format_optional(self.tagged),
            "committed": format_optional(self.committed),
            **self.contents.to_dict(),
            "moves": None if self.moves is None else [move.to_dict() for move in self.moves],
        }


@dataclass(frozen=True, slots=True)
class Exposure:
    """A stretch of time in which an environment ran the change.

    `end` is None where it still ran at the end of the records, `until`. `ended_by` is the
    deployment that ended it and `why` how: `revert`, `older_state`, `other_line`, `taken_down` or
    None. `started` and `ended` are the earliest and latest times that its ends can have had.
    `doubtful` are deployments in between of which the records do not tell what they carried.
    """

    begun_by: str
    start: Instant
    end: Instant | None
    until: Instant
    ended_by: str | None = None
    why: str | None = None
    doubtful: tuple[str, ...] = ()
    started: tuple[Instant, Instant] | None = None
    ended: tuple[Instant, Instant] | None = None

    @property
    def span(self) -> Interval:
        """Return the seconds it can have lasted: least, by the times as they stand, and most."""
        began = self.started or (self.start, self.start)
        end = self.until if self.end is None else self.end
        over = self.ended or (end, end)
        least, most = (over[0] - began[1]) / _MICROSECONDS, (over[1] - began[0]) / _MICROSECONDS
        return Interval(min(max(0.0, least), self.seconds), self.seconds, max(most, self.seconds))

    @property
    def seconds(self) -> float:
        """Return how long it was, to the end of the records where it did not end."""
        return ((self.until if self.end is None else self.end) - self.start) / _MICROSECONDS

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the stretch."""
        return {
            "begun_by": self.begun_by,
            "start": format_optional(self.start),
            "end": format_optional(self.end),
            "still_exposed_at": format_optional(self.until) if self.end is None else None,
            "seconds": self.seconds,
            "seconds_low": self.span.low,
            "seconds_high": self.span.high,
            "ended_by": self.ended_by,
            "why": self.why,
            "doubtful": list(self.doubtful),
        }


@dataclass(frozen=True, slots=True)
class EnvironmentTrace:
    """What an environment had of the change: which deployment was the first to bring it, and when.

    `repository` is the one deployed from, None where the records do not tell.
    `unknown` counts deployments of commits whose history is not on record, `not_arrived` those that
    failed or are not shown to have arrived, `undated` those without a time. `open_orders` are those
    of deployments that bring the change and others that do not, where it cannot be decided.
    """

    name: str
    repository: str | None
    first: str | None
    first_contents: Contents | None
    exposures: tuple[Exposure, ...]
    deployments: int
    unknown: int
    not_arrived: int
    undated: int
    open_orders: tuple[OpenOrder, ...] = ()

    @property
    def span(self) -> Interval:
        """Return the seconds it can have run the change: least, as the times stand, and most."""
        spans = [exposure.span for exposure in self.exposures]
        return Interval(sum(one.low for one in spans), self.seconds, sum(one.high for one in spans))

    @property
    def seconds(self) -> float:
        """Return how long the environment ran the change, all stretches together."""
        return sum(exposure.seconds for exposure in self.exposures)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the environment with its stretches."""
        return {
            "environment": self.name,
            "repository": self.repository,
            "first_deployment": self.first,
            "first_contents": None
            if self.first_contents is None
            else self.first_contents.to_dict(),
            "exposures": [exposure.to_dict() for exposure in self.exposures],
            "seconds": self.seconds,
            "deployments": self.deployments,
            "unknown": self.unknown,
            "not_arrived": self.not_arrived,
            "undated": self.undated,
            "open_orders": [order.to_dict() for order in self.open_orders],
        }


@dataclass(frozen=True, slots=True)
class ChangeRelease:
    """Where a change of a case ran, and for how long, as its records of deployments show."""

    commit: str
    carriers: tuple[Carrier, ...]
    environments: tuple[EnvironmentTrace, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the change with its environments."""
        return {
            "commit": self.commit,
            "carriers": [carrier.to_dict() for carrier in self.carriers],
            "environments": [environment.to_dict() for environment in self.environments],
        }


@dataclass(frozen=True, slots=True)
class BuildInput:
    """An input of a build that is not the tagged source; `digests` as `ALGORITHM:VALUE`."""

    name: str
    digests: tuple[str, ...]
    why: str

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the input."""
        return {"name": self.name, "digests": list(self.digests), "why": self.why}


@dataclass(frozen=True, slots=True)
class BuildTrace:
    """One attested build: what it says it was built from, and how that fits the repository.

    `tag` is the tag its source names, `tag_commit` where that tag is in the repository.
    `differences` says in sentences what does not fit, empty where all that can be compared does.
    """

    reference: str
    artifact: str | None
    builder: str | None
    source: str | None
    tag: str | None
    tag_commit: str | None
    contents: Contents
    differences: tuple[str, ...]
    outside: tuple[BuildInput, ...]
    signed: str | None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the build."""
        return {
            "evidence": self.reference,
            "artifact": self.artifact,
            "builder": self.builder,
            "source": self.source,
            "tag": self.tag,
            "tag_commit": self.tag_commit,
            **self.contents.to_dict(),
            "differences": list(self.differences),
            "inputs_outside": [one.to_dict() for one in self.outside],
            "signed": self.signed,
        }


@dataclass(frozen=True, slots=True)
class ReleaseTrace:
    """How one change got out. `notes` says what the records do not show."""

    commit: str
    subject: str
    carriers: tuple[Carrier, ...]
    reverts: tuple[Revert, ...]
    tags: tuple[ReleaseTag, ...]
    environments: tuple[EnvironmentTrace, ...]
    builds: tuple[BuildTrace, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the document of `attribution release --json`."""
        return {
            "commit": self.commit,
            "subject": self.subject,
            "carriers": [carrier.to_dict() for carrier in self.carriers],
            "reverts": [revert.to_dict() for revert in self.reverts],
            "tags": [tag.to_dict() for tag in self.tags],
            "environments": [environment.to_dict() for environment in self.environments],
            "builds": [build.to_dict() for build in self.builds],
            "notes": list(self.notes),
        }
