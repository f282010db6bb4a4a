"""What makes two records tell of one event."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from attribution.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from attribution.model.instant import Instant

_SHORT_NUMBER = re.compile(r"\d{1,5}")
LONGEST_SHORT = 5
"""A native id of more characters is unique whatever it is made of."""

UNIT = "\x1f"  # the ASCII unit separator stands between the parts of a key


def key_of_event(record: Record) -> str:
    """Return what makes two records one event: kind and native id, else the whole content.

    Time counts as the record states it, so that correcting a clock changes no key. A native id
    of up to five digits is unique only in its own system (row numbers, the ids of examples) and
    needs the same content beside it.
    """
    if is_unique(record.native_id):
        return f"{record.kind}{UNIT}{record.native_id}"
    return key_of_content(
        record.kind,
        record.native_id,
        record.time,
        record.original_time,
        (record.actor or "").casefold(),
        record.subject,
        record.text,
    )


def is_unique(native: str | None) -> bool:
    """Return whether a native id, with the kind, can stand for an event in any system."""
    return native is not None and (
        len(native) > LONGEST_SHORT or not _SHORT_NUMBER.fullmatch(native)
    )


def key_of_content(  # noqa: PLR0917 - the fields of a record, in their order
    kind: str,
    native: str | None,
    time: Instant | int | None,
    original: str | None,
    actor: str,
    subject: str | None,
    text: str,
) -> str:
    """Return the key of a record without a native id that is unique; `actor` has no case."""
    stated = f"undated {original or ''}" if time is None else str(time)
    return f"{kind}{UNIT}{native or ''}{UNIT}{stated}{UNIT}{actor}{UNIT}{subject or ''}{UNIT}{text}"


def hash_unique(kinds: Sequence[str], natives: Iterable[bytes]) -> list[bytes]:
    """Return what `hash_key` returns for keys of a kind and a native id that is unique.

    To copy a hash that is begun takes less than to begin another.
    """
    begun = {
        kind: hashlib.sha256(f"{kind}{UNIT}".encode("utf-8", "surrogatepass")).copy
        for kind in dict.fromkeys(kinds)
    }
    found = []
    for kind, native in zip(kinds, natives, strict=True):
        whole = begun[kind]()
        whole.update(native)
        found.append(whole.digest()[:16])
    return found


def hash_all(keys: Iterable[bytes]) -> list[bytes]:
    """Return what `hash_key` returns for keys that are UTF-8 already."""
    return [hashlib.sha256(key).digest()[:16] for key in keys]


def hash_key(key: str) -> bytes:
    """Return 128 bits of a key's SHA-256; an event's id shows the first 64."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:16]


def name_event(key: str) -> str:
    """Return the id of the event that a key stands for."""
    return f"ev-{hash_key(key)[:8].hex()}"
