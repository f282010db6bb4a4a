"""The worked example of the how-to page, pasted into a shell as a reader would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "own-incident.md"
pytestmark = pytest.mark.slow

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder in which every block was run, and what they printed."""
    folder = tmp_path_factory.mktemp("reader")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(BLOCK.findall(PAGE.read_text("utf-8")))],
        cwd=folder,
        env={**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return folder / "example" / "incident", done.stdout


def test_every_block_does_what_the_page_says(followed: tuple[Path, str]) -> None:
    """Records are taken in whole, the case is computed, and nothing differs at the end."""
    _, printed = followed
    for said in (
        "3 read = 3 kept",
        "4 read = 4 kept",
        "2026-03-03 13:05:00 60s",
        "Position A: Nobody was asked for a review",
        "checked are as they were",
    ):
        assert said in printed


def test_the_ids_on_the_page_are_those_of_the_graph(followed: tuple[Path, str]) -> None:
    case, _ = followed
    text = PAGE.read_text("utf-8")
    table = text[text.index("| node |") :]
    told = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| `.*?\|", table, re.MULTILINE)))
    result = json.loads((case / "report" / "result.json").read_text("utf-8"))
    breaches = {breach["node"] for party in result["parties"] for breach in party["breaches"]}
    listed = subprocess.run(
        [sys.executable, "-m", "attribution", "graph", case, "--format", "json"],
        capture_output=True,
        check=True,
    )
    nodes = {node["id"] for node in json.loads(listed.stdout)["nodes"]}
    assert len(told) > len(breaches) > 0
    assert set(told) <= nodes
    assert breaches <= set(told)


def test_each_unmet_duty_of_the_example_carries_a_part(followed: tuple[Path, str]) -> None:
    """The late acknowledgement makes the second piece of the harm, as the page says."""
    case, _ = followed
    result = json.loads((case / "report" / "result.json").read_text("utf-8"))
    points = {b["node"]: b["points"] for party in result["parties"] for b in party["breaches"]}
    assert all(share > 0 for share in points.values())
