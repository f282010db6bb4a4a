"""Compressed evidence is read as if it were not: gzip, Zstandard, a zip archive of one file."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import packed, read_evidence, show_place
from attribution.model.record import Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
LINES = SAMPLES / "cloudtrail_lookup_events.jsonl"
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


def zipped(content: bytes, *names: str) -> bytes:
    packed_file = io.BytesIO()
    with zipfile.ZipFile(packed_file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed_file.getvalue()


def read(folder: Path, content: bytes) -> Reading:
    path = folder / "evidence"
    path.write_bytes(content)
    reading = read_evidence(path)
    for record in reading.records:
        assert record.native_id is not None
        assert record.native_id in show_place(path, record.place)
    return reading


def refusal(folder: Path, content: bytes) -> str:
    path = folder / "evidence"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_evidence(path)
    return str(caught.value)


def test_gzip_and_zip_give_the_records_of_the_file_itself(tmp_path: Path) -> None:
    plain = read(tmp_path, LINES.read_bytes())
    assert read(tmp_path, gzip.compress(LINES.read_bytes(), mtime=0)) == plain
    assert read(tmp_path, zipped(LINES.read_bytes(), "logs/events.jsonl")) == plain


def test_a_file_packed_twice_is_read_through(tmp_path: Path) -> None:
    inner = gzip.compress(LINES.read_bytes(), mtime=0)
    assert read(tmp_path, zipped(inner, "events.json.gz")).accounting.kept == 1


def test_what_macos_adds_to_an_archive_makes_no_second_file(tmp_path: Path) -> None:
    names = ("a.jsonl", "__MACOSX/._a.jsonl", ".DS_Store")
    assert read(tmp_path, zipped(LINES.read_bytes(), *names)).accounting.read == 1


def test_every_sample_that_is_a_file_is_read_the_same_when_compressed(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    for sample in sorted(SAMPLES.iterdir()):
        if not sample.is_file() or sample.name in {"README.md", "MANIFEST.json", "generic.csv"}:
            continue
        plain = read_evidence(sample)
        for content in (
            gzip.compress(sample.read_bytes(), mtime=0),
            zipped(sample.read_bytes(), f"export/{sample.name}"),
        ):
            path.write_bytes(content)
            assert read_evidence(path) == plain, sample.name


@pytest.mark.parametrize("name", ["../evil.json", "/etc/passwd"])
def test_a_single_member_that_leads_out_of_its_archive_is_not_read(
    tmp_path: Path, name: str
) -> None:
    assert "cannot be told" in refusal(tmp_path, zipped(LINES.read_bytes(), name))


def test_a_zip_bomb_of_one_file_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED", 1 << 16)
    assert "unpacks to too much" in refusal(tmp_path, zipped(LINES.read_bytes() * 200, "a"))


def test_a_broken_member_is_told_from_broken_records(tmp_path: Path) -> None:
    content = bytearray(zipped(LINES.read_bytes() * 20, "a.jsonl"))
    content[120] ^= 0xFF
    assert "zip file is broken" in refusal(tmp_path, bytes(content))


def test_zstandard_is_read_through_and_a_broken_file_refused(tmp_path: Path) -> None:
    zstd = pytest.importorskip(ZSTD, reason="the extra `zstd` is not installed")
    content = zstd.compress(LINES.read_bytes())
    assert read(tmp_path, content) == read(tmp_path, LINES.read_bytes())
    assert "Zstandard file is broken" in refusal(tmp_path, content[:-8])
    assert "Zstandard file is broken" in refusal(tmp_path, content[:4] + b"\xff" * 40)


def test_a_zstandard_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zstd = pytest.importorskip(ZSTD, reason="the extra `zstd` is not installed")
    monkeypatch.setattr(packed, "MAX_UNPACKED", 1 << 16)
    assert "unpacks to too much" in refusal(tmp_path, zstd.compress(LINES.read_bytes() * 200))


def test_without_the_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> object:
        if name == ZSTD:
            raise ImportError
        return import_module(name)

    monkeypatch.setattr(packed, "import_module", missing)
    message = refusal(tmp_path, b"\x28\xb5\x2f\xfd" + b"x" * 40)
    assert "incident-attribution[zstd]" in message
    assert "zstd -d" in message
