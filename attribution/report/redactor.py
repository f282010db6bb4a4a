"""Replaces names in texts: many names, and many more texts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

_WORDS = re.compile(r"[^\W_]+")


class Redactor:
    """Replaces names by labels: the longest first, whole words, whatever their case.

    `labels` are found in any case, `exact` only as they are written.
    """

    def __init__(self, labels: Mapping[str, str], *, exact: Mapping[str, str]) -> None:
        self._anywhere = _Finder(
            {name.casefold(): label for name, label in labels.items()}, re.IGNORECASE
        )
        self._as_written = _Finder(exact, re.NOFLAG)

    def __call__(self, text: str) -> str:
        """Return `text` with every known name replaced."""
        return self._as_written.replace(self._anywhere.replace(text))


class _Finder:
    """Finds the names in a text.

    One pattern of thousands of names is slow, and most texts name nobody: a name is looked for only
    where the word of it that the fewest names have stands in the text.
    """

    def __init__(self, labels: Mapping[str, str], flags: re.RegexFlag) -> None:
        self._labels = dict(labels)
        self._flags = flags
        words = {name: _WORDS.findall(name.casefold()) for name in self._labels}
        counts = Counter(word for found in words.values() for word in set(found))
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._wordless: list[str] = []
        for name, found in words.items():
            if found:
                self._by_word[min(found, key=lambda word: (counts[word], word))].append(name)
            else:
                self._wordless.append(name)

    def replace(self, text: str) -> str:
        """Return the text with every name in it replaced."""
        if not self._labels:
            return text
        if not text.isascii():  # only of ASCII is it certain which letters are the same in any case
            return self._whole.sub(lambda match: self._label(match[0]), text)
        lowered = text.lower()
        inside = lowered if self._flags else text
        found = [
            name
            for word in self._by_word.keys() & _WORDS.findall(lowered)
            for name in self._by_word[word]
            if name in inside
        ]
        if not found and not self._wordless:
            return text
        return self._put(text, inside, [*found, *self._wordless])

    def _put(self, text: str, inside: str, names: Iterable[str]) -> str:
        """Return the text with these names replaced: from the left, at each place the longest."""
        places = sorted(
            (start, -len(name), name) for name in names for start in _find_whole(name, inside)
        )
        parts: list[str] = []
        done = 0
        for start, _, name in places:
            if start >= done:
                parts += [text[done:start], self._labels[name]]
                done = start + len(name)
        return "".join((*parts, text[done:]))

    def _label(self, found: str) -> str:
        return self._labels.get(found.casefold() if self._flags else found, "[name]")

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        ordered = sorted(self._labels, key=lambda name: (-len(name), name))
        choices = "|".join(re.escape(name) for name in ordered)
        return re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])", self._flags)


def _find_whole(name: str, text: str) -> Iterator[int]:
    """Yield where a name stands in a text as whole words: no letter or digit beside it."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start
        start = text.find(name, start + 1)
