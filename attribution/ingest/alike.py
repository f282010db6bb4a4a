"""Lines of JSON that are alike but for their texts, cut into columns without an object for a line.

Programs write one line as they write the next: what stands between the texts is the same in all.
Where that is so the first line, decoded, says what the others hold: their texts need no more than
to be cut out. A line that differs by one blank shows in a comparison of bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from attribution.model.texts import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_QUOTE = ord('"')
_BLANK = ord(" ")
_QUOTES = 4
"""Stand around a key and its text."""
_decode = msgspec.json.Decoder().decode


def cut_lines(block: bytes) -> Mapping[str, Texts] | None:
    """Return the texts of lines of JSON by their keys, each an object of texts and nothing else.

    None where a line is anything else, or differs from the first in more than its texts. Of these
    no text may be spelt with a backslash.
    """
    if b"\\" in block:
        return None
    if not block.endswith(b"\n"):
        block += b"\n"
    keys = _read_keys(block)
    if not keys:
        return None
    letters = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    lines = block.count(b"\n")
    if len(quotes) != lines * _QUOTES * len(keys):
        return None
    if np.count_nonzero(letters < _BLANK) != lines or not _is_text(block):
        return None
    at = quotes.reshape(lines, _QUOTES * len(keys)).T
    if not _are_alike(block, at):
        return None
    starts, ends = at[2::_QUOTES] + 1, at[3::_QUOTES]
    return {
        key: _cut(block, start, end) for key, start, end in zip(keys, starts, ends, strict=True)
    }


def _read_keys(block: bytes) -> list[str]:
    """Return the keys of the first line, none where it is no object of texts with distinct keys."""
    line = block[: block.index(b"\n")]
    try:
        entry = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        return []
    return list(entry) if line.count(b'"') == _QUOTES * len(entry) else []


def _is_text(block: bytes) -> bool:
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


def _are_alike(block: bytes, quotes: Integers) -> bool:
    """Return whether all that stands between the texts is in each line what it is in the first.

    `quotes` are the positions of the quotation marks, a column for each line.
    """
    end = block.index(b"\n") + 1
    closing = np.concatenate([[0], quotes[-1, :-1] + end - quotes[-1, 0]])
    pieces = zip([closing, *quotes[3::_QUOTES]], [*quotes[2::_QUOTES], None], strict=True)
    for start, opening in pieces:
        stop = end - 1 if opening is None else int(opening[0])
        piece = block[int(start[0]) : stop + 1]
        if opening is not None and (opening - start != len(piece) - 1).any():
            return False
        if int(start[-1]) + len(piece) > len(block):
            return False
        if _take(block, start, len(piece)) != piece * len(start):
            return False
    return int(quotes[-1, -1]) + end - int(quotes[-1, 0]) == len(block)


def _take(block: bytes, starts: Integers, length: int) -> bytes:
    """Return what stands in a block from each of these positions on, `length` bytes of each."""
    every = np.ndarray((len(block) - length + 1,), f"V{length}", block, strides=(1,))
    return every[starts].tobytes()


def _cut(block: bytes, starts: Integers, ends: Integers) -> Texts:
    """Return the texts that begin and end at these positions as a column."""
    lengths = ends - starts
    length = int(lengths[0])
    if length and (lengths == length).all():
        return Texts.cut_equal(_take(block, starts, length), length)
    stops = np.cumsum(lengths)
    at = np.repeat(starts - stops + lengths, lengths)
    at += np.arange(len(at))
    return Texts(np.frombuffer(block, np.uint8)[at].tobytes(), stops.astype(np.uint32), None)
