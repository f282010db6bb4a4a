"""Whether an approval or a change of rules that no record shows could stand in a gap of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from attribution.model.enforcement import Enforcement
from attribution.model.gap import Gap, word_unseen
from attribution.model.oversight import ChangeReview

_REVIEWS = ("review.", "pull_request.")
_CHANGES = ("protection.changed",)
_CHANGE_MISSING = "a change of the rules may be missing"


def note_unseen(reviews: Iterable[ChangeReview], gaps: Iterable[Gap]) -> tuple[ChangeReview, ...]:
    """Return the reviews; those without an approval on record say which gaps may hide one.

    A gap may hide one where its source records reviews or pull requests and it reaches into the
    time from the opening of the change to its merge. What was enforced is taken from the changes of
    rules on record: where a log of these has a gap, that is noted beside it.
    """
    known = tuple(gaps)
    changes = [gap for gap in known if gap.recorded and gap.could_hide(_CHANGES, None, None)]
    return tuple(
        replace(
            review,
            unseen=_say(review, known),
            enforced=_note_changes(review.enforced, changes),
        )
        for review in reviews
    )


def _say(review: ChangeReview, gaps: tuple[Gap, ...]) -> str:
    if review.verdict not in {"absent", "unknown"}:
        return ""
    hiding = (gap for gap in gaps if gap.could_hide(_REVIEWS, review.opened, review.merged))
    return word_unseen(hiding).strip()


def _note_changes(enforced: Enforcement | None, gaps: list[Gap]) -> Enforcement | None:
    if enforced is None or not enforced.settings or not gaps:
        return enforced
    note = word_unseen(gaps, _CHANGE_MISSING).strip()
    return replace(enforced, notes=(*enforced.notes, note))
