"""Whether two texts speak of the same thing, by the words that say what they are about."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import cache

from attribution.narrative.tablefile import read_table

_TOKEN = re.compile(r"(?<![\w#@/.-])[\w#@/.-]*\d[\w#@/.-]*|[A-Za-z]+(?:'[a-z]+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDINGS = ("ings", "ing", "ies", "ied", "edly", "ed", "ly", "es", "s")
_STEM = 3
_SHORTEST_SHA = 7


@cache
def _classes() -> dict[str, str]:
    listed = read_table("likeness")["classes"].items()
    return {form: name for name, forms in listed for form in forms}


@cache
def word_set(name: str) -> frozenset[str]:
    """Return a list of words of the table: `stop`, `whole` or `beside`."""
    return frozenset(read_table("likeness")[name])


def content_words(text: str) -> frozenset[str]:
    """Return what a text is about: classes of words, stems, and names with digits as they are."""
    found = set()
    for match in _TOKEN.finditer(_CAMEL.sub(" ", text)):
        word = match[0].lower().strip("./-")
        if word and word not in word_set("stop"):
            found.add(_classes().get(word) or _stem(word))
    return frozenset(found)


def _stem(word: str) -> str:
    if any(letter.isdigit() for letter in word):
        return word[:_SHORTEST_SHA] if re.fullmatch(r"[0-9a-f]{7,40}", word) else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


class Likeness:
    """Texts by what they are about; words that few of them have tell most."""

    def __init__(self) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, key: str, words: Collection[str]) -> None:
        """Add a text under a key; a key that is known keeps the words it has."""
        if key not in self._words:
            self._words[key] = frozenset(words)
            for word in words:
                self._by_word[word].append(key)

    def find(
        self,
        words: Collection[str],
        least: float,
        margin: float = 0.0,
        among: Collection[str] | None = None,
    ) -> str | None:
        """Return the text that is like these words at least so much, and more than any other.

        `among` are the keys that are asked about, None for all.

        Likeness is Dice's coefficient of the words, each weighed by how few texts have it: twice
        the weight in common over the weight of both, in [0, 1].
        """
        common = Counter[str]()
        for word in words:
            for key in self._by_word.get(word, ()):
                if among is None or key in among:
                    common[key] += self._weight(word)
        own = sum(map(self._weight, words))
        ranked = sorted(
            (-2 * shared / (own + sum(map(self._weight, self._words[key]))), key)
            for key, shared in common.items()
        )
        if not ranked or -ranked[0][0] < least:
            return None
        if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < margin:
            return None
        return ranked[0][1]

    def _weight(self, word: str) -> int:
        """Return what a word tells, in thousandths: a whole number, so that no order matters."""
        named = 2000 if any(letter.isdigit() or letter == "@" for letter in word) else 1000
        return round(
            named * math.log(1 + (len(self._words) + 1) / (len(self._by_word.get(word, ())) + 0.5))
        )


def first_words(text: str, most: int) -> str:
    """Return the beginning of a text, cut at a word."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0] or text[:most]}..."
