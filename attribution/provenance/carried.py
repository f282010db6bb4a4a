"""Marks that a commit has by the pull request that carried it, where a repository alone shows it.

A merge's subject names the branch that it takes in; a squash is followed into the commits that it
was made of, whose marks its own message may have lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.model.commit import AgentMark
from attribution.model.record import JsonValue
from attribution.provenance.facts import Fact
from attribution.provenance.history import History
from attribution.provenance.markers import Mark, find_request_marks
from attribution.provenance.squashes import (
    MOST,
    Proposal,
    confirm_squashes,
    list_heads,
    propose_squashes,
)
from attribution.provenance.walk import Walk
from attribution.provenance.witnesses import Witnesses


@dataclass(slots=True)
class CarriedMarks:
    """The marks of pull requests by commit, and how squashes fared."""

    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    named: int = 0
    followed: int = 0
    not_followed: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the counts of the commits that name a pull request they are made of."""
        return {
            "named": self.named,
            "with_marks_followed": self.followed,
            "not_followed": {why: self.not_followed[why] for why in sorted(self.not_followed)},
        }


def find_carried_marks(
    repository: Repository, history: History, witnesses: Witnesses
) -> CarriedMarks:
    """Return the marks of merged branches and of squashed commits. Raises InputError as git does.

    Only squashes of which some commit is marked are compared with what they were made of.
    """
    carried = CarriedMarks()
    for fact in history.commits:
        if isinstance(fact, Fact) and fact.head is not None:
            _mark_branch(repository, fact, *fact.head, carried)
    proposals = list(propose_squashes(history, list_heads(repository), carried.not_followed))
    carried.named = len(proposals) + carried.not_followed.total()
    heard = _hear(repository, witnesses, {sha for one in proposals for sha in one.commits})
    marked = [one for one in proposals if any(heard.get(sha) for sha in one.commits)]
    same = confirm_squashes(repository, marked, carried.not_followed)
    carried.followed = len(same)
    for one in marked:
        if one.sha in same:
            carried.marks[one.sha] += _gather(one, heard)
    return carried


def _mark_branch(
    repository: Repository, merge: Fact, head: str, number: int | None, carried: CarriedMarks
) -> None:
    """Give a merge, and the commits it took in, the weak mark of the branch they came from."""
    told = "" if number is None else f" of pull request #{number}"
    found = find_request_marks(None, head, f"merge {merge.sha}{told}")
    first, *others = merge.parents
    try:
        options = ("rev-list", "--no-merges", f"--max-count={MOST}")
        taken = repository.run(*options, *others, f"^{first}", "--").split()
    except InputError:  # the edge of a clone that lacks what lies behind
        taken = []
    for sha in (merge.sha, *taken):
        carried.marks[sha] += found


def _hear(
    repository: Repository, witnesses: Witnesses, shas: Iterable[str]
) -> dict[str, tuple[Mark, ...]]:
    """Return the marks that decide something of each commit that has some."""
    found = {}
    for walked in Walk(repository).texts(sorted(shas)):
        strong = tuple(mark for mark in witnesses.hear(walked).marks if not mark.weak)
        if strong:
            found[walked.sha] = strong
    return found


def _gather(one: Proposal, heard: dict[str, tuple[Mark, ...]]) -> Iterator[Mark]:
    """Yield a mark for each tool and grade of the squashed commits.

    That the author is an agent is said of the squash only where it holds of all it was made of.
    """
    commits: dict[tuple[str, str], list[str]] = defaultdict(list)
    models: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for sha in one.commits:
        for tool, grade in sorted({(m.agent.tool, m.agent.grade) for m in heard.get(sha, ())}):
            commits[tool, grade].append(sha)
            models[tool, grade] |= {
                m.agent.model for m in heard[sha] if (m.agent.tool, m.agent.grade) == (tool, grade)
            }
    for (tool, grade), shas in sorted(commits.items()):
        known = models[tool, grade]
        model = next(iter(known)) if len(known) == 1 else None
        said = grade.replace("_", " ")
        evidence = (
            f"{len(shas)} of the {len(one.commits)} commits of pull request #{one.number},"
            f" squashed into this one, have it as {said}, such as {shas[0]}"
        )
        partly = grade == "bot_author" and len(shas) < len(one.commits)
        mark = AgentMark(tool, model, "trailer" if partly else grade, evidence)
        yield Mark(mark, weak=False)
