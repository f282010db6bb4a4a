"""The words and the attachments of a mail (RFC 2045); attachments are named, never opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from attribution.ingest.headers import decode_bytes, decode_words
from attribution.ingest.markup import plain_text
from attribution.model.record import JsonValue

MAX_PARTS = 1000
MAX_FIELD = 8000
MAX_NESTS = 300
MAX_SEPARATORS = 20_000

# The parser takes time with the square of these fields' length, and of how deep parts are nested.
_STRUCTURAL = re.compile(rb"(?im)^content-(?:type|disposition|transfer-encoding):")
_NEST = re.compile(rb"(?im)^content-type:[ \t]*multipart/")
_FIELD_END = re.compile(rb"\n(?![ \t])")

_TEXTS = frozenset({"text/plain", "text/html"})
# What the standard library's mail parser has been seen to raise on parameters and encodings that
# nobody's program writes.
_PARSER_ERRORS = (LookupError, ValueError, TypeError, AttributeError, AssertionError)


class StructureError(ValueError):
    """A mail whose parts cannot be told apart; the message says why."""


def message_of(content: bytes) -> Message:
    """Return the parsed mail; StructureError for one whose structure is hostile or broken."""
    from email.parser import BytesParser
    from email.policy import compat32

    for field in _STRUCTURAL.finditer(content):
        end = _FIELD_END.search(content, field.end())
        if (end.start() if end else len(content)) - field.start() > MAX_FIELD:
            name = field[0].decode().rstrip(":")
            raise StructureError(f"a header field {name} is longer than {MAX_FIELD} bytes")
    nests = sum(1 for _ in _NEST.finditer(content))
    if nests > MAX_NESTS:
        raise StructureError(f"the mail has more than {MAX_NESTS} parts made of parts")
    if nests and content.count(b"\n--") > MAX_SEPARATORS:
        raise StructureError(f"the mail has more than {MAX_SEPARATORS} lines that may part it")
    try:
        return BytesParser(policy=compat32).parsebytes(content)
    except RecursionError:
        raise StructureError("the parts of the mail are nested too deep") from None
    except _PARSER_ERRORS as error:
        raise StructureError(f"the mail cannot be parsed: {error}") from None


def read_body(message: Message) -> tuple[str, list[JsonValue]]:
    """Return the words of a mail, and name, type and size in bytes of all that is attached to it.

    The words are those of the first plain text that is not attached, else of the first HTML.
    Raises StructureError beyond 1,000 parts.
    """
    plain, markup = "", ""
    attached: list[JsonValue] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if part.is_multipart() and not kind.startswith("message/"):
            continue
        name = _file_name(part)
        if kind in _TEXTS and not name and part.get_content_disposition() != "attachment":
            said = "" if plain else decode_bytes(_payload(part), _charset(part)).strip()
            if kind == "text/plain":
                plain = plain or said.replace("\r\n", "\n")
            else:
                markup = markup or said
            continue
        size = None if part.is_multipart() else len(_payload(part))
        attached.append({"name": name, "type": kind, "bytes": size})
    return plain or plain_text(markup), attached


def _parts(message: Message) -> Iterator[Message]:
    """Yield the mail and its parts, each before its own; not those of a mail inside the mail.

    Raises StructureError beyond 1,000 parts.
    """
    ahead = [message]
    count = 0
    while ahead:
        part = ahead.pop()
        count += 1
        if count > MAX_PARTS:
            raise StructureError(f"the mail has more than {MAX_PARTS} parts")
        yield part
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            ahead += [item for item in reversed(inside) if isinstance(item, Message)]


def _payload(part: Message) -> bytes:
    """Return the bytes of a part out of base64 or quoted-printable; broken ones as they stand."""
    try:
        content = part.get_payload(decode=True)
    except _PARSER_ERRORS:
        content = None
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except _PARSER_ERRORS:
        return None


def _file_name(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except _PARSER_ERRORS:
        return None
    return decode_words(str(name))[:300] if name else None
