"""Files of one format that lie together in a folder or archive, such as a day's log files.

Each is read as if it lay alone; its places begin with its name: `a/b.json.gz!/Records/0`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import cast

from attribution.errors import InputError
from attribution.ingest.container import MemberError
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake, NoZoneError
from attribution.ingest.packed import unpack
from attribution.ingest.source import SHAPES, Source

FILES = frozenset({"json", "lines", "text"})
"""Kinds of source that a member can be."""


class MemberSource(Source):
    """One file of a folder or archive.

    Raises InputError as any source does, MemberError where it cannot be taken out.
    """

    def __init__(self, outer: Source, name: str) -> None:
        self._content = outer.container.read(name)
        self.path = outer.path
        self.file = f"{outer.file}: {name}"
        self.kind = self.tell_content()

    def _open(self) -> io.BufferedReader:
        # A BytesIO has all that a buffered reader asks of a raw stream.
        content = cast("io.RawIOBase", io.BytesIO(self._content))
        return unpack(io.BufferedReader(content), self.file)


def walk_members(source: Source) -> Iterator[str]:
    """Yield the names of the files that are no litter of a desktop."""
    for name in source.container.members:
        parts = PurePosixPath(name).parts
        if "__MACOSX" not in parts and parts[-1] not in {".DS_Store", "Thumbs.db", "desktop.ini"}:
            yield name


def read_members(source: Source, chosen: Format, intake: Intake) -> None:
    """Give the intake every file of a folder or archive; one that cannot be read is rejected.

    Raises NoZoneError, as what is declared must hold for all of them.
    """
    for name, reason in source.container.refused:
        intake.reject(name, reason)
    for name in walk_members(source):
        try:
            member = MemberSource(source, name)
            if member.kind not in chosen.kinds:
                intake.reject(name, f"this is {SHAPES[member.kind]}, and not {chosen.title}")
                continue
            with intake.inside(name):
                chosen.read(member, intake)
        except NoZoneError:
            raise
        except (InputError, MemberError) as error:
            intake.reject(name, _tell(error))


def _tell(error: InputError | MemberError) -> str:
    if isinstance(error, MemberError):
        return str(error)
    where = f" at {error.place}" if error.place else ""
    return f"{error.message}{where}" + (f": {error.got}" if error.got else "")
