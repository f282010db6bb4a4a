"""Other rules than potency, from the same weighted worlds: but-for, sufficiency, and the rest."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from attribution.responsibility.model import Breach, PotencyModel
from attribution.responsibility.result import Necessity
from attribution.responsibility.sequential import Stage, share_stages

if TYPE_CHECKING:
    from attribution.responsibility.weighing import Weighing


def find_necessity(weighing: Weighing) -> Necessity:
    """Return plain but-for of each party and each breach."""
    model = weighing.model
    owned = [
        frozenset(b.variable for b in model.breaches if b.party == party) for party in model.parties
    ]
    groups = [*owned, *(frozenset((name,)) for name in model.breach_variables)]
    sums = dict.fromkeys(range(len(groups)), 0)
    counts: dict[int, int] = {}
    for harm, weight in weighing.weights.items():
        reach = weighing.table.reach[harm]
        # Whoever is met alone averts nothing that does not depend on it.
        for number, group in enumerate(groups):
            if group.isdisjoint(reach):
                continue
            won = weighing.table.but_for_under(harm, weighing.evidence, group)
            if id(won) not in counts:
                counts[id(won)] = weighing.count(won)
            sums[number] += weight * counts[id(won)]
    values = list(weighing.scale_sums(sums).values())
    count = len(model.parties)
    return Necessity(
        dict(zip(model.parties, values[:count], strict=True)),
        dict(zip(model.breach_variables, values[count:], strict=True)),
    )


def find_sufficiency(weighing: Weighing, party: str) -> Fraction | None:
    """Return the probability of sufficiency of a party's breaches (see `PotencyResult`)."""
    total = weight = Fraction(0)
    for harm, (absent, produced) in weighing.table.production(party).items():
        without = weighing.mass(absent)
        if without:
            total += weighing.portions[harm] * weighing.mass(produced) / without
            weight += weighing.portions[harm]
    return total / weight if weight else None


def apply_rules(weighing: Weighing) -> dict[str, dict[str, Fraction]]:
    """Return what each other rule gives each party, before it is normalised to 1."""
    in_breach = _parties_in_breach(weighing)
    rules = {
        "banzhaf": dict(weighing.banzhaf),
        "but_for": dict(weighing.necessity.parties),
        "degree_of_responsibility": dict(weighing.degrees),
        "equal": {party: Fraction(int(party in in_breach)) for party in weighing.model.parties},
    }
    staged = _staged(weighing)
    return rules if staged is None else {**rules, "sequential_liability": staged}


def _staged(weighing: Weighing) -> dict[str, Fraction] | None:
    """Return the sequential liability of Dehez and Ferey, None where harm had no stages.

    A stage is a harm item; its parties are those whose breaches may have made a difference to
    it, and their weights are their culpabilities at the points.
    """
    stages = []
    for harm in weighing.model.harms:
        involved = weighing.involved[harm.id]
        if harm.amount and involved:
            stages.append(Stage(harm.amount, involved))
    if len({stage.contributors for stage in stages}) < 2:  # noqa: PLR2004 - one stage is none
        return None
    weights = {}
    for party in weighing.model.parties:
        blame = [b.culpability.point for b in weighing.model.breaches if b.party == party]
        weights[party] = sum(blame, Fraction(0)) / len(blame) if blame else Fraction(1)
    if any(not any(weights[party] for party in stage.contributors) for stage in stages):
        return None
    return share_stages(stages, weighing.model.parties, weights)


def _parties_in_breach(weighing: Weighing) -> set[str]:
    """Return the parties of whom a breach may have taken place, given the evidence."""
    took_place = {feeder.name: feeder.took_place for feeder in weighing.table.feeders}
    found: set[str] = set()
    for breach in weighing.model.breaches:
        if breach.party in found:
            continue
        if breach.variable not in weighing.table.selectors:
            possible = _may_take_place(weighing.model, breach)
        else:
            worlds = took_place[breach.variable] & weighing.evidence & weighing.possible
            possible = worlds != weighing.table.algebra.nothing
        if possible:
            found.add(breach.party)
    return found


def _may_take_place(model: PotencyModel, breach: Breach) -> bool:
    """Return whether a breach on which no harm depends has a positive probability."""
    equation = model.structure.equations[breach.variable]
    certain = model.certain_context()
    open_names = sorted(equation.names - certain.keys())
    for values in itertools.product((0, 1), repeat=len(open_names)):
        here = dict(zip(open_names, values, strict=True))
        points = (model.credence[name].point for name in open_names)
        likely = all((p if v else 1 - p) > 0 for p, v in zip(points, values, strict=True))
        if likely and equation({**certain, **here}) != breach.norm:
            return True
    return False
