"""`attribution oversight`: what review of each change really was, from the platform's records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, limit_option, print_json, print_text, warn
from attribution.cli.progress import Progress
from attribution.cli.provenance import parse_since
from attribution.errors import InputError

if TYPE_CHECKING:
    from attribution.inspection import Inspection
    from attribution.model.commit import Commit
    from attribution.model.instant import Instant
    from attribution.model.oversight import ChangeReview


@click.command("oversight")
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path)
)
@click.option(
    "--change",
    metavar="N|SHA",
    help="Give the full account of one change: a pull request's number, or the beginning of a "
    "commit's id.",
)
@click.option(
    "--repository",
    metavar="NAME",
    help="Show this repository alone (OWNER/NAME or NAME), and take it for that of records that "
    "name none.",
)
@click.option(
    "--collected",
    metavar="TIME",
    callback=lambda _ctx, _param, value: parse_since(value),
    help="When rules and CODEOWNERS files without a time of their own were exported: 2026-01-31 or "
    "2026-01-31T09:00:00Z.",
)
@limit_option("changes below the totals")
@json_option
def command(
    sources: tuple[Path, ...],
    *,
    change: str | None,
    repository: str | None,
    collected: Instant | None,
    limit: int,
    as_json: bool,
) -> None:
    """Say what review of each change really was, and what was enforced at its merge.

    SOURCE is what was exported from the platform (pull requests, checks, timelines, branch
    protection, rule sets, audit log, CODEOWNERS), a folder of such files, or a git repository or
    bundle. A change without a record of review is "no evidence of review", never "no review".
    """
    from attribution.cli.account import describe_change, describe_sources, describe_unreviewed
    from attribution.cli.reviewed import describe_inspection, totals
    from attribution.inspection import describe_unrecorded, inspect_reviews

    with Progress("Ctrl-C ends it") as progress:
        found = inspect_reviews(
            sources, repository=repository, collected=collected, tell=progress.tell
        )
    for name, reason in found.skipped:
        warn(f"{name}: passed over, {reason}")
    if repository is not None:
        found = _narrow(found, repository)
    if change is None:
        if as_json:
            print_json(
                {
                    "changes": [one.to_dict() for one in found.reviews],
                    "unrecorded": [describe_unrecorded(one) for one in found.unrecorded],
                    "totals": totals(found),
                    "sources": found.sources(),
                }
            )
        else:
            print_text(describe_inspection(found, limit))
        return
    reviews, commits = _choose(found, change)
    if as_json:
        documents = [one.to_dict() for one in reviews] or [describe_unrecorded(commits[0])]
        print_json(documents[0])
    else:
        account = describe_change(reviews[0]) if reviews else describe_unreviewed(commits[0])
        print_text("\n".join([account, *describe_sources(account, found.files)]))


def _narrow(found: Inspection, repository: str) -> Inspection:
    """Return the inspection of one repository; commits that name none stay."""
    from dataclasses import replace

    from attribution.oversight.facts import same_repository

    def fits(name: str | None) -> bool:
        return name is None or same_repository(name, repository)

    return replace(
        found,
        reviews=tuple(one for one in found.reviews if fits(one.repository)),
        unrecorded=tuple(one for one in found.unrecorded if fits(one.repository)),
    )


def _choose(found: Inspection, change: str) -> tuple[list[ChangeReview], list[Commit]]:
    """Return the one change asked for. Raises InputError where there is none, or several."""
    reviews, commits = found.find(change)
    several = len(reviews) > 1 or (not reviews and len(commits) > 1)
    if several:
        names = [f"#{one.number} of {one.repository}" for one in reviews] or [
            one.sha[:12] for one in commits
        ]
        raise InputError(
            "more than one change is meant",
            got=f"{change!r}: {', '.join(names[:5])}",
            expected="one change",
            remedy="add `--repository NAME`, or write more digits of the commit's id",
        )
    if not reviews and not commits:
        raise InputError(
            "no record tells of this change",
            got=repr(change),
            expected="the number of a pull request, or a commit, in these records",
            remedy="`attribution oversight SOURCE...` lists the changes; add the records it is in",
        )
    return list(reviews), list(commits)
