"""Where evidence lies: always inside the case folder, whatever the manifest or a link says."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from attribution.errors import EvidenceError
from attribution.schema.problems import Problem

if TYPE_CHECKING:
    from attribution.model.manifest import EvidenceEntry, Manifest
    from attribution.schema.yaml import Node


_PATHS = (
    (
        "evidence",
        "path",
        "evidence/pagerduty.json",
        "copy the file into the folder with `attribution add`",
    ),
    ("insurance", "policy", "insurance/policy.yaml", "copy the file into the folder"),
)
"""The keys of a manifest that hold paths, with an example and what to do."""


def evidence_path(folder: Path, entry: EvidenceEntry) -> Path:
    """Return where the evidence item lies in the case `folder`.

    Raises EvidenceError when the path leads out of the folder, through `..` or a symbolic link.
    """
    reason = _escape(folder, entry.path)
    if reason is not None:
        raise EvidenceError(
            f"the path of {entry.id} leads out of the case folder",
            file=str(folder / "case.yaml"),
            got=f"{entry.path} ({reason})",
            expected="a path inside the case folder",
            remedy="copy the file into the folder with `attribution add`",
        )
    return folder / entry.path


def missing_evidence(manifest: Manifest, folder: Path) -> tuple[EvidenceEntry, ...]:
    """Return the declared evidence items of which nothing lies in the case `folder`."""
    return tuple(entry for entry in manifest.evidence if not evidence_path(folder, entry).exists())


def check_paths(root: Node, folder: Path) -> list[Problem]:
    """Return the paths of a checked manifest, of evidence and policies, that leave `folder`."""
    problems = []
    for key, name, example, remedy in _PATHS:
        entries = root.members.get(key)
        for position, entry in enumerate(entries.items if entries else ()):
            node = entry.members[name]
            reason = _escape(folder, str(node.value))
            if reason is not None:
                problems.append(
                    Problem(
                        node.line,
                        node.column,
                        f"{key}[{position}].{name}",
                        "the path leads out of the case folder",
                        got=f"{node.value} ({reason})",
                        expected=f"a path inside the case folder, such as {example}",
                        remedy=remedy,
                    )
                )
    return problems


def _escape(folder: Path, path: str) -> str | None:
    """Return why `path` does not stay inside `folder`, None when it does."""
    if "\0" in path:
        return "it holds a NUL character"
    if PurePosixPath(path).is_absolute() or path.startswith("~"):
        return "it is absolute"
    if "\\" in path or (len(path) > 1 and path[1] == ":"):
        return "it is written for another system"
    if ".." in PurePosixPath(path).parts:
        return "it goes up through .."
    if not (folder / path).resolve().is_relative_to(folder.resolve()):
        return "a symbolic link leads outside"
    return None
