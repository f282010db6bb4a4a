"""Documents about a case, all written from one document model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis


def default_audiences(
    mode: str, *, authorities: bool = False, insured: bool = False
) -> tuple[str, ...]:
    """Return the audiences a case of this mode is reported to where none is named.

    `authorities` says that the case declares what it reports to authorities, `insured` that it
    names a policy.
    """
    usual: tuple[str, ...] = ("postmortem",)
    if mode != "learning":
        usual = ("legal", "postmortem", "claim") if insured else ("legal", "postmortem")
    return (*usual, "regulator") if authorities else usual


def write_reports(
    analysis: Analysis,
    out_dir: Path,
    audiences: Sequence[str],
    formats: Sequence[str],
    sign: Callable[[bytes], bytes] | None = None,
) -> tuple[Path, ...]:
    """Write `AUDIENCE.FORMAT` into `out_dir` for each of both, and return the paths.

    Where the timeline is too long to be listed, `AUDIENCE-events.csv` has all of it. Every audience
    and format is checked before anything is written; a file is put in its place whole or not at
    all. What is PDF goes through `sign`. Raises AttributionError for an audience or format that
    cannot be made.
    """
    from attribution.report.annex import write_annex
    from attribution.report.digest import condense
    from attribution.report.document import check_audience, compose_document, prepare_edition
    from attribution.report.formats import check_format, render

    for audience in audiences:
        check_audience(audience, analysis.manifest.mode)
    for name in formats:
        check_format(name)
    out_dir.mkdir(parents=True, exist_ok=True)
    written = []
    condensed = condense(analysis)
    for audience in audiences:
        edition = prepare_edition(analysis, audience, condensed)
        if edition.digest is not None:
            path = out_dir / f"{audience}-events.csv"
            annex = write_annex(analysis, edition.hide, path)
            edition = replace(edition, digest=replace(edition.digest, annex=annex))
            written.append(path)
        document = compose_document(edition)
        for name in formats:
            path = out_dir / f"{audience}.{name}"
            side = path.with_name(f".{path.name}.new")
            data = render(document, name)
            side.write_bytes(sign(data) if sign and name == "pdf" else data)
            side.replace(path)
            written.append(path)
    return tuple(written)
