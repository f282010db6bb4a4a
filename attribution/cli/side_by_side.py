"""Regimes side by side for a terminal: who owes what, where a rule turns and by which fact."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.regimes.apportioning import Apportionment, RegimeResult

_NAME = 20
_LEAST = 15


def tell_side_by_side(found: Apportionment) -> Iterator[str]:
    """Yield the regimes as rows, the parties as columns, then what turns and what is open."""
    owing = list(dict.fromkeys(name for r in found.results for name in r.outcome.owed))
    spans = [_span(r.ranges.get(name)) for r in found.results for name in (*owing, "")]
    size = max([_LEAST, *(len(span) + 2 for span in spans)])
    head = [found.names[name][: size - 2] for name in owing]
    yield f"{'regime':{_NAME}}{_cells((*head, 'claimant bears'), size)}"
    for result in found.results:
        yield from _tell_row(result, owing, size)
    yield ""
    if any(result.outcome.barred for result in found.results):
        yield "* barred: nothing is recovered under this regime."
    if any(result.outcome.questions for result in found.results):
        yield "? rests on questions that nobody has answered: ask the regime by itself."
    if any(result.law.is_unverified for result in found.results):
        yield "~ nobody has checked this regime's rules against the text of the law."
    for line in _tell_turning(found):
        yield from textwrap.wrap(printable_line(line), width(), subsequent_indent="    ")
    yield "Ranges are over the ranges of the shares, of what is unattributed and of the harm."
    yield "`--regime ID` shows one regime's ten steps with their sources."
    yield "This is arithmetic, no legal advice; counsel decides which law applies."


def _tell_row(result: RegimeResult, owing: list[str], size: int) -> Iterator[str]:
    outcome = result.outcome
    marks = "*" * outcome.barred + "?" * bool(outcome.questions) + "~" * result.law.is_unverified
    owed = [f"{outcome.owed.get(name, Decimal(0)):,}" for name in owing]
    yield (
        f"{outcome.regime + marks:{_NAME}}"
        f"{_cells((*owed, f'{outcome.borne_by_plaintiff:,}'), size)}"
    )
    spans = [_span(result.ranges.get(name)) for name in (*owing, "")]
    yield f"{'  low - high':{_NAME}}{_cells(spans, size)}"
    if any(outcome.exposure[name] != owes for name, owes in outcome.owed.items()):
        most = [f"{outcome.exposure.get(name, Decimal(0)):,}" for name in owing]
        yield f"{'  can have to pay':{_NAME}}{_cells(most, size)}"


def _tell_turning(found: Apportionment) -> Iterator[str]:
    for result in found.results:
        regime = result.outcome.regime
        for point in result.turning:
            if point.within and point.share_at is not None:
                who = found.names.get(point.of, point.of)
                part = f" ({point.part})" if point.part else ""
                yield (
                    f"{regime} turns within the range of {who}{part}: at"
                    f" {float(point.share_at) * 100:.4g} % (counted as {point.counted_at * 100:.4g}"
                    f" %), now {float(point.now) * 100:.1f} %: {point.what}"
                )
        for fact in result.facts:
            yield f"{regime} turns if {fact.of} is {fact.settled}: {fact.what} ({fact.statement})"
    for regime, message in found.unanswered.items():
        yield f"{regime}: {message}"


def _cells(words: Iterable[str], size: int) -> str:
    return "".join(f"{printable_line(word):>{size}}" for word in words)


def _span(bounds: tuple[Decimal, Decimal] | None) -> str:
    return "" if bounds is None else f"{bounds[0]:,.0f} - {bounds[1]:,.0f}"
