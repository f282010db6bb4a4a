"""`attribution release` as a person and as a script call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attribution.cli.release import describe_release
from attribution.model.instant import SECOND, Instant
from attribution.model.release import (
    BuildInput,
    BuildTrace,
    Carrier,
    Contents,
    EnvironmentTrace,
    Exposure,
    Move,
    ReleaseTag,
    ReleaseTrace,
    Revert,
)
from tests.conftest import Run
from tests.gitrepo import GitRepo

SHA, COPY, REVERT = "a" * 40, "b" * 40, "c" * 40


def instant(seconds: int) -> Instant:
    return Instant(seconds * SECOND)


@pytest.fixture
def trace() -> ReleaseTrace:
    """Return a trace in which everything that can be told is told."""
    copy = Carrier(COPY, "same_patch")
    carries, taken = Contents("carries", copy), Contents("reverted", copy, REVERT)
    moved = (Move(instant(60), None, SHA, "reflog"),)
    exposures = (
        Exposure("d1", instant(0), instant(90061), instant(200000), "d2", "revert"),
        Exposure("d3", instant(100000), None, instant(200000), doubtful=("d4",)),
    )
    last = (Exposure("d6", instant(200000), None, instant(200000)),)
    return ReleaseTrace(
        SHA,
        "Change \x1b[2J",
        (Carrier(SHA, "itself"), copy),
        (Revert(REVERT, SHA, "reverse_patch"),),
        (
            ReleaseTag("v1", COPY, True, instant(0), instant(0), carries, moved),  # noqa: FBT003
            ReleaseTag("v2", COPY, False, None, instant(0), taken, None),  # noqa: FBT003
        ),
        (
            EnvironmentTrace("production", "org/app", "d1", carries, exposures, 5, 1, 1, 0),
            EnvironmentTrace("test", None, "d6", carries, last, 1, 0, 0, 0),
        ),
        (
            BuildTrace(
                "b.json#/", "app", "builder", SHA, "v1", COPY, carries, ("it differs",),
                (BuildInput("tool", (), "a file"),), "not signed",
            ),
        ),
        ("something is not visible",),
    )  # fmt: skip


def test_a_person_reads_all_that_is_told(trace: ReleaseTrace) -> None:
    assert list(describe_release(trace)) == [
        "Commit aaaaaaaaaaaa  Change \\x1b[2J",
        "  carried too by bbbbbbbbbbbb: a copy with the same patch",
        "  aaaaaaaaaaaa taken back by cccccccccccc, by the reverse patch",
        "",
        "Tags that contain it: 1 of 2 that have it in their history",
        (
            "  v1  annotated, tagged 1970-01-01; commit of 1970-01-01; by the copy bbbbbbbbbbbb;"
            " MOVED 1970-01-01T00:01:00Z from somewhere to aaaaaaaaaaaa"
        ),
        (
            "  v2  lightweight, so without a date of its own; commit of 1970-01-01; by the copy"
            " bbbbbbbbbbbb; TAKEN BACK there by cccccccccccc"
        ),
        "  Whether a tag was moved is not visible where neither a reflog nor a record tells.",
        "",
        (
            "production from org/app (5 deployments, 1 not shown to have arrived,"
            " 1 of commits unknown here)"
        ),
        "  first carried by deployment d1, as a copy with the same patch (bbbbbbbbbbbb)",
        (
            "  1970-01-01T00:00:00Z to 1970-01-02T01:01:01Z: 1 d 1 h; ended by deployment d2, which"
            " contains its revert"
        ),
        (
            "  1970-01-02T03:46:40Z to the end of the records, 1970-01-03T07:33:20Z, and still"
            " there: 1 d 3 h; or sooner, by d4 of unknown contents"
        ),
        "  at most 2 d 4 h in all",
        "",
        "test (1 deployment)",
        "  first carried by deployment d6, as a copy with the same patch (bbbbbbbbbbbb)",
        (
            "  1970-01-03T07:33:20Z, where the records of deployments end: for how long is not"
            " visible"
        ),
        "",
        "Attested builds:",
        "  app from aaaaaaaaaaaa by builder (not signed)",
        "    DIFFERS: it differs",
        "    inputs beside the source, which no review of the repository covers: 1",
        "      tool (a file)",
        "",
        "Note: something is not visible.",
    ]


def test_a_script_reads_the_keys_that_are_promised(run_program: Run, tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "repo")
    sha = repo.commit("Begin")
    repo.git("tag", "v1")
    document = json.loads(run_program("release", repo.folder, "v1", "--json").stdout)
    assert document["commit"] == sha
    assert document["tags"][0]["name"] == "v1"
    assert document["environments"] == document["builds"] == []
    assert any("not visible" in note for note in document["notes"])
