"""Hashes that tie a result to the evidence it was computed from.

A file's digest is the SHA-256 of its bytes. A folder's is the SHA-256 of one line a member,
`<sha256>  <path>` with the path from the folder, sorted by path: what
`LC_ALL=C; find . -type f | sed 's|^./||' | sort | xargs sha256sum | sha256sum` prints for it.

The Merkle root of an evidence set is that of RFC 6962, section 2.1: a leaf is hashed behind the
byte 0x00, an inner node behind 0x01, so that no inner node can pass for a leaf, and a list of n
leaves is split at the largest power of two below n.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from attribution.model.record import EvidenceItem

_LEAF = b"\x00"
_INNER = b"\x01"


@dataclass(frozen=True, slots=True)
class Digest:
    """SHA-256 in hexadecimal, and the size in bytes (of all members for a folder)."""

    sha256: str
    size: int


def digest(path: Path, *, links: bool = False) -> Digest:
    """Return the digest of a file or folder.

    With `links`, a link inside a folder counts as the text it holds, as git stores it, and is not
    followed. Raises EvidenceError when there is nothing at `path`, or when it is, or a folder
    holds, something other than files and folders: a link's target could change unseen.
    """
    if path.is_symlink():
        raise _not_a_file(path, "a symbolic link")
    if path.is_file():
        return _digest_file(path)
    require_present(path)
    if not path.is_dir():
        raise _not_a_file(path, "a device")
    lines = []
    size = 0
    for name, member in list_members(path, links=links):
        part = _digest_link(member) if member.is_symlink() else _digest_file(member)
        lines.append(f"{part.sha256}  {name}\n")
        size += part.size
    return Digest(hashlib.sha256("".join(lines).encode("utf-8")).hexdigest(), size)


def require_present(path: Path) -> None:
    """Raise EvidenceError when there is nothing at `path`."""
    if not path.exists():
        raise EvidenceError(
            "there is no such file",
            file=str(path),
            got="nothing at this path",
            expected="a file, or a folder of files",
            remedy="check how its name is spelt; evidence that was there must be put back",
        )


def _digest_link(path: Path) -> Digest:
    content = os.fsencode(path.readlink())
    return Digest(hashlib.sha256(content).hexdigest(), len(content))


def list_members(folder: Path, *, links: bool = False) -> tuple[tuple[str, Path], ...]:
    """Return the files under `folder` with their paths from it, sorted by the bytes of the path.

    Raises EvidenceError for a member that is neither file nor folder (nor, with `links`, a link),
    or whose name is not UTF-8.
    """
    members = []
    for member in folder.rglob("*"):
        if links and member.is_symlink():
            members.append((_name(member, folder), member))
            continue
        if member.is_symlink() or not (member.is_file() or member.is_dir()):
            raise _not_a_file(member, "a symbolic link" if member.is_symlink() else "a device")
        if member.is_file():
            members.append((_name(member, folder), member))
    return tuple(sorted(members, key=lambda pair: pair[0].encode("utf-8")))


def merkle_root(items: Iterable[EvidenceItem]) -> str:
    """Return the Merkle root of an evidence set, in hexadecimal.

    A leaf is the canonical JSON of `{"id", "path", "sha256", "size"}`; leaves are sorted by id.
    The root of no items is the hash of nothing (RFC 6962).
    """
    leaves = [
        json.dumps(
            {"id": item.id, "path": item.path, "sha256": item.sha256, "size": item.size},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode("utf-8")
        for item in sorted(items, key=lambda item: item.id)
    ]
    return hash_tree(leaves).hex()


def hash_tree(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash MTH(leaves) of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(_LEAF + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = hash_tree(leaves[:split]), hash_tree(leaves[split:])
    return hashlib.sha256(_INNER + left + right).digest()


def _digest_file(path: Path) -> Digest:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Digest(sha256, stream.tell())


def _name(member: Path, folder: Path) -> str:
    name = member.relative_to(folder).as_posix()
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise EvidenceError(
            "a file name that is not UTF-8",
            file=str(folder),
            got=ascii(name),
            expected="names in UTF-8",
            remedy="pack the folder into an archive and take that in instead",
        ) from None
    if "\n" in name:
        raise EvidenceError(
            "a file name with a line break",
            file=str(folder),
            got=ascii(name),
            expected="names on one line",
            remedy="pack the folder into an archive and take that in instead",
        )
    return name


def _not_a_file(path: Path, got: str) -> EvidenceError:
    return EvidenceError(
        "this cannot be hashed",
        file=str(path),
        got=got,
        expected="a file, or a folder of files",
        remedy="replace it by the file itself",
    )
