"""A small analysis in which every table of the database has rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from attribution.model.actor import Actor, Alias, Party
from attribution.model.analysis import Analysis
from attribution.model.commit import AgentMark, Commit
from attribution.model.comparison import Comparison, WhatIf
from attribution.model.contradiction import Contradiction, Side
from attribution.model.event import Event, Source, Timeline, Witness
from attribution.model.gap import Gap
from attribution.model.graph import CausalGraph, Duty, Edge, Finding, Node
from attribution.model.instant import Instant
from attribution.model.interval import CERTAIN, Interval
from attribution.model.manifest import EvidenceEntry, Manifest
from attribution.model.oversight import Approval, ChangeReview, Deployment
from attribution.model.period import Period
from attribution.model.proposal import Account, Proposal
from attribution.model.record import (
    Accounting,
    AliasGroup,
    EvidenceItem,
    Reading,
    Record,
    Rejection,
)
from attribution.model.result import Attribution, HarmShare
from attribution.store.custody import merkle_root

MOMENT = Instant(1_772_409_600_000_000)

ITEMS = (
    EvidenceItem("E1", "evidence/a.json", "cloudtrail", "a" * 64, 10, "UTC", -94.0, 1.0),
    EvidenceItem("E2", "evidence/b.csv", "csv", "b" * 64, 20, collected=MOMENT, synthetic=True),
)

ACCOUNTS = (Account("E1#line 2", 0, "A led to H.", "led to", "bot", hedge="probably"),)


def build_record(number: int, **changes: object) -> Record:
    """Return a record whose fields all hold something."""
    record = Record(
        id=f"r{number}",
        place=f"line {number}",
        kind="note",
        time=MOMENT,
        time_low=MOMENT,
        time_high=Instant(MOMENT + 999_999),
        written=None,
        original_time="2026-03-02",
        actor="bot",
        subject=None,
        text='größer "than" \x00 all',
        native_id=None,
        data={"z": [1, 2.5, None, {"deep": True}], "a": 10**30},
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def build_reading(*records: Record) -> Reading:
    """Return a reading of these records, and of one that was rejected."""
    return Reading(
        format="csv",
        records=records,
        accounting=Accounting(read=len(records) + 1, kept=len(records), rejected=1),
        rejections=(Rejection("line 9", "no time"),),
        aliases=(AliasGroup(("bot", "bot@example.test"), "line 1", "agent"),),
        truncations=("the last page is missing",),
        remarks=("numbers were taken for Unix seconds",),
    )


def build_analysis(text: str = "t") -> Analysis:
    """Return an analysis whose only event says `text`."""
    witnesses = (Witness("E1", "/Records/0"), Witness("E2", "line 1"))
    event = Event(
        "v1", "note", MOMENT, MOMENT, MOMENT, None, None, "coder", "bot", None, text, None,
        witnesses,
        order_undecidable_with=("v2",), overlaps=1, data={"b": 1, "a": [2]},
    )  # fmt: skip
    undated = Event(
        "v2", "note", None, None, None, None, "later", None, "who", None, "t", None, witnesses[1:]
    )
    share = Attribution(
        case="small",
        parties=(),
        unattributed=Interval(0.0, 0.5, 1.0),
        harms=(HarmShare("H1", "t", "h", "USD", Decimal(1), Decimal(2), Decimal("3.50"), {}, 1.0),),
        by_role={"agent": CERTAIN},
        method={"rule": "shapley"},
    )
    return Analysis(
        manifest=Manifest(
            "small",
            "Small",
            "liability",
            Period(None, None),
            (Party("agent", "Agent", "agent"),),
            evidence=tuple(EvidenceEntry(item.id, item.path) for item in ITEMS),
        ),
        evidence=ITEMS,
        rejections={"E1": (), "E2": (Rejection("line 9", "no time"),)},
        timeline=Timeline(
            (event,),
            (undated,),
            (Source("E1", "cloudtrail", Accounting()), Source("E2", "csv", Accounting(1, 1))),
            (Gap("E2", "cut"),),
        ),
        actors=(Actor("coder", "Coder", "agent", "agent", (Alias("bot", "case.yaml"),)),),
        commits=(
            Commit(
                "c" * 40, "shop", ("d" * 40,), "coder", "coder", MOMENT, MOMENT, "s", "agent",
                (AgentMark("Tool", None, "trailer", "E1#commit c"),),
            ),
        ),
        reviews=(
            ChangeReview(
                "shop", 12, "t", "coder", None, None, (), MOMENT, None, None, 3,
                (Approval("r", MOMENT, None, 2.5, ("too_fast",), "E1#line 2"),), (),
                "ineffective", None, ("E1#line 2",),
            ),
        ),
        deployments=(Deployment("1", "c" * 40, "production", None, "ops", MOMENT, None, ("E1",)),),
        graph=CausalGraph(
            nodes=(
                Node("a", "act", "A.", credence=CERTAIN, duty="d", norm=0, finding="f"),
                Node("h", "harm", "H.", equation="a", observed=True),
            ),
            edges=(Edge("a", "h", "release", "no: it could not", "stated", finding="f"),),
            findings=(
                Finding(
                    "f", "release", 1, "s", "confirmed", ("E1#line 2",), "x", ("a",),
                    confirmed_by="record: git ancestry", factors=("goal_misread",),
                    tests=(Edge("a", "h", "release", "no: it could not", "stated"),),
                ),
            ),
            proposals=(
                Proposal(
                    "account:1", "cause", "cause", "s", "a", "h", "open: nobody", "E1", ACCOUNTS
                ),
            ),
            contradictions=(
                Contradiction("opposite_tests", "a->h", (Side("no: x", "r"), Side("yes: y", "s"))),
            ),
            duties=(Duty("d", "s", "agent", "norm"),),
        ),
        attribution=share,
        comparison=Comparison((), (), ()),
        what_if=(WhatIf({"a": 0}, {"H1": 0.0}, None, None, {}, "no harm"),),
        merkle_root=merkle_root(ITEMS),
        version="0.1.0",
    )  # fmt: skip


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """Return the builder of records: `make_record(number, **changes)`."""
    return build_record


@pytest.fixture
def make_reading() -> Callable[..., Reading]:
    """Return the builder of readings: `make_reading(*records)`."""
    return build_reading


@pytest.fixture
def make_analysis() -> Callable[..., Analysis]:
    """Return the builder of analyses: `make_analysis(text)`."""
    return build_analysis


@pytest.fixture
def readings() -> dict[str, Reading]:
    """Return a reading for each evidence item of the analysis, the first without records."""
    undated = build_record(2, time=None, time_low=None, time_high=None)
    return {"E1": build_reading(), "E2": build_reading(build_record(1), undated)}
