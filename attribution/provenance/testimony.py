"""What a fix's message says of the origin, checked against the repository before it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from attribution.ingest.git import Repository
from attribution.provenance.fixes import CommitFacts, Fix, read_commits, resolve_commit
from attribution.provenance.history_cache import Blamer
from attribution.provenance.patches import Patch, read_patches
from attribution.provenance.references import read_references

UNDONE = 0.5
"""The part of a commit's lines that a revert must undo; later changes may take the rest."""

_MOST_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class Testimony:
    """One commit that the message points to.

    `commit` is None where the claim did not stand; `found` says what the check showed. `proven`
    tells that the fix's own lines bear the claim out, as those of a revert do.
    """

    claim: str
    commit: str | None
    found: str
    proven: bool = False


def hear_message(
    repository: Repository, blamer: Blamer, fix: Fix, known: Collection[str]
) -> list[Testimony]:
    """Return what the fix's message says of its origin: reverts first, in the text's order.

    `known` are commits of which it is plain that they lie before the fix. Raises InputError as git
    does.
    """
    references = read_references(fix.facts.message)
    heard = [_check_revert(repository, blamer, fix, sha) for sha in references.reverts]
    if not heard and references.reverted_subject:
        heard = [_find_reverted(repository, fix, references.reverted_subject)]
    borne_out = {sha for sha, said in zip(references.reverts, heard, strict=False) if said.proven}
    causes = [sha for sha in references.causes if sha not in borne_out]
    heard += [_check_cause(repository, blamer, fix, sha, known) for sha in causes]
    return heard


def _check_cause(
    repository: Repository, blamer: Blamer, fix: Fix, given: str, known: Collection[str]
) -> Testimony:
    claim = f"the message says that {given} brought it in"
    alike = [sha for sha in known if sha.startswith(given)]
    sha = alike[0] if len(alike) == 1 else _resolve(repository, given)
    if sha is None:
        return Testimony(claim, None, "no commit of this repository has that id")
    if sha not in known and not blamer.is_before(sha, fix.parent):
        return Testimony(claim, None, "it is not among the commits before the fix")
    return Testimony(claim, sha, "it is among the commits before the fix")


def _check_revert(repository: Repository, blamer: Blamer, fix: Fix, given: str) -> Testimony:
    claim = f"the message says that it reverts {given}"
    sha = _resolve(repository, given)
    if sha is None:
        return Testimony(claim, None, "no commit of this repository has that id")
    if not blamer.is_before(sha, fix.parent):
        return Testimony(claim, None, "it is not among the commits before the fix")
    facts = read_commits(repository, [sha])[sha]
    undone = _measure_undone(repository, fix, facts)
    found = f"the fix takes back {undone:.0%} of its lines"
    stands = undone >= UNDONE
    return Testimony(claim, sha if stands else None, found, proven=stands)


def _find_reverted(repository: Repository, fix: Fix, subject: str) -> Testimony:
    """Return the newest commit before the fix that bears the subject and is undone by the fix."""
    claim = f'the message says that it reverts "{subject}"'
    namesakes = list(_list_namesakes(repository, fix.parent, subject))
    facts = read_commits(repository, namesakes)
    for sha in namesakes:
        undone = _measure_undone(repository, fix, facts[sha])
        if undone >= UNDONE:
            found = f"the fix takes back {undone:.0%} of its lines"
            return Testimony(claim, sha, found, proven=True)
    none = "no commit with that subject lies before the fix"
    return Testimony(claim, None, "the fix does not undo it" if namesakes else none)


def _list_namesakes(repository: Repository, revision: str, subject: str) -> Iterator[str]:
    options = ("--fixed-strings", f"--grep={subject}", f"--max-count={_MOST_NAMESAKES}")
    parts = list(repository.split("log", "-z", "--format=%H%x00%s", *options, revision, "--"))
    for sha, found in zip(parts[::2], parts[1::2], strict=False):
        if found.strip() == subject:
            yield sha


def _resolve(repository: Repository, given: str) -> str | None:
    """Return the full id that an abbreviated one stands for; a branch so named does not count."""
    sha = resolve_commit(repository, given)
    return sha if sha is not None and sha.startswith(given) else None


def _measure_undone(repository: Repository, fix: Fix, facts: CommitFacts) -> float:
    """Return which part of a commit's lines the fix takes back, in [0, 1]; a merge as a whole.

    A first commit has no parent to return to, so no part of it.
    """
    if not facts.parents:
        return 0.0
    [done] = read_patches(repository, [(facts.parents[0], facts.sha)])
    lines = _count(done, reverse=False)
    return (lines & _count(fix.patch, reverse=True)).total() / max(1, lines.total())


def _count(patch: Patch, *, reverse: bool) -> Counter[tuple[str, bool]]:
    """Return the lines of a patch with whether they were added; the other way round in reverse."""

    def sides() -> Iterator[tuple[Sequence[str], bool]]:
        for change in patch.files:
            for hunk in change.hunks:
                yield hunk.old, reverse
                yield hunk.new, not reverse

    return Counter((line, added) for side, added in sides() for line in side if line.strip())
