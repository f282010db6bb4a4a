"""Whatever lines a file holds, the fast lane gives what the reader's own way gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.errors import InputError
from attribution.ingest import lane, source
from attribution.ingest.formats import FORMATS
from attribution.ingest.intake import Intake, Options
from attribution.ingest.recurring import Recurring
from attribution.ingest.source import Source
from attribution.model.columns import RecordColumns
from attribution.model.packing import Rows
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


AUDIT = st.fixed_dictionaries(
    {
        "auditID": st.sampled_from(["a-1", "a-2", "a-3", "a-4", "", None, 5, "line 2"]),
        "verb": st.sampled_from(["get", "patch", "", None, 3]),
        "requestReceivedTimestamp": TIMES,
        "stageTimestamp": TIMES,
    },
    optional={
        "stage": st.sampled_from(["RequestReceived", "ResponseComplete", "Panic", "", None, 1]),
        "requestURI": st.one_of(st.just("/api/v1/pods?dryRun=All"), WORDS, ANY),
        "user": st.one_of(
            st.just({"username": "system:serviceaccount:shop:web", "groups": ["a", "b"]}),
            st.just({"username": "deployer", "extra": {"arn": ["arn:aws:iam::1:user/x"]}}),
            ANY,
        ),
        "impersonatedUser": st.one_of(st.just({"username": "operator"}), ANY),
        "objectRef": st.one_of(
            st.just({"resource": "pods", "namespace": "shop", "name": "web-1"}),
            st.just({"resource": "nodes", "subresource": "status"}),
            ANY,
        ),
        "sourceIPs": st.one_of(st.just(["198.51.100.7"]), ANY),
        "userAgent": WORDS,
        "responseStatus": st.one_of(st.just({"code": 200}), st.just({"code": 403}), ANY),
        "annotations": ANY,
        "timestamp": TIMES,
    },
)
STAMPS = st.sampled_from(
    ["1768381951123456", "1768381951123457", "0", "", "01768381951123456", "17683819511234560",
     "soon", None, 1768381951123456, ["1768381951123456"], "1768381951123456\n"]
)  # fmt: skip
FIELD = st.one_of(WORDS, st.sampled_from(["0", "3", "6", "99", "007"]), ANY)
JOURNAL = st.fixed_dictionaries(
    {"__REALTIME_TIMESTAMP": STAMPS, "MESSAGE": st.one_of(WORDS, ANY)},
    optional={
        "__CURSOR": st.one_of(st.sampled_from(["s=1;i=1", "s=1;i=2", "s=1;i=3"]), FIELD),
        "__MONOTONIC_TIMESTAMP": FIELD,
        "_SOURCE_REALTIME_TIMESTAMP": STAMPS,
        "__SEQNUM": FIELD,
        "__SEQNUM_ID": FIELD,
        "_HOSTNAME": FIELD,
        "PRIORITY": FIELD,
        "SYSLOG_FACILITY": FIELD,
        "SYSLOG_IDENTIFIER": FIELD,
        "_PID": FIELD,
        "_SYSTEMD_UNIT": FIELD,
        "_BOOT_ID": FIELD,
        "_TRANSPORT": FIELD,
    },
)
USUAL_LINE: dict[str, Callable[[int], bytes]] = {
    "json": lambda n: spell(
        {"time": f"2026-01-14T09:{n // 60:02d}:{n % 60:02d}Z", "text": f"{n}", "actor": "a"}
    ),
    "kubernetes-audit": lambda n: spell(
        {
            "auditID": f"id-{n}",
            "verb": "get",
            "stage": "ResponseComplete",
            "requestReceivedTimestamp": f"2026-01-14T09:{n // 60:02d}:{n % 60:02d}.123456Z",
            "stageTimestamp": f"2026-01-14T09:{n // 60:02d}:{n % 60:02d}.223456Z",
            "user": {"username": "system:serviceaccount:shop:web"},
            "objectRef": {"resource": "pods", "name": f"web-{n % 3}"},
        }
    ),
    "journald": lambda n: spell(
        {
            "__CURSOR": f"s=9;i={n}",
            "__REALTIME_TIMESTAMP": str(1768381951123456 + n),
            "__MONOTONIC_TIMESTAMP": str(1000 + n),
            "__SEQNUM": str(1 + n),
            "MESSAGE": f"synced {n}",
            "_HOSTNAME": "node-1.example.test",
            "SYSLOG_IDENTIFIER": "kubelet",
        }
    ),
}
ODD_LINE = {"json": HAND, "kubernetes-audit": AUDIT, "journald": JOURNAL}
LINES = {
    name: st.one_of(odd.map(spell), st.integers(0, 500).map(USUAL_LINE[name]))
    for name, odd in ODD_LINE.items()
}


def compare(folder: Path, format_id: str, examples: int) -> None:
    one = LINES[format_id]

    @given(
        lines=st.lists(st.one_of(one, one, RAW), min_size=1, max_size=30),
        end=st.sampled_from([b"\n", b"\n", b"\r\n"]),
        few=st.sampled_from([1, 16]),
    )
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    def hold(lines: list[bytes], end: bytes, few: int) -> None:
        check(folder, format_id, [USUAL_LINE[format_id](999), *lines], end, few)

    hold()


@pytest.mark.parametrize("format_id", LINES)
def test_odd_lines_are_read_as_without_the_lane(tmp_path: Path, format_id: str) -> None:
    compare(tmp_path, format_id, 12)


@pytest.mark.slow
@pytest.mark.parametrize("format_id", LINES)
def test_many_odd_lines_are_read_as_without_the_lane(tmp_path: Path, format_id: str) -> None:
    compare(tmp_path, format_id, 1000)


@pytest.mark.parametrize("format_id", LINES)
def test_usual_lines_take_the_lane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_id: str
) -> None:
    """The comparison above would show nothing if no line ever did."""
    lines = [USUAL_LINE[format_id](number) for number in range(200)]
    taken = 0
    add_rows = Intake.add_rows

    def count(intake: Intake, rows: Rows, keys: Sequence[Hashable] | None) -> bool:
        nonlocal taken
        taken += len(rows)
        return add_rows(intake, rows, keys)

    monkeypatch.setattr(Intake, "add_rows", count)
    found = check(tmp_path, format_id, [USUAL_LINE[format_id](999), *lines])
    assert isinstance(found, Reading)
    assert isinstance(found.records, RecordColumns)
    assert taken > 150


def spell_job(number: int, **stated: Any) -> bytes:
    """Return a synthetic line that has an id of its own."""
    entry = {
        "time": f"2026-01-14T09:00:{number:02d}Z",
        "text": f"job {number}",
        "actor": "deployer",
    }
    return spell(entry | {"kind": "note", "native_id": f"job-{number:06d}"} | stated)


def test_repeats_read_a_block_at_a_time_are_told_as_one_by_one(tmp_path: Path) -> None:
    """Lines that repeat an id are duplicates; only those with other content are named."""
    lines = [spell_job(number) for number in range(60)]
    again = [line for line in lines for _ in range(3)]
    changed = [
        spell_job(7, text="other"),
        spell_job(8, time="2026-01-14T09:00:08.000Z"),
        spell_job(9, data={"a": 1}),
        spell_job(10, actor=None),
        spell_job(11, written="2026-01-14T10:00:00Z"),
    ]
    found = check(tmp_path, "json", [*lines, *again, *changed, *again])
    assert isinstance(found, Reading)
    assert (found.accounting.kept, found.accounting.duplicate) == (60, 365)
    assert [said.split()[0] for said in found.truncations] == [
        f"job-{number:06d}" for number in (7, 8, 9, 10, 11)
    ]


def test_few_records_that_repeat_take_the_lane_and_stay_objects(tmp_path: Path) -> None:
    """How a file is read shows in nothing but the time: few records are a tuple, as ever."""
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(b"\n".join(spell_job(number % 20) for number in range(500)))
    fast, slow = read(path, "json", 100), read(path, "json", NEVER)
    assert fast == slow
    assert isinstance(fast, Reading)
    assert isinstance(fast.records, tuple)
    assert fast.accounting.duplicate == 480


def test_lines_alike_but_for_their_texts_are_read_as_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an id, one that repeats, none; with a kind there is none of; with an empty field."""
    monkeypatch.setattr(source, "_BLOCK", 1 << 10)
    cut: list[bool] = []
    take_alike = lane.Lane._take_alike

    def count(one: lane.Lane, block: bytes, number: int) -> bool:
        cut.append(take_alike(one, block, number))
        return cut[-1]

    monkeypatch.setattr(lane.Lane, "_take_alike", count)
    usual = [spell_job(number) for number in range(40)]
    bare = [
        spell({"time": f"2026-01-14T09:10:{n:02d}.000Z", "text": f"50% of caf\u00e9 {n % 30}"})
        for n in range(40)
    ]
    check(tmp_path, "json", [*usual, *usual[:3], spell_job(3, text="other")])
    assert sum(cut) > 2
    cut.clear()
    check(tmp_path, "json", [*bare, *bare])
    assert sum(cut) > 2
    check(tmp_path, "json", [*usual, spell_job(41, kind="nonsense"), *usual])
    check(tmp_path, "json", [*usual, spell_job(41, native_id="line 3"), *usual])
    check(tmp_path, "json", [*usual, spell_job(41, actor=""), *usual])
    check(tmp_path, "json", [spell_job(n, written="2026-01-14T10:00:00Z") for n in range(30)])


