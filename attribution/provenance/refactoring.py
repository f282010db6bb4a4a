"""Changes that leave a line's meaning as it was: comments, layout, renamed things.

Refactoring-aware SZZ (Neto, da Costa and Kulesza 2018) passes over commits that only reshape
a line. What did so is told here from the words of the lines, in any language.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, chain

from attribution.provenance.blame import BlamedLine
from attribution.provenance.linekinds import Words, measure_likeness, tokens
from attribution.provenance.patches import Hunk, Patch

_WORD = re.compile(r"[^\W\d]\w*")
_ALIKE = 0.6
_RENAMED = 2
_NO_COINCIDENCE = 20

# Past these a rewrite is so large that one line of it tells nothing of another, and takes for ever.
_MOST_COMPARED = 300

Place = tuple[str, int, Hunk]


class Reshaping:
    """One hunk, and which of its new lines are old ones in another shape.

    `renamed` gives the old name of what the commit gave a new one.
    """

    def __init__(self, hunk: Hunk, path: str, renamed: Mapping[str, str]) -> None:
        self._hunk = hunk
        self._old = [tokens(text, path) for text in hunk.old]
        self._new = [_rename(tokens(text, path), renamed) for text in hunk.new]
        before, after = list(chain(*self._old)), list(chain(*self._new))
        self._keeps_all = not Counter(before) - Counter(after)
        self._ends = list(accumulate(map(len, self._old))) if before == after else []
        self._starts = [0, *accumulate(map(len, self._new))]
        self._first = {words: at for at, words in reversed(list(enumerate(self._old)))}

    def find_counterpart(self, line: int, concern: frozenset[str]) -> int | None:
        """Return the number of the old line that became a new one, None where that says more.

        It became that when it has the same words, or had them before a renaming, and the hunk took
        no word away: code that loses what stood around it may do something else. So it did when the
        whole hunk is the old text laid out anew. With a `concern` it is enough that a line much
        like it held those words in the same place: another part of the line was touched.
        """
        at = line - self._hunk.new_start
        words = self._new[at]
        if words and self._keeps_all and words in self._first:
            return self._hunk.old_start + self._first[words]
        if self._ends:
            place = bisect_right(self._ends, self._starts[at])
            return self._hunk.old_start + min(place, len(self._old) - 1)
        return self._find_alike(words, concern) if concern else None

    def _find_alike(self, words: Words, concern: frozenset[str]) -> int | None:
        best, closest = None, _ALIKE
        if len(self._old) <= _MOST_COMPARED:
            for number, other in enumerate(self._old, self._hunk.old_start):
                alike = measure_likeness(other, words) if concern <= set(other) else 0.0
                if alike > closest and _stays(concern, other, words):
                    best, closest = number, alike
        return best


def _stays(concern: frozenset[str], old: Words, new: Words) -> bool:
    """Return whether words stand in a line where they stood: same neighbours, and in the same call.

    A word that is handed to another function, or put beside something else, came to mean more.
    """
    came = {
        block.b + at: block.a + at
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for at in range(block.size)
    }
    came |= {-1: -1, len(new): len(old)}
    return all(
        at in came
        and came.get(at - 1) == came[at] - 1
        and came.get(at + 1) == came[at] + 1
        and _find_call(new, at) in came
        for at, word in enumerate(new)
        if word in concern
    )


def _find_call(words: Words, at: int) -> int:
    """Return the place of what stands before the bracket that a word is in, -1 outside of any."""
    depth = 0
    for place in range(at - 1, -1, -1):
        depth += (words[place] == ")") - (words[place] == "(")
        if depth < 0:
            return place - 1
    return -1


def _rename(words: Words, renamed: Mapping[str, str]) -> Words:
    return tuple(renamed.get(word, word) for word in words)


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
            swaps.update(find_swaps(tokens(one, path), tokens(other, path)))
    renamed: dict[str, str] = {}
    for (old, new), count in sorted(swaps.items()):
        if count >= _RENAMED and old not in kept:
            renamed.setdefault(new, old)
    return renamed


def find_swaps(old: Words, new: Words) -> set[tuple[str, str]]:
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

    def find_source(self, line: BlamedLine) -> tuple[str, int] | None:
        """Return file and number of a line that was taken away elsewhere and put in here, or None.

        It is the same but for white space, with enough letters and digits to be no coincidence (as
        `git blame -M` wants it). One that was changed as it was moved is new.
        """
        bare = "".join(line.text.split())
        if sum(map(str.isalnum, bare)) < _NO_COINCIDENCE:
            return None
        for path, number, hunk in self._places.get(bare, ()):
            if not hunk.put_in(line.number) or line.text not in hunk.new:
                return path, number
        return None
