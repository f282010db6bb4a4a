"""GitHub rule sets: as they stand, their versions, the rules in force for a branch, evaluations.

Read are `rulesets/ID` (and lists of it), `rulesets/ID/history` and its versions, the response of
`rules/branches/BRANCH` under `rules` beside `repository`, `branch` and `observed_at` (it names
neither), deliveries of the webhook `repository_ruleset`, and `rulesets/rule-suites`: what was
evaluated at each push, and whether it was bypassed.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import login, repository
from attribution.ingest.readers.github_protection import delivery_time
from attribution.ingest.readers.protection import UNPROTECTED, Scope, add_change, add_state
from attribution.ingest.readers.ruleset_rules import ACTIVE, rule_values, ruleset_values
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

SOURCE = "ruleset"
_LISTS = ("rulesets", "rule_suites", "history")


def _read(source: Source, intake: Intake) -> None:
    whole = table(source.document) if source.kind == "json" else {}
    for place, entry in walk_entries(source, intake, *_LISTS):
        if _is_suite(entry):
            _add_suite(intake, place, entry)
        elif "version_id" in entry:
            _add_version(intake, place, entry, whole)
        elif "repository_ruleset" in entry:
            _add_delivery(intake, place, entry)
        elif _is_ruleset(entry):
            _add_ruleset(intake, place, entry, whole)
        elif isinstance(entry.get("rules"), list) and "branch" in entry:
            _add_branch_rules(intake, place, entry)
        elif {"type", "ruleset_id"} <= entry.keys():
            intake.reject(
                place,
                "a rule in force for a branch, but which branch is not said: put the response under"
                " `rules`, beside `repository` and `branch`",
            )
        else:
            intake.reject(place, "neither a rule set, a version of one, nor a rule suite")


def _is_ruleset(entry: Table) -> bool:
    return {"enforcement", "name"} <= entry.keys() and (
        "rules" in entry or "source_type" in entry or "target" in entry
    )


def _is_suite(entry: Table) -> bool:
    return {"after_sha", "result", "ref"} <= entry.keys()


def ruleset_scope(ruleset: Table, name: str | None, owner: str | None = None) -> Scope:
    """Return which branches of which repository a rule set is for."""
    references = table(find(ruleset, "conditions", "ref_name"))
    return Scope(
        SOURCE,
        name,
        rule=text(ruleset.get("id")) or text(ruleset.get("name")),
        include=tuple(value for part in items(references.get("include")) if (value := text(part))),
        exclude=tuple(value for part in items(references.get("exclude")) if (value := text(part))),
        owner=owner,
    )


def _place_of(ruleset: Table, beside: Table, intake: Intake) -> tuple[str | None, str | None]:
    """Return the repository and the organisation a rule set belongs to; one of them is None."""
    origin = text(ruleset.get("source"))
    if text(ruleset.get("source_type")) in {"Organization", "Enterprise"}:
        return None, origin
    links = table(ruleset.get("_links"))
    found = (
        (origin if origin and "/" in origin else None)
        or text(beside.get("repository"))
        or repository(find(links, "self", "href"))
    )
    return found or intake.options.repository, None


def _add_ruleset(intake: Intake, place: str, ruleset: Table, beside: Table) -> None:
    if text(ruleset.get("target")) not in {None, "branch"}:
        intake.reject(place, f"a rule set for a {text(ruleset.get('target'))}, not for branches")
        return
    if not isinstance(ruleset.get("rules"), list):
        intake.reject(place, "a rule set without its rules: fetch each one by its id")
        return
    name, owner = _place_of(ruleset, beside, intake)
    add_state(
        intake,
        place,
        ruleset_scope(ruleset, name, owner),
        ruleset_values(ruleset),
        observed=ruleset.get("observed_at") or beside.get("observed_at"),
        unchanged_since=ruleset.get("updated_at"),
    )


def _add_version(intake: Intake, place: str, version: Table, beside: Table) -> None:
    """Add one version of a rule set: what it was from then on, where the version comes with it."""
    state = table(version.get("state"))
    name, owner = _place_of(state or beside, beside, intake)
    scope = ruleset_scope({"id": beside.get("ruleset_id"), **state}, name, owner)
    number = text(version.get("version_id"))
    who = login(version.get("actor"))
    identity = text(find(version, "actor", "id"))
    add_change(
        intake,
        place,
        scope,
        "repository_ruleset.version",
        time=version.get("updated_at"),
        actor=who or (f"GitHub user {identity}" if identity else None),
        after=ruleset_values(state) if state else None,
        native_id=f"{scope.rule}:version {number}" if scope.rule and state else None,
        facts=stated(version=number),
    )


def _add_delivery(intake: Intake, place: str, entry: Table) -> None:
    """Add a delivery: the rule set as it now is, and what is said of it before."""
    ruleset = table(entry.get("repository_ruleset"))
    action = text(entry.get("action")) or "changed"
    name, owner = _place_of(ruleset, {}, intake)
    values, gone = ruleset_values(ruleset), dict(UNPROTECTED)
    was = text(find(entry, "changes", "enforcement", "from"))
    before, after = {
        "created": (gone, values),
        "deleted": (values, gone),
    }.get(action, (_before(was), values))
    add_change(
        intake,
        place,
        ruleset_scope(ruleset, name or repository(entry.get("repository")), owner),
        f"repository_ruleset.{action}",
        time=delivery_time(entry, ruleset, action),
        actor=login(entry.get("sender")),
        before=before,
        after=after,
    )


def _before(was: str | None) -> dict[str, JsonValue] | None:
    """Return what a rule set enforced before an edit, of which only its enforcement is told."""
    if was is None:
        return None
    return {**({} if was in ACTIVE else UNPROTECTED), "enforcement": was}


def _add_branch_rules(intake: Intake, place: str, entry: Table) -> None:
    """Add all rules in force for one branch, whichever rule set each comes from."""
    rules = [table(rule) for rule in items(entry.get("rules"))]
    scope = Scope(
        SOURCE,
        text(entry.get("repository")) or intake.options.repository,
        branch=text(entry.get("branch")),
        rule="all in force",
    )
    values = rule_values(rules)
    add_state(intake, place, scope, values, observed=entry.get("observed_at"))


def _add_suite(intake: Intake, place: str, suite: Table) -> None:
    result = text(suite.get("result")) or "unknown"
    reference = text(suite.get("ref")) or ""
    who = text(suite.get("actor_name"))
    evaluations: list[JsonValue] = [
        stated(
            type=text(find(entry, "rule_type")),
            result=text(find(entry, "result")),
            enforcement=text(find(entry, "enforcement")),
            source=text(find(entry, "rule_source", "name")),
        )
        for entry in items(suite.get("rule_evaluations"))
    ]
    name = text(suite.get("repository_name"))
    full = name if name and "/" in name else intake.options.repository
    intake.add(
        place,
        "protection.evaluated",
        time=suite.get("pushed_at"),
        text=f"rules evaluated for {reference}: {result}",
        actor=who,
        subject=full or name,
        native_id=text(suite.get("id")),
        data=stated(
            source=SOURCE,
            repository=full,
            repository_name=name,
            branch=reference.removeprefix("refs/heads/") or None,
            before_sha=text(suite.get("before_sha")),
            after_sha=text(suite.get("after_sha")),
            actor=who,
            result=result,
            evaluation_result=text(suite.get("evaluation_result")),
            rules=evaluations or None,
        ),
    )


def _sniff(source: Source) -> float:
    for entry in first_entries(source, *_LISTS):
        if _is_suite(entry) or _is_ruleset(entry) or {"type", "ruleset_id"} <= entry.keys():
            return 1.0
        if {"version_id", "updated_at"} <= entry.keys():
            return 1.0
        if isinstance(entry.get("rules"), list) and "branch" in entry:
            return 1.0
        if {"repository_ruleset", "action"} <= entry.keys():
            return 1.0
    return 0.0


FORMAT = Format(
    id="github-rulesets",
    title="GitHub rule sets, their versions, rules of a branch, and rule suites",
    told_by="objects with enforcement and rules, with version_id, with rules beside branch, with"
    " repository_ruleset, or with after_sha, ref and result",
    source="https://docs.github.com/en/rest/repos/rules",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
