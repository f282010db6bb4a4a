"""Policy files: what is wrong is named with its line, and nothing is guessed."""

from __future__ import annotations

import pytest

from attribution.cover.policyfile import parse_policy
from attribution.errors import ManifestError
from attribution.model.policy import HEADS
from attribution.schema.instances import load_schema

SOUND = """\
policy: p
title: A policy
insurer: The insurer
currency: USD
trigger: claims_made
period: {from: 2026-01-01T00:00:00Z, to: 2027-01-01T00:00:00Z}
limits: {each_claim: "1000"}
agreements:
  - {id: A1, title: a, turns_on: t, heads: [regulatory], when: {fact: event_within_period}}
exclusions:
  - {id: X1, form: CG 40 47 01 26}
"""


def test_a_known_form_brings_its_test_and_its_standing() -> None:
    """The exclusion turns on the schedule, generative AI and the head of loss."""
    clause = parse_policy(SOUND, "p.yaml").clause("X1")
    assert [part.fact for part in clause.test.parts] == [
        "form_attached",
        "generative_ai",
        "harm_head",
    ]
    assert clause.heads == ("bodily_injury", "property_damage", "personal_advertising_injury")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (
            "fact: event_within_period",
            "fact: outage_longer_than",
            "line 9",
            "not given what it takes",
        ),
        ("fact: event_within_period", "fact: weather", "line 9", "no such kind of fact"),
        ("{fact: event_within_period}", "{}", "line 9", "one of fact, all, any and not"),
        ("form: CG 40 47 01 26", "form: CG 99", "line 11", "nothing says when it bites"),
        ("id: X1", "id: A1", "line 11", "used twice"),
        ("id: X1,", "id: X1, applies_to: [A9],", "line 11", "no such agreement"),
        ("heads: [regulatory]", "heads: [lightning]", "line 9", "does not fit"),
        ("to: 2027", "to: 2025", "line 6", "period is empty"),
        ("2027-01-01", "2027-02-30", "line 6", "no calendar has this time"),
        ('"1000"', '"1000.123"', "line 7", "does not fit"),
        ("insurer: The", "insurrer: The", "line 1", "does not fit"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, place: str, message: str) -> None:
    with pytest.raises(ManifestError) as raised:
        parse_policy(SOUND.replace(old, new, 1), "p.yaml")
    told = raised.value.diagnostics()
    assert message in told
    assert place in told
    assert "p.yaml" in told


def test_a_head_of_two_agreements_is_refused() -> None:
    """It would be paid twice."""
    second = SOUND.replace(
        "exclusions:",
        "  - {id: A2, title: a, turns_on: t, heads: [regulatory], when: {fact: prior_knowledge}}\n"
        "exclusions:",
    )
    with pytest.raises(ManifestError, match="two agreements answer for regulatory"):
        parse_policy(second, "p.yaml")


def test_the_heads_are_the_same_in_model_and_schemas() -> None:
    entry = load_schema("case")["properties"]["insurance"]["items"]["properties"]
    assert tuple(entry["heads"]["additionalProperties"]["enum"]) == HEADS
    assert tuple(load_schema("policy")["$defs"]["head"]["enum"]) == HEADS
