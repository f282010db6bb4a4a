"""Names are found quickly, and found as one pattern of all of them would find them."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from attribution.report.redactor import Redactor

NAME = st.text(alphabet="abAB1-_. é@ıİſ", min_size=1, max_size=5)
NAMES = st.dictionaries(NAME, st.integers(0, 9).map(lambda number: f"[p{number}]"), max_size=6)
TEXT = st.text(alphabet="abAB1-_. é@ıİſ", max_size=30)


def replace_all(text: str, labels: dict[str, str], flags: re.RegexFlag) -> str:
    """Return the text as one pattern of all the names, the longest first, makes it."""
    if not labels:
        return text
    known = {name.casefold() if flags else name: label for name, label in labels.items()}
    names = sorted(known, key=lambda name: (-len(name), name))
    choices = "|".join(map(re.escape, names))
    return re.sub(
        rf"(?<![^\W_])(?:{choices})(?![^\W_])",
        lambda match: known.get(match[0].casefold() if flags else match[0], "[name]"),
        text,
        flags=flags,
    )


@settings(max_examples=40)
@given(labels=NAMES, exact=NAMES, text=TEXT)
@example(labels={"a b": "[1]", "b a b": "[2]", "b": "[3]"}, exact={}, text="a b a b b")
@example(labels={"-": "[1]", "--": "[2]"}, exact={}, text="a --- a")
@example(labels={"a-b": "[1]"}, exact={"B": "[2]"}, text="A-B a_B B")
def test_names_are_replaced_as_by_one_pattern_of_all(
    labels: dict[str, str], exact: dict[str, str], text: str
) -> None:
    """Of ASCII names and texts; others are left to the pattern itself."""
    labels = {name: label for name, label in labels.items() if name.casefold().isascii()}
    exact = {name: label for name, label in exact.items() if name.isascii()}
    expected = replace_all(text, labels, re.IGNORECASE)
    expected = replace_all(expected, exact, re.NOFLAG)
    assert Redactor(labels, exact=exact)(text) == expected


def test_a_name_of_other_letters_is_found_in_any_case() -> None:
    redactor = Redactor({"Žofie Říhová": "[person 1]"}, exact={"Říhová": "[person 1]"})
    assert redactor("ŽOFIE ŘÍHOVÁ and Říhová asked") == "[person 1] and [person 1] asked"
