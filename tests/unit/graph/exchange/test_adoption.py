"""A drawing adds to the case's graph what it says, and nothing that it does not."""

from __future__ import annotations

import pytest

from attribution.errors import InputError
from tests.unit.graph.exchange.drawn import adopt, equations


def test_a_needed_cause_joins_by_and() -> None:
    """`no:` makes the new cause a requirement beside what the case has."""
    adoption = adopt("flowchart LR\nx[It was late] -->|no: noted| failure")
    assert equations(adoption) == {"failure": "(grant and not gate) and x"}
    assert [entry["id"] for entry in adoption.nodes] == ["x", "failure"]
    assert adoption.changed == {"failure"}
    assert adoption.edges[0]["counterfactual"] == "no: noted"


def test_a_cause_that_would_have_done_joins_by_or() -> None:
    """`yes:` makes the new cause an alternative."""
    adoption = adopt("flowchart LR\nx -->|yes: either would| failure")
    assert equations(adoption) == {"failure": "(grant and not gate) or x"}


def test_a_control_stands_against_its_effect() -> None:
    """An arrow from a control says that it would have stopped the effect."""
    adoption = adopt("flowchart LR\nc[An alarm]:::control -->|no: seen in time| harm_h1")
    assert equations(adoption) == {"harm_h1": "failure and not c"}


def test_new_nodes_are_conditions_or_events_by_their_causes() -> None:
    """A kind that nobody gave follows from whether something is drawn as a cause."""
    adoption = adopt("flowchart LR\na -->|no: x| b -->|no: y| harm_h1")
    kinds = {entry["id"]: entry.get("kind") for entry in adoption.nodes}
    assert kinds == {"a": "condition", "b": "event", "harm_h1": None}


def test_a_box_that_says_what_a_node_says_is_that_node() -> None:
    """A statement in the case's own words makes no second node."""
    adoption = adopt("flowchart LR\nq[the shop  failed] -->|no: x| z[More]")
    assert adoption.renamed == {"q": "failure"}
    assert [entry["id"] for entry in adoption.nodes] == ["z"]


def test_ids_that_cannot_stand_in_an_equation_are_changed_and_told() -> None:
    """Words of the equation's language, dashes and digits give names of their own."""
    adoption = adopt("flowchart LR\nnot -->|no: x| db-1 -->|no: x| 7 -->|no: x| harm_h1")
    assert adoption.renamed == {"not": "n_not", "db-1": "db_1", "7": "n_7"}
    assert equations(adoption)["db_1"] == "n_not"


def test_an_unanswered_arrow_needs_a_persons_word_and_stays_open() -> None:
    """Nothing is assumed of an arrow; by the option it counts, and the test stays open."""
    with pytest.raises(InputError, match="no answer") as caught:
        adopt("flowchart LR\nx --> failure")
    assert caught.value.place == "line 2"
    for option, equation in (
        ("needed", "(grant and not gate) and x"),
        ("enough", "(grant and not gate) or x"),
    ):
        adoption = adopt("flowchart LR\nx --> failure", unanswered=option)
        assert equations(adoption) == {"failure": equation}
        assert adoption.edges[0]["counterfactual"].startswith("open:")


def test_a_breach_has_no_causes() -> None:
    """An arrow into what somebody ought not to have done is refused."""
    with pytest.raises(InputError, match="breach"):
        adopt("flowchart LR\nx -->|no: y| grant")


def test_an_edge_of_the_case_can_be_answered_anew() -> None:
    """A drawn answer that differs becomes the person's, with the rule's basis if none is given."""
    adoption = adopt("flowchart LR\ngrant -->|yes: another role had it| failure")
    assert adoption.nodes == ()
    assert adoption.edges == (
        {
            "from": "grant",
            "to": "failure",
            "counterfactual": "yes: another role had it",
            "basis": "the log",
            "sufficient": True,
        },
    )


def test_an_equation_of_the_drawing_must_name_what_is_drawn() -> None:
    """Arrow and equation that disagree are refused, with the cause that is left out."""
    table = "id,statement,equation\nfailure,,grant\n"
    adopt(table, "csv")
    drawn = (
        '{"nodes": [{"id": "x"}, {"id": "failure", "equation": "grant"}],'
        ' "edges": [{"source": "x", "target": "failure", "counterfactual": "no: y"}]}'
    )
    with pytest.raises(InputError, match="does not name") as caught:
        adopt(drawn, "json")
    assert "with x in it" in str(caught.value.expected)


@pytest.mark.parametrize(
    ("form", "text", "place"),
    [
        ("csv", "id,kind\na,deed\n", "line 2"),
        ("csv", "id;credence\na;0.9 0.5 0.1\n", "line 2"),
        ("csv", "id,time\na,2026-03-10 12:00\n", "line 2"),
        ("csv", "source,target\na,\n", "line 2, column target"),
        ("csv", "who,what\na,b\n", "line 1"),
        ("csv", 'id,statement\n"a,b\n', "line 2"),
        ("csv", "id,statement\na,one\na,two\n", "line 3, and line 2 of drawing"),
        ("json", '{"nodes": [{"id": ["x"]}]}', "/nodes/0/id"),
        ("json", '{"nodes": [3]}', "/nodes/0"),
        ("json", '{"nodes": [{"id": "a", "norm": 2}]}', "/nodes/0"),
        ("json", "[1", None),
        ("graphml", "<graphml", None),
        ("graphml", '<!DOCTYPE x [<!ENTITY a "b">]><graphml/>', None),
    ],
)
def test_bad_input_names_the_file_the_place_and_the_remedy(
    form: str, text: str, place: str | None
) -> None:
    """Each wrong drawing gets one message that says where it is wrong and what would be right."""
    with pytest.raises(InputError) as caught:
        adopt(text, form)
    assert (caught.value.file, caught.value.place) == ("drawing", place)
    assert caught.value.expected
    assert caught.value.remedy
