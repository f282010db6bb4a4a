"""Compressed files read through as if they were not: gzip, Zstandard, a zip archive of one file.

Nothing is unpacked to disk, and what comes out is bounded, as a few bytes can stand for petabytes
(CWE-409). A file packed twice, such as `x.json.gz` in a zip archive, is read through as well.
"""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import IO, Any

from attribution.errors import InputError
from attribution.ingest.container import is_folder, refuse_member

MAX_UNPACKED = 1 << 30
MAX_RATIO = 250
"""Bytes out of one byte in. Logs are packed to a tenth or a thirtieth, what repeats itself to a
hundredth; more is what was made to be unpacked (DEFLATE ends at 1,032)."""
MAX_LAYERS = 3

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MAGIC = 4
_SMALL = 32 << 20


def unpack(stream: io.BufferedReader, file: str) -> io.BufferedReader:
    """Return the content of a compressed file; of any other file, the file itself.

    A zip archive of several files stays as it is. Reading raises InputError where the file is
    broken, or unpacks to more than 1 GiB, or beyond 32 MiB to more than 250 times its size.
    """
    try:
        for _ in range(MAX_LAYERS):
            head = stream.peek(_MAGIC)
            name = next((kind for magic, kind in _KINDS.items() if head.startswith(magic)), None)
            opened = None if name is None else _OPENERS[name](stream, file)
            if name is None or opened is None:
                break
            stream = io.BufferedReader(_Unpacked(opened, stream, file, name))
    except BaseException:
        stream.close()
        raise
    return stream


def _open_gzip(stream: io.BufferedReader, _file: str) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=stream)


def _open_zstd(stream: io.BufferedReader, file: str) -> IO[bytes]:
    return _load_zstd(file).ZstdFile(stream)  # type: ignore[no-any-return]


def _load_zstd(file: str) -> Any:  # noqa: ANN401 - one of two modules of one interface
    """Return the module of PEP 784, from the standard library or its backport."""
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    try:
        return import_module(name)
    except ImportError:
        raise InputError(
            "reading Zstandard needs a library that is not installed",
            file=file,
            got="a file compressed with Zstandard (.zst)",
            remedy="pip install 'incident-attribution[zstd]', or unpack it: `zstd -d FILE`",
        ) from None


def _open_zip(stream: io.BufferedReader, _file: str) -> IO[bytes] | None:
    """Return the one file of an archive; None where there are several, or it must be refused."""
    if not stream.seekable():
        return None
    try:
        archive = zipfile.ZipFile(stream)
        inside = [info for info in archive.infolist() if not _is_added(info)]
        if len(inside) == 1 and refuse_member(inside[0]) is None:
            return archive.open(inside[0])
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        pass
    stream.seek(0)
    return None


def _is_added(info: zipfile.ZipInfo) -> bool:
    return is_folder(info) or info.filename.startswith("__MACOSX/") or ".DS_Store" in info.filename


_KINDS: Mapping[bytes, str] = MappingProxyType(
    {
        b"\x1f\x8b": "gzip",  # RFC 1952, section 2.3.1
        b"\x28\xb5\x2f\xfd": "Zstandard",  # RFC 8878, section 3.1.1
        **dict.fromkeys(ZIP, "zip"),  # APPNOTE.TXT 6.3.10, section 4.3.7
    }
)
_OPENERS: Mapping[str, Callable[[io.BufferedReader, str], gzip.GzipFile | IO[bytes] | None]] = (
    MappingProxyType({"gzip": _open_gzip, "Zstandard": _open_zstd, "zip": _open_zip})
)


class _Unpacked(io.RawIOBase):
    """The content of a compressed file, at most MAX_UNPACKED of it."""

    def __init__(
        self, stream: gzip.GzipFile | IO[bytes], packed: IO[bytes], file: str, kind: str
    ) -> None:
        self._stream = stream
        self._packed = packed
        self._file = file
        self._kind = kind
        self._taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except InputError:
            raise
        except Exception as error:
            if not isinstance(error, _BROKEN) and type(error).__name__ != _ZSTD_ERROR:
                raise
            raise InputError(
                f"the {self._kind} file is broken",
                file=self._file,
                got=str(error),
                expected=f"a complete {self._kind} file",
                remedy="fetch it again",
            ) from None
        self._taken += len(data)
        if self._taken > _SMALL and self._taken > MAX_RATIO * self._packed.tell():
            raise self._too_much(f"more than {MAX_RATIO} bytes out of each byte")
        if self._taken > MAX_UNPACKED:
            raise self._too_much(f"more than {MAX_UNPACKED >> 20} MiB")
        buffer[: len(data)] = data
        return len(data)

    def tell(self) -> int:
        return self._taken

    def _too_much(self, got: str) -> InputError:
        return InputError(
            f"the {self._kind} file unpacks to too much",
            file=self._file,
            got=got,
            remedy="unpack it and split it, if it is what it claims to be",
        )

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
_ZSTD_ERROR = "ZstdError"  # by name, as its module is there only where such a file is read