def test_lines_that_come_again_to_the_byte_are_counted_as_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known lines are left out of a block; the rest keep their numbers, and a change is told."""
    monkeypatch.setattr(source, "_BLOCK", 1 << 10)
    left_out = 0
    leave_out = Recurring.leave_out

    def count(one: Recurring, block: bytes) -> tuple[bytes, Any]:
        nonlocal left_out
        lines, at = leave_out(one, block)
        left_out += lane._count_lines(block) - len(at)
        return lines, at

    monkeypatch.setattr(Recurring, "leave_out", count)
    usual = [spell_job(number) for number in range(20)]
    changed = [spell_job(3, text="other"), spell_job(4, actor="other")]
    mixed = [line for number in range(20, 60) for line in (spell_job(number), *usual[:2])]
    found = check(tmp_path, "json", [*usual * 5, *changed, *usual, *mixed, *changed, *usual])
    assert isinstance(found, Reading)
    assert left_out > 100
    assert (found.accounting.kept, len(found.truncations)) == (60, 4)
    assert found.records[-1].place == f"line {5 * 20 + 2 + 20 + 3 * 39 + 1}"
    bare = [spell({"time": "2026-01-14T09:10:00Z", "text": f"caf\u00e9 {n}"}) for n in range(30)]
    check(tmp_path, "json", [*bare * 4, spell_job(1), *bare])
