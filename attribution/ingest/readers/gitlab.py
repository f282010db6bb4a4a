"""What the GitLab readers share: people, projects, and where the head of a request stood when.

An approval on GitLab names no commit. Which head it was given for is found from the versions of the
request, each with the time its head was pushed, or from the notes about added commits; where
neither reaches, the commit is not visible, and nothing is said of the approval being stale.

Sources: https://docs.gitlab.com/api/merge_requests/ and https://docs.gitlab.com/api/notes/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.ingest.fields import Table, find, flag, items, number, table, text
from attribution.ingest.intake import Intake
from attribution.model.instant import Instant
from attribution.model.record import JsonValue

_BOTS = re.compile(r"(?:project|group)_\d+_bot.*|service_account_.+")
"""Names GitLab gives to accounts that no person bears: access tokens' and service accounts'.

Source: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects
and https://docs.gitlab.com/api/service_accounts/
"""

_LINK = re.compile(r"https?://[^/]+/(.+?)/(?:-/)?(?:merge_requests|jobs|pipelines)/(\d{1,18})\b")
_PAGES = frozenset({20, 100})
"""How many entries a page of GitLab's interface holds by default, and at most."""

_ADDED = re.compile(r"added \d+ commits?\b")
_LISTED = re.compile(r"<li>([0-9a-f]{7,64}) - ")


@dataclass(frozen=True, slots=True)
class Request:
    """A merge request: what every record about it carries."""

    repository: str | None
    number: int | None
    head: str | None = None
    target: str | None = None
    commits: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Return the full ids of commits that are on record for it."""
        return self.commits if self.head is None else (*self.commits, self.head)

    @property
    def name(self) -> str:
        """Return `!7`, as GitLab writes it."""
        return "the change" if self.number is None else f"!{self.number}"


@dataclass(frozen=True, slots=True)
class Head:
    """A head of a request: the commit (None where unreadable) and since when."""

    sha: str | None
    since: Instant


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a request in time order, and what they are known from.

    `only` is the head where the records show that there was never another.
    """

    basis: str
    heads: tuple[Head, ...] = ()
    only: str | None = None

    def at(self, time: Instant | None) -> str | None:
        """Return the head at a time, None where it is not visible."""
        if self.only is not None or time is None:
            return self.only
        passed = [head for head in self.heads if head.since <= time]
        return passed[-1].sha if passed else None


def username(user: JsonValue) -> str | None:
    """Return an account's user name."""
    return text(table(user).get("username"))


def account_type(user: JsonValue) -> str | None:
    """Return `Bot` for an account that is no person's, None where nothing says so."""
    name = username(user)
    if flag(table(user).get("bot")) is True or (name and _BOTS.fullmatch(name)):
        return "Bot"
    return "User" if flag(table(user).get("bot")) is False else None


def project(*sources: JsonValue) -> str | None:
    """Return a project's path from the first full reference, link or path that states it."""
    for source in sources:
        if not isinstance(source, str):
            continue
        if match := _LINK.match(source):
            return match[1]
        path = source.partition("!")[0]
        if "/" in path and "://" not in path:
            return path
    return None


def read_request(entry: Table, repository: str | None, commits: tuple[str, ...] = ()) -> Request:
    """Return which merge request an object is; `commits` are those listed beside it."""
    return Request(
        project(find(entry, "references", "full"), entry.get("web_url"), repository),
        number(entry.get("iid")),
        text(entry.get("sha")) or text(find(entry, "diff_refs", "head_sha")),
        text(entry.get("target_branch")),
        commits,
    )


def find_heads(intake: Intake, place: str, export: Table, request: Request) -> Heads:
    """Return the heads of a request: from its versions, else from the notes about added commits."""
    if isinstance(versions := export.get("versions"), list):
        cut = _warn_of_pages(intake, request, "versions", versions)
        heads = _read_versions(intake, place, versions)
        only = heads[0].sha if len(heads) == len(versions) == 1 and not cut else None
        return Heads("versions", heads, only)
    if not isinstance(notes := export.get("notes"), list):
        return Heads("nothing")
    cut = _warn_of_pages(intake, request, "notes", notes)
    heads = _read_notes(intake, place, notes, request)
    # With all notes at hand and none about added commits there never was another head.
    return Heads("notes", heads, None if heads or cut else request.head)


def _warn_of_pages(intake: Intake, request: Request, what: str, listed: list[JsonValue]) -> bool:
    """Return whether a list may be one page of several, and say so."""
    if len(listed) not in _PAGES:
        return False
    intake.truncate(
        f"{request.name}: {len(listed)} {what} are listed, as many as a page holds; there may be"
        " more"
    )
    return True


def _read_versions(intake: Intake, place: str, versions: list[JsonValue]) -> tuple[Head, ...]:
    found = []
    for version in map(table, versions):
        since = intake.instant(version.get("created_at"), place)
        if since is not None:
            found.append(Head(text(version.get("head_commit_sha")), since))
    return tuple(sorted(found, key=lambda head: head.since))


def _read_notes(
    intake: Intake, place: str, notes: list[JsonValue], request: Request
) -> tuple[Head, ...]:
    found = []
    for note in map(table, notes):
        since = intake.instant(note.get("created_at"), place)
        if since is not None and is_push(note):
            found.append(Head(pushed_head(note, request), since))
    return tuple(sorted(found, key=lambda head: head.since))


def is_push(note: Table) -> bool:
    """Return whether a note is the platform's about added commits."""
    body = note.get("body")
    system = flag(note.get("system")) is True
    return system and isinstance(body, str) and _ADDED.match(body) is not None


def pushed_head(note: Table, request: Request) -> str | None:
    """Return the head a note about added commits lists last, None where its full id is not known.

    The list has the commits in the order they were made, by the beginning of their ids.
    """
    listed = _LISTED.findall(text(note.get("body")) or "")
    if not listed:
        return None
    full = {sha for sha in request.known if sha.startswith(listed[-1])}
    return full.pop() if len(full) == 1 else None


def listed(export: Table, key: str) -> list[JsonValue]:
    """Return the list under a key, also where a response wraps it under the same name again."""
    value = export.get(key)
    return items(find(value, key) if isinstance(value, dict) else value)
