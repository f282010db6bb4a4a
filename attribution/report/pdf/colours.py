"""The colour space sRGB as an ICC profile, computed from its definition.

Sources: IEC 61966-2-1:1999 (the curve), ICC.1:2001-04 (version 2 of the format; clauses 6.1, 6.4
and 6.5), the primaries adapted to the white D50 as in the ICC's own sRGB2014 profile.
"""

from __future__ import annotations

import struct
from functools import cache

NAME = "sRGB IEC61966-2.1"
_VERSION = 0x02100000
_MADE = (2000, 1, 1, 0, 0, 0)
_D50 = (0.9642, 1.0, 0.82491)
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS = 1024
_HEADER, _ENTRY = 128, 12


@cache
def make_srgb() -> bytes:
    """Return the profile: for a display, RGB to XYZ, by three curves and a matrix."""
    curve = _curve()
    tags = [
        (b"desc", _description(NAME)),
        (b"cprt", b"text\0\0\0\0No copyright, use freely\0"),
        (b"wtpt", _xyz(_D50)),
        *((name, _xyz(value)) for name, value in _PRIMARIES.items()),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    start = _HEADER + 4 + _ENTRY * len(tags)
    places: dict[bytes, int] = {}
    body = b""
    for _, content in tags:
        if content not in places:
            places[content] = start + len(body)
            body += content + b"\0" * (-len(content) % 4)
    table = struct.pack(">I", len(tags)) + b"".join(
        struct.pack(">4sII", name, places[content], len(content)) for name, content in tags
    )
    return _header(start + len(body)) + table + body


def _header(size: int) -> bytes:
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", _VERSION, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", *_MADE) + b"acsp"
    return head.ljust(68, b"\0") + _fixed(_D50) + b"\0" * (_HEADER - 80)


def _fixed(values: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _description(name: str) -> bytes:
    words = name.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + b"\0" * (4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    values = [round(_linear(step / (_STEPS - 1)) * 65535) for step in range(_STEPS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *values)


def _linear(value: float) -> float:
    """Return the light of an encoded value from 0 to 1 (IEC 61966-2-1, 5.2)."""
    if value <= 0.04045:  # noqa: PLR2004 - where the curve's two parts meet, by the standard
        return float(value / 12.92)
    return float(((value + 0.055) / 1.055) ** 2.4)
