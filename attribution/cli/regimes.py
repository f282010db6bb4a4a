"""`attribution regimes`: the regimes known, with source and date verified."""

from __future__ import annotations

import textwrap

import click

from attribution.cli.options import json_option, print_json, print_text, width
from attribution.cli.terminal import printable_line


@click.command(short_help="List the regimes known, with source and date verified.")
@json_option
def command(*, as_json: bool) -> None:
    """List the regimes known, with source and date verified.

    A regime is a set of rules that turns shares into who owes what: a state's law, a model act, a
    track of the Restatement, a contract. What was not verified says so.
    """
    from attribution.regimes.law import list_laws, load_law

    laws = [load_law(name) for name in list_laws()]
    if as_json:
        print_json({"regimes": [law.to_dict() for law in laws]})
        return
    for law in laws:
        state = "not verified" if law.verified_on is None else f"verified {law.verified_on}"
        if law.verified_on is not None and law.is_unverified:
            state = f"read {law.verified_on}, not verified in every part"
        print_text(f"{law.id:20} {printable_line(law.title)}")
        rules = "; then ".join(version.summary for version in law.versions)
        for line in (rules, f"confidence {law.confidence}, {state}: {law.source}"):
            wrapped = textwrap.wrap(
                printable_line(line),
                width(),
                initial_indent=" " * 21,
                subsequent_indent=" " * 23,
            )
            print_text("\n".join(wrapped))
    print_text(f"{len(laws)} regimes. Which law applies is for counsel to say.")
