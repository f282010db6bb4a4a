"""Which tags have a commit, against git itself, on histories made from a plan."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.ingest.git import open_repository
from attribution.oversight.trace import trace_release
from tests.gitrepo import GitRepo
from tests.randomrepo import plan_history, write_history


def compare_with_git(seed: int, size: int, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = GitRepo(Path(folder) / "repo")
        shas = write_history(repo.folder, plan_history(seed, size))
        tags = "".join(f"create refs/tags/t{n} {sha}\n" for n, sha in enumerate(shas))
        repo.git("update-ref", "--stdin", stdin=tags)
        sha = shas[at % size]
        expected = repo.git("tag", "--contains", sha).split()
        with open_repository(repo.folder) as repository:
            trace = trace_release(repository, sha)
    found = {tag.name: tag.contents.carrier for tag in trace.tags}
    assert set(expected) <= set(found)
    # Beyond what git names there are only copies: two branches that delete the same file.
    for name in set(found) - set(expected):
        carrier = found[name]
        assert carrier is not None
        assert carrier.how == "same_patch"


@given(seed=st.integers(0, 10**6), size=st.integers(1, 25), at=st.integers(0, 24))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tags_that_have_a_commit_are_those_that_git_names(seed: int, size: int, at: int) -> None:
    compare_with_git(seed, size, at)


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), size=st.integers(1, 60), at=st.integers(0, 59))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tags_are_those_that_git_names_on_more_and_longer_histories(
    seed: int, size: int, at: int
) -> None:
    compare_with_git(seed, size, at)
