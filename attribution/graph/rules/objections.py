"""Reviewers who asked for changes of what was merged all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short, text_of
from attribution.model.commit import Commit
from attribution.model.event import Event
from attribution.model.order import Moment
from attribution.model.oversight import ChangeReview
from attribution.oversight.facts import same_repository

_CHANGES = ("grant_", "change_")


@dataclass(frozen=True, slots=True)
class Objection:
    """A request for changes that stood at the merge: of which change, and who merged over it."""

    node: str
    commit: Commit
    review: ChangeReview
    event: Event

    @property
    def title(self) -> str:
        """Return what was objected to."""
        return f"pull request {self.review.number} (commit {short(self.commit.sha)})"


def list_objections(facts: Facts, draft: Draft) -> Iterator[Objection]:
    """Yield the standing requests for changes of each change of the graph, in time order."""
    for node in list(draft.nodes.values()):
        if not node.id.startswith(_CHANGES):
            continue
        commit = facts.commit(node.id.split("_", 1)[1])
        review = None if commit is None else facts.review_of(commit.sha)
        if commit is None or review is None or review.merged is None:
            continue
        given = [
            event for event in _reviews_of(facts, review) if _is_before_merge(facts, event, review)
        ]
        for at, event in enumerate(given):
            objects = event.kind == "review.changes_requested"
            if objects and not any(_answers(facts, later, event) for later in given[at + 1 :]):
                yield Objection(node.id, commit, review, event)


def _reviews_of(facts: Facts, review: ChangeReview) -> list[Event]:
    return [
        event
        for event in facts.timeline.events
        if event.kind.startswith("review.")
        and event.data.get("number") == review.number
        and (
            (named := text_of(event.data, "repository")) is None
            or review.repository is None
            or same_repository(named, review.repository)
        )
    ]


def _is_before_merge(facts: Facts, event: Event, review: ChangeReview) -> bool:
    given = Moment.of_event(event, "the request for changes")
    merging = review.merging or (
        None if review.merged is None else Moment.at(review.merged, "the merge")
    )
    # A review that cannot be told to have come before the merge is no warning of it.
    return (
        given is not None
        and merging is not None
        and bool(facts.chronicle.is_no_later(given, merging))
    )


def _answers(facts: Facts, later: Event, objection: Event) -> bool:
    """Whether a later review takes the objection back: the same reviewer's, who approves.

    A dismissal does not: somebody else can give it, and the objection was known to whoever did.
    """
    names = [text_of(event.data, "reviewer") or event.actor_name for event in (later, objection)]
    actors = [facts.actor(name) for name in names]
    same = names[0] == names[1] or (actors[0] is not None and actors[0] == actors[1])
    return later.kind == "review.approved" and same
