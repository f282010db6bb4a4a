"""Changes that leave a line's meaning as it was: comments, layout, renamed things.

Refactoring-aware SZZ (Neto, da Costa and Kulesza 2018) passes over commits that only reshape
a line. What did so is told here from the words of the lines, in any language.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from attribution.provenance.blame import BlamedLine
from attribution.provenance.linekinds import tokens
from attribution.provenance.patches import Hunk, Patch

_WORD = re.compile(r"[^\W\d]\w*")
_ALIKE = 0.6
_RENAMED = 2
_NO_COINCIDENCE = 20

Words = tuple[str, ...]
Place = tuple[str, int, Hunk]


def find_counterpart(
    hunk: Hunk, line: int, path: str, concern: frozenset[str], renamed: Mapping[str, str]
) -> int | None:
    """Return the old line that a hunk only reshaped into a new one, None where it says more.

    It did so when an old line has the same words, or had them before the commit's own renaming,
    and the hunk took no word away: code that loses what stood around it may do something else. It
    also did when the whole hunk is the old text laid out anew. With a `concern` it is enough that a
    line much like it held all of those words before: another part of the line was touched.
    """
    new = [_rename(tokens(text, path), renamed) for text in hunk.new]
    old = [tokens(text, path) for text in hunk.old]
    at = line - hunk.new_start
    words = new[at]
    before, after = sum(old, ()), sum(new, ())
    if words and words in old and not Counter(before) - Counter(after):
        return hunk.old_start + old.index(words)
    if before and before == after:
        return hunk.old_start + _find_place(old, sum(map(len, new[:at])))
    if concern:
        return _find_concern(old, words, concern, hunk.old_start)
    return None


def _rename(words: Words, renamed: Mapping[str, str]) -> Words:
    return tuple(renamed.get(word, word) for word in words)


def _find_place(lines: Sequence[Words], before: int) -> int:
    """Return the index of the line in which a word stands that has so many before it."""
    for number, words in enumerate(lines):
        before -= len(words)
        if before < 0:
            return number
    return len(lines) - 1


def _find_concern(
    old: Sequence[Words], words: Words, concern: frozenset[str], start: int
) -> int | None:
    best, closest = None, _ALIKE
    for number, other in enumerate(old):
        alike = measure_likeness(other, words)
        if alike > closest and concern <= set(other):
            best, closest = start + number, alike
    return best


def measure_likeness(one: Words, other: Words) -> float:
    """Return how alike two lines are, in [0, 1]: Dice's coefficient over their words and signs."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / max(1, len(one) + len(other))


def find_renaming(hunks: Sequence[Hunk], path: str) -> dict[str, str]:
    """Return new name -> old name where a patch renames things: the same swap line after line.

    A swap counts when at least two lines show it and no line of the patch still uses the old name
    as it was. One line alone may as well call something else.
    """
    swaps: Counter[tuple[str, str]] = Counter()
    kept: set[str] = set()
    for hunk in hunks:
        for text in hunk.new:
            kept.update(tokens(text, path))
        for one, other in zip(hunk.old, hunk.new, strict=False):
            swaps.update(_find_swaps(tokens(one, path), tokens(other, path)))
    renamed: dict[str, str] = {}
    for (old, new), count in sorted(swaps.items()):
        if count >= _RENAMED and old not in kept:
            renamed.setdefault(new, old)
    return renamed


def _find_swaps(old: Words, new: Words) -> set[tuple[str, str]]:
    """Return the names in which two lines differ, empty where they differ in anything else."""
    if len(old) != len(new):
        return set()
    found = {(one, other) for one, other in zip(old, new, strict=True) if one != other}
    return found if all(_WORD.fullmatch(word) for pair in found for word in pair) else set()


class Removals:
    """The lines that a patch takes away, to find where a line was moved from."""

    def __init__(self, patch: Patch) -> None:
        self._places: dict[str, list[Place]] = defaultdict(list)
        for change in patch.files:
            for hunk in change.hunks:
                for number, text in enumerate(hunk.old, hunk.old_start):
                    bare = "".join(text.split())
                    if len(bare) >= _NO_COINCIDENCE:
                        self._places[bare].append((change.path, number, hunk))

    def find_source(self, line: BlamedLine, concern: frozenset[str]) -> tuple[str, int] | None:
        """Return file and number of a line that was taken away elsewhere and put in here, or None.

        It is the same but for white space, with enough letters and digits to be no coincidence (as
        `git blame -M` wants it); or it is much like it and held all of the `concern`: it was moved
        and changed in one go.
        """
        bare = "".join(line.text.split())
        if sum(map(str.isalnum, bare)) < _NO_COINCIDENCE:
            return None
        alike = [bare] if bare in self._places else self._find_alike(line, concern)
        for other in alike:
            for path, number, hunk in self._places[other]:
                if not hunk.put_in(line.number) or line.text not in hunk.new:
                    return path, number
        return None

    def _find_alike(self, line: BlamedLine, concern: frozenset[str]) -> list[str]:
        """Return the removed lines, bare, that hold the concern and are much like a line."""
        if not concern:
            return []
        words = tokens(line.text, line.path)
        close: list[tuple[float, str]] = []
        for bare, places in self._places.items():
            if all(word in bare for word in concern):
                _, number, hunk = places[0]
                other = tokens(hunk.old[number - hunk.old_start], line.path)
                likeness = measure_likeness(other, words)
                if likeness > _ALIKE and concern <= set(other):
                    close.append((-likeness, bare))
        return [bare for _, bare in sorted(close)]
