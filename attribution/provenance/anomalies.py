"""What does not fit in a commit's metadata, and how rare it is in the same history.

Each check returns the commits that show it. Nothing here says that something is wrong: a copied
date seen once in thousands of commits is a reason to look, not a verdict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from attribution.model.commit import Anomaly
from attribution.model.instant import HOUR
from attribution.provenance.history import RULE, SHORTEST, History

DAY = 24 * HOUR
TOLERANCE = HOUR
"""Clocks of two machines differ by less than this, in microseconds."""

RARE = 0.1
LATE = 0.05

Check = Callable[[History], tuple[frozenset[int], int]]


def find_anomalies(history: History) -> tuple[tuple[Anomaly, ...], ...]:
    """Return each commit's anomalies, by id; `count` of `total` commits of the record show one."""
    found = locate_anomalies(history)
    return tuple(tuple(found.get(at, ())) for at in range(len(history.commits)))


def locate_anomalies(history: History) -> dict[int, list[Anomaly]]:
    """Return the anomalies, by id, of those positions of the history that show one."""
    found: dict[int, list[Anomaly]] = {}
    for name in sorted(CHECKS):
        statement, check = CHECKS[name]
        positions, total = check(history)
        anomaly = Anomaly(name, statement, len(positions), total)
        for at in positions:
            found.setdefault(at, []).append(anomaly)
    return found


def _copied_author_date(history: History) -> tuple[frozenset[int], int]:
    """A commit written in the very second its parent was: by another author, or under its subject.

    One author's rebased series has equal dates too, and is left alone.
    """

    def is_copy(at: int, parent: int) -> bool:
        commit, before = history.commits[at], history.commits[parent]
        return (
            commit.authored is not None
            and commit.authored == before.authored
            and (_other_author(history, at, parent) or commit.subject == before.subject)
        )

    return _against_parents(history, is_copy)


def _copied_subject(history: History) -> tuple[frozenset[int], int]:
    """The subject of the parent, word for word, under another author."""

    def is_copy(at: int, parent: int) -> bool:
        same = history.commits[at].subject == history.commits[parent].subject
        return same and bool(history.commits[at].subject) and _other_author(history, at, parent)

    return _against_parents(history, is_copy)


def _committer_not_platform(history: History) -> tuple[frozenset[int], int]:
    """Committed past the platform by somebody who does not usually do that."""
    line = _grown(history)
    odd = [at for at in line if history.committers[at].key not in history.regular]
    if not history.platform or not _is_rule(len(line) - len(odd), len(line)):
        return frozenset(), len(line)
    return frozenset(odd), len(line)


def _no_pull_request(history: History) -> tuple[frozenset[int], int]:
    """No pull request, where all but the regular committers' own commits have one."""
    line = [
        at
        for at in _grown(history)
        if history.commits[at].pull_request is not None or not _is_own_habit(history, at)
    ]
    without = [at for at in line if history.commits[at].pull_request is None]
    if not _is_rule(len(line) - len(without), len(line)):
        return frozenset(), len(line)
    return frozenset(without), len(line)


def _first_commit_of_author(history: History) -> tuple[frozenset[int], int]:
    """The first commit of its author, in a record long enough for newcomers to be rare."""
    first: dict[str, int] = {}
    for at, who in enumerate(history.authors):
        first.setdefault(who.key, at)
    total = len(history.commits)
    rare = total >= SHORTEST and len(first) <= RARE * total
    return frozenset(first.values()) if rare else frozenset(), total


def _unsigned(history: History) -> tuple[frozenset[int], int]:
    """No signature, where signing is the rule."""
    told = [at for at, signed in enumerate(history.signed) if signed is not None]
    unsigned = [at for at in told if not history.signed[at]]
    if not _is_rule(len(told) - len(unsigned), len(told)):
        return frozenset(), len(told)
    return frozenset(unsigned), len(told)


def _unsigned_by_signer(history: History) -> tuple[frozenset[int], int]:
    """No signature, by a committer who signs as a rule, in a history that does not.

    Of the commits of those for whom signing is the rule.
    """
    if _unsigned(history)[0]:
        return frozenset(), 0
    by_committer: dict[str, list[int]] = defaultdict(list)
    for at, signed in enumerate(history.signed):
        if signed is not None:
            by_committer[history.committers[at].key].append(at)
    unsigned, total = set[int](), 0
    for made in by_committer.values():
        lacking = [at for at in made if not history.signed[at]]
        if _is_rule(len(made) - len(lacking), len(made)):
            unsigned.update(lacking)
            total += len(made)
    return frozenset(unsigned), total


def _dates_out_of_order(history: History) -> tuple[frozenset[int], int]:
    """Written after it was committed, committed before its parent, or long kept where few are."""
    impossible, late = set(), set()
    for at, commit in enumerate(history.commits):
        if commit.authored is None or commit.committed is None:
            continue
        parent = history.parent(at)
        before = None if parent is None else history.commits[parent].committed
        if commit.authored - commit.committed > TOLERANCE or (
            before is not None and before - commit.committed > TOLERANCE
        ):
            impossible.add(at)
        elif commit.committed - commit.authored > DAY:
            late.add(at)
    total = len(history.commits)
    if total < SHORTEST or len(late) > LATE * total:
        late.clear()
    return frozenset(impossible | late), total


def _against_parents(
    history: History, shows: Callable[[int, int], bool]
) -> tuple[frozenset[int], int]:
    pairs = ((at, history.parent(at)) for at in range(len(history.commits)))
    found = (at for at, parent in pairs if parent is not None and shows(at, parent))
    return frozenset(found), len(history.commits)


def _grown(history: History) -> tuple[int, ...]:
    """Return the first-parent line without its root: no platform takes in the first commit."""
    return tuple(at for at in history.line if history.commits[at].parents)


def _other_author(history: History, at: int, parent: int) -> bool:
    return history.authors[at].key != history.authors[parent].key


def _is_own_habit(history: History, at: int) -> bool:
    author, committer = history.authors[at], history.committers[at]
    direct = committer.key in history.regular - history.platform
    return author.key == committer.key and direct


def _is_rule(keeping: int, total: int) -> bool:
    return total >= SHORTEST and keeping >= RULE * total


CHECKS: dict[str, tuple[str, Check]] = {
    "copied_author_date": (
        "its author date is that of its parent, to the second",
        _copied_author_date,
    ),
    "copied_subject": (
        "its subject is that of its parent, under another author",
        _copied_subject,
    ),
    "committer_not_platform": (
        "committed outside the platform that commits nearly all others on the first-parent line",
        _committer_not_platform,
    ),
    "no_pull_request": (
        "no pull request carried it, where nearly all others had one",
        _no_pull_request,
    ),
    "first_commit_of_author": (
        "the first commit of its author in this record",
        _first_commit_of_author,
    ),
    "unsigned_where_signed_is_rule": (
        "not signed, where nearly all others are",
        _unsigned,
    ),
    "unsigned_by_a_signer": (
        "not signed, though its committer signs nearly all others",
        _unsigned_by_signer,
    ),
    "dates_out_of_order": (
        "written after it was committed, committed before its parent, or committed long after",
        _dates_out_of_order,
    ),
}
"""Anomaly id -> what it says of a commit, and the check that finds it."""
