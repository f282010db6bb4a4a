"""Settings and fixtures for all tests."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

# The same examples on every run and machine; no deadline, as a busy machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True, max_examples=35)
settings.load_profile("project")

# A run in the background is started with Ctrl-C ignored, and would hand that on to what it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What collecting leaves in memory stays to the end: searching it for cycles finds nothing.
gc.disable()


def pytest_collection_finish() -> None:
    """Take what was collected out of what the garbage collector looks through."""
    gc.enable()
    gc.freeze()


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run_program() -> Run:
    """Return a function that runs the program in a process of its own: `run_program("read", FILE)`.

    Keyword arguments are those of subprocess.run; `env` is added to the environment.
    """

    def run(
        *arguments: str | Path,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "attribution", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env=os.environ | (env or {}),
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; without it the test is skipped, or fails where CI=true."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing, and in CI the browser tests must run")
    pytest.skip("Chromium is not installed")


@pytest.fixture
def rendered_page(chromium: str, tmp_path: Path) -> Callable[..., str]:
    """Return a function that opens an HTML file in Chromium and returns the DOM it ends up with."""

    def render(page: Path, *, script: bool = True) -> str:
        switches = [] if script else ["--blink-settings=scriptEnabled=false"]
        done = subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                f"--user-data-dir={tmp_path / 'chromium'}",
                "--virtual-time-budget=2000",
                "--dump-dom",
                *switches,
                page.resolve().as_uri(),
            ],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=120,
        )
        return done.stdout

    return render
