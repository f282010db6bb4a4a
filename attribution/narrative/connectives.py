"""The table of words by which texts say that one thing brought about another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from attribution.narrative.tablefile import read_table


@dataclass(frozen=True, slots=True)
class Connective:
    """One row of the table; `pattern` matches the words alone."""

    id: str
    pattern: re.Pattern[str]
    stems: tuple[str, ...]
    cause_first: bool
    relation: str
    part: str | None
    needs_model: bool
    opens: bool
    beside: re.Pattern[str] | None

    def search(self, text: str, lowered: str) -> bool:
        """Return whether the words stand in a text, which is given in lower case as well."""
        return has_stem(lowered, self.stems) and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Connectives:
    """The rows, the stems of them all, and the words that change what they say."""

    rows: tuple[Connective, ...]
    stems: tuple[str, ...]
    denial: re.Pattern[str]
    hedge: re.Pattern[str]
    irreal: re.Pattern[str]
    real: re.Pattern[str]
    planned: re.Pattern[str]


def has_stem(lowered: str, stems: tuple[str, ...]) -> bool:
    """Return whether one of the stems stands in a text in lower case."""
    return any(stem in lowered for stem in stems)


@cache
def load_connectives() -> Connectives:
    """Return the table as shipped."""
    table = read_table("connectives")
    rows = table["connectives"]
    return Connectives(
        rows=tuple(
            Connective(
                id=row["id"],
                pattern=_words(row["words"]),
                stems=tuple(row["stems"]),
                cause_first=row["order"] == "cause_first",
                relation=row["relation"],
                part=row.get("as"),
                needs_model=row.get("model", False),
                opens=row.get("open", False),
                beside=_words(row["beside"]) if "beside" in row else None,
            )
            for row in rows
        ),
        stems=_shortest({stem for row in rows for stem in row["stems"]}),
        denial=_words(table["denials"]),
        hedge=_words(table["hedges"]),
        irreal=_words(table["irreal"]),
        real=_words(table["real"]),
        planned=_words(table["planned"]),
    )


def _shortest(stems: set[str]) -> tuple[str, ...]:
    """Return the stems without those that hold another."""
    return tuple(sorted(one for one in stems if not any(other in one for other in stems - {one})))


def _words(pattern: str) -> re.Pattern[str]:
    """Return a pattern that matches whole words, in any case."""
    # A row may end with a space and look ahead: what follows is then a word of its own.
    return re.compile(rf"(?:(?<![\w-])|(?=,))(?:{pattern})(?:(?![\w-])|(?<=\s))", re.IGNORECASE)
