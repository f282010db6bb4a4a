"""Gerrit changes as the REST interface gives them (ChangeInfo), with or without its `)]}'` line.

Asked for with `o=DETAILED_LABELS`, `o=DETAILED_ACCOUNTS`, `o=MESSAGES`, `o=ALL_REVISIONS`,
`o=ALL_COMMITS` and `o=SUBMIT_REQUIREMENTS` a change holds all that is read here. The messages tell
which patch set each vote was given on; without them that is told by its date.

Source: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html#change-info
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, parse_trailers
from attribution.ingest.readers.gerrit import (
    MOST,
    REVIEW,
    Change,
    PatchSet,
    Vote,
    account_type,
    add_change_event,
    describe_change,
    inside,
    note_aliases,
    utc,
    who,
)
from attribution.ingest.readers.gerrit_messages import (
    Message,
    Submission,
    add_message,
    find_people,
    find_submission,
    read_votes,
)
from attribution.ingest.readers.gerrit_requirements import (
    Requirements,
    add_requirements,
    read_requirements,
)
from attribution.ingest.readers.gerrit_votes import Votes, in_order, list_votes
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        if _is_change(entry):
            _Reader(intake, "" if place == WHOLE else place, entry).read()
        else:
            intake.reject(place, "not a change: _number, project or change_id is missing")
        if flag(entry.get("_more_changes")) is True:
            intake.truncate("the list of changes was cut: there are more (`_more_changes`)")


def _is_change(entry: Table) -> bool:
    return {"_number", "project", "change_id"} <= entry.keys()


class _Reader:
    """Reads one change: its own events, its votes and messages, its commits, its requirements."""

    def __init__(self, intake: Intake, place: str, entry: Table) -> None:
        self.intake = intake
        self.place = place
        self.entry = entry
        self.messages = tuple(self._read_messages())
        self.submission = find_submission(self.messages)
        self.change = _read_change(entry, self.submission)
        self.requirements = read_requirements(entry)

    def at(self, *parts: object) -> str:
        """Return a place inside the change."""
        return inside(self.place, *parts)

    def read(self) -> None:
        """Give the intake everything the change holds."""
        place = self.place or WHOLE
        for person in (self.entry.get("owner"), self.entry.get("submitter")):
            note_aliases(self.intake, person, place)
        self._add_change(place)
        self._add_reviews()
        self._add_commits()
        where = {
            "requirements": self.at("submit_requirements"),
            "records": self.at("submit_records"),
        }
        add_requirements(self.intake, where, self.entry, self.change, self._submitted())

    def _submitted(self) -> JsonValue:
        told = self.submission.message.time if self.submission is not None else None
        return utc(self.entry.get("submitted")) or told

    def _read_messages(self) -> Iterator[Message]:
        for index, entry in enumerate(items(self.entry.get("messages"))):
            where = self.at("messages", index)
            if not isinstance(entry, dict):
                self.intake.reject(where, f"an object was expected, got {name_type(entry)}")
                continue
            said = entry.get("message")
            yield Message(
                where,
                text(entry.get("id")),
                entry.get("author"),
                utc(entry.get("date")),
                said if isinstance(said, str) else "",
                number(entry.get("_revision_number")),
                text(entry.get("tag")),
            )

    def _add_change(self, place: str) -> None:
        entry, change = self.entry, self.change
        title, owner = text(entry.get("subject")) or "", entry.get("owner")
        # Those who answered stay listed as reviewers; without messages nothing tells who did.
        heard = {who(message.person) for message in self.messages}
        listed = items(find(entry, "reviewers", "REVIEWER")) if "messages" in entry else []
        asked = [name for one in listed if (name := who(one)) and name not in heard]
        uploaders = {who(one.uploader) for one in change.patch_sets.values()} - {None, who(owner)}
        common = describe_change(change, title, owner) | stated(
            additions=number(entry.get("insertions")),
            deletions=number(entry.get("deletions")),
            patch_sets=max(change.patch_sets, default=None),
            uploaders=list[JsonValue](sorted(name for name in uploaders if name)) or None,
            requested_reviewers=list[JsonValue](asked) or None,
            reviews_listed="messages" in entry or _lists_votes(entry) or None,
        )

        def add(event: str, time: JsonValue, by: JsonValue, facts: dict[str, JsonValue]) -> None:
            add_change_event(
                self.intake, place, change, event, time=time, by=by, data=common | facts
            )

        commits: list[JsonValue] = [self.change.head] if change.head is not None else []
        add("opened", utc(entry.get("created")), owner, stated(commits=commits or None))
        status = text(entry.get("status"))
        if status == "MERGED":
            by = entry.get("submitter")
            add("merged", self._submitted(), by, self._merge_facts(by))
        elif status == "ABANDONED":
            add("closed", utc(entry.get("updated")), None, {})

    def _merge_facts(self, by: JsonValue) -> dict[str, JsonValue]:
        required: Requirements = self.requirements
        pushed = self.submission is not None and self.submission.pushed
        return stated(
            merged_by=who(by),
            merged_by_type=account_type(by),
            merge_sha=text(self.entry.get("current_revision")),
            # Submitted by force or pushed past the review; an override label is within the rules.
            bypassed=True if required.forced or pushed else None,
            overridden=list[JsonValue](required.overridden) or None,
        )

    def _add_reviews(self) -> None:
        people = find_people(dict(self.entry), self.messages)
        votes: list[tuple[str, Vote]] = []
        for message in self.messages:
            found = read_votes(message, people)
            votes += [(message.place, vote) for vote in found]
            if not found:
                add_message(self.intake, message, self.change)
        listed = list_votes(self.intake, self.at("labels"), self.entry, self.change, votes)
        ledger = Votes(self.intake, self.change, self.requirements.labels)
        for place, vote in [*in_order(self.intake, votes), *listed]:
            ledger.add(place, vote)

    def _add_commits(self) -> None:
        wanted = {self.change.head, text(self.entry.get("current_revision"))}
        for sha, revision in sorted(table(self.entry.get("revisions")).items()):
            commit = table(table(revision).get("commit"))
            if sha not in wanted or not commit:
                continue
            said = commit.get("message")
            message = said if isinstance(said, str) else text(commit.get("subject")) or ""
            author, committer = (_person(commit.get(role)) for role in ("author", "committer"))
            parents = [
                parent
                for one in items(commit.get("parents"))
                if (parent := text(table(one).get("commit")))
            ]
            facts = stated(
                parents=list[JsonValue](parents),
                trailers=parse_trailers(message),
                repository=self.change.project,
            )
            add_commit(
                self.intake, self.at("revisions", sha), sha,
                author=author, committer=committer, message=message, facts=facts,
            )  # fmt: skip


def _lists_votes(entry: Table) -> bool:
    return any("all" in table(label) for label in table(entry.get("labels")).values())


def _person(value: JsonValue) -> Person:
    person = table(value)
    return Person(text(person.get("name")), text(person.get("email")), utc(person.get("date")))


def _read_change(entry: Table, submission: Submission | None) -> Change:
    patch_sets = {}
    for sha, revision in table(entry.get("revisions")).items():
        one = table(revision)
        if (at := number(one.get("_number"))) is not None:
            kind = text(one.get("kind"))
            patch_sets[at] = PatchSet(at, sha, one.get("created"), one.get("uploader"), kind)
    current = text(entry.get("current_revision"))
    last = next((at for at, one in patch_sets.items() if one.sha == current), None)
    last = last or max(patch_sets, default=number(entry.get("current_revision_number")))
    # Rebasing or picking at the submission makes a patch set that nobody could vote on.
    made = submission is not None and submission.sha is not None and submission.sha == current
    values = table(find(entry, "labels", REVIEW, "values"))
    given = [int(key) for key in values if key.strip().lstrip("+-").isdecimal()]
    return Change(
        text(entry.get("project")),
        number(entry.get("_number")),
        text(entry.get("branch")),
        patch_sets,
        last - 1 if made and last is not None and last > 1 else last,
        max(given, default=MOST) or MOST,
    )


def _sniff(source: Source) -> float:
    return float(any(_is_change(entry) for entry in first_entries(source)))


FORMAT = Format(
    id="gerrit-change",
    title="Gerrit change, with its votes, messages, revisions and submit requirements",
    told_by="objects with _number, project and change_id, after a line )]}' or not",
    source="https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
