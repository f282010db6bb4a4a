"""What the readers of a platform's rules share: one shape for what is enforced on a branch.

`protection.state` says how the rules stood, `protection.changed` what somebody did to them. A fact
the record does not state is left out; one it states to be off is there, as 0, false or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attribution.ingest.fields import stated
from attribution.ingest.intake import Intake
from attribution.model.record import JsonValue

Values = dict[str, JsonValue]

UNPROTECTED: Mapping[str, JsonValue] = {
    "required_approvals": 0,
    "required_reviewers": [],
    "required_checks": [],
    "dismiss_stale": False,
    "code_owner_review": False,
}
"""What a rule enforces that is not there, or not in force."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rule of which repository a record is about.

    `branch` is a name or a pattern; `include` and `exclude` are the reference conditions of a rule
    set. `rule` tells rules of one source apart.
    """

    source: str
    repository: str | None
    branch: str | None = None
    rule: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    owner: str | None = None

    def to_data(self) -> Values:
        """Return the scope as records carry it."""
        return stated(
            source=self.source,
            repository=self.repository,
            branch=self.branch,
            rule=self.rule,
            include=list[JsonValue](self.include) or None,
            exclude=list[JsonValue](self.exclude) or None,
            owner=self.owner,
        )

    @property
    def title(self) -> str:
        """Return the words for it in a sentence."""
        what = self.branch or self.rule or "an unnamed branch"
        return f"{what} of {self.repository or self.owner or 'an unnamed repository'}"


def add_state(
    intake: Intake,
    place: str,
    scope: Scope,
    values: Mapping[str, JsonValue],
    *,
    observed: JsonValue,
    unchanged_since: JsonValue = None,
) -> None:
    """Give the intake how the rules stood.

    `observed` is when; without it the state is that of its collection, else that of its last change
    (`unchanged_since`): from then until it was exported it was as it is here.
    """
    since = intake.timestamp(unchanged_since, place)
    approvals = values.get("required_approvals")
    when = intake.observed(observed)
    intake.add(
        place,
        "protection.state",
        time=since if when is None else when,
        text=f"{scope.title}: {_describe(approvals)}",
        subject=scope.repository or scope.owner,
        data={**scope.to_data(), **values, **stated(unchanged_since=since)},
    )


def add_change(
    intake: Intake,
    place: str,
    scope: Scope,
    operation: str,
    *,
    time: JsonValue,
    actor: str | None,
    before: Mapping[str, JsonValue] | None = None,
    after: Mapping[str, JsonValue] | None = None,
    native_id: str | None = None,
    facts: Mapping[str, JsonValue] | None = None,
) -> None:
    """Give the intake a change of the rules; `before` and `after` hold what is known of either."""
    intake.add(
        place,
        "protection.changed",
        time=time,
        text=f"{operation}: {scope.title}",
        actor=actor,
        subject=scope.repository or scope.owner,
        native_id=native_id,
        data={
            **scope.to_data(),
            **stated(
                operation=operation,
                actor=actor,
                before=None if before is None else dict(before),
                after=None if after is None else dict(after),
            ),
            **(facts or {}),
        },
    )


def _describe(approvals: JsonValue) -> str:
    if not isinstance(approvals, int) or isinstance(approvals, bool):
        return "rules of the branch"
    return "no approval required" if approvals == 0 else f"approvals required: {approvals}"
