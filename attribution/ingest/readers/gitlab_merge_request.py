"""GitLab merge requests (REST API v4): opened, merged, approved, with pipelines and commits beside.

Read are the merge request object; an export that puts `approvals`, `approval_state`, `notes`,
`versions`, `pipelines`, `jobs` and `commits` beside `merge_request`, each as its own call answers;
a list of either; and the bare list of a request's notes.
"""

from __future__ import annotations

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import EMPTY, Table, find, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, parse_trailers
from attribution.ingest.readers.gitlab import (
    Heads,
    Request,
    account_type,
    find_heads,
    listed,
    read_request,
    username,
)
from attribution.ingest.readers.gitlab_checks import add_job, add_pipeline, is_job
from attribution.ingest.readers.gitlab_protection import add_request_rules
from attribution.ingest.readers.gitlab_reviews import add_note, add_reviews
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_PARTS = ("approvals", "notes")


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "merge_requests"):
        if "merge_request" in entry:
            _add_export(intake, "" if place == WHOLE else place, entry)
        elif _is_request(entry):
            request = read_request(entry, intake.options.repository)
            _add_request(intake, place, entry, request, EMPTY)
        elif _is_note(entry):
            request = Request(intake.options.repository, number(entry.get("noteable_iid")))
            add_note(intake, place, entry, request, Heads("nothing"))
        elif is_job(entry):
            add_job(intake, place, entry)
        else:
            intake.reject(place, "neither a merge request nor a note or job of one")


def _is_request(entry: Table) -> bool:
    return {"iid", "source_branch", "target_branch"} <= entry.keys()


def _is_note(entry: Table) -> bool:
    return entry.get("noteable_type") == "MergeRequest" and "body" in entry


def _add_export(intake: Intake, place: str, export: Table) -> None:
    # An object on one line has no pointer of its own beyond the line.
    def at(*parts: object) -> str:
        return place if place.startswith("line") else "/".join([place, *map(str, parts)])

    entry = table(export.get("merge_request"))
    if not _is_request(entry):
        intake.reject(at("merge_request"), "not a merge request: iid or a branch is missing")
    commits = [sha for one in listed(export, "commits") if (sha := text(table(one).get("id")))]
    name = text(export.get("project")) or intake.options.repository
    request = read_request(entry, name, tuple(commits))
    heads = find_heads(intake, at("versions"), export, request)
    if _is_request(entry):
        _add_request(intake, at("merge_request"), entry, request, export)
    add_reviews(intake, {part: at(part) for part in _PARTS}, export, request, heads)
    add_request_rules(intake, at("approval_state"), export, entry, request)
    for key, add in (("pipelines", add_pipeline), ("jobs", add_job), ("commits", _add_commit)):
        for index, one in enumerate(listed(export, key)):
            if isinstance(one, dict):
                add(intake, at(key, index), one, request)
            else:
                intake.reject(at(key, index), f"an object was expected, got {name_type(one)}")


def _add_request(intake: Intake, place: str, entry: Table, request: Request, export: Table) -> None:
    title = text(entry.get("title")) or ""
    author = entry.get("author")
    # Approvals at hand are all that stand; notes at hand tell of every one there was.
    complete = "approvals" in export or "notes" in export
    changed, asked = entry.get("changes_count"), _unanswered(entry, export) if complete else []
    common = stated(
        repository=request.repository,
        number=request.number,
        title=title,
        author=username(author),
        author_type=account_type(author),
        head_sha=request.head,
        head_ref=text(entry.get("source_branch")),
        base_ref=request.target,
        base_sha=text(find(entry, "diff_refs", "base_sha")),
        changed_files=int(changed) if isinstance(changed, str) and changed.isdecimal() else None,
        files=list[JsonValue](_list_files(intake, place, entry, export)) or None,
        requested_reviewers=list[JsonValue](asked) or None,
        reviews_listed=complete or None,
        **_rules_in_force(export),
    )

    def add(event: str, time: str, who: str | None, facts: dict[str, JsonValue]) -> None:
        intake.add(
            place,
            f"pull_request.{event}",
            time=entry.get(time),
            text=f"{request.name} {event}: {title}",
            actor=who,
            subject=request.name,
            native_id=f"{request.repository or ''}{request.name}:{event}",
            data=common | facts,
        )

    commits = list[JsonValue](request.commits) or None
    body = text(entry.get("description"))
    add("opened", "created_at", username(author), stated(body=body, commits=commits))
    if entry.get("merged_at"):
        by = entry.get("merge_user") or entry.get("merged_by")
        merge = text(entry.get("merge_commit_sha")) or text(entry.get("squash_commit_sha"))
        facts = stated(
            merged_by=username(by),
            merged_by_type=account_type(by),
            merge_sha=merge,
            squash_sha=text(entry.get("squash_commit_sha")),
            commits=commits,
        )
        add("merged", "merged_at", username(by), facts)
    elif entry.get("closed_at"):
        add("closed", "closed_at", username(entry.get("closed_by")), {})


