"""Gerrit changes as the server keeps them in the repository: NoteDb, `refs/changes/NN/NUMBER/meta`.

Each reference is a line of commits, one for every update of the change; the last paragraph of a
message has the facts: `Patch-set`, `Commit`, `Label`, `Copied-Label`, `Status`, `Submitted-with`.
People are known there by their account numbers alone.

Sources: https://gerrit-review.googlesource.com/Documentation/note-db.html and, for the footers,
java/com/google/gerrit/server/notedb/ChangeNoteFooters.java and ChangeUpdate.java of Gerrit
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from attribution.ingest.fields import stated
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.objects import Objects
from attribution.ingest.readers.commits import is_sha
from attribution.ingest.readers.gerrit import Change, PatchSet, Vote, who
from attribution.ingest.readers.gerrit_messages import Message, add_message, find_submission
from attribution.ingest.readers.gerrit_requirements import add_requirements, read_requirements
from attribution.ingest.readers.gerrit_votes import Placed, Votes
from attribution.model.record import JsonValue

_META = re.compile(r"refs/changes/\d\d/(\d{1,12})/meta")
MAX_UPDATE = 16 << 20
_SUBMITTED = "SUBM"

_HEADER = re.compile(rb"(parent|author) ([^\n]*)\n")
_PERSON = re.compile(r"(.*?) ?<([^<>]*)> (-?\d{1,12})(?: [+-]\d{4})?")
_FOOTER = re.compile(r"([A-Z][A-Za-z-]*): ?(.*)")
_ACCOUNT = re.compile(r"(.*?) ?<(\d+)@[^<>]*>")
_LABEL = re.compile(
    r"(-?)([A-Za-z][\w-]*?)(?:=([+-]?\d{1,3}))?(?:, [\w-]+)?(?: (.*?<\d+@[^<>]*>).*)?"
)
_BRANCH = "refs/heads/"


@dataclass(frozen=True, slots=True)
class _Update:
    """One commit of a change: who, when (epoch), what was said, and the facts of its footers."""

    sha: str
    person: JsonValue
    time: int
    body: str
    facts: tuple[tuple[str, str], ...]

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.facts if name.casefold() == key.casefold()]

    def value(self, key: str) -> str | None:
        return next(iter(self.values(key)), None)

    @property
    def patch_set(self) -> int | None:
        digits = (self.value("Patch-set") or "").partition(" ")[0]
        return int(digits) if digits.isdecimal() and len(digits) < 7 else None  # noqa: PLR2004 - a count

    @property
    def place(self) -> str:
        return f"commit {self.sha}"


@dataclass
class _Told:
    """What the updates of a change tell, put together."""

    stated: dict[str, str] = field(default_factory=dict)
    patch_sets: dict[int, PatchSet] = field(default_factory=dict)
    votes: list[Placed] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    records: list[JsonValue] = field(default_factory=list)
    submitted: _Update | None = None


def read_notedb(repository: Repository, intake: Intake) -> None:
    """Give the intake every change that a repository brings along, with each of its updates."""
    listed = repository.run(
        "for-each-ref", "--sort=refname", "--format=%(objectname) %(refname)", "refs/changes"
    )
    with repository.objects() as objects:
        for line in listed.splitlines():
            tip, _, reference = line.partition(" ")
            match = _META.fullmatch(reference)
            updates = list(_walk(objects, tip, intake))[::-1] if match is not None else []
            if match is not None and updates:
                _read_change(intake, int(match[1]), updates)


def _walk(objects: Objects, sha: str, intake: Intake) -> Iterator[_Update]:
    """Yield the updates, newest first."""
    seen: set[str] = set()
    while sha and sha not in seen:
        seen.add(sha)
        stored = objects.read(sha, MAX_UPDATE)
        if stored is None or stored.content is None or stored.kind != "commit":
            intake.reject(f"commit {sha}", "the update is missing, or too large")
            return
        head, _, message = stored.content.partition(b"\n\n")
        headers = dict(_HEADER.findall(head + b"\n"))
        person = _PERSON.fullmatch(headers.get(b"author", b"").decode("utf-8", "replace"))
        update = _parse(sha, person, message.decode("utf-8", "replace"))
        if update is None:
            intake.reject(f"commit {sha}", "not an update of a change: it names no patch set")
        else:
            yield update
        sha = headers.get(b"parent", b"").decode("ascii", "replace")


def _parse(sha: str, person: re.Match[str] | None, message: str) -> _Update | None:
    paragraphs = message.rstrip().rsplit("\n\n", 1)
    facts = tuple(
        (match[1], match[2].strip())
        for line in paragraphs[-1].splitlines()
        if (match := _FOOTER.fullmatch(line))
    )
    body = paragraphs[0].partition("\n\n")[2] if len(paragraphs) > 1 else ""
    account = person[2].partition("@")[0] if person else ""
    author = _account(account, person[1] if person else "")
    update = _Update(sha, author, int(person[3]) if person else 0, body.strip(), facts)
    return update if update.patch_set is not None else None


def _account(number: str, name: str) -> JsonValue:
    """Return an account as the other readers know it; the generated names are the same as ids."""
    return stated(name=name or None, _account_id=number or None)


def _read_change(intake: Intake, number: int, updates: list[_Update]) -> None:
    told = _Told()
    for update in updates:
        _take(told, update)
    submission = find_submission(told.messages)
    last = max(told.patch_sets, default=updates[-1].patch_set)
    final = told.patch_sets[last].sha if last in told.patch_sets else None
    made = submission is not None and submission.sha is not None and submission.sha == final
    change = Change(
        intake.options.repository,
        number,
        told.stated.get("Branch", "").removeprefix(_BRANCH) or None,
        told.patch_sets,
        last - 1 if made and last is not None and last > 1 else last,
    )
    entry: dict[str, JsonValue] = {"submit_records": told.records}
    requirements = read_requirements(entry)
    forced = requirements.forced or (submission is not None and submission.pushed)
    _add_events(intake, change, told, updates, final=final, forced=forced)
    for message in told.messages:
        add_message(intake, message, change)
    ledger = Votes(intake, change, requirements.labels)
    for place, vote in told.votes:
        ledger.add(place, vote)
    if told.submitted is not None:
        place = told.submitted.place
        where = {"requirements": place, "records": place}
        add_requirements(intake, where, entry, change, told.submitted.time)


def _take(told: _Told, update: _Update) -> None:
    """Take one update's facts into what is told of the change."""
    number = update.patch_set
    for key in ("Branch", "Subject", "Status", "Change-id"):
        if (value := update.value(key)) is not None:
            told.stated[key] = value
    sha = update.value("Commit")
    if sha is not None and is_sha(sha) and number is not None:
        told.patch_sets[number] = PatchSet(number, sha, update.time, update.person)
    if update.value("Status") == "merged":
        told.submitted = update
        told.records = _read_records(update)
    votes = [vote for line in update.values("Label") if (vote := _read_vote(update, line))]
    for at, vote in enumerate(votes):
        body = update.body.partition("\n")[2].strip() or None if at == 0 else None
        told.votes.append((update.place, replace(vote, body=body)))
    for line in update.values("Copied-Label"):
        _carry(told, update, line)
    if not votes and update.body:
        tag = update.value("Tag")
        message = Message(
            update.place, update.sha, update.person, update.time, update.body, number, tag
        )
        told.messages.append(message)


