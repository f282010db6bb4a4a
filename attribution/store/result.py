"""The result of a case as one small file, so that many cases make a table of results."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from attribution.store.custody import digest

if TYPE_CHECKING:
    from pathlib import Path

    from attribution.model.analysis import Analysis

_MANIFEST = "case.yaml"


def write_result(path: Path, analysis: Analysis) -> Path:
    """Write the attribution as JSON (schemas/result.schema.json) and return its path.

    Beside the document of `attribution attribute --json` it names the evidence set by its Merkle
    root, the program's version, the case's mode, whether its records are invented, and the figures
    of each agent's session. In a case's
    own `report` folder it also has the SHA-256 of the `case.yaml` it was computed from.
    """
    manifest = path.parent.parent / _MANIFEST
    source = {"manifest_sha256": digest(manifest).sha256} if manifest.is_file() else {}
    document = {
        **analysis.attribution.to_dict(),
        **source,
        "merkle_root": analysis.merkle_root,
        "mode": analysis.manifest.mode,
        "sessions": [session.summarise() for session in analysis.sessions],
        "synthetic": analysis.manifest.synthetic,
        "title": analysis.manifest.title,
        "version": analysis.version,
    }
    text = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    side = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        side.write_text(text + "\n", encoding="utf-8", newline="\n", errors="backslashreplace")
        side.replace(path)
    finally:
        side.unlink(missing_ok=True)
    return path


def read_manifest_digest(path: Path) -> str | None:
    """Return the SHA-256 of the `case.yaml` that a result was computed from, None if not told."""
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    found = document.get("manifest_sha256") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None
