"""SLSA's statements: how an artifact was built, what a verifier found, how a branch was moved.

Sources: https://slsa.dev/spec/v0.1/provenance, https://slsa.dev/spec/v0.2/provenance,
https://slsa.dev/spec/v1.2/build-provenance, https://slsa.dev/spec/v1.2/verification_summary and
https://github.com/slsa-framework/slsa-source-poc/blob/main/docs/DESIGN.md (source and tag
provenance, whose format the specification leaves to each platform).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attribution.ingest.fields import Table, find, items, stated, table, text
from attribution.ingest.intake import Intake
from attribution.ingest.readers.attestations import add_record, name_repository, name_subjects
from attribution.ingest.readers.protection import Scope, Values, add_state
from attribution.ingest.statements import Statement, StatementError
from attribution.model.record import JsonValue

_COMMIT_DIGESTS = ("gitCommit", "sha1")

SOURCE = "slsa_source_provenance"

_REQUIRED_CHECK = "GH_REQUIRED_CHECK_"

CONTROLS: Mapping[str, Values] = MappingProxyType(
    {
        "REVIEW_ENFORCED": {
            "required_approvals": 1,
            "dismiss_stale": True,
            "code_owner_review": True,
            "last_push_approval": True,
        },
    }
)
"""What a control means for review; docs/DESIGN.md, "Controls", of slsa-source-poc."""

_UNKNOWN: Mapping[str, str] = MappingProxyType(
    {"actor": "unknown actor", "activity_type": "unknown activity type"}
)
"""What sourcetool wrote where it did not know; gh_control/checklevel.go before 2025-04."""


def add_build(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake one build: what came out, of which inputs, by which builder.

    `source_sha` is named only where the statement says which input the build was told to build.
    """
    said = statement.predicate
    definition = table(said.get("buildDefinition"))
    details = table(said.get("runDetails")) or said
    builder = text(find(details, "builder", "id"))
    if builder is None:
        raise StatementError("the build provenance names no builder")
    metadata = table(details.get("metadata"))
    inputs = items(definition.get("resolvedDependencies") or said.get("materials"))
    source = _find_source(said, definition, inputs)
    started, finished = (
        text(metadata.get(f"{when}On") or metadata.get(f"build{when.capitalize()}On"))
        for when in ("started", "finished")
    )
    invocation = metadata.get("invocationId") or metadata.get("buildInvocationId")
    names = [subject.name for subject in statement.subjects if subject.name]
    sha = _commit(find(source, "digest"))
    facts = stated(
        builder=builder,
        build_type=text(definition.get("buildType") or said.get("buildType")),
        invocation=text(invocation),
        inputs=[_describe_input(table(entry)) for entry in inputs],
        source_uri=text(source.get("uri")),
        source_sha=sha,
        repository=name_repository(source.get("uri")) or intake.options.repository,
        started=intake.timestamp(started, place),
        finished=intake.timestamp(finished, place),
    )
    add_record(
        intake,
        place,
        statement,
        "attestation.build",
        time=finished or started,
        text=f"{', '.join(names) or 'an unnamed artifact'} built by {builder}"
        + (f" from {sha[:12]}" if sha else ""),
        actor=builder,
        subject=names[0] if names else None,
        facts=facts,
    )


def _find_source(said: Table, definition: Table, inputs: list[JsonValue]) -> Table:
    """Return the input that is the source: the one the build was configured by, else the only one.

    A v1 statement does not say which of several repositories among the inputs was built.
    """
    configured = table(find(said, "invocation", "configSource"))
    if configured:
        return configured
    recipe = find(said, "recipe", "definedInMaterial")
    if isinstance(recipe, int) and not isinstance(recipe, bool) and 0 <= recipe < len(inputs):
        return table(inputs[recipe])
    if not definition:
        return {}
    repositories = [entry for one in inputs if _commit((entry := table(one)).get("digest"))]
    return repositories[0] if len(repositories) == 1 else {}


def _commit(digests: JsonValue) -> str | None:
    return next((sha for key in _COMMIT_DIGESTS if (sha := text(find(digests, key)))), None)


