from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from attribution.model.actor import Actor, Alias
from attribution.model.comparison import WhatIf
from attribution.model.contradiction import Contradiction, Side
from attribution.model.interval import Interval
from attribution.model.switchboard import Switch, Switchboard
from attribution.report.document import build_document
from attribution.report.formats import WRITERS, render
from attribution.report.redaction import learning_view
from attribution.report.redactor import Redactor

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis

NAMES = (
    "Fernweh",
    "Harbour",
    "Lighthouse",
    "Rowan",
    "Quill",
    "rquill",
    "Tamsin",
    "Orrery",
    "torrery",
    "Idris",
    "Vellum",
    "ivellum",
    "coder-agent",
    "coder@agents",
    "Deploy Robot",
    "records officer",
    "counsel",
    "Cassius",
    "Brightwater",
)
FORBIDDEN = ("culpab", "blame", "liabil", "potency", "apportion", "unattributed", "at fault")


IDS = (
    "act_harbour_platform_team",
    "grant_rowan_quill",
    "told_it_was_restarted_by_the_harbour_platf",
    "told_it_was_seen_by_lighthouse",
)


def with_names_in_ids(analysis: Analysis) -> Analysis:
    """Return the analysis as the case `lighthouse-2026`, with ids of nodes made of names."""
    graph = analysis.graph
    old = [node.id for node in graph.nodes[: len(IDS)]]
    new = dict(zip(old, IDS, strict=True))
    nodes = tuple(
        replace(
            node,
            id=new.get(node.id, node.id),
            rule="account" if new.get(node.id, "").startswith("told") else node.rule,
            equation=node.equation
            and re.sub(r"\w+", lambda it: new.get(it[0], it[0]), node.equation),
        )
        for node in graph.nodes
    )
    edges = tuple(
        replace(it, source=new.get(it.source, it.source), target=new.get(it.target, it.target))
        for it in graph.edges
    )
    return replace(
        analysis,
        manifest=replace(analysis.manifest, id="lighthouse-2026"),
        graph=replace(graph, nodes=nodes, edges=edges, findings=(), missing_factors=()),
    )


def test_a_pseudonym_stands_in_ids_too(analysis: Analysis) -> None:
    """Neither the party's id nor the case's, nor an id spelt from the name, tells who it is."""
    named = with_names_in_ids(analysis)
    parties = tuple(
        replace(party, pseudonym="Party A", id="harbour")
        if party.name == "Harbour Platform Team"
        else party
        for party in named.manifest.parties
    )
    manifest = replace(named.manifest, id="harbour-outage-2026", parties=parties)
    document = build_document(replace(named, manifest=manifest), "legal")
    texts = {name: render(document, name).decode("latin-1").casefold() for name in ("json", "html")}
    assert [name for name, text in texts.items() if "harbour_platform" in text] == []
    assert [name for name, text in texts.items() if "harbour-" in text] == []
    assert "act_party_a" in texts["json"]
    assert "rowan" in texts["json"]


@pytest.fixture(scope="module")
def rendered(analysis: Analysis) -> dict[str, str]:
    """Each format of the learning document as text: the bytes, and for PDF text and metadata."""
    events = tuple(
        replace(event, text=f"{event.text} (asked Rowan; told TAMSIN ORRERY and rquill)")
        if event.id == "ev18"
        else event
        for event in analysis.timeline.events
    )
    decided = Contradiction(
        "decision_against_record",
        "recreate",
        (
            Side("The stack was deleted.", "a machine's record", (), ("E1#/Records/0",)),
            Side("It was not so: Idris Vellum says so", "Rowan Quill"),
        ),
        "recreate was rejected by Rowan Quill; the record stands against it",
    )
    denied = Contradiction(
        "claims",
        "C1",
        (Side("It is the agent's fault.", "agent"), Side("It is not so.", "Harbour")),
    )
    named = replace(
        with_names_in_ids(analysis),
        timeline=replace(analysis.timeline, events=events),
    )
    named = replace(named, graph=replace(named.graph, contradictions=(decided, denied)))
    document = build_document(named, "postmortem")
    texts = {name: render(document, name).decode("latin-1") for name in WRITERS if name != "docx"}
    reader = PdfReader(BytesIO(render(document, "pdf")))
    with ZipFile(BytesIO(render(document, "docx"))) as parts:
        texts["docx"] = "\n".join(parts.read(name).decode("latin-1") for name in parts.namelist())
    texts["pdf"] += "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return texts


