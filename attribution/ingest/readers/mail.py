"""Mails: mbox files (RFC 4155, quoted as mboxo or mboxrd do) and single messages (RFC 5322).

`Date` is when the sender's program says it was sent; the topmost `Received` is when the receiving
server took it, by a clock that is not the sender's. Who a mail is from is what it says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from attribution.ingest.container import MemberError
from attribution.ingest.fields import stated
from attribution.ingest.format import Format
from attribution.ingest.headers import addresses, decode_words, has_zone, header, read_date
from attribution.ingest.intake import Intake
from attribution.ingest.mailbody import StructureError, message_of, read_body
from attribution.ingest.mentions import find_mentions
from attribution.ingest.source import MAX_LINE, Source
from attribution.ingest.times import Moment, TimeRefusedError
from attribution.model.instant import format_instant
from attribution.model.record import JsonValue

MAX_MESSAGE = 64 << 20
_MAX_TEXT = 100_000
_MOST_IDS = 100

# RFC 4155: "From ", an address, and the time as asctime writes it, zone or not.
_FROM_LINE = re.compile(rb"From \S{1,300} .{0,20}\d\d:\d\d.{0,40}\d{4}")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_FIELD = re.compile(rb"([!-9;-~]{1,60}):[ \t]?\S")
_TELLING = frozenset(
    {b"from", b"to", b"date", b"subject", b"message-id", b"received", b"mime-version"}
)
_ENOUGH = 3
_ID = re.compile(r"<[^<>\s]{1,250}>")
_HEAD = 16 << 10
_HEADER_LINES = 200
_MEMBERS = 3  # looked at to tell the format; each is read whole
_FROM = b"From "
_CONTAINERS = frozenset({"folder", "archive"})


def _read(source: Source, intake: Intake) -> None:
    if source.kind in _CONTAINERS:
        _read_members(source, intake)
        return
    in_mbox = _FROM_LINE.match(source.head.lstrip()) is not None
    for place, content in _split(source, in_mbox=in_mbox):
        if content is None:
            intake.reject(place, _too_large())
        else:
            _add(intake, place, _QUOTED_FROM.sub(rb"\1", content) if in_mbox else content)


def _read_members(source: Source, intake: Intake) -> None:
    for name, reason in source.container.refused:
        intake.reject(name, reason)
    for name in source.container.members:
        try:
            content = source.container.read(name)
        except MemberError as error:
            intake.reject(name, str(error))
            continue
        if len(content) > MAX_MESSAGE:
            intake.reject(name, _too_large())
        elif _telling(content[:_HEAD].splitlines()) < _ENOUGH:
            intake.reject(name, "not a mail: it does not begin with header fields")
        else:
            _add(intake, name, content)


def _too_large() -> str:
    return f"the mail is larger than {MAX_MESSAGE >> 20} MiB, or has a line of {MAX_LINE >> 20}"


class _Pile:
    """The lines of one message; too many of them are counted and let go."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines: list[bytes] = []
        self.size = 0

    def add(self, line: bytes | None) -> None:
        self.size += MAX_MESSAGE + 1 if line is None else len(line)
        if line is None or self.size > MAX_MESSAGE:
            self.lines.clear()
        else:
            self.lines.append(line)

    def message(self, last: int) -> tuple[str, bytes | None]:
        whole = b"".join(self.lines) if self.size <= MAX_MESSAGE else None
        return f"lines {self.first}-{last}", whole


def _split(source: Source, *, in_mbox: bool) -> Iterator[tuple[str, bytes | None]]:
    """Yield each message with the numbers of its lines; None in place of one too large."""
    pile = _Pile(1)
    blank, number = True, 0
    for number, line in source.lines():
        if in_mbox and blank and line is not None and _FROM_LINE.match(line):
            if pile.size:
                yield pile.message(number - 1)
            pile = _Pile(number)
        elif pile.size or (line and line.strip()):
            pile.add(line)
        blank = line is not None and not line.strip()
    if pile.size:
        yield pile.message(number)


