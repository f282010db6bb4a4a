"""Taking originals into a case: copied, never altered, complete in the evidence folder or absent.

A git repository is taken in as a bundle of all its references, made once and hashed: the bundle of
the same commits may differ from one git to the next, so two bundles are the same evidence when they
hold the same references at the same commits.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from attribution.errors import EvidenceError
from attribution.store.custody import digest, list_members, require_present

if TYPE_CHECKING:
    from collections.abc import Container

FOLDER = "evidence"
_SAFE_NAME = re.compile(r"[^A-Za-z0-9._ ()+@=-]+")
_HEADER_LIMIT = 1 << 22
_GIT_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "HOME": os.devnull,
    "LC_ALL": "C",
}
_GIT_SETTINGS = (
    "safe.directory=*",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "pack.threads=1",
    "gc.auto=0",
    "maintenance.auto=false",
)


class Staging:
    """A folder beside the evidence in which an original is copied before it counts as evidence."""

    def __init__(self, case: Path) -> None:
        self.case = case
        self._folder = Path()

    def __enter__(self) -> Self:
        for old in self.case.glob(".incoming-*"):
            shutil.rmtree(old, ignore_errors=True)
        self._folder = Path(tempfile.mkdtemp(prefix=".incoming-", dir=self.case))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def take(self, original: Path) -> Path:
        """Return a copy of a file or folder, or the bundle of a repository.

        Raises EvidenceError when there is no such thing, or it holds links or devices.
        """
        require_present(original)
        original = original.resolve()
        if self.case.resolve().is_relative_to(original):
            raise EvidenceError(
                "the case itself is not evidence",
                file=str(original),
                expected="a file or folder outside the case",
                remedy="name the files themselves",
            )
        if is_repository(original):
            name = _safe(original.name.removesuffix(".git") or "repository")
            return _bundle(original, self._folder / f"{name}.bundle")
        target = self._folder / _safe(original.name)
        if original.is_dir():
            for name, member in list_members(original):
                copy = target / name
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(member, copy)
            target.mkdir(exist_ok=True)
        else:
            digest(original)
            shutil.copyfile(original, target)
        return target

    def keep(self, copy: Path, taken: Container[str]) -> str:
        """Move a copy among the evidence and return its path from the case folder.

        A name that is used for something else gets a number; a file left by an interrupted run
        (same bytes, not in `taken`) is used as it lies.
        """
        folder = self.case / FOLDER
        folder.mkdir(exist_ok=True)
        number = 1
        while True:
            suffix = "" if number == 1 else f"-{number}"
            name = f"{copy.stem}{suffix}{copy.suffix}" if copy.is_file() else copy.name + suffix
            target = folder / name
            path = f"{FOLDER}/{name}"
            if not target.exists() and not target.is_symlink():
                copy.rename(target)
                return path
            if path not in taken and not target.is_symlink() and digest(target) == digest(copy):
                return path
            number += 1


def is_repository(folder: Path) -> bool:
    """Return whether a folder is a git repository, with a work tree or bare."""
    bare = (folder / "HEAD").is_file() and all((folder / n).is_dir() for n in ("objects", "refs"))
    return folder.is_dir() and (bare or (folder / ".git").exists())


def read_references(bundle: Path) -> frozenset[str] | None:
    """Return the lines `<commit> <reference>` of a bundle's header, None for another file.

    Format: git's documentation, gitformat-bundle.
    """
    if not bundle.is_file():
        return None
    with bundle.open("rb") as stream:
        if not re.fullmatch(rb"# v[23] git bundle\n", stream.readline(32)):
            return None
        header = stream.read(_HEADER_LIMIT).partition(b"\n\n")[0]
    lines = header.decode("utf-8", "backslashreplace").splitlines()
    return frozenset(line for line in lines if not line.startswith(("@", "-")))


def _safe(name: str) -> str:
    """Return a file name that every system can hold, and that is no option and not hidden."""
    return _SAFE_NAME.sub("_", name).lstrip(".-") or "evidence"


def _bundle(repository: Path, target: Path) -> Path:
    settings = [part for setting in _GIT_SETTINGS for part in ("-c", setting)]
    making = ("bundle", "create", "--quiet", str(target.resolve()), "--all")
    done = subprocess.run(
        ["git", *settings, "-C", str(repository), *making],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CEILING_DIRECTORIES": str(repository.parent),
            **_GIT_ENVIRONMENT,
        },
    )
    if done.returncode != 0:
        raise EvidenceError(
            "git cannot bundle this repository",
            file=str(repository),
            got=done.stderr.decode("utf-8", "replace").strip()[:500],
            expected="a complete git repository with at least one commit",
            remedy="check it with `git fsck`",
        )
    return target
