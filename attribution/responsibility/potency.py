"""Causal potency: the Shapley value of what parties' compliance would have averted.

v(S) is the expectation, over the worlds in which the harm happened and what was observed holds,
of whether the breaches of the parties S avert it, weighted over harms by their amounts. Potency
is the Shapley value of v over the parties, split among each party's breaches by the Owen value.
"""

from __future__ import annotations

from attribution.responsibility.averting import build_table
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.result import PotencyResult
from attribution.responsibility.views import TableView
from attribution.responsibility.weighing import Weighing


class Assessor:
    """Computes results for one model and for what it becomes as facts are settled.

    What averts the harm in a world does not depend on credences, so the table of it is built
    once and read again for every position and crux; only a fact that the table takes for
    certain makes it build another.
    """

    def __init__(self, model: PotencyModel) -> None:
        self.model = model
        self._views: list[TableView] = []

    def assess(self, model: PotencyModel | None = None) -> PotencyResult:
        """Return the result of the model (default: the assessor's own).

        Raises LimitError where an exact answer would take too long, ImpossibleError where no
        world of positive probability has all harms and observations.
        """
        return self.weigh(model or self.model).result()

    def weigh(self, model: PotencyModel | None = None) -> Weighing:
        """Return the worlds of the model with their weights. Raises as `assess` does."""
        wanted = model or self.model
        for view in self._views:
            if view.covers(wanted):
                return Weighing(view, wanted)
        view = TableView(build_table(wanted))
        self._views.append(view)
        return Weighing(view, wanted)


def compute_potency(model: PotencyModel) -> PotencyResult:
    """Return shares, ranges, potency and other rules of the model. Raises as `Assessor.assess`."""
    return Assessor(model).assess()
