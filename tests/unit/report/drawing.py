"""What is wrong with a drawing, found on its shapes: words cut off, words over words."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from attribution.report.layout.metrics import text_width
from attribution.report.layout.picture import Group, Label, Path, Picture, Rectangle, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator


def flatten(shapes: tuple[Shape, ...]) -> Iterator[Rectangle | Path | Label]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from flatten(shape.shapes)
        else:
            yield shape


def extent(label: Label) -> tuple[float, float, float, float]:
    width = text_width(label.text, label.size, "bold" if label.bold else "regular")
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return left, label.y - label.size * 0.72, left + width, label.y + label.size * 0.2


def find_faults(picture: Picture) -> list[str]:
    """Return which labels leave the canvas, and which two of them touch."""
    labels = [s for s in flatten(picture.shapes) if isinstance(s, Label) and s.text]
    extents = [extent(label) for label in labels]
    found = [
        f"{label.text!r} leaves the picture"
        for label, (left, top, right, bottom) in zip(labels, extents, strict=True)
        if min(left, top, picture.width - right, picture.height - bottom) < -0.5
    ]
    for (a, one), (b, other) in combinations(zip(labels, extents, strict=True), 2):
        overlap_x = min(one[2], other[2]) - max(one[0], other[0])
        overlap_y = min(one[3], other[3]) - max(one[1], other[1])
        if min(overlap_x, overlap_y) > 0.3:
            found.append(f"{a.text!r} over {b.text!r}")
    return found
