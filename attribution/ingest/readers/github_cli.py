"""GitHub pull requests as `gh pr list --json` and `gh pr view --json` write them (GraphQL names).

The quickest export of many: one call gives the pull requests of a repository with their reviews,
checks, files and commits. A field that was not asked for is not known, and not taken for empty.
"""

from __future__ import annotations

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.commits import Person, add_commit, parse_trailers
from attribution.ingest.readers.github import add_review, repository
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        if _is_pull(entry):
            _add(intake, "" if place == WHOLE else place, entry)
        else:
            intake.reject(place, "no pull request of `gh`: number and state are missing")


def _is_pull(entry: Table) -> bool:
    return {"number", "state"} <= entry.keys() or {"number", "createdAt"} <= entry.keys()


def _login(person: JsonValue) -> str | None:
    """Return a login; `gh` writes an app's without the `[bot]` that the REST API gives it."""
    name = text(find(person, "login"))
    if name is not None and (flag(find(person, "is_bot")) is True or name.startswith("app/")):
        name = name.removeprefix("app/")
        return name if name.endswith("[bot]") else f"{name}[bot]"
    return name


def _type(person: JsonValue) -> str | None:
    is_bot = flag(find(person, "is_bot"))
    if (text(find(person, "login")) or "").startswith("app/"):
        return "Bot"
    return None if is_bot is None else "Bot" if is_bot else "User"


def _add(intake: Intake, place: str, pull: Table) -> None:
    def at(*parts: object) -> str:
        return place if place.startswith("line") else "/".join([place, *map(str, parts)])

    name = repository(pull.get("url")) or intake.options.repository
    _add_pull(intake, at() or WHOLE, pull, name)
    for key, add in (
        ("reviews", _add_review),
        ("statusCheckRollup", _add_check),
        ("commits", _add_commit),
    ):
        for index, entry in enumerate(items(pull.get(key))):
            where = at(key, index)
            if isinstance(entry, dict):
                add(intake, where, entry, pull, name)
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")


def _add_pull(intake: Intake, place: str, pull: Table, name: str | None) -> None:
    key, title = number(pull.get("number")), text(pull.get("title")) or ""
    author, merger = pull.get("author"), pull.get("mergedBy")
    requests = pull.get("reviewRequests")
    listed = [table(entry) for entry in items(requests)]
    common = stated(
        repository=name,
        number=key,
        title=title,
        author=_login(author),
        author_type=_type(author),
        head_sha=text(pull.get("headRefOid")),
        head_ref=text(pull.get("headRefName")),
        base_ref=text(pull.get("baseRefName")),
        base_sha=text(pull.get("baseRefOid")),
        additions=number(pull.get("additions")),
        deletions=number(pull.get("deletions")),
        changed_files=number(pull.get("changedFiles")),
        files=_texts(pull.get("files"), "path"),
        commits=_texts(pull.get("commits"), "oid"),
        reviews_listed="reviews" in pull or None,
        requested_reviewers=None
        if requests is None
        else [who for entry in listed if (who := text(entry.get("login")))],
        requested_teams=None
        if requests is None
        else [who for entry in listed if (who := text(entry.get("slug")))],
    )
    steps: list[tuple[str, str, JsonValue]] = [("opened", "createdAt", author)]
    if pull.get("mergedAt"):
        steps.append(("merged", "mergedAt", merger))
    elif pull.get("closedAt"):
        steps.append(("closed", "closedAt", None))
    for step, when, person in steps:
        facts = dict(common)
        if step == "opened":
            facts |= stated(body=text(pull.get("body")))
        elif step == "merged":
            facts |= stated(
                merged_by=_login(merger),
                merged_by_type=_type(merger),
                merge_sha=text(find(pull, "mergeCommit", "oid")),
            )
        intake.add(
            place,
            f"pull_request.{step}",
            time=pull.get(when),
            text=f"#{key} {step}: {title}",
            actor=_login(person),
            subject=f"#{key}",
            native_id=f"{name or ''}#{key}:{step}",
            data=facts,
        )


def _texts(entries: JsonValue, key: str) -> list[JsonValue] | None:
    found = [value for entry in items(entries) if (value := text(find(entry, key)))]
    return list[JsonValue](found) or None


def _add_review(intake: Intake, place: str, review: Table, pull: Table, name: str | None) -> None:
    """Add a review under its GraphQL id: the REST API gives the same review another number."""
    who = _login(review.get("author"))
    rest: Table = {
        "id": review.get("id"),
        "state": review.get("state"),
        "submitted_at": review.get("submittedAt"),
        "commit_id": find(review, "commit", "oid"),
        "user": {"login": who, "type": _type(review.get("author"))},
        "body": review.get("body"),
        "author_association": review.get("authorAssociation"),
        "html_url": pull.get("url"),
    }
    beside: Table = {"number": pull.get("number"), "base": {"repo": {"full_name": name}}}
    add_review(intake, place, rest, beside)


def _add_check(intake: Intake, place: str, check: Table, pull: Table, name: str | None) -> None:
    """Add a check run or status of the head, as the pull request shows it last."""
    title = text(check.get("name")) or text(check.get("context")) or "unnamed check"
    conclusion = text(check.get("conclusion")) or text(check.get("state"))
    if not conclusion:
        intake.reject(place, f"the check was not completed: {text(check.get('status'))}")
        return
    finished = check.get("completedAt") or check.get("startedAt")
    workflow = text(check.get("workflowName"))
    head = text(pull.get("headRefOid"))
    intake.add(
        place,
        "check.completed",
        time=finished,
        text=f"{title}: {conclusion.lower()}",
        actor=workflow,
        subject=title,
        key=(head, title, workflow, text(finished), conclusion) if head else None,
        data=stated(
            name=title,
            head_sha=head,
            conclusion=conclusion.lower(),
            app=workflow,
            started=intake.timestamp(check.get("startedAt"), place),
            repository=name,
        ),
    )


def _add_commit(intake: Intake, place: str, commit: Table, _pull: Table, name: str | None) -> None:
    headline = text(commit.get("messageHeadline")) or ""
    body = text(commit.get("messageBody"))
    message = f"{headline}\n\n{body}" if body else headline
    people = [table(person) for person in items(commit.get("authors"))]
    first = people[0] if people else {}
    for person in people:
        names = (text(person.get("login")), text(person.get("email")))
        intake.alias(names, place, grade="verified")
    co_authors: list[JsonValue] = [
        ["Co-authored-by", f"{text(person.get('name')) or ''} <{text(person.get('email')) or ''}>"]
        for person in people[1:]
    ]
    author = Person(text(first.get("name")), text(first.get("email")), commit.get("authoredDate"))
    add_commit(
        intake,
        place,
        text(commit.get("oid")),
        author=author,
        # `gh` does not tell who committed it.
        committer=Person(None, None, commit.get("committedDate")),
        message=message,
        facts=stated(
            trailers=[*parse_trailers(message), *co_authors],
            repository=name,
        ),
    )


def _sniff(source: Source) -> float:
    camel = {"createdAt", "mergedAt", "headRefOid", "baseRefName", "mergeCommit", "mergedBy"}
    entries = first_entries(source)
    return float(any("number" in entry and len(camel & entry.keys()) > 1 for entry in entries))


FORMAT = Format(
    id="github-cli",
    title="GitHub pull requests, as `gh pr list --json` writes them",
    told_by="objects with number and names such as createdAt, mergedAt, headRefOid, mergeCommit",
    source="https://cli.github.com/manual/gh_pr_list",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
