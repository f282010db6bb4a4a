from __future__ import annotations

from decimal import Decimal

import pytest

from attribution.schema.manifest import parse_manifest
from attribution.schema.problems import InvalidManifestError

CASE = """\
case: small
title: Small
mode: liability
parties:
  - {id: operator, name: Operator, role: organisation}
evidence:
  - {id: E1, path: evidence/figures.csv}
"""
COST = "response: [{id: a, title: A, amount: {exactly: 1}%s}]"
TURNOVER = "interruption_uk: {standard_turnover: {exactly: 1}, actual_turnover: {exactly: 1},"
CREDIT = (
    'service_credits: [{id: a, title: A, month: "2026-03", fees: {exactly: 1}, cap: 30,'
    " tiers: [{below: 99.9, credit: 25}, {below: 99, credit: %s}]}]"
)


def _case(loss: str) -> str:
    return f"{CASE}loss:\n  currency: EUR\n  borne_by: operator\n  {loss}\n"


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        ("outage: {cost_per_hour: {low: 1, high: 3}}", "does not fit the schema"),
        ("outage: {cost_per_hour: {evidence: [E1]}}", "does not fit the schema"),
        ("outage: {cost_per_hour: {exactly: 1, low: 1}}", "needs its range, or to be known"),
        ("outage: {cost_per_hour: {low: 3, likely: 2, high: 1}}", "not in order"),
        ("outage: {cost_per_hour: {exactly: -1}}", "at least 0"),
        ("outage: {cost_per_hour: {exactly: 1, evidence: [E2]}}", "there is no evidence item E2"),
        ("outage: {cost: {exactly: 1}}", "has no key cost"),
        ("interruption_us: {net_income: {exactly: 1}}", "continuing_expenses is missing"),
        (COST % ", hours: {exactly: 1}", "an amount, or hours at a rate"),
        (COST % "}, {id: a, title: B, amount: {exactly: 1}", "used twice"),
        (CREDIT % "10", "a lower uptime pays less"),
        (CREDIT % '"101"', "from 0 to 100"),
        ((CREDIT % "25").replace("cap", "excluded_minutes: {exactly: 44641}, cap"), "more minutes"),
        (f"{TURNOVER} trend_percent: {{exactly: -101}}}}", "by more than all"),
        (f"{TURNOVER} rate_of_gross_profit: {{exactly: 101}}}}", "at most 100"),
        ("outage: {cost_per_hour: {exactly: 1, currency: USD}}", "has no key currency"),
        ("outage: {cost_per_hour: {exactly: EUR 1}}", "a decimal number without sign"),
        (COST.replace("id: a", "id: total") % "", "would name a figure"),
        (COST.replace("id: a", "id: a_hours") % "", "would name a figure"),
        (
            "distinct: [{heads: [response, response], because: x, by: controller}]",
            "one head is named twice",
        ),
    ],
)
def test_a_loss_that_does_not_agree_is_told_with_its_line(loss: str, message: str) -> None:
    """Each mistake under `loss` is told with the line it stands on."""
    with pytest.raises(InvalidManifestError) as raised:
        parse_manifest(_case(loss))
    assert message in str(raised.value)
    assert "line 11" in str(raised.value)


def test_figures_are_exact_and_can_be_below_0() -> None:
    """A figure is the decimal that was written; a net loss has a minus."""
    text = 'interruption_us: {net_income: {exactly: "-0.1"}, continuing_expenses: {exactly: 0.3}}'
    loss = parse_manifest(_case(text)).loss
    assert loss is not None
    assert loss.measures["interruption_us"]["net_income"].value.likely == Decimal("-0.1")
    assert loss.measures["interruption_us"]["continuing_expenses"].value.high == Decimal("0.3")
