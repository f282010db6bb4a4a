"""Extremes of ratios of expectations over a box of credences, with proof.

Numerator and denominator are linear in each credence taken alone, so extremes of their ratio lie
at vertices of the box. A vertex is found by ascent, changing one credence at a time; that no other
is better is shown by branch and bound on Dinkelbach's difference (Dinkelbach 1967): the ratio is
at most r exactly where numerator - r * denominator is at most 0. The difference is bounded from
above by letting every node of the diagram of worlds choose its credence by itself. All ratios are
searched at the same time: a batch holds boxes of any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attribution.causation.effort import Effort
from attribution.responsibility.layers import Layers
from attribution.responsibility.worlddiagram import Floats, Indices, WorldDiagram

MAX_BOXES = 20_000
"""After this many boxes a ratio is given up; what was found for it is then an inner bound."""

_LEAST_BATCH = 32
_MOST_NUMBERS = 1 << 18
_RELATIVE = 1e-12
_LEAST_WEIGHT = 1e-100


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes of credences: their ends, of shape (facts, boxes), and which ratio each is for."""

    low: Floats
    high: Floats
    ratio: Indices

    @property
    def count(self) -> int:
        """How many boxes there are."""
        return len(self.ratio)

    def take(self, which: Indices) -> Boxes:
        """Return some of the boxes."""
        return Boxes(self.low[:, which], self.high[:, which], self.ratio[which])

    def join(self, other: Boxes) -> Boxes:
        """Return these boxes and those after them."""
        return Boxes(
            np.concatenate([self.low, other.low], axis=1),
            np.concatenate([self.high, other.high], axis=1),
            np.concatenate([self.ratio, other.ratio]),
        )

    def split(self, facts: Indices) -> Boxes:
        """Return each box twice, with one credence, of its own fact, at either end."""
        every = np.arange(self.count)
        lower, upper = self.high.copy(), self.low.copy()
        lower[facts, every] = self.low[facts, every]
        upper[facts, every] = self.high[facts, every]
        return Boxes(self.low, lower, self.ratio).join(Boxes(upper, self.high, self.ratio))

    def vertices(self, choices: Floats) -> Floats:
        """Return the credences with those of choice 1 at their high end, the rest at their low."""
        return np.where(choices > 0.0, self.high, self.low)


