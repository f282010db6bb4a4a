"""Damaged and hostile files, through the program: an accounting or a message, never a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from attribution.cli.main import program

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = sorted(
    path
    for path in ROOT.glob("sample_incidents/*/evidence/**/*")
    if path.is_file() and path.stat().st_size < 1_000_000
)
SEED = 20251123


def flip(data: bytes, chance: random.Random) -> bytes:
    mutated = bytearray(data)
    for _ in range(max(1, len(data) // 500)):
        mutated[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(mutated)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def repeat_a_stretch(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start : start + 200] * 3 + data[start:]


def drop_a_stretch(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def swap_types(data: bytes, chance: random.Random) -> bytes:
    """Put a value of another type where a string, number or object stood."""
    value = chance.choice([b"null", b"[]", b"{}", b"-1e999", b'"\\ud800"', b"[[[[]]]]", b"true"])
    ends = [i for i, byte in enumerate(data) if byte == ord(b":")]
    if not ends:
        return flip(data, chance)
    at = chance.choice(ends) + 1
    stop = min((i for i in range(at, len(data)) if data[i] in b",}\n"), default=len(data))
    return data[:at] + value + data[stop:]


def read(path: Path, *options: str) -> None:
    """Read the file, and check that the program answers in one of the two ways it may."""
    result = CliRunner().invoke(program, ["read", str(path), "--json", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code in {0, 2}
    if result.exit_code == 2:
        assert path.name in result.stderr
        return
    count = json.loads(result.stdout)["accounting"]
    kept = count["kept"] + count["duplicate"] + count["undated"] + count["rejected"]
    assert count["read"] == kept


def format_option_of(path: Path) -> list[str]:
    """Return `--format F` of the undamaged file: damage must not hide behind a failed detection."""
    result = CliRunner().invoke(program, ["read", str(path), "--json", "--tz", "UTC"])
    return ["--format", json.loads(result.stdout)["format"]] if result.exit_code == 0 else []


def test_there_is_evidence_to_damage() -> None:
    assert len(EVIDENCE) > 5


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut, repeat_a_stretch, drop_a_stretch, swap_types])
@pytest.mark.parametrize("path", EVIDENCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_damaged_evidence_is_accounted_for_or_refused(
    path: Path, damage: Callable[[bytes, random.Random], bytes], tmp_path: Path
) -> None:
    """However a file was damaged, every entry is counted, or the file is refused by name."""
    data = path.read_bytes()
    if not data:
        pytest.fail(f"{path.name} is empty: a sample's evidence should say something")
    chance = random.Random(f"{SEED} {path.name} {damage.__name__}")
    known = format_option_of(path)
    for turn in range(40):
        damaged = tmp_path / f"{turn}{path.suffix}"
        damaged.write_bytes(damage(data, chance))
        read(damaged, "--tz", "UTC", *(known if turn % 2 else []))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\x00" * 1000,
        b"\xff\xfe\x00",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"Records": [',
        b'{"Records": 7}',
        b'{"Records": [null, 1, "x", {}, {"eventTime": 5}]}',
        b'{"a": NaN}',
        b"\xef\xbb\xbf{}",
        b"a,b\r\n" + b'"' + b"x" * 200_000,
        b"x" * 2_000_000,
        b"PK\x03\x04" + b"\x00" * 100,
        b"PK\x05\x06" + b"\x00" * 18,
        b"\x1f\x8b\x08\x00" + b"\xff" * 50,
        b"# v2 git bundle\n" + b"\x00" * 40,
        b"a: &a [x, x]\nb: [*a, *a]\n",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_hostile_bytes_are_refused_or_accounted_for(data: bytes, tmp_path: Path) -> None:
    """Files that are empty, truncated, nested without end or of no format get an answer."""
    path = tmp_path / "hostile.json"
    path.write_bytes(data)
    read(path, "--tz", "UTC")
