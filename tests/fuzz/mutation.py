"""Records damaged as records are, and as someone who means harm would: by structure and by bytes.

Everything is drawn from the `random.Random` given, so that one seed gives one damage.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from attribution.model.record import JsonValue
from tests.fuzz.material import BYTES, NUMBERS, STRINGS, TIMES

Place = tuple[str | int, ...]

MOST_BYTES = 60_000
"""Larger results are cut: what hangs at this size is a defect, what is slow beyond it is not."""

_TWICE = "\x01twice"
_MARKED = re.compile(r"\\u0001twice\"")
_DEEPEST = 3
_SCALARS, _FLAT = 0.75, 0.95
_NUMBER = re.compile(rb"\d+")
_WORD = re.compile(rb"[^\s,;:|\"'{}\[\]()<>=]+")


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Return `content` damaged in one to four ways, at most MOST_BYTES of it."""
    documents = parse_documents(content) if chance.random() < 0.75 else None
    if documents:
        content = _damage_documents(documents, chance)
        turns = chance.choice((0, 0, 0, 1))
    else:
        turns = chance.randint(1, 4)
    for _ in range(turns):
        content = chance.choice(_DAMAGES)(content, chance)
    return content[:MOST_BYTES]


def parse_documents(content: bytes) -> list[JsonValue] | None:
    """Return the JSON documents a file is, one or one a line; None where it is something else."""
    try:
        text = content.decode("utf-8").removeprefix(")]}'")
        if text.lstrip()[:1] not in {"{", "["}:
            return None
        try:
            return [json.loads(text)]
        except ValueError:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def places_of(value: JsonValue) -> list[Place]:
    """Return the place of every value inside one, itself first."""
    found: list[Place] = []
    waiting: list[tuple[Place, JsonValue]] = [((), value)]
    while waiting:
        place, inner = waiting.pop()
        found.append(place)
        if isinstance(inner, dict):
            waiting += [((*place, key), item) for key, item in inner.items()]
        elif isinstance(inner, list):
            waiting += [((*place, index), item) for index, item in enumerate(inner)]
    return found


def draw_value(chance: random.Random, depth: int = 0) -> JsonValue:
    """Return a value that some field will not expect."""
    scalars: tuple[tuple[JsonValue, ...], ...] = (TIMES, STRINGS, NUMBERS, (None, True, False))
    roll = chance.random()
    if depth > _DEEPEST or roll < _SCALARS:
        return chance.choice(chance.choice(scalars))
    if roll < _FLAT:
        inner = [draw_value(chance, depth + 1) for _ in range(chance.randint(0, 3))]
        keys = (chance.choice(STRINGS) for _ in inner)
        return inner if chance.random() < 0.5 else dict(zip(keys, inner, strict=True))
    nested: JsonValue = "x"
    for _ in range(chance.choice((5, 30, 150, 250))):
        nested = [nested] if chance.random() < 0.5 else {"a": nested}
    return nested


