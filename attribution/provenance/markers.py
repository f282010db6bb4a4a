"""Marks of AI agents on commits and pull requests, by the table `agents.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attribution.model.commit import AgentMark
from attribution.model.record import JsonValue
from attribution.provenance.messages import find_led_by_co_author, find_squashed
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("agents.yaml")

PLACES = (
    "author_name",
    "author_email",
    "co_author_email",
    "trailer",
    "message_line",
    "message_body",
    "pull_request_author",
    "pull_request_head",
)
"""Where a mark can stand."""

LONGEST = 1000
"""A trailer's value is read up to here: no mark is longer, and patterns are matched in time."""

_SHOWN = 100
CO_AUTHOR_KEYS = ("co-authored-by", "co-developed-by")
_ADDRESS = re.compile(r"(?P<name>[^<]*)<(?P<email>[^<>]*)>\s*")
_MODEL = re.compile(r"(?:claude|gpt|gemini|o\d)[\s-].*", re.IGNORECASE)
_AIDER_MODEL = re.compile(r"aider \((?P<model>[^()]+)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """One row of the table; `tool` is None where the mark itself names it."""

    tool: str | None
    on: str
    pattern: re.Pattern[str]
    grade: str
    weak: bool
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark found, and whether it says anything when it stands alone."""

    agent: AgentMark
    weak: bool


@cache
def load_table() -> dict[str, Any]:
    """Return the document of `agents.yaml`."""
    document: dict[str, Any] = read_table(TABLE)
    return document


@cache
def load_markers() -> tuple[Marker, ...]:
    """Return the rows of `agents.yaml` in their order."""
    document = load_table()
    return tuple(
        Marker(
            row["tool"],
            row["on"],
            re.compile(row["pattern"], re.IGNORECASE),
            row["grade"],
            row.get("weak", False),
            document["sources"][row["source"]],
        )
        for row in document["marks"]
    )


@cache
def _rows(place: str) -> tuple[Marker, ...]:
    return tuple(row for row in load_markers() if row.on == place)


def find_commit_marks(data: Mapping[str, JsonValue], reference: str) -> tuple[Mark, ...]:
    """Return the marks on a commit's author, message and trailers; `data` is of kind `commit`.

    A committer is no mark, and neither is a person's name. `body` in the data is the message below
    its first line; the trailers of squashed commits stand in the midst of it. `reference` is where
    the commit stands.
    """
    marks = [
        *_match("author_name", _text(data, "author_name"), f"{reference}, author"),
        *_match("author_email", _text(data, "author_email"), f"{reference}, author"),
    ]
    body = _text(data, "body")
    for key, value in (*trailers_of(data), *find_led_by_co_author(body)):
        marks += _match_trailer(key, value, f"{reference}, trailer {key}: {value}")
    subject = _text(data, "subject")
    marks += _match_lines(f"{subject}\n{body}", reference)
    marks += _match("message_body", body.strip()[:LONGEST], f"{reference}, the message's body")
    for squashed in find_squashed(subject, body):
        for key, value in squashed.trailers:
            place = f"{reference}, squashed “{squashed.title}”, trailer {key}: {value}"
            marks += _match_trailer(key, value, place)
    return _distinct(marks)


def find_request_marks(
    author: str | None, head_ref: str | None, reference: str, body: str = ""
) -> tuple[Mark, ...]:
    """Return the marks on a pull request: its author's login, its head branch, lines of its body.

    A head branch alone is weak: people name branches after tools as well.
    """
    return _distinct(
        [
            *_match("pull_request_author", author or "", f"{reference}, author"),
            *_match("pull_request_head", head_ref or "", f"{reference}, head {head_ref}"),
            *_match_lines(body, reference),
        ]
    )


def _match_trailer(key: str, value: str, place: str) -> list[Mark]:
    marks = _match("trailer", f"{key}: {value}", place)
    address = _ADDRESS.fullmatch(value)
    if key.casefold() in CO_AUTHOR_KEYS and address is not None:
        model = _model(address["name"].strip())
        marks += _match("co_author_email", address["email"], place, model)
    return marks


def _match_lines(body: str, reference: str) -> list[Mark]:
    marks = []
    for line in body.splitlines():
        shown = line.strip()[:LONGEST]
        marks += _match("message_line", shown, f"{reference}, line “{shown[:_SHOWN]}”")
    return marks


def co_authors(data: Mapping[str, JsonValue]) -> tuple[tuple[str, str], ...]:
    """Return (name, e-mail) of everyone a co-author trailer of the commit names."""
    found = (
        _ADDRESS.fullmatch(value)
        for key, value in trailers_of(data)
        if key.casefold() in CO_AUTHOR_KEYS
    )
    return tuple((match["name"].strip(), match["email"]) for match in found if match is not None)


def trailers_of(data: Mapping[str, JsonValue]) -> tuple[tuple[str, str], ...]:
    """Return the (key, value) pairs of a commit's trailers; anything else there is not one."""
    trailers = data.get("trailers")
    if not isinstance(trailers, list):
        return ()
    return tuple(
        (str(pair[0]).strip(), str(pair[1]).strip()[:LONGEST])
        for pair in trailers
        if isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004 - key and value
    )


def _match(place: str, text: str, evidence: str, model: str | None = None) -> list[Mark]:
    marks = []
    text = text.strip()
    for row in _rows(place):
        match = row.pattern.fullmatch(text)
        if match is None:
            continue
        named = match.groupdict()
        tool = row.tool or named.get("tool")
        if tool is None:
            continue
        stated = named.get("model")
        known = model or (stated if row.tool is None else _model(stated or ""))
        note = f" (weak: {row.source})" if row.weak else ""
        marks.append(Mark(AgentMark(tool, known, row.grade, evidence + note), row.weak))
    return marks


def _model(name: str) -> str | None:
    """Return the model a co-author's name states, such as `Claude Opus 4.1`; None for a tool's."""
    aider = _AIDER_MODEL.fullmatch(name)
    if aider is not None:
        return aider["model"]
    is_model = _MODEL.fullmatch(name) is not None and not name.casefold().endswith(" code")
    return name if is_model else None


def _text(data: Mapping[str, JsonValue], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _distinct(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return one mark for each tool, model and grade, the first found."""
    found: dict[tuple[str, str | None, str], Mark] = {}
    for mark in marks:
        found.setdefault((mark.agent.tool, mark.agent.model, mark.agent.grade), mark)
    return tuple(found.values())
