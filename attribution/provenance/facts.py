"""A repository's whole history as small facts: what its habits are told from.

Nothing of a commit is kept but its id, its parents, two dates, who they belong to, and a digest of
its subject: some 400 bytes a commit. Format: git-rev-list(1), `--header`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from attribution.ingest.commit_graph import HISTORY
from attribution.ingest.git import Repository
from attribution.model.actor import ActorDirectory
from attribution.model.instant import SECOND, Instant
from attribution.provenance.fixes import resolve_commit
from attribution.provenance.history import History, Identity, identify
from attribution.provenance.markers import find_request_marks
from attribution.provenance.parts import split_parts
from attribution.provenance.requests import head_in, number_in

LONGEST = 1 << 16
"""So much is read of a commit object's text."""

_PERSON = re.compile(r"(?P<name>.*?) ?<(?P<email>[^<>]*)> (?P<time>-?\d+) [+-]\d+")
_NAMED = 500  # characters of a name or an address that are told apart
_LATEST = 253402300800  # the first second of the year 10000
_EVERY = 2000
_NOBODY = ActorDirectory(())


@dataclass(frozen=True, slots=True)
class Fact:
    """One commit; `subject` is a number that stands for its subject line, 0 for none.

    `title` is that of the subject without the "(#N)" a squash merge ends it with; `head` is the
    branch that a merge takes in, and its pull request, where the branch bears an agent's mark.
    """

    sha: str
    parents: tuple[str, ...]
    authored: Instant | None
    committed: Instant | None
    subject: int
    pull_request: int | None
    title: int
    head: tuple[str, int | None] | None = None


@dataclass(slots=True)
class People:
    """Everyone met so far, so that each is kept once."""

    known: dict[tuple[str, str], Identity] = field(default_factory=dict)

    def find(self, name: str, email: str) -> Identity:
        """Return who is called so, always the same object."""
        found = self.known.get((name, email))
        if found is None:
            data = {"author_name": name, "author_email": email}
            found = self.known[name, email] = identify(data, "author", _NOBODY)
        return found


def read_history(repository: Repository, tell: Callable[[str], object]) -> History:
    """Return the facts of every commit, the oldest first by commit date.

    Raises InputError when git cannot read the repository.
    """
    people = People()
    rows: list[tuple[Fact, Identity, Identity, bool]] = []
    ids: dict[str, str] = {}
    for text in _list_headers(repository):
        row = read_header(text, people, ids)
        if row is not None:
            rows.append(row)
            if len(rows) % _EVERY == 0:
                tell(f"reading the history: {len(rows):,} commits")
    rows.reverse()
    rows.sort(key=lambda row: row[0].committed or 0)
    return History(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(row[3] for row in rows),
        resolve_commit(repository, "HEAD"),
    )


def _list_headers(repository: Repository) -> Iterator[str]:
    output = repository.stream("rev-list", *HISTORY, "--header", "--encoding=UTF-8")
    return (text for text, _ in split_parts(output, LONGEST))


def read_header(
    text: str, people: People, ids: dict[str, str]
) -> tuple[Fact, Identity, Identity, bool] | None:
    """Return what a commit's text in the form of `git rev-list --header` says of it."""
    header, _, message = text.partition("\n\n")
    sha, *lines = header.split("\n")
    sha = ids.setdefault(sha, sha)
    parents: list[str] = []
    seen: dict[str, tuple[Identity, Instant | None]] = {}
    signed = False
    for line in lines:
        key, _, value = line.partition(" ")
        if key == "parent":
            parents.append(ids.setdefault(value, value))
        elif key in {"author", "committer"}:
            seen.setdefault(key, _read_person(value, people))
        elif key.startswith("gpgsig"):
            signed = True
    if not sha or not lines:
        return None
    author, authored = seen.get("author") or (people.find("", ""), None)
    committer, committed = seen.get("committer") or (people.find("", ""), None)
    subject = message.lstrip("\n ").partition("\n")[0].strip()
    number, digest = number_in(subject), digest_subject(subject)
    title = digest if number is None else digest_subject(subject.removesuffix(f" (#{number})"))
    head = head_in(subject) if len(parents) > 1 else None
    if head is not None and not find_request_marks(None, head[0], ""):
        head = None
    fact = Fact(sha, tuple(parents), authored, committed, digest, number, title, head)
    return fact, author, committer, signed


def _read_person(value: str, people: People) -> tuple[Identity, Instant | None]:
    match = _PERSON.fullmatch(value)
    if match is None:
        return people.find(value[:_NAMED], ""), None
    name, email = match["name"][:_NAMED], match["email"][:_NAMED]
    return people.find(name, email), read_time(match["time"])


def read_time(seconds: str) -> Instant | None:
    """Return the instant of git's seconds since 1970; None for one that no calendar has."""
    try:
        number = int(seconds)
    except ValueError:
        return None
    return Instant(number * SECOND) if -_LATEST < number < _LATEST else None


def digest_subject(subject: str) -> int:
    """Return the number that stands for a subject line in `Fact`."""
    if not subject:
        return 0
    return int.from_bytes(blake2b(subject.encode(), digest_size=7).digest()) + 1
