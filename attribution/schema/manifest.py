"""Reading `case.yaml` into a `Manifest`: syntax, then shape, then what must agree."""

from __future__ import annotations

from pathlib import Path

from attribution.errors import ManifestError
from attribution.model.manifest import Manifest
from attribution.schema.agreement import check_agreement
from attribution.schema.construction import build_manifest
from attribution.schema.evidence import check_paths
from attribution.schema.problems import InvalidManifestError, Problem
from attribution.schema.structure import check_structure
from attribution.schema.syntax import MAX_BYTES
from attribution.schema.yaml import Node, parse_yaml

FILE_NAME = "case.yaml"


def load_manifest(path: Path) -> Manifest:
    """Return the manifest at `path`, a case folder or its `case.yaml`.

    Whether the evidence files exist is asked elsewhere (`missing_evidence`); whether their paths
    stay inside the case folder is checked here.

    Raises InvalidManifestError (a ManifestError) with all problems found, each with line, key,
    what was got, what was expected and what to do; ManifestError when the file cannot be read.
    """
    file = manifest_file(path)
    text = read_manifest_text(file)
    root = check_manifest(text, str(file))
    outside = check_paths(root, file.parent)
    if outside:
        raise InvalidManifestError(str(file), outside)
    return build_manifest(root)


def parse_manifest(text: str, file: str = FILE_NAME) -> Manifest:
    """Return the manifest that `text` holds; `file` names it in problems. Raises as above."""
    return build_manifest(check_manifest(text, file))


def check_manifest(text: str, file: str) -> Node:
    """Return the checked tree of a manifest's text; InvalidManifestError with all its problems."""
    root = parse_yaml(text, file)
    check_tree(root, file)
    return root


def check_tree(root: Node, file: str) -> None:
    """Check the shape and the agreement of a parsed manifest. Raises as `check_manifest`."""
    if not isinstance(root.value, dict):
        raise InvalidManifestError(file, [_not_a_case(root)])
    problems = check_structure(root) or check_agreement(root)
    if problems:
        raise InvalidManifestError(file, problems)


def manifest_file(path: Path) -> Path:
    """Return the path of `case.yaml` for a case folder or the file itself."""
    return path / FILE_NAME if path.is_dir() else path


def read_manifest_text(file: Path) -> str:
    """Return the text of a manifest. Raises ManifestError for no file, too large, or not UTF-8."""
    if not file.is_file():
        raise ManifestError(
            "there is no case here",
            file=str(file),
            got="no such file",
            expected="a case.yaml",
            remedy="make one with `attribution new DIR`, or name another folder",
        )
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise ManifestError(
            "the file is too large for a manifest",
            file=str(file),
            got=f"{size} bytes",
            expected=f"at most {MAX_BYTES} bytes",
            remedy="records belong in evidence files, not in case.yaml",
        )
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ManifestError(
            "the file is not UTF-8",
            file=str(file),
            place=f"line {line}, byte {error.start}",
            got=f"the byte 0x{data[error.start]:02x}",
            expected="text in UTF-8",
            remedy="save the file as UTF-8",
        ) from None


def _not_a_case(root: Node) -> Problem:
    empty = root.value is None
    return Problem(
        root.line,
        root.column,
        "",
        "the file is empty" if empty else "the file is not a case",
        got="nothing" if empty else "a list" if isinstance(root.value, list) else "text",
        expected="keys such as case, title, mode and parties, each with a value",
        remedy="start from the file that `attribution new DIR` writes",
    )
