"""`attribution release`: which tags, deployments and builds carried a change, and for how long."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, width
from attribution.cli.progress import Progress
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.instant import Instant
    from attribution.model.release import (
        BuildTrace,
        Contents,
        EnvironmentTrace,
        Exposure,
        ReleaseTag,
        ReleaseTrace,
    )

_SHORT = 12
_TAGS = 12
_INPUTS = 5
_HOW = {
    "itself": "the commit itself",
    "says_so": "a copy, as a message says",
    "same_patch": "a copy with the same patch",
}
_REVERTED = {"says_so": "as its message says", "reverse_patch": "by the reverse patch"}
_ENDED = {
    "revert": "which contains its revert",
    "older_state": "which went back to an older state",
    "other_line": "of another line that does not contain it",
}


@click.command("release")
@click.argument("repository", metavar="REPO", type=click.Path(path_type=Path))
@click.argument("commit", metavar="COMMIT")
@click.option(
    "--deployments",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Records of deployments, in any format read; may be given repeatedly.",
)
@click.option(
    "--attestations",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Attestations of builds (in-toto, SLSA provenance); may be given repeatedly.",
)
@json_option
def command(
    repository: Path,
    commit: str,
    *,
    deployments: tuple[Path, ...],
    attestations: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say how COMMIT of REPO got out: tags, deployments, how long it ran, builds.

    REPO is the folder of a git repository, or a bundle. All is told by ancestry, never by what came
    after what; copies on other branches (cherry-picks, backports) count as carrying the change, and
    a tree in which a revert stands does not. What no record shows is said to be not visible. Exit
    status 0 whatever is found.
    """
    from attribution.ingest.git import open_repository
    from attribution.oversight.release_records import read_release_records
    from attribution.oversight.trace import trace_release

    with Progress("Ctrl-C ends it") as progress, open_repository(repository) as opened:
        records = read_release_records(opened, deployments, attestations)
        trace = trace_release(opened, commit, records.events, progress.tell)
    trace = replace(trace, notes=(*trace.notes, *records.notes))
    if as_json:
        print_json(trace.to_dict())
    else:
        lines = (part for line in describe_release(trace) for part in _wrap(line))
        print_text("\n".join(lines))


def describe_release(trace: ReleaseTrace) -> Iterator[str]:
    """Yield the lines that tell a person how a change got out."""
    yield f"Commit {trace.commit[:_SHORT]}  {printable_line(trace.subject)}"
    for carrier in trace.carriers[1:]:
        yield f"  carried too by {carrier.sha[:_SHORT]}: {_HOW[carrier.how]}"
    for revert in trace.reverts:
        yield f"  {revert.of[:_SHORT]} taken back by {revert.sha[:_SHORT]}, {_REVERTED[revert.how]}"
    yield ""
    yield from _describe_tags(trace.tags)
    for environment in trace.environments:
        yield ""
        yield from _describe_environment(environment)
    if trace.builds:
        yield ""
        yield "Attested builds:"
        for build in trace.builds:
            yield from _describe_build(build)
    yield ""
    for note in trace.notes:
        yield from textwrap.wrap(f"Note: {printable_line(note)}.", width(), subsequent_indent="  ")


def _describe_tags(tags: Sequence[ReleaseTag]) -> Iterator[str]:
    if not tags:
        yield "No tag contains it."
        return
    own = sum(tag.contents.state == "carries" for tag in tags)
    yield f"Tags that contain it: {own:,} of {len(tags):,} that have it in their history"
    for tag in tags[:_TAGS]:
        yield f"  {printable_line(tag.name)}  {_describe_tag(tag)}"
    if len(tags) > _TAGS:
        yield f"  and {len(tags) - _TAGS:,} more, later ones; --json lists them"
    if any(tag.moves is None for tag in tags):
        yield "  Whether a tag was moved is not visible where neither a reflog nor a record tells."


