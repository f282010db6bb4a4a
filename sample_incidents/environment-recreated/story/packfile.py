"""Git objects and a bundle of them, written without git: no version of it changes a byte."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field

_TYPES = {"commit": 1, "tree": 2, "blob": 3}
_STORED_BLOCK = 65_535


@dataclass(slots=True)
class ObjectStore:
    """Objects by their SHA-1, in the order in which they were first put in."""

    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def put(self, kind: str, content: bytes) -> str:
        """Add an object and return its SHA-1."""
        sha = hash_object(kind, content)
        self.objects.setdefault(sha, (kind, content))
        return sha

    def put_tree(self, files: dict[str, bytes]) -> str:
        """Add the tree of files by path, with its subtrees and blobs, and return its SHA-1."""
        return self.put("tree", self._tree(files))

    def _tree(self, files: dict[str, bytes]) -> bytes:
        folders: dict[str, dict[str, bytes]] = {}
        entries: list[tuple[str, bytes]] = []
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                folders.setdefault(name, {})[rest] = content
            else:
                blob = bytes.fromhex(self.put("blob", content))
                entries.append((name, b"100644 " + name.encode() + b"\0" + blob))
        for name, inside in folders.items():
            tree = bytes.fromhex(self.put_tree(inside))
            entries.append((name + "/", b"40000 " + name.encode() + b"\0" + tree))
        return b"".join(entry for _, entry in sorted(entries))

    def bundle(self, refs: dict[str, str]) -> bytes:
        """Return a version 2 bundle (gitformat-bundle) with these refs and every object."""
        heads = "".join(f"{sha} {name}\n" for name, sha in refs.items())
        body = b"PACK" + (2).to_bytes(4, "big") + len(self.objects).to_bytes(4, "big")
        body += b"".join(_entry(kind, content) for kind, content in self.objects.values())
        return b"# v2 git bundle\n" + heads.encode() + b"\n" + body + hashlib.sha1(body).digest()  # noqa: S324 - git's own checksum


def hash_object(kind: str, content: bytes) -> str:
    """Return the SHA-1 by which git knows an object."""
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).hexdigest()  # noqa: S324 - git's own


def _entry(kind: str, content: bytes) -> bytes:
    size = len(content)
    byte, size = _TYPES[kind] << 4 | size & 15, size >> 4
    header = bytearray()
    while size:
        header.append(byte | 128)
        byte, size = size & 127, size >> 7
    header.append(byte)
    return bytes(header) + _stored(content)


def _stored(content: bytes) -> bytes:
    """Return a zlib stream of stored blocks: no compressor, so none that differs."""
    starts = range(0, max(len(content), 1), _STORED_BLOCK)
    blocks = [content[start : start + _STORED_BLOCK] for start in starts]
    parts = [b"\x78\x01"]
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        size = len(block)
        parts.append(bytes([last]))
        parts += [size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
    return b"".join(parts) + zlib.adler32(content).to_bytes(4, "big")
