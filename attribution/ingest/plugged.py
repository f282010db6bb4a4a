"""The formats that are read: those of the table, and those that other packages add.

A package adds one by an entry point of the group `attribution.formats` that names a `Format`
(docs/how-to/add-a-format.md). A plugin that is broken costs nothing but itself: what was wrong with
it stands in `Formats.problems`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from attribution.errors import InputError
from attribution.ingest.format import Format
from attribution.ingest.formats import FORMATS
from attribution.ingest.intake import Intake
from attribution.ingest.source import SHAPES, Source
from attribution.plugins import Plugin, find_plugins

_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class Formats:
    """Every format by its id, and what was wrong with plugins, one sentence each."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        by_id = dict(FORMATS)
        for plugin in find_plugins():
            try:
                entry = _load(plugin)
            except _UnusableError as error:
                self._note(plugin, str(error))
                continue
            other = by_id.get(entry.id)
            if other is None:
                by_id[entry.id] = self._guard(plugin, entry)
            else:
                of = "this program" if other.distribution is None else other.distribution
                self._note(plugin, f"its id `{entry.id}` is that of a format of {of}, which stays")
        self.by_id: Mapping[str, Format] = by_id

    def _note(self, plugin: Plugin, what: str) -> None:
        sentence = f"the format plugin {plugin} is not used: {what}"
        if sentence not in self.problems:
            self.problems.append(sentence)

    def _guard(self, plugin: Plugin, entry: Format) -> Format:
        """Return the format with its functions held to what they promise."""

        def sniff(source: Source) -> float:
            try:
                found = float(entry.sniff(source))
            except InputError:
                raise
            except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
                self._note(plugin, f"`sniff` failed with {_name(error)}")
                return 0.0
            if math.isnan(found) or not 0.0 <= found <= 1.0:
                self._note(plugin, f"`sniff` returned {found}, which is no number from 0 to 1")
                return 0.0
            return found

        def read(source: Source, intake: Intake) -> None:
            try:
                entry.read(source, intake)
            except InputError:
                raise
            except Exception as error:
                raise InputError(
                    f"the format plugin {plugin} failed in reading this",
                    file=source.file,
                    got=_name(error),
                    expected="records, or an error of the class InputError",
                    remedy=f"report it to those who make {plugin.distribution}, or name another"
                    " format: `--format F`",
                ) from error
            intake.remark(f"read by the plugin {plugin.title}, which is no part of this program")

        return replace(entry, sniff=sniff, read=read, distribution=plugin.title)


class _UnusableError(Exception):
    """Why a plugin cannot be used, in a sentence."""


def _load(plugin: Plugin) -> Format:
    try:
        entry = plugin.entry.load()
        problem = _judge(entry)
    except Exception as error:
        raise _UnusableError(f"it cannot be imported: {_name(error)}") from error
    if problem is not None:
        raise _UnusableError(problem)
    found: Format = entry
    return found


def _judge(entry: object) -> str | None:
    """Return what is wrong with an entry of the table, None for nothing."""
    if not isinstance(entry, Format):
        return f"it is no Format but {type(entry).__name__!r}"
    texts: tuple[object, ...] = (entry.id, entry.title, entry.told_by, entry.source)
    if not all(isinstance(one, str) and one for one in texts):
        return "its id, title, told_by and source are not all texts"
    if _ID.fullmatch(entry.id) is None:
        return f"its id {entry.id!r} is none: small letters, digits, - and _, a letter first"
    unknown = sorted(map(str, set(entry.kinds) - SHAPES.keys()))
    if unknown or not entry.kinds:
        named = ", ".join(unknown) or "none"
        return f"its kinds of source are {named}; there are {', '.join(SHAPES)}"
    return None


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


@cache
def load_formats() -> Formats:
    """Return all formats; plugins are looked for when they are first asked for."""
    return Formats()
