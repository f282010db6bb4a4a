"""A browser that the tests drive, and pages of the samples for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from attribution.case import Case
from attribution.report import default_audiences
from attribution.report.document import build_document
from attribution.report.formats import render
from attribution.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

Open = Callable[..., Any]


def skip_or_fail(missing: str) -> None:
    """Skip the test for what is missing; with CI=true fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{missing} is missing, and in CI the browser tests must run")
    pytest.skip(f"{missing} is not installed: pip install 'incident-attribution[browser]'")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Return Debian's or another Chromium of the machine, driven by Playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("playwright")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the text of axe-core, which the package for Playwright carries."""
    try:
        import axe_playwright_python
    except ImportError:
        skip_or_fail("axe-playwright-python")
    from importlib.resources import files

    return files(axe_playwright_python).joinpath("axe.min.js").read_text(encoding="utf-8")


def audiences(sample: str) -> tuple[str, ...]:
    """Return the audiences that a sample has pages for."""
    manifest = open_case(sample).manifest
    return default_audiences(
        manifest.mode,
        authorities=manifest.reporting is not None,
        insured=bool(manifest.insurance),
    )


@cache
def open_case(sample: str) -> Case:
    """Return a sample incident, opened once."""
    return Case.open(resource("sample_incidents") / sample)


@pytest.fixture(scope="session")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Return a function that writes the page of a sample for an audience and returns its path."""
    folder = tmp_path_factory.mktemp("pages")

    def write(sample: str, audience: str) -> Path:
        path: Path = folder / f"{sample}-{audience}.html"
        if not path.exists():
            analysis = open_case(sample).analyse_for((audience,), ("html",))
            path.write_bytes(render(build_document(analysis, audience), "html"))
        return path

    return write


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Return a function that opens a file; its keywords are those of a Playwright context.

    Each page fails the test for a message on its console, an error, or a request beyond itself.
    """
    contexts, faults = [], []
    requests: list[str] = []
    expected: set[str] = set()

    def opened(path: Path, **settings: Any) -> Any:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        expected.add(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
    assert set(requests) <= expected
