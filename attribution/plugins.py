"""What other installed packages add to the program, found by their entry points.

Nothing of a plugin is imported here. An entry point is a line of a distribution's own metadata:
https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

FORMATS_GROUP = "attribution.formats"
"""The group of entry points that each name an `attribution.ingest.Format`."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point of another distribution, and which distribution that is."""

    entry: EntryPoint
    distribution: str
    version: str

    @property
    def title(self) -> str:
        """Return the distribution with its version, such as `pager-format 1.2.0`."""
        return f"{self.distribution} {self.version}"

    def __str__(self) -> str:
        return f"{self.title} ({self.entry.name} = {self.entry.value})"


@cache
def find_plugins(group: str = FORMATS_GROUP) -> tuple[Plugin, ...]:
    """Return the entry points of a group, by distribution, name and value."""
    found = [Plugin(entry, *_name_distribution(entry)) for entry in entry_points(group=group)]
    return tuple(sorted(found, key=lambda one: (one.distribution.casefold(), str(one))))


def _name_distribution(entry: EntryPoint) -> tuple[str, str]:
    """Return name and version of what an entry point comes from, as far as its metadata tell."""
    try:
        named = {} if entry.dist is None else dict(entry.dist.metadata.json)
    except TypeError:  # a folder of metadata without its METADATA
        named = {}
    return str(named.get("name") or "unknown"), str(named.get("version") or "of no version")


def fingerprint_plugins(group: str = FORMATS_GROUP) -> str:
    """Return a hash over names, versions and Python files of a group's plugins; empty for none."""
    plugins = find_plugins(group)
    found = hashlib.sha256()
    for plugin in plugins:
        found.update(f"{plugin}\0".encode())
        for name, content in _read_sources(plugin.entry.module.partition(".")[0]):
            found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()[:16] if plugins else ""


def _read_sources(module: str) -> list[tuple[str, bytes]]:
    """Return the Python files of a top-level module by name; none where it cannot be found."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        origin = None if spec.origin is None else Path(spec.origin)
        return [] if origin is None or not origin.is_file() else [(module, origin.read_bytes())]
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for folder in map(Path, spec.submodule_search_locations)
        for path in sorted(folder.rglob("*.py"))
    ]
