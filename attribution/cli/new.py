"""`attribution new`: a case folder to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from attribution.cli.options import print_text
from attribution.errors import ManifestError

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make a case folder DIR with a commented case.yaml.

    Nothing that is there already is overwritten. Beside case.yaml lie its schema, for editors that
    complete and check YAML, and the empty folder `evidence`.
    """
    from attribution.resources import resource
    from attribution.schema.template import fill_template

    manifest = folder / "case.yaml"
    if manifest.exists() or manifest.is_symlink():
        raise ManifestError(
            "there is a case already",
            file=str(manifest),
            expected="a folder without a case.yaml",
            remedy="name another folder; `attribution add` takes evidence into this one",
        )
    name = folder.resolve().name
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    schema = resource("schemas/case.schema.json").read_text(encoding="utf-8")
    (folder / "case.schema.json").write_text(schema, encoding="utf-8", newline="\n")
    case_id = _NOT_IN_ID.sub("-", name.lower()).strip("-")[:80].strip("-") or "case"
    with manifest.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(fill_template(case_id, name or "Case"))
    print_text(
        f"{manifest}\n"
        f"next: attribution add {folder} FILE...   (then fill in case.yaml, and attribution run)"
    )