@pytest.mark.parametrize("name", WRITERS)
def test_learning_document_has_no_name_in_its_bytes(rendered: dict[str, str], name: str) -> None:
    text = rendered[name].casefold()
    assert [word for word in NAMES if word.casefold() in text] == []


def test_learning_document_tells_of_a_contradiction_without_who_decided(
    rendered: dict[str, str],
) -> None:
    assert "The stack was deleted." in rendered["md"]
    assert "It was not so, by the decision of a person." in rendered["md"]
    assert "a party asserts what another denies" not in rendered["md"]


@pytest.mark.parametrize("name", WRITERS)
def test_learning_document_has_no_share_in_its_bytes(
    rendered: dict[str, str], name: str, analysis: Analysis
) -> None:
    text = rendered[name]
    assert [word for word in FORBIDDEN if word in text.casefold()] == []
    for party in analysis.attribution.parties:
        for value in (party.share.low, party.share.point, party.share.high):
            assert not re.search(rf"(?<![\d.]){value * 100:.1f}\s*%", text)


@pytest.mark.parametrize("audience", ["postmortem", "regulator"])
def test_what_if_panel_is_in_the_page_for_counsel_alone(analysis: Analysis, audience: str) -> None:
    """Not a number of its data, not its script, not its words reach another audience's bytes."""
    share = Interval(0.0123451, 0.0123457, 0.0123459)
    told = WhatIf({}, {}, {party.id: share for party in analysis.manifest.parties}, share, {})
    board = Switchboard((Switch("chose_to_recreate", "contested", (1, 0), 0),), 1, (told,))
    switched = replace(analysis, switchboard=board)
    counsel, other = (
        render(build_document(switched, name), "html").decode() for name in ("legal", audience)
    )
    for words in ("0.0123457", "whatif-data", "section.panel", "switch-", "Switch facts"):
        assert words in counsel
        assert words not in other


def test_learning_view_holds_no_results_at_all(analysis: Analysis) -> None:
    view = learning_view(analysis)
    assert view.attribution.parties == ()
    assert view.what_if == ()
    assert view.manifest.parties == ()
    assert {node.party for node in view.graph.nodes} == {None}
    assert {node.credence for node in view.graph.nodes} == {None}


def test_same_actor_gets_the_same_label_everywhere(analysis: Analysis) -> None:
    view = learning_view(analysis)
    ids = {actor.id for actor in view.actors}
    assert {event.actor for event in view.timeline.events if event.actor} <= ids
    assert "[AI agent 1]" in ids


def test_names_inside_other_words_stay() -> None:
    redactor = Redactor({"coder": "[AI agent]"}, exact={"Will": "[person]"})
    assert redactor("The decoder met Coder; it will, said Will.") == (
        "The decoder met [AI agent]; it will, said [person]."
    )


def test_learning_document_is_about_the_same_events(analysis: Analysis) -> None:
    text = render(build_document(analysis, "postmortem"), "md").decode()
    for words in (
        "DeleteStack cv-prod-eu",
        "13 h 3 min",
        "Contributing factors",
        "Two-person approval",
    ):
        assert words in text


def test_each_person_keeps_one_label_however_records_write_the_name(analysis: Analysis) -> None:
    """An id, a full name and a first name lead to the same label, of the right party."""
    roles = {party.role: party.id for party in analysis.manifest.parties}
    people = (
        Actor("anna", "Anna Example", "person", roles["deployer"], (Alias("anna", "case.yaml"),)),
        Actor("otto", "Otto Sample", "person", roles["organisation"], (Alias("otto", "x"),)),
        Actor("eng-2", "Service engineer 2", "person", roles["deployer"], (Alias("e2", "x"),)),
    )
    told = [
        replace(
            analysis.timeline.events[0], id=f"told-{who}", actor=who, actor_name=name, text=text
        )
        for who, name, text in (
            ("anna", "Anna", "Anna merges it"),
            ("otto", "OTTO", "Service level: 99"),
        )
    ]
    timeline = replace(analysis.timeline, events=tuple(told))
    view = learning_view(replace(analysis, actors=people, timeline=timeline))
    first, second = view.timeline.events
    assert first.actor == first.actor_name == view.actors[0].name
    assert "deployer" in str(first.actor)
    assert second.actor == second.actor_name == view.actors[1].name
    assert "organisation" in str(second.actor)
    assert first.text == f"{first.actor} merges it"
    assert second.text == "Service level: 99"
