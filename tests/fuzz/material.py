"""What is put into damaged records: values that a field, a parser or a screen does not expect."""

from __future__ import annotations

from attribution.model.record import JsonValue

TIMES: tuple[JsonValue, ...] = (
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-12:00", "10000-01-01T00:00:00Z", "2016-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z", "2026-01-14T24:00:00Z", "2026-01-14T25:61:61Z", "2026-01-14",
    "2026-01-14T09:12:31", "2026-03-29T02:30:00", "Feb 29 12:00:00", "Jan 14 09:12:31",
    "2026-01-14T09:12:31.1234567890123456789Z", "2026-01-14T09:12:31+99:99", "14/01/2026 09:12",
    "\u0662\u0660\u0662\u0666-01-14T09:12:31Z", "1e3000", "-62135596801",
    0, -1, -0.0, 1e308, 5e-324, 253_402_300_800, -62_135_596_801, 2**31, 2**63, 2**64, -(2**63),
    1_768_382_205.000_3, 10**18, 10**25, 1_768_382_205_000_000_000,
)  # fmt: skip
STRINGS: tuple[str, ...] = (
    "", " ", "\x00", "\x1b[2J\x1b]0;x\x07", "\u202egnp.exe", "\u2066x\u2069", "\ud800",
    "\udfff\ud800", "\ufeff", "\u2028", "\x85", "\r\n", "\t", "=1+1", "@SUM(A1)", "-2+3",
    "+cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "</title><svg onload=alert(1)>", "]]>", "&amp;&#0;&#xFFFFFF;",
    "javascript:alert(1)", "../../etc/passwd", "/etc/passwd", "C:\\x", "${x}", "{{7*7}}", "%s%n",
    "`x`", "$(x)", "; x", "--upload-pack=x", "-x", "~", ".", "..", "a/../b", "//", "%00", "%2e%2e",
    "Z", "UTC", "null", "true", "NaN", "1e999", "9" * 400, "9" * 5000, "\u0663", "\U0001d7d9",
    "e\u0301", "\u0130", "\U000e0001", "\ud83d", "x" * 3000,
    "[" * 300, "(" * 300, "\\" * 99, '"', "'", '"""', "```",
    "refs/heads/x", "0" * 40, "f" * 64, "@x", "*", "**/*", "[a-", "!", "#", "---", "...", "- ", "|",
    ">", "&a *a", "<<: *a", "? x", "!!python/object:x", "From x Thu Jan  1 00:00:00 1970",
    "=?utf-8?q?=00?=", "=?x?b?!!?=", "BEGIN:VEVENT", "END:VCALENDAR", "RRULE:FREQ=SECONDLY",
)  # fmt: skip
NUMBERS: tuple[JsonValue, ...] = (
    0, 1, -1, 1.5, -0.0, 1e308, -1e308, 5e-324, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**400,
    float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
BYTES: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[31m",
    b"\r", b"\n", b"\r\n", b"\n\n", b",", b'"', b"'", b"{", b"}", b"[", b"]", b":", b"\\",
    b"\\u0000", b"\\ud800", b"\x0b\x0c", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae",
    b"NaN", b"-Infinity", b"1e999", b"/*", b"]}'", b")]}'\n", b"\x1f\x8b\x08\x00",
    b"PK\x03\x04", b"# v2 git bundle\n",
)  # fmt: skip
