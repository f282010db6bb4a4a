"""Commits that a fix's own message points to: what it reverts, what brought the defect in.

The wording is git-revert(1)'s, the `Fixes:` trailer of the Linux kernel's submitting-patches, and
the phrases from which Rosa et al. (2021) built their oracle of fixes that name the culprit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHA = r"(?P<sha>[0-9a-f]{6,64})"
_REVERTS = re.compile(rf"\b[Rr]everts?:? (?:the )?commit {_SHA}\b")
_SUBJECT = re.compile(r'Revert "(.*)"(?: \(.*\))?')
_TRAILER = re.compile(rf"(?im)^fixes:?[ \t]+(?:commit[ \t]+)?{_SHA}\b")
_CAUSE = re.compile(
    r"introduc\w+|caused|broken|broke|breaks|regress\w+|since|bisect\w*|(?:added|appeared|created)\s+(?:in|by|with)"
    r"|(?:bug|error|issue|problem|mistake|typo|regression|leak|fallout|breakage)\s+"
    r"(?:in|from|of|by|with)",
    re.IGNORECASE,
)
_LIKE_SHA = re.compile(rf"(?<![\w/.@#-]){_SHA}(?![\w@-])")
_CLOSE = re.compile(r"[.;!?](?:\s|$)|\n[ \t]*\n")
_FURTHEST = 80
_LONGEST = 4000
_LETTERS = re.compile(r"[a-f]")
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class References:
    """What a message points to, as written: abbreviated ids, and the subject of a revert.

    `reverts` and `causes` are ids in the order of the text, each once; none is checked yet.
    """

    reverts: tuple[str, ...]
    reverted_subject: str | None
    causes: tuple[str, ...]


def read_references(message: str) -> References:
    """Return the commits that a commit message says it reverts, or blames for what it repairs.

    An id counts as blamed when words of causing stand before it in the same sentence ("introduced
    in abc1234", "broken since abc1234"), or in a `Fixes:` line. Other ids are only mentioned.
    """
    reverts = tuple(dict.fromkeys(match["sha"] for match in _REVERTS.finditer(message)))
    subject = _SUBJECT.fullmatch(message[:_LONGEST].partition("\n")[0].strip())
    causes = {
        match["sha"]: match.start() for match in _TRAILER.finditer(message) if _is_id(match["sha"])
    }
    for match in _LIKE_SHA.finditer(message):
        if _is_id(match["sha"]) and _is_blamed(message, match.start()):
            causes.setdefault(match["sha"], match.start())
    ordered = sorted(causes.keys() - set(reverts), key=lambda sha: causes[sha])
    return References(reverts, subject[1] if subject else None, tuple(ordered))


def _is_id(text: str) -> bool:
    """Return whether hexadecimal digits look like an id and not like a word or a number."""
    return bool(_LETTERS.search(text) and _DIGITS.search(text))


def _is_blamed(message: str, at: int) -> bool:
    """Return whether the sentence that leads up to the id at a place speaks of causing."""
    before = message[max(0, at - 2 * _FURTHEST) : at]
    sentence = _CLOSE.split(before)[-1][-_FURTHEST:]
    return _CAUSE.search(sentence) is not None
