"""Each rule by hand: what it finds, what one other fact makes of that, and what its cause did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from attribution.graph.rules import RULES
from attribution.model.commit import Anomaly
from attribution.model.gap import Gap
from attribution.model.homonym import Homonym
from attribution.model.manifest import DeclaredApproval
from attribution.model.service import Service
from tests.unit.graph.recorded import (
    OBJECTIVES,
    OVERREACH,
    SERVICE,
    WHOLE,
    Recorded,
    alert,
    at,
    deletion,
    event,
    found,
    happens,
    policy,
    prompt,
)
from tests.unit.graph.test_answers import asking
from tests.unit.graph.test_cascades import EXPORT, STORE, chain, down
from tests.unit.graph.test_changes import (
    BAD,
    BROKEN,
    approval,
    commit,
    deployment,
    review,
)
from tests.unit.graph.test_guardrails import control, guarded
from tests.unit.graph.test_origins import leading, mended
from tests.unit.graph.test_text_proposals import DISK, say
from tests.unit.graph.test_warnings import case as approved
from tests.unit.graph.test_warnings import warning


@dataclass(frozen=True, slots=True)
class Example:
    """One rule's example, checked by hand.

    `finds` is what it finds in `shown`, and not in `silent`, where one fact is another. In `world`
    the effect is there with the cause and not without it; a rule whose finding causes nothing has
    neither, and moves no share. All other roots are as is likelier.
    """

    finds: str
    shown: Recorded
    silent: Recorded
    cause: str | None = None
    effect: str | None = None
    world: Mapping[str, bool] | None = None


ON_STORE = (STORE, replace(SERVICE, depends_on=("store",)))
SLOW = Recorded(
    events=(
        alert(),
        event("alert.acknowledged", 121, "operator", incident="I1"),
        event("alert.resolved", 300, "operator", service="shop", incident="I1"),
    )
).with_manifest(
    services=(replace(SERVICE, objectives=OBJECTIVES),),
    harms=(replace(WHOLE, end=at(200)), replace(WHOLE, id="H2", start=at(200), end=at(300))),
)
QUICK = replace(SLOW, events=(alert(), event("alert.acknowledged", 5, "operator", incident="I1")))
OVERRULED = replace(BROKEN, reviews=(review("absent", bypassed_by="operator"),)).with_manifest(
    policies=(policy("review", enforced=True),)
)
ODD = tuple(
    Anomaly(name, f"It has {name}", 1, 40)
    for name in ("copied_author_date", "unsigned", "first_commit_of_author")
)
COPIED = replace(BROKEN, commits=(commit(BAD, -60, anomalies=ODD), *BROKEN.commits[1:]))
SAME_NAME = Homonym("sam", {"github": "sam", "chat": "chat:sam"}, ("E1#line 1", "E3#/0"))
CUT = Gap(
    "E1", "two numbers are missing", at(-5), at(5), kind="sequence", references=("E1#line 1",)
)

EXAMPLES = (
    Example(
        "onset:failure_store",
        Recorded(events=(down("store", -2), alert())).with_manifest(services=ON_STORE),
        Recorded(events=(down("store", 9), alert())).with_manifest(services=ON_STORE),
        "failure_store",
        "harm_h1",
    ),
    Example(
        "direct-action:act_shop",
        OVERREACH,
        replace(OVERREACH, events=(deletion(9, "bot"), alert())),
        "act_shop",
        "failure_shop",
    ),
    Example(
        "cascade:failure_export",
        chain(down("export", 4)),
        chain(down("export", 4)).with_manifest(
            services=(SERVICE, replace(EXPORT, depends_on=()), Service(id="mail", name="Mail"))
        ),
        "failure_shop",
        "failure_export",
    ),
    Example(
        "scope:overreach_shop",
        OVERREACH,
        replace(OVERREACH, events=(prompt(-30, "Delete shop-prod."), *OVERREACH.events[1:])),
        "overreach_shop",
        "act_shop",
        {"asked_shop": False, "production_approval_held_shop": False},
    ),
    Example(
        "answer:answer_shop",
        asking("Whatever gets it clean."),
        asking("Yes, but only the settings, whatever they are."),
        "answer_shop",
        "act_shop",
        {
            "would_rely_shop": True,
            "overreach_shop": False,
            "asked_shop": False,
            "production_approval_held_shop": False,
        },
    ),
    Example(
        "permission:grant_ops_role",
        OVERREACH,
        replace(OVERREACH, events=(prompt(-30, "Delete shop-prod."), *OVERREACH.events[1:])),
        "grant_ops_role",
        "act_shop",
        {"production_approval_held_shop": False},
    ),
    Example(
        "authorship:change_bbbbbbb",
        BROKEN,
        replace(BROKEN, commits=BROKEN.commits[:2]),
        "change_bbbbbbb",
        "failure_shop",
        {"review_held_bbbbbbb": False},
    ),
    Example(
        "release:running_bbbbbbb",
        BROKEN,
        replace(BROKEN, deployments=(deployment("a" * 40, -5),)),
        "running_bbbbbbb",
        "failure_shop",
    ),
    Example(
        "review:review_bypassed_bbbbbbb",
        OVERRULED,
        replace(OVERRULED, reviews=(review("sound", approval()),)),
        "review_bypassed_bbbbbbb",
        "failure_shop",
        {"change_bbbbbbb": True, "would_catch_review_bbbbbbb": True},
    ),
    # Taken up at 121 min and over at 300. In time, at 16 min, it would have been over at 195.
    Example(
        "response:late_acknowledgement_shop",
        SLOW,
        QUICK,
        "late_acknowledgement_shop",
        "harm_h2",
    ),
    Example(
        "provenance-anomaly:anomalous_commit_bbbbbbb",
        COPIED,
        replace(BROKEN, commits=(commit(BAD, -60, anomalies=ODD[:2]), *BROKEN.commits[1:])),
    ),
    Example(
        "guardrail:delete_protection_turned_off_shop",
        guarded(control(control="delete_protection", state="off", set_by="operator")),
        guarded(control(control="delete_protection", state="on", set_by="operator")),
        "delete_protection_turned_off_shop",
        "failure_shop",
        {"would_catch_delete_protection_shop": True, "production_approval_held_shop": False},
    ),
    Example(
        "warning:unheeded_shop_deployer",
        approved(warning(told=["operator"])),
        approved(warning(told=["operator"], acted_on=True)),
        "unheeded_shop_deployer",
        "failure_shop",
        {"would_help_shop": True, "production_approval_held_shop": False},
    ),
    Example(
        "origin:defect_bbbbbbb",
        mended(leading(BAD)),
        mended(leading(None)),
        "defect_bbbbbbb",
        "failure_shop",
        {"review_held_bbbbbbb": False},
    ),
    Example(
        "policy:production_approval_not_demanded_shop",
        OVERREACH,
        OVERREACH.with_manifest(
            approvals=(DeclaredApproval("production_approval", "shop", "lead"),)
        ),
        "production_approval_not_demanded_shop",
        "act_shop",
        {"would_catch_production_approval_shop": True},
    ),
    Example(CUT.id, replace(OVERREACH, gaps=(CUT,)), OVERREACH),
    Example(
        "identity:sam",
        replace(OVERREACH, homonyms=(SAME_NAME,)),
        replace(
            OVERREACH,
            homonyms=(
                replace(SAME_NAME, spellings=dict.fromkeys(SAME_NAME.spellings, "operator")),
            ),
        ),
    ),
    Example(
        "account:cause",
        replace(OVERREACH, events=(*OVERREACH.events, say(DISK)), texts=True),
        replace(
            OVERREACH,
            events=(*OVERREACH.events, say(DISK.replace("caused by", "after"))),
            texts=True,
        ),
    ),
)
CAUSING = [one for one in EXAMPLES if one.effect is not None]


def named(example: Example) -> str:
    """Return what to call an example."""
    return example.finds


def test_every_rule_of_the_catalogue_has_its_example() -> None:
    """A rule that is added without one that fires, keeps silent and answers fails here."""
    shown = Counter(one.finds.partition(":")[0] for one in EXAMPLES)
    assert set(shown) == {rule.id for rule in RULES}


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_a_rule_fires_on_its_example_and_keeps_silent_where_one_fact_is_another(
    example: Example,
) -> None:
    """The finding is proposed or confirmed by a record, and is none where the fact is not so."""
    finding = found(example.shown.graph(), example.finds)
    assert finding is not None
    assert finding.status in {"proposed", "confirmed"}
    assert found(example.silent.graph(), example.finds) is None


@pytest.mark.parametrize("example", CAUSING, ids=named)
def test_without_the_cause_there_is_no_effect(example: Example) -> None:
    """By the equations of the graph, as by hand; and each edge on the way has its answer."""
    graph, world = example.shown.graph(), dict(example.world or {})
    assert example.cause is not None
    assert example.effect is not None
    assert happens(graph, example.effect, {**world, example.cause: True})
    assert not happens(graph, example.effect, {**world, example.cause: False})
    answers = [edge.counterfactual for edge in graph.edges if edge.source == example.cause]
    assert answers
    assert all(answer.startswith("no: ") for answer in answers)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.effect is None], ids=named)
def test_what_causes_nothing_is_linked_to_nothing_and_moves_no_share(example: Example) -> None:
    """A gap, a name, an odd commit and a text are reasons to look: nobody's share hangs on them."""
    graph = example.shown.graph()
    finding = found(graph, example.finds)
    assert finding is not None
    assert not {edge.source for edge in graph.edges} & set(finding.nodes)
    assert example.shown.potency() == pytest.approx(example.silent.potency())


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_a_statement_is_a_sentence_that_claims_no_more_than_an_absent_record(
    example: Example,
) -> None:
    """Capital, full stop, no doubled marks; what rests on silence says that it does."""
    names = tuple(actor.name for actor in example.shown.manifest.actors)
    graph = example.shown.graph()
    for node in (one for one in graph.nodes if one.rule != "declared" and one.kind != "harm"):
        said = node.statement
        assert said[0].isupper() or said.startswith(names), said
        assert said.endswith("."), said
        assert not any(doubled in said for doubled in ("..", ".”.", "  ", "““")), said
        if (node.basis or "").startswith("absence_of_record"):
            assert "no record" in said.casefold() or "no policy on record" in said.casefold(), said
