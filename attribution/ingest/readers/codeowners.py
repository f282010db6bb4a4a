"""A CODEOWNERS file on its own (GitHub or GitLab): one record, with its rules in their order.

It states who owns what, not since when: its time is that of its collection, if one is declared.
"""

from __future__ import annotations

from pathlib import PurePath

from attribution.ingest.codeowners import MAX_SIZE, OwnerRule, is_owner, parse_codeowners
from attribution.ingest.fields import stated
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_SURE = 0.9
_LINES = 200


def _read(source: Source, intake: Intake) -> None:
    file = parse_codeowners(source.data.decode("utf-8", "replace"))
    for line, reason in file.problems:
        intake.reject(f"line {line}", reason)
    if not file.rules:
        intake.reject("line 1", "no line names a path and its owners")
        return
    rules: list[JsonValue] = [rule.to_dict() for rule in file.rules]
    first = source.data.decode("utf-8", "replace").split("\n")[file.rules[0].line - 1]
    intake.add(
        f"line {file.rules[0].line}",
        "codeowners",
        time=intake.observed(None),
        text=first.strip(),
        subject=intake.options.repository,
        data=stated(
            repository=intake.options.repository,
            dialect=file.dialect,
            size=len(source.data),
            loaded=file.dialect == "gitlab" or len(source.data) < MAX_SIZE,
            rules=rules,
        ),
    )


def _sniff(source: Source) -> float:
    """Return how sure it is: most lines are a path with owners, or it is called so and one is."""
    head = source.head.decode("utf-8", "replace").splitlines()[:_LINES]
    file = parse_codeowners("\n".join(head))
    owned = [rule for rule in file.rules if _is_telling(rule)]
    read = len(file.rules) + len(file.problems)
    needed = 0 if PurePath(source.file).name == "CODEOWNERS" else read / 2
    return _SURE if len(owned) > needed else 0.0


def _is_telling(rule: OwnerRule) -> bool:
    return bool(rule.owners) and all(is_owner(owner) for owner in rule.owners)


FORMAT = Format(
    id="codeowners",
    title="CODEOWNERS file (GitHub, GitLab)",
    told_by="lines of a path pattern and @owners or e-mail addresses",
    source="https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners",
    kinds=frozenset({"text"}),
    sniff=_sniff,
    read=_read,
)
