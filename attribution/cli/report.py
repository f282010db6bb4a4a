"""`attribution report`: the documents of a case."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from attribution.cli.language import warn_of_language
from attribution.cli.options import (
    case_argument,
    house_option,
    json_option,
    print_json,
    print_text,
    timeout_option,
)
from attribution.cli.progress import warn_of_unanswered, watched
from attribution.errors import InputError

AUDIENCES = ("postmortem", "legal", "claim", "regulator")


@click.command(short_help="Write the documents for an audience.")
@case_argument
@click.option(
    "--audience",
    "audiences",
    type=click.Choice(AUDIENCES),
    multiple=True,
    help="For whom; may be given several times. Default: legal and postmortem, as far as the "
    "case's mode allows, claim where it names a policy, regulator where it reports to authorities.",
)
@click.option(
    "--format",
    "formats",
    default=("pdf,html,md",),
    multiple=True,
    show_default="pdf,html,md",
    help="Formats, separated by commas or given several times: pdf, html, md, docx, json.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the documents. Default: CASE/report.",
)
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sign each PDF with the key of this PKCS #12 file (.p12). The passphrase is taken from "
    "ATTRIBUTION_PASSPHRASE, or asked for. Needs the extra `signature`.",
)
@house_option
@timeout_option
@json_option
def command(
    case: Path,
    audiences: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path | None,
    key: Path | None,
    house: Path | None,
    *,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Write the documents of CASE for an audience.

    A learning document (postmortem) has roles instead of names and no shares. A liability document
    (legal) has shares with their ranges, each traced to evidence; that for an insurance claim
    (claim) has cover, loss, reserve and recovery. What goes to authorities (regulator) has drafts
    of the reports that are owed, and neither shares nor positions. The same case gives the same
    bytes. Prints the path of every document written.
    """
    from attribution import Case
    from attribution.report import default_audiences, write_reports
    from attribution.report.document import check_audience
    from attribution.report.formats import check_format
    from attribution.report.house import open_house

    names = tuple(
        dict.fromkeys(name.strip() for name in ",".join(formats).split(",") if name.strip())
    )
    for name in names:
        check_format(name)
    sign = None if key is None else _open_seal(key, names)
    opened = Case.open(case)
    mode = opened.manifest.mode
    for audience in audiences:
        check_audience(audience, mode)
    chosen = tuple(dict.fromkeys(audiences)) or default_audiences(
        mode,
        authorities=opened.manifest.reporting is not None,
        insured=bool(opened.manifest.insurance),
    )
    with watched(opened, timeout):
        looks = open_house(case, house)
        analysis = opened.analyse_for(chosen, names)
        written = write_reports(
            analysis, out or case / "report", chosen, names, sign=sign, house=looks
        )
    if timeout is not None:
        warn_of_unanswered(opened)
    if "postmortem" in chosen:
        warn_of_language(case)
    if as_json:
        print_json({"documents": [str(path) for path in written]})
        return
    for path in written:
        print_text(str(path))


def _open_seal(key: Path, formats: tuple[str, ...]) -> Callable[[bytes], bytes]:
    """Return what signs a PDF, before anything is computed that a wrong passphrase would waste."""
    from attribution.report.pdf.signature import Seal

    if "pdf" not in formats:
        raise InputError(
            "only a PDF can be signed",
            got=f"--sign with --format {','.join(formats)}",
            expected="pdf among the formats",
        )
    passphrase = os.environ.get("ATTRIBUTION_PASSPHRASE")
    if passphrase is None and sys.stdin.isatty():
        passphrase = click.prompt("Passphrase of the key", hide_input=True, err=True)
    return Seal(key, passphrase).sign
