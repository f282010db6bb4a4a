"""Operators of other languages and logics, and how they are written in expressions here."""

from __future__ import annotations

import re

WORDS = (
    ("<->", "=="),
    ("<=>", "=="),
    ("->", "`not a or b` for `a -> b`"),
    ("=>", "`not a or b` for `a => b`"),
    ("&&", "and"),
    ("||", "or"),
    ("&", "and"),
    ("|", "or"),
    ("~", "not"),
    ("!", "not"),
    ("∧", "and"),
    ("∨", "or"),
    ("¬", "not"),
    ("=", "=="),
)
"""An operator, and the word for it or how it is put."""

# Comparisons that are written here as elsewhere, and so hide the signs they are made of.
_OWN = ("==", "!=", "<=", ">=")
_SIGNS = re.compile(
    "|".join(
        re.escape(sign)
        for sign in sorted({*_OWN, *(sign for sign, _ in WORDS)}, key=lambda it: (-len(it), it))
    )
)


def translate(text: str) -> str | None:
    """Return how the foreign operators of a text are written here, None where it has none."""
    words = dict(WORDS)
    found = dict.fromkeys(sign for sign in _SIGNS.findall(text) if sign in words)
    told = [
        words[sign] if " for " in words[sign] else f"`{words[sign]}` for `{sign}`" for sign in found
    ]
    return "write " + ", ".join(told) if told else None
