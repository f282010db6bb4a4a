"""A Slack export, as a folder or the zip it comes in: one folder a channel, one file a day.

The whole seconds of `ts` are the time; its fraction is part of the message's id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.container import MemberError
from attribution.ingest.documents import name_type
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.mentions import find_mentions
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_DAY = re.compile(r"(?:.*/)?([^/]+)/(\d{4}-\d\d-\d\d)\.json")
_USERS = re.compile(r"(?:[^/]+/)?(?:org_)?users\.json")
_CHANNELS = re.compile(r"(?:[^/]+/)?(?:channels|groups|dms|mpims)\.json")
_OTHER_LISTS = re.compile(
    r"(?:[^/]+/)?(?:integration_logs|canvases|lists|file_conversations)\.json"
)
_BLOCK_DEPTH = 5
_MEMBERSHIP = frozenset({"channel_join", "channel_leave", "group_join", "group_leave"})
_MENTION = re.compile(r"<[@!](?:subteam\^)?([A-Za-z0-9]+)(?:[|^][^>]*)?>")


@dataclass
class Directory:
    """Who and what the ids of the export stand for."""

    names: dict[str, str] = field(default_factory=dict)
    user_of_bot: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    channel_ids: dict[str, str] = field(default_factory=dict)


def _read(source: Source, intake: Intake) -> None:
    container = source.container
    days = [name for name in container.members if _DAY.fullmatch(name)]
    if not days:
        raise InputError(
            "this is not a Slack export: it has no day files",
            file=source.file,
            got=", ".join(list(container.members)[:5]) or "no files",
            expected="CHANNEL/YYYY-MM-DD.json beside users.json and channels.json",
            remedy="name the folder (or the zip) that holds the channels' folders",
        )
    for name, reason in container.refused:
        intake.reject(name, reason)
    directory = Directory()
    for name in container.members:
        if _USERS.fullmatch(name):
            _read_users(intake, name, _load(source, intake, name), directory)
        elif _CHANNELS.fullmatch(name):
            _read_channels(_load(source, intake, name), directory)
        elif not _DAY.fullmatch(name) and not _OTHER_LISTS.fullmatch(name):
            intake.reject(name, "not a file of a Slack export")
    for name in days:
        _read_day(intake, name, _load(source, intake, name), directory)


def _load(source: Source, intake: Intake, name: str) -> list[JsonValue]:
    """Return the array a member holds; a member that holds none is rejected as a whole."""
    try:
        value = decode(source.container.read(name))
    except MemberError as error:
        intake.reject(name, str(error))
    except JsonError as error:
        intake.reject(name, f"line {error.line}, column {error.column}: {error.reason}")
    else:
        if isinstance(value, list):
            return value
        intake.reject(name, f"an array was expected, got {name_type(value)}")
    return []


def _read_users(intake: Intake, name: str, users: list[JsonValue], directory: Directory) -> None:
    for index, entry in enumerate(users):
        user = table(entry)
        number, login = text(user.get("id")), text(user.get("name"))
        if number is None:
            continue
        profile = table(user.get("profile"))
        bot = flag(user.get("is_bot"))
        kind = None if bot is None else "service_account" if bot else "person"
        own = (number, login, text(profile.get("email")))
        intake.alias(own, f"{name}!/{index}", kind, "profile")
        directory.names[number] = login or number
        if bot_id := text(profile.get("bot_id")):
            directory.user_of_bot[bot_id] = number
        if not bot:
            directory.people.update(alias for alias in own if alias)


def _read_channels(channels: list[JsonValue], directory: Directory) -> None:
    for entry in channels:
        number = text(table(entry).get("id"))
        if number is not None:
            directory.channel_ids[text(table(entry).get("name")) or number] = number


def _read_day(intake: Intake, name: str, messages: list[JsonValue], directory: Directory) -> None:
    match = _DAY.fullmatch(name)
    channel = match[1] if match else name
    for index, message in enumerate(messages):
        place = f"{name}!/{index}"
        if isinstance(message, dict):
            add_message(intake, place, message, channel, directory)
        else:
            intake.reject(place, f"an object was expected, got {name_type(message)}")


def add_message(
    intake: Intake, place: str, message: Table, channel: str, directory: Directory
) -> None:
    """Give the intake one message as it was left; who joined and left is noise."""
    subtype = text(message.get("subtype"))
    if subtype == "message_changed":
        message = table(message.get("message"))
    stamp = text(message.get("ts"))
    channel_id = directory.channel_ids.get(channel)
    wording = _wording(message)
    edited = table(message.get("edited"))
    membership = subtype in _MEMBERSHIP
    data = stated(
        channel=channel,
        channel_id=channel_id,
        thread=text(message.get("thread_ts")),
        edited=intake.timestamp(_seconds(text(edited.get("ts"))), place),
        edited_by=text(edited.get("user")),
        user=text(message.get("user")),
        bot=True if message.get("bot_id") or subtype == "bot_message" else None,
        mentions=[directory.names.get(name, name) for name in _MENTION.findall(wording)] or None,
        reactions=_reactions(message),
        by=text(find(message, "user_profile", "real_name"))
        or text(find(message, "bot_profile", "name"))
        or text(message.get("username")),
        refers_to=find_mentions(wording),
    )
    intake.add(
        place,
        "chat.membership" if membership else "chat.message",
        time=_seconds(stamp),
        text=wording,
        actor=_actor(message, directory),
        subject=channel,
        native_id=None if stamp is None else f"{channel_id or channel}/{stamp}",
        data={"channel": channel} if membership else data,
    )


def _seconds(stamp: str | None) -> JsonValue:
    """Return the whole seconds of a `ts` as an epoch; a text that is none as it stands."""
    whole = (stamp or "").partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 12 else stamp  # noqa: PLR2004 - seconds


def _actor(message: Table, directory: Directory) -> str | None:
    """Return the id of who wrote it; for a bot the user it is, else the name it goes by.

    A bot may call itself anything: one that takes a person's name, or may take one because nothing
    says who the people are, is known by its bot id alone.
    """
    bot, name = text(message.get("bot_id")), text(message.get("username"))
    if name in directory.people or (bot and not directory.people):
        name = None
    return text(message.get("user")) or directory.user_of_bot.get(bot or "") or name or bot


def _wording(message: Table) -> str:
    """Return the text; without one that of its attachments, else of its blocks; and its files."""
    said = text(message.get("text"))
    attached = [
        next((part for key in ("title", "text", "fallback") if (part := text(item.get(key)))), "")
        for item in map(table, items(message.get("attachments")))
    ]
    words = [said] if said else [part for part in attached if part] or _words(message.get("blocks"))
    files = [
        f"[attached: {name}]"
        for item in items(message.get("files"))
        if (name := text(find(item, "name")) or text(find(item, "title")))
    ]
    return "\n".join([*words, *files])


def _words(blocks: JsonValue) -> list[str]:
    """Return the texts inside blocks, in their order; only so deep as Slack nests them."""
    level: list[JsonValue] = items(blocks)
    for _ in range(_BLOCK_DEPTH):
        level = [part for entry in level for part in _parts(entry)]
    return [entry for entry in level if isinstance(entry, str) and entry]


def _parts(entry: JsonValue) -> list[JsonValue]:
    """Return what stands inside a block: its parts, or its text; a text itself."""
    if not isinstance(entry, dict):
        return [entry]
    inside = [part for key in ("elements", "fields") for part in items(entry.get(key))]
    told = entry.get("text") or entry.get("url")
    return [told, *inside] if isinstance(told, str | dict) else inside


def _reactions(message: Table) -> JsonValue:
    found = {
        name: [user for user in items(table(item).get("users")) if isinstance(user, str)]
        for item in items(message.get("reactions"))
        if (name := text(find(item, "name")))
    }
    return (
        dict[str, JsonValue]({name: list[JsonValue](users) for name, users in found.items()})
        or None
    )


def _sniff(source: Source) -> float:
    names = source.container.members
    if not any(_DAY.fullmatch(name) for name in names):
        return 0.0
    listed = any(_USERS.fullmatch(name) or _CHANNELS.fullmatch(name) for name in names)
    return 1.0 if listed else 0.7


FORMAT = Format(
    id="slack",
    title="Slack export",
    told_by="a folder or zip with CHANNEL/YYYY-MM-DD.json files",
    source="https://slack.com/help/articles/220556107 (How to read Slack data exports)",
    kinds=frozenset({"folder", "archive"}),
    sniff=_sniff,
    read=_read,
)
