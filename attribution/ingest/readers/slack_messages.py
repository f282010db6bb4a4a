"""Slack messages as the API lists them (`conversations.history`, `.replies`), or a day file alone.

Such a list does not name its channel; a message found by a search does. Without the channel the id
of a message joins it to other such lists only, and without users.json a bot is known by its id.
"""

from __future__ import annotations

import re

from attribution.ingest.fields import Table, find, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.pages import first_entries, walk_pages
from attribution.ingest.readers.slack import Directory, add_message
from attribution.ingest.source import Source

_STAMP = re.compile(r"\d{10}\.\d{6}")
_UNNAMED = "unnamed channel"


def _read(source: Source, intake: Intake) -> None:
    directory = Directory()
    for place, message in walk_pages(source, intake, "messages", more=("has_more",)):
        if "ts" not in message:
            intake.reject(place, "no ts: this is not a message")
            continue
        number, name = text(find(message, "channel", "id")), text(find(message, "channel", "name"))
        channel = name or number or text(message.get("channel")) or _UNNAMED
        if number:
            directory.channel_ids[channel] = number
        add_message(intake, place, message, channel, directory)


def _is_message(entry: Table) -> bool:
    stamp = entry.get("ts")
    typed = entry.get("type") == "message" or {"user", "text"} <= entry.keys()
    return typed and isinstance(stamp, str) and _STAMP.fullmatch(stamp) is not None


def _sniff(source: Source) -> float:
    return 0.95 if any(map(_is_message, first_entries(source, "messages"))) else 0.0


FORMAT = Format(
    id="slack-messages",
    title="Slack messages (API listing, or one day file)",
    told_by="objects of type message with ts as seconds and six digits, in an array messages",
    source="https://docs.slack.dev/reference/methods/conversations.history",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
