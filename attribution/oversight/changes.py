"""Pull requests put together from everything the timeline holds of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.instant import Instant
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
    def opened(self) -> Instant | None:
        """Return when review was asked for first."""
        return self._time("pull_request.opened")

    @property
    def merged(self) -> Instant | None:
        """Return when it was merged, None where no record shows that it was."""
        return self._time("pull_request.merged")

    def _time(self, kind: str) -> Instant | None:
        return next((event.time for event in self.events if event.kind == kind), None)

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
    reviews = [event for event in events if event.kind.startswith("review.")]
    found = []
    for (repository, key), told in sorted(
        own.items(), key=lambda entry: (str(entry[0][0]), entry[0][1])
    ):
        shas = dict.fromkeys(sha for event in told for sha in texts(event, "commits"))
        merges = {text(event, "merge_sha") for event in told}
        for name in {repository, None} if repository else {None}:
            shas |= dict.fromkeys(sha for sha in by_request[name, key] if sha not in merges)
        mine = [
            review
            for review in reviews
            if _belongs(review, repository, key, {*shas, *(text(e, "head_sha") for e in told)})
        ]
        items = {witness.evidence for event in told for witness in event.witnesses}
        listed = (
            bool(mine)
            or any(event.data.get("reviews_listed") is True for event in told)
            or any(witness.evidence in items for review in reviews for witness in review.witnesses)
        )
        found.append(Change(repository, key, tuple(told), tuple(mine), tuple(shas), listed))
    return tuple(found)


def _belongs(review: Event, repository: str | None, key: int, heads: set[str | None]) -> bool:
    """Return whether a review is of this pull request: by number, else by the head it is about."""
    named = text(review, "repository")
    if named is not None and repository is not None and named != repository:
        return False
    stated = number(review, "number")
    return stated == key if stated is not None else text(review, "commit_id") in heads
