"""Pull requests put together from everything the timeline holds of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.order import Moment
from attribution.oversight.facts import number, text, texts


@dataclass(frozen=True, slots=True)
class Change:
    """A pull request: its own events, its reviews in time order, and what they state together.

    `reviews_listed` says that the record came with the reviews of the pull request, so that there
    are none beyond those.
    """

    repository: str | None
    number: int
    events: tuple[Event, ...]
    reviews: tuple[Event, ...]
    commits: tuple[str, ...]
    reviews_listed: bool

    def stated(self, key: str) -> str | None:
        """Return a text the events state, the latest first: the head is the one merged."""
        return next((found for event in reversed(self.events) if (found := text(event, key))), None)

    @property
    def title(self) -> str:
        """Return the title, or the number where none is recorded."""
        return self.stated("title") or f"#{self.number}"

    @property
    def author(self) -> str | None:
        """Return the login that opened it."""
        return self.stated("author")

    @property
    def head(self) -> str | None:
        """Return the head that was merged (or the last one recorded)."""
        return self.stated("head_sha")

    @property
    def merge(self) -> str | None:
        """Return the commit the merge made on the base branch."""
        return self.stated("merge_sha")

    @property
    def merged_by(self) -> str | None:
        """Return the login that merged it."""
        return self.stated("merged_by")

    @property
    def base(self) -> str | None:
        """Return the branch it was merged into."""
        return self.stated("base_ref")

    @property
    def files(self) -> tuple[str, ...]:
        """Return the paths it touches, empty where no record lists them."""
        found = (texts(event, "files") for event in reversed(self.events))
        return next((files for files in found if files), ())

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Return who was still asked for a review when the record was made; teams with `team`."""
        for event in reversed(self.events):
            if "requested_reviewers" in event.data or "requested_teams" in event.data:
                teams = tuple(f"team {name}" for name in texts(event, "requested_teams"))
                return (*texts(event, "requested_reviewers"), *teams)
        return ()

    @property
    def opened(self) -> Instant | None:
        """Return when review was asked for first."""
        return self._time("pull_request.opened")

    @property
    def merged(self) -> Instant | None:
        """Return when it was merged, None where no record shows that it was."""
        return self._time("pull_request.merged")

    @property
    def merging(self) -> Moment | None:
        """Return when it was merged with its bounds, None where no record shows that it was."""
        merged = self.event("pull_request.merged")
        return None if merged is None else Moment.of_event(merged, f"the merge of #{self.number}")

    def event(self, kind: str) -> Event | None:
        """Return its first event of a kind."""
        return next((event for event in self.events if event.kind == kind), None)

    def _time(self, kind: str) -> Instant | None:
        event = self.event(kind)
        return None if event is None else event.time

    @property
    def references(self) -> tuple[str, ...]:
        """Return every place that tells of the pull request itself."""
        return tuple(dict.fromkeys(ref for event in self.events for ref in event.references))

    def lines_changed(self, commits: Mapping[str, Commit]) -> int | None:
        """Return lines added plus removed: as the platform counts, else over its commits."""
        for event in reversed(self.events):
            added, removed = number(event, "additions"), number(event, "deletions")
            if added is not None and removed is not None:
                return added + removed
        known = [commits[sha] for sha in self.commits if sha in commits]
        if not known or len(known) < len(self.commits):
            return None
        return sum(commit.lines_added + commit.lines_removed for commit in known) or None


def collect_changes(events: Sequence[Event], commits: Iterable[Commit]) -> tuple[Change, ...]:
    """Return the pull requests of the timeline, by repository and number."""
    own: dict[tuple[str | None, int], list[Event]] = defaultdict(list)
    for event in events:
        key = number(event, "number")
        if event.kind.startswith("pull_request.") and key is not None:
            own[text(event, "repository"), key].append(event)
    by_request: dict[tuple[str | None, int], list[str]] = defaultdict(list)
    for commit in commits:
        if commit.pull_request is not None:
            by_request[commit.repository, commit.pull_request].append(commit.sha)
    reviews = _Reviews(events)
    found = []
    for (repository, key), told in sorted(
        own.items(), key=lambda entry: (str(entry[0][0]), entry[0][1])
    ):
        shas = dict.fromkeys(sha for event in told for sha in texts(event, "commits"))
        merges = {text(event, "merge_sha") for event in told}
        for name in {repository, None} if repository else {None}:
            shas |= dict.fromkeys(sha for sha in by_request[name, key] if sha not in merges)
        heads = {*shas, *(head for event in told if (head := text(event, "head_sha")))}
        mine = reviews.of(repository, key, heads)
        said = [event.data.get("reviews_listed") for event in told]
        # A record that says it holds no list of reviews is not made one by what lies beside it.
        beside = False not in said and any(
            w.evidence in reviews.evidence for event in told for w in event.witnesses
        )
        listed = bool(mine) or True in said or beside
        found.append(Change(repository, key, tuple(told), mine, tuple(shas), listed))
    return tuple(found)


class _Reviews:
    """The reviews, by the number of the pull request they name, else by the head they are about."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._by_number: dict[int, list[tuple[int, Event]]] = defaultdict(list)
        self._by_head: dict[str, list[tuple[int, Event]]] = defaultdict(list)
        self.evidence: set[str] = set()
        """The evidence items that hold any review."""
        for at, event in enumerate(events):
            if not event.kind.startswith("review."):
                continue
            key = number(event, "number")
            if key is not None:
                self._by_number[key].append((at, event))
            elif head := text(event, "commit_id"):
                self._by_head[head].append((at, event))
            self.evidence |= {witness.evidence for witness in event.witnesses}

    def of(self, repository: str | None, key: int, heads: Iterable[str]) -> tuple[Event, ...]:
        """Return the reviews of a pull request in time order."""
        near = list(self._by_number.get(key, ()))
        near += [found for head in set(heads) for found in self._by_head.get(head, ())]
        return tuple(
            event
            for _, event in sorted(near, key=lambda found: found[0])
            if (named := text(event, "repository")) is None
            or repository is None
            or named == repository
        )
