"""Several diagrams of worlds as one, which tells apart what any of them tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from attribution.causation.diagram import MAX_NODES, TooLargeError
from attribution.causation.effort import Effort
from attribution.responsibility.worlddiagram import WorldDiagram

MAX_JOINED = MAX_NODES // 4
"""Beyond this many nodes a joined diagram is given up: each is kept with all it was joined from."""


def join_diagrams(diagrams: Sequence[WorldDiagram], effort: Effort) -> WorldDiagram:
    """Return the diagram whose cells are tuples, one value from each of the diagrams.

    All are over the same facts. Raises TooLargeError and OutOfTimeError.
    """
    cells: dict[tuple[Hashable, ...], int] = {}
    inner: list[tuple[int, int, int]] = []
    known: dict[tuple[int, ...], int] = {}
    unique: dict[tuple[int, int, int], int] = {}
    offsets = [len(diagram.cells) for diagram in diagrams]

    def visit(ids: tuple[int, ...]) -> int:
        found = known.get(ids)
        if found is not None:
            return found
        effort.tick()
        entries = [
            diagram.nodes[node - offset] if node >= offset else None
            for diagram, node, offset in zip(diagrams, ids, offsets, strict=True)
        ]
        position = min((entry[0] for entry in entries if entry is not None), default=None)
        if position is None:
            cell = tuple(d.cells[node] for d, node in zip(diagrams, ids, strict=True))
            found = -1 - cells.setdefault(cell, len(cells))
        else:
            low = visit(_branch(ids, entries, position, 1))
            high = visit(_branch(ids, entries, position, 2))
            if low == high:
                found = low
            else:
                node = (position, low, high)
                found = unique.setdefault(node, len(inner))
                if found == len(inner):
                    inner.append(node)
        known[ids] = found
        if len(known) > MAX_JOINED:
            raise TooLargeError
        return found

    root = visit(tuple(diagram.root for diagram in diagrams))
    return WorldDiagram.numbered(diagrams[0].facts, tuple(cells), inner, root)


def _branch(
    ids: tuple[int, ...],
    entries: Sequence[tuple[int, int, int] | None],
    position: int,
    side: int,
) -> tuple[int, ...]:
    return tuple(
        entry[side] if entry is not None and entry[0] == position else node
        for node, entry in zip(ids, entries, strict=True)
    )
