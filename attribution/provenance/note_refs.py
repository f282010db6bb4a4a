"""Where a repository keeps the line notes of git-ai, and which commit each is about.

`refs/notes/ai` is a tree of notes named by the commits (git-notes(1)); before it there was one
reference for each commit, `refs/ai/authorship/COMMIT`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.ingest.objects import Objects
from attribution.ingest.readers.commits import is_sha
from attribution.ingest.readers.git_notes import NOTES
from attribution.model.record import JsonValue
from attribution.provenance.line_notes import LARGEST, LineNote, parse_line_note
from attribution.provenance.note_text import NoteError

LEGACY = "refs/ai/authorship"
_LISTED = 100


@dataclass(slots=True)
class NoteAccount:
    """What became of every note: `found` is the sum of `parsed` and `rejected`, or some unread.

    `unlisted` are references whose notes cannot be listed: how many they hold is not known.
    """

    found: int = 0
    parsed: int = 0
    rejected: int = 0
    incomplete_entries: int = 0
    on_history: int = 0
    followed: int = 0
    not_followed: Counter[str] = field(default_factory=Counter)
    reasons: list[dict[str, JsonValue]] = field(default_factory=list)
    unlisted: list[dict[str, JsonValue]] = field(default_factory=list)

    @property
    def is_any_there(self) -> bool:
        """Whether the repository has notes, or a reference to some."""
        return bool(self.found or self.unlisted)

    def reject(self, place: str, reason: str) -> None:
        """Count a note that cannot be used; the first hundred are named."""
        self.rejected += 1
        if len(self.reasons) < _LISTED:
            self.reasons.append({"place": place, "reason": reason})

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts; `unread` are the notes of commits that were not asked about."""
        return {
            "found": self.found,
            "parsed": self.parsed,
            "rejected": self.rejected,
            "unread": self.found - self.parsed - self.rejected,
            "incomplete_entries": self.incomplete_entries,
            "on_history": self.on_history,
            "followed": self.followed,
            "not_followed": {
                reason: self.not_followed[reason] for reason in sorted(self.not_followed)
            },
            "reasons": list[JsonValue](self.reasons),
            "unlisted": list[JsonValue](self.unlisted),
        }


class NoteRefs:
    """The notes of one repository, by commit."""

    def __init__(self, repository: Repository) -> None:
        """List the notes; none is read yet."""
        self.account = NoteAccount()
        self._found: dict[str, tuple[str, str]] = {}
        self._told: set[str] = set()
        for name, oid in self._list_notes(repository):
            self._take(name.replace("/", ""), oid, f"{NOTES}:{name}")
        for name, oid in _list_legacy(repository):
            self._take(name, oid, f"{LEGACY}/{name}")

    def __contains__(self, sha: str) -> bool:
        return sha in self._found

    @property
    def shas(self) -> frozenset[str]:
        """Return the commits that notes are about, whether or not the history has them."""
        return frozenset(self._found)

    def read(self, sha: str, objects: Objects) -> tuple[LineNote, str] | None:
        """Return the note about a commit and its place; None without one that can be read.

        However often it is read, it is counted once.
        """
        if sha not in self._found:
            return None
        oid, place = self._found[sha]
        account = NoteAccount() if sha in self._told else self.account
        self._told.add(sha)
        stored = objects.read(oid, LARGEST)
        if stored is None or stored.kind != "blob":
            account.reject(place, "its content is missing from the repository")
            return None
        if stored.content is None:
            account.reject(place, f"too large: {stored.size:,} bytes")
            return None
        try:
            note = parse_line_note(stored.content)
        except NoteError as error:
            account.reject(place, str(error))
            return None
        account.parsed += 1
        account.incomplete_entries += note.problem_count
        return note, place

    def _list_notes(self, repository: Repository) -> list[tuple[str, str]]:
        if not repository.run("for-each-ref", "--format=%(refname)", NOTES):
            return []
        try:
            listing = list(repository.split("ls-tree", "-r", "-z", "--full-tree", NOTES))
        except InputError as error:
            self.account.unlisted.append({"place": NOTES, "reason": _tell_why(repository, error)})
            return []
        rows = (entry.partition("\t") for entry in listing)
        return [(name, about.rpartition(" ")[2]) for about, _, name in rows]

    def _take(self, sha: str, oid: str, place: str) -> None:
        self.account.found += 1
        if not is_sha(sha):
            self.account.reject(place, "its name is not a commit id")
        elif sha in self._found:
            self.account.reject(place, f"{self._found[sha][1]} is about the same commit")
        else:
            self._found[sha] = (oid, place)


def _tell_why(repository: Repository, error: InputError) -> str:
    """Return why the notes cannot be listed: what the reference points at, or what git says."""
    try:
        kind = repository.run("cat-file", "-t", f"{NOTES}^{{}}").strip()
    except InputError:
        kind = ""
    if kind in {"commit", "tree", ""}:
        return f"its notes cannot be listed: {error.got}"
    return f"its notes cannot be listed: it points at a {kind}, not at a tree of notes"


def _list_legacy(repository: Repository) -> list[tuple[str, str]]:
    fields = "--format=%(refname)%00%(objectname)%00"
    parts = [part.lstrip("\n") for part in repository.split("for-each-ref", fields, LEGACY)]
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return [(name.removeprefix(f"{LEGACY}/"), oid) for name, oid in pairs]
