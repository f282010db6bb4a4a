"""What the documents say of how unusual a change was, and of how long it ran."""

from __future__ import annotations

import dataclasses
import json

import pytest

from attribution.model.analysis import Analysis
from attribution.model.instant import HOUR, Instant
from attribution.model.release import (
    Carrier,
    ChangeRelease,
    Contents,
    EnvironmentTrace,
    Exposure,
)
from attribution.model.risk import ChangeRisk, Measure, Place, RiskFact
from attribution.report.document import build_document
from attribution.report.markdown import write_markdown
from tests.unit.report.builder import SHA, build_analysis


def measure(name: str, dimension: str, value: float, below: int) -> Measure:
    return Measure(name, dimension, name.upper(), f"what {name} is", 0, value, below, 0, 8382)


RISK = ChangeRisk(
    SHA,
    "Read the price table",
    merge=False,
    changes=8382,
    measures=(
        measure("nf", "diffusion", 24, 8300),
        measure("la", "size", 7, 4000),
        measure("exp", "experience", 0, 0),
    ),
    facts=(
        RiskFact(
            "deletes_resources",
            "deletes resources",
            "a source",
            (Place("db.tf", "removed", 31, "prevent_destroy = true # deploy-bot asked"),),
            3,
        ),
    ),
    notes=("something is not told",),
)


def stretch(first: int, last: int | None, why: str | None, *doubtful: str) -> Exposure:
    end = None if last is None else Instant(last * HOUR)
    ended_by = "d-9" if why == "revert" else None
    return Exposure("d-1", Instant(first * HOUR), end, Instant(90 * HOUR), ended_by, why, doubtful)


CARRIES = Contents("carries", Carrier(SHA, "itself"))
RAN = (stretch(0, 30, "revert"), stretch(40, None, None, "d-7"))
RELEASE = ChangeRelease(
    SHA,
    (Carrier(SHA, "itself"),),
    (
        EnvironmentTrace("production", None, "d-1", CARRIES, RAN, 4, 1, 0, 0),
        EnvironmentTrace("test", None, "d-1", CARRIES, (stretch(90, None, None),), 1, 0, 0, 0),
        EnvironmentTrace("staging", None, None, None, (), 1, 0, 0, 0),
    ),
)


@pytest.fixture
def analysis() -> Analysis:
    return dataclasses.replace(build_analysis(), risks=(RISK,), releases=(RELEASE,))


def write(analysis: Analysis, audience: str) -> str:
    return write_markdown(build_document(analysis, audience))


def test_the_legal_report_has_every_measure_beside_its_percentile(analysis: Analysis) -> None:
    text = write(analysis, "legal")
    assert "Was it foreseeable?" in text
    assert "| NF | 24 | 99th | 0.0\u00a0% | what nf is |" in text
    assert "| EXP | 0 | below all | 0.0\u00a0% | what exp is |" in text
    assert "line 31, removed" in text
    assert "and 2 more" in text
    assert "Something is not told." in text


def test_the_legal_report_says_how_long_the_change_ran_where(analysis: Analysis) -> None:
    text = write(analysis, "legal")
    assert "1970-01-01 00:00:00 to 1970-01-02 06:00:00, until d-9" in text
    assert "and still there; it may have ended with d-7" in text
    assert "no deployment is shown to have carried it" in text
    assert "3 d 8 h" in text
    assert "1970-01-04 18:00:00, where the records of deployments end" in text


def test_a_postmortem_tells_what_was_unusual_and_nothing_of_the_author(analysis: Analysis) -> None:
    text = write(analysis, "postmortem")
    assert "What was unusual about this change" in text
    assert "NF: **24**, 99th in 8,382 changes" in text
    assert "what la is" not in text  # its percentile is an ordinary one
    assert "EXP" not in text
    assert "deploy-bot asked" not in text
    assert "exp" not in {one["id"] for one in _measures(analysis, "postmortem")}
    assert "exp" in {one["id"] for one in _measures(analysis, "legal")}


def _measures(analysis: Analysis, audience: str) -> list[dict[str, object]]:
    data = json.loads(json.dumps(build_document(analysis, audience).data))
    [risk] = data["risks"]
    found: list[dict[str, object]] = risk["measures"]
    return found


def test_where_nothing_is_unusual_that_is_said_and_too_little_to_compare_is_not_that(
    analysis: Analysis,
) -> None:
    plain = dataclasses.replace(RISK, measures=RISK.measures[1:2])
    few = dataclasses.replace(RISK, measures=(dataclasses.replace(RISK.measures[0], of=7),))
    said = "By none of its measures"
    assert said in write(dataclasses.replace(analysis, risks=(plain,)), "postmortem")
    assert said not in write(dataclasses.replace(analysis, risks=(few,)), "postmortem")


def test_a_change_that_no_repository_holds_is_told_as_not_measured(analysis: Analysis) -> None:
    none = ChangeRisk(SHA, "x", merge=False, changes=0, measures=(), facts=(), notes=("not so",))
    without = dataclasses.replace(analysis, risks=(none,))
    assert "Not so." in write(without, "legal")
    assert "changes before it: 0" not in write(without, "legal")
    assert "What was unusual" not in write(without, "postmortem")


def test_without_such_a_change_nothing_is_said() -> None:
    analysis = build_analysis()
    assert "foreseeable" not in write(analysis, "legal")
    assert "What was unusual" not in write(analysis, "postmortem")
