"""Commits that a fix's own message points to: what it reverts, what brought the defect in.

The wording is git-revert(1)'s, the `Fixes:` trailer of the Linux kernel's submitting-patches, and
the phrases from which Rosa et al. (2021) built their oracle of fixes that name the culprit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

_SHA = r"(?P<sha>[0-9a-f]{6,64})"
_REVERTS = re.compile(rf"\b[Rr]everts?:? (?:the )?commit {_SHA}\b")
_PARTLY = re.compile(r"(?i)\b(?:partial|partially|partly)\s+$")
_SUBJECT = re.compile(r'Revert "(.*)"(?: \(.*\))?')
_TRAILER = re.compile(rf"(?im)^fixes:?[ \t]+(?:commit[ \t]+)?{_SHA}\b")
_CAUSE = re.compile(
    r"introduc\w+|caused|broken|broke|breaks|\b(?:un)?break\b|breakage|regress\w+|since|bisect\w*"
    r"|due\s+to|reverts?\s+(?:the\s+|some\s+|buggy\s+|wrong\s+)*changes?"
    r"|(?:added|appeared|committed|created|disabled|dropped|lost)\s+(?:in|by|with)"
    r"|(?:bug|crash|error|issue|problem|mistake|typo|warning|regression|leak|fallout)(?:e?s)?\s+"
    r"(?:in|from|of|by|with)",
    re.IGNORECASE,
)
"""Words of causing somewhere before an id, in the same sentence."""

_REPAIRS = re.compile(
    r"(?<!the )(?<!a )(?<!prior )(?<!previous )\bfix(?:es|ing)?\b:?"
    r"(?:(?:\s+(?!\w*ed\b)[\w-]+){0,6}?\s+(?:after|for|from|in|of)|\s+of)?"
    r"(?:\s+(?:the|commit|patch|change))*\s*$",
    re.IGNORECASE,
)
"""Words of repairing what an id is the place of; "the fix" and "fixed in" tell of another fix."""

_DID = re.compile(
    r"[)\]\"'`,]*\s*(?:\([^)]*\)\s*)?"
    r"(?:(?:which|that|it|we|has|had|also|even|then|\w+ly),?\s+){0,4}"
    r"(?:break|broke|caus|chang|delet|disabl|dropp?|introduc|lost|miss|remov|replac)(?:ed|es|ing|s)?\b",
    re.IGNORECASE,
)
"""What the commit of an id is said to have done, right after it: "commit abc1234 removed"."""

_AMISS = re.compile(
    r"\b(?:accident|inadvertent|unintention|mistak|erroneous)\w*|\b(?:incorrect|wrong)ly\b"
    r"|\b(?:forg[eo]t|overlook|neglect)\w*|\b(?:broke|breaks)\b",
    re.IGNORECASE,
)
"""Words of doing amiss on either side of an id, in the same sentence."""

_OPENS = re.compile(
    r"\s*in\s+(?:the\s+)?(?:[\w ]{1,20}\s)?(?:(?:commit|change)\s+)?", re.IGNORECASE
)
_TELLS = re.compile(r"\b(?:added|changed|introduced|moved|removed|renamed|replaced|switched)\b")
"""A sentence that begins "In commit abc1234" and goes on to tell what was done."""

_FIXED = re.compile(r"[)\]\"'`]*\s*fix(?:ed|es)\b(?!.*\bbut\b)", re.IGNORECASE | re.DOTALL)
"""A commit that repaired something else, and nothing said of what came of it."""

_LIKE_SHA = re.compile(rf"(?:(?<=/commit/)|(?<=/commits/)|(?<![\w/.@#-])){_SHA}(?![\w@-])")
_ADDRESS = re.compile(r"https?://\S*$")
_CLOSE = re.compile(r"[.;!?](?:\s|$)|\n[ \t]*\n")
_FURTHEST = 80
_FURTHEST_AFTER = 120
_LONGEST_ADDRESS = 500
_LONGEST = 4000
_LETTERS = re.compile(r"[a-f]")
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class References:
    """What a message points to, as written: abbreviated ids, and the subject of a revert.

    `reverts` and `causes` are ids in the order of the text, each once in either; none is checked.
    """

    reverts: tuple[str, ...]
    reverted_subject: str | None
    causes: tuple[str, ...]


def read_references(message: str) -> References:
    """Return the commits that a commit message says it reverts, or blames for what it repairs.

    An id counts as blamed when words of causing stand before it in the same sentence ("introduced
    in abc1234", "broken since abc1234"), when it is what is repaired ("fix abc1234", a `Fixes:`
    line, a revert in part), or when it is said to have done something ("abc1234 removed the check",
    "in abc1234 this was forgotten"). Other ids are only mentioned. What is reverted may be blamed
    too.
    """
    said = list(_REVERTS.finditer(message))
    parts = [one for one in said if _PARTLY.search(_find_lead(message, one.start()))]
    reverts = tuple(dict.fromkeys(match["sha"] for match in said if match not in parts))
    subject = _SUBJECT.fullmatch(message[:_LONGEST].partition("\n")[0].strip())
    found = [*parts, *(match for match in _TRAILER.finditer(message) if _is_id(match["sha"]))]
    causes = {match["sha"]: match.start() for match in found}
    ids = [match for match in _LIKE_SHA.finditer(message) if _is_id(match["sha"])]
    for match, then in zip_longest(ids, ids[1:]):
        lead = _find_lead(message, match.start())
        after = message[match.end() : then.start() if then else None][:_FURTHEST_AFTER]
        if _is_blamed(lead) or _did_amiss(lead, after):
            causes.setdefault(match["sha"], match.start())
    ordered = sorted(causes, key=lambda sha: causes[sha])
    return References(reverts, subject[1] if subject else None, tuple(ordered))


def _is_id(text: str) -> bool:
    """Return whether hexadecimal digits look like an id and not like a word or a number."""
    return bool(_LETTERS.search(text) and _DIGITS.search(text))


def _find_lead(message: str, at: int) -> str:
    """Return the sentence that leads up to the id at a place, without an address it is part of."""
    lead = _ADDRESS.sub("", message[max(0, at - _LONGEST_ADDRESS) : at])
    return _CLOSE.split(lead[-2 * _FURTHEST :])[-1][-_FURTHEST:]


def _is_blamed(lead: str) -> bool:
    """Return whether what leads up to an id speaks of causing, or of repairing it."""
    return any(words.search(lead) for words in (_CAUSE, _REPAIRS, _AMISS))


def _did_amiss(lead: str, after: str) -> bool:
    """Return whether what follows an id says what its commit did, or that it did it wrongly."""
    sentence = _CLOSE.split(after)[0]
    if _FIXED.match(sentence):
        return False
    if _OPENS.fullmatch(lead) and _TELLS.search(sentence):
        return True
    return _DID.match(after) is not None or _AMISS.search(sentence) is not None