def _add(intake: Intake, place: str, content: bytes) -> None:
    try:
        message = message_of(content)
        body, attached = read_body(message)
    except StructureError as error:
        intake.reject(place, str(error))
        return
    try:
        sent = read_date(header(message, "Date"), intake, place)
    except TimeRefusedError as error:
        intake.reject(place, str(error))
        return
    hops = [moment for value in _received(message) if (moment := _hop(value, intake, place))]
    senders = addresses(message, "From") or addresses(message, "Sender")
    name, sender = senders[0] if senders else ("", "")
    subject = decode_words(header(message, "Subject"))
    shown = body if len(body) <= _MAX_TEXT else f"{body[:_MAX_TEXT]} [{len(body)} characters]"
    number = next(iter(_ID.findall(header(message, "Message-ID"))), None)
    answered = _ID.findall(header(message, "In-Reply-To"))
    intake.add(
        place,
        "mail.message",
        time=sent,
        written=hops[0] if hops else None,
        text="\n".join(part for part in (subject, shown) if part),
        actor=sender or None,
        subject=subject or None,
        native_id=number,
        data=stated(
            to=_listed(message, "To"),
            cc=_listed(message, "Cc"),
            subject=subject or None,
            message_id=number,
            in_reply_to=answered[0] if answered else None,
            references=list(_ID.findall(header(message, "References"))[-_MOST_IDS:]) or None,
            attachments=attached or None,
            refers_to=find_mentions(body),
            by=name or None,
            first_hop=format_instant(hops[-1].time) if len(hops) > 1 else None,
        ),
    )


def _listed(message: Message, name: str) -> JsonValue:
    return list(dict.fromkeys(address for _, address in addresses(message, name))) or None


def _received(message: Message) -> list[str]:
    """Return the dates of the Received fields, from the last server back to the first."""
    fields = [str(value) for value in message.get_all("Received", [])]
    dates = (" ".join(value.rpartition(";")[2].split()) for value in fields[:_MOST_IDS])
    return [date for date in dates if date]


def _hop(date: str, intake: Intake, place: str) -> Moment | None:
    """Return when a server took the mail; None where its stamp cannot be read for certain."""
    try:
        return read_date(date, intake, place) if has_zone(date) else None
    except TimeRefusedError:
        return None


def _telling(lines: list[bytes]) -> int:
    """Return how many header fields of mails stand before the first blank line."""
    found = set()
    for line in lines[:_HEADER_LINES]:
        if not line.strip():
            break
        if match := _FIELD.match(line):
            found.add(match[1].lower())
        elif not line.startswith((b" ", b"\t", _FROM)):
            return 0
    return len(found & _TELLING)


def _sniff(source: Source) -> float:
    if source.kind in _CONTAINERS:
        return _sniff_members(source)
    head = source.head.lstrip()
    told = _telling(head.splitlines())
    if _FROM_LINE.match(head) and told > 1:
        return 1.0
    return 0.95 if told >= _ENOUGH else 0.0


def _sniff_members(source: Source) -> float:
    """Return 0.9 times the share of mails among the first members."""
    names = list(source.container.members)[:_MEMBERS]
    mails = 0
    for name in names:
        try:
            mails += _telling(source.container.read(name)[:_HEAD].splitlines()) >= _ENOUGH
        except MemberError:
            continue
    return 0.9 * mails / len(names) if names else 0.0


FORMAT = Format(
    id="mail",
    title="mails: mbox, a single message (.eml), or a folder or zip of messages",
    told_by="lines From ADDRESS TIME, or header fields such as Date, From and Message-ID",
    source="https://www.rfc-editor.org/rfc/rfc5322 and https://www.rfc-editor.org/rfc/rfc4155",
    kinds=frozenset({"text", "folder", "archive"}),
    sniff=_sniff,
    read=_read,
)
