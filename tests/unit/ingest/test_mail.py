"""Mails: times of sender and server, words out of their encodings, and mails made to do harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from attribution.errors import InputError
from attribution.ingest import detect_format, read_evidence, show_place
from attribution.ingest.readers import mail
from attribution.model.instant import format_optional
from attribution.model.record import Reading, Record

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
MBOX = SAMPLES / "mails.mbox"
DATE = "Wed, 14 Jan 2026 10:19:55 +0100"


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "evidence"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def letter(date: str = DATE, body: str = "words", **fields: str) -> str:
    head = {"Message-ID": "<m@example.test>", "Date": date, "From": "a@example.test"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    return "\n".join(f"{name}: {value}" for name, value in head.items()) + f"\n\n{body}\n"


def read(folder: Path, content: str | bytes, **options: str) -> Reading:
    return read_evidence(write(folder, content), format="mail", **options)  # type: ignore[arg-type]


def one(folder: Path, content: str | bytes, **options: str) -> Record:
    (record,) = read(folder, content, **options).records
    return record


def test_an_mbox_gives_the_senders_time_and_the_servers() -> None:
    first, second, third = read_evidence(MBOX).records
    assert format_optional(first.time) == "2026-01-14T09:19:55Z"
    assert format_optional(first.written) == "2026-01-14T09:20:05Z"
    assert first.data["first_hop"] == "2026-01-14T09:19:58Z"
    assert first.original_time == DATE
    assert format_optional(second.time) == "2026-01-14T09:30:51Z"
    assert second.data["in_reply_to"] == first.native_id
    assert (third.time, third.native_id) == (None, "<m3@example.test>")


def test_words_come_out_of_their_encodings_and_the_quoting_of_from_is_undone() -> None:
    first, second, _ = read_evidence(MBOX).records
    assert first.subject == "orders down – vol-9 gone"
    assert first.data["by"] == "A. Oncall"
    assert "at 09:12. See" in first.text
    assert "\nFrom the log: DeleteVolume" in first.text
    assert second.text == "Re: orders down\nFrozen: all agents.\nCafé closed"


def test_attachments_are_named_with_their_size_and_not_opened() -> None:
    (first, *_) = read_evidence(MBOX).records
    assert first.data["attachments"] == [
        {"name": "trail.json", "type": "application/octet-stream", "bytes": 15}
    ]
    assert "Records" not in first.text


def test_every_mail_leads_back_to_its_lines() -> None:
    for record in read_evidence(MBOX).records:
        shown = show_place(MBOX, record.place)
        assert record.native_id is not None
        assert f"Message-ID: {record.native_id}" in shown
    assert "more lines]" not in shown
    with pytest.raises(InputError, match="no such place"):
        show_place(MBOX, "lines 900-901")


def test_a_long_mail_is_shown_as_its_first_lines(tmp_path: Path) -> None:
    path = write(tmp_path, letter(body="line\n" * 900))
    (record,) = read_evidence(path, format="mail").records
    shown = show_place(path, record.place)
    assert len(shown.splitlines()) == 501
    assert shown.endswith("[405 more lines]")


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("Wed, 14 Jan 2026 10:19:55 +0100", "2026-01-14T09:19:55Z"),
        ("14 Jan 2026 09:19:55 -0000", "2026-01-14T09:19:55Z"),
        ("14 Jan 2026 09:19:55 GMT", "2026-01-14T09:19:55Z"),
        ("Wed, 14 Jan 26 04:19:55 EST", "2026-01-14T09:19:55Z"),
        ("Wed, 14 January 2026 09:19 +0000 (no seconds)", "2026-01-14T09:19:00Z"),
        ("Thu, 01 Jan 70 00:00:01 +0000", "1970-01-01T00:00:01Z"),
    ],
)
def test_dates_are_read_as_the_rfc_says(tmp_path: Path, date: str, time: str) -> None:
    record = one(tmp_path, letter(date))
    assert format_optional(record.time) == time
    assert record.original_time == date


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Wed, 14 Jan 2026 10:19:55 IST", "more than one meaning"),
        ("Wed, 14 Jan 2026 10:19:55 BST", "more than one meaning"),
        ("01/02/2026 10:19", "not one of RFC 5322"),
        ("Wed, 31 Feb 2026 10:19:55 +0100", "no such time"),
        ("Wed, 14 Jan 2026 25:19:55 +0100", "no such time"),
        ("Wed, 14 Foo 2026 10:19:55 +0100", "not one of RFC 5322"),
        ("Wed, 14 Jan 2026 10:19:55 +9999", "no offset"),
    ],
)
def test_a_date_with_two_readings_or_none_rejects_its_mail(
    tmp_path: Path, date: str, said: str
) -> None:
    """IST is Indian, Irish or Israeli time; the first of February may be the second of January."""
    reading = read(tmp_path, letter(date))
    assert reading.records == ()
    assert said in reading.rejections[0].reason


def test_a_date_without_a_zone_refuses_the_item_and_names_the_option(tmp_path: Path) -> None:
    content = letter("Wed, 14 Jan 2026 10:19:55")
    with pytest.raises(InputError, match="--tz"):
        read(tmp_path, content)
    record = one(tmp_path, content, zone="Europe/Berlin")
    assert format_optional(record.time) == "2026-01-14T09:19:55Z"


def test_a_stamp_of_a_server_that_cannot_be_read_is_no_written_time(tmp_path: Path) -> None:
    record = one(tmp_path, letter(Received="from x by y; Wed, 14 Jan 2026 10:19:55"))
    assert record.written is None


def test_the_same_mail_in_two_mailboxes_has_one_id_and_a_repeat_is_counted(tmp_path: Path) -> None:
    (there,) = read_evidence(SAMPLES / "mail.eml").records
    assert there.native_id == read_evidence(MBOX).records[0].native_id
    twice = "".join(f"From a@example.test Wed Jan 14 09:20:05 2026\n{letter()}\n" for _ in "12")
    assert read(tmp_path, twice).accounting.to_dict() == {
        "read": 2, "kept": 1, "duplicate": 1, "undated": 0, "rejected": 0,
    }  # fmt: skip


def test_a_line_that_only_begins_like_a_new_mail_parts_nothing(tmp_path: Path) -> None:
    body = "first\n\nFrom here on it went wrong, at 09:12 or so.\nFrom a@example.test x"
    record = one(tmp_path, f"From a@example.test Wed Jan 14 09:20:05 2026\n{letter(body=body)}")
    assert "From here on" in record.text


def test_a_folder_and_a_zip_of_mails_give_a_record_each(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "1.eml").write_text(letter(), encoding="utf-8")
    (folder / "2.eml").write_text(letter(Message_ID="<n@example.test>"), encoding="utf-8")
    (folder / "notes.txt").write_text("nothing of a mail", encoding="utf-8")
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(path.name, path.read_bytes())
    for path in (folder, packed):
        assert detect_format(path).format == "mail"
        reading = read_evidence(path)
        assert [record.place for record in reading.records] == ["1.eml", "2.eml"]
        assert [entry.place for entry in reading.rejections] == ["notes.txt"]
        assert "words" in show_place(path, "1.eml")


def test_a_mail_too_large_is_left_out_and_the_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MAX_MESSAGE", 2000)
    parting = "From a@example.test Wed Jan 14 09:20:05 2026\n"
    huge = letter(body="x\n" * 3000, Message_ID="<huge@example.test>")
    last = letter(Message_ID="<last@example.test>")
    content = f"{parting}{letter()}\n{parting}{huge}\n{parting}{last}"
    reading = read(tmp_path, content)
    assert [r.native_id for r in reading.records] == ["<m@example.test>", "<last@example.test>"]
    assert "larger" in reading.rejections[0].reason


def test_parts_nested_without_end_are_refused(tmp_path: Path) -> None:
    nest = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        for level in range(700)
    )
    reading = read(tmp_path, letter().partition("\n\n")[0] + "\n" + nest)
    assert "more than 300 parts made of parts" in reading.rejections[0].reason


def test_more_parts_than_anybody_sends_are_refused(tmp_path: Path) -> None:
    content = letter(Content_Type='multipart/mixed; boundary="b"', body="--b\n\nx\n" * 1500)
    assert "more than 1000 parts" in read(tmp_path, content).rejections[0].reason


def test_a_header_made_to_keep_the_parser_busy_is_refused(tmp_path: Path) -> None:
    """The parser takes hours with a megabyte of semicolons in a Content-Type."""
    content = letter(Content_Type="text/plain" + ";" * (1 << 20))
    assert "longer than" in read(tmp_path, content).rejections[0].reason


@pytest.mark.parametrize(
    "field",
    [
        "Content-Type: text/plain; charset=no-such-charset",
        "Content-Type: text/plain; charset*0*=utf-8''%ff; charset*x=1",
        "Content-Type: text/plain; name*1*=''%",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x-uuencode",
        "Content-Disposition: attachment; filename*=bad'%%'%zz",
        "Subject: =?utf-8?b?!!!?= =?nonsense?q?x?=",
        "From: " + "(" * 5000 + " <a@example.test>",
        "To: " + "a@example.test," * 3000,
        "Received: ;",
        "Message-ID: <a\x00b@example.test>",
    ],
)
def test_a_field_in_disorder_costs_no_more_than_itself(tmp_path: Path, field: str) -> None:
    reading = read(tmp_path, f"{field}\n{letter()}".encode("utf-8", "surrogateescape"))
    assert reading.accounting.read == 1
    assert reading.accounting.kept == 1
    for record in reading.records:
        record.text.encode("utf-8")


def test_bytes_of_no_charset_are_replaced_and_nothing_raised(tmp_path: Path) -> None:
    content = letter().encode().replace(b"words", b"caf\xe9 \xff\x00 \x1b[2J")
    assert "caf\ufffd" in one(tmp_path, content).text
