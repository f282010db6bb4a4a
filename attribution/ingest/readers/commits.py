"""What the readers of commits share: the record of a commit, its aliases, its trailers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

_NOREPLY = re.compile(r"(?:\d+\+)?([^@]+)@users\.noreply\.github\.com", re.IGNORECASE)
_SHARED = re.compile(r"(?:no-?reply|root|git|nobody)@.*|.*@localhost.*", re.IGNORECASE)
# git-cherry-pick(1), -x: the line it adds to the message.
_PICK = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")
_REVERT = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands as author or committer, and since when; times as written."""

    name: str | None
    email: str | None
    time: JsonValue


def is_sha(value: str | None) -> bool:
    """Return whether a text is a full commit id, SHA-1 or SHA-256."""
    return value is not None and _SHA.fullmatch(value) is not None


def add_commit(
    intake: Intake,
    place: str,
    sha: str | None,
    *,
    author: Person,
    committer: Person,
    message: str,
    facts: dict[str, JsonValue],
) -> None:
    """Give the intake one commit; its time is the commit time. `facts` adds to its data."""
    if sha is None or not is_sha(sha):
        intake.reject(place, f"{(sha or '')[:80]!r} is not a full commit id")
        return
    for person in (author, committer):
        _add_aliases(intake, place, person)
    reverts = list(dict.fromkeys(_REVERT.findall(message)))
    picked = list(dict.fromkeys(_PICK.findall(message)))
    data = {
        "sha": sha,
        "parents": [],
        "author_name": author.name,
        "author_email": author.email,
        "committer_name": committer.name,
        "committer_email": committer.email,
        "authored": intake.timestamp(author.time, place),
        "committed": intake.timestamp(committer.time, place),
        "subject": message.partition("\n")[0],
        "trailers": [],
        **stated(
            reverts=list[JsonValue](reverts) or None,
            picked_from=list[JsonValue](picked) or None,
            repository=intake.options.repository,
        ),
        **facts,
    }
    intake.add(
        place,
        "commit",
        time=committer.time,
        text=message.rstrip("\n"),
        actor=author.email or author.name,
        subject=text(data.get("repository")) or sha[:12],
        native_id=sha,
        data=data,
    )


def _add_aliases(intake: Intake, place: str, person: Person) -> None:
    """Note name and e-mail as one actor, unless the address is one that many share."""
    if person.email is None or _SHARED.fullmatch(person.email):
        return
    match = _NOREPLY.fullmatch(person.email)
    intake.alias((person.email, person.name), place)
    intake.alias((person.email, match[1] if match else None), place)


def parse_trailers(message: str) -> list[JsonValue]:
    """Return the `Key: value` lines of the last paragraph, as git-interpret-trailers(1) reads them.

    A paragraph counts when every line is a trailer or continues one, or a quarter of them are and
    one is git's own (Signed-off-by, or a cherry-pick's note). The first paragraph is the subject.
    """
    paragraphs = re.split(r"\n[ \t]*\n", message.strip("\n"))
    if len(paragraphs) == 1:
        return []
    found: list[list[str]] = []
    others = 0
    for line in paragraphs[-1].splitlines():
        if line[:1] in {" ", "\t"} and found:
            found[-1][1] += f" {line.strip()}"
        elif match := _TRAILER.fullmatch(line):
            found.append([match[1], match[2].strip()])
        elif not line.startswith("(cherry picked from commit "):
            others += 1
    own = any(key.lower() == "signed-off-by" for key, _ in found)
    if others and not (own and len(found) >= others / 3):
        return []
    return [list[JsonValue](trailer) for trailer in found]


def add_rest_commit(intake: Intake, place: str, entry: Table, repository: str | None) -> None:
    """Give the intake one commit object of the GitHub REST API."""
    commit = table(entry.get("commit"))
    message = commit.get("message")
    message = message if isinstance(message, str) else ""
    author, committer = (_rest_person(commit.get(role)) for role in ("author", "committer"))
    sha = text(entry.get("sha"))
    for role, person in (("author", author), ("committer", committer)):
        account = text(find(entry, role, "login"))
        shared = person.email is None or _SHARED.fullmatch(person.email)
        # GitHub names the account that has the address among its own.
        intake.alias((account, None if shared else person.email), place, grade="verified")
    parents = [
        parent for item in items(entry.get("parents")) if (parent := text(find(item, "sha")))
    ]
    facts = stated(
        parents=list[JsonValue](parents),
        trailers=parse_trailers(message),
        signed=flag(find(commit, "verification", "verified")),
        repository=repository or intake.options.repository,
    )
    add_commit(intake, place, sha, author=author, committer=committer, message=message, facts=facts)


def _rest_person(value: JsonValue) -> Person:
    person = table(value)
    return Person(text(person.get("name")), text(person.get("email")), person.get("date"))
