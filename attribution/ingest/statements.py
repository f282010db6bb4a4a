"""In-toto statements, taken out of whatever envelope they come in.

A statement says something (the predicate) of a certain type about artifacts (the subjects). Read
are bare statements, DSSE envelopes, Sigstore bundles (also as Go's own JSON encoder writes them),
what the attestation interfaces of GitHub and npm wrap around a bundle, and PyPI's attestation
objects. **No signature is verified**: who signed is what the envelope says of itself.

Sources: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md and envelope.md,
https://github.com/secure-systems-lab/dsse/blob/master/envelope.md,
https://docs.sigstore.dev/about/bundle/, https://peps.python.org/pep-0740/#attestation-objects
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attribution.ingest.certificates import read_names
from attribution.ingest.fields import EMPTY, Table, find, items, table, text
from attribution.ingest.jsontext import JsonError, decode
from attribution.model.record import JsonValue

_WRAPPINGS = ("attestation", "bundle", "dsseEnvelope", "Content", "DsseEnvelope")
"""Keys that hold an envelope, outermost first."""

_PAYLOAD_TYPE = re.compile(
    r"application/vnd\.in-toto(?:\.[\w.-]{1,80})?\+json|application/vnd\.gittuf\+json"
)
_TYPE = re.compile(r"https://in-toto\.io/Statement/v(?:0\.1|1(?:\.\d{1,3})?)")
_FAMILY = "https://in-toto.io/Statement/"
_SPELLINGS = {"_type": ("_type", "type"), "predicateType": ("predicateType", "predicate_type")}
"""How the fields are spelt: by the specification, and by Go programs that encode the protobuf."""

_SHOWN = 80


class StatementError(ValueError):
    """What is no in-toto statement; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An artifact a statement is about: `digests` by algorithm (`gitCommit`, `sha256`, ...)."""

    name: str | None
    uri: str | None
    digests: Mapping[str, str]
    annotations: Table


@dataclass(frozen=True, slots=True)
class Signing:
    """How a statement says it was signed; nothing of it was verified.

    `envelope` is `none`, `dsse`, `bundle` or `pypi`; `key_ids` are those of its `signatures` that
    name a key; `certificate` says that a signing certificate lies beside it, which names
    `holders`; `logged` is the Unix time at which a transparency log claims to have recorded it.
    """

    envelope: str
    payload_type: str | None = None
    signatures: int = 0
    key_ids: tuple[str, ...] = ()
    certificate: bool = False
    holders: tuple[str, ...] = ()
    logged: int | None = None

    @property
    def account(self) -> str:
        """Return in words who signed, and that it was not verified."""
        if not self.signatures:
            return "not signed"
        named = ", ".join(self.key_ids or self.holders)
        nameless = " with a certificate" if self.certificate else " by an unnamed key"
        plural = "" if self.signatures == 1 else "s"
        by = f" by {named}" if named else nameless
        return f"{self.signatures} signature{plural}{by}, not verified"


@dataclass(frozen=True, slots=True)
class Statement:
    """One in-toto statement: what is said, of which type, about what, and how it was signed."""

    predicate_type: str
    subjects: tuple[Subject, ...]
    predicate: Table
    signing: Signing

    def digests(self, algorithm: str) -> tuple[str, ...]:
        """Return the digests of the subjects under one algorithm, each once."""
        found = (subject.digests.get(algorithm) for subject in self.subjects)
        return tuple(dict.fromkeys(digest for digest in found if digest))


def is_attestation(entry: JsonValue) -> bool:
    """Return whether a value looks like a statement, or like an envelope that may hold one."""
    if not isinstance(entry, dict):
        return False
    inner = _unwrap(entry)
    return (
        {"payload", "payloadType"} <= inner.keys()
        or isinstance(find(inner, "envelope", "statement"), str)
        or any(str(inner.get(key)).startswith(_FAMILY) for key in _SPELLINGS["_type"])
    )


def parse_statement(entry: JsonValue) -> Statement:
    """Return the statement a decoded JSON value is, or holds.

    Raises StatementError where there is none, or where it is broken.
    """
    if not isinstance(entry, dict):
        raise StatementError("an in-toto statement or an envelope of one is an object")
    inner = _unwrap(entry)
    if "messageSignature" in inner:
        raise StatementError("the bundle signs a file and holds no statement")
    if "payload" in inner:
        return _parse(open_payload(inner.get("payload")), _read_signing(entry, inner))
    if isinstance(packed := find(inner, "envelope", "statement"), str):
        return _parse(open_payload(packed), _read_pypi(inner))
    return _parse(inner, Signing("none"))


def parse_statements(data: bytes) -> Iterator[tuple[str, Statement | StatementError]]:
    """Yield what stands in a file of one attestation, or of one a line, each with its place.

    A place is `/` for the whole, else `line N`; what is no statement comes as the error.
    """
    try:
        documents: list[tuple[str, JsonValue | JsonError]] = [("/", decode(data))]
    except JsonError as error:
        lines = [
            (f"line {number}", _decode(line))
            for number, line in enumerate(data.split(b"\n"), 1)
            if line.strip()
        ]
        documents = lines if len(lines) > 1 else [("/", error)]
    for place, document in documents:
        if isinstance(document, JsonError):
            yield place, StatementError(f"column {document.column}: {document.reason}")
            continue
        try:
            yield place, parse_statement(document)
        except StatementError as error:
            yield place, error


def _decode(line: bytes) -> JsonValue | JsonError:
    try:
        return decode(line)
    except JsonError as error:
        return error


def _unwrap(entry: Table) -> Table:
    for key in _WRAPPINGS:
        if isinstance(inner := entry.get(key), dict):
            entry = inner
    return entry


def open_payload(packed: JsonValue) -> JsonValue:
    """Return the JSON a payload holds: base64 of either alphabet, padded or not (RFC 4648).

    Raises StatementError where it is neither.
    """
    if not isinstance(packed, str) or not packed:
        raise StatementError("the payload is not base64 text")
    try:
        standard = packed.translate(str.maketrans("-_", "+/")).rstrip("=")
        data = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise StatementError(f"the payload is not base64: {error}") from None
    try:
        return decode(data)
    except JsonError as error:
        raise StatementError(
            f"the payload, line {error.line}, column {error.column}: {error.reason}"
        ) from None


def _field(entry: Table, name: str) -> JsonValue:
    """Return a field under either spelling; StatementError where two of them disagree."""
    found = [entry[key] for key in _SPELLINGS[name] if key in entry]
    if any(value != found[0] for value in found[1:]):
        raise StatementError(f"{' and '.join(_SPELLINGS[name])} disagree")
    return found[0] if found else None


def _parse(value: JsonValue | Table, signing: Signing) -> Statement:
    if not isinstance(value, dict):
        raise StatementError("the payload is not an object")
    kind, predicate_type = _field(value, "_type"), _field(value, "predicateType")
    if not isinstance(kind, str) or not isinstance(predicate_type, str) or not predicate_type:
        raise StatementError("not an in-toto statement: _type or predicateType is missing")
    if not _TYPE.fullmatch(kind):
        raise StatementError(f"not an in-toto statement of a known version: {kind[:_SHOWN]!r}")
    predicate = value.get("predicate")
    if not isinstance(predicate, dict | None):
        raise StatementError("the predicate is not an object")
    listed = value.get("subject")
    if not isinstance(listed, list) or not listed:
        raise StatementError("the statement has no subject")
    subjects = tuple(_read_subject(at, subject) for at, subject in enumerate(listed))
    return Statement(predicate_type, subjects, predicate or EMPTY, signing)


def _read_subject(at: int, value: JsonValue) -> Subject:
    digests = find(value, "digest") if isinstance(value, dict) else None
    if not isinstance(digests, dict) or not digests:
        raise StatementError(f"subject {at} has no digest")
    named = {key: digest for key, digest in digests.items() if isinstance(digest, str)}
    if len(named) < len(digests):
        raise StatementError(f"subject {at} has a digest that is no text")
    entry = table(value)
    name, uri = text(entry.get("name")), text(entry.get("uri"))
    return Subject(name, uri, named, table(entry.get("annotations")))


def _read_signing(outer: Table, envelope: Table) -> Signing:
    payload_type = text(envelope.get("payloadType"))
    if payload_type is None or not _PAYLOAD_TYPE.fullmatch(payload_type):
        raise StatementError(f"the payload type is no in-toto's: {(payload_type or '')[:_SHOWN]!r}")
    signatures = [table(signature) for signature in items(envelope.get("signatures"))]
    # A signature may carry its own material (DSSE's extensions), a bundle has one beside it.
    materials = [_material(outer)]
    materials += [table(find(signature, "extension", "ext")) for signature in signatures]
    times = [
        logged
        for material in materials
        for entry in items(material.get("tlogEntries") or material.get("tlog_entries"))
        if (logged := _epoch(table(entry))) is not None
    ]
    named = (text(signature.get("keyid")) for signature in signatures)
    return Signing(
        envelope="dsse" if outer is envelope else "bundle",
        payload_type=payload_type,
        signatures=len(signatures),
        key_ids=tuple(dict.fromkeys(key for key in named if key)),
        certificate=any(_certificates(material) for material in materials),
        holders=_read_holders(materials),
        logged=min(times, default=None),
    )


def _material(entry: Table) -> Table:
    for key in _WRAPPINGS[:2]:
        entry = table(entry.get(key)) or entry
    return table(entry.get("verificationMaterial") or entry.get("verification_material"))


def _certificates(material: Table) -> list[JsonValue]:
    """Return the signing certificate beside a signature, as it is written, first of its chain."""
    chain = items(find(material, "x509CertificateChain", "certificates"))
    go = find(material, "Content", "Certificate")
    found = [material.get("certificate"), go, *chain[:1]]
    return [certificate for certificate in found if certificate is not None]


def _read_holders(materials: list[Table]) -> tuple[str, ...]:
    names: list[str] = []
    for certificate in (one for material in materials for one in _certificates(material)):
        entry = table(certificate)
        packed = text(certificate) or text(entry.get("rawBytes") or entry.get("raw_bytes"))
        try:
            names += read_names(base64.b64decode(packed or "", validate=True))
        except (binascii.Error, ValueError):
            continue
    return tuple(dict.fromkeys(names))


def _epoch(entry: Table) -> int | None:
    value = text(entry.get("integratedTime") or entry.get("integrated_time"))
    return int(value) if value is not None and re.fullmatch(r"\d{1,12}", value) else None


def _read_pypi(entry: Table) -> Signing:
    material = table(entry.get("verification_material"))
    times = [
        logged
        for log in items(material.get("transparency_entries"))
        if (logged := _epoch(table(log))) is not None
    ]
    return Signing(
        envelope="pypi",
        signatures=1 if text(find(entry, "envelope", "signature")) else 0,
        certificate=bool(_certificates(material)),
        holders=_read_holders([material]),
        logged=min(times, default=None),
    )
