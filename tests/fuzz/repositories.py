"""Git repositories with damaged objects, made without git, and a check of what is read of them.

An input is a series of objects, each under a line `== KIND REFERENCE`: `commit`, `tag` or `blob`.
`{0}`, `{1}` ... in it stand for the ids of the objects before it, `{tree}` for the empty tree.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zlib
from pathlib import Path

from attribution.errors import AttributionError
from attribution.ingest.reading import read_evidence
from attribution.provenance.survey import Survey
from tests.fuzz.promises import check_outputs, check_reading, check_refusal, read_path

_HEADING = re.compile(rb"(?m)^== (commit|tag|blob|tree)(?: ([A-Za-z0-9/_.-]{1,100}))?\n")
_REFERENCE = re.compile(r"refs/[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)+")
_NUMBERED = re.compile(rb"\{(\d)\}")
_PERSON = b"Coder <coder@example.test> 1767258000 +0000"
_COMMIT = b"tree {tree}\nauthor " + _PERSON + b"\ncommitter " + _PERSON + b"\n"

REPOSITORIES = (
    b"== commit refs/heads/main\n" + _COMMIT + b"\nFirst\n\nFixes: 1234567890ab\n"
    b"Co-authored-by: Claude <noreply@example.test>\n"
    b"== commit refs/heads/main\ntree {tree}\nparent {0}\nauthor " + _PERSON + b"\ncommitter "
    + _PERSON + b"\nencoding latin1\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n"
    b' -----END PGP SIGNATURE-----\n\nRevert "First"\n\nThis reverts commit {0}.\n'
    b"== tag refs/tags/v1\nobject {1}\ntype commit\ntag v1\ntagger " + _PERSON + b"\n\nRelease\n",
    b"== commit refs/heads/main\n" + _COMMIT + b"\nDelete idle volumes\n\nChange-Id: I"
    + b"a" * 40 + b"\n== commit refs/changes/55/4155/meta\n"
    b"tree {tree}\nauthor Gerrit User 1001 <1001@server-1> 1767258000 +0000\n"
    b"committer Gerrit <gerrit@example.test> 1767258000 +0000\n\nCreate change\n\nUploaded patch"
    b" set 1.\n\nPatch-set: 1\nChange-id: I" + b"a" * 40 + b"\nSubject: Delete idle volumes\n"
    b"Branch: refs/heads/main\nStatus: new\nCommit: {0}\nGroups: {0}\n"
    b"== commit refs/changes/55/4155/meta\ntree {tree}\nparent {1}\n"
    b"author Gerrit User 1002 <1002@server-1> 1767258060 +0000\n"
    b"committer Gerrit <gerrit@example.test> 1767258060 +0000\n\nUpdate patch set 1\n\nPatch Set 1:"
    b" Code-Review+2\n\nPatch-set: 1\nLabel: Code-Review=+2, 0123abcd\nStatus: merged\n",
    b"== commit refs/heads/main\n" + _COMMIT + b"\nFirst\n"
    b"== commit refs/gittuf/reference-state-log\n" + _COMMIT + b"\nRSL Reference Entry\n\n"
    b"ref: refs/heads/main\ntargetID: {0}\nnumber: 1\n"
    b"== commit refs/gittuf/reference-state-log\ntree {tree}\nparent {1}\nauthor " + _PERSON
    + b"\ncommitter " + _PERSON + b"\n\nRSL Annotation Entry\n\nentryID: {1}\nskip: true\n"
    b"number: 2\n-----BEGIN MESSAGE-----\nbm90ZQ==\n-----END MESSAGE-----\n",
)  # fmt: skip


def build_repository(folder: Path, content: bytes) -> None:
    """Write the repository that an input describes; what it leaves out is left out."""
    for part in ("objects", "refs/heads"):
        (folder / part).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text("[core]\nbare = true\nrepositoryformatversion = 0\n")
    tree = _write(folder, b"tree", b"").encode()
    pieces = _HEADING.split(content)[1:]
    ids: list[bytes] = []
    for kind, reference, body in zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True):
        named = body.replace(b"{tree}", tree)
        named = _NUMBERED.sub(lambda match: _id_at(ids, int(match[1])), named)
        ids.append(_write(folder, kind, named).encode())
        name = (reference or b"").decode()
        path = folder / name
        if _REFERENCE.fullmatch(name) and not path.is_dir() and not _is_under_file(folder, path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(ids[-1] + b"\n")


def check_repository(content: bytes) -> None:
    """Assert every promise of a reader, and of the survey of who wrote what."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "repository"
        build_repository(folder, content)
        found = read_path(folder, None, whole=False)
        if isinstance(found, str):
            return
        check_reading(found)
        check_outputs(found)
        assert found == read_evidence(folder, format="git", zone="UTC")
        try:
            with Survey(folder) as survey:
                for dossier in survey.dossiers():
                    json.dumps(dossier.to_dict(), allow_nan=False)
                json.dumps(survey.totals(), allow_nan=False)
        except AttributionError as error:
            check_refusal(error)


def _id_at(ids: list[bytes], index: int) -> bytes:
    return ids[index] if index < len(ids) else b"0" * 40


def _is_under_file(folder: Path, path: Path) -> bool:
    return any(parent.is_file() for parent in path.parents if parent.is_relative_to(folder))


def _write(folder: Path, kind: bytes, body: bytes) -> str:
    """Write a loose object, valid or not (gitformat-loose(5)); return its id."""
    data = kind + b" %d\x00" % len(body) + body
    name = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    path = folder / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(data))
    return name
