"""A git repository (with a work tree or bare) or a bundle: its commits and tags.

Every commit of every branch and tag is read; notes, replacements, stashes and gittuf's own
references are not history, nor is what Gerrit keeps of its changes. The records of oversight that
notes, gittuf and Gerrit keep are read as such.
Whether a commit is signed is told from its header alone: checking a signature would run a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from attribution.errors import InputError
from attribution.ingest.fields import stated
from attribution.ingest.format import Format
from attribution.ingest.git import Repository, open_repository
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, is_sha
from attribution.ingest.readers.gerrit_notedb import read_notedb
from attribution.ingest.readers.git_notes import read_line_notes
from attribution.ingest.readers.repository_attestations import read_attestations
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_FIELDS = ("%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%(trailers:only,unfold)", "%B")
_HISTORY = (
    "--exclude=refs/notes/*", "--exclude=refs/replace/*", "--exclude=refs/stash",
    "--exclude=refs/gittuf/*", "--exclude=refs/changes/*/meta", "--all",
)  # fmt: skip
_NUMSTAT = re.compile(r"\n?(\d+|-)\t(\d+|-)\t(.*)", re.DOTALL)
_TAG_FIELDS = (
    "%(refname:lstrip=2)", "%(objectname)", "%(*objectname)", "%(objecttype)", "%(taggername)",
    "%(taggeremail)", "%(taggerdate:iso-strict)", "%(subject)",
)  # fmt: skip


@dataclass
class _Change:
    """What a commit changed, against its first parent; nothing for a merge."""

    files: list[str] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def _read(source: Source, intake: Intake) -> None:
    for what in _find_outside(source.path):
        intake.remark(what)
    with open_repository(source.path) as repository:
        if repository.run("rev-parse", "--is-shallow-repository").strip() == "true":
            intake.truncate("the history is cut: this is a shallow clone")
        changes = _try_changes(repository, intake)
        signed = _read_signed(repository)
        notes = read_line_notes(repository, changes.keys(), intake)
        found = False
        for sha, *values in _batches(_list_commits(repository), len(_FIELDS)):
            found = True
            _add(intake, sha, values, changes.get(sha), signed=sha in signed, note=notes.get(sha))
        if not found:
            raise InputError(
                "the repository has no commits",
                file=source.file,
                expected="a repository with history",
                remedy="check that it is the right folder, and the clone complete",
            )
        for values in _batches(_list_tags(repository), len(_TAG_FIELDS)):
            _add_tag(intake, values)
        read_attestations(repository, intake)
        read_notedb(repository, intake)


def _find_outside(folder: Path) -> Iterator[str]:
    """Yield in words what a repository takes from elsewhere on the machine it is read on.

    Work trees and borrowing clones do so rightly (gitrepository-layout(5)), and so does a folder
    that is made to show what lies beside it.
    """
    place = folder / ".git" if (folder / ".git").exists() else folder
    linked = place.is_symlink() and not place.resolve().is_relative_to(folder.resolve())
    if linked or (place != folder and place.is_file()):
        yield "its .git leads to a repository that lies elsewhere: what is read is that one"
    if (place / "objects" / "info" / "alternates").exists() or (place / "objects").is_symlink():
        yield "it borrows objects from another repository (objects/info/alternates)"


def _list_commits(repository: Repository) -> Iterator[str]:
    wanted = "%x00".join(_FIELDS)
    return repository.split(
        "log", *_HISTORY, "-z", "--no-show-signature", "--encoding=UTF-8", f"--format={wanted}"
    )


def _list_tags(repository: Repository) -> Iterator[str]:
    wanted = "".join(f"{part}%00" for part in _TAG_FIELDS)
    return repository.split("for-each-ref", "--sort=refname", f"--format={wanted}", "refs/tags")


def _batches(parts: Iterator[str], size: int) -> Iterator[list[str]]:
    while len(batch := list(islice(parts, size))) == size:
        yield batch


def _try_changes(repository: Repository, intake: Intake) -> dict[str, _Change]:
    """Return what the commits changed; none where contents are missing, as in a partial clone.

    The commits themselves are there all the same: a repository that lacks those is refused later.
    """
    try:
        return _read_changes(repository)
    except InputError as error:
        said = (error.got or "").splitlines()
        intake.truncate(
            "what the commits changed is not known: contents are missing from this clone"
            f" ({said[-1] if said else 'git says nothing of it'})"
        )
        return {}


def _read_changes(repository: Repository) -> dict[str, _Change]:
    changes: dict[str, _Change] = {}
    current = _Change()
    for part in repository.split(
        "log", *_HISTORY, "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv",
        "--no-show-signature", "--diff-merges=off", "--format=%H",
    ):  # fmt: skip
        match = _NUMSTAT.fullmatch(part)
        if match is None:
            current = changes.setdefault(part.strip("\n"), _Change())
        else:
            current.files.append(match[3])
            current.added += 0 if match[1] == "-" else int(match[1])
            current.removed += 0 if match[2] == "-" else int(match[2])
    return changes


def _read_signed(repository: Repository) -> set[str]:
    """Return the commits whose header carries a signature."""
    signed = set()
    for part in repository.split("rev-list", *_HISTORY, "--header"):
        sha, _, rest = part.partition("\n")
        header = rest.partition("\n\n")[0]
        if "\ngpgsig" in header:
            signed.add(sha)
    return signed


def _add(
    intake: Intake,
    sha: str,
    values: list[str],
    change: _Change | None,
    *,
    signed: bool,
    note: dict[str, JsonValue] | None,
) -> None:
    parents, name, email, date, by_name, by_email, by_date, trailers, message = values
    facts = stated(
        parents=list[JsonValue](parents.split()),
        trailers=_split_trailers(trailers),
        signed=signed,
        line_note=note,
    )
    if change is not None and (change.files or len(parents.split()) < 2):  # noqa: PLR2004 - a merge
        files = list[JsonValue](sorted(change.files))
        facts |= {"files": files, "lines_added": change.added, "lines_removed": change.removed}
    add_commit(
        intake,
        f"commit {sha}",
        sha,
        author=Person(name or None, email or None, date),
        committer=Person(by_name or None, by_email or None, by_date),
        message=message,
        facts=facts,
    )


def _split_trailers(block: str) -> list[JsonValue]:
    pairs = (line.partition(":") for line in block.splitlines() if ":" in line)
    return [[key.strip(), value.strip()] for key, _, value in pairs]


def _add_tag(intake: Intake, values: list[str]) -> None:
    name, own, peeled, kind, tagger, email, date, subject = values
    name, annotated = name.lstrip("\n"), kind == "tag"
    email = email.strip("<>")
    intake.add(
        f"tag {name}",
        "tag",
        # A lightweight tag is a mere pointer: the time of the commit is not its own.
        time=date if annotated else None,
        text=f"tag {name}{f': {subject}' if annotated and subject else ''}",
        actor=(email or tagger or None) if annotated else None,
        subject=name,
        native_id=f"refs/tags/{name}",
        data=stated(
            name=name,
            sha=(peeled or own) if is_sha(peeled or own) else None,
            annotated=annotated,
            repository=intake.options.repository,
        ),
    )


def _sniff(_source: Source) -> float:
    return 1.0


FORMAT = Format(
    id="git",
    title="git repository or bundle",
    told_by="a folder with .git, a bare repository, or a file that begins with '# v2 git bundle'",
    source="https://git-scm.com/docs/git-log, https://git-scm.com/docs/gitformat-bundle",
    kinds=frozenset({"repository", "bundle"}),
    sniff=_sniff,
    read=_read,
)
