"""Losses to compute in tests: every figure in them is invented for the test."""

from __future__ import annotations

from decimal import Decimal

from attribution.loss.assessment import assess_loss
from attribution.model.declared_loss import CostItem, CreditSchedule, DeclaredLoss, Estimate
from attribution.model.loss import PHASES, CreditTier, LossAssessment, Range

UK = {
    "standard_turnover": ("100000", "110000", "120000"),
    "trend_percent": ("-5", "4", "10"),
    "actual_turnover": ("30000", "41000", "50000"),
    "rate_of_gross_profit": ("40", "50", "60"),
    "increased_cost_of_working": ("1000", "2000", "5000"),
    "turnover_preserved": ("3000", "4000", "9000"),
    "savings": ("100", "200", "900"),
}
US = {
    "net_income": ("-4000", "9000", "20000"),
    "continuing_expenses": ("30000", "33000", "35000"),
    "earned": ("1000", "2000", "2500"),
    "made_up": ("0", "500", "4000"),
    "period_hours": ("70", "80", "100"),
    "betterment_hours": ("0", "2", "6"),
    "waiting_hours": ("8", "8", "12"),
    "extra_expense": ("500", "700", "900"),
    "betterment": ("0", "100", "800"),
}


def estimate(*ends: str, evidence: str = "") -> Estimate:
    """Return a figure: three ends, or one that is known."""
    low, likely, high = (Decimal(end) for end in (ends if len(ends) == 3 else ends * 3))
    return Estimate(Range(low, likely, high), (evidence,) if evidence else ())


def figures(given: dict[str, tuple[str, str, str]]) -> dict[str, Estimate]:
    return {name: estimate(*ends) for name, ends in given.items()}


def whole_loss(**changes: object) -> DeclaredLoss:
    """Return a loss with a head of every kind."""
    fields: dict[str, object] = {
        "currency": "EUR",
        "borne_by": "operator",
        "counts": "interruption_us",
        "phases": {phase: estimate("1", "2", "4") for phase in PHASES},
        "measures": {
            "outage": {"cost_per_hour": estimate("100", "200", "300")},
            "interruption_uk": figures(UK),
            "interruption_us": figures(US),
            "dependent": figures(
                {
                    "lost_turnover": ("5000", "6000", "8000"),
                    "rate_of_gross_profit": ("30", "40", "50"),
                    "waiting_hours": ("0", "1", "2"),
                }
            ),
        },
        "costs": {
            "response": (
                CostItem("forensics", "Forensic work", amount=estimate("900", "1000", "1500")),
                CostItem(
                    "overtime",
                    "Overtime",
                    hours=estimate("10", "12", "20"),
                    rate=estimate("75.50"),
                    less=estimate("0", "50", "100"),
                ),
            ),
        },
        "schedules": (
            CreditSchedule(
                "standard",
                "Standard agreement",
                "2026-03",
                fees=estimate("1000", "2000", "2500"),
                tiers=(
                    CreditTier(Decimal("99.9"), Decimal(10)),
                    CreditTier(Decimal(99), Decimal(25)),
                ),
                cap=Decimal(30),
                downtime=estimate("100", "300", "500"),
                excluded=estimate("0", "0", "60"),
            ),
        ),
    }
    return DeclaredLoss(**(fields | changes))  # type: ignore[arg-type]


def amount_of(head: str, given: dict[str, tuple[str, str, str]]) -> Range:
    """Return what one head with a formula comes to."""
    declared = DeclaredLoss("EUR", "operator", measures={head: figures(given)})
    return total_of(declared)


def loss_of(declared: DeclaredLoss) -> LossAssessment:
    return assess_loss(declared, ())


def total_of(declared: DeclaredLoss) -> Range:
    """Return the total of a loss that has one."""
    total = loss_of(declared).total
    assert total is not None
    return total