def _describe_tag(tag: ReleaseTag) -> str:
    kind = "annotated" if tag.annotated else "lightweight, so without a date of its own"
    parts = [kind, f"commit of {_day(tag.committed)}"]
    if tag.tagged is not None:
        parts[0] += f", tagged {_day(tag.tagged)}"
    if tag.contents.carrier is not None and tag.contents.carrier.how != "itself":
        parts.append(f"by the copy {tag.contents.carrier.sha[:_SHORT]}")
    if tag.contents.revert is not None:
        parts.append(f"TAKEN BACK there by {tag.contents.revert[:_SHORT]}")
    for move in tag.moves or ():
        before = "somewhere" if move.before is None else move.before[:_SHORT]
        parts.append(f"MOVED {_time(move.time)} from {before} to {move.after[:_SHORT]}")
    return "; ".join(parts)


def _describe_environment(environment: EnvironmentTrace) -> Iterator[str]:
    many = environment.deployments
    counts = ["1 deployment" if many == 1 else f"{many:,} deployments"]
    for count, what in (
        (environment.not_arrived, "not shown to have arrived"),
        (environment.undated, "without a time"),
        (environment.unknown, "of commits unknown here"),
    ):
        if count:
            counts.append(f"{count:,} {what}")
    of = f" from {environment.repository}" if environment.repository else ""
    yield printable_line(f"{environment.name}{of} ({', '.join(counts)})")
    if environment.first is None:
        yield "  no deployment is shown to have carried it"
        return
    contents = environment.first_contents
    how = "" if contents is None else _by_copy(contents)
    yield f"  first carried by deployment {printable_line(environment.first)}{how}"
    yield from (f"  {_describe_exposure(one)}" for one in environment.exposures)
    total = _duration(environment.seconds)
    if len(environment.exposures) > 1:
        most = "at most " if any(one.doubtful for one in environment.exposures) else ""
        yield f"  {most}{total} in all"


def _by_copy(contents: Contents) -> str:
    carrier = contents.carrier
    if carrier is None or carrier.how == "itself":
        return ""
    return f", as {_HOW[carrier.how]} ({carrier.sha[:_SHORT]})"


def _describe_exposure(one: Exposure) -> str:
    ran = f"{_time(one.start)} to "
    if one.end is None and not one.seconds:
        ran = (
            f"{_time(one.start)}, where the records of deployments end: for how long is not visible"
        )
    elif one.end is None:
        ran += (
            f"the end of the records, {_time(one.until)}, and still there: {_duration(one.seconds)}"
        )
    elif one.why == "taken_down":
        ran += f"{_time(one.end)}: {_duration(one.seconds)}; the environment was taken down"
    else:
        ran += (
            f"{_time(one.end)}: {_duration(one.seconds)};"
            f" ended by deployment {printable_line(one.ended_by or '')},"
            f" {_ENDED.get(one.why or '', 'which does not contain it')}"
        )
    if one.doubtful:
        ran += f"; or sooner, by {', '.join(map(printable_line, one.doubtful))} of unknown contents"
    return ran


def _describe_build(build: BuildTrace) -> Iterator[str]:
    source = "a commit not told" if build.source is None else build.source[:_SHORT]
    yield printable_line(
        f"  {build.artifact or 'an unnamed artifact'} from {source}"
        f" by {build.builder or 'an unnamed builder'} ({build.signed or 'signing not told'})"
    )
    for difference in build.differences:
        yield printable_line(f"    DIFFERS: {difference}")
    if build.outside:
        yield (
            "    inputs beside the source, which no review of the repository covers:"
            f" {len(build.outside):,}"
        )
    for one in build.outside[:_INPUTS]:
        yield printable_line(f"      {one.name} ({one.why})")
    if len(build.outside) > _INPUTS:
        yield f"      and {len(build.outside) - _INPUTS:,} more; --json lists them"


def _day(instant: Instant | None) -> str:
    return _time(instant)[:10] if instant is not None else "unknown date"


def _time(instant: Instant | None) -> str:
    from attribution.model.instant import format_instant

    return "at an unknown time" if instant is None else format_instant(instant)


def _duration(seconds: float) -> str:
    """Return days, hours and minutes, the largest two that are not nought."""
    left = round(seconds)
    parts = []
    for size, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,} {name}")
    return " ".join(parts[:2]) or "0 s"


def _wrap(line: str) -> list[str]:
    """Return the line on as many as it takes: what ends a stretch, or casts doubt, stands last."""
    line = line.rstrip()
    if len(line) <= width():
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line.lstrip(), width(), initial_indent=indent, subsequent_indent=f"{indent}    "
    )
