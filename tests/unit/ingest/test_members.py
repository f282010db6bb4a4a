"""Files of one format in a folder or archive are one item, as a bucket of log files is exported."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import read_evidence, show_place
from attribution.model.record import Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
RECORDS = (SAMPLES / "cloudtrail_records.json").read_bytes()
AUDIT = (SAMPLES / "k8s_audit.jsonl").read_bytes()


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "export"


def pack(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def other(records: bytes) -> bytes:
    return records.replace(b"000000000001", b"000000000002")


LOGS = {
    "2026/01/13/a.json.gz": gzip.compress(other(RECORDS), mtime=0),
    "2026/01/14/b.json.gz": gzip.compress(RECORDS, mtime=0),
    "2026/01/14/b-again.json": RECORDS,
}


@pytest.mark.parametrize("put", [fill, pack])
def test_a_bucket_of_log_files_is_one_item_with_repeats_counted_once(
    tmp_path: Path,
    put: object,
) -> None:
    path = put(tmp_path, LOGS | {".DS_Store": b"\x00\x01"})  # type: ignore[operator]
    reading = read_evidence(path)
    assert reading.format == "cloudtrail"
    assert (reading.accounting.kept, reading.accounting.duplicate) == (2, 1)
    assert [record.place for record in reading.records] == [
        "2026/01/13/a.json.gz!/Records/0",
        "2026/01/14/b-again.json!/Records/0",
    ]
    for record in reading.records:
        assert record.native_id is not None
        assert record.native_id in show_place(path, record.place)


def test_places_inside_files_of_lines_are_opened(tmp_path: Path) -> None:
    path = fill(tmp_path, {"a.log": AUDIT + AUDIT.replace(b"c5f48f91", b"c5f48f92"), "b.log": b"x"})
    reading = read_evidence(path, format="kubernetes-audit")
    assert [record.place for record in reading.records] == ["a.log!line 1", "a.log!line 2"]
    assert "c5f48f92" in show_place(path, "a.log!line 2")
    assert [rejection.place for rejection in reading.rejections] == ["b.log"]


def test_one_broken_file_never_loses_the_others(tmp_path: Path) -> None:
    files = LOGS | {"c.json": RECORDS[:300], "d.json": b"", "e.json.gz": LOGS[
        "2026/01/14/b.json.gz"][:-30]}  # fmt: skip
    reading = read_evidence(fill(tmp_path, files))
    assert reading.accounting.kept == 2
    reasons = {rejection.place: rejection.reason for rejection in reading.rejections}
    assert "cut short" in reasons["c.json"]
    assert "empty" in reasons["d.json"]
    assert "gzip" in reasons["e.json.gz"]


def test_files_of_several_formats_are_asked_for_one_by_one(tmp_path: Path) -> None:
    path = fill(tmp_path, {"a.json": RECORDS, "b.jsonl": AUDIT})
    with pytest.raises(InputError, match="one by one"):
        read_evidence(path)


def test_a_file_of_no_format_beside_them_is_named_and_left_out(tmp_path: Path) -> None:
    reading = read_evidence(fill(tmp_path, LOGS | {"README.txt": b"how these were exported\n"}))
    assert reading.accounting.kept == 2
    assert [rejection.place for rejection in reading.rejections] == ["README.txt"]


def test_a_missing_zone_refuses_the_whole_and_names_the_file(tmp_path: Path) -> None:
    event = json.loads(RECORDS)
    event["Records"][0]["eventTime"] = "2026-01-14T09:12:31"
    path = fill(tmp_path, {"a.json": json.dumps(event).encode(), "b.json": RECORDS})
    with pytest.raises(InputError, match="--tz") as caught:
        read_evidence(path)
    assert caught.value.place == "a.json!/Records/0"


def test_what_one_file_lacks_is_said_of_that_file(tmp_path: Path) -> None:
    inner = json.dumps({"eventTime": "2026-01-14T09:12:31Z", "eventName": "x", "eventID": "e"})
    lookup = {"Events": [{"EventId": "e", "EventName": "x", "CloudTrailEvent": inner}]}
    reading: Reading = read_evidence(
        fill(tmp_path, {
            "a.json": json.dumps(lookup | {"NextToken": "more"}).encode(),
            "b.json": json.dumps(lookup).encode(),
        })
    )  # fmt: skip
    (missing,) = reading.truncations
    assert missing.startswith("a.json: ")
    assert "NextToken" in missing


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    path = fill(tmp_path, LOGS)
    (tmp_path / "secret.json").write_bytes(RECORDS)
    (path / "c.json").symlink_to(tmp_path / "secret.json")
    assert [rejection.place for rejection in read_evidence(path).rejections] == ["c.json"]


def test_an_archive_inside_is_named_and_left_out(tmp_path: Path) -> None:
    inner = pack(tmp_path, LOGS).read_bytes()
    reading = read_evidence(fill(tmp_path, LOGS | {"more.zip": inner}))
    assert reading.accounting.kept == 2
    (rejection,) = reading.rejections
    assert (rejection.place, rejection.reason) == (
        "more.zip",
        "this is a zip archive, and not AWS CloudTrail log file",
    )