class RatioSearch:
    """The search for the largest part / whole of some ratios, each over a box, where whole > 0.

    `best` has the largest value found of each ratio, minus infinity where none was found; it is
    the largest there is where the search is `proven`.
    """

    def __init__(
        self, diagram: WorldDiagram, parts: Floats, wholes: Floats, boxes: Boxes, effort: Effort
    ) -> None:
        """Keep what is searched: one box a ratio.

        `parts` and `wholes` have shape (ratios, cells of the diagram); wholes are not negative,
        and parts are 0 in cells where wholes are.
        """
        rows = np.concatenate([parts, wholes])
        self._layers, kept = Layers.merge(diagram, rows)
        # Of shape (cells, 2, ratios).
        self._values = rows[:, kept].T.reshape(len(kept), 2, len(parts))
        self._boxes = boxes
        self._effort = effort
        self._waiting = boxes
        self._given_up = False
        self.best = np.full(len(parts), -np.inf)
        middle = (boxes.low + boxes.high).mean(axis=1, keepdims=True) / 2.0
        self._weights = np.maximum(self._layers.reach(middle)[:, 0], _LEAST_WEIGHT)

    @property
    def proven(self) -> bool:
        """Whether no ratio has a value above its best."""
        return not self._given_up and not self._waiting.count

    def maximise(self) -> None:
        """Search until everything is proven or given up.

        Raises OutOfTimeError, but not before an ascent: a range without one would be a point.
        """
        largest = self._start()
        looked_at = np.zeros(len(self.best), dtype=np.intp)
        size = max(_LEAST_BATCH, _MOST_NUMBERS // self._layers.size)
        while self._waiting.count:
            self._effort.check()
            over = looked_at >= MAX_BOXES
            if over.any():
                self._given_up = True
                self._waiting = self._waiting.take(np.flatnonzero(~over[self._waiting.ratio]))
            count = self._waiting.count
            rest = np.arange(max(0, count - size))
            batch = self._waiting.take(np.arange(len(rest), count))
            looked_at += np.bincount(batch.ratio, minlength=len(looked_at))
            self._waiting = self._waiting.take(rest).join(self._refine(batch, largest))

    def _start(self) -> Floats:
        """Ascend from where parts are large, and wholes; return bounds on the wholes."""
        boxes, layers = self._boxes, self._layers
        starts = []
        for values in (self._values[:, 0], self._values[:, 1]):
            largest, gains = layers.bound(values, boxes.low, boxes.high)
            starts.append(boxes.vertices(self._choose(gains, boxes)[0]))
        self._ascend(np.tile(boxes.ratio, 2), np.concatenate(starts, axis=1))
        return largest

    def _choose(self, gains: list[Floats], boxes: Boxes) -> tuple[Floats, Floats]:
        return self._layers.choose(gains, boxes.low, boxes.high, self._weights)

    def _refine(self, boxes: Boxes, largest: Floats) -> Boxes:
        """Return the parts of boxes that may hold a better vertex, after looking at one of each.

        `largest` has bounds on the wholes anywhere.
        """
        own, wholes = self._values[:, 0], self._values[:, 1]
        found = np.isfinite(self.best)
        differences = np.where(found, own - np.where(found, self.best, 0.0) * wholes, wholes)
        above, gains = self._layers.bound(differences[:, boxes.ratio], boxes.low, boxes.high)
        open_boxes = above > 0.0
        near = open_boxes & found[boxes.ratio] & (above <= _RELATIVE * largest[boxes.ratio])
        if near.any():
            some = boxes.take(np.flatnonzero(near))
            below = -self._layers.bound(-wholes[:, some.ratio], some.low, some.high)[0]
            open_boxes[near] = above[near] > _RELATIVE * below
        kept = np.flatnonzero(open_boxes)
        if not kept.size:
            return boxes.take(kept)
        if kept.size < boxes.count:
            boxes = boxes.take(kept)
            gains = [gain.take(kept, axis=1) for gain in gains]
        choices, torn = self._choose(gains, boxes)
        before = self.best.copy()
        self._look_at(boxes.ratio, boxes.vertices(choices))
        torn_most = torn.max(axis=0)
        # Where no node disagrees, the vertex looked at has the largest difference, but from what
        # was best before: the box is looked at again if a better one was found.
        again = np.flatnonzero((torn_most == 0.0) & (self.best != before)[boxes.ratio])
        undecided = np.flatnonzero(torn_most > 0.0)
        parts = boxes.take(undecided).split(np.argmax(torn[:, undecided], axis=0))
        return parts.join(boxes.take(again))

    def _look_at(self, ratio: Indices, credences: Floats) -> None:
        """Keep the ratios at some vertices, and ascend from the best of those that are better."""
        parts, wholes = self._layers.expect(self._values[:, :, ratio], credences)
        values = _divide(parts, wholes)
        order = np.argsort(-values, kind="stable")
        _, first = np.unique(ratio[order], return_index=True)
        tops = order[first]
        better = tops[_exceeds(values[tops], self.best[ratio[tops]])]
        np.maximum.at(self.best, ratio, values)
        if better.size:
            self._ascend(ratio[better], credences[:, better])

    def _ascend(self, ratio: Indices, credences: Floats) -> None:
        """Improve vertices of the whole boxes by one credence at a time, and keep the ratios."""
        before = np.full(len(ratio), np.nan)
        while ratio.size:
            low, high = self._boxes.low[:, ratio], self._boxes.high[:, ratio]
            here, slopes = self._layers.differentiate(self._values[:, :, ratio], credences)
            values = _divide(*here)
            np.maximum.at(self.best, ratio, values)
            other = np.where(credences == low, high, low)
            moved = here + slopes * (other - credences)[:, None, :]
            changed = np.where(low < high, _divide(moved[:, 0], moved[:, 1]), -np.inf)
            facts = np.argmax(changed, axis=0)
            most = changed.max(axis=0)
            # Where a whole is 0 but for rounding, a move may not bring what it seems to.
            kept = np.flatnonzero(_exceeds(most, values) & ~(values <= before))
            credences, ratio, facts = credences[:, kept], ratio[kept], facts[kept]
            before = values[kept]
            every = np.arange(len(kept))
            credences[facts, every] = other[facts, kept]


def _divide(parts: Floats, wholes: Floats) -> Floats:
    """Return the ratios, minus infinity where the whole is not positive."""
    ratios: Floats = np.full(parts.shape, -np.inf)
    np.divide(parts, wholes, out=ratios, where=wholes > 0.0)
    return ratios


def _exceeds(values: Floats, known: Floats) -> npt.NDArray[np.bool_]:
    """Return where values are larger than what is known, and not by rounding alone."""
    slack = np.where(np.isfinite(known), _RELATIVE * np.abs(known), 0.0)
    larger: npt.NDArray[np.bool_] = values > known + slack
    return larger


def reaches_zero(
    diagram: WorldDiagram, part: Floats, whole: Floats, box: Boxes, effort: Effort
) -> bool | None:
    """Return whether some vertex has part = 0 and whole > 0; None where it was not found out.

    Both have one number a cell and are not negative; only a credence of exactly 0 or 1 can make
    an expectation 0 that is not 0 elsewhere.
    """
    loose = (box.low == 0.0) | (box.high == 1.0)
    rows = np.stack([part, whole])
    layers, kept = Layers.merge(diagram, rows)
    part, whole = rows[:, kept, None]
    weights = np.ones(layers.size)
    waiting = [box]
    for _ in range(MAX_BOXES):
        if not waiting:
            return False
        effort.check()
        here = waiting.pop()
        least, gains = layers.bound(-part, here.low, here.high)
        if -least[0] > 0.0 or layers.bound(whole, here.low, here.high)[0][0] <= 0.0:
            continue
        choices, torn = layers.choose(gains, here.low, here.high, weights)
        vertex = here.vertices(choices)
        if layers.expect(part, vertex)[0] == 0.0 < layers.expect(whole, vertex)[0]:
            return True
        undecided = here.low != here.high
        for preferred in (torn > 0.0, loose & undecided, undecided):
            if preferred.any():
                both = here.split(np.flatnonzero(preferred[:, 0])[:1])
                waiting += [both.take(np.array([side])) for side in range(2)]
                break
    return None
