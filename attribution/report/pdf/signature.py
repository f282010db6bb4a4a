"""A signature on a PDF, by the key of whoever answers for it; the library pyHanko makes it.

Source: ISO 32000-1:2008, 12.8, and ETSI EN 319 142-1 (PAdES baseline B-B). What was signed stays in
the file byte for byte; the signature is added after it.
"""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Signature"


class Seal:
    """A key with its certificate, to sign files with."""

    def __init__(self, key: Path, passphrase: str | None) -> None:
        """Read the key from a PKCS #12 file.

        Raises MissingExtraError without pyHanko, InputError for a file that is no key or that the
        passphrase does not open.
        """
        self._signer = _load(key, passphrase)

    def sign(self, data: bytes) -> bytes:
        """Return the PDF signed, at the time that this machine has."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import PdfSignatureMetadata, sign_pdf
        from pyhanko.sign.fields import SigSeedSubFilter

        out = BytesIO()
        meta = PdfSignatureMetadata(FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        sign_pdf(IncrementalPdfFileWriter(BytesIO(data)), meta, self._signer, output=out)
        return out.getvalue()


def _load(key: Path, passphrase: str | None) -> SimpleSigner:
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ImportError as problem:
        raise MissingExtraError(
            "a signature needs the extra `signature`",
            expected="the library pyHanko",
            remedy="pip install 'incident-attribution[signature]', or leave --sign out",
        ) from problem
    if not key.is_file():
        raise InputError(
            "there is no such key file",
            file=str(key),
            got="no file",
            expected="a PKCS #12 file (.p12 or .pfx) with a private key and its certificate",
        )
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        key, passphrase=(passphrase or "").encode() or None
    )
    if signer is None:
        raise InputError(
            "the key cannot be read",
            file=str(key),
            got="a file that is no PKCS #12 file, or another passphrase",
            expected="a PKCS #12 file (.p12 or .pfx) and its passphrase",
            remedy="set ATTRIBUTION_PASSPHRASE to the passphrase of the key",
        )
    return signer
