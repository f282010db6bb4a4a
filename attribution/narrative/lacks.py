"""What a sentence says was not there, was not done or did not work.

Sources: see `tables/lacks.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from attribution.model.narrative import Lack
from attribution.narrative.connectives import has_stem
from attribution.narrative.tablefile import read_table

_WORD = r"(?:[\w'/-]+ )"


@dataclass(frozen=True, slots=True)
class Lacking:
    """The table, ready to be matched; `anything` matches wherever a row does."""

    subjects: Mapping[str, tuple[re.Pattern[str], ...]]
    alone: re.Pattern[str]
    anything: re.Pattern[str]
    stems: tuple[str, ...]
    unless: re.Pattern[str]


@cache
def load_lacks() -> Lacking:
    """Return the table as shipped."""
    table = read_table("lacks")
    return Lacking(
        subjects={
            subject: (
                _words(rf"(?:{table['before']}) {_WORD}{{0,4}}?(?:{words})"),
                _words(rf"(?:{words}) {_WORD}{{0,6}}?(?:{table['after']})"),
            )
            for subject, words in table["subjects"].items()
        },
        alone=_words("|".join(table["alone"])),
        anything=_words("|".join((f"{table['before']}(?= )", table["after"], *table["alone"]))),
        stems=tuple(table["stems"]),
        unless=_words(table["unless"]),
    )


def find_lack(text: str, table: Lacking) -> Lack | None:
    """Return the first lack that a sentence tells of, None where it tells of none."""
    if not has_stem(text.lower(), table.stems) or not table.anything.search(text):
        return None
    found = [
        (match.start(), -match.end(), subject, match[0])
        for subject, patterns in table.subjects.items()
        for pattern in patterns
        if (match := pattern.search(text))
    ]
    if not found and (alone := table.alone.search(text)):
        found = [(alone.start(), -alone.end(), "", alone[0])]
    if not found or table.unless.search(text):
        return None
    _, _, subject, words = min(found)
    return Lack(subject or None, words)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
