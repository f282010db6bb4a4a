"""`attribution add`: original records into a case, hashed and accounted for."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.columns import map_option
from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    warn,
    warn_of_plugins,
)
from attribution.cli.outcome import Outcome, describe_all, show, total
from attribution.errors import AttributionError, EvidenceError, InputError

if TYPE_CHECKING:
    from attribution.model.manifest import EvidenceEntry
    from attribution.model.record import Reading
    from attribution.schema.editor import ManifestEditor
    from attribution.store.intake import Staging

_NUMBERED = re.compile(r"E(\d{1,9})")


@click.command()
@case_argument
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--format", "format_id", metavar="F", help="The format, where detection is wrong.")
@click.option("--tz", "zone", metavar="ZONE", help="Zone of times that carry none: Europe/Berlin.")
@click.option("--offset", type=float, metavar="SECONDS", help="Added to the clock of the source.")
@click.option("--offset-error", type=float, metavar="SECONDS", help="How far off that may be.")
@click.option("--custodian", metavar="NAME", help="Who held it before.")
@click.option("--note", metavar="TEXT", help="Anything to know about it.")
@map_option
@click.option("--time-format", metavar="F", help="How its times are written: '%d/%m/%Y %H:%M'.")
@click.option("--collected", metavar="TIME", help="When it was collected, with offset.")
@click.option("--repository", metavar="NAME", help="The name of the repository of a git source.")
@click.option("--synthetic", is_flag=True, help="Its records are invented.")
@json_option
def command(
    case: Path,
    files: tuple[Path, ...],
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the options of an evidence entry, as click hands them over
) -> None:
    """Take evidence into CASE: files, folders, archives, git repositories or bundles.

    Each FILE is copied into CASE/evidence, hashed, read once and entered into case.yaml; a git
    repository is taken in as a bundle of all its branches and tags. The original is never changed.
    A FILE that cannot be read is left out and named, the others are taken in, and the exit status
    is 2; the last line adds up what was taken in. A FILE that was taken in before changes nothing.
    """
    from attribution.schema.editor import ManifestEditor
    from attribution.store.intake import Staging

    wanted = _read_options(options)
    editor = ManifestEditor(case)
    outcomes = []
    with Staging(case) as staging:
        for file in files:
            try:
                outcome = _take_in(case, file, wanted, editor, staging)
            except (InputError, EvidenceError) as error:
                outcome = Outcome(str(file), "failed", error=error)
            outcomes.append(outcome)
            if not as_json or outcome.error is not None:
                show(outcome)
    warn_of_plugins()
    if as_json:
        items = [outcome.to_dict() for outcome in outcomes]
        print_json({"items": items, "totals": dict(total(outcomes).to_dict())})
    elif len(outcomes) > 1:
        print_text(describe_all(outcomes))
    if any(outcome.error is not None for outcome in outcomes):
        click.get_current_context().exit(AttributionError.exit_status)


def _read_options(options: dict[str, Any]) -> EvidenceEntry:
    """Return the options as an entry whose id and path are still to be filled in."""
    from attribution.model.instant import parse_instant
    from attribution.model.manifest import EvidenceEntry
    from attribution.schema.values import advise_zone, is_zone

    zone, collected = options["zone"], options["collected"]
    if zone is not None and not is_zone(zone):
        raise click.BadParameter(
            f"there is no time zone {zone!r}: {advise_zone(zone)}", param_hint="--tz"
        )
    try:
        moment = None if collected is None else parse_instant(collected)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}; write a time with its offset, such as 2026-03-14T09:00:00Z",
            param_hint="--collected",
        ) from None
    return EvidenceEntry(
        id="",
        path="",
        format=options["format_id"],
        zone=zone,
        offset_seconds=options["offset"],
        offset_error_seconds=options["offset_error"] or 0.0,
        custodian=options["custodian"],
        collected=moment,
        note=options["note"],
        columns=options["columns"],
        time_format=options["time_format"],
        repository=options["repository"],
        synthetic=options["synthetic"],
    )


def _take_in(
    case: Path, file: Path, wanted: EvidenceEntry, editor: ManifestEditor, staging: Staging
) -> Outcome:
    from attribution.store.custody import digest

    entries = editor.manifest.evidence
    inside = _path_inside(case, file)
    declared = next((entry for entry in entries if entry.path == inside), None)
    copy = case / inside if inside is not None else staging.take(file)
    found = digest(copy)
    if declared is not None and declared.sha256 not in (None, found.sha256):
        raise EvidenceError(
            f"{declared.id} is not what was taken in",
            file=str(file),
            got=f"SHA-256 {found.sha256}",
            expected=f"SHA-256 {declared.sha256}",
            remedy="put the original back, or take the changed file in under another name",
        )
    known = next(
        (entry for entry in entries if entry.sha256 == found.sha256), None
    ) or _same_repository(case, copy, entries)
    if known is not None:
        _warn_ignored(wanted, known)
        return Outcome(str(file), "already", entry=known, size=found.size)
    entry = replace(
        declared or replace(wanted, id=_next_id(entries)),
        path=inside or "",
        sha256=found.sha256,
    )
    if declared is not None:
        _warn_ignored(wanted, declared)
    entry, reading = _read(copy, file, entry, editor)
    if reading.accounting.kept + reading.accounting.undated == 0:
        return Outcome(str(file), "failed", reading=reading, error=_useless(reading, file))
    if inside is None:
        taken = {other.path for other in entries}
        entry = replace(entry, path=staging.keep(copy, taken))
    if declared is None:
        editor.add_evidence(entry)
    else:
        editor.set_evidence(declared.id, format=entry.format, sha256=entry.sha256)
    editor.save()
    return Outcome(str(file), "taken_in", entry=entry, size=found.size, reading=reading)


def _warn_ignored(wanted: EvidenceEntry, entry: EvidenceEntry) -> None:
    """Say which options change nothing, because the item has an entry in case.yaml already."""
    from attribution.model.manifest import EvidenceEntry

    unset = EvidenceEntry(id="", path="")
    names = [field.name for field in fields(EvidenceEntry) if field.name not in {"id", "path"}]
    ignored = [
        name
        for name in names
        if getattr(wanted, name) not in (getattr(unset, name), getattr(entry, name))
    ]
    if ignored:
        given = ", ".join(f"{name} {getattr(wanted, name)!s}" for name in ignored)
        warn(
            f"{entry.id} has its entry already, so this was ignored: {given};"
            f" change it under `evidence`, id {entry.id}, in case.yaml"
        )


def _path_inside(case: Path, file: Path) -> str | None:
    """Return the path from the case folder of a FILE that lies in CASE/evidence already."""
    folder = case.resolve()
    path = file.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder / "evidence") else None


def _same_repository(
    case: Path, copy: Path, entries: tuple[EvidenceEntry, ...]
) -> EvidenceEntry | None:
    """Return the entry of a bundle that holds the same references at the same commits."""
    from attribution.schema.evidence import evidence_path
    from attribution.store.intake import read_references

    references = read_references(copy)
    if references is None:
        return None
    for entry in entries:
        if read_references(evidence_path(case, entry)) == references and entry.sha256 is not None:
            return entry
    return None


def _next_id(entries: tuple[EvidenceEntry, ...]) -> str:
    numbers = [int(match[1]) for entry in entries if (match := _NUMBERED.fullmatch(entry.id))]
    return f"E{max(numbers, default=0) + 1}"


def _read(
    copy: Path, original: Path, entry: EvidenceEntry, editor: ManifestEditor
) -> tuple[EvidenceEntry, Reading]:
    """Return the entry with its format, and what was read; errors name the original."""
    from attribution.ingest import read_evidence
    from attribution.store.intake import read_references

    if entry.repository is None and read_references(copy) is not None:
        entry = replace(entry, repository=copy.stem)
    try:
        reading = read_evidence(
            copy,
            format=entry.format,
            zone=entry.zone,
            columns=entry.columns or None,
            time_format=entry.time_format,
            window=editor.manifest.period,
            repository=entry.repository,
            collected=entry.collected,
        )
    except InputError as error:
        if error.file is not None:
            error.file = error.file.replace(str(copy), str(original))
        raise
    return replace(entry, format=reading.format), reading


def _useless(reading: Reading, file: Path) -> InputError:
    """Return the error of a file that was read, and of which no entry is of any use."""
    counts = reading.accounting
    first = next(iter(reading.rejections), None)
    return InputError(
        "nothing in this file can be used, and it was not taken in",
        file=str(file),
        place=None if first is None else first.place,
        got=str(counts) if first is None else f"{counts}; {first.reason}",
        expected=f"records of the format {reading.format}",
        remedy="check that it is the right file; `--format` overrules detection",
    )
