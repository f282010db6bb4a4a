"""Where two versions of a file differ at most, told without comparing them line by line.

A comparison leaves the lines that both versions begin with as they are, and those that both end
with. Then git slides each hunk over lines that are alike, up and down, to where it reads best
(`xdl_change_compact` of its xdiff). A hunk slides over the line above it only if that is the same
as its last one, and over the line below it only if that is the same as its first one. So two lines
around all hunks bar the way if neither stands between them once more, in either version.
"""

from __future__ import annotations

_STRIDES = (1 << 16, 1 << 12, 1 << 8, 1 << 4, 1)
_MOST_TRIED = 80
"""How many lines around are tried; where all of them stand between too, nothing is told."""

_BREAK = ord("\n")
_LONG = 1 << 13
"""From how many bytes on numpy counts sooner than Python, which looks at one byte at a time."""

OuterHunk = tuple[int, int, int, int]
"""As a hunk of `Spans`: first old line, how many, first new line, how many."""


def find_outer(old: bytes, new: bytes, breaks: int) -> tuple[OuterHunk, int]:
    """Return one hunk that all hunks between two versions of a file lie in, however git puts them.

    Lines before it have the same number in both, lines after it the same distance from the end.
    `breaks` says how many line breaks the new version has; the second answer, how many the old.
    """
    start = _find_start(old, new)
    start, rest = _bar(old, new, start, _find_rest(old, new, start))
    old_breaks = count_breaks(old, start, len(old) - rest)
    new_breaks = count_breaks(new, start, len(new) - rest)
    if start < rest:
        before = count_breaks(new, 0, start)
    else:
        before = breaks - new_breaks - count_breaks(new, len(new) - rest, len(new))
    many_old = old_breaks + _ends_open(old, start, rest)
    many_new = new_breaks + _ends_open(new, start, rest)
    # As in a patch: where a side has no lines, its start is the line before.
    hunk = before + bool(many_old), many_old, before + bool(many_new), many_new
    return hunk, breaks - new_breaks + old_breaks


def count_breaks(text: bytes, start: int, end: int) -> int:
    """Return how many line breaks there are between two places."""
    if end - start < _LONG:
        return text.count(b"\n", start, end)
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(text, np.uint8, end - start, start) == _BREAK))


def _ends_open(text: bytes, start: int, rest: int) -> bool:
    """Return whether the hunk takes in a last line that has no line break."""
    return not rest and start < len(text) and not text.endswith(b"\n")


def _find_start(old: bytes, new: bytes) -> int:
    """Return where the first line begins that differs."""
    at, least = 0, min(len(old), len(new))
    for stride in _STRIDES:
        while at + stride <= least and old.startswith(new[at : at + stride], at):
            at += stride
    return old.rfind(b"\n", 0, at) + 1


def _find_rest(old: bytes, new: bytes, start: int) -> int:
    """Return how many bytes of whole lines both end with, none of them before `start`."""
    same, most = 0, min(len(old), len(new)) - start
    old_end, new_end = len(old), len(new)
    for stride in _STRIDES:
        while same + stride <= most and old.startswith(
            new[new_end - same - stride : new_end - same], old_end - same - stride
        ):
            same += stride
    if _begins_line(old, old_end - same) and _begins_line(new, new_end - same):
        return same
    line = old.find(b"\n", old_end - same) + 1
    return old_end - line if line else 0


def _begins_line(text: bytes, at: int) -> bool:
    return at == 0 or text[at - 1 : at] == b"\n"


def _bar(old: bytes, new: bytes, start: int, rest: int) -> tuple[int, int]:
    """Return the end of a line above, and what is left from a line below, that bar the way."""
    for _ in range(_MOST_TRIED):
        ends = (old, len(old) - rest), (new, len(new) - rest)
        if start:
            head = old.rfind(b"\n", 0, start - 1) + 1
            if any(_stands_between(old[head:start], text, start, end) for text, end in ends):
                start = head
                continue
        if rest:
            foot = old.find(b"\n", len(old) - rest) + 1 or len(old)
            line = old[len(old) - rest : foot]
            if any(_stands_between(line, text, start, end) for text, end in ends):
                rest = len(old) - foot
                continue
        return start, rest
    return 0, 0


def _stands_between(line: bytes, text: bytes, start: int, end: int) -> bool:
    return text.startswith(line, start, end) or text.find(b"\n" + line, start, end) >= 0
