"""Small files that stand for large ones: refused with a message, within bounds of memory.

Everything here is synthetic. The bounds themselves are lowered for the tests that run by default;
the slow ones measure a process of its own against the real ones.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import (
    container,
    intake,
    jsontext,
    mailbody,
    packed,
    read_evidence,
    show_place,
)
from tests.fuzz.containers import pack_zip, pack_zstd

TIME = "2026-01-14T09:12:31Z"
SYSLOG = f"<13>1 {TIME} host app - - - said\n".encode()
MAIL = (
    "From: a@example.test\nTo: b@example.test\nDate: Wed, 14 Jan 2026 09:12:31 +0000\n"
    "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
)
MEGABYTES = 500
"""A process that has read nothing takes about 60 MB; the bounds are for what a file makes of it."""


def refusal(path: Path, format_id: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_evidence(path, format=format_id)
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "item"


@pytest.mark.parametrize("pack", [gzip.compress, pack_zstd, lambda data: pack_zip({"x": data})])
def test_what_unpacks_to_hundreds_of_times_its_size_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    """No log repeats itself so; below a size that harms nobody it may."""
    path.write_bytes(pack(SYSLOG * 20_000))
    assert read_evidence(path).accounting.read == 20_000
    monkeypatch.setattr(packed, "_SMALL", 200_000)
    monkeypatch.setattr(packed, "MAX_RATIO", 50)
    assert "more than 50 bytes out of each byte" in refusal(path)


def test_what_is_packed_as_logs_are_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_SMALL", 100_000)
    lines = [SYSLOG.replace(b"said", str(number * 7919).encode()) for number in range(5000)]
    path.write_bytes(gzip.compress(b"".join(lines)))
    assert read_evidence(path).accounting.kept == 5000


def test_a_file_of_bad_entries_is_refused_and_one_with_good_ones_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bytes a line would else become hundreds of memory; real records are not lost to it."""
    monkeypatch.setattr(intake, "MAX_REJECTED", 1000)
    path.write_bytes(b"x\n" * 1002)
    message = refusal(path, "syslog")
    assert "line 1001: almost nothing in the file can be used" in message
    path.write_bytes(SYSLOG * 500 + b"x\n" * 3000)
    reading = read_evidence(path)
    assert (reading.accounting.kept, reading.accounting.rejected) == (500, 3000)


def test_an_archive_of_too_many_members_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "MAX_MEMBERS", 3)
    path.write_bytes(pack_zip({str(number): b"x" for number in range(4)}))
    assert "too many files" in refusal(path)


@pytest.mark.parametrize("name", ["", ".", "/", "./."])
def test_a_member_without_a_name_is_refused_by_itself(path: Path, name: str) -> None:
    """Such a member once ended the whole read in a traceback."""
    path.write_bytes(pack_zip({name: b"x", "day.log": SYSLOG, "other.log": SYSLOG}))
    reading = read_evidence(path, format="syslog")
    assert reading.accounting.kept == 2
    assert reading.accounting.rejected == (0 if name.endswith("/") else 1)


def test_a_document_of_too_many_values_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsontext, "MAX_CONTAINERS", 1000)
    path.write_bytes(b'{"Records":[' + b"{}," * 1000 + b"{}]}")
    assert "more than 1000 objects and arrays" in refusal(path, "cloudtrail")
    monkeypatch.setattr(jsontext, "MAX_VALUES", 2000)
    path.write_bytes(b'{"Records":[' + b'"",' * 2001 + b"{}]}")
    assert "more than 2000 values" in refusal(path, "cloudtrail")


def test_a_mail_of_too_many_separators_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbody, "MAX_SEPARATORS", 50)
    path.write_text(MAIL + "--b\n\nx\n" * 60 + "--b--\n")
    reading = read_evidence(path, format="mail")
    assert "more than 50 lines that may part it" in reading.rejections[0].reason
    path.write_text(MAIL.replace("multipart/mixed; boundary=b", "text/plain") + "--b\n" * 60)
    assert read_evidence(path, format="mail").accounting.kept == 1


