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
    cause_first: bool
    relation: str
    part: str | None
    needs_model: bool
    opens: bool
    beside: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Connectives:
    """The rows, what any of them begins with, and the words that change what they say."""

    rows: tuple[Connective, ...]
    any: re.Pattern[str]
    denial: re.Pattern[str]
    hedge: re.Pattern[str]
    irreal: re.Pattern[str]
    real: re.Pattern[str]
    planned: re.Pattern[str]
    purpose: re.Pattern[str]


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
                cause_first=row["order"] == "cause_first",
                relation=row["relation"],
                part=row.get("as"),
                needs_model=row.get("model", False),
                opens=row.get("open", False),
                beside=_words(row["beside"]) if "beside" in row else None,
            )
            for row in rows
        ),
        any=_words("|".join(f"(?:{row['words']})" for row in rows)),
        denial=_words(table["denials"]),
        hedge=_words(table["hedges"]),
        irreal=_words(table["irreal"]),
        real=_words(table["real"]),
        planned=_words(table["planned"]),
        purpose=re.compile(table["purpose"], re.IGNORECASE),
    )


def _words(pattern: str) -> re.Pattern[str]:
    """Return a pattern that matches whole words, in any case."""
    # A row may end with a space and look ahead: what follows is then a word of its own.
    return re.compile(rf"(?:(?<![\w-])|(?=,))(?:{pattern})(?:(?![\w-])|(?<=\s))", re.IGNORECASE)
