"""Causal potency: the Shapley value of what parties' compliance would have averted.

v(S) is the expectation, over the worlds in which the harm happened and what was observed holds,
of whether the breaches of the parties S avert it, weighted over harms by their amounts. Potency
is the Shapley value of v over the parties, split among each party's breaches by the Owen value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from attribution.causation.diagram import MAX_NODES, TooLargeError, growth_refused
from attribution.causation.effort import Effort, OutOfTimeError
from attribution.errors import LimitError
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.enumeration import weigh_table
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.result import PotencyResult, Settled
from attribution.responsibility.reweighting import Sample
from attribution.responsibility.sampling import SAMPLES, SEED, draw_sample, estimate_result
from attribution.responsibility.weighing import Weighing

_EXACT_PART = 0.5
"""Of the time allowed, how much goes to the exact way before worlds are sampled."""

_LEAST_FOR_SAMPLE = 2.0
_LEAST_FOR_RANGES = 0.25
"""So many seconds, or all that was allowed, these have though time be over: half for the worlds."""

_T = TypeVar("_T")


class Assessor:
    """Computes results for one model and for what it becomes as facts are settled.

    What averts the harm in a world does not depend on credences, so the table of it is built
    once and read again for every position and crux; only a fact that the table takes for
    certain makes it build another. Where the exact way needs more than `max_nodes` nodes of a
    diagram, or more than its part of the time, results come from `samples` worlds drawn with
    `seed`. Once the model's own result is known, other questions take what time is left, and
    where that is over they raise OutOfTimeError: `attempt` turns that into None and keeps the
    question among the `unanswered`.
    """

    def __init__(
        self,
        model: PotencyModel,
        effort: Effort | None = None,
        *,
        max_nodes: int = MAX_NODES,
        samples: int = SAMPLES,
        seed: int = SEED,
    ) -> None:
        self.model = model
        self.effort = effort or Effort()
        self._exact = self.effort.part(_EXACT_PART)
        self._max_nodes = max_nodes
        self._samples = samples
        self._seed = seed
        self._tables: list[AvertingTable] = []
        self._own: Weighing | None = None
        self._given_up = False
        self._sample: Sample | None = None
        self._unanswered: dict[str, None] = {}
        self._estimated: dict[str, None] = {}
        self._samples_used = 0

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions that time or room did not suffice for, in the order they were asked."""
        return tuple(self._unanswered)

    @property
    def estimated(self) -> tuple[str, ...]:
        """The questions answered from samples of worlds although the model's own shares are exact.

        In the order they were asked.
        """
        return tuple(self._estimated)

    def assess(self, model: PotencyModel | None = None, *, ranges: bool = True) -> PotencyResult:
        """Return the result of the model (default: the assessor's own).

        Without `ranges`, low and high are the point. Raises ImpossibleError where no world of
        positive probability has all harms and observations, LimitError where not even a sample
        of worlds could be looked at; OutOfTimeError for another model than the assessor's own.
        """
        wanted = model or self.model
        found = self._ask_exactly(wanted, lambda weighing: weighing.result(ranges=ranges))
        return found or self._estimate(wanted, ranges=ranges)

    def sufficiency(self, model: PotencyModel | None = None) -> dict[str, Fraction | None] | None:
        """Return each party's probability of sufficiency; None where there is no exact answer."""
        if self._given_up:
            return None
        wanted = model or self.model
        return self.attempt("sufficiency", lambda: self._weigh(wanted).sufficiency())

    def outcome(self, settings: Mapping[str, int]) -> dict[str, Fraction]:
        """Return the probability of each harm had these been so, given what was in fact observed.

        From the same worlds as the shares of the assessor's own model, drawn where these were.
        Raises as `assess`.
        """
        harms = self.model.harms
        found = self._ask_exactly(self.model, lambda it: it.outcomes(settings))
        if found is None:
            sample = self._sample or self._draw(self.model)
            self._samples_used += 1
            found = {harm.id: Fraction(sample.outcome(harm, settings)) for harm in harms}
        return found

    def settle(self, model: PotencyModel) -> Settled:
        """Return the point shares of the model alone. Raises as `assess`."""
        found = self._ask_exactly(model, lambda it: Settled(it.point_shares, it.unattributed))
        if found is None:
            result = self._estimate(model, ranges=False)
            shares = {party: share.point for party, share in result.shares.items()}
            found = Settled(shares, result.unattributed.point)
        return found

    def attempt(self, of: str, question: Callable[[], _T]) -> _T | None:
        """Return the answer to a question, or None where time or room did not suffice for it.

        `of` is what it is about, as `unanswered` and `estimated` name it.
        """
        before = self._samples_used
        try:
            with growth_refused():
                answer = question()
        except (TooLargeError, OutOfTimeError):
            self._unanswered[of] = None
            return None
        if self._samples_used > before and not self._given_up:
            self._estimated[of] = None
        return answer

    def _ask_exactly(self, model: PotencyModel, question: Callable[[Weighing], _T]) -> _T | None:
        """Return the exact answer, None where worlds must be sampled. Raises OutOfTimeError."""
        if self._given_up:
            return None
        own = model is self.model
        try:
            with growth_refused():
                found = question(self._weigh(model))
        except TooLargeError:
            self._given_up = own
            return None
        except OutOfTimeError:
            if not own:
                raise
            self._given_up = True
            return None
        if own:
            self._exact.prolong()
        return found

    def _estimate(self, wanted: PotencyModel, *, ranges: bool) -> PotencyResult:
        sample = None if self._sample is None else self._sample.under(wanted)
        if sample is None:
            sample = self._draw(wanted)
        self._samples_used += 1
        effort = self._at_least(_LEAST_FOR_RANGES)
        return estimate_result(sample, ranges=ranges, seed=self._seed, effort=effort)

    def _draw(self, wanted: PotencyModel) -> Sample:
        if wanted is self.model:
            # Half of what is left; the other half is for what is asked beside it.
            effort = self._at_least(_LEAST_FOR_SAMPLE).part(_EXACT_PART)
            self._sample = draw_sample(wanted, effort, seed=self._seed, samples=self._samples)
            return self._sample
        self.effort.check()
        try:
            return draw_sample(wanted, self.effort, seed=self._seed, samples=self._samples)
        except LimitError:
            self.effort.check()
            raise

    def _at_least(self, seconds: float) -> Effort:
        """Return the effort, or one of its own for a short while where its time is all but over."""
        allowed, left = self.effort.seconds, self.effort.remaining()
        if allowed is not None and not self.effort.stopped:
            seconds = min(seconds, allowed)
        if left is None or left > seconds:
            return self.effort
        return Effort(seconds, self.effort.tell)

    def weigh(self, model: PotencyModel | None = None) -> Weighing:
        """Return the worlds of the model with their weights.

        Raises ImpossibleError as `assess` does, LimitError where the exact way is given up.
        """
        try:
            return self._weigh(model or self.model)
        except (TooLargeError, OutOfTimeError):
            self._given_up = self._own is None
            raise LimitError(
                "there is no exact answer to this question",
                file=self.model.structure.file,
                got="worlds with too little structure, or too little time",
                expected="a question that a sample of worlds can answer, such as the shares",
                remedy="settle uncertain facts, or allow more time",
            ) from None

    def _weigh(self, wanted: PotencyModel) -> Weighing:
        if wanted is self.model:
            self._own = self._own or self._weigh_anew(wanted)
            return self._own
        return self._weigh_anew(wanted)

    def _weigh_anew(self, wanted: PotencyModel) -> Weighing:
        with growth_refused():
            for table in self._tables:
                if table.covers(wanted):
                    return weigh_table(table, wanted, self._exact)
            table = AvertingTable(wanted, self._exact, self._max_nodes)
            self._tables.append(table)
            return weigh_table(table, wanted, self._exact)


def compute_potency(model: PotencyModel) -> PotencyResult:
    """Return shares, ranges, potency and other rules of the model. Raises as `Assessor.assess`."""
    return Assessor(model).assess()
