"""Whatever lines a file holds, the fast lane gives what the reader's own way gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.ingest import lane
from attribution.ingest.formats import FORMATS
from attribution.ingest.intake import Intake, Options
from attribution.ingest.source import Source
from attribution.model.columns import RecordColumns
from attribution.model.record import Reading

NEVER = 1 << 40
TIMES = st.sampled_from(
    [
        "2026-01-14T09:12:31Z",
        "2026-01-14T09:12:31.123Z",
        "2026-01-14T09:12:31.123456Z",
        "2024-02-29T23:59:59Z",
        "2026-02-29T00:00:00Z",
        "2026-01-14T24:00:00Z",
        "2026-12-31T23:59:60Z",
        "2026-01-14T09:12:31+01:00",
        "2026-01-14 09:12:31Z",
        "2026-01-14T09:12:3\u0661Z",
        "2026-W03-3T09:12:31Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "yesterday",
        "",
        None,
        1768381951,
        1768381951123456,
    ]
)
WORDS = st.sampled_from(["", "a", "line 1", "line 3", "12", "café", "\x1f", "x" * 80, "deployer"])
ANY: st.SearchStrategy[Any] = st.one_of(
    WORDS,
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(WORDS, max_size=2),
    st.dictionaries(WORDS, WORDS, max_size=2),
)
RAW = st.sampled_from(
    [
        b"",
        b"  ",
        b"\xef\xbb\xbf",
        b"[1]",
        b"{",
        b"null",
        b'{"text":',
        b'{"text":"\xff"}',
        b'{"text":"\\ud800"}',
        b'{"time":"2026-01-14T09:12:31Z","text":"a"} {"time":"2026-01-14T09:12:31Z","text":"b"}',
        b'{"time":"2026-01-14T09:12:31Z","time":"2026-01-14T09:12:32Z","text":"twice"}',
        b'\xef\xbb\xbf{"time":"2026-01-14T09:12:31Z","text":"mark"}',
        b'{"time":"2026-01-14T09:12:31Z","text":"deep","data":{"a":'
        + b"[" * 300
        + b"]" * 300
        + b"}}",
        b'{"time":"2026-01-14T09:12:31Z","text":"wide","data":{"a":1e999}}',
        b'{"time":"2026-01-14T09:12:31Z","text":"sp",',
        b'"kind":"note"}',
        b'{"time":"2026-01-14T09:12:31Z","text":"return"}\r',
    ]
)
HAND = st.fixed_dictionaries(
    {"time": TIMES, "text": st.one_of(WORDS, ANY)},
    optional={
        "actor": st.one_of(WORDS, ANY),
        "kind": st.sampled_from(["note", "decision", "nonsense", "", None, 5]),
        "subject": st.one_of(WORDS, ANY),
        "native_id": st.one_of(WORDS, ANY),
        "written": TIMES,
        "data": st.one_of(st.dictionaries(WORDS, ANY, max_size=2), ANY),
        "other": ANY,
    },
)
USUAL = st.builds(
    lambda number, word: {"time": f"2026-01-14T09:12:{number:02d}Z", "text": word, "actor": "a"},
    st.integers(0, 59),
    WORDS,
)


USUAL_LINE = {
    "json": lambda n: spell({"time": f"2026-01-14T09:{n // 60:02d}:{n % 60:02d}Z", "text": f"{n}"})
}


def read(path: Path, format_id: str, packed_from: int) -> Reading | str:
    """Return the reading, or what the refusal says."""
    intake = Intake(str(path), Options(zone="UTC"), packed_from)
    try:
        with Source(path) as source:
            FORMATS[format_id].read(source, intake)
    except InputError as error:
        return error.diagnostics()
    return intake.reading(format_id)


def spell(entry: object) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass")


def check(
    folder: Path, format_id: str, lines: list[bytes], end: bytes = b"\n", few: int = 16
) -> Reading | str:
    """Read a file of these lines in both ways, hold them against each other, return one."""
    path = folder / "evidence.jsonl"
    path.write_bytes(end.join(lines) + end)
    slow = read(path, format_id, NEVER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "_FEW", few)
        fast = read(path, format_id, 1)
    assert fast == slow
    if isinstance(slow, Reading) and isinstance(fast, Reading):
        # Equal values of other types, as 1 and 1.0, are spelt otherwise.
        assert repr(list(fast.records)) == repr(list(slow.records))
    return fast


LINES = {"json": st.one_of(USUAL.map(spell), HAND.map(spell))}
FIRST = {"json": b'{"time":"2026-01-14T09:00:00Z","text":"first"}'}


def compare(folder: Path, format_id: str, examples: int) -> None:
    one = LINES[format_id]

    @given(
        lines=st.lists(st.one_of(one, one, RAW), min_size=1, max_size=30),
        end=st.sampled_from([b"\n", b"\n", b"\r\n"]),
        few=st.sampled_from([1, 16]),
    )
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    def hold(lines: list[bytes], end: bytes, few: int) -> None:
        check(folder, format_id, [FIRST[format_id], *lines], end, few)

    hold()


@pytest.mark.parametrize("format_id", LINES)
def test_odd_lines_are_read_as_without_the_lane(tmp_path: Path, format_id: str) -> None:
    compare(tmp_path, format_id, 25)


@pytest.mark.slow
@pytest.mark.parametrize("format_id", LINES)
def test_many_odd_lines_are_read_as_without_the_lane(tmp_path: Path, format_id: str) -> None:
    compare(tmp_path, format_id, 1000)


@pytest.mark.parametrize("format_id", LINES)
def test_usual_lines_take_the_lane(tmp_path: Path, format_id: str) -> None:
    """The comparison above would show nothing if no line ever did."""
    lines = [USUAL_LINE[format_id](number) for number in range(200)]
    found = check(tmp_path, format_id, [FIRST[format_id], *lines])
    assert isinstance(found, Reading)
    assert isinstance(found.records, RecordColumns)
    assert (found.records.columns.spelt > 0).sum() > 150
