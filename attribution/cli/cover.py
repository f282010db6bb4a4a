"""`attribution cover`: whether, and for how much, an insurance policy answers for a case."""

from __future__ import annotations

from pathlib import Path

import click

from attribution.cli.cover_text import tell_cover
from attribution.cli.options import (
    case_argument,
    json_option,
    print_json,
    print_text,
    require_liability,
    timeout_option,
    width,
)
from attribution.cli.progress import watched


@click.command(short_help="Hold an insurance policy against CASE, clause by clause.")
@case_argument
@click.option(
    "--policy",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A policy file. Default: those under `insurance` in case.yaml.",
)
@click.option(
    "--insured",
    metavar="PARTY[,PARTY...]",
    help="Whom the policy of --policy insures, where case.yaml does not say.",
)
@timeout_option
@json_option
def command(
    case: Path,
    *,
    file: Path | None,
    insured: str | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Hold an insurance policy against CASE, clause by clause.

    Each clause with the fact it turns on, the evidence, and met, not met or open. What is open
    stays open, with what would settle it; the payment is shown for each way to settle it. Then
    what can be recovered from whom and until when, and a range for the reserve. `attribution
    decide CASE cover:CLAUSE` answers a question.
    """
    import attribution
    from attribution.cover.declared import replace_policy
    from attribution.errors import ManifestError

    opened = attribution.Case.open(case)
    require_liability(opened.manifest)
    if insured is not None and file is None:
        raise click.UsageError("--insured goes with --policy")
    policies = None
    if file is not None:
        names = tuple(name.strip() for name in (insured or "").split(",") if name.strip())
        policies = replace_policy(opened.folder, opened.manifest, file, names)
    elif not opened.manifest.insurance:
        raise ManifestError(
            "the case has no insurance policy",
            file=str(case / "case.yaml"),
            got="no entry under `insurance`",
            expected="a policy file and whom it insures",
            remedy="add an entry, or name a file with --policy",
        )
    with watched(opened, timeout):
        found = opened.cover(policies)
    if as_json:
        print_json({"case": opened.manifest.id, "policies": [cover.to_dict() for cover in found]})
        return
    names_of = {party.id: party.name for party in opened.manifest.parties}
    for line in (line for cover in found for line in tell_cover(cover, names_of, width())):
        print_text(line)
