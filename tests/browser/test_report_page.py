"""The HTML report as a browser shows it. The page is a real one, opened from a file."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest

from attribution.report.document import build_document
from attribution.report.formats import render
from tests.unit.report.builder import build_analysis, build_hostile_analysis

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 60


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests")
        pytest.skip("there is no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "legal.html"
    path.write_bytes(render(build_document(build_analysis(), "legal"), "html"))
    return path


def run(chromium: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--enable-logging=stderr",
        f"--user-data-dir={tmp_path / 'profile'}",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)


def test_page_opens_without_an_error_or_a_refused_request(
    chromium: str, page: Path, tmp_path: Path
) -> None:
    """The console stays empty: the script runs under the page's own policy, nothing is fetched."""
    done = run(chromium, tmp_path, "--dump-dom", page.as_uri())
    assert not re.search(r"CONSOLE|Refused|net::ERR", done.stderr)
    assert "The answer" in done.stdout


def test_script_adds_a_filter_to_long_tables_only(
    chromium: str, page: Path, tmp_path: Path
) -> None:
    """The script's own additions show that it ran: one field for each long table."""
    done = run(chromium, tmp_path, "--dump-dom", page.as_uri())
    source = page.read_text(encoding="utf-8")
    assert source.count('<label class="filter">') == 0
    assert source.count("data-filter=") > 0
    assert done.stdout.count('<label class="filter">') == source.count("data-filter=")


def test_hostile_records_run_nothing(chromium: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_bytes(render(build_document(build_hostile_analysis(), "legal"), "html"))
    done = run(chromium, tmp_path, "--dump-dom", path.as_uri())
    assert done.stdout.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in done.stdout
    assert "CONSOLE" not in done.stderr


@pytest.mark.parametrize("width", [1300, 420])
def test_page_is_drawn_at_every_width(
    chromium: str, page: Path, tmp_path: Path, width: int
) -> None:
    """A picture of the page has the size asked for and is not blank."""
    shot = tmp_path / "shot.png"
    run(chromium, tmp_path, f"--window-size={width},900", f"--screenshot={shot}", page.as_uri())
    data = shot.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (width, 900)
    assert len(data) > 20_000
