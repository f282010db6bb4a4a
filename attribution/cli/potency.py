"""`attribution potency`: shares of parties over a structural model with duties."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text

if TYPE_CHECKING:
    from attribution.responsibility.model import PotencyModel
    from attribution.responsibility.result import Estimate, PotencyResult


@click.command("potency")
@click.argument("model", type=click.Path(path_type=Path))
@json_option
def command(model: Path, as_json: bool) -> None:
    """Compute the shares of parties over the structural model MODEL.

    MODEL is a JSON file as for `attribution causes`, with `parties`, `breaches` and `harms`, and
    `credence`, `kinds` and `observed` where needed. Shares are exact at the point credences and
    come with their extremes over all ranges of credence and culpability.
    """
    from attribution.causation.document import read_model_file
    from attribution.responsibility.model import PotencyModel
    from attribution.responsibility.potency import compute_potency

    content = PotencyModel.from_dict(read_model_file(model), file=str(model))
    result = compute_potency(content)
    if as_json:
        print_json(result.to_dict())
    else:
        print_text(_describe(content, result))


def _range(estimate: Estimate) -> str:
    return f"{estimate.low:6.1%} {float(estimate.point):7.1%} {estimate.high:7.1%}"


def _describe(model: PotencyModel, result: PotencyResult) -> str:
    width = max(map(len, ("unattributed", *model.parties, *model.breach_variables))) + 2
    lines = [f"{'':{width}}   low   point    high   potency   but-for"]
    for party, share in result.shares.items():
        lines.append(
            f"{party:{width}}{_range(share)}{float(result.potency[party]):10.1%}"
            f"{float(result.necessity.parties[party]):10.1%}"
        )
        lines += [
            f"  {b.variable:{width - 2}}{'':22}{float(result.breaches[b.variable]):10.1%}"
            f"{float(result.necessity.breaches[b.variable]):10.1%}"
            for b in model.breaches
            if b.party == party
        ]
    lines.append(f"{'unattributed':{width}}{_range(result.unattributed)}")
    lines.append("")
    first = max(map(len, ("other rules", *result.other_rules)))
    lines.append("other rules".ljust(first) + "".join(f"  {party:>8}" for party in model.parties))
    for rule, values in result.other_rules.items():
        cells = "".join(
            f"  {float(values[party]):{max(len(party), 8)}.1%}" for party in model.parties
        )
        lines.append(rule.ljust(first) + cells)
    return "\n".join(lines)
