"""The order of nodes within their layers, so that few edges cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

_SWEEPS = 24


def order_layers(layers: list[list[str]], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the layers reordered; `edges` join adjacent layers only.

    The best order seen is kept, the first of equals, so that the result does not depend on chance.
    """
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for upper, lower in edges:
        below[upper].append(lower)
        above[lower].append(upper)
    current = [list(layer) for layer in layers]
    best, best_crossings = current, count_crossings(current, below)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        current = _sweep(current, above if down else below, down=down)
        current = _transpose(current, above, below)
        crossings = count_crossings(current, below)
        if crossings < best_crossings:
            best, best_crossings = current, crossings
        if not best_crossings:
            break
    return best


def count_crossings(layers: list[list[str]], below: Mapping[str, list[str]]) -> int:
    """Return how many pairs of edges cross between adjacent layers."""
    total = 0
    for upper, lower in pairwise(layers):
        position = {node: index for index, node in enumerate(lower)}
        seen: list[int] = []
        for node in upper:
            ends = sorted(position[child] for child in below.get(node, ()))
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _sweep(
    layers: list[list[str]], neighbours: Mapping[str, list[str]], *, down: bool
) -> list[list[str]]:
    """Return the layers, each sorted by the medians of its neighbours in the layer before."""
    result = [list(layer) for layer in layers]
    order = range(1, len(layers)) if down else range(len(layers) - 2, -1, -1)
    for index in order:
        fixed = result[index - 1 if down else index + 1]
        position = {node: place for place, node in enumerate(fixed)}
        medians = {
            node: _median(sorted(position[other] for other in neighbours.get(node, ())))
            for node in result[index]
        }
        movable = iter(
            sorted(
                (node for node in result[index] if medians[node] is not None),
                key=lambda node: medians[node] or 0.0,
            )
        )
        result[index] = [node if medians[node] is None else next(movable) for node in result[index]]
    return result


def _median(positions: list[int]) -> float | None:
    """Return the weighted median of Gansner et al., None for a node without neighbours."""
    count = len(positions)
    if not count:
        return None
    middle = count // 2
    if count % 2 == 1:
        return float(positions[middle])
    if count == 2:  # noqa: PLR2004 - of two the mean, whatever the spread
        return sum(positions) / 2
    left = positions[middle - 1] - positions[0]
    right = positions[-1] - positions[middle]
    if left + right == 0:
        return float(positions[middle])
    return (positions[middle - 1] * right + positions[middle] * left) / (left + right)


def _transpose(
    layers: list[list[str]],
    above: Mapping[str, list[str]],
    below: Mapping[str, list[str]],
) -> list[list[str]]:
    """Return the layers after swapping neighbours as long as that removes crossings."""
    position = {node: index for layer in layers for index, node in enumerate(layer)}
    improved = True
    while improved:
        improved = False
        for layer in layers:
            for index in range(len(layer) - 1):
                left, right = layer[index], layer[index + 1]
                gain = sum(
                    _pair_crossings(left, right, sides, position)
                    - _pair_crossings(right, left, sides, position)
                    for sides in (above, below)
                )
                if gain > 0:
                    layer[index], layer[index + 1] = right, left
                    position[left], position[right] = index + 1, index
                    improved = True
    return layers


def _pair_crossings(
    left: str, right: str, neighbours: Mapping[str, list[str]], position: Mapping[str, int]
) -> int:
    ends = sorted(position[other] for other in neighbours.get(right, ()))
    return sum(bisect_right(ends, position[other] - 1) for other in neighbours.get(left, ()))
