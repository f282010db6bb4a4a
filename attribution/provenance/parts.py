"""The NUL-terminated parts of git's output, none of them kept longer than need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def split_parts(chunks: Iterable[bytes], longest: int) -> Iterator[tuple[str, bool]]:
    """Yield each part as text, and whether it was cut after about `longest` bytes.

    Whatever the output holds, no more than that and one chunk of it is in memory.
    """
    rest, cut = b"", False
    for chunk in chunks:
        if cut:
            _, end, chunk = chunk.partition(b"\x00")  # noqa: PLW2901 - the cut part is passed over
            if not end:
                continue
            yield rest.decode("utf-8", "replace"), True
            rest, cut = b"", False
        *parts, rest = (rest + chunk).split(b"\x00")
        for part in parts:
            yield part[:longest].decode("utf-8", "replace"), len(part) > longest
        if len(rest) > longest:
            rest, cut = rest[:longest], True
    if rest:
        yield rest.decode("utf-8", "replace"), cut
