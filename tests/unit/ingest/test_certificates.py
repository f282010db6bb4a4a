"""Names out of certificates. The certificates are built here, in the structure of RFC 5280."""

from __future__ import annotations

import base64
import json
import random

import pytest

from attribution.ingest.certificates import read_names
from attribution.ingest.statements import parse_statement
from attribution.model.record import JsonValue

WORKFLOW = "https://git.example.test/org/app/.github/workflows/build.yml@refs/heads/main"


def value(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def certificate(*names: tuple[int, str]) -> bytes:
    alternatives = value(0x30, *(value(tag, name.encode()) for tag, name in names))
    extensions = value(
        0x30,
        value(0x30, value(0x06, b"\x55\x1d\x0f"), value(0x01, b"\xff"), value(0x04, b"\x03\x02")),
        value(0x30, value(0x06, b"\x55\x1d\x11"), value(0x01, b"\xff"), value(0x04, alternatives)),
    )
    serial, name = value(0x02, b"\x01"), value(0x30)
    signed = value(0x30, value(0xA0, value(0x02, b"\x02")), serial, name, value(0xA3, extensions))
    return value(0x30, signed, value(0x30), value(0x03, b"\x00"))


def test_addresses_and_workflows_are_read_and_other_names_passed_over() -> None:
    made = certificate((0x86, WORKFLOW), (0x81, "coder@example.test"), (0x82, "host.example.test"))
    assert read_names(made) == (WORKFLOW, "coder@example.test")


def test_a_certificate_broken_anywhere_names_nobody_wrongly() -> None:
    """Cut or changed at random, it gives names that stand in it, or none; never an error."""
    whole = certificate((0x86, WORKFLOW))
    for size in range(len(whole)):
        assert read_names(whole[:size]) == ()
    rng = random.Random(1)
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        assert all(name.encode() in damaged for name in read_names(bytes(damaged)))


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"x" * 40]
)
def test_what_is_no_certificate_has_no_names(data: bytes) -> None:
    assert read_names(data) == ()


def test_a_bundle_tells_whom_its_certificate_names() -> None:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {"gitCommit": "1" * 40}}],
        "predicateType": "https://example.test/p/v1",
    }
    packed = base64.b64encode(json.dumps(statement).encode()).decode()
    raw = base64.b64encode(certificate((0x86, WORKFLOW))).decode()
    materials: list[JsonValue] = [
        {"certificate": {"rawBytes": raw}},
        {"x509CertificateChain": {"certificates": [{"rawBytes": raw}, {"rawBytes": "?"}]}},
    ]
    for material in materials:
        signing = parse_statement(
            {
                "verificationMaterial": material,
                "dsseEnvelope": {
                    "payloadType": "application/vnd.in-toto+json",
                    "payload": packed,
                    "signatures": [{"sig": "x"}],
                },
            }
        ).signing
        assert signing.holders == (WORKFLOW,)
        assert signing.account == f"1 signature by {WORKFLOW}, not verified"
