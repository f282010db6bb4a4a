"""Who owns a file: GitHub's patterns against a twin and against git, GitLab's sections."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.ingest.codeowners import parse_codeowners
from attribution.oversight.codeowners import Owners, translate_github, translate_gitlab
from tests.gitrepo import GitRepo


def owners_of(text: str, file: str, path: str = "CODEOWNERS") -> list[tuple[str | None, list[str]]]:
    """Return section and owners of each rule that counts for a file."""
    parsed = parse_codeowners(text, path)
    found = Owners(parsed.rules, parsed.dialect).owned([file])
    return [(one.rule.section, list(one.rule.owners)) for one in found]


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("*", ["a", "b/c"], []),
        ("*.js", ["a.js", "b/c.js"], ["a.jsx", "js"]),
        ("/build/logs/", ["build/logs/x", "build/logs/y/z"], ["x/build/logs/y", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/app/b.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/b/c"], ["apps", "myapps/a"]),
        ("/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]),
        ("**/logs", ["logs/a", "build/logs/a", "deeply/nested/logs/a/b"], ["logs2/a"]),
        ("/apps/github", ["apps/github/a", "apps/github"], ["apps/github2", "x/apps/github"]),
        ("a/**/z", ["a/z", "a/b/z", "a/b/c/z/d"], ["b/a/z", "a/zz"]),
        ("x?z", ["xyz", "k/xyz/m"], ["xz", "x/z"]),
        ("/", [], ["a", "b/c"]),
        ("/*", ["a"], ["b/c"]),
        ("my\\ file.md", ["my file.md"], ["my"]),
        ("foo*bar*", ["foobar", "a/fooxbary/z"], ["fobar"]),
        ("b/**/", ["b/c/d", "b/c/d/e"], ["b/c", "b"]),
        ("/foo/**", ["foo/a", "foo/a/b"], ["foo", "bar/foo/a"]),
    ],
)
def test_a_pattern_of_github_is_for_what_its_documentation_says(
    pattern: str, inside: list[str], outside: list[str]
) -> None:
    form = translate_github(pattern)
    assert [file for file in inside if not form.fullmatch(file)] == []
    assert [file for file in outside if form.fullmatch(file)] == []


def test_the_last_pattern_that_matches_counts_and_may_leave_a_file_without_owner() -> None:
    text = "* @all\n*.js @js #inline\n/apps/ @apps\n/apps/github\n"
    assert owners_of(text, "a.md") == [(None, ["@all"])]
    assert owners_of(text, "b.js") == [(None, ["@js"])]
    assert owners_of(text, "apps/c.js") == [(None, ["@apps"])]
    assert owners_of(text, "apps/github/d.js") == []


@pytest.mark.parametrize(
    "line", ["!*.js @x", "\\#a @x", "[ab].js @x", "a***b @x", "*.js someone", "*.js @x @"]
)
def test_a_line_github_cannot_read_is_left_out_with_the_reason(line: str) -> None:
    parsed = parse_codeowners(f"* @all\n{line}\n")
    assert [rule.line for rule in parsed.rules] == [1]
    assert [number for number, _ in parsed.problems] == [2]


GITLAB = """
* @general
[Documentation][2] @docs-team
docs/
README.md @readme-owner
!docs/generated/
docs/generated/keep.md @nobody
^[Database] @db
model/db/
[DOCUMENTATION]
*.txt @text
"""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("src/a.py", [(None, ["@general"], 1)]),
        ("docs/a.md", [(None, ["@general"], 1), ("Documentation", ["@docs-team"], 2)]),
        ("x/docs/a.md", [(None, ["@general"], 1), ("Documentation", ["@docs-team"], 2)]),
        ("README.md", [(None, ["@general"], 1), ("Documentation", ["@readme-owner"], 2)]),
        ("docs/generated/keep.md", [(None, ["@general"], 1)]),
        ("model/db/a.sql", [(None, ["@general"], 1), ("Database", ["@db"], 0)]),
        ("docs/b.txt", [(None, ["@general"], 1), ("Documentation", ["@text"], 1)]),
    ],
)
def test_each_section_of_gitlab_is_looked_up_on_its_own(
    file: str, expected: list[tuple[str | None, list[str], int]]
) -> None:
    """Default owners, numbers of approvals, optional sections, exclusions, headings repeated."""
    parsed = parse_codeowners(GITLAB)
    assert parsed.dialect == "gitlab"
    found = Owners(parsed.rules, parsed.dialect).owned([file])
    assert [(o.rule.section, list(o.rule.owners), o.rule.approvals) for o in found] == expected


@pytest.mark.parametrize(
    ("pattern", "file", "expected"),
    [
        ("internal/README.md", "x/internal/README.md", True),
        ("/internal/README.md", "x/internal/README.md", False),
        ("/docs", "docs/a.md", False),
        ("/docs/*", "docs/a/b.md", False),
        ("/docs/**/*.md", "docs/a/b.md", True),
        ("/docs/**/*.md", "docs/b.md", True),
        ("[ab].rb", "lib/b.rb", True),
    ],
)
def test_a_pattern_of_gitlab_is_for_what_its_documentation_says(
    pattern: str,
    file: str,
    expected: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert (translate_gitlab(pattern).fullmatch(file) is not None) is expected


def twin(pattern: list[str], file: list[str], *, deeper: bool) -> bool:
    """Match by trying every way, part by part: slow, and plainly what the words say."""
    if not pattern:
        return not file or deeper
    if pattern[0] == "**":
        if len(pattern) == 1:
            return bool(file)
        return any(twin(pattern[1:], file[at:], deeper=deeper) for at in range(len(file) + 1))
    return bool(file) and fits(pattern[0], file[0]) and twin(pattern[1:], file[1:], deeper=deeper)


def fits(part: str, name: str) -> bool:
    """Match one part: an asterisk is any text, a question mark any character."""
    if not part:
        return not name
    if part[0] == "*":
        return any(fits(part[1:], name[at:]) for at in range(len(name) + 1))
    return bool(name) and part[0] in {"?", name[0]} and fits(part[1:], name[1:])


PART = st.text(alphabet="ab*?", min_size=1, max_size=4).filter(lambda text: "**" not in text)
PATTERN = st.lists(st.one_of(PART, st.just("**")), min_size=1, max_size=5)
FILE = st.lists(st.text(alphabet="ab", min_size=1, max_size=4), min_size=1, max_size=6)


@given(pattern=PATTERN, file=FILE)
@settings(max_examples=250, deadline=None)
def test_patterns_match_as_the_twin_does(pattern: list[str], file: list[str]) -> None:
    form = translate_github("/" + "/".join(pattern))
    expected = twin(pattern, file, deeper=pattern[-1] not in {"*", "**"})
    assert (form.fullmatch("/".join(file)) is not None) is expected


def test_patterns_match_as_git_ignores_where_the_grammars_agree(tmp_path: Path) -> None:
    """git check-ignore on the same patterns; a last part that is `*` alone is GitHub's own."""
    repo = GitRepo.create(tmp_path / "repo")
    patterns = [
        "foo", "/foo", "foo/", "/foo/", "foo/bar", "*.py", "a*c", "/a/*.py", "**/foo", "foo/**",
        "a/**/b", "/**/x.py", "?.py", "foo?", "b/**", "**/a/**/b", "a/**/",
    ]  # fmt: skip
    files = [
        "foo", "foo/a", "foo/bar", "x/foo", "x/foo/bar", "a/b", "a/x/b", "a/x/y/b/c", "abc", "ac/d",
        "a/c.py", "x.py", "a/b/x.py", "foox", "b/a", "b/a/c", "foo/a/q/b",
    ]  # fmt: skip
    for pattern in patterns:
        (repo.folder / ".git" / "info" / "exclude").write_text(f"{pattern}\n")
        said = repo.git("check-ignore", "-v", "-n", "--no-index", *files).splitlines()
        ignored = [file for line, file in zip(said, files, strict=True) if line[:2] != "::"]
        form = translate_github(pattern)
        assert [file for file in files if form.fullmatch(file)] == ignored, pattern


def test_a_hostile_pattern_takes_no_longer_than_a_plain_one() -> None:
    """Each wildcard more would multiply the ways to try, if they were all tried."""
    file = "/".join(["a" * 200] * 60)
    for pattern in ("a*" * 60 + "b", "/".join(["**", "a*"] * 40) + "/b", "**/" * 60 + "b"):
        assert translate_github(pattern).fullmatch(file) is None
