"""A service that a case declares, how it is deployed, and what was owed of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objectives:
    """How fast a service's failures were to be detected, acknowledged and mitigated, in seconds."""

    detect: float | None = None
    acknowledge: float | None = None
    mitigate: float | None = None
    owed_by: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class DeployingWorkflow:
    """A workflow whose runs put a service into an environment, as the author of a case declares.

    `workflow` is the name, the path in the repository, or the number of it. With `branch` or
    `triggers` (GitHub's names of events) only runs on that branch, or set off so, deploy.
    """

    workflow: str
    environment: str
    repository: str | None = None
    branch: str | None = None
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service, the names records use for it, and what it depends on.

    `resources` are shell-style patterns of live resources; `repositories` and `environments` tell
    which deployments reach it, `deployed_by` which runs of workflows are deployments of it.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    owner: str | None = None
    objectives: Objectives | None = None
    deployed_by: tuple[DeployingWorkflow, ...] = ()
