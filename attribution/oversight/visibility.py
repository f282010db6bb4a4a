"""Whether an approval that no record shows could stand in a gap of the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from attribution.model.gap import Gap, word_unseen
from attribution.model.oversight import ChangeReview

_FAMILIES = ("review.", "pull_request.")


def note_unseen(reviews: Iterable[ChangeReview], gaps: Iterable[Gap]) -> tuple[ChangeReview, ...]:
    """Return the reviews; those without an approval on record say which gaps may hide one.

    A gap may hide one where its source records reviews or pull requests and it reaches into the
    time from the opening of the change to its merge.
    """
    known = tuple(gaps)
    return tuple(
        replace(
            review,
            unseen=word_unseen(
                gap for gap in known if gap.could_hide(_FAMILIES, review.opened, review.merged)
            ).strip(),
        )
        if review.verdict in {"absent", "unknown"}
        else review
        for review in reviews
    )
