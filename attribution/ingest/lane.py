"""The fast lane for JSON lines in which nothing is unusual, a block of them at a time.

A lane takes lines in a tenth of the time, or leaves them to the reader's own way, which alone knows
how to reject, to repair and to explain. What a lane takes gives the records that way would give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from attribution.ingest.jsontext import BOM, MAX_DEPTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from attribution.ingest.intake import Intake
    from attribution.ingest.recurring import Recurring
    from attribution.model.packing import Rows
    from attribution.model.texts import Texts

    Integers = NDArray[np.int64]
    Filled = tuple[Rows, Sequence[Hashable] | None]
    FillAlike = Callable[[Mapping[str, Texts], Integers], Filled | None]

_PIECES = 8
_FEW = 16
"""So few lines among which one is unusual are all read in the reader's own way."""
_REST = 8
"""How many blocks are left to the reader's own way after one of which most lines were unusual."""

_decode_lines = msgspec.json.Decoder().decode_lines
_ENDS = re.compile(rb"}\r?\n{")


class Filling(NamedTuple):
    """How a lane takes lines.

    `shape` is what a line is decoded into, of which `fill` makes rows and their keys, given the
    number of the first line: None where one needs the reader's own way. `fill_alike` makes them of
    the texts of lines that are alike (see `attribution.ingest.alike`), where the format has such,
    given the number of each; every row has a key, which all that the line says decides.
    """

    shape: type[msgspec.Struct]
    fill: Callable[[list[Any], int], Filled | None]
    fill_alike: FillAlike | None = None


class Lane:
    """Takes lines of one format; where what `open_lane` returns is None it takes none."""

    def __init__(self, intake: Intake, open_lane: Callable[[], Filling | None]) -> None:
        self._intake = intake
        self._open = open_lane
        self._taken = self._resting = 0

    @cached_property
    def _recurring(self) -> Recurring:
        # With numpy, which most formats never need: only lanes of lines that are alike come here.
        from attribution.ingest.recurring import Recurring

        return Recurring()

    @cached_property
    def _filling(self) -> Filling | None:
        return self._open()

    @cached_property
    def _decode(self) -> Callable[[bytes], list[Any]]:
        return msgspec.json.Decoder(self._filling.shape if self._filling else Any).decode_lines

    def __call__(self, blocks: Iterable[bytes | None]) -> Iterator[tuple[int, bytes | None]]:
        """Yield the lines that are not taken, in order, each with its number from 1.

        None stands for a line that is too long. Lines before one that is yielded are taken in
        before it is.
        """
        number = 1
        for block in blocks:
            if block is None:
                yield number, None
                number += 1
                continue
            if not self._resting and self._take_alike(block, number):
                number += _count_lines(block)
                continue
            lines = block.splitlines(keepends=True) if b"\r" not in block else _split(block)
            if self._resting:
                self._resting -= 1
                yield from _number(lines, number)
            else:
                self._taken = 0
                packed = self._intake.packs
                yield from self._pass(lines, number)
                # Lines that came before records are kept as columns say nothing of those after.
                if packed and 2 * self._taken < len(lines):
                    self._resting = _REST
            number += len(lines)

    def _take_alike(self, block: bytes, number: int) -> bool:
        if not self._intake.packs or self._filling is None or self._filling.fill_alike is None:
            return False
        lines, at = self._recurring.leave_out(block)
        if len(at) and not self._take_new(self._filling.fill_alike, lines, number + at):
            return False
        self._intake.count_repeats(_count_lines(block) - len(at))
        return True

    def _take_new(self, fill: FillAlike, lines: bytes, numbers: Integers) -> bool:
        from attribution.ingest.alike import cut_lines

        intake = self._intake
        before, said = intake.duplicates, intake.said_missing
        texts = cut_lines(lines)
        filled = None if texts is None else fill(texts, numbers)
        if filled is None or not intake.add_rows(*filled):
            return False
        # What differs from the record it repeats is told each time it comes.
        if intake.said_missing == said:
            self._recurring.learn(lines, intake.duplicates - before, len(numbers))
        return True

    def _pass(self, lines: list[bytes], number: int) -> Iterator[tuple[int, bytes]]:
        if self._take(lines, number):
            self._taken += len(lines)
            return
        if len(lines) <= _FEW:
            yield from _number(lines, number)
            return
        size = -(-len(lines) // _PIECES)
        for start in range(0, len(lines), size):
            yield from self._pass(lines[start : start + size], number + start)

    def _take(self, lines: list[bytes], number: int) -> bool:
        if not self._intake.packs or self._filling is None:
            return False
        if max(map(len, lines)) > MAX_DEPTH and max(map(_count_brackets, lines)) > MAX_DEPTH:
            return False
        shape, fill, _ = self._filling
        block = b"".join(lines)
        # Only where each line begins and ends an object is none spread over two of them.
        ends = len(_ENDS.findall(block)) if b"\r" in block else block.count(b"}\n{")
        if ends != len(lines) - 1:
            return False
        try:
            if not block.isascii():
                block.decode()
            # What a struct leaves out is looked at as well: a broken line is broken anywhere.
            if not shape.__struct_config__.forbid_unknown_fields:
                _decode_lines(block)
            entries = self._decode(block)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        filled = fill(entries, number) if len(entries) == len(lines) else None
        return filled is not None and self._intake.add_rows(*filled)


def _count_lines(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))


def _number(lines: Iterable[bytes], first: int) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, first):
        yield number, line.removeprefix(BOM)


def _split(block: bytes) -> list[bytes]:
    """Return the lines of a block, their line ends on them; a carriage return alone ends none."""
    lines = [line + b"\n" for line in block.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _count_brackets(line: bytes) -> int:
    """Return how deep a line could nest at most."""
    return line.count(b"[") + line.count(b"{") if len(line) > MAX_DEPTH else 0
