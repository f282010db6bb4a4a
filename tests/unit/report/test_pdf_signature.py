"""A PDF signed with a key: checked by the library's own validation, and refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from attribution.errors import InputError
from attribution.report.blocks import Document, Paragraph, text
from attribution.report.formats import render
from attribution.report.pdf.signature import Seal
from tests.unit.report.test_commands import SAMPLE, run

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import PdfSignatureStatus

SMALL = Document("c", "legal", "Small", "Signed", (), "foot", (Paragraph(text("One line.")),))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key of an invented counsel, with the passphrase `secret`."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Counsel (invented)")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(name, name, private.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("keys") / "counsel.p12"
    sealed = BestAvailableEncryption(b"secret")
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"counsel", private, certificate, None, sealed)
    )
    return path


def check(data: bytes) -> PdfSignatureStatus:
    signature = PdfFileReader(BytesIO(data)).embedded_signatures[0]
    trusted = ValidationContext(trust_roots=[signature.signer_cert])
    return validate_pdf_signature(signature, trusted)


def test_a_signed_pdf_begins_with_what_was_signed_and_any_change_shows(key: Path) -> None:
    data = render(SMALL, "pdf")
    signed = Seal(key, "secret").sign(data)
    assert signed.startswith(data)
    status = check(signed)
    assert status.bottom_line
    assert status.signing_cert.subject.human_friendly == "Common Name: Counsel (invented)"
    middle = len(data) // 2
    changed = signed[:middle] + bytes([signed[middle] ^ 1]) + signed[middle + 1 :]
    assert not check(changed).bottom_line


@pytest.mark.parametrize("passphrase", ["wrong", None])
def test_a_key_that_cannot_be_opened_is_said(key: Path, passphrase: str | None) -> None:
    with pytest.raises(InputError, match="another passphrase"):
        Seal(key, passphrase)


def test_what_cannot_be_signed_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    """With status 2, and no document is written."""
    nothing, out = str(tmp_path / "none.p12"), tmp_path / "out"
    for formats, told in (("pdf", "there is no such key file"), ("md", "only a PDF can be signed")):
        status, _, error = run(
            "report", str(SAMPLE), "--out", str(out), "--format", formats, "--sign", nothing
        )
        assert status == 2
        assert told in error
        assert not out.exists()
