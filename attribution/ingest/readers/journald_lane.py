"""The fast lane for entries of the journal, one a line, in which every field is a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from attribution.ingest.fields import Table
from attribution.ingest.kept import LINE
from attribution.ingest.lane import Filling
from attribution.ingest.templates import Template, Templates
from attribution.model.packing import Rows

if TYPE_CHECKING:
    from attribution.ingest.lane import Filled

_Digits = Annotated[str, Meta(pattern=r"^[1-9][0-9]{15}\Z")]
"""Microseconds of the years 2001 to 2286, spelt as the journal spells them."""
_Text = Annotated[str, Meta(min_length=1)]
_Optional = str | None | UnsetType

_RECEIVED, _SENT = "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"
_VARYING = ("__CURSOR", "MESSAGE", "__MONOTONIC_TIMESTAMP", "__SEQNUM")
_ALIKE = (
    "_HOSTNAME", "_PID", "SYSLOG_PID", "_UID", "_SYSTEMD_UNIT", "UNIT", "PRIORITY",
    "SYSLOG_FACILITY", "MESSAGE_ID", "_BOOT_ID", "SYSLOG_IDENTIFIER", "_COMM", "_EXE",
    "__SEQNUM_ID",
)  # fmt: skip
_NAMES = (_RECEIVED, _SENT, *_VARYING, *_ALIKE)
_FIRST_ALIKE = len(_NAMES) - len(_ALIKE)


def open_lane(add: Callable[[Any, str, Table], None]) -> Filling:
    """Return the struct of an entry and what fills rows from it; `add` is the reader's own."""
    types: dict[str, Any] = {
        _RECEIVED: _Digits,
        _SENT: _Digits | UnsetType,
        "__CURSOR": _Text,
        "MESSAGE": _Text,
        "__MONOTONIC_TIMESTAMP": _Text,
        "__SEQNUM": _Text | UnsetType,
    }
    fields = [(f"field_{at}", types.get(name, _Optional), UNSET) for at, name in enumerate(_NAMES)]
    required = {_RECEIVED, "__CURSOR", "MESSAGE", "__MONOTONIC_TIMESTAMP"}
    shape = msgspec.defstruct(
        "Entry",
        [
            (field, kind) if name in required else (field, kind, default)
            for name, (field, kind, default) in zip(_NAMES, fields, strict=True)
        ],
        rename={f"field_{at}": name for at, name in enumerate(_NAMES)},
        kw_only=True,
        gc=False,
    )
    # Journals of before systemd 254 number no entries.
    numbered, plain = (Templates(v, frozenset(_NAMES), add) for v in (_VARYING, _VARYING[:-1]))
    return Filling(shape, partial(_fill, numbered, plain))


def _fill(
    numbered: Templates, plain: Templates, entries: Sequence[Any], first: int
) -> Filled | None:
    """Return the rows of entries, None where one is like none that can be filled."""
    found: list[tuple[Template, bytes]] = []
    tables = list(map(msgspec.structs.astuple, entries))
    for values in tables:
        alike, varying = values[_FIRST_ALIKE:], values[2:_FIRST_ALIKE]
        templates = plain if varying[-1] is UNSET else numbered
        template = templates.find(alike, partial(_entry, alike))
        if template is None or template.text is not None or template.native != ("", ""):
            return None
        data = template.fill(varying)
        if data is None:
            return None
        found.append((template, data))
    sent = [values[0] if values[1] is UNSET else values[1] for values in tables]
    nothing = [0] * len(found)
    rows = Rows(
        kind=[template.kind for template, _ in found],
        time=np.array(list(map(int, sent)), np.int64),
        before=nothing,
        after=nothing,
        written=np.array([int(values[0]) for values in tables], np.int64),
        spelt=nothing,
        original=sent,
        actor=[template.actor for template, _ in found],
        subject=[template.subject for template, _ in found],
        text=[values[3] for values in tables],
        native=[values[2] for values in tables],
        data=[data for _, data in found],
        head=[LINE] * len(found),
        number=range(first, first + len(found)),
    )
    return rows, None


def _entry(alike: Sequence[Any]) -> dict[str, Any]:
    """Return an entry as it is decoded elsewhere, without what varies."""
    found = dict(zip(_ALIKE, alike, strict=True))
    found[_RECEIVED] = "1000000000000000"
    return {name: value for name, value in found.items() if value is not UNSET}