def _read_vote(update: _Update, line: str) -> Vote | None:
    """Return the vote of a footer, None for what is none and for that of submitting."""
    match = _LABEL.fullmatch(line)
    if match is None or match[2] == _SUBMITTED:
        return None
    value = 0 if match[1] or match[3] is None else int(match[3])
    account = _ACCOUNT.fullmatch(match[4]) if match[4] else None
    person = _account(account[2], account[1]) if account else update.person
    native = f"{update.sha}:{match[2]}"
    return Vote(match[2], value, update.patch_set, person, update.time, native)


def _carry(told: _Told, update: _Update, line: str) -> None:
    """Note on the vote a footer copies how far it was carried."""
    copied = _read_vote(update, line)
    if copied is None or not copied.value:
        return
    for at in range(len(told.votes) - 1, -1, -1):
        place, vote = told.votes[at]
        same = (vote.label, vote.value, who(vote.person))
        if same == (copied.label, copied.value, who(copied.person)):
            told.votes[at] = (place, replace(vote, carried_to=update.patch_set))
            return


def _read_records(update: _Update) -> list[JsonValue]:
    """Return the submit records of the submission, in the shape the REST interface gives them."""
    records: list[JsonValue] = []
    labels: dict[int, list[JsonValue]] = defaultdict(list)
    for line in update.values("Submitted-with"):
        status, _, rest = line.partition(": ")
        if not rest:
            records.append({"status": status.partition(" ")[0]})
        elif status != "Rule-Name" and records:
            label = rest.partition(": ")[0]
            labels[len(records) - 1].append({"label": label, "status": status})
    return [
        record | {"labels": labels[at]} if isinstance(record, dict) else record
        for at, record in enumerate(records)
    ]


def _add_events(
    intake: Intake,
    change: Change,
    told: _Told,
    updates: list[_Update],
    *,
    final: str | None,
    forced: bool,
) -> None:
    """Give the intake the change opened, and merged or abandoned."""
    first, title = updates[0], told.stated.get("Subject") or ""
    uploaders = {who(one.uploader) for one in told.patch_sets.values()} - {None, who(first.person)}
    common = stated(
        repository=change.project,
        number=change.number,
        title=title,
        author=who(first.person),
        head_sha=change.head,
        base_ref=change.branch,
        patch_sets=max(told.patch_sets, default=None),
        uploaders=list[JsonValue](sorted(name for name in uploaders if name)) or None,
        reviews_listed=True,
    )
    happened = [("opened", first, stated(commits=[change.head] if change.head else None))]
    closing = next((one for one in reversed(updates) if one.value("Status") == "abandoned"), None)
    if told.submitted is not None:
        facts = stated(
            merged_by=who(told.submitted.person), merge_sha=final, bypassed=forced or None
        )
        happened.append(("merged", told.submitted, facts))
    elif closing is not None and told.stated.get("Status") == "abandoned":
        happened.append(("closed", closing, {}))
    for event, update, facts in happened:
        intake.add(
            update.place,
            f"pull_request.{event}",
            time=update.time,
            text=f"{change.name} {event}: {title}",
            actor=who(update.person),
            subject=change.name,
            native_id=f"{change.project or ''}~{change.number}:{event}",
            data=common | facts,
        )
