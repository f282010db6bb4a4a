"""What was said: the chat export, and the agent's session as its host kept it."""

from __future__ import annotations

import csv
import json
import tomllib
import uuid
from pathlib import Path
from typing import Any

import clocks
from pretty import pretty

_NAMES = uuid.UUID("6f1d3c52-0000-4000-8000-000000000001")
_CHANNELS = {"cost-view": "C0CSTV", "platform-cleanup": "C0CLEAN"}


def chat_export(source: Path, people: dict[str, Any]) -> dict[str, bytes]:
    """Return the files of the export: channels, users, and one file for each channel and day."""
    with source.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    days: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(f"{row['channel']}/{row['time'][:10]}.json", []).append(
            _message(row, rows, people)
        )
    members = [person["chat"] for person in people.values() if "chat" in person]
    channels = [
        {"id": number, "name": name, "created": 1764547200, "members": members}
        for name, number in _CHANNELS.items()
    ]
    users = [_user(handle, person) for handle, person in people.items() if "chat" in person]
    documents = {"channels.json": channels, "users.json": users, **days}
    return {name: pretty(document) for name, document in documents.items()}


def _user(handle: str, person: dict[str, Any]) -> dict[str, Any]:
    user = {"id": person["chat"], "name": handle, "real_name": person["name"], "tz": person["zone"]}
    user["deleted"] = person.get("left", False)
    user["is_bot"] = "bot" in person
    profile = {"real_name": person["name"], "display_name": handle, "email": person["email"]}
    return user | {"profile": profile | ({"bot_id": person["bot"]} if "bot" in person else {})}


def _message(
    row: dict[str, str], rows: list[dict[str, str]], people: dict[str, Any]
) -> dict[str, Any]:
    person = people[row["who"]]
    message: dict[str, Any] = {"type": "message"}
    if row["text"] == "JOIN":
        text = f"<@{person['chat']}> has joined the channel"
        message |= {"subtype": "channel_join", "user": person["chat"], "text": text}
        return message | {"ts": clocks.epoch(row["time"])}
    if "bot" in person:
        message |= {"subtype": "bot_message", "bot_id": person["bot"], "username": row["who"]}
    else:
        message["user"] = person["chat"]
    message |= {"text": row["text"], "ts": clocks.epoch(row["time"])}
    replies = [other for other in rows if other["thread"] == row["time"]]
    if row["thread"] or replies:
        message["thread_ts"] = clocks.epoch(row["thread"] or row["time"])
    if replies:
        message["reply_count"] = len(replies)
        message["replies"] = [
            {"user": people[reply["who"]]["chat"], "ts": clocks.epoch(reply["time"])}
            for reply in replies
        ]
    if row["edited"]:
        message["edited"] = {"user": person["chat"], "ts": clocks.epoch(row["edited"])}
    return message


def session_transcript(source: Path) -> bytes:
    """Return the session as JSON lines by the host's fast clock; the last line is cut off."""
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    first = {"type": "summary", "summary": "Exchange rate on the export page", "leafUuid": _uuid(0)}
    lines = [json.dumps(first)]
    for number, entry in enumerate(told["entries"], start=1):
        lines.append(json.dumps(_line(told, entry, number), ensure_ascii=False))
    cut = lines[-1][: len(lines[-1]) // 2].replace(_uuid(len(told["entries"])), _uuid(99))
    return ("\n".join([*lines, cut]) + "\n").encode()


def _uuid(number: int) -> str:
    return str(uuid.uuid5(_NAMES, str(number)))


def _line(told: dict[str, Any], entry: dict[str, Any], number: int) -> dict[str, Any]:
    from_agent = entry["kind"] in {"text", "call"}
    line: dict[str, Any] = {
        "parentUuid": _uuid(number - 1) if number > 1 else None,
        "isSidechain": False,
        "userType": "external",
        "cwd": told["cwd"],
        "sessionId": told["session"],
        "agentName": told["agent"],
        "version": told["version"],
        "gitBranch": "mender/export-rate",
        "type": "assistant" if from_agent else "user",
        "message": _content(told, entry),
        "uuid": _uuid(number),
        "timestamp": clocks.zulu_milliseconds(entry["time"], told["clock_ahead_seconds"]),
    }
    return line if from_agent else line | {"permissionMode": "bypassPermissions"}


def _content(told: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    if entry["kind"] in {"prompt", "reply"}:
        return {"role": "user", "content": entry["text"]}
    if entry["kind"] == "result":
        result = {
            "type": "tool_result",
            "tool_use_id": "toolu_" + entry["call"],
            "content": entry["text"],
            "is_error": entry.get("error", False),
        }
        return {"role": "user", "content": [result]}
    if entry["kind"] == "call":
        part = {
            "type": "tool_use",
            "id": "toolu_" + entry["call"],
            "name": entry["tool"],
            "input": entry["input"],
        }
    else:
        part = {"type": "text", "text": entry["text"]}
    return {"role": "assistant", "model": told["model"], "content": [part]}