def test_a_place_of_thousands_of_digits_is_no_place(path: Path) -> None:
    """Python refuses to read such a number, which once came out as a traceback."""
    path.write_text(f'[{{"time": "{TIME}", "text": "x"}}]')
    with pytest.raises(InputError, match="no such place"):
        show_place(path, "/" + "9" * 5000)


@pytest.mark.parametrize(
    "form", ["%d/%m/%Y %d", "%H:%M %d.%m. %H", "%d %Y %Y"], ids=["day", "hour", "year"]
)
def test_a_time_format_that_names_a_part_twice_is_refused(path: Path, form: str) -> None:
    """Python's own error for it is one of its regular expressions, which is none of ours."""
    path.write_text("time,text\n1,x\n")
    with pytest.raises(InputError, match="names one part of the time twice"):
        read_evidence(path, format="csv", zone="UTC", time_format=form)


def test_a_zone_of_thousands_of_slashes_is_no_zone(path: Path) -> None:
    """Looking it up once recursed without end."""
    path.write_text("time,text\n1,x\n")
    with pytest.raises(InputError, match="no time zone of this name") as caught:
        read_evidence(path, format="csv", zone="a/" * 5000)
    assert len(str(caught.value)) < 4000


def test_lines_of_codeowners_end_where_git_ends_them(path: Path) -> None:
    """A form feed or a line separator in a comment moved every place after it."""
    path.write_text("# a\x0cb\u2028c\x85d\n\nsrc/ @org/team\n")
    (record,) = read_evidence(path, format="codeowners", zone="UTC").records
    assert record.place == "line 3"
    assert show_place(path, record.place) == "src/ @org/team"


def test_a_message_quotes_no_more_of_a_file_than_a_reader_wants(path: Path) -> None:
    path.write_text("a" * 50_000 + ",b\n1,2\n")
    message = refusal(path, "csv")
    assert "characters)" in message
    assert len(message) < 4000


def pack_large(unit: bytes, times: int) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packing:
        for _ in range(times):
            packing.write(unit)
    return out.getvalue()


def pack_large_zip(unit: bytes, times: int) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("day.log", "w", force_zip64=True) as member,
    ):
        for _ in range(times):
            member.write(unit)
    return out.getvalue()


LINE, LINES = b"a" * (1 << 20), SYSLOG * 20_000
BOMBS: dict[str, tuple[Callable[[], bytes], str | None, str]] = {
    "a line without end": (lambda: pack_large(LINE, 100), None, "unpacks to too much"),
    "one line over and over": (lambda: pack_large(LINES, 60), None, "unpacks to too much"),
    "one line over and over, zip": (lambda: pack_large_zip(LINES, 60), None, "unpacks to too much"),
    "bad lines": (lambda: pack_large(b"x\n" * 500_000, 30), "syslog", "almost nothing"),
    "packed twice": (lambda: gzip.compress(pack_large(LINES, 60)), None, "unpacks to too much"),
    "12 million objects": (
        lambda: b'{"Records":[' + b"{}," * 12_000_000 + b"{}]}", "cloudtrail", "objects and arrays",
    ),
    "brackets alone": (partial(bytes.rjust, b"", 20_000_000, b"["), None, "objects and arrays"),
    "aliases of aliases": (
        lambda: b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
            b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9))
            for n in range(9)
        ), "yaml", "too many values",
    ),
    "a mail of 100,000 parts": (
        (MAIL + "--b\n\nx\n" * 100_000).encode, "mail", "may part it",
    ),
}  # fmt: skip


# A child's own peak: what wait4 reports also counts the parent's memory at the fork.
PEAK = """
import runpy, sys
try:
    runpy.run_module("attribution", run_name="__main__", alter_sys=True)
finally:
    lines = open("/proc/self/status", encoding="ascii").read().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    print("peak", peak.split()[1], file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_bounded_memory(bomb: str, path: Path) -> None:
    build, format_id, said = BOMBS[bomb]
    path.write_bytes(build())
    named = [] if format_id is None else ["--format", format_id]
    command = [sys.executable, "-c", PEAK, "read", str(path), *named]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr[-2000:]
    assert said in done.stderr
    peak = int(done.stderr.rsplit("peak ", 1)[1])
    assert peak >> 10 < MEGABYTES + (path.stat().st_size >> 20)
