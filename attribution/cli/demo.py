"""`attribution demo`: the flagship sample incident, copied and run."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from attribution.cli.options import say
from attribution.errors import AttributionError

SAMPLE = "sample_incidents/environment-recreated"


@click.command()
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    default="attribution-demo",
    type=click.Path(path_type=Path),
)
def command(folder: Path) -> None:
    """Copy the sample incident to DIR, run it and show the answer.

    DIR is ./attribution-demo unless named, and must not exist yet: it is a case like any other,
    to be changed and run again with `attribution run`.
    """
    import attribution
    from attribution.cli.run import print_answer
    from attribution.resources import resource

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AttributionError(
            "the demo does not write over what is there",
            file=str(folder),
            got="something of that name",
            expected="a folder that does not exist yet",
            remedy=f"name another, or run the case again with `attribution run {folder}`",
        )
    shutil.copytree(
        resource(SAMPLE),
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("case.db", "report", "story", "__pycache__"),
        copy_function=shutil.copyfile,
    )
    say(f"Copied the sample incident to {folder}.")
    case = attribution.Case.open(folder)
    print_answer(case, case.run(), shown=folder)