def _describe_input(entry: Table) -> JsonValue:
    digests = {
        key: value for key, value in table(entry.get("digest")).items() if isinstance(value, str)
    }
    return stated(
        uri=text(entry.get("uri")), name=text(entry.get("name")),
        digests=dict[str, JsonValue](digests),
    )  # fmt: skip


def add_summary(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake what a verifier found about artifacts: passed or not, at which levels."""
    said = statement.predicate
    verifier, result = text(find(said, "verifier", "id")), text(said.get("verificationResult"))
    if verifier is None or result is None:
        raise StatementError("the verification summary names no verifier or no result")
    levels = _texts(said.get("verifiedLevels"))
    if level := text(said.get("policy_level") or said.get("policyLevel")):
        levels.append(level)  # version 0.1 named one level, at the policy
    references: list[str] = []
    for subject in statement.subjects:
        for key in ("source_refs", "source_branches"):
            references += _texts(subject.annotations.get(key))
    resource = said.get("resourceUri")
    facts = stated(
        verifier=verifier,
        result=result,
        levels=list[JsonValue](levels),
        shas=list[JsonValue](statement.digests("gitCommit")) or None,
        refs=list[JsonValue](references) or None,
        resource=text(resource),
        policy=text(find(said, "policy", "uri")),
        repository=name_repository(resource) or intake.options.repository,
    )
    add_record(
        intake,
        place,
        statement,
        "attestation.verified",
        time=said.get("timeVerified"),
        text=f"verification of {name_subjects(statement)}: {result}"
        + (f" ({', '.join(levels)})" if levels else ""),
        actor=verifier,
        subject=text(resource),
        facts=facts,
    )


def add_source(intake: Intake, place: str, statement: Statement) -> None:
    """Give the intake how a branch or tag came to a commit: who moved it, under which controls."""
    said = statement.predicate
    shas = statement.digests("gitCommit")
    if len(shas) != 1:
        raise StatementError("the source provenance is not about one commit (gitCommit)")
    branch, tag = text(said.get("branch")), text(said.get("tag"))
    controls = [name for one in items(said.get("controls")) if (name := text(find(one, "name")))]
    # The first version listed the level held, and since when, in the place of the controls.
    controls = controls or list(table(said.get("properties")))
    actor, activity = (
        None if (value := text(said.get(key))) == unknown else value
        for key, unknown in _UNKNOWN.items()
    )
    repository = name_repository(said.get("repo_uri")) or intake.options.repository
    previous = text(said.get("prev_commit"))
    facts = stated(
        sha=shas[0],
        previous=previous,
        branch=branch,
        tag=tag,
        actor=actor,
        activity=activity,
        controls=list[JsonValue](controls),
        repository=repository,
    )
    add_record(
        intake,
        place,
        statement,
        "attestation.source",
        time=said.get("created_on"),
        text=f"{branch or tag or 'an unnamed branch'} at {shas[0][:12]}"
        + (f" by {activity}" if activity else "")
        + (f"; controls: {', '.join(controls)}" if controls else ""),
        actor=actor,
        subject=repository,
        facts=facts,
    )
    if branch is not None:
        scope = Scope(SOURCE, repository, branch=branch.removeprefix("refs/heads/"))
        _add_enforcement(intake, place, scope, items(said.get("controls")), said.get("created_on"))


def _add_enforcement(
    intake: Intake, place: str, scope: Scope, controls: list[JsonValue], time: JsonValue
) -> None:
    """Give the intake what the controls say the platform enforced when the branch was moved.

    A control that is not listed may be missing, or not be one the tool looks for: of it nothing is
    said.
    """
    values: Values = {}
    checks: list[JsonValue] = []
    since: list[str] = []
    for control in map(table, controls):
        name = text(control.get("name")) or ""
        check = name.removeprefix(_REQUIRED_CHECK)
        if name not in CONTROLS and check == name:
            continue
        values |= CONTROLS.get(name, {})
        checks += [check] if check != name else []
        if begun := intake.timestamp(control.get("since"), place):
            since.append(begun)
    if checks:
        values["required_checks"] = checks
    if values:
        add_state(
            intake, place, scope, values, observed=time, unchanged_since=max(since, default=None)
        )


def _texts(value: JsonValue) -> list[str]:
    return [part for part in items(value) if isinstance(part, str)]
