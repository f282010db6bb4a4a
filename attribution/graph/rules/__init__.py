"""The rules, in the order in which they run: each builds on what those before it added."""

from __future__ import annotations

from typing import Final

from attribution.graph.rules import (
    account,
    answer,
    authorship,
    cascade,
    direct_action,
    gap,
    guardrail,
    identity,
    onset,
    origin,
    permission,
    policy,
    provenance_anomaly,
    release,
    response,
    review,
    scope,
    warning,
)
from attribution.graph.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    onset.RULE,
    direct_action.RULE,
    cascade.RULE,
    scope.RULE,
    answer.RULE,
    permission.RULE,
    authorship.RULE,
    release.RULE,
    review.RULE,
    response.RULE,
    provenance_anomaly.RULE,
    guardrail.RULE,
    warning.RULE,
    origin.RULE,
    policy.RULE,
    gap.RULE,
    identity.RULE,
    account.RULE,
)
