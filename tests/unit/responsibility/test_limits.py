"""What a case says when its time ran out: what is known, what is not, and nothing made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attribution import Case
from attribution.causation.diagram import TooLargeError
from attribution.causation.effort import Effort
from attribution.resources import resource
from attribution.responsibility import potency
from attribution.responsibility.averting import AvertingTable
from attribution.responsibility.model import PotencyModel
from attribution.responsibility.narration import NO_TIME, describe_limits
from attribution.responsibility.potency import Assessor
from attribution.responsibility.sampling import draw_sample
from attribution.responsibility.weighing import Weighing

SAMPLE = "sample_incidents/environment-recreated"


def open_stopped(*, after_shares: bool) -> Case:
    """Return the first sample with its time over: once the shares are known, or before."""
    case = Case.open(Path(str(resource(SAMPLE))))
    case.effort = Effort()
    if after_shares:
        assert case._attributor.result.exact
    case.effort.stop()
    return case


@pytest.fixture(autouse=True)
def _every_question_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cases are computed faster than the time is looked at; here it always is."""
    weigh = Assessor._weigh_anew

    def look(self: Assessor, wanted: PotencyModel) -> Weighing:
        self._exact.check()
        return weigh(self, wanted)

    monkeypatch.setattr(Assessor, "_weigh_anew", look)


def test_shares_stay_and_what_hangs_on_them_is_called_unknown() -> None:
    """Stopped after the shares: these are exact, the rest is named and null, not zero."""
    known = Case.open(Path(str(resource(SAMPLE)))).attribute()
    found = open_stopped(after_shares=True).attribute()
    assert [party.share for party in found.parties] == [party.share for party in known.parties]
    assert found.method["exact"] is True
    assert found.limits[0] == "The computation was interrupted before it was done."
    assert set(found.limits) <= set(found.notes)
    limit = found.limits[-1]
    for harm in found.harms:
        if harm.shares is None:
            assert harm.unattributed is None
            assert f"harm {harm.id}" in limit
    for breach in (breach for party in found.parties for breach in party.breaches):
        unknown = breach.counterfactual == NO_TIME
        assert unknown == (f"witness of {breach.node}" in limit)


def test_positions_without_time_are_neither_possible_nor_impossible() -> None:
    """They have no shares and say why, and bounds that hold under every position are not given."""
    found = open_stopped(after_shares=True).compare()
    assert [row.computed for row in found.positions] == [False, False]
    assert {row.reason for row in found.positions} == {NO_TIME}
    assert not any("bears between" in sentence for sentence in found.agreed)
    assert "position A" in found.limits[-1]


def test_a_whatif_without_time_gives_no_number() -> None:
    """Neither an outcome nor shares, but the reason."""
    found = open_stopped(after_shares=True).whatif({"answer_cost_view": 0})
    assert (found.harm_probability, found.shares, found.reason) == ({}, None, NO_TIME)


def test_shares_from_a_sample_are_said_to_be_estimates() -> None:
    """Stopped before the shares were known, the first note says what the numbers are worth."""
    found = open_stopped(after_shares=False).attribute()
    assert found.method["exact"] is False
    assert found.notes[0].startswith("Not exact: these shares are estimated from ")
    for party in found.parties:
        assert not party.breaches or party.share.high - party.share.low > 0.05


def test_what_if_is_answered_from_a_sample_near_the_exact_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no diagram is large enough, the outcome is the weighted mean over sampled worlds."""
    case = Case.open(Path(str(resource(SAMPLE))))
    model = case._attributor.model
    exact = Assessor(model).outcome({"answer_cost_view": 0})
    sample = draw_sample(model, Effort(), samples=300)
    for harm in model.harms:
        near = sample.outcome(harm, {"answer_cost_view": 0})
        assert near == pytest.approx(float(exact[harm.id]), abs=0.12)
    assessor = Assessor(model)
    monkeypatch.setattr(assessor, "_given_up", True)
    monkeypatch.setattr(assessor, "_sample", sample)
    answer = assessor.outcome({"answer_cost_view": 0})
    assert answer == {
        harm.id: sample.outcome(harm, {"answer_cost_view": 0}) for harm in model.harms
    }


def test_a_question_answered_from_a_sample_beside_exact_shares_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where only that question was too large, it alone is called an estimate."""
    case = Case.open(Path(str(resource(SAMPLE))))
    model = case._attributor.model
    assessor = Assessor(model)
    assert assessor.assess().exact
    other = replace(model, kinds={})
    table = AvertingTable

    def refuse(wanted: PotencyModel, *rest: Any) -> AvertingTable:
        if wanted is other:
            raise TooLargeError
        return table(wanted, *rest)

    monkeypatch.setattr(potency, "AvertingTable", refuse)
    assert assessor.attempt("another", lambda: assessor.settle(other)) is not None
    assert assessor.estimated == ("another",)
    assert any("another" in sentence for sentence in describe_limits(assessor))
