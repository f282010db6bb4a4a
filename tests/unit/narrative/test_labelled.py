"""What is read in sentences written for the purpose, each with a label of what it says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from attribution.model.narrative import ReadSentence
from attribution.narrative.reading import Passage, read_passages

SENTENCES = Path(__file__).parents[2] / "data" / "narrative" / "sentences.csv"


@pytest.fixture(scope="module")
def labelled() -> list[tuple[dict[str, str], ReadSentence | None]]:
    """Return each row with what was read of it, all read in one go."""
    rows = list(csv.DictReader(SENTENCES.read_text("utf-8").splitlines()))
    passages = [Passage(f"line {at}", None, row["sentence"]) for at, row in enumerate(rows)]
    read = {one.reference: one for one in read_passages(passages).sentences}
    return [(row, read.get(f"line {at}")) for at, row in enumerate(rows)]


Labelled = list[tuple[dict[str, str], ReadSentence | None]]


def test_causes_are_told_with_relation_and_denial(labelled: Labelled) -> None:
    """Every sentence that says so, and none that speaks of a plan or of order in time."""
    for row, read in labelled:
        causes = [one for one in (read.causes if read else ()) if not one.irreal]
        assert bool(causes) == (row["causal"] == "1"), row["sentence"]
        if causes:
            assert causes[0].relation == row["relation"], row["sentence"]
            assert causes[0].denied == (row["denied"] == "1"), row["sentence"]


def test_claims_are_told_with_their_stance(labelled: Labelled) -> None:
    """Who says so is no fact: said, claimed, admitted, denied, suspected and found are apart."""
    for row, read in labelled:
        stances = [one.stance for one in (read.assertions if read else ())]
        assert stances[:1] == ([row["claim"]] if row["claim"] else []), row["sentence"]


def test_actions_are_told_with_whether_they_were_done(labelled: Labelled) -> None:
    """Done, planned, attempted, requested, forbidden, denied, as a rule, reported or supposed."""
    rows = [(row, read) for row, read in labelled if row["aspect"]]
    right = [
        f"{read.actions[0].operation}:{read.actions[0].aspect}" == row["aspect"]
        for row, read in rows
        if read is not None and read.actions
    ]
    # One sentence, of a verb without an object, is not read: `The backup runs every night`.
    assert right == [True] * (len(rows) - 1)


def test_warnings_are_found(labelled: Labelled) -> None:
    """What was said beforehand is knowledge, and no plain request or denial is one."""
    for row, read in labelled:
        assert bool(read and read.warning) == (row["warning"] == "1"), row["sentence"]
