from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from attribution.errors import InputError
from attribution.model.actor import ACTOR_KINDS, ROLES
from attribution.model.commit import GRADES, Commit
from attribution.model.enforcement import (
    SHORTFALLS,
    Enforcement,
    Override,
    OwnerDemand,
    Setting,
    Shortfall,
)
from attribution.model.event import Event, Witness
from attribution.model.graph import NODE_KINDS, STATUSES, CausalGraph, Duty, Edge, Finding, Node
from attribution.model.instant import Instant
from attribution.model.interval import CERTAIN
from attribution.model.oversight import (
    REVIEW_DEFECTS,
    Approval,
    ChangeReview,
    Check,
    WorkflowRun,
)
from attribution.model.pace import Pace, Ranking
from attribution.oversight.makers import ROLES as MAKERS
from attribution.oversight.rule_history import SETTINGS
from attribution.schema.instances import SCHEMAS, load_schema, validate
from attribution.schema.manifest import parse_manifest
from attribution.schema.template import fill_template


def subschemas(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema inside a schema with its place."""
    if isinstance(schema, dict):
        yield place, schema
        for key in ("items", "additionalProperties", "propertyNames"):
            yield from subschemas(schema.get(key), f"{place}/{key}")
        for key in ("properties", "$defs"):
            for name, part in schema.get(key, {}).items():
                yield from subschemas(part, f"{place}/{name}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_schema(name: str) -> None:
    """It is valid JSON Schema 2020-12 with a URN of its own."""
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:incident-attribution:schema:{name}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_key_is_described_and_no_other_is_allowed(name: str) -> None:
    """Editors explain every key; a misspelt one is an error wherever keys are listed."""
    for place, schema in subschemas(load_schema(name)):
        if "properties" in schema:
            assert schema["additionalProperties"] is False, place
            for key, part in schema["properties"].items():
                assert part.get("description"), f"{place}/{key}"


def test_words_of_the_schemas_are_those_of_the_model() -> None:
    """Roles, kinds, statuses, grades and review defects are the same lists in both."""
    case, definitions = load_schema("case"), load_schema("case")["$defs"]
    assert definitions["role"]["enum"] == list(ROLES)
    assert set(definitions["status"]["enum"]) == set(STATUSES)
    actor = case["properties"]["parties"]["items"]["properties"]["actors"]["items"]
    assert actor["properties"]["kind"]["enum"] == [*ACTOR_KINDS, None]
    node = case["properties"]["graph"]["properties"]["nodes"]["items"]["properties"]
    assert node["kind"]["enum"] == list(NODE_KINDS)
    mark = load_schema("commit")["properties"]["agents"]["items"]["properties"]
    assert set(mark["grade"]["enum"]) == set(GRADES)
    approval = load_schema("review")["properties"]["approvals"]["items"]["properties"]
    assert set(approval["defects"]["items"]["enum"]) == set(REVIEW_DEFECTS)
    review = load_schema("review")
    shortfall = review["properties"]["shortfalls"]["items"]["properties"]["name"]
    assert shortfall["enum"] == list(SHORTFALLS)
    setting = review["$defs"]["enforcement"]["properties"]["settings"]["items"]["properties"]
    assert setting["name"]["enum"] == list(SETTINGS)
    assert approval["made_as"]["enum"] == [*MAKERS, None]
    assert load_schema("result")["$defs"]["role"]["enum"] == list(ROLES)


def test_model_documents_fit_their_schemas() -> None:
    """Events, commits, reviews and graphs as the model writes them are valid."""
    moment = Instant(1_000_001)
    event = Event(
        "e", "commit", moment, moment, moment, None, None, "coder", "bot", None, "t", None,
        (Witness("E1", "line 1"),),
    )  # fmt: skip
    validate(event.to_dict(), "event")
    commit = Commit("a" * 40, None, (), "x", "y", moment, None, "s", "no_marker")
    validate(commit.to_dict(), "commit")
    review = ChangeReview(
        None, 12, "t", "a", None, None, (), moment, None, None, None,
        (Approval("r", None, None, 1.5, ("stale",), "E1#line 1"),),
        (Check("lint", "h", "success", None, "E1#line 2"),),
        "ineffective", None, ("E1",),
    )  # fmt: skip
    validate(review.to_dict(), "review")
    setting = Setting("required_checks", ["unit"], "recorded", ("E2#/0",))
    full = replace(
        review,
        base="main",
        approvals=(
            Approval(
                "r", moment, "h", 1.5, ("self_approval",), "E1#line 1", "operator",
                Pace(moment, "opened", 1.5, 9, 21_600.0, Ranking(0.5, 20), Ranking(None, 3)),
            ),
        ),
        enforced=Enforcement(moment, (setting,), ("a note",), ("ruleset",)),
        enforced_last=Enforcement(None),
        owners=(OwnerDemand(("@a",), ("x",), "line 1", None, 1, (), "missing", "E3#line 1"),),
        override=Override("admin", "marked", ("pull_request",), moment, ("E1#line 1",)),
        shortfalls=(Shortfall("rules_overridden", "by admin", ("E1#line 1",)),),
        workflows=(WorkflowRun("CI", "success", 2, "push", "E1#line 3"),),
        unanswered=("team platform",),
    )  # fmt: skip
    validate(full.to_dict(), "review")
    graph = CausalGraph(
        nodes=(Node("a", "act", "A.", credence=CERTAIN, norm=0), Node("h", "harm", "H.")),
        edges=(Edge("a", "h", "declared", "no: it could not", "stated"),),
        findings=(Finding("f", "review", 1, "s", "proposed", (), "a record"),),
        duties=(Duty("d", "s", "agent", "norm"),),
    )
    validate(graph.to_dict(), "graph")


def test_a_document_that_does_not_fit_names_the_place() -> None:
    """The first place that does not fit comes with what stands there."""
    node = Node("a", "act", "A.").to_dict() | {"kind": "thing"}
    document = CausalGraph((), ()).to_dict() | {"nodes": [node]}
    with pytest.raises(InputError) as caught:
        validate(document, "graph")
    assert caught.value.place == "nodes[0].kind"


def test_the_new_case_is_valid_as_it_stands() -> None:
    """A new manifest loads, has the three parties, and nothing invented beside them."""
    manifest = parse_manifest(fill_template("my-case", "2026: a case"))
    assert (manifest.id, manifest.title) == ("my-case", "2026: a case")
    assert [party.role for party in manifest.parties] == ["agent", "deployer", "organisation"]
    assert manifest.harms == ()


def test_the_examples_of_the_new_case_are_valid() -> None:
    """Uncommenting every example line gives a manifest that loads, with one of each."""
    lines = fill_template("x", "X").splitlines()
    example = "\n".join(
        line.removeprefix("# ")
        for line in lines[lines.index("case: x") :]
        if not line.startswith("##")
    )
    manifest = parse_manifest(example)
    for part in ("actors", "services", "policies", "tasks", "harms", "claims", "positions"):
        assert getattr(manifest, part), part
    assert manifest.period.start is not None
