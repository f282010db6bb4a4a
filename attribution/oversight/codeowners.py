"""Who owns the files a change touches, by a CODEOWNERS file: the last pattern that matches counts.

GitHub's patterns are gitignore's, with exceptions: no `!`, no `[ ]`, and a last part that is `*`
alone matches no deeper. GitLab's are those of `File.fnmatch`; each of its sections is looked up on
its own, and can ask for more than one approval, or for none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from attribution.ingest.codeowners import OwnerRule
from attribution.oversight.globs import path

_NOTHING = re.compile(r"(?!)")


@lru_cache(maxsize=65_536)
def translate_github(pattern: str) -> re.Pattern[str]:
    """Return the expression that full-matches the paths a pattern of GitHub's dialect is for.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
    """
    parts = pattern.split("/")
    if parts[0] == "":
        parts = parts[1:]
    elif len(parts) == 1 or (len(parts) == 2 and parts[1] == ""):  # noqa: PLR2004 - `docs/`
        parts = ["**", *parts]
    if parts == [""]:
        return _NOTHING
    if parts[-1] == "":
        # A slash at the end asks for a folder: after `**` for one, whatever its name.
        parts[-1:] = ["*", "**"] if parts[-2:-1] == ["**"] else ["**"]
    if "" in parts:
        return _NOTHING
    plain = [re.sub(r"\\(\s)", r"\1", part) for part in parts]
    return path(plain, deeper=plain[-1] != "*")


@lru_cache(maxsize=65_536)
def translate_gitlab(pattern: str) -> re.Pattern[str]:
    """Return the expression that full-matches the paths a pattern of GitLab's dialect is for.

    A pattern without a leading slash is for any folder; one that ends in a slash for everything
    beneath it; one that names a folder without the slash is not for what is in it.
    Source: https://docs.gitlab.com/user/project/codeowners/advanced/#pattern-matching
    """
    wanted = re.sub(r"\\([\s#])", r"\1", pattern)
    if wanted == "*":
        wanted = "**/*"
    if not wanted.startswith("/"):
        wanted = f"/**/{wanted}"
    if wanted.endswith("/"):
        wanted += "**/*"
    parts = wanted[1:].split("/")
    # `**` is several parts only before a slash; at the end `File.fnmatch` takes it as `*`.
    parts[-1] = "*" if parts[-1] == "**" else parts[-1]
    return path(parts, deeper=False, sets=True)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Files of a change that one rule gives to the same owners."""

    rule: OwnerRule
    files: tuple[str, ...]


class Owners:
    """The rules of one CODEOWNERS file, ready to be asked for files."""

    def __init__(self, rules: Sequence[OwnerRule], dialect: str) -> None:
        translate = translate_gitlab if dialect == "gitlab" else translate_github
        sections: dict[str | None, list[tuple[re.Pattern[str], OwnerRule]]] = defaultdict(list)
        for rule in rules:
            name = None if rule.section is None else rule.section.casefold()
            sections[name].append((translate(rule.pattern), rule))
        self._sections = [list(reversed(entries)) for entries in sections.values()]
        self._known: dict[str, tuple[OwnerRule, ...]] = {}

    def rules_of(self, file: str) -> tuple[OwnerRule, ...]:
        """Return the rule that counts for a file, of each section one; those without owners too."""
        known = self._known.get(file)
        if known is None:
            known = tuple(rule for section in self._sections for rule in _find(section, file))
            self._known[file] = known
        return known

    def owned(self, files: Iterable[str]) -> tuple[Ownership, ...]:
        """Return who owns the files, by rule in the order of the file; files of nobody left out.

        In GitLab's dialect a rule that excludes a path leaves it without owner in its section.
        """
        found: dict[OwnerRule, list[str]] = defaultdict(list)
        for file in dict.fromkeys(files):
            for rule in self.rules_of(file):
                if rule.owners and not rule.excluded:
                    found[rule].append(file)
        return tuple(
            Ownership(rule, tuple(paths))
            for rule, paths in sorted(found.items(), key=lambda entry: entry[0].line)
        )


def _find(section: Sequence[tuple[re.Pattern[str], OwnerRule]], file: str) -> tuple[OwnerRule, ...]:
    """Return the last rule of a section that matches, as a tuple of one or none.

    What a rule of GitLab excludes stays excluded, whatever stands after it in the section.
    """
    match = next((rule for form, rule in section if form.fullmatch(file)), None)
    if match is None:
        return ()
    excluded = (rule for form, rule in section if rule.excluded and form.fullmatch(file))
    return (next(excluded, match),)
