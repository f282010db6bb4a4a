"""Whether a file is a whole PNG of a size that a report can show.

Source: Portable Network Graphics (PNG) Specification, second edition, 5 (datastream structure) and
11.2 (critical chunks).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 16_000_000
"""Pixels of a logo at most: a small file can unpack to any number of them."""

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Colour type -> samples of a pixel."""


def is_whole_png(data: bytes) -> bool:
    """Return whether all chunks are there and whole, and hold as many pixels as they say."""
    if not data.startswith(_SIGNATURE):
        return False
    chunks = list(_read_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        return False
    header = chunks[0][1]
    if len(header) != struct.calcsize(">IIBBBBB"):
        return False
    numbers: tuple[int, ...] = struct.unpack(">IIBBBBB", header)
    width, height, depth, colour, *_, interlaced = numbers
    if not 0 < width * height <= _MOST_PIXELS or colour not in _SAMPLES:
        return False
    row = 1 + (width * depth * _SAMPLES[colour] + 7) // 8
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    unpacker = zlib.decompressobj()
    try:
        size = len(unpacker.decompress(packed, 2 * row * height + 1))
    except zlib.error:
        return False
    return size >= row * height if interlaced else size == row * height


def _read_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each chunk up to the last or to one that is broken."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != struct.pack(
            ">I", zlib.crc32(kind + content)
        ):
            return
        yield kind, content
        at += 12 + length
