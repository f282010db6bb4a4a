"""Double counting: which heads may have the same money in them, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from attribution.loss.heads import INTERRUPTION, LossTable
from attribution.model.declared_loss import DeclaredLoss
from attribution.model.loss import LossFigure, LossHead, Overlap, Range


def find_overlaps(
    table: LossTable,
    declared: DeclaredLoss,
    heads: Sequence[LossHead],
    figures: Sequence[LossFigure],
) -> tuple[Overlap, ...]:
    """Return the pairs of counted heads that the table asks about, or that rest on one record.

    What could be counted twice is at most the lesser of the two, at each end.
    """
    counted = {head.id: head for head in heads if head.counted and head.net.high > 0}
    measure = next((head for head in counted if head in table.measures), None)
    said = {
        frozenset(_resolve(one, measure) for one in entry.heads): f"{entry.because} ({entry.by})"
        for entry in declared.distinct
    }
    found = []
    for first, second, question in (
        *_asked(table, measure),
        *_shared_records(counted, figures),
    ):
        if first not in counted or second not in counted:
            continue
        because = said.get(frozenset((first, second)), "")
        found.append(
            Overlap(
                heads=(first, second),
                question=question,
                state="said_distinct" if because else "open",
                because=because,
                at_stake=_lesser(counted[first].net, counted[second].net),
            )
        )
    return tuple(found)


def _asked(table: LossTable, measure: str | None) -> Iterator[tuple[str, str, str]]:
    for pair in table.pairs:
        first, second = (_resolve(head, measure) for head in pair.heads)
        yield first, second, pair.question


def _resolve(head: str, measure: str | None) -> str:
    return measure if head == INTERRUPTION and measure is not None else head


def _shared_records(
    counted: Mapping[str, LossHead], figures: Sequence[LossFigure]
) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of heads whose amounts of money cite the same place of the evidence."""
    cited: dict[str, set[str]] = {head: set() for head in counted}
    for figure in figures:
        if figure.head in cited and figure.unit == "money":
            cited[figure.head] |= {place for place in figure.evidence if "#" in place}
    for first, second in combinations(cited, 2):
        shared = sorted(cited[first] & cited[second])
        if shared:
            yield first, second, f"Both rest on {', '.join(shared)}: is it counted once?"


def _lesser(first: Range, second: Range) -> Range:
    return Range(
        min(first.low, second.low), min(first.likely, second.likely), min(first.high, second.high)
    )
