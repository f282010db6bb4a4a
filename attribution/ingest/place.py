"""Places inside evidence: `E1#PLACE` leads back to the original text.

place    = member "!" inside | inside
inside   = "line " number [" block " number | " " pointer] | pointer | "commit " sha | "tag " name
         | span | stored
span     = "lines " number "-" number
stored   = reference ":" path [" line " number], a file in a tree that a repository keeps
pointer  = a JSON pointer (RFC 6901); "/" alone is the whole document
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from attribution.errors import InputError
from attribution.ingest.container import MemberError
from attribution.ingest.detection import choose_format
from attribution.ingest.git import open_repository
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.members import MemberSource
from attribution.ingest.source import MAX_LINE, Source
from attribution.model.record import JsonValue

_LINE = re.compile(r"line (\d{1,12})(?: block \d+| (/.*))?", re.DOTALL)
_STORED = re.compile(r"(refs/[^:\n]+):(.+?)(?: line (\d{1,12}))?", re.DOTALL)
_SPAN = re.compile(r"lines (\d{1,12})-(\d{1,12})")
_INDEX = re.compile(r"[0-9]{1,12}")
_MOST_LINES = 500
_REVISION = re.compile(r"commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)|tag (.+)", re.DOTALL)


def show_place(path: Path, place: str, format: str | None = None) -> str:  # noqa: A002 - as in the manifest
    """Return the original text standing at a place: a line, a JSON value indented, a commit.

    The text is as it stands in the evidence, escapes and all: whoever shows it defuses it.
    `format`, where given, must be one this kind of file can be in.
    Raises InputError when there is no such place.
    """
    with Source(Path(path)) as source:
        if format is not None:
            choose_format(source, format)
        if source.kind in {"repository", "bundle"}:
            return _show_revision(source, place)
        if source.kind in {"folder", "archive"}:
            return _show_member(source, place)
        return _show_in_file(source, place)


def _no_place(file: str, place: str, got: str) -> InputError:
    return InputError(
        "there is no such place in the evidence",
        file=file,
        place=place,
        got=got,
        expected="line N, lines N-M, a JSON pointer, commit SHA, REF:PATH, or MEMBER!PLACE",
        remedy="check that the file is the one the reference was made from (`attribution verify`)",
    )


def _show_line(source: Source, place: str, number: int) -> str:
    for count, line in source.lines():
        if count == number:
            if line is None:
                raise _no_place(source.file, place, "a line too long to show")
            return line.decode("utf-8", "replace").rstrip("\r\n")
    raise _no_place(source.file, place, "a file with fewer lines")


def _show_inside(line: str, pointer: str, file: str) -> str:
    try:
        value = decode(line.encode("utf-8"))
    except JsonError as error:
        raise _no_place(file, pointer, error.reason) from None
    return _show_value(value, pointer, file)


def _show_lines(source: Source, place: str, first: int, last: int) -> str:
    """Return lines of the file; of more than 500 the first, and how many are left out."""
    shown: list[str] = []
    for count, line in source.lines():
        if first <= count <= min(last, first + _MOST_LINES - 1):
            text = "[a line too long to show]" if line is None else line.decode("utf-8", "replace")
            shown.append(text.rstrip("\r\n"))
        elif count > last:
            break
    if not shown:
        raise _no_place(source.file, place, "a file with fewer lines")
    if last - first >= _MOST_LINES:
        shown.append(f"[{last - first + 1 - _MOST_LINES} more lines]")
    return "\n".join(shown)


def _show_member(source: Source, place: str) -> str:
    name, _, inside = place.partition("!")
    try:
        if not inside:
            return source.container.read(name).decode("utf-8", "replace")
        return _show_in_file(MemberSource(source, name), inside)
    except KeyError:
        raise _no_place(source.file, place, f"no member {name}") from None
    except MemberError as error:
        raise _no_place(source.file, place, f"{name}: {error}") from None


def _show_in_file(source: Source, place: str) -> str:
    match = _LINE.fullmatch(place)
    if match is not None:
        line = _show_line(source, place, int(match[1]))
        return line if match[2] is None else _show_inside(line, match[2], source.file)
    if (span := _SPAN.fullmatch(place)) is not None:
        return _show_lines(source, place, int(span[1]), int(span[2]))
    return _show_value(source.document, place, source.file)


def _show_value(value: JsonValue, pointer: str, file: str) -> str:
    whole, found = pointer, value
    for part in [] if pointer == "/" else pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and _INDEX.fullmatch(key) and int(key) < len(found):
            found = found[int(key)]
        else:
            raise _no_place(file, whole, f"nothing under {part!r}")
    if not pointer.startswith("/"):
        raise _no_place(file, whole, "a place of another form")
    return found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)


def _show_stored(source: Source, place: str, match: re.Match[str]) -> str:
    with open_repository(source.path) as repository, repository.objects() as objects:
        stored = objects.read(f"{match[1]}:{match[2]}", MAX_LINE)
    if stored is None or stored.content is None:
        raise _no_place(source.file, place, "no such file, or one too large to show")
    text = stored.content.decode("utf-8", "replace")
    if match[3] is None:
        return text
    lines = text.removesuffix("\n").split("\n")
    number = int(match[3])
    if not 0 < number <= len(lines):
        raise _no_place(source.file, place, f"a file of {len(lines)} lines")
    return lines[number - 1].removesuffix("\r")


def _show_revision(source: Source, place: str) -> str:
    if stored := _STORED.fullmatch(place):
        return _show_stored(source, place, stored)
    match = _REVISION.fullmatch(place)
    if match is None:
        raise _no_place(source.file, place, "a place of another form")
    revision = match[1] or f"refs/tags/{match[2]}"
    with open_repository(source.path) as repository:
        return repository.run(
            "show", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color",
            "--no-renames", "--stat=120", "--format=fuller", "--date=iso-strict",
            "--end-of-options", revision, "--",
        ).rstrip("\n")  # fmt: skip
