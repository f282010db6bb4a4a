"""What references, tags and the tree at HEAD show; an ordinary repository shows nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attribution.provenance.survey import Survey
from tests.gitrepo import HOUR, GitRepo

RSL = "refs/gittuf/reference-state-log"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo.create(tmp_path / "work")


def survey(folder: Path) -> tuple[dict[str, list[tuple[str, int, int]]], dict[str, Any]]:
    """Return id, count and total of the anomalies of each commit that has some, and the totals."""
    with Survey(folder) as found:
        shown = {
            dossier.walked.sha: [(one.id, one.count, one.total) for one in dossier.anomalies]
            for dossier in found.dossiers()
            if dossier.anomalies
        }
        return shown, found.totals()


def log_entry(repo: GitRepo, message: str) -> str:
    """Put an entry on the reference state log, as gittuf does: a commit of the empty tree."""
    tree = repo.git("mktree", stdin="")
    before = repo.git("for-each-ref", "--format=%(objectname)", RSL)
    parents = ("-p", before) if before else ()
    sha = repo.git("commit-tree", *parents, "-F", "-", tree, stdin=message)
    repo.git("update-ref", RSL, sha)
    return sha


def pushed(repo: GitRepo, ref: str, target: str) -> str:
    return log_entry(repo, f"RSL Reference Entry\n\nref: {ref}\ntargetID: {target}\nnumber: 1\n")


def tag(repo: GitRepo, target: str, days: dict[str, float]) -> None:
    """Set tag objects on a commit, each so many days after the last commit."""
    stream = "".join(
        f"tag {name}\nfrom {target}\n"
        f"tagger Coder <coder@example.test> {repo.clock + int(late * 24 * HOUR)} +0000\ndata 0\n\n"
        for name, late in days.items()
    )
    repo.git("fast-import", "--quiet", stdin=stream)


def test_a_fetch_that_was_forced_shows_the_commit_it_was_forced_onto(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("Base")
    repo.commit("Old")
    clone = GitRepo(tmp_path / "clone")
    repo.git("clone", "--quiet", repo.folder.resolve().as_uri(), str(clone.folder))
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    new = repo.commit("New")
    clone.git("fetch", "--quiet")
    plain = repo.commit("Newer")
    clone.git("fetch", "--quiet")
    shown, totals = survey(clone.folder)
    assert shown == {new: [("force_push", 1, 2)]}
    assert plain not in shown
    assert any("in 2 recorded changes of branches" in note for note in totals["notes"])


def test_a_state_log_shows_forced_branches_and_moved_tags(repo: GitRepo) -> None:
    """The branch grows, is forced, and grows; one tag moves, another is recorded twice unmoved."""
    first = repo.commit("First")
    lost = repo.commit("Lost")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    forced = repo.commit("Instead")
    last = repo.commit("Last")
    for target in (first, lost, forced, last):
        pushed(repo, "refs/heads/main", target)
    repo.git("update-ref", "refs/heads/kept", lost)
    for name, target in (("v1", first), ("v1", last), ("v2", last), ("v2", last)):
        pushed(repo, f"refs/tags/{name}", target)
    assert survey(repo.folder)[0] == {forced: [("force_push", 1, 4)], last: [("tag_moved", 1, 4)]}


def test_an_entry_that_the_state_log_takes_back_is_passed_over(repo: GitRepo) -> None:
    first = repo.commit("First")
    aside = repo.commit("Aside")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.git("update-ref", "refs/heads/kept", aside)
    last = repo.commit("Last")
    pushed(repo, "refs/heads/main", first)
    wrong = pushed(repo, "refs/heads/main", aside)
    log_entry(repo, f"RSL Annotation Entry\n\nentryID: {wrong}\nskip: true\nnumber: 3\n")
    pushed(repo, "refs/heads/main", last)
    assert survey(repo.folder)[0] == {}


def test_a_tag_set_long_after_shows_where_tags_are_set_at_once(repo: GitRepo) -> None:
    old = repo.commit("Old")
    tag(repo, old, {"late": 30})
    tag(repo, repo.commit("New"), {f"v{number}": number / 10 for number in range(19)})
    assert survey(repo.folder)[0] == {old: [("tag_set_late", 1, 20)]}
    repo.git("tag", "-d", "v18")
    assert survey(repo.folder)[0] == {}, "with fewer tags nothing is the rule"


def test_a_tag_object_under_another_name_shows(repo: GitRepo) -> None:
    sha = repo.commit("Add")
    tag(repo, sha, {"v1": 0})
    repo.git("update-ref", "refs/tags/v2", repo.git("rev-parse", "refs/tags/v1"))
    assert survey(repo.folder)[0] == {sha: [("tag_name_differs", 1, 2)]}


LINES = (
    ("Dockerfile", "RUN curl -sSf https://get.example.test | sh", True),
    (".github/workflows/ci.yml", "  - run: wget -qO- https://x.example.test | sudo bash", True),
    ("sum/Dockerfile", "RUN curl -sSf https://get.example.test | sha256sum -c", False),
    ("file/Dockerfile", "RUN curl -o tool.sh https://x.example.test && sh tool.sh -h", False),
    ("docs/install.md", "    curl -sSf https://get.example.test | sh", False),
    ("build.sh", "# curl and | sh", False),
)


def test_a_build_that_runs_what_it_fetches_takes_in_what_nobody_reviewed(repo: GitRepo) -> None:
    repo.commit("Begin", {path: "first\n" for path, _, _ in LINES})
    made = [(repo.commit("Add", {path: f"first\n{line}\n"}), shows) for path, line, shows in LINES]
    expected = {sha: [("build_input_outside_tree", 2, 7)] for sha, shows in made if shows}
    assert survey(repo.folder)[0] == expected


@pytest.mark.parametrize("named", [True, False])
def test_a_submodule_without_an_address_is_outside_of_what_can_be_reviewed(
    repo: GitRepo, *, named: bool
) -> None:
    repo.commit("Begin")
    (repo.folder / "vendor" / "lib").mkdir(parents=True)
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},vendor/lib")
    entry = '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://git.example.test/lib\n'
    sha = repo.commit("Add", {".gitmodules": entry if named else "# none\n"})
    shown = survey(repo.folder)[0]
    assert shown == ({} if named else {sha: [("build_input_outside_tree", 1, 2)]})


def test_what_is_not_visible_in_a_clone_is_said_to_be_so(repo: GitRepo) -> None:
    repo.commit("Add")
    notes = survey(repo.folder)[1]["notes"]
    assert any(note.startswith("force pushes are not visible here") for note in notes)
    assert any(note.startswith("moved tags are not visible here") for note in notes)
