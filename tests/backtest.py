"""The back-test against published apportionments; `python -m tests.backtest` writes its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attribution.causation.effort import Effort
from attribution.causation.modelfile import read_model_file
from attribution.regimes.benchmark import BASES, Published, load_published
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.potency import Assessor

MODELS = Path(__file__).parent / "data" / "backtest"
PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "back-test.md"
OF_ONE_MODEL = {
    "alexandra1_eversmart_2017": "alexandra1_eversmart",
    "alexandra1_eversmart_2022": "alexandra1_eversmart",
    "werner_blake_2018": "werner_blake",
}
"""Published cases whose model has another name: two judgments were of the same facts."""

NOT_MODELLED = {
    "kgm_meta_youtube": "Harm by use over years of two products: the public facts do not say what"
    " either's compliance would have averted, and a model would only be the verdict written down.",
}

INTRO = """# Back-test against published apportionments

`tests/data/backtest/` has a model file for each published case that is simple enough to model from
its public facts. Below stand the range that `attribution potency` gives for it and the figure that
was published. `python -m tests.backtest` makes this page; a test fails where it is not what the
models give.

**What it is worth: little, and that is said here before the numbers.**

* The models were written with the published figures known, and how a model is built is a choice.
  They come from background knowledge of public accounts, not from the judgments.
* Where the public facts do not say what would have happened, every model has the one range 1/4 to
  3/4, point 1/2. No number was chosen for a case, and none was changed after a comparison.
* Every culpability is 1. Courts and juries weigh blame too; the computed shares are causal potency
  alone.
* Some published figures did not survive on appeal, as their status says.
* Models of the same form give the same range: two breaches of which one was needed for certain give
  62.5 to 87.5 % and 12.5 to 37.5 %, whatever the case. Where only one party had a duty, as in
  Moffatt v Air Canada, it has everything, and that it falls inside shows nothing.

The method is not adjusted to any of this.
"""


@dataclass(frozen=True)
class Compared:
    """A party's published percentage and the range that the method gives, in per cent."""

    party: str
    name: str
    low: float
    point: float
    high: float
    published: float

    @property
    def inside(self) -> bool:
        return self.low - 1e-9 <= self.published <= self.high + 1e-9


def compare(published: Published) -> tuple[Compared, ...]:
    """Return the published figure of each party of the model beside its range."""
    path = MODELS / f"{OF_ONE_MODEL.get(published.id, published.id)}.json"
    model = PotencyModel.from_dict(read_model_file(path), file=path.name)
    shares = Assessor(model, Effort(None)).assess().shares
    assert all(one.percent == 0 for one in published.parties[len(shares) :])
    return tuple(
        Compared(
            party,
            one.name,
            float(share.low) * 100,
            float(share.point) * 100,
            float(share.high) * 100,
            one.percent,
        )
        for (party, share), one in zip(shares.items(), published.parties, strict=False)
    )


def render() -> str:
    """Return the page."""
    found = [(one, compare(one)) for one in load_published() if one.id not in NOT_MODELLED]
    return "\n".join([INTRO, *_tell_count(found), *_tell_table(found), *_tell_models(found)])


def _tell_count(found: list[tuple[Published, tuple[Compared, ...]]]) -> Iterator[str]:
    figures = [one for _, rows in found for one in rows]
    inside = sum(one.inside for one in figures)
    whole = sum(all(one.inside for one in rows) for _, rows in found)
    yield (
        f"**{inside} of {len(figures)} published figures fall inside the range; of {len(found)}"
        f" apportionments {whole} do so with every figure.**"
        " Among two, one figure outside puts the other outside too."
    )
    yield ""


def _tell_table(found: list[tuple[Published, tuple[Compared, ...]]]) -> Iterator[str]:
    yield "| case | party | the method's range, point | published | falls |"
    yield "|---|---|---|---|---|"
    for published, rows in found:
        title = f"{published.title}{', ' + published.claimants if published.claimants else ''}"
        for row in rows:
            span = f"{row.low:.1f} to {row.high:.1f} %, {row.point:.1f} %"
            where = "inside" if row.inside else "below" if row.published < row.low else "above"
            yield f"| {title} | {row.party} | {span} | {row.published:g} % | {where} |"
            title = ""
    yield ""


def _tell_models(found: list[tuple[Published, tuple[Compared, ...]]]) -> Iterator[str]:
    yield "## What was modelled"
    yield ""
    told = set()
    for published, _ in found:
        name = OF_ONE_MODEL.get(published.id, published.id)
        if published.id not in told:
            note = read_model_file(MODELS / f"{name}.json")["note"]
            yield f"* **{published.title}** (`{name}.json`). {note}"
            yield f"  Figure: {published.by}; {published.status}."
            yield f"  Source of the figure: {published.source} ({BASES[published.basis]})."
        told.add(published.id)
    yield ""
    yield "## What was not"
    yield ""
    titles = {one.id: one.title for one in load_published()}
    yield from (f"* **{titles[name]}.** {why}" for name, why in NOT_MODELLED.items())
    yield ""


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
