"""What can be wrong with YAML text itself, and the limits a manifest must keep to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attribution.schema.problems import Problem

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40

_PRINTABLE = re.compile("[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

SECOND_DOCUMENT = Problem(
    1,
    1,
    "",
    "more than one YAML document in the file",
    got="a second document",
    expected="one document",
    remedy="delete the line `---` and what belongs to another case",
)
TOO_DEEP = Problem(
    1,
    1,
    "",
    "the file is nested too deeply",
    got=f"more than {MAX_DEPTH} levels",
    expected="the few levels of a case",
    remedy="close the brackets, or mend the indentation",
)
TOO_MANY = Problem(
    1,
    1,
    "",
    "the file stands for too many values",
    got=f"more than {MAX_VALUES} values once aliases are written out",
    expected="a manifest; records belong in evidence files",
    remedy="write the values out instead of nesting aliases (*name)",
)
TAG = Problem(
    1,
    1,
    "",
    "a YAML tag",
    expected="plain values without tags",
    remedy="delete the tag; put text in quotes where it could be read as a number",
)
COMPLEX_KEY = Problem(
    1,
    1,
    "",
    "a key that is not text",
    expected="a name before the colon",
    remedy="write the key as a plain word",
)
MERGE_KEY = Problem(
    1,
    1,
    "",
    "a merge key",
    got="<<",
    expected="keys written out (merge keys are no part of YAML 1.2)",
    remedy="copy the keys here",
)


def duplicate_key(name: str, first: int, second: int) -> Problem:
    """Return the problem of a key that stands on two lines."""
    if re.fullmatch(r"\d{3}", name):
        return Problem(
            second,
            1,
            name,
            "numbers with a thousands separator",
            got=f"a comma before {name}, twice",
            expected="digits alone, with a point before decimals",
            remedy='leave the commas out: "3000" in place of 3,000',
        )
    return Problem(
        second,
        1,
        name,
        f"the key {name} is given twice",
        got=f"{name} on line {first} and on line {second}",
        expected="each key once",
        remedy="delete one of the two",
    )


def alias_to_nothing(anchor: str) -> Problem:
    """Return the problem of an alias whose anchor is missing, or encloses it."""
    return Problem(
        1,
        1,
        "",
        f"the alias *{anchor} names no finished value before it",
        expected=f"a value marked &{anchor} further up",
        remedy="write the value out; put text that starts with * in quotes",
    )


def syntax_problem(error: MarkedYAMLError, text: str) -> Problem:
    """Return what the YAML parser could not read, with the usual reasons for it."""
    mark = error.problem_mark or error.context_mark
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or (
        error.problem is not None and "'\\t'" in error.problem
    ):
        return Problem(
            line,
            column,
            "",
            "a tab where YAML allows only spaces",
            got="a tab",
            expected="spaces",
            remedy="replace the tab with spaces; most editors can do so for the whole file",
        )
    return Problem(
        line,
        column,
        "",
        f"not YAML: {error.problem or error.context}",
        got=written.strip()[:80] or "the end of the file",
        expected=error.context or "a key, a colon, a space and a value",
        remedy="look at this line and the one before it: an unclosed quote or bracket, a missing "
        "space after a colon, or text with `: ` or ` #` in it that needs quotes",
    )


def unprintable_problem(text: str) -> Problem:
    """Return the first character of `text` that YAML does not allow (production 1 of 1.2.2)."""
    at = next((index for index, character in enumerate(text) if not _PRINTABLE.match(character)), 0)
    before = text[:at]
    return Problem(
        before.count("\n") + 1,
        at - (before.rfind("\n") + 1) + 1,
        "",
        "a character that YAML does not allow",
        got=f"U+{ord(text[at]):04X}",
        expected="printable text",
        remedy='delete it, or write it as an escape in double quotes, as in "\\u0007"',
    )