def _damage_documents(documents: list[JsonValue], chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        which = chance.randrange(len(documents))
        places = places_of(documents[which])
        # Shallow places are few and matter most: every second time one of them is taken.
        shallow = [place for place in places if len(place) <= 3]
        place = chance.choice(shallow if chance.random() < 0.5 else places)
        documents[which] = _edit(documents[which], place, places, chance)
    if chance.random() < 0.1:
        documents.append(chance.choice(documents))
    ascii_only = chance.random() < 0.5
    text = "\n".join(
        json.dumps(document, ensure_ascii=ascii_only, indent=chance.choice((None, None, 1)))
        if len(documents) == 1
        else json.dumps(document, ensure_ascii=ascii_only)
        for document in documents
    )
    return _MARKED.sub('"', text).encode("utf-8", "surrogatepass")


def _edit(
    document: JsonValue, place: Place, places: list[Place], chance: random.Random
) -> JsonValue:
    """Return the document with one value dropped, repeated, replaced, moved, or renamed."""
    if not place:
        other = chance.choice(places)
        return chance.choice((draw_value(chance), _value_at(document, other), [document], document))
    holder, last = _value_at(document, place[:-1]), place[-1]
    if isinstance(holder, dict) and isinstance(last, str):
        _edit_member(holder, last, document, places, chance)
    elif isinstance(holder, list) and isinstance(last, int):
        _edit_element(holder, last, document, places, chance)
    return document


def _edit_member(
    holder: dict[str, JsonValue],
    key: str,
    document: JsonValue,
    places: list[Place],
    chance: random.Random,
) -> None:
    how = chance.randrange(6)
    if how == 0:
        del holder[key]
    elif how == 1:
        holder[f"{key}{_TWICE}"] = draw_value(chance)
    elif how == 2:
        holder[chance.choice(STRINGS)] = holder.pop(key)
    elif how == 3:
        holder[key] = _splice(holder[key], chance)
    elif how == 4:
        holder[key] = _copy_of(_value_at(document, chance.choice(places)))
    else:
        holder[key] = draw_value(chance)


def _edit_element(
    holder: list[JsonValue],
    index: int,
    document: JsonValue,
    places: list[Place],
    chance: random.Random,
) -> None:
    how = chance.randrange(5)
    if how == 0:
        del holder[index]
    elif how == 1:
        holder.append(_copy_of(holder[index]))
    elif how == 2:
        holder[index] = _splice(holder[index], chance)
    elif how == 3:
        holder[index] = _copy_of(_value_at(document, chance.choice(places)))
    else:
        holder[index] = draw_value(chance)


def _copy_of(value: JsonValue) -> JsonValue:
    """Return a copy, so that no list comes to stand inside itself."""
    text = json.dumps(value)
    copied: JsonValue = json.loads(text) if len(text) < MOST_BYTES // 4 else None
    return copied


def _splice(value: JsonValue, chance: random.Random) -> JsonValue:
    """Return a text with something put into it; of any other value, its text."""
    text = value if isinstance(value, str) else json.dumps(value)[:200]
    at = chance.randint(0, len(text))
    end = min(len(text), at + chance.choice((0, 0, 1, 5, 1000)))
    piece = chance.choice(STRINGS)
    return text[:at] + piece * chance.choice((1, 1, 1, 2, 50)) + text[end:]


def _value_at(document: JsonValue, place: Place) -> JsonValue:
    """Return what stands at a place; None where an edit before has taken it away."""
    for step in place:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def _cut(content: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] if chance.random() < 0.7 else content[at:]


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(content))
    end = min(len(content), at + chance.choice((0, 0, 1, 4, 40)))
    return content[:at] + _draw_bytes(chance) + content[end:]


def _draw_bytes(chance: random.Random) -> bytes:
    roll = chance.randrange(4)
    if roll == 0:
        return chance.choice(BYTES) * chance.choice((1, 1, 2, 300))
    if roll == 1:
        return chance.choice(STRINGS).encode("utf-8", "surrogatepass")
    if roll == 2:
        return str(chance.choice(TIMES)).encode("utf-8")
    return bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))


def _flip(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    flipped = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _splice_bytes(content: bytes, chance: random.Random) -> bytes:
    start, at = chance.randint(0, len(content)), chance.randint(0, len(content))
    return content[:at] + content[start : start + chance.choice((1, 10, 100, 2000))] + content[at:]


def _change_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(4)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines[one:one] = [lines[two]] * chance.choice((1, 1, 30))
    elif how == 2:
        lines[one], lines[two] = lines[two], lines[one]
    else:
        lines[one] = lines[one].rstrip(b"\r\n") + lines[two]
    return b"".join(lines)


def _replace_token(content: bytes, chance: random.Random) -> bytes:
    """Replace one word or number by another of the file, or by something hostile."""
    pattern = chance.choice((_NUMBER, _WORD))
    found = [match.span() for match in pattern.finditer(content[:MOST_BYTES])]
    if not found:
        return content
    start, end = chance.choice(found)
    other = chance.choice(found)
    taken = content[slice(*other)] if chance.random() < 0.4 else _draw_bytes(chance)
    return content[:start] + taken + content[end:]


def _repeat_token(content: bytes, chance: random.Random) -> bytes:
    """Repeat a short stretch many times: what costs its square takes long enough to be seen."""
    if not content:
        return content
    at = chance.randrange(len(content))
    piece = content[at : at + chance.choice((1, 1, 2, 3, 8))]
    times = chance.choice((30, 300, 3000, 20_000)) // len(piece)
    return content[:at] + piece * times + content[at:]


def _change_encoding(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    how = chance.randrange(4)
    if how == 0:
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig")))
    if how == 1:
        return text.encode("latin-1", "replace")
    return content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"")))


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _insert, _insert, _flip, _splice_bytes, _change_lines, _replace_token, _replace_token,
    _repeat_token, _change_encoding,
)  # fmt: skip
