"""What the fuzzers begin with: the samples of every format, and of every container they come in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

from tests.conformance.test_formats import FORMAT_OF

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "formats"
DAY = "slack_export/inc-7/2026-01-14.json"
USERS = "slack_export/users.json"


def _names() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for name, format_id in FORMAT_OF.items():
        names.setdefault(format_id, []).append(name)
    names["slack"] = [DAY, USERS]
    return MappingProxyType({key: tuple(value) for key, value in sorted(names.items())})


SAMPLES_OF = _names()
"""The files of `tests/data/formats` that are of each format; those of Slack are parts of one."""


@cache
def seeds_of(format_id: str) -> tuple[bytes, ...]:
    """Return the samples of a format that is read from files."""
    return tuple((SAMPLES / name).read_bytes() for name in SAMPLES_OF[format_id])


@cache
def texts_of() -> Mapping[str, tuple[bytes, ...]]:
    """Return the texts to begin with, by what parses them."""
    loaded = YAML(typ="safe", pure=True).load(Path(__file__).with_name("seeds.yaml"))
    return MappingProxyType(
        {name: tuple(text.encode() for text in texts) for name, texts in loaded.items()}
    )
