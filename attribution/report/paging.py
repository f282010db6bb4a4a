"""Which pictures get a page on its side, in formats that have pages."""

from __future__ import annotations

from collections.abc import Sequence

from attribution.report.blocks import Block, Figure, Heading, Paragraph
from attribution.report.layout.picture import Picture


def fit(picture: Picture, width: float, height: float) -> float:
    """Return the scale at which the picture fits, at most 1."""
    return min(1.0, width / picture.width, height / picture.height)


def lead_to_wide_figure(
    remaining: Sequence[Block], room: tuple[float, float], readable: float
) -> list[Block]:
    """Return the first section's heading up to its wide picture, nothing where it leads to none.

    A picture is wide that fits into `room` (width, height) at less than the scale `readable`; only
    paragraphs may stand between heading and picture.
    """
    first = remaining[0]
    if not isinstance(first, Heading) or first.level != 1:
        return []
    for index, block in enumerate(remaining[1:], 1):
        if isinstance(block, Figure):
            wide = fit(block.picture, *room) < readable
            return list(remaining[: index + 1]) if wide else []
        if not isinstance(block, Paragraph):
            return []
    return []
