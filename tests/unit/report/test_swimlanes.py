"""Swim lanes: synthetic reviews of one change, up to far more than anybody draws by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from attribution.model.enforcement import Enforcement, Setting, Shortfall
from attribution.oversight.reviews import assess_reviews
from attribution.report.blocks import Document, Figure
from attribution.report.document import build_document
from attribution.report.html.writer import write_html
from attribution.report.lanes import draw_course
from attribution.report.layout.act_marks import SYMBOLS
from attribution.report.layout.picture import Group, Path, Rectangle, Shape
from attribution.report.markdown import write_markdown
from attribution.report.view import View
from tests.unit.oversight.test_reviews import (
    DIRECTORY,
    HEAD,
    MERGED,
    OLD,
    approval,
    event,
    pull,
)
from tests.unit.report.builder import build_analysis
from tests.unit.report.drawing import find_faults, flatten

if TYPE_CHECKING:
    from attribution.model.analysis import Analysis
    from attribution.model.event import Event
    from attribution.model.oversight import ChangeReview
    from attribution.report.layout.swimlanes import Act


def _asked(who: str, at: float) -> Event:
    return event(
        "pull_request.review_requested", at, f"/asked/{who}", actor="zoe-lead",
        event="review_requested", requested_reviewer=who, repository="org/infra", number=212,
    )  # fmt: skip


def _pushed(sha: str, at: float) -> Event:
    return event(
        "pull_request.event", at, f"/push/{at}", actor="dev", event="synchronize", commit_id=sha,
        repository="org/infra", number=212,
    )  # fmt: skip


@cache
def _review(more: int = 0) -> ChangeReview:
    """Return a review with each kind of approval, and `more` reviewers, checks and pushes."""
    events = [
        *pull(additions=400),
        _asked("yan-security", 60),
        approval("xia-first", at=1800, commit=OLD),
        _pushed(HEAD, 3000),
        approval("dev", at=3100),
        approval("helper[bot]", at=3105, account="Bot"),
        approval("wim-quick", at=3120),
        approval("vic-sound", at=MERGED - 900),
        approval("uma-after", at=5 * 86400),
    ]
    for number in range(more):
        name = f"reviewer-{number:02d}"
        events += [
            approval(name, at=2000 + number * 37, commit=OLD if number % 3 else HEAD),
            approval(name, at=1500 + number * 17, kind="review.commented"),
            _pushed(f"e{number:039d}", 2500 + number * 41),
            event(
                "check.completed", 3330 + number * 3, f"/c/{number}",
                name=f"job {number}", conclusion="success", head_sha=HEAD,
            ),
        ]  # fmt: skip
    undated = replace(approval("tom-undated"), time=None, time_low=None, time_high=None)
    ordered = sorted(events, key=lambda one: (one.time or 0, one.id))
    (review,) = assess_reviews(ordered, (), DIRECTORY, None, [undated])
    lacking = Shortfall("required_reviewer_missing", "sia-required", ())
    return replace(review, shortfalls=(lacking,))


def _analysis(review: ChangeReview) -> Analysis:
    return replace(build_analysis(), reviews=(review,))


def _document(review: ChangeReview, audience: str) -> Document:
    return build_document(_analysis(review), audience)


def _figure(document: Document) -> Figure:
    (found,) = [
        block
        for block in document.blocks
        if isinstance(block, Figure) and block.anchor.startswith("figure-approvals")
    ]
    return found


def _acts(review: ChangeReview) -> list[Act]:
    lanes = draw_course(View(_analysis(review), "legal"), review)
    return [act for lane in lanes for act in lane.acts]


@pytest.mark.parametrize("more", [0, 60])
@pytest.mark.parametrize("audience", ["legal", "postmortem"])
def test_no_words_of_swim_lanes_overlap_or_are_cut_off(audience: str, more: int) -> None:
    """Whatever crowds together, also in a change that sixty people looked at within the hour."""
    picture = _figure(_document(_review(more), audience)).picture
    assert find_faults(picture) == []
    assert picture.height < 700, "it is to fit on a page at its own size"


@pytest.mark.parametrize("more", [0, 60])
def test_each_approval_on_record_is_in_the_picture(more: int) -> None:
    """One mark each, or a mark that says of how many it is and names each when it is read."""
    review = _review(more)
    acts = [act for act in _acts(review) if act.symbol.startswith("approved")]
    read = "; ".join(act.title for act in acts)
    for item in review.approvals:
        assert f"{item.reviewer} approves {str(item.commit)[:7]}" in read
    counted = [int(found[0]) if (found := re.match(r"\d+", a.words)) else 1 for a in acts]
    assert sum(counted) == len(review.approvals) == 7 + more


def test_the_shape_says_by_whom_and_for_which_head_an_approval_was() -> None:
    """Without words, colour and fill the marks of all kinds of act still differ."""
    symbols = {act.words: act.symbol for act in _acts(_review())}
    found = {words.split(": ")[-1]: symbol for words, symbol in symbols.items()}
    assert found["another head than was merged"] == "approved_stale"
    assert found["by a maker of it, sooner than it can be read"] == "approved_by_maker"
    assert found["by a machine, sooner than it can be read"] == "approved_by_machine"
    assert found["sooner than it can be read"] == "approved_in_vain"

    def outline(shapes: tuple[Shape, ...]) -> tuple[object, ...]:
        return tuple(
            part.commands if isinstance(part, Path) else (type(part).__name__, part.x, part.y)
            for part in flatten(shapes)
            if not isinstance(part, Rectangle) or part.width
        )

    full_or_hollow = {"approved", "approved_in_vain"}
    outlines = [outline(draw(0, 0)) for name, draw in SYMBOLS.items() if name not in full_or_hollow]
    assert len(set(outlines)) == len(outlines)


def test_what_was_called_for_and_never_came_is_an_empty_place() -> None:
    """Two approvals short of three, whoever was asked and silent, a required reviewer."""
    setting = Setting("required_approvals", 3, "", ())
    review = replace(_review(), enforced=Enforcement(None, (setting,)))
    empty = [act.words for act in _acts(review) if act.symbol == "empty"]
    sound = review.sound_approvals
    assert sound == 1 + 1, "one undated approval has no defect either"
    assert sorted(empty) == [
        "approval 3 of 3 required: none that counts",
        "asked; no answer on record",
        "required; no approval on record",
    ]


def test_without_a_record_of_reviews_they_are_not_visible_and_not_absent() -> None:
    events = sorted(pull(), key=lambda one: one.time or 0)
    (review,) = assess_reviews(events, (), DIRECTORY)
    empty = [act.words for act in _acts(review) if act.symbol == "empty"]
    assert empty == ["reviews are not visible in these records"]


def test_a_learning_document_shows_lanes_of_roles_and_no_name_of_an_account() -> None:
    """Not in picture, titles, alternative text, diagram or any other byte; lanes stay apart."""
    document = _document(_review(), "postmortem")
    written = write_html(document) + write_markdown(document)
    names = ("yan-security", "xia-first", "wim-quick", "uma-after", "tom-undated", "sia-required")
    assert [name for name in (*names, "zoe-lead", "helper[bot]") if name in written] == []
    assert len(set(re.findall(r"\[account \d+, not identified\]", written))) >= len(names)
    assert all(name in write_html(_document(_review(), "legal")) for name in names)


def test_markdown_has_a_sequence_diagram_of_every_act() -> None:
    """Each act is one arrow or note, and no text of a record can end a line or a statement."""
    review = replace(_review(), title="a; b # c\nend")
    figure = _figure(_document(review, "legal"))
    lines = figure.source.splitlines()
    assert lines[0] == "sequenceDiagram"
    pattern = re.compile(
        r" {4}(participant (C|L\d+) as|L\d+->>C:|Note over L\d+:) (?:[^;#\n]|#\d+;)+"
    )
    assert [line for line in lines[1:] if not pattern.fullmatch(line)] == []
    arrows = [line for line in lines if "->>" in line or "Note over" in line]
    assert len(arrows) == len(_acts(review))
    assert f"```mermaid\n{figure.source}```" in write_markdown(_document(review, "legal"))


def test_marks_lead_to_their_evidence() -> None:
    picture = _figure(_document(_review(), "legal")).picture
    links = {shape.link for shape in picture.shapes if isinstance(shape, Group) and shape.link}
    assert links == {"evidence-e1"}