def _list_files(intake: Intake, place: str, entry: Table, export: Table) -> list[str]:
    """Return the files changed, a renamed one under both names; none where the list is not whole.

    Source: https://docs.gitlab.com/api/merge_requests/ (`/diffs`, 20 a page; `/changes`, which
    says `overflow` where it was cut).
    """
    lists = (export.get("diffs"), export.get("changes"), entry.get("changes"))
    told = next((found for one in lists if (found := items(one))), [])
    count = text(entry.get("changes_count")) or str(len(told))
    if told and (entry.get("overflow") is True or not count.isdecimal() or int(count) > len(told)):
        intake.truncate(f"the files of the merge request at {place} are {len(told)} of {count}")
        return []
    paths = (text(table(one).get(key)) for one in told for key in ("new_path", "old_path"))
    return list(dict.fromkeys(path for path in paths if path is not None))


def _unanswered(entry: Table, export: Table) -> list[str]:
    """Return the reviewers asked who neither approved nor noted anything."""
    heard = {username(table(note).get("author")) for note in items(export.get("notes"))}
    approved = items(table(export.get("approvals")).get("approved_by"))
    heard |= {username(table(approval).get("user")) for approval in approved}
    names = (username(one) for one in items(entry.get("reviewers")))
    return [name for name in names if name is not None and name not in heard]


def _rules_in_force(export: Table) -> dict[str, JsonValue]:
    """Return what was required of this request, and whether it had rules of its own."""
    approvals, state = table(export.get("approvals")), table(export.get("approval_state"))
    overwritten = state.get("approval_rules_overwritten")
    return stated(
        approvals_required=number(approvals.get("approvals_required")),
        approvals_left=number(approvals.get("approvals_left")),
        rules_overwritten=overwritten if isinstance(overwritten, bool) else None,
    )


def _add_commit(intake: Intake, place: str, entry: Table, request: Request) -> None:
    said = entry.get("message")
    message = said if isinstance(said, str) else text(entry.get("title")) or ""
    author, committer = (
        Person(
            text(entry.get(f"{role}_name")),
            text(entry.get(f"{role}_email")),
            entry.get(date) or entry.get("created_at"),
        )
        for role, date in (("author", "authored_date"), ("committer", "committed_date"))
    )
    parents = [sha for parent in items(entry.get("parent_ids")) if (sha := text(parent))]
    add_commit(
        intake,
        place,
        text(entry.get("id")),
        author=author,
        committer=committer,
        message=message,
        facts=stated(
            parents=list[JsonValue](parents),
            trailers=parse_trailers(message),
            repository=request.repository,
        ),
    )


def _sniff(source: Source) -> float:
    entries = first_entries(source, "merge_requests")
    if any(_is_request(table(one.get("merge_request"))) or _is_request(one) for one in entries):
        return 1.0
    return 0.9 if any(_is_note(one) or is_job(one) for one in entries) else 0.0


FORMAT = Format(
    id="gitlab-merge-request",
    title="GitLab merge request, with its approvals, notes, versions, pipelines and commits",
    told_by="objects with iid, source_branch and target_branch (alone or under merge_request), or"
    " notes of merge requests, or jobs with stage and pipeline",
    source="https://docs.gitlab.com/api/merge_requests/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
