"""A line on the terminal that says what is being done, when it takes longer than a moment."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import click

from attribution.cli.options import Verbosity, verbosity, warn, width
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.case import Case

INTERRUPTED = 130

_PATIENCE = 1.0
_BETWEEN = 0.2


class Progress:
    """Shows the latest sentence on stderr, over itself, after a second of work.

    Only on a terminal and without `--quiet`; the line is wiped at the end. `interrupt` says what
    Ctrl-C does.
    """

    def __init__(self, interrupt: str = "Ctrl-C shows what is found") -> None:
        self._interrupt = interrupt
        self._active = sys.stderr.isatty() and verbosity() >= Verbosity.NORMAL
        self._start = self._last = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.clear()

    def tell(self, text: str) -> None:
        """Show the sentence, unless the work is young or another was shown just now."""
        now = time.monotonic()
        if not self._active or now - self._start < _PATIENCE or now - self._last < _BETWEEN:
            return
        self._last = now
        line = f"{printable_line(text)} ({now - self._start:.0f} s; {self._interrupt})"
        click.echo(f"\r\x1b[K{line[: width() - 1]}", err=True, nl=False)
        self._shown = True

    def clear(self) -> None:
        """Wipe the line."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown = False


class Stoppable(Protocol):
    """Work that can end early with what it has."""

    stopped: bool

    def stop(self) -> None:
        """Let it end soon."""


@contextmanager
def stopped_by_interrupt(effort: Stoppable) -> Iterator[None]:
    """Let the first Ctrl-C stop the effort, so that what is known is shown; the second ends all."""

    def stop(_signal: int, _frame: object) -> None:
        if effort.stopped:
            raise KeyboardInterrupt
        effort.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def limited(case: Case, timeout: float | None) -> Iterator[None]:
    """Let the shares of a case take `timeout` seconds, show what is done, and heed Ctrl-C.

    The records are read before. `end_if_interrupted` is for when the answer has been printed.
    """
    from attribution.causation import effort

    case.graph()
    with Progress() as progress:
        case.effort = effort.Effort(timeout, progress.tell)
        with stopped_by_interrupt(case.effort):
            yield


@contextmanager
def watched(case: Case, timeout: float | None) -> Iterator[Progress]:
    """Let the shares of a case take `timeout` seconds and show what is done.

    For commands that write: Ctrl-C ends them as it ends any, so that nothing is written in part.
    """
    from attribution.causation import effort

    with Progress("Ctrl-C ends it, and nothing is written") as progress:
        case.effort = effort.Effort(timeout, progress.tell)
        yield progress


def warn_of_unanswered(case: Case) -> None:
    """Say what the documents of a case lack, where `--timeout` cut its shares short."""
    analysis = case.analyse()
    left = [*analysis.attribution.limits, *analysis.comparison.limits]
    if left or any(not entry.harm_probability for entry in analysis.what_if):
        warn(
            "the time allowed did not suffice for everything; the documents say what is missing."
            " Without --timeout they may say more, and `attribution verify` compares with that"
        )


def end_if_interrupted(case: Case) -> None:
    """End the program with status 130 where Ctrl-C cut the work on the shares short."""
    if case.effort is not None and case.effort.stopped:
        raise SystemExit(INTERRUPTED)
