"""Whatever is done to a file, its reader accounts for every entry or refuses with a message.

The targets, their seeds and the promises are those of the fuzzer (tests/fuzz); here hypothesis
chooses the damage, so that what fails is shrunk, and none is guided by what the code does with it.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from attribution.ingest import FORMATS
from attribution.model.record import Reading
from tests.fuzz.mutation import MOST_BYTES, mutate, parse_documents
from tests.fuzz.promises import check
from tests.fuzz.seeds import SAMPLES_OF, seeds_of
from tests.fuzz.targets import TARGETS

STARTS_PROGRAMS = {"git"}
"""Targets of which a run takes a second, as each runs git."""

CHANCES = st.randoms(use_true_random=False)


def settle(name: str, chance: random.Random) -> None:
    target = TARGETS[name]
    damaged = mutate(chance.choice(target.seeds), chance)
    note(f"{name}: {damaged[:2000]!r}")
    target.run(damaged)


def test_every_format_that_is_read_is_fuzzed() -> None:
    """A format without a sample to damage is one whose reader nothing here has tried."""
    assert frozenset(FORMATS) <= frozenset(TARGETS)


@given(chance=CHANCES, name=st.sampled_from(sorted(TARGETS.keys() - STARTS_PROGRAMS)))
@settings(max_examples=100)
def test_damage_is_accounted_for_or_refused(chance: random.Random, name: str) -> None:
    settle(name, chance)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_much_damage_is_accounted_for_or_refused(name: str) -> None:
    @given(chance=CHANCES)
    @settings(max_examples=12 if name in STARTS_PROGRAMS else 80)
    def try_damage(chance: random.Random) -> None:
        settle(name, chance)

    try_damage()


@given(content=st.binary(max_size=400), name=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=50)
def test_noise_is_refused_or_accounted_for(content: bytes, name: str) -> None:
    check(name, content)


@pytest.mark.parametrize("name", sorted(SAMPLES_OF))
def test_every_sample_keeps_the_promises_undamaged(name: str) -> None:
    """Else the damaged ones would show nothing: each is read, and its entries are there."""
    for content in seeds_of(name):
        found = check(name, content)
        assert isinstance(found, Reading)
        assert found.records


@given(chance=CHANCES, name=st.sampled_from(sorted(SAMPLES_OF)))
@settings(max_examples=15)
def test_damage_is_bounded_and_the_same_for_the_same_seed(chance: random.Random, name: str) -> None:
    seed = chance.getrandbits(32)
    content = seeds_of(name)[0]
    once = mutate(content, random.Random(seed))
    assert once == mutate(content, random.Random(seed))
    assert len(once) <= MOST_BYTES


def test_documents_are_told_from_text() -> None:
    """Formats of JSON are damaged by structure; were they taken for text, few would stay JSON."""
    told = {name for name in SAMPLES_OF if parse_documents(seeds_of(name)[0]) is not None}
    text = {"codeowners", "csv", "ics", "mail", "markdown", "syslog", "syslog-bsd", "yaml"}
    assert set(SAMPLES_OF) - told == text | {"plaso-l2tcsv", "plaso-tln", "timesketch"}
