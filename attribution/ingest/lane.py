"""The fast lane for JSON lines in which nothing is unusual, a block of them at a time.

A lane takes lines in a tenth of the time, or leaves them to the reader's own way, which alone knows
how to reject, to repair and to explain. What a lane takes gives the records that way would give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from attribution.ingest.jsontext import BOM, MAX_DEPTH

if TYPE_CHECKING:
    from attribution.ingest.intake import Intake
    from attribution.model.packing import Rows

    Filled = tuple[Rows, Sequence[Hashable] | None]
    Filling = tuple[type[msgspec.Struct], Callable[[list[Any], int], Filled | None]]

_PIECES = 8
_FEW = 16
"""So few lines among which one is unusual are all read in the reader's own way."""
_REST = 8
"""How many blocks are left to the reader's own way after one of which most lines were unusual."""

_decode_lines = msgspec.json.Decoder().decode_lines
_ENDS = re.compile(rb"}\r?\n{")


class Lane:
    """Takes lines whose objects a struct of msgspec can hold.

    `open_lane` returns the struct, and what makes rows and their keys of objects, given the number
    of the first line: None where one of them needs the reader's own way. Where it returns None no
    line is taken.
    """

    def __init__(self, intake: Intake, open_lane: Callable[[], Filling | None]) -> None:
        self._intake = intake
        self._open = open_lane
        self._taken = self._resting = 0

    @cached_property
    def _filling(
        self,
    ) -> tuple[Callable[[bytes], list[Any]], Callable[..., Filled | None], bool] | None:
        filling = self._open()
        if filling is None:
            return None
        shape, fill = filling
        # What a struct leaves out is looked at as well: a broken line is broken anywhere in it.
        is_partial = not shape.__struct_config__.forbid_unknown_fields
        return msgspec.json.Decoder(shape).decode_lines, fill, is_partial

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
        decode_lines, fill, is_partial = self._filling
        block = b"".join(lines)
        # Only where each line begins and ends an object is none spread over two of them.
        ends = len(_ENDS.findall(block)) if b"\r" in block else block.count(b"}\n{")
        if ends != len(lines) - 1:
            return False
        try:
            if not block.isascii():
                block.decode()
            if is_partial:
                _decode_lines(block)
            entries = decode_lines(block)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        filled = fill(entries, number) if len(entries) == len(lines) else None
        return filled is not None and self._intake.add_rows(*filled)


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
