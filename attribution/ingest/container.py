"""Folders and zip archives as named members, without following a way out of them.

Nothing is unpacked to disk, so a member named `../x` can harm nobody; it is refused all the same,
because an export never holds one and whoever made it meant harm (CWE-22, CWE-409).
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from attribution.errors import InputError

MAX_MEMBERS = 200_000
MAX_MEMBER = 256 << 20
MAX_TOTAL = 2 << 30


class MemberError(ValueError):
    """A member that cannot be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Container:
    """Members by name, sorted; and those refused, each with the reason."""

    members: Mapping[str, Callable[[], bytes]]
    refused: tuple[tuple[str, str], ...] = ()
    archive: zipfile.ZipFile | None = None

    def read(self, name: str) -> bytes:
        """Return a member's bytes; MemberError when it cannot be read, KeyError if none."""
        return self.members[name]()

    def close(self) -> None:
        """Close the archive the members are read from."""
        if self.archive is not None:
            self.archive.close()


def list_folder(folder: Path) -> Container:
    """Return the regular files under a folder; links that lead out of it are refused."""
    members: dict[str, Callable[[], bytes]] = {}
    refused: list[tuple[str, str]] = []
    root = folder.resolve()
    for place, folders, files in os.walk(folder):
        folders.sort()
        for base in sorted(files + [name for name in folders if Path(place, name).is_symlink()]):
            path = Path(place, base)
            name = path.relative_to(folder).as_posix()
            reason = _refuse_file(path, root, name)
            if reason is None:
                members[name] = _file_reader(path)
            else:
                refused.append((_printable(name), reason))
        if len(members) + len(refused) > MAX_MEMBERS:
            raise _too_many(str(folder))
    return Container(dict(sorted(members.items())), tuple(sorted(refused)))


def _too_many(file: str) -> InputError:
    return InputError(
        "there are too many files",
        file=file,
        got=f"more than {MAX_MEMBERS}",
        remedy="name the folder, or the archive, of one export",
    )


def _refuse_file(path: Path, root: Path, name: str) -> str | None:
    if _printable(name) != name:
        return "its name is not UTF-8"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "it is a link that leads out of the folder"
    if not path.is_file():
        return "it is not a regular file"
    return None


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as stream:
                return _bounded(stream.read(MAX_MEMBER + 1))
        except OSError as error:
            raise MemberError(f"it cannot be opened: {error.strerror}") from None

    return read


def list_archive(path: Path) -> Container:
    """Return the members of a zip archive.

    Raises InputError for a broken archive, and for one that unpacks to more than 2 GiB or 200,000
    files.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InputError(
            "the zip archive is broken",
            file=str(path),
            got=str(error),
            expected="a complete zip archive",
            remedy="fetch it again",
        ) from None
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        archive.close()
        raise _too_many(str(path))
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        archive.close()
        raise InputError(
            "the zip archive unpacks to too much",
            file=str(path),
            got=f"{total >> 20} MiB from {path.stat().st_size >> 10} KiB",
            expected=f"at most {MAX_TOTAL >> 20} MiB",
            remedy="unpack it and take in the parts, if it is what it claims to be",
        )
    return _list_members(archive, infos)


def _list_members(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Container:
    members: dict[str, Callable[[], bytes]] = {}
    refused: list[tuple[str, str]] = []
    for info in infos:
        if is_folder(info):
            continue
        reason = "a second member of this name" if info.filename in members else refuse_member(info)
        if reason is None:
            members[info.filename] = _archive_reader(archive, info)
        else:
            refused.append((_printable(info.filename), reason))
    return Container(dict(sorted(members.items())), tuple(sorted(refused)), archive)


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Return whether a member stands for a folder; `ZipInfo.is_dir` fails on one without a name."""
    return info.filename.endswith("/")


def refuse_member(info: zipfile.ZipInfo) -> str | None:
    """Return why a member of an archive is not read, None when it may be."""
    name = PurePosixPath(info.filename)
    if not name.parts:
        return "it has no name"
    if name.is_absolute() or ".." in name.parts or "\\" in info.filename or ":" in name.parts[0]:
        return "its name leads out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.flag_bits & 1:
        return "it is encrypted"
    return None


def _archive_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(info) as stream:
                return _bounded(stream.read(MAX_MEMBER + 1))
        except (
            zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error,
            ValueError,
        ) as error:  # fmt: skip
            if isinstance(error, MemberError):
                raise
            raise MemberError(f"it cannot be unpacked: {error}") from None

    return read


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_MEMBER:
        raise MemberError(f"it is larger than {MAX_MEMBER >> 20} MiB")
    return data


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
