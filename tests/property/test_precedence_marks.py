"""What orders events, against asking every record for every name it holds (synthetic records)."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from attribution.model.instant import SECOND, Instant
from attribution.model.record import JsonValue, Record
from attribution.timeline import draft as drafting
from attribution.timeline import precedence
from attribution.timeline.precedence import find_precedence

ODD: st.SearchStrategy[JsonValue] = st.sampled_from(
    [None, "", 7, "no word of the table", ["begun"]]
)
OUTCOMES = st.sampled_from(["begun", "succeeded", "failed"]) | ODD
STAGES = st.sampled_from(["RequestReceived", "ResponseStarted", "ResponseComplete"]) | ODD
FACTS = st.fixed_dictionaries(
    {"request": st.sampled_from(["r1", "r2"])}, optional={"outcome": OUTCOMES, "stage": STAGES}
)
KINDS = st.sampled_from(["audit.call", "infrastructure.change", "note"])


def draft(place: int, kind: str, data: dict[str, JsonValue], evidence: str) -> drafting.Draft:
    record = Record(
        id=f"n{place}",
        place=f"line {place}",
        kind=kind,
        time=Instant(place * SECOND),
        time_low=None,
        time_high=None,
        written=None,
        original_time=None,
        actor=None,
        subject="s",
        text=f"record {place}",
        native_id=f"home/{place}",
        data=data,
    )
    return drafting.Draft(f"key {place}", [drafting.Testimony(record, evidence, 0, 0)])


@given(st.lists(st.tuples(KINDS, FACTS, st.sampled_from(["E1", "E2"])), max_size=8))
def test_names_that_nobody_asks_for_order_nothing(
    drawn: list[tuple[str, dict[str, JsonValue], str]],
) -> None:
    """Left out before the records are read one by one, they change no step."""
    drafts = [draft(at, kind, data, name) for at, (kind, data, name) in enumerate(drawn)]
    formats = {"E1": "kubernetes-audit", "E2": "cloudtrail"}
    with patch.object(precedence, "_drop_unmatched", dict):
        everything = find_precedence(drafts, formats)
    assert find_precedence(drafts, formats) == everything


def test_a_call_that_ends_is_after_the_same_call_received() -> None:
    """Records that answer one another still do when most others answer to nobody."""
    facts: list[dict[str, JsonValue]] = [
        {"request": "r1", "stage": "ResponseComplete", "outcome": "succeeded"},
        {"request": "r2", "stage": "ResponseComplete", "outcome": "succeeded"},
        {"request": "r1", "stage": "RequestReceived", "outcome": "begun"},
    ]
    drafts = [draft(at, "audit.call", data, "E1") for at, data in enumerate(facts)]
    steps = find_precedence(drafts, {"E1": "kubernetes-audit"})
    assert [(step.earlier, step.later) for step in steps] == [(2, 0)]
