"""CODEOWNERS files read: who owns what, line by line, in the dialect of GitHub or of GitLab.

Sources: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
and https://docs.gitlab.com/user/project/codeowners/reference/ (sections, default owners, numbers
of approvals, exclusions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from attribution.model.record import JsonValue

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in this order; the first file found counts."""

GITLAB_LOCATIONS = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitLab looks, in this order; the first file found counts."""

MAX_SIZE = 3_000_000
"""Bytes from which on GitHub does not load the file ("must be under 3 MB")."""

_SECTION = re.compile(r"(\^?)\[([^\]]+)\](?:\[(\d{1,9})\])?(?:\s+(.*))?")
_SPACE = re.compile(r"(?<!\\)\s+")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_USER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_ROLE = re.compile(r"@@[a-z]+")
_EMAIL = re.compile(r"[^\s@]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """One line of a CODEOWNERS file.

    `section` is the name of its GitLab section, None outside any; there `approvals` owners must
    approve, none where the section is `optional`. `excluded` paths have no owner.
    """

    line: int
    pattern: str
    owners: tuple[str, ...]
    section: str | None = None
    approvals: int = 1
    excluded: bool = False

    @property
    def optional(self) -> bool:
        """Return whether nobody's approval is required."""
        return self.approvals == 0

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the rule as records carry it."""
        return {
            "line": self.line,
            "pattern": self.pattern,
            "owners": list(self.owners),
            "section": self.section,
            "approvals": self.approvals,
            "excluded": self.excluded,
        }


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """A CODEOWNERS file: its dialect (`github` or `gitlab`), its rules, and the lines left out."""

    dialect: str
    rules: tuple[OwnerRule, ...]
    problems: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    """The GitLab section that entries stand in."""

    name: str | None = None
    owners: tuple[str, ...] = ()
    approvals: int = 1


def parse_codeowners(text: str, path: str = "CODEOWNERS") -> OwnersFile:
    """Return the rules of a CODEOWNERS file in their order, and the lines that are none, with why.

    It is GitLab's dialect in `.gitlab/`, and wherever a section stands in it.
    """
    # Only a newline ends a line, as git counts them: a form feed in a comment does not.
    lines = list(enumerate(text.split("\n"), start=1))
    sections = any(_SECTION.fullmatch(line.strip()) for _, line in lines)
    gitlab = path.startswith(".gitlab/") or sections
    rules: list[OwnerRule] = []
    problems: list[tuple[int, str]] = []
    for item in _read_gitlab(lines) if gitlab else _read_github(lines):
        if isinstance(item, OwnerRule):
            rules.append(item)
        else:
            problems.append(item)
    return OwnersFile("gitlab" if gitlab else "github", tuple(rules), tuple(problems))


def _read_github(lines: list[tuple[int, str]]) -> Iterator[OwnerRule | tuple[int, str]]:
    """Yield each rule, or the line and the reason for which GitHub skips it."""
    for number, line in lines:
        stripped = _COMMENT.sub("", line).strip()
        if not stripped:
            continue
        pattern, *owners = _SPACE.split(stripped)
        wrong = _refuse_pattern(pattern)
        strange = [owner for owner in owners if not is_owner(owner)]
        if wrong is not None:
            yield number, wrong
        elif strange:
            yield number, f"{strange[0][:60]!r} is no @user, @organisation/team or e-mail address"
        else:
            yield OwnerRule(number, pattern, tuple(dict.fromkeys(owners)))


def _refuse_pattern(pattern: str) -> str | None:
    """Return why GitHub takes nothing of a line with this pattern, None for a good one."""
    if pattern.startswith("!"):
        return "`!` does not negate a pattern in CODEOWNERS"
    if pattern.startswith("\\#"):
        return "`\\#` does not escape a pattern in CODEOWNERS"
    if "[" in pattern or "]" in pattern:
        return "`[ ]` is no character range in CODEOWNERS"
    if "***" in pattern:
        return "three asterisks are no pattern"
    return None


def _read_gitlab(lines: list[tuple[int, str]]) -> Iterator[OwnerRule | tuple[int, str]]:
    """Yield each rule with its section's defaults, or the line and what is wrong with it."""
    current = _Section()
    sections: dict[str, _Section] = {}
    for number, line in lines:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _SECTION.fullmatch(stripped)
        if match is not None:
            current = _enter_section(match, sections)
            continue
        pattern, *words = _SPACE.split(stripped)
        excluded = pattern.startswith("!")
        owners = tuple(dict.fromkeys(word for word in words if is_owner(word)))
        strange = [word for word in words if not is_owner(word)]
        if strange:
            yield number, f"{strange[0][:60]!r} names no owner and is passed over"
        rule = OwnerRule(number, pattern.removeprefix("!"), owners or current.owners)
        yield replace(
            rule,
            owners=() if excluded else rule.owners,
            section=current.name,
            approvals=current.approvals,
            excluded=excluded,
        )


def _enter_section(match: re.Match[str], sections: dict[str, _Section]) -> _Section:
    """Return the section of a heading; headings of one name, whatever its case, are one section."""
    caret, name, number, rest = match.groups()
    known = sections.get(name.casefold())
    owners = tuple(word for word in (rest or "").split() if is_owner(word))
    approvals = 0 if caret else max(1, int(number or 1))
    if known is not None:
        name = known.name or name
    made = _Section(name, owners, approvals)
    sections.setdefault(name.casefold(), made)
    return made


def is_owner(word: str) -> bool:
    """Return whether a word names an owner: @user, @group/team, @@role or an e-mail address."""
    return any(form.fullmatch(word) for form in (_USER, _ROLE, _EMAIL))


def rules_from(value: JsonValue) -> tuple[OwnerRule, ...]:
    """Return the rules that a record carries (see `OwnerRule.to_dict`)."""
    found: list[OwnerRule] = []
    for entry in value if isinstance(value, list) else []:
        if not isinstance(entry, dict):
            continue
        owners, section, line = entry.get("owners"), entry.get("section"), entry.get("line")
        approvals = entry.get("approvals")
        found.append(
            OwnerRule(
                line if isinstance(line, int) else 0,
                str(entry.get("pattern")),
                tuple(str(owner) for owner in owners) if isinstance(owners, list) else (),
                section if isinstance(section, str) else None,
                approvals if isinstance(approvals, int) else 1,
                entry.get("excluded") is True,
            )
        )
    return tuple(found)
