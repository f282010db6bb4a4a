"""How a name stands in an id: joined by dashes or underscores, in part, or cut at the end.

An id made of a name (`act_harbour_platform`, the case `harbour-2026`) tells the name to whoever
must not see it, though it is not written there as people write it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

_WORD = re.compile(r"[^\W_]+")
_JOINTS = ("-", "_", ".", "")
_SHORTEST = 4
"""Letters that a word, or what is left of one that was cut, has at least to tell a name."""


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name or an id, in small letters."""
    return tuple(_WORD.findall(name.casefold()))


def spell(name: str) -> Iterator[tuple[str, str]]:
    """Yield each form in which a name of several words stands in ids, and what joins its words."""
    words = words_of(name)
    if len(words) > 1:
        for joint in _JOINTS:
            yield joint.join(words), joint


def telling_words(names: Iterable[str], common: Collection[str]) -> frozenset[str]:
    """Return the words by which somebody could be told: long enough, no number, not common."""
    return frozenset(
        word
        for name in names
        for word in words_of(name)
        if len(word) >= _SHORTEST and not word.isdigit() and word not in common
    )


def ends_in_cut_name(
    identifier: str, names: Iterable[Sequence[str]], told: Collection[str]
) -> bool:
    """Whether an id ends with the beginning of a name (its words), cut in a word or between two.

    What is left must have one of the words that tell somebody, or the beginning of one.
    """
    words = words_of(identifier)
    return any(
        _is_beginning(words[-length:], name, told)
        for name in names
        for length in range(1, min(len(words), len(name)) + 1)
    )


def _is_beginning(tail: Sequence[str], name: Sequence[str], told: Collection[str]) -> bool:
    *whole, last = tail
    following = name[len(whole)]
    if list(name[: len(whole)]) != whole or not following.startswith(last):
        return False
    if len(tail) == len(name) and last == following:
        return False  # the whole name: found as such
    return any(word in told for word in whole) or (following in told and len(last) >= _SHORTEST)
