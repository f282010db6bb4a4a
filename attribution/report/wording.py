"""The sentences of the reports: data under `reports/templates`, so that they change without code.

A template is a TOML file of tables with text values. In a text, `{name}` is filled in, `**...**`
is strong and a pair of backquotes is code; nothing else is markup.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import cast

from attribution.errors import AttributionError
from attribution.report.blocks import Inline, Inlines, Text, plain
from attribution.report.house import House
from attribution.resources import resource

PLAIN = House()
"""No house: the words and looks of the program."""

_TOKEN = re.compile(r"\{(\w+)\}|\*\*(.+?)\*\*|`([^`]+)`", re.DOTALL)


class Wording:
    """The texts of one audience: those of `common.toml`, and over them the audience's own.

    Over both lie those of the house, where there is one.
    """

    def __init__(self, audience: str, house: House = PLAIN) -> None:
        self.audience = audience
        own = (*house.load_wording(audience), *house.load_wording("common"))
        usual = ((_path(name), _load(name)) for name in (audience, "common"))
        self._files, self._tables = zip(*own, *usual, strict=True)

    def section_order(self) -> tuple[str, ...]:
        """Return the names of the sections in the order the template asks for."""
        return tuple(cast("list[str]", self._lookup("sections")))

    def has(self, key: str) -> bool:
        """Return whether there is a text for the dotted `key`."""
        return any(_find(table, key) is not None for table in self._tables)

    def raw(self, key: str) -> str:
        """Return the text for the dotted `key` as it stands in the template."""
        return str(self._lookup(key)).strip()

    def text(self, key: str, **values: object) -> str:
        """Return the text for `key`, filled in, without markup."""
        return plain(self.runs(key, **values))

    def runs(self, key: str, **values: object) -> Inlines:
        """Return the text for `key` as runs; a value may be text or runs with links.

        Raises AttributionError, naming the template, where it asks for a value that is not given.
        """
        return self._fill(self.raw(key), key, values, "plain")

    def term(self, group: str, name: str) -> str:
        """Return the words for a name of a fixed list, the name itself where there are none."""
        all_found = (_find(table, f"{group}.{name}") for table in self._tables)
        found = next((one for one in all_found if one is not None), None)
        return name.replace("_", " ") if found is None else str(found)

    def terms(self, group: str) -> tuple[tuple[str, str], ...]:
        """Return all names and words of a group, in the order of the template."""
        table = self._lookup(group)
        return tuple(
            (key, str(value)) for key, value in cast("Mapping[str, object]", table).items()
        )

    def find_file(self, key: str) -> str:
        """Return the template that a dotted key is from; the one of the audience where none is."""
        pairs = zip(self._files, self._tables, strict=True)
        return next((file for file, table in pairs if _find(table, key)), _path(self.audience))

    def _lookup(self, key: str) -> object:
        for table in self._tables:
            found = _find(table, key)
            if found is not None:
                return found
        raise AttributionError(
            f"the report has no wording for `{key}`",
            file=_path(self.audience),
            expected=f"an entry {key}, here or in common.toml",
        )

    def _fill(self, template: str, key: str, values: Mapping[str, object], style: str) -> Inlines:
        runs: list[Inline] = []
        position = 0
        for match in _TOKEN.finditer(template):
            _add(runs, template[position : match.start()], style)
            position = match.end()
            name, strong, code = match.groups()
            if strong is not None:
                runs += self._fill(strong, key, values, "strong")
            elif code is not None:
                runs.append(Text(code, "code"))
            elif name not in values:
                raise AttributionError(
                    f"the wording of `{key}` asks for {{{name}}}, which it is not given",
                    file=self.find_file(key),
                    expected=", ".join(sorted(values)) or "no value",
                )
            elif isinstance(values[name], tuple):
                runs += cast("Inlines", values[name])
            else:
                _add(runs, str(values[name]), style)
        _add(runs, template[position:], style)
        return tuple(runs)


def _add(runs: list[Inline], piece: str, style: str) -> None:
    if piece:
        runs.append(Text(piece, style))


def _path(name: str) -> str:
    return f"reports/templates/{name}.toml"


@cache
def _load(name: str) -> Mapping[str, object]:
    path = resource(_path(name))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise AttributionError(
            "the template is not TOML",
            file=_path(name),
            got=str(error),
            expected="TOML 1.0",
        ) from error


def _find(table: Mapping[str, object], key: str) -> object | None:
    found: object = table
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found
