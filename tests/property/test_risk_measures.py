"""The measures of a change against a twin that knows the history's plan and never asks git."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.ingest.git import open_repository
from attribution.model.risk import ChangeRisk
from attribution.provenance.risk import assess_risk
from tests.randomrepo import Planned, Tree, plan_history, write_history

YEAR = 365.25 * 24 * 3600


class Touch(NamedTuple):
    time: int
    change: int
    author: str


def order(plan: list[Planned], shas: list[str], target: int) -> list[int]:
    """Return the target and its ancestors, by corrected date and id."""
    inside = {target}
    for at in range(target, -1, -1):
        if at in inside:
            inside |= set(plan[at].parents)

    def corrected(at: int) -> int:
        return max([plan[at].time, *(corrected(parent) + 1 for parent in plan[at].parents)])

    return sorted(inside, key=lambda at: (corrected(at), shas[at]))


def compare(plan: list[Planned], at: int) -> list[tuple[str | None, str | None, int, int, int]]:
    """Return before, after, added, removed and lines before of each file that a commit changes."""
    commit = plan[at]
    old: Tree = plan[commit.parents[0]].tree if commit.parents else {}
    gone = set(commit.renamed.values())
    found: list[tuple[str | None, str | None, int, int, int]] = []
    for path in sorted(old.keys() | commit.tree.keys()):
        if path in gone and path not in commit.tree:
            continue
        source = commit.renamed.get(path, path)
        before, after = set(old.get(source, ())), set(commit.tree.get(path, ()))
        if path in old and path in commit.tree and old[path] == commit.tree[path]:
            continue
        found.append(
            (
                source if source in old else None,
                path if path in commit.tree else None,
                len(after - before),
                len(before - after),
                len(before),
            )
        )
    return found


def measure(plan: list[Planned], shas: list[str], target: int) -> list[dict[str, float | None]]:
    """Return the measures of every change up to the target, which is the last one."""
    paths: dict[str, list[Touch]] = {}
    done: list[tuple[str, int, set[str]]] = []  # author, time, subsystems
    rows = []
    for at in order(plan, shas, target):
        commit = plan[at]
        files = compare(plan, at)
        if len(commit.parents) > 1 or (not files and at != target):
            continue
        rows.append(_measure_one(commit, files, paths, done))
        for before, after, *_ in files:
            name = after or before or ""
            past = paths.get(before, []) if before else []
            paths[name] = [*past, Touch(commit.time, at, commit.author)]
        done.append((commit.author, commit.time, _tops(files)))
    return rows


def _tops(files: list[tuple[str | None, str | None, int, int, int]]) -> set[str]:
    names = [after or before or "" for before, after, *_ in files]
    return {name.split("/")[0] if "/" in name else "" for name in names}


def _measure_one(
    commit: Planned,
    files: list[tuple[str | None, str | None, int, int, int]],
    paths: dict[str, list[Touch]],
    done: list[tuple[str, int, set[str]]],
) -> dict[str, float | None]:
    known = [paths[before] for before, *_ in files if before is not None and before in paths]
    modified = [added + removed for *_, added, removed, _ in files]
    total, nf = sum(modified), len(files)
    entropy = 0.0
    if nf > 1 and total:
        parts = [lines / total for lines in modified if lines]
        entropy = -sum(part * math.log(part) for part in parts) / math.log(nf)
    la = sum(file[2] for file in files)
    ld = sum(file[3] for file in files)
    lt = sum(file[4] for file in files)
    ages = [max(0, commit.time - past[-1].time) / 86400 for past in known]
    nuc = len({past[-1].change for past in known})
    own = [(time, tops) for author, time, tops in done if author == commit.author]
    years = [max(0, math.floor((commit.time - time) / YEAR)) for time, _ in own]
    names = [after or before or "" for before, after, *_ in files]
    return {
        "ns": len(_tops(files)),
        "nd": len({str(Path(name).parent) for name in names}),
        "nf": nf,
        "entropy": entropy,
        "la": la,
        "ld": ld,
        "lt": lt,
        "la_lt": la / lt if lt else None,
        "ld_lt": ld / lt if lt else None,
        "lt_nf": lt / nf if nf else None,
        "fix": float(commit.message in {"Fix a bug", "Handle an ERROR"}),
        "ndev": len({touch.author for past in known for touch in past}),
        "age": sum(ages) / len(ages) if ages else None,
        "nuc": nuc,
        "nuc_nf": nuc / nf if nf else None,
        "exp": len(own),
        "rexp": sum(1 / (year + 1) for year in years),
        "sexp": sum(bool(tops & _tops(files)) for _, tops in own),
    }


def check(risk: ChangeRisk, rows: list[dict[str, float | None]]) -> None:
    """Compare one answer with the twin's rows: the values, and where each stands among the past."""
    *past, last = rows
    assert risk.changes == len(past)
    for one in risk.measures:
        expected = last[one.id]
        assert one.value == (None if expected is None else pytest.approx(expected)), one.id
        if expected is None:
            continue
        others = [value for row in past if (value := row[one.id]) is not None]
        below = sum(value < expected - 1e-9 for value in others)
        equal = sum(abs(value - expected) <= 1e-9 for value in others)
        assert one.of == len(others), one.id
        assert (one.below, one.equal) == (below, equal) or one.id in {"entropy", "rexp"}, one.id


def compare_with_twin(seed: int, size: int) -> None:
    plan = plan_history(seed, size)
    targets = [
        at for at in (size - 1, size // 2) if len(plan[at].parents) < 2 and compare(plan, at)
    ]
    with tempfile.TemporaryDirectory() as folder:
        shas = write_history(Path(folder) / "repo", plan)
        with open_repository(Path(folder) / "repo") as repository:
            risks = assess_risk(repository, [shas[at] for at in targets])
    for at, risk in zip(targets, risks, strict=True):
        check(risk, measure(plan, shas, at))


@given(seed=st.integers(0, 10**6), size=st.integers(2, 30))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_measures_are_those_of_a_twin_that_reads_the_plan_and_not_git(seed: int, size: int) -> None:
    compare_with_twin(seed, size)


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), size=st.integers(2, 60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_measures_are_those_of_the_twin_on_more_and_longer_histories(seed: int, size: int) -> None:
    compare_with_twin(seed, size)
