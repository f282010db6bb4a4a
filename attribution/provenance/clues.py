"""Which lines of the defective version speak of where the defect is, and how loudly.

A line the fix takes away is the clue of SZZ (Sliwerski, Zimmermann and Zeller 2005). A fix that
only adds says nothing there: then the lines around the addition and those of the same block that
use the same names stand in (da Costa et al. 2017 and Rosa et al. 2021 name such fixes as what SZZ
misses).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attribution.provenance.linekinds import (
    LineKind,
    Words,
    classify_line,
    identifiers,
    measure_likeness,
    tokens,
)
from attribution.provenance.patches import FileChange, Hunk

WEIGHTS = {
    LineKind.CODE: 1.0,
    LineKind.IMPORT: 0.25,
    LineKind.PUNCTUATION: 0.1,
    LineKind.COMMENT: 0.05,
    LineKind.BLANK: 0.0,
}
"""How loudly a removed line speaks, by what it is; reasoned, not fitted."""

UNTOUCHED = 0.1
"""The part of that which is left where the fix puts the same words back in the same place."""

MOVED = 0.3
"""The part that is left where the fix puts the same line back elsewhere in the file."""

ADDED = 0.5
"""The weight of all the clues around one added line of code, against one removed line."""

_WORD = re.compile(r"\w")
_MOST_ADDED = 3
_NEAR = 20
_BLOCK = 60
_NEIGHBOUR = 1.0
_HEADER = 0.5


@dataclass(frozen=True, slots=True)
class Clue:
    """A line of the version before the fix, numbered from 1, with its weight.

    `concern` holds the words and signs that the fix takes out of the line; it is empty where the
    whole line is meant. `removed` tells a line taken away from one beside an addition.
    """

    path: str
    number: int
    weight: float
    removed: bool
    concern: frozenset[str] = frozenset()


def find_removed(change: FileChange) -> Iterator[Clue]:
    """Yield a clue for each line taken away from a file."""
    path = change.path
    back = Counter(tokens(line, path) for hunk in change.hunks for line in hunk.new)
    for hunk in change.hunks:
        put_in = [tokens(line, path) for line in hunk.new]
        here = Counter(put_in)
        for at, line in enumerate(hunk.old):
            words = tokens(line, path)
            weight = WEIGHTS[classify_line(line, path)]
            if here[words]:
                here[words] -= 1
                back[words] -= 1
                weight *= UNTOUCHED
            elif back[words]:
                back[words] -= 1
                weight *= MOVED
            if weight:
                concern = _find_concern(words, put_in[max(0, at - _NEAR) : at + _NEAR])
                yield Clue(path, hunk.old_start + at, weight, removed=True, concern=concern)


def _find_concern(words: Words, put_in: Sequence[Words]) -> frozenset[str]:
    """Return what the fix takes out of a line, where a line much like it takes its place."""
    closest, best = max(
        ((measure_likeness(words, other), other) for other in put_in), default=(0.0, ())
    )
    concern = frozenset(words) - frozenset(best) if closest > 1 / 2 else frozenset()
    # Signs alone stand in every line, and say nothing of a part of one.
    return concern if any(map(_WORD.match, concern)) else frozenset()


def has_additions(change: FileChange) -> bool:
    """Return whether some hunk of a file adds code and takes none away."""
    return any(_adds_only(hunk, change.path) for hunk in change.hunks)


def _adds_only(hunk: Hunk, path: str) -> bool:
    code = (LineKind.CODE, LineKind.IMPORT)
    removes = any(classify_line(line, path) in code for line in hunk.old)
    return not removes and any(classify_line(line, path) is LineKind.CODE for line in hunk.new)


def find_around(change: FileChange, text: Sequence[str]) -> Iterator[Clue]:
    """Yield clues for what surrounds each addition to a file; `text` is the file before the fix."""
    for hunk in change.hunks:
        if _adds_only(hunk, change.path):
            yield from _around(hunk, change.path, text)


def _around(hunk: Hunk, path: str, text: Sequence[str]) -> Iterator[Clue]:
    """Yield the neighbours of an addition, its block's head, and users of the names it uses."""
    added = [line for line in hunk.new if classify_line(line, path) is LineKind.CODE]
    names = frozenset[str]().union(*(identifiers(line, path) for line in added))
    before = hunk.old_start - (1 if hunk.old else 0)
    depth = min(_indentation(line) for line in added)
    block = _find_block(text, before, depth)
    loud: dict[int, float] = {}
    for step in (-1, 1):
        neighbour = _find_code(text, path, before if step < 0 else before + 1 + len(hunk.old), step)
        if neighbour is not None:
            loud[neighbour] = _NEIGHBOUR
    common = Counter(name for at in block for name in identifiers(text[at - 1], path) & names)
    for at in block:
        line = text[at - 1]
        if classify_line(line, path) is LineKind.CODE:
            shared = identifiers(line, path) & names
            loud[at] = loud.get(at, 0.0) + sum(1.0 / common[name] for name in sorted(shared))
    total = sum(loud.values())
    weight = ADDED * min(len(added), _MOST_ADDED)
    for at in sorted(loud):
        if loud[at]:
            yield Clue(path, at, weight * loud[at] / total, removed=False)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _find_block(text: Sequence[str], after: int, depth: int) -> range:
    """Return the lines around a place that are at least as deep, with the line that heads them."""
    first = after
    while first > max(1, after - _BLOCK) and _belongs(text[first - 1], depth):
        first -= 1
    last = after + 1
    while last <= min(len(text), after + _BLOCK) and _belongs(text[last - 1], depth):
        last += 1
    return range(max(1, first), last)


def _belongs(line: str, depth: int) -> bool:
    return not line.strip() or _indentation(line) >= max(1, depth)


def _find_code(text: Sequence[str], path: str, start: int, step: int) -> int | None:
    """Return the first line of code from a place on, upwards or downwards, within the block."""
    at = start
    while 1 <= at <= len(text) and abs(at - start) < _BLOCK:
        if classify_line(text[at - 1], path) is LineKind.CODE:
            return at
        at += step
    return None
