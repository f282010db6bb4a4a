"""Broken and hostile files: a clear message, or the one entry left out, and nothing else lost."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import container as container_module
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.ingest import packed as packed_module
from attribution.ingest import source as source_module

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
RECORDS = SAMPLES / "cloudtrail_records.json"


def write(folder: Path, content: bytes | str) -> Path:
    path = folder / "evidence"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(InputError) as caught:
        read_evidence(path, **options)  # type: ignore[arg-type]
    assert caught.value.file is not None
    return str(caught.value)


def lookup(event: str, time: str = "2026-01-14T09:12:31Z") -> str:
    inner = json.dumps({"eventTime": time, "eventName": "DeleteVolume", "eventID": event})
    return json.dumps({"EventId": event, "EventName": "DeleteVolume", "CloudTrailEvent": inner})


def test_a_document_cut_short_says_so_with_line_and_column(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, RECORDS.read_bytes()[:500]))
    assert "cut short" in message
    assert "line 21, column" in message


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    assert "empty" in refusal(write(tmp_path, b""))
    assert "blank" in refusal(write(tmp_path, b" \n\n"))


def test_utf_16_is_named_with_how_to_convert_it(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS.read_text(encoding="utf-8").encode("utf-16"))
    message = refusal(path)
    assert "UTF-16" in message
    assert "iconv" in message


def test_a_byte_of_latin_1_is_named_with_its_place(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, b'{"Records": [\n{"eventID": "caf\xe9"}]}'))
    assert "0xe9" in message
    assert "line 2, column 17" in message


def test_a_binary_file_says_so(tmp_path: Path) -> None:
    assert "binary" in refusal(write(tmp_path, b"\x7fELF\x02\x01\x01\x00\x00"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\nfoo, bar\n1, 2\n", "this is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 400, "this is a picture"),
        (bytes(code for code in range(1, 256)) * 40, "this is a binary file"),
    ],
)
def test_what_is_no_text_is_not_taken_for_it(tmp_path: Path, content: bytes, said: str) -> None:
    """Neither a PDF nor noise without a NUL is asked for its text format."""
    path = write(tmp_path, content)
    assert said in refusal(path)
    assert said in refusal(path, format="csv")


def test_a_spreadsheet_is_asked_for_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "save the sheet as CSV" in refusal(path)


def test_stray_control_characters_make_no_binary_file(tmp_path: Path) -> None:
    path = write(tmp_path, b"time,text\n2026-01-14T09:12:00Z,a\x01\x02b\n")
    assert read_evidence(path).accounting.kept == 1


def test_deep_nesting_is_refused_not_crashed_on(tmp_path: Path) -> None:
    assert "nested" in refusal(write(tmp_path, "[" * 100_000))
    assert "nested" in refusal(write(tmp_path, "[" * 300 + "]" * 300))


def test_a_missing_file_and_a_device_are_named() -> None:
    assert "no such file" in refusal(Path("absent.json"))
    assert "not a file" in refusal(Path(os.devnull))


def test_an_unknown_document_says_where_the_formats_are_listed(tmp_path: Path) -> None:
    assert "formats that `attribution formats` lists" in refusal(write(tmp_path, '{"hello": 1}'))


def test_one_bad_line_never_loses_the_rest(tmp_path: Path) -> None:
    lines = [lookup("e-1"), '{"EventId": "e-2", ', lookup("e-3"), "[1]", "", "\x00", lookup("e-1")]
    path = write(tmp_path, "\n".join(lines).encode() + b'\n{"EventId": "caf\xe9"}\n')
    reading = read_evidence(path)
    assert [record.id for record in reading.records] == ["e-1", "e-3"]
    assert reading.accounting.to_dict() == {
        "read": 7, "kept": 2, "duplicate": 1, "undated": 0, "rejected": 4,
    }  # fmt: skip
    assert [entry.place for entry in reading.rejections] == ["line 2", "line 4", "line 6", "line 8"]
    assert "0xe9" in reading.rejections[3].reason


def test_a_first_line_that_is_broken_does_not_hide_the_others(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(['{"EventId": "cut', lookup("e-1"), lookup("e-2")]))
    assert read_evidence(path).accounting.kept == 2


def test_a_line_without_bound_is_left_out_and_the_rest_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "MAX_LINE", 4096)
    huge = lookup("x" * 20_000)
    reading = read_evidence(write(tmp_path, "\n".join([lookup("e-1"), huge, lookup("e-2")])))
    assert [record.place for record in reading.records] == ["line 1", "line 3"]
    assert reading.rejections[0].place == "line 2"
    assert "longer" in reading.rejections[0].reason


def test_a_document_beyond_the_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "MAX_DOCUMENT", 100)
    assert "too large" in refusal(write(tmp_path, RECORDS.read_bytes()))


def test_a_record_without_time_is_kept_undated_and_borrows_none(tmp_path: Path) -> None:
    document = json.loads(RECORDS.read_text(encoding="utf-8"))
    del document["Records"][0]["eventTime"]
    reading = read_evidence(write(tmp_path, json.dumps(document)))
    (record,) = reading.records
    assert (record.time, record.time_low, record.time_high) == (None, None, None)
    assert reading.accounting.undated == 1


def test_a_time_without_zone_refuses_the_item_and_names_the_option(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join([lookup("e-1"), lookup("e-2", "2026-01-14T09:12:31")]))
    message = refusal(path)
    assert "line 2" in message
    assert "--tz" in message
    assert "zone" in message
    assert read_evidence(path, zone="Europe/Berlin").accounting.kept == 2


def test_an_unknown_zone_names_the_file(tmp_path: Path) -> None:
    assert "evidence" in refusal(write(tmp_path, lookup("e-1")), zone="Mars/Olympus")


def test_half_a_surrogate_pair_costs_nothing_but_itself(tmp_path: Path) -> None:
    line = lookup("e-1").replace("DeleteVolume", "Delete\\ud800Volume", 1)
    (record,) = read_evidence(write(tmp_path, line)).records
    record.text.encode("utf-8")


def test_a_repeat_with_other_content_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join([lookup("e-1"), lookup("e-1", "2026-01-14T10:00:00Z")]))
    reading = read_evidence(path)
    assert reading.accounting.duplicate == 1
    assert reading.truncations == (
        "e-1 stands at line 1 and again, with other content, at line 2; the first was kept",
    )


def test_gzip_is_read_through_and_a_broken_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(RECORDS.read_bytes(), mtime=0)
    path = write(tmp_path, packed)
    assert detect_format(path).format == "cloudtrail"
    assert read_evidence(path).accounting.kept == 1
    assert "gzip" in refusal(write(tmp_path, packed[:-20]))


def test_a_gzip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_module, "MAX_UNPACKED", 1 << 20)
    line = (lookup("e-1") + "\n").encode()
    assert "too much" in refusal(write(tmp_path, gzip.compress(line * 20_000)))


def make_zip(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def slack_members(prefix: str = "") -> dict[str, bytes]:
    root = SAMPLES / "slack_export"
    return {
        f"{prefix}{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*.json"))
    }


@pytest.mark.parametrize("prefix", ["", "export/"])
def test_a_slack_zip_gives_the_records_of_the_folder(tmp_path: Path, prefix: str) -> None:
    path = make_zip(tmp_path, slack_members(prefix))
    zipped, folder = read_evidence(path), read_evidence(SAMPLES / "slack_export")
    assert [record.native_id for record in zipped.records] == [
        record.native_id for record in folder.records
    ]
    assert "freeze all agents" in show_place(path, zipped.records[-1].place)


def test_members_that_lead_out_of_an_archive_are_left_out_by_name(tmp_path: Path) -> None:
    outside = {"../../evil.json": b"[]", "/etc/passwd": b"[]", "C:\\x.json": b"[]"}
    reading = read_evidence(make_zip(tmp_path, slack_members() | outside))
    assert reading.accounting.kept == 4
    assert {entry.place for entry in reading.rejections} == set(outside)
    assert not (tmp_path.parent / "evil.json").exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container_module, "MAX_TOTAL", 1 << 20)
    path = make_zip(tmp_path, slack_members() | {"inc-7/2026-01-15.json": b" " * (2 << 20)})
    assert "unpacks to too much" in refusal(path)


def test_a_member_that_is_too_large_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container_module, "MAX_MEMBER", 2000)
    path = make_zip(tmp_path, slack_members() | {"inc-7/2026-01-15.json": b" " * 3000})
    reading = read_evidence(path)
    assert reading.accounting.kept == 4
    assert [entry.place for entry in reading.rejections] == ["inc-7/2026-01-15.json"]


def test_a_broken_day_file_loses_only_that_day(tmp_path: Path) -> None:
    path = make_zip(tmp_path, slack_members() | {"inc-7/2026-01-15.json": b'[{"ts": "17'})
    reading = read_evidence(path)
    assert reading.accounting.kept == 4
    assert "cut short" in reading.rejections[0].reason


def test_a_broken_zip_says_so(tmp_path: Path) -> None:
    path = make_zip(tmp_path, slack_members())
    path.write_bytes(path.read_bytes()[:-40])
    assert "zip archive is broken" in refusal(path)


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "slack_export", tmp_path / "export")
    secret = tmp_path / "2026-01-16.json"
    secret.write_text('[{"type": "message", "ts": "1768382101.000002", "text": "secret"}]')
    (tmp_path / "export" / "inc-7" / "2026-01-16.json").symlink_to(secret)
    (tmp_path / "export" / "other").symlink_to(tmp_path)
    reading = read_evidence(tmp_path / "export")
    assert reading.accounting.kept == 4
    assert [entry.place for entry in reading.rejections] == ["inc-7/2026-01-16.json", "other"]


def test_a_folder_without_day_files_says_what_an_export_looks_like(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing")
    assert "day files" in refusal(tmp_path, format="slack")
    assert "cannot be told" in refusal(tmp_path)


def test_a_pipe_inside_a_folder_does_not_hang_the_reader(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "slack_export", tmp_path / "export")
    os.mkfifo(tmp_path / "export" / "inc-7" / "2026-01-15.json")
    reading = read_evidence(tmp_path / "export")
    assert [entry.place for entry in reading.rejections] == ["inc-7/2026-01-15.json"]


def test_a_format_that_cannot_be_is_refused_and_a_misspelt_one_recognised(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS.read_bytes())
    assert "cannot be" in refusal(path, format="slack")
    assert "expected: pagerduty" in refusal(path, format="pagerdty")
    assert "`attribution formats` lists" in refusal(path, format="nonsense")


def test_a_file_of_two_formats_names_both_candidates(tmp_path: Path) -> None:
    deployment = json.loads((SAMPLES / "github_deployment_and_status.json").read_text())
    reviews = json.loads((SAMPLES / "github_pull_request_reviews.json").read_text())
    path = write(tmp_path, json.dumps([deployment["deployment"], *reviews]))
    detection = detect_format(path)
    assert detection.format is None
    assert set(detection.candidates) == {"github-deployment", "github-pull-request"}
    assert read_evidence(path, format="github-pull-request").accounting.kept == 2


def test_an_error_names_the_evidence_item_it_is_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"E7 \("):
        read_evidence(write(tmp_path, b""), evidence_id="E7")
