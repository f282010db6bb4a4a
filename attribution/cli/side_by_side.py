"""Regimes side by side for a terminal: who owes what, where a rule turns and by which fact."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from attribution.cli.options import width
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.regimes.apportioning import Apportionment, RegimeResult

_NAME = 20
_LEAST, _MOST = 11, 24
_HEAD = 3


def tell_side_by_side(found: Apportionment) -> Iterator[str]:
    """Yield the regimes as rows, the parties as columns, then what turns and what is open."""
    from attribution.regimes.apportioning import NO_MONEY

    if found.currency == NO_MONEY:
        yield from _wrap(
            f"{NO_MONEY} is no currency: the harm of this case has no amount in money, and what"
            " follows divides the units of its harm items."
        )
        yield ""
    for columns in _split_columns(found, [*found.owing, ""]):
        yield from _tell_columns(found, columns)
        yield ""
    if any(result.outcome.barred for result in found.results):
        yield "* barred: nothing is recovered under this regime."
    if any(result.outcome.questions for result in found.results):
        yield "? rests on questions that nobody has answered: ask the regime by itself."
    if any(result.law.is_unverified for result in found.results):
        yield "~ not checked, or not in every part, against the text of the law: see `--regime`."
    if nothing := [found.names[name] for name in found.named if name not in found.owing]:
        yield from _wrap(f"Owe nothing under any of these: {', '.join(nothing)}.")
    for line in _tell_turning(found):
        yield from _wrap(line)
    yield "Ranges are over the ranges of the shares, of what is unattributed and of the harm."
    yield "`--regime ID` shows one regime's ten steps with their sources."
    yield "This is arithmetic, no legal advice; counsel decides which law applies."


def _split_columns(found: Apportionment, names: list[str]) -> Iterator[list[str]]:
    """Yield the columns in groups that fit beside the regimes' ids."""
    fit = max(1, (width() - _NAME) // _needed(found, names))
    for start in range(0, len(names), fit):
        yield names[start : start + fit]


def _needed(found: Apportionment, names: Sequence[str]) -> int:
    cells = [cell for r in found.results for name in names for cell in _cells(r, name)]
    return max([_LEAST, *(len(cell) + 2 for cell in cells)])


def _tell_columns(found: Apportionment, columns: Sequence[str]) -> Iterator[str]:
    room = (width() - _NAME) // len(columns)
    size = max(_needed(found, columns), min(_MOST, room))
    heads = [_head(found.names[name] if name else "claimant bears", size) for name in columns]
    for line in zip(*heads, strict=True):
        if any(line):
            yield f"{'':{_NAME}}{_row(line, size)}".rstrip()
    for result in found.results:
        outcome = result.outcome
        marks = (
            "*" * outcome.barred + "?" * bool(outcome.questions) + "~" * result.law.is_unverified
        )
        lines = zip(*(_cells(result, name) for name in columns), strict=True)
        titles = (outcome.regime + marks, "  low - high", "  can have to pay")
        for title, line in zip(titles, lines, strict=True):
            if any(line):
                yield f"{title:{_NAME}}{_row(line, size)}".rstrip()


def _head(name: str, size: int) -> list[str]:
    """Return a column's head in as many lines as every other's, the empty ones above."""
    lines = textwrap.wrap(
        printable_line(name), size - 2, max_lines=_HEAD, placeholder=" ..", break_long_words=True
    )
    return [""] * (_HEAD - len(lines)) + lines


def _cells(result: RegimeResult, name: str) -> tuple[str, str, str]:
    """Return what a party owes or the claimant bears, its range, and what it can have to pay."""
    outcome = result.outcome
    bounds = result.ranges.get(name)
    span = "" if bounds is None else f"{bounds[0]:,.0f} - {bounds[1]:,.0f}"
    if not name:
        return f"{outcome.borne_by_plaintiff:,}", span, ""
    owed = outcome.owed.get(name, Decimal(0))
    most = outcome.exposure.get(name, owed)
    return f"{owed:,}", span, "" if most == owed else f"{most:,}"


def _row(words: Sequence[str], size: int) -> str:
    return "".join(f"{word:>{size}}" for word in words)


def _tell_turning(found: Apportionment) -> Iterator[str]:
    """Yield each share and fact at which rules turn, once, with what turns under which regime."""
    turns: dict[str, dict[str, list[str]]] = {}
    for result in found.results:
        regime = result.outcome.regime + "~" * result.law.is_unverified
        for point in result.turning:
            if point.within and point.share_at is not None:
                who = found.names.get(point.of, point.of)
                part = f", {point.part}" if point.part else ""
                at = (
                    f"At {float(point.share_at) * 100:.4g} % of {who}{part}"
                    f" (counted as {point.counted_at * 100:.4g} %; now"
                    f" {float(point.now) * 100:.1f} %)"
                )
                turns.setdefault(at, {}).setdefault(point.what, []).append(regime)
        for fact in result.facts:
            settled = f"If {fact.of} is {fact.settled} ({fact.statement})"
            turns.setdefault(settled, {}).setdefault(fact.what, []).append(regime)
    if not turns:
        yield "No bar and no threshold turns within the ranges of the shares or by a single fact."
    for when, said in turns.items():
        then = "; ".join(f"{what}: {', '.join(regimes)}" for what, regimes in said.items())
        yield f"{when}: {then}"
    for regime, message in found.unanswered.items():
        yield f"{regime}: {message}"


def _wrap(line: str) -> list[str]:
    return textwrap.wrap(printable_line(line), width(), subsequent_indent="    ")
