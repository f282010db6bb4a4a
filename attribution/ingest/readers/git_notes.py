"""The line notes that git-ai keeps beside commits, cut down to what says whose a line is.

Format: git-ai-project/git-ai, specs/git_ai_standard_v3.0.0.md; its first version was one JSON
document. Conversations, which some of its versions kept in notes, are left out: they are no part of
who wrote what, and may be private.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from attribution.errors import InputError
from attribution.ingest.fields import Table, items, table
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode, decode_text
from attribution.ingest.objects import Objects
from attribution.model.record import JsonValue

NOTES = "refs/notes/ai"
LARGEST = 1 << 24
LONGEST = 1 << 18
"""A note of more bytes than the first is not read; of its entries no more than the second."""

_DIVIDER = b"---\n"


class _UnreadableError(ValueError):
    """A note that cannot be used; the message says why."""


def read_line_notes(
    repository: Repository, shas: Collection[str], intake: Intake
) -> dict[str, dict[str, JsonValue]]:
    """Return the line note of each of the commits that has one: its place and its text.

    One that cannot be used is rejected with its reason.
    """
    notes: dict[str, dict[str, JsonValue]] = {}
    with repository.objects() as objects:
        for name, oid in _list(repository, intake):
            sha = name.replace("/", "")
            if sha not in shas:
                continue
            place = f"{NOTES}:{name}"
            try:
                notes[sha] = {"place": place, "text": _cut_down(objects, oid)}
            except _UnreadableError as error:
                intake.reject(place, str(error))
    return notes


def _list(repository: Repository, intake: Intake) -> Iterator[tuple[str, str]]:
    if not repository.run("for-each-ref", "--format=%(refname)", NOTES):
        return
    try:
        listing = list(repository.split("ls-tree", "-r", "-z", "--full-tree", NOTES))
    except InputError as error:
        intake.reject(NOTES, f"its notes cannot be listed: {error.got}")
        return
    for entry in listing:
        about, _, name = entry.partition("\t")
        yield name, about.rpartition(" ")[2]


def _cut_down(objects: Objects, oid: str) -> str:
    stored = objects.read(oid, LARGEST)
    if stored is None or stored.kind != "blob":
        raise _UnreadableError("its content is missing from the repository")
    if stored.content is None:
        raise _UnreadableError(f"too large: {stored.size:,} bytes")
    try:
        text = _select(stored.content)
    except JsonError as error:
        raise _UnreadableError(error.reason) from None
    if len(text) > LONGEST:
        raise _UnreadableError(f"too large: {len(text):,} characters of entries")
    return text


def _select(data: bytes) -> str:
    """Return the note without what is not needed; raise for what is none."""
    entries, divider, metadata = (b"\n" + data).partition(b"\n" + _DIVIDER)
    if divider:
        facts = table(decode(metadata))
        if not str(facts.get("schema_version")).startswith("authorship/3."):
            raise _UnreadableError("its schema is not authorship/3.0.0")
        kept: dict[str, JsonValue] = {
            "schema_version": facts["schema_version"],
            "prompts": _sessions(facts, "prompts"),
            "sessions": _sessions(facts, "sessions"),
            "humans": {key: {} for key in table(facts.get("humans"))},
        }
        head = decode_text(entries).strip("\n")
        return "\n".join([*([head] if head else []), "---", _dump(kept)])
    files = table(table(decode(data)).get("files"))
    if not files:
        raise _UnreadableError("neither a git-ai authorship log nor the JSON of its first version")
    return _dump({"files": {path: _authors(table(entry)) for path, entry in files.items()}})


def _sessions(facts: Table, part: str) -> dict[str, JsonValue]:
    wanted = ("agent_id", "overriden_lines")
    return {
        key: {name: table(one)[name] for name in wanted if name in table(one)}
        for key, one in table(facts.get(part)).items()
    }


def _authors(entry: Table) -> dict[str, JsonValue]:
    wanted = ("author", "lines", "agent_metadata")
    found = [table(one) for one in items(entry.get("authors"))]
    return {"authors": [{key: one[key] for key in wanted if key in one} for one in found]}


def _dump(document: JsonValue | dict[str, JsonValue]) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False)
