"""Whom an X.509 certificate names: the addresses of its subject, read without trusting it.

A signing certificate of Sigstore names its holder there: an e-mail address, or the workflow that
ran. Nothing is checked: neither the signature on the certificate nor who issued it.

Source: RFC 5280, sections 4.1 and 4.2.1.6; X.690, section 8.1 (DER)
"""

from __future__ import annotations

from collections.abc import Iterator

_SEQUENCE, _OID, _OCTETS = 0x30, 0x06, 0x04
_EXTENSIONS = 0xA3
_SUBJECT_ALTERNATIVES = b"\x55\x1d\x11"
_MAIL, _ADDRESS = 0x81, 0x86
_LONG = 0x80
_MOST_LENGTH_BYTES = 4


def read_names(certificate: bytes) -> tuple[str, ...]:
    """Return the e-mail addresses and URIs a DER certificate gives its subject, none if broken."""
    try:
        return tuple(_names(certificate))
    except (ValueError, IndexError):
        return ()


def _names(certificate: bytes) -> Iterator[str]:
    # The first part of a certificate is what was signed.
    for tag, wrapped in _parts(_only(_only(certificate, _SEQUENCE), _SEQUENCE)):
        if tag != _EXTENSIONS:
            continue
        for _, extension in _parts(_only(wrapped, _SEQUENCE)):
            parts = dict(_parts(extension))
            if parts.get(_OID) == _SUBJECT_ALTERNATIVES:
                for kind, name in _parts(_only(parts.get(_OCTETS, b""), _SEQUENCE)):
                    if kind in {_MAIL, _ADDRESS}:
                        yield name.decode("ascii")


def _only(data: bytes, wanted: int) -> bytes:
    tag, value = next(_parts(data), (None, b""))
    if tag != wanted:
        raise ValueError("not the structure of a certificate")
    return value


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each value, ValueError where one is longer than what holds it."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length >= _LONG:
            count = length - _LONG
            if not 0 < count <= _MOST_LENGTH_BYTES:
                raise ValueError("a length that DER does not allow")
            length = int.from_bytes(data[at : at + count])
            at += count
        if at + length > len(data):
            raise ValueError("a value longer than what holds it")
        yield tag, data[at : at + length]
        at += length
