"""Legends: small samples with their words, broken into rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.report.layout.metrics import clip, text_width
from attribution.report.layout.picture import Label, Shape, shift

SAMPLE_WIDTH = 18.0
_SIZE = 6.8
_ROW = 14.0
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample, drawn in a box of 18 by 8 points, and what it means."""

    words: str
    sample: tuple[Shape, ...]


def draw_legend(entries: Sequence[Entry], width: float) -> tuple[tuple[Shape, ...], float]:
    """Return the shapes of the legend and its height; rows are no wider than `width`."""
    shapes: list[Shape] = []
    x = y = 0.0
    for entry in entries:
        words = clip(entry.words, _SIZE, width - SAMPLE_WIDTH - 5)
        needed = SAMPLE_WIDTH + 5 + text_width(words, _SIZE)
        if x and x + needed > width:
            x, y = 0.0, y + _ROW
        shapes += [shift(shape, x, y) for shape in entry.sample]
        shapes.append(Label(x + SAMPLE_WIDTH + 5, y + 6.6, words, _SIZE))
        x += needed + _GAP
    return tuple(shapes), y + _ROW if entries else 0.0
