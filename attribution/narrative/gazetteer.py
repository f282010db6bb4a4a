"""The names a case knows, found in a text: the longest first, whole words, in any case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from attribution.model.narrative import Mention

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name the case knows: what it stands for, and which one it is."""

    label: str
    text: str
    id: str | None


class Gazetteer:
    """Finds names by their first word, so that thousands of them cost no more than a few."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_word: dict[str, list[tuple[str, int, Name]]] = defaultdict(list)
        for name in names:
            lowered = name.text.strip().lower()
            word = _WORD.search(lowered)
            if word is not None:
                self._by_word[word[0]].append((lowered, word.start(), name))
        for listed in self._by_word.values():
            listed.sort(key=lambda one: -len(one[0]))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return what a text names, in its order."""
        lowered = text.lower()
        if len(lowered) != len(text):
            lowered = text
        found: list[Mention] = []
        done = 0
        for word in _WORD.finditer(lowered):
            for name, offset, known in self._by_word.get(word[0], ()):
                start = word.start() - offset
                end = start + len(name)
                if start >= done and lowered.startswith(name, start) and _ends(lowered, start, end):
                    found.append(Mention(known.label, text[start:end], start, end, known.id))
                    done = end
                    break
        return tuple(found)


def _ends(text: str, start: int, end: int) -> bool:
    """Return whether a name stands alone: no letter or digit goes on at either of its ends."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
