"""`attribution potency`: shares of parties over a structural model with duties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import json_option, print_json, print_text, timeout_option
from attribution.cli.progress import INTERRUPTED, Progress, stopped_by_interrupt

if TYPE_CHECKING:
    from attribution.responsibility.model import PotencyModel
    from attribution.responsibility.result import Estimate, PotencyResult
    from attribution.responsibility.sensitivity import Bar


NOBODY = (
    "All shares are 0: no breach made a difference, or none is culpable. Shares are parts of"
    " potency times culpability, and there is nothing of that to divide."
)


@click.command("potency")
@click.argument("model", type=click.Path(path_type=Path))
@timeout_option
@click.option(
    "--samples",
    type=click.IntRange(min=2),
    metavar="N",
    help="How many worlds to look at where an exact answer is out of reach.",
)
@click.option("--seed", type=int, metavar="K", help="The seed of such a sample.")
@click.option(
    "--tornado", is_flag=True, help="Say how far each credence and culpability moves the shares."
)
@json_option
def command(
    model: Path,
    *,
    timeout: float | None,
    samples: int | None,
    seed: int | None,
    tornado: bool,
    as_json: bool,
) -> None:
    """Compute the shares of parties over the structural model MODEL.

    MODEL is a JSON file as for `attribution causes`, with `parties`, `breaches` and `harms`, and
    `credence`, `kinds` and `observed` where needed. Shares are exact at the point credences and
    come with their extremes over all ranges of credence and culpability; where that is out of
    reach they come from a sample of worlds, with their standard errors. Ctrl-C ends the search for
    ranges and prints what is known (status 130).
    """
    from attribution.causation.effort import Effort
    from attribution.causation.modelfile import read_model_file
    from attribution.responsibility.model import PotencyModel
    from attribution.responsibility.narration import describe_limits
    from attribution.responsibility.potency import Assessor
    from attribution.responsibility.sampling import SAMPLES, SEED
    from attribution.responsibility.sensitivity import measure_tornado

    content = PotencyModel.from_dict(read_model_file(model), file=str(model))
    with Progress() as progress:
        effort = Effort(timeout, progress.tell)
        assessor = Assessor(
            content, effort, samples=samples or SAMPLES, seed=SEED if seed is None else seed
        )
        with stopped_by_interrupt(effort):
            result = assessor.assess()
            if result.exact:
                result = replace(result, sufficiency=assessor.sufficiency())
            bars = measure_tornado(content, assessor=assessor) if tornado else ()
    limits = describe_limits(assessor)
    if as_json:
        extra = {"tornado": [bar.to_dict() for bar in bars]} if tornado else {}
        print_json({**result.to_dict(), **extra, "limits": list(limits)})
    else:
        print_text("\n".join([_describe(content, result, bars), *limits]))
    if effort.stopped:
        raise SystemExit(INTERRUPTED)


def _range(estimate: Estimate) -> str:
    return f"{estimate.low:6.1%} {float(estimate.point):7.1%} {estimate.high:7.1%}"


def _describe(model: PotencyModel, result: PotencyResult, bars: tuple[Bar, ...]) -> str:
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
    lines += ["", *_describe_necessity(result), "", *_describe_method(result)]
    if not any(result.shares[party].high for party in model.parties):
        lines.append(NOBODY)
    if bars:
        lines += ["", *_describe_bars(bars)]
    return "\n".join(lines)


def _describe_necessity(result: PotencyResult) -> Iterator[str]:
    marked = result.necessity.marked()
    yield (
        "Past the balance of probabilities (but-for over 1/2): "
        + (", ".join(marked) if marked else "nobody")
        + "."
    )
    for party, value in (result.sufficiency or {}).items():
        words = "the harm would have happened anyway" if value is None else f"{float(value):.1%}"
        yield f"Probability of sufficiency, {party}: {words}"


def _describe_method(result: PotencyResult) -> Iterator[str]:
    method = result.method
    exact = "exact" if result.exact else "NOT exact"
    yield f"Shares are {exact}: {method.how}. Ranges: {method.ranges}."
    if method.standard_errors is not None:
        errors = ", ".join(
            f"{party} {error:.1%}" for party, error in method.standard_errors.items()
        )
        yield f"{method.samples} worlds, seed {method.seed}; standard errors: {errors}."


def _describe_bars(bars: tuple[Bar, ...]) -> Iterator[str]:
    yield "What moves the shares, one number at a time:"
    for bar in bars:
        low, high = bar.ends
        yield f"  {bar.of} ({bar.kind} {float(low):g} to {float(high):g}): {float(bar.swing):.1%}"
