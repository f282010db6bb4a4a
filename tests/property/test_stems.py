"""A sentence is passed by when it has no stem: then nothing of the tables may match it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.narrative.connectives import has_stem, load_connectives
from attribution.narrative.gazetteer import Gazetteer, Name
from attribution.narrative.lacks import load_lacks
from attribution.narrative.statements import load_words

_TABLES = [
    *((row.id, row.pattern, row.stems) for row in load_connectives().rows),
    ("all", re.compile("|".join(f"(?:{row.pattern.pattern})" for row in load_connectives().rows),
                       re.IGNORECASE), load_connectives().stems),
    ("lacks", load_lacks().anything, load_lacks().stems),
    ("warnings", load_words().warned, load_words().warning_stems),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "stems"), [row[1:] for row in _TABLES], ids=[r[0] for r in _TABLES]
)
def test_whatever_matches_has_a_stem(pattern: re.Pattern[str], stems: tuple[str, ...]) -> None:
    """Texts made from a row's own pattern never lack all of its stems."""

    @settings(max_examples=25)
    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        match = pattern.search(text)
        assert match is None or not match[0].isascii() or has_stem(text.lower(), stems)

    check()


_NAMES = st.lists(st.sampled_from(["a", "a b", "b", "b-c", "c d a", "@d"]), unique=True)


@given(_NAMES, st.text("abcd -@", max_size=24))
def test_names_are_found_as_by_trying_each_everywhere(names: list[str], text: str) -> None:
    """The index by first word gives what the slow way gives: leftmost, longest, whole words."""
    found = Gazetteer(Name("service", name, name) for name in names).find(text)
    expected, at = [], 0
    while at < len(text):
        fitting = [
            name
            for name in sorted(names, key=len, reverse=True)
            if text.startswith(name, at)
            and not (text[max(0, at - 1) : at].isalnum() and name[0].isalnum())
            and not text[at + len(name) : at + len(name) + 1].isalnum()
        ]
        if fitting:
            expected.append((fitting[0], at))
        at += len(fitting[0]) if fitting else 1
    assert [(one.id, one.start) for one in found] == expected
