"""Compressed files and archives of samples, for the fuzzers to begin with."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from tests.fuzz.seeds import SAMPLES, seeds_of

_WHEN = (2026, 1, 14, 0, 0, 0)


def pack_zip(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of the members, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pack_zstd(content: bytes) -> bytes:
    """Return the content compressed with Zstandard."""
    packed: bytes = import_module("backports.zstd").compress(content)
    return packed


def _folder(name: str) -> dict[str, bytes]:
    return {
        path.relative_to(SAMPLES / name).as_posix(): path.read_bytes()
        for path in sorted((SAMPLES / name).rglob("*.json"))
    }


def _containers() -> dict[str, tuple[bytes, ...]]:
    lines, mail = seeds_of("journald")[0], seeds_of("mail")[-1]
    packed = gzip.compress(lines, mtime=0)
    return {
        "gzip": (packed, gzip.compress(packed, mtime=0), packed + packed),
        "zstd": (pack_zstd(lines), pack_zstd(pack_zstd(lines))),
        "zip": (
            pack_zip({"day.jsonl": lines}),
            pack_zip({"one.jsonl": lines, "b/two.jsonl.gz": packed}),
            pack_zip({"a.eml": mail, "b.eml": mail, "../c.eml": mail}),
            pack_zip(_folder("slack_export")),
            pack_zip({"x.zip": pack_zip({"y.zip": pack_zip({"z.jsonl": lines})})}),
        ),
    }


CONTAINERS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(_containers())
"""Seeds by kind of container."""
