"""Factor codes and records of the causation, each beside a case that differs by one fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attribution.graph.rules import RULES
from attribution.model.commit import AgentMark
from attribution.model.enforcement import Override
from attribution.model.oversight import Check
from tests.unit.graph.recorded import (
    OVERREACH,
    SERVICE,
    Recorded,
    alert,
    at,
    deletion,
    event,
    found,
    happens,
    policy,
    prompt,
    tool_call,
)
from tests.unit.graph.test_cascades import EXPORT, down
from tests.unit.graph.test_changes import BAD, BROKEN, approval, commit, review
from tests.unit.graph.test_guardrails import control, guarded, session_of
from tests.unit.graph.test_origins import leading, mended
from tests.unit.graph.test_warnings import case as approved
from tests.unit.graph.test_warnings import warning

LENT = Recorded(
    events=(
        prompt(-30, "Please correct the rate on the export page."),
        tool_call(-1),
        deletion(-1, "operator"),
        alert(),
    )
)
OVERRULED = replace(BROKEN, reviews=(review("absent", bypassed_by="operator"),)).with_manifest(
    policies=(policy("review", enforced=True),)
)
TOLD = event("check.completed", -32, None, name="tests")
FAILED = Check("tests", BAD, "failure", required=True, reference=TOLD.references[0])
TRUSTED = replace(
    BROKEN,
    events=(*BROKEN.events, TOLD),
    commits=(
        commit(BAD, -60, kind="human_with_agent", agents=(AgentMark("bot", None, "trailer", "x"),)),
        *BROKEN.commits[1:],
    ),
    reviews=(
        replace(
            review("ineffective", approval("too_fast")),
            checks=(FAILED,),
        ),
    ),
)
UNMARKED = replace(TRUSTED, commits=BROKEN.commits)
WARNED = approved(warning(told=["operator"]))
REFUSED = event("audit.call", -5, "bot", operation="UpdateEnvironment", error="AccessDenied")
ROUND = guarded(control(control="change_freeze", state="bypassed", set_by="bot"))
WRITTEN = mended(leading(BAD))
BY_AGENT = tuple(
    replace(one, kind="agent", author="bot") if one.sha == BAD else one for one in WRITTEN.commits
)


def reached(who: str) -> Recorded:
    """Return a deletion by somebody, after which what depends on the shop fails too."""
    services = (SERVICE, replace(EXPORT, depends_on=("shop",)))
    events = (deletion(-1, who), alert(), down("export", 4))
    return Recorded(events=events).with_manifest(services=services)


def by_person(case: Recorded) -> Recorded:
    """Return the case with the deletion as a person's own."""
    kept = (one for one in case.events if one.kind not in {"session.tool_call", "audit.call"})
    return replace(case, events=(*kept, deletion(-1, "operator")))


CODES = {
    ("scope", "scope_overreach"): (
        OVERREACH,
        replace(OVERREACH, events=(*OVERREACH.events[:1], deletion(-1, "operator"), alert())),
    ),
    ("permission", "inherited_credentials"): (LENT, OVERREACH),
    ("review", "automation_bias"): (TRUSTED, UNMARKED),
    ("cascade", "unbounded_reach"): (reached("bot"), reached("operator")),
    ("warning", "known_conduct"): (WARNED, by_person(WARNED)),
    ("guardrail", "unattended_operation"): (
        session_of("bypassPermissions"),
        session_of("default"),
    ),
    ("guardrail", "destructive_shortcut"): (
        replace(ROUND, events=(*ROUND.events, REFUSED)),
        ROUND,
    ),
    ("origin", "plausible_defect"): (replace(WRITTEN, commits=BY_AGENT), WRITTEN),
}
"""For each code of each rule a case that shows it, and one that by one fact does not."""


def codes(case: Recorded) -> set[tuple[str, str]]:
    """Return the factor codes that the findings of a case show, with their rule."""
    return {(one.rule, code) for one in case.graph().findings for code in one.factors}


def test_every_factor_code_of_every_rule_has_its_example() -> None:
    """A code that a rule names and no case here shows fails."""
    assert set(CODES) == {(rule.id, code) for rule in RULES for code in rule.factors}


@pytest.mark.parametrize("code", sorted(CODES), ids=":".join)
def test_a_factor_code_stands_where_its_records_show_it_alone(code: tuple[str, str]) -> None:
    """Agent against person, a lent identity against its own, a marked commit against none."""
    shows, differs = CODES[code]
    assert code in codes(shows)
    assert code not in codes(differs)


def test_without_the_lent_identity_the_agents_call_would_have_been_refused() -> None:
    """The condition is a requirement of the act, confirmed by nobody and a breach of nobody."""
    graph = LENT.graph()
    lent = graph.node("inherited_ops_role")
    assert (lent.kind, lent.duty, lent.status) == ("condition", None, "proposed")
    assert happens(graph, "act_shop", {lent.id: True, "production_approval_held_shop": False})
    assert not happens(graph, "act_shop", {lent.id: False, "production_approval_held_shop": False})


CALL = "0f6a3c52-9d1e-4b7a-8c35-2e1d9b7f4a60"


@pytest.mark.parametrize(
    ("text", "machine", "confirmed"),
    [
        (f"Call {CALL} took shop-prod away", True, True),
        (f"Call {CALL[::-1]} took shop-prod away", True, False),
        (f"Call {CALL[:8]} took shop-prod away", True, False),
        (f"Call {CALL} took shop-prod away", False, False),
    ],
    ids=["names the call", "names another", "names a part of it", "is a person's"],
)
def test_an_alert_that_names_the_call_confirms_the_act_and_no_other_does(
    text: str,
    machine: bool,  # noqa: FBT001 - a parameter of the table
    confirmed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """The record of the causation is a machine's entry with the id of the very call."""
    told = event("alert.triggered", 1, None, text, service="shop", incident="I1")
    if not machine:
        told = replace(told, data={**told.data, "actor_type": "user"})
    call = replace(deletion(-1, "bot"), native_id=CALL)
    graph = Recorded(events=(call, told)).graph()
    finding = found(graph, "direct-action:act_shop")
    assert finding is not None
    assert finding.confirmed_by == ("record: audit record" if confirmed else None)
    (step,) = [edge for edge in graph.edges if edge.source == "act_shop"]
    assert step.confirmed_by == finding.confirmed_by


@pytest.mark.parametrize(
    ("what", "of_merge", "confirmed"),
    [
        ("pull_request", True, True),
        ("required_status_checks", True, False),
        ("pull_request", False, False),
    ],
    ids=["names merge and rule", "names another rule", "does not name the merge"],
)
def test_one_entry_that_names_the_merge_and_the_rule_confirms_that_it_was_got_round(
    what: str,
    of_merge: bool,  # noqa: FBT001 - a parameter of the table
    confirmed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """The step from the bypass to the absent control is confirmed; that a duty was unmet is not."""
    override = Override("operator", "rule suite 7", (what,), at(-30), ("E5#/0",), of_merge)
    bypassed = replace(review("absent", bypassed_by="operator"), override=override)
    graph = replace(OVERRULED, reviews=(bypassed,)).graph()
    (step,) = [edge for edge in graph.edges if edge.source == "review_bypassed_bbbbbbb"]
    assert step.confirmed_by == ("record: audit record" if confirmed else None)
    finding = found(graph, "review:review_bypassed_bbbbbbb")
    assert finding is not None
    assert finding.status == "proposed"
