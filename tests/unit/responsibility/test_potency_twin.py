"""Potency, shares and ranges against a literal reading of the definition on random models.

ATTRIBUTION_TWINS sets the number of models (default 60); in CI 2,000 and more run once.
"""

from __future__ import annotations

import itertools
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest

from attribution.causation.effort import Effort
from attribution.causation.structural import StructuralModel
from attribution.errors import ImpossibleError
from attribution.responsibility import averted, enumeration, estimates
from attribution.responsibility.model import Harm, Interval, PotencyModel
from attribution.responsibility.positions import pin
from attribution.responsibility.potency import Assessor
from attribution.responsibility.sampling import draw_sample, estimate_result
from attribution.responsibility.witness import find_witness

MODELS = int(os.environ.get("ATTRIBUTION_TWINS", "60"))
CHUNKS = 10


WAYS = ["arrays", "tables", "tables with choices in diagrams", "diagrams", "diagrams without CUDD"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make every way of computing take its turn on the same models, with ranges by search."""
    averted.forget_shapes()
    if request.param != "arrays":
        monkeypatch.setattr(enumeration, "MAX_SELECTORS", 0)
    if request.param == "tables with choices in diagrams":
        monkeypatch.setattr(averted, "MAX_SPARE", -14)
    if request.param.startswith("diagrams"):
        monkeypatch.setattr(averted, "MAX_TABLE", 0)
        monkeypatch.setattr(estimates, "MAX_DENSE", 0)
    if request.param == "diagrams without CUDD":
        monkeypatch.setitem(sys.modules, "dd.cudd", None)
    return str(request.param)


def random_interval(rng: random.Random) -> list[float]:
    return sorted(rng.choice([0.0, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 1.0]) for _ in range(3))


def random_document(rng: random.Random) -> dict[str, Any]:
    """Return MODEL.json of up to 4 breaches, 3 other roots, 4 derived variables and 2 harms."""
    parties = ["A", "B", "C"][: rng.choice([1, 2, 2, 3, 3])]
    breaches: dict[str, Any] = {}
    variables: dict[str, list[int]] = {}
    equations: dict[str, str] = {}
    context: dict[str, int] = {}
    kinds: dict[str, str] = {}
    credence: dict[str, Any] = {}
    for number in range(rng.choice([1, 2, 3, 3, 4])):
        name = f"b{number}"
        breaches[name] = {"party": rng.choice(parties), "norm": rng.randint(0, 1)}
        if rng.random() < 0.4:
            breaches[name]["culpability"] = random_interval(rng)
        variables[name], context[f"u_{name}"] = [0, 1], 1 - breaches[name]["norm"]
    for number in range(rng.randint(0, 3)):
        name = f"r{number}"
        variables[name], context[f"u_{name}"] = [0, 1], rng.randint(0, 1)
        if rng.random() < 0.7:
            kinds[name] = rng.choice(["act", "event", "condition"])
    for name in variables:
        equations[name] = f"u_{name}" if rng.random() < 0.9 else f"1 - u_{name}"
    for name in rng.sample(sorted(context), min(len(context), rng.randint(0, 4))):
        credence[name] = random_interval(rng) if rng.random() < 0.7 else rng.choice([0.3, 0.5, 1])
    unused = list(variables)
    for number in range(rng.randint(2, 5)):
        pool = unused if len(unused) > 1 and rng.random() < 0.8 else list(variables)
        names = rng.sample(pool, min(len(pool), rng.randint(1, 3)))
        name = f"d{number}"
        variables[name], equations[name] = [0, 1], random_equation(rng, names)
        unused = [name, *(other for other in unused if other not in names)]
    variables["h"], equations["h"] = [0, 1], random_equation(rng, unused[:4])
    document = {"variables": variables, "context": context, "equations": equations}
    actual = StructuralModel.from_dict(document).evaluate()
    effects = [f"h == {actual['h']}"]
    if rng.random() < 0.4:
        other = rng.choice(list(variables))
        effects.append(rng.choice([f"{other} == {actual[other]}", f"h == {actual['h']} or d0"]))
    watched = rng.choice(list(variables))
    return {
        **document,
        "parties": parties,
        "breaches": breaches,
        "kinds": kinds,
        "credence": credence,
        "observed": {watched: actual[watched]} if rng.random() < 0.3 else {},
        "harms": [{"effect": e, "amount": rng.randint(1, 5)} for e in effects],
    }


def random_equation(rng: random.Random, names: list[str]) -> str:
    if len(names) > 1 and rng.random() < 0.2:
        # A backup that stands ready: it is what preemption is made of.
        return f"{names[0]} or ({names[1]} and not {names[-1]})"
    literals = [rng.choice([name, name, name, f"not {name}"]) for name in names]
    form = rng.choice(["and", "or", "or", "at_least", "!="])
    if form == "at_least":
        return f"at_least({rng.randint(1, 2)}, {', '.join(literals)})"
    if form == "!=" and len(names) == 2:
        return f"int({literals[0]}) != int({literals[1]})"
    return f" {form if form == 'and' else 'or'} ".join(literals)


def subsets(pool: Iterable[str]) -> Iterator[frozenset[str]]:
    names = sorted(pool)
    for size in range(len(names) + 1):
        yield from map(frozenset, itertools.combinations(names, size))


@dataclass
class Literal:
    """The definition of the definition, word for word, world by world."""

    model: PotencyModel
    known: dict[tuple[str, frozenset[str], tuple[int, ...]], bool] = field(default_factory=dict)

    def worlds(self) -> Iterator[tuple[Fraction, dict[str, int], dict[str, int]]]:
        """Yield weight, context and actual values of the worlds with the harms as observed."""
        names = sorted(self.model.credence)
        for values in itertools.product((0, 1), repeat=len(names)):
            context = dict(self.model.structure.context) | dict(zip(names, values, strict=True))
            weight = Fraction(1)
            for name in names:
                point = self.model.credence[name].point
                weight *= point if context[name] else 1 - point
            actual = self.model.structure.evaluate(context)
            known = all(actual[n] == value for n, value in self.model.observed.items())
            happens = all(harm.effect({**context, **actual}) for harm in self.model.harms)
            if weight and known and happens:
                yield weight, context, actual

    def downstream(self, root: str) -> set[str]:
        equations = self.model.structure.equations
        reached = {root}
        for _ in equations:
            reached |= {name for name in equations if equations[name].names & reached}
        return reached - {root}

    def prevents(self, harm: Harm, context: dict[str, int], setting: dict[str, int]) -> bool:
        run = self.model.structure.evaluate(context, setting)
        return not harm.effect({**context, **run})

    def averts(
        self, harm: Harm, breaches: frozenset[str], context: dict[str, int], actual: dict[str, int]
    ) -> bool:
        key = (harm.id, breaches, tuple(context.values()))
        if key not in self.known:
            self.known[key] = self.averts_by_definition(harm, breaches, context, actual)
        return self.known[key]

    def averts_by_definition(
        self, harm: Harm, breaches: frozenset[str], context: dict[str, int], actual: dict[str, int]
    ) -> bool:
        norms = {b.variable: b.norm for b in self.model.breaches}
        for chosen in subsets(breaches):
            holdable: set[str] = set()
            for root, equation in self.model.structure.equations.items():
                if root in chosen or equation.names & self.model.structure.domains.keys():
                    continue
                if root in norms:
                    took_place = actual[root] != norms[root]
                else:
                    active = self.model.kinds.get(root) in ("act", "event")
                    took_place = active and actual[root] == 1
                if took_place:
                    holdable |= self.downstream(root)
            setting = {name: norms[name] for name in chosen}
            for held in subsets(holdable - harm.effect.names - set(chosen)):
                if self.prevents(harm, context, setting | {n: actual[n] for n in held}):
                    return True
        return False

    def value(self, breaches: frozenset[str]) -> Fraction:
        """Return v: the expectation of what is averted, weighted by amount."""
        return self.expect(lambda h, c, a: self.averts(h, breaches, c, a))

    def expect(self, event: Callable[[Harm, dict[str, int], dict[str, int]], bool]) -> Fraction:
        total = sum(harm.amount for harm in self.model.harms)
        mass = sum(weight for weight, _, _ in self.worlds())
        return sum(
            (
                weight * harm.amount * event(harm, context, actual)
                for weight, context, actual in self.worlds()
                for harm in self.model.harms
            ),
            Fraction(0),
        ) / (total * mass)

    def necessity(self, setting: dict[str, int]) -> Fraction:
        """Return the probability that these settings alone prevent the harm."""
        return self.expect(lambda h, c, _: self.prevents(h, c, setting))

    def sufficiency(self, names: frozenset[str]) -> Fraction | None:
        """Return the probability that breach brings the harm where compliance leaves it absent."""
        norms = {b.variable: b.norm for b in self.model.breaches if b.variable in names}
        breached = {
            name: 1 - norm if any(run[name] != norm for run in self.runs()) else norm
            for name, norm in norms.items()
        }
        total = sum(harm.amount for harm in self.model.harms)
        value = weight = Fraction(0)
        for harm in self.model.harms:
            absent = produced = Fraction(0)
            for mass, context in self.prior():
                if self.prevents(harm, context, norms):
                    absent += mass
                    produced += mass * (not self.prevents(harm, context, breached))
            if absent:
                value += harm.amount / total * produced / absent
                weight += harm.amount / total
        return value / weight if weight else None

    def runs(self) -> Iterator[dict[str, int]]:
        """Yield the values in every world that no credence rules out for certain."""
        sides = {
            name: (int(it.point),) if it.is_certain else (0, 1)
            for name, it in sorted(self.model.credence.items())
        }
        for values in itertools.product(*sides.values()):
            context = dict(self.model.structure.context) | dict(zip(sides, values, strict=True))
            yield self.model.structure.evaluate(context)

    def prior(self) -> Iterator[tuple[Fraction, dict[str, int]]]:
        """Yield weight and context of every world, whatever happens in it."""
        names = sorted(self.model.credence)
        for values in itertools.product((0, 1), repeat=len(names)):
            context = dict(self.model.structure.context) | dict(zip(names, values, strict=True))
            weight = Fraction(1)
            for name in names:
                point = self.model.credence[name].point
                weight *= point if context[name] else 1 - point
            if weight:
                yield weight, context

    def breach_values(self) -> dict[str, Fraction]:
        """Return the Owen value: the mean over orders in which each party comes in one piece."""
        blocks = [
            [b.variable for b in self.model.breaches if b.party == party]
            for party in self.model.parties
        ]
        known = {s: self.value(s) for s in subsets(b.variable for b in self.model.breaches)}
        values = {b.variable: Fraction(0) for b in self.model.breaches}
        count = 0
        for order in itertools.permutations(blocks):
            for pieces in itertools.product(*(itertools.permutations(block) for block in order)):
                count += 1
                before: frozenset[str] = frozenset()
                for name in itertools.chain(*pieces):
                    values[name] += known[before | {name}] - known[before]
                    before |= {name}
        return {name: value / count for name, value in values.items()}

    def shares(self, values: dict[str, Fraction]) -> dict[str, Fraction]:
        weighted = {
            party: sum(
                (
                    values[b.variable] * b.culpability.point
                    for b in self.model.breaches
                    if b.party == party
                ),
                Fraction(0),
            )
            for party in self.model.parties
        }
        total = sum(weighted.values())
        return {p: value / total if total else Fraction(0) for p, value in weighted.items()}


def possible_models(chunk: int, offset: int, count: int) -> Iterator[PotencyModel]:
    """Yield the random models whose harms can have happened."""
    for seed in range(chunk, count, CHUNKS):
        model = PotencyModel.from_dict(random_document(random.Random(offset + seed)))
        if any(True for _ in Literal(model).worlds()):
            yield model
        else:
            with pytest.raises(ImpossibleError):
                Assessor(model).assess()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_potency_is_that_of_the_definition(chunk: int) -> None:
    """v, potency, breaches, shares and necessity are those of a literal computation."""
    for model in possible_models(chunk, 0, MODELS):
        literal = Literal(model)
        assessor = Assessor(model)
        result, sufficiency = assessor.assess(), assessor.sufficiency()
        assert sufficiency is not None
        owned = {
            party: frozenset(b.variable for b in model.breaches if b.party == party)
            for party in model.parties
        }
        for coalition in subsets(model.parties):
            union = frozenset().union(*(owned[party] for party in coalition))
            assert result.coalitions[",".join(sorted(coalition))] == literal.value(union)
        values = literal.breach_values()
        assert result.breaches == values
        assert result.potency == {
            party: sum((values[name] for name in owned[party]), Fraction(0))
            for party in model.parties
        }
        assert {p: share.point for p, share in result.shares.items()} == literal.shares(values)
        assert result.unattributed.point == 1 - sum(values.values())
        norms = {b.variable: b.norm for b in model.breaches}
        for party, names in owned.items():
            complied = {name: norms[name] for name in names}
            assert result.necessity.parties[party] == literal.necessity(complied)
            assert sufficiency[party] == literal.sufficiency(names)


def vertices(intervals: dict[str, Interval]) -> Iterator[dict[str, Interval]]:
    for ends in itertools.product(*({i.low, i.high} for i in intervals.values())):
        yield dict(zip(intervals, map(Interval.exactly, ends), strict=True))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ranges_are_the_extremes_over_all_vertices(chunk: int) -> None:
    """Each range spans exactly the results at the vertices of all credences and culpabilities."""
    for model in possible_models(chunk, 20_000, MODELS // 3):
        result = Assessor(model).assess()
        seen: dict[str, list[float]] = {party: [] for party in model.parties}
        rest = []
        known = Literal(model).known
        for credence in vertices(dict(model.credence)):
            literal = Literal(replace(model, credence=credence), known)
            if not any(True for _ in literal.worlds()):
                continue
            values = literal.breach_values()
            for culpability in vertices({b.variable: b.culpability for b in model.breaches}):
                breaches = tuple(
                    replace(b, culpability=culpability[b.variable]) for b in model.breaches
                )
                blamed = Literal(replace(model, breaches=breaches))
                for party, share in blamed.shares(values).items():
                    seen[party].append(float(share))
            rest.append(float(1 - sum(values.values())))
        for party, estimate in result.shares.items():
            wanted = pytest.approx((min(seen[party]), max(seen[party])), abs=1e-9)
            assert (estimate.low, estimate.high) == wanted
        ends = pytest.approx((min(rest), max(rest)), abs=1e-9)
        assert (result.unattributed.low, result.unattributed.high) == ends


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_witness_is_a_pivot_that_replays(chunk: int) -> None:
    """A breach with a value has a witness, which averts with it and not without it."""
    for model in possible_models(chunk, 40_000, MODELS // 3):
        literal = Literal(model)
        values = Assessor(model).assess().breaches
        for breach in model.breaches:
            witness = find_witness(model, breach.variable)
            # The converse need not hold: only parties as wholes come before a party's breach.
            assert witness is not None or values[breach.variable] == 0
            for shown in witness.differences if witness else ():
                harm = next(harm for harm in model.harms if harm.id == shown.harm)
                context = dict(model.structure.context)
                context |= {n: int(i.point) for n, i in model.credence.items() if i.is_certain}
                context |= shown.facts
                actual = model.structure.evaluate(context)
                chosen = frozenset(shown.set_to_norm)
                assert breach.variable in chosen
                assert all(actual[name] == value for name, value in shown.held.items())
                assert literal.prevents(harm, context, {**shown.set_to_norm, **shown.held})
                assert literal.averts(harm, chosen, context, actual)
                assert not literal.averts(harm, chosen - {breach.variable}, context, actual)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_settled_facts_on_shared_worlds(chunk: int) -> None:
    """Settling a fact on worlds already gone through gives what a fresh computation gives."""
    for number, model in enumerate(possible_models(chunk, 60_000, MODELS)):
        rng = random.Random(number)
        name = rng.choice(list(model.structure.domains) + list(model.structure.context))
        settled = pin(model, {name: rng.randint(0, 1)})
        shared = Assessor(model)
        shared.assess()
        try:
            expected = Assessor(settled).assess()
        except ImpossibleError:
            with pytest.raises(ImpossibleError):
                shared.assess(settled)
            continue
        result = shared.assess(settled)
        assert result.breaches == expected.breaches
        assert result.coalitions == expected.coalitions
        assert result.necessity == expected.necessity
        assert result.other_rules == expected.other_rules
        for party, share in expected.shares.items():
            again = result.shares[party]
            assert (again.low, again.high) == pytest.approx((share.low, share.high), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_two_thousand_models(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 2,100 further models nothing differs from the literal computation, in either algebra."""
    for number, model in enumerate(possible_models(chunk, 100_000, 2_100)):
        averted.forget_shapes()
        monkeypatch.setattr(averted, "MAX_TABLE", 14 if number % 3 else 0)
        monkeypatch.setattr(enumeration, "MAX_SELECTORS", 7 if number % 3 == 1 else 0)
        literal, result = Literal(model), Assessor(model).assess()
        assert result.breaches == literal.breach_values()
        for party in model.parties:
            own = frozenset(b.variable for b in model.breaches if b.party == party)
            assert result.coalitions[party] == literal.value(own)


def test_sampled_shares_lie_near_the_exact_ones() -> None:
    """A sample of worlds is drawn again with its seed, and errs by few standard errors."""
    far = 0
    for model in possible_models(0, 200_000, 150):
        exact = Assessor(model).assess()
        if not exact.facts:
            continue
        sample = draw_sample(model, Effort(), seed=7, samples=150)
        result = estimate_result(sample, seed=7)
        again = estimate_result(draw_sample(model, Effort(), seed=7, samples=150), seed=7)
        assert result.to_dict() == again.to_dict()
        assert not result.exact
        errors = result.method.standard_errors or {}
        for party, share in result.shares.items():
            assert share.low <= float(share.point) <= share.high
            far += abs(share.point - exact.shares[party].point) > 4 * errors[party] + 0.02
    assert far == 0
