"""Widths of text in the fonts of the reports, read from the font files themselves.

Follows the OpenType specification 1.9: tables `head`, `hhea`, `hmtx` and `cmap` (format 4).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attribution.resources import resource

FONTS = {
    "regular": "Arimo-Regular",
    "bold": "Arimo-Bold",
    "italic": "Arimo-Italic",
    "mono": "Cousine-Regular",
}
"""Face -> file name under `reports/fonts`."""

_BASIC_PLANE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Metrics:
    """Advance widths by character, in thousandths of the font size."""

    widths: dict[int, float]
    missing: float

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points."""
        get, missing = self.widths.get, self.missing
        return sum(get(ord(character), missing) for character in text) * size / 1000


def font_path(face: str) -> Path:
    """Return the font file of a face of `FONTS`."""
    return resource(f"reports/fonts/{FONTS[face]}.ttf")


@cache
def load_metrics(face: str) -> Metrics:
    """Return the widths of a face of `FONTS`."""
    data = font_path(face).read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack(">I", data[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    units = struct.unpack(">H", data[tables[b"head"] + 18 : tables[b"head"] + 20])[0]
    count = struct.unpack(">H", data[tables[b"hhea"] + 34 : tables[b"hhea"] + 36])[0]
    long_metrics = data[tables[b"hmtx"] : tables[b"hmtx"] + 4 * count]
    advances = [advance for advance, _ in struct.iter_unpack(">Hh", long_metrics)]
    widths = {
        code: advances[min(glyph, count - 1)] * 1000 / units
        for code, glyph in _read_cmap(data, tables[b"cmap"]).items()
    }
    return Metrics(widths, advances[0] * 1000 / units)


def _read_cmap(data: bytes, start: int) -> dict[int, int]:
    """Return code point -> glyph of the format 4 subtable for Unicode."""
    for at in range(
        start + 4, start + 4 + 8 * struct.unpack(">H", data[start + 2 : start + 4])[0], 8
    ):
        platform, encoding, offset = struct.unpack(">HHI", data[at : at + 8])
        table = start + offset
        if (platform, encoding) == (3, 1) and data[table : table + 2] == b"\x00\x04":
            return _read_format_4(data, table)
    message = "the font has no Unicode character map in format 4"
    raise ValueError(message)


def _read_format_4(data: bytes, table: int) -> dict[int, int]:
    double = struct.unpack(">H", data[table + 6 : table + 8])[0]

    def column(index: int, kind: str) -> tuple[int, ...]:
        begin = table + 14 + index * double + (2 if index else 0)
        return struct.unpack(f">{double // 2}{kind}", data[begin : begin + double])

    ends, starts, deltas, offsets = column(0, "H"), column(1, "H"), column(2, "h"), column(3, "H")
    offsets_at = table + 16 + 3 * double
    glyphs: dict[int, int] = {}
    for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, _BASIC_PLANE - 1) + 1):
            glyph = code
            if offsets[segment]:
                at = offsets_at + 2 * segment + offsets[segment] + 2 * (code - first)
                glyph = struct.unpack(">H", data[at : at + 2])[0]
                if glyph == 0:
                    continue
            glyphs[code] = (glyph + deltas[segment]) & 0xFFFF
    return glyphs


@cache
def text_width(text: str, size: float, face: str = "regular") -> float:
    """Return the width of `text` in points."""
    return load_metrics(face).width(text, size)


def wrap(text: str, size: float, width: float, face: str = "regular") -> tuple[str, ...]:
    """Return `text` broken into lines no wider than `width`; a longer word is broken inside."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        candidate = f"{current} {word}" if current else word
        if text_width(candidate, size, face) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        *full, current = _break_word(word, size, width, face)
        lines += full
    return (*lines, current) if current else tuple(lines)


def _break_word(word: str, size: float, width: float, face: str) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, face) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def clip(text: str, size: float, width: float, face: str = "regular") -> str:
    """Return `text`, cut with an ellipsis where it is wider than `width`."""
    if text_width(text, size, face) <= width:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size, face) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrap_lines(
    text: str, size: float, width: float, limit: int, face: str = "regular"
) -> tuple[str, ...]:
    """Return at most `limit` lines; the last one ends with an ellipsis where text was left out."""
    lines = wrap(text, size, width, face)
    if len(lines) <= limit:
        return lines
    return (*lines[: limit - 1], clip(f"{lines[limit - 1]} {lines[limit]}", size, width, face))
