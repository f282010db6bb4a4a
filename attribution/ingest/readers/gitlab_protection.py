"""What GitLab enforces on branches: approval rules, approval settings, protected branches.

Read is an export that puts `approval_rules`, `approvals` (the project's settings) and
`protected_branches` beside `project` and `observed_at`, or the bare list of protected branches or
of approval rules. The parts are put together for each branch: of all rules that are for it the one
that asks for most counts. None of these answers says since when it has been so.

Sources: https://docs.gitlab.com/api/merge_request_approvals/ and
https://docs.gitlab.com/api/protected_branches/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.ingest.documents import WHOLE, first_entries, name_type, walk_entries
from attribution.ingest.fields import Table, find, flag, items, number, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.gitlab import Request, listed, username
from attribution.ingest.readers.protection import Scope, Values, add_state
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

SOURCE = "gitlab_approval_rule"

_EVERY = "~ALL"
_NO_ACCESS = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    """An approval rule: how many approvals of whom it asks for, and for which branches.

    `branches` is None where it is for all of them; `everyone` says that it asks for each of
    `people`.
    """

    name: str
    required: int
    people: tuple[str, ...]
    branches: frozenset[str] | None
    all_protected: bool
    everyone: bool

    def applies_to(self, branch: str | None) -> bool:
        """Return whether it is for a protected branch, or for the others (None)."""
        if self.branches is None:
            return not self.all_protected or branch is not None
        return branch in self.branches


@dataclass(frozen=True, slots=True)
class _Project:
    """What the parts of an export say of a project's branches, each with its place.

    `rules` is None where they are not on record. `settings` are those of the whole project.
    """

    name: str | None
    observed: JsonValue = None
    branches: Sequence[tuple[str, Table]] = ()
    rules: Sequence[tuple[str, _Rule]] | None = None
    settings: tuple[str, Values] = (WHOLE, {})


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake):
        name = intake.options.repository
        if _is_export(entry):
            _add_export(intake, "" if place == WHOLE else place, entry)
        elif _is_branch(entry):
            _add_branches(intake, _Project(name, branches=[(place, entry)]))
        elif _is_rule(entry):
            _add_branches(intake, _Project(name, rules=[(place, _read_rule(entry))]))
        else:
            intake.reject(place, "no rules of a project: neither a protected branch nor a rule")


def _is_export(entry: Table) -> bool:
    parts = {"approval_rules", "protected_branches"} & entry.keys()
    return bool(parts) and "iid" not in entry and not _is_rule(entry)


def _is_branch(entry: Table) -> bool:
    return {"name", "push_access_levels", "merge_access_levels"} <= entry.keys()


def _is_rule(entry: Table) -> bool:
    return {"name", "rule_type", "approvals_required"} <= entry.keys()


def _add_export(intake: Intake, place: str, export: Table) -> None:
    def at(*parts: object) -> str:
        return place if place.startswith("line") else "/".join([place, *map(str, parts)])

    def take(key: str, what: str) -> list[tuple[str, Table]]:
        found: list[tuple[str, Table]] = []
        for index, entry in enumerate(listed(export, key)):
            fits = _is_branch if key == "protected_branches" else _is_rule
            if isinstance(entry, dict) and fits(entry):
                found.append((at(key, index), entry))
            else:
                got = "a part is missing" if isinstance(entry, dict) else name_type(entry)
                intake.reject(at(key, index), f"no {what}: {got}")
        return found

    said = export.get("project")
    name = text(find(said, "path_with_namespace") if isinstance(said, dict) else said)
    rules = [(where, _read_rule(one)) for where, one in take("approval_rules", "approval rule")]
    settings = table(export.get("approvals"))
    values = stated(
        dismiss_stale=flag(settings.get("reset_approvals_on_push")),
        author_may_approve=flag(settings.get("merge_requests_author_approval")),
        committers_may_not_approve=flag(settings.get("merge_requests_disable_committers_approval")),
    )
    project = _Project(
        name or intake.options.repository,
        export.get("observed_at"),
        take("protected_branches", "protected branch"),
        rules if "approval_rules" in export else None,
        (at("approvals"), values),
    )
    _add_branches(intake, project)


def _read_rule(entry: Table) -> _Rule:
    named = [text(table(one).get("name")) for one in items(entry.get("protected_branches"))]
    branches = frozenset(branch for branch in named if branch is not None)
    people = [who for one in items(entry.get("eligible_approvers")) if (who := username(one))]
    required = number(entry.get("approvals_required")) or 0
    hidden = flag(entry.get("contains_hidden_groups")) is True
    return _Rule(
        text(entry.get("name")) or "unnamed rule",
        required,
        tuple(people),
        branches or None,
        flag(entry.get("applies_to_all_protected_branches")) is True,
        # As many as there are people to ask: each of them.
        everyone=bool(people) and not hidden and required >= len(people),
    )


def _rule_values(rules: Sequence[_Rule]) -> Values:
    """Return what several rules ask for together."""
    asking = [rule for rule in rules if rule.required]
    needed = [person for rule in asking if rule.everyone for person in rule.people]
    told = [
        stated(
            name=rule.name,
            required=rule.required,
            eligible_reviewers=list[JsonValue](rule.people),
        )
        for rule in rules
    ]
    return stated(
        required_approvals=max((rule.required for rule in rules), default=0),
        approval_rules=list[JsonValue](told),
        required_reviewers=list[JsonValue](dict.fromkeys(needed)) or None,
    )


def _add_branches(intake: Intake, project: _Project) -> None:
    """Give the intake what is enforced on each branch that a part names, and on the others.

    Of what no part is about, nothing is said.
    """
    known = {text(entry.get("name")) or "": (place, entry) for place, entry in project.branches}
    places: dict[str, str] = {}
    for place, rule in project.rules or ():
        for branch in sorted(rule.branches or ()):
            places.setdefault(branch, place)
    named = tuple(dict.fromkeys([*known, *places]))
    for branch in named:
        values = _values_of(project, branch)
        place = places.get(branch, WHOLE)
        if branch in known:
            place, entry = known[branch]
            values |= _branch_values(entry)
        scope = Scope(SOURCE, project.name, branch=branch)
        add_state(intake, place, scope, values, observed=project.observed)
    general = [place for place, rule in project.rules or () if rule.applies_to(None)]
    if general or project.settings[1]:
        scope = Scope(
            SOURCE, project.name, rule="every other branch", include=(_EVERY,), exclude=named
        )
        place = general[0] if general else project.settings[0]
        add_state(intake, place, scope, _values_of(project, None), observed=project.observed)


def _values_of(project: _Project, branch: str | None) -> Values:
    """Return what the settings and the rules enforce on a protected branch, or on the others."""
    values = dict(project.settings[1])
    if project.rules is not None:
        rules = [rule for _, rule in project.rules if rule.applies_to(branch)]
        values |= _rule_values(rules)
    return values


def _branch_values(branch: Table) -> Values:
    """Return what the protection of a branch enforces; who may push to it needs no request."""
    pushers = [
        text(level.get("access_level_description")) or "someone"
        for entry in items(branch.get("push_access_levels"))
        if (level := table(entry)).get("access_level") != _NO_ACCESS
    ]
    return stated(
        code_owner_review=flag(branch.get("code_owner_approval_required")),
        bypass_actors=[f"{who} (push without a merge request)" for who in dict.fromkeys(pushers)],
        force_push=flag(branch.get("allow_force_push")),
    )


def add_request_rules(
    intake: Intake, place: str, export: Table, entry: Table, request: Request
) -> None:
    """Give the intake the rules a merge request was held to.

    GitLab keeps them as they were at the merge (`ApprovalRules::FinalizeService`), so their time is
    that of the merge. Rules made for one request alone say nothing of the branch: they stay with
    the request (`approvals_required`).
    """
    state = table(export.get("approval_state"))
    if state.get("approval_rules_overwritten") is not False or request.target is None:
        return
    rules = []
    for index, rule in enumerate(items(state.get("rules"))):
        if isinstance(rule, dict) and _is_rule(rule):
            rules.append(_read_rule(rule))
            continue
        where = place if place.startswith("line") else f"{place}/rules/{index}"
        intake.reject(where, "no approval rule: name, rule_type or approvals_required missing")
    scope = Scope(SOURCE, request.repository, branch=request.target)
    observed = entry.get("merged_at") or export.get("observed_at")
    add_state(intake, place, scope, _rule_values(rules), observed=observed)


def _sniff(source: Source) -> float:
    entries = first_entries(source)
    found = (_is_export(one) or _is_branch(one) or _is_rule(one) for one in entries)
    return float(any(found) and not any("merge_request" in one for one in entries))


FORMAT = Format(
    id="gitlab-protection",
    title="GitLab approval rules, approval settings and protected branches",
    told_by="approval_rules or protected_branches beside project, or objects with"
    " push_access_levels and merge_access_levels, or rules with rule_type and approvals_required",
    source="https://docs.gitlab.com/api/merge_request_approvals/",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
