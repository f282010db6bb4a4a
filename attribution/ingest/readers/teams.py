"""Microsoft Teams messages as Microsoft Graph exports them (`chatMessage`), of chats and channels.

A message says when it was made, last edited and deleted. Members joining and leaving come as
messages with `eventDetail`. eDiscovery gives the same messages as mails (.eml), which the mail
reader reads.
"""

from __future__ import annotations

from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.markup import plain_text
from attribution.ingest.mentions import find_mentions
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_MEMBERSHIP = ("membersAdded", "membersDeleted", "membersJoined", "membersLeft")
_SENDERS = ("user", "application", "device")


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_pages(source, intake, "value", more=("@odata.nextLink",)):
        if _is_message(entry):
            _add(intake, place, entry)
        else:
            intake.reject(place, "no messageType or createdDateTime: this is not a message")


def _add(intake: Intake, place: str, message: Table) -> None:
    channel = _channel(message)
    event = (text(find(message, "eventDetail", "@odata.type")) or "").rpartition(".")[2]
    membership = event.startswith(_MEMBERSHIP)
    wording = _wording(message, event)
    kind, sender = _sender(message.get("from"))
    number = text(message.get("id"))
    data = stated(
        channel=channel,
        channel_id=text(find(message, "channelIdentity", "channelId"))
        or text(message.get("chatId")),
        thread=text(message.get("replyToId")),
        edited=intake.timestamp(message.get("lastEditedDateTime"), place),
        deleted=intake.timestamp(message.get("deletedDateTime"), place),
        user=text(sender.get("id")) if kind == "user" else None,
        bot=True if kind == "application" else None,
        mentions=_mentions(message),
        reactions=_reactions(message),
        refers_to=find_mentions(wording),
        by=text(sender.get("displayName")),
    )
    intake.add(
        place,
        "chat.membership" if membership else "chat.message",
        time=message.get("createdDateTime"),
        text=wording,
        actor=text(sender.get("id")),
        subject=channel,
        native_id=f"{channel}/{number}" if number else None,
        data={"channel": channel} if membership else data,
    )


def _channel(message: Table) -> str:
    """Return the channel's or the chat's id; names stand nowhere in a message."""
    channel = text(find(message, "channelIdentity", "channelId"))
    return channel or text(message.get("chatId")) or "unnamed chat"


def _sender(sender: JsonValue) -> tuple[str, Table]:
    """Return what sent a message (user, application or device) and its identity."""
    known = table(sender)
    return next(
        ((kind, table(known[kind])) for kind in _SENDERS if isinstance(known.get(kind), dict)),
        ("", table(None)),
    )


def _wording(message: Table, event: str) -> str:
    """Return the words of a message: its subject, its body, the names of what is attached."""
    body = text(find(message, "body", "content")) or ""
    markup = text(find(message, "body", "contentType")) == "html" or event
    attached = [
        f"[attached: {name}]"
        for item in items(message.get("attachments"))
        if (name := text(find(item, "name")))
    ]
    unsaid = f"[{event}]" if event else "[deleted]" if message.get("deletedDateTime") else ""
    said = (plain_text(body) if markup else body) or unsaid
    parts = (text(message.get("subject")), said, *attached)
    return "\n".join(part for part in parts if part)


def _mentions(message: Table) -> JsonValue:
    found = [text(find(item, "mentionText")) for item in items(message.get("mentions"))]
    return [name for name in found if name] or None


def _reactions(message: Table) -> JsonValue:
    found: dict[str, list[JsonValue]] = {}
    for item in items(message.get("reactions")):
        name = text(find(item, "displayName")) or text(find(item, "reactionType"))
        who = text(find(find(find(item, "user"), "user"), "id"))
        if name and who:
            found.setdefault(name, []).append(who)
    return dict[str, JsonValue](found) or None


def _is_message(entry: Table) -> bool:
    return {"messageType", "createdDateTime"} <= entry.keys()


def _sniff(source: Source) -> float:
    entries = [entry for entry in first_entries(source, "value") if _is_message(entry)]
    where = {"chatId", "channelIdentity", "eventDetail", "replyToId"}
    return max((1.0 if where & entry.keys() else 0.6 for entry in entries), default=0.0)


FORMAT = Format(
    id="teams",
    title="Microsoft Teams messages (Microsoft Graph)",
    told_by="objects with messageType and createdDateTime, in an array value",
    source="https://learn.microsoft.com/graph/api/resources/chatmessage and"
    " https://learn.microsoft.com/microsoftteams/export-teams-content",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
