"""Questions that decide whether a regime is open to a claim at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Question:
    """A question that must be answered as `needed`, with its source."""

    id: str
    asks: str
    needed: bool
    source: str


GATES: Final[Mapping[str, tuple[Question, ...]]] = MappingProxyType(
    {
        "eu_pld": (
            Question(
                "natural_person",
                "Is the claimant a natural person?",
                needed=True,
                source="Directive (EU) 2024/2853, article 5",
            ),
            Question(
                "covered_harm",
                "Is the harm death, injury (mental health included), damage to property not used"
                " only for work, or loss of data not used for work?",
                needed=True,
                source="Directive (EU) 2024/2853, article 6",
            ),
            Question(
                "placed_after_2026_12_09",
                "Was the product, software included, placed on the market after 9 December 2026?",
                needed=True,
                source="Directive (EU) 2024/2853, article 2(1)",
            ),
            Question(
                "defective",
                "Is it shown or presumed that the product was defective, and that the defect caused"
                " the harm? (Presumed where evidence ordered is not disclosed, a safety rule was"
                " broken or it plainly malfunctioned.)",
                needed=True,
                source="Directive (EU) 2024/2853, articles 7, 9 and 10",
            ),
            Question(
                "free_software_outside_trade",
                "Was it free software supplied outside a commercial activity?",
                needed=False,
                source="Directive (EU) 2024/2853, article 2(2)",
            ),
        )
    }
)
"""The questions of each gate."""


def check_gate(
    gate: str | None, answers: Mapping[str, bool]
) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Return the questions that close the regime, and those that nobody has answered."""
    questions = () if gate is None else GATES[gate]
    closed = tuple(q for q in questions if q.id in answers and answers[q.id] != q.needed)
    unanswered = tuple(q for q in questions if q.id not in answers)
    return closed, unanswered
