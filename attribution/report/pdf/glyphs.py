"""Which characters the fonts of the reports have, and what is shown for the others."""

from __future__ import annotations

from functools import lru_cache

from attribution.report.layout.metrics import load_metrics

_WORDS_KEPT = 65_536
"""How many words' widths are remembered: a long timeline has no more different ones."""


@lru_cache(maxsize=_WORDS_KEPT)
def show_text(text: str, face: str = "regular") -> str:
    """Return `text` with each character that the font has not shown as `[U+4E8B]`."""
    known = load_metrics(face).widths
    if all(ord(character) in known or character == "\n" for character in set(text)):
        return text
    return "".join(
        character if ord(character) in known or character == "\n" else f"[U+{ord(character):04X}]"
        for character in text
    )


def show_line(text: str, face: str = "regular") -> str:
    """Return `text` as `show_text`, on one line: what is drawn as a string has no other."""
    return show_text(text.replace("\n", " "), face)


@lru_cache(maxsize=_WORDS_KEPT)
def measure(word: str, face: str) -> float:
    """Return the width of a word in a size of one point."""
    return load_metrics(face).width(word, 1.0)
