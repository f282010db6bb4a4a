"""gittuf's references in a repository: its attestations, its log of moved references, its policy.

`refs/gittuf/attestations` is a tree of signed statements; which review each approval came from, and
when, is told by the messages of that tree's history. `refs/gittuf/reference-state-log` has one
commit for every move of a reference, `refs/gittuf/policy` the rules each move had to meet.

Source: https://github.com/gittuf/gittuf/blob/main/docs/design-document.md
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from attribution.errors import InputError
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.objects import Objects
from attribution.ingest.readers import gittuf
from attribution.ingest.readers.gittuf import NO_MERGE, Act, Authorization, Merge
from attribution.ingest.readers.gittuf_log import LOG, POLICY, read_log
from attribution.ingest.readers.gittuf_policy import find_keyholders
from attribution.ingest.readers.in_toto import add_statement
from attribution.ingest.statements import Statement, StatementError, parse_statements

ATTESTATIONS = "refs/gittuf/attestations"
MAX_STATEMENT = 4 << 20

_INDEX = "code-review-approvals/review-index.json"
"""Leads from a review's id to its attestation; the history tells the same, with times."""

_REVIEW = re.compile(
    r"(Add|Dismiss) GitHub pull request approval for '([^']+)' from '(\w+)' to '(\w+)'"
    r" \(review ID (\d+)\) for approval by '([^']+)'"
)
_GRANT = re.compile(r"Add reference authorization for '([^']+)' from '(\w+)' to '(\w+)'")
_EVENTS = {"Add": "approved", "Dismiss": "dismissed"}
_TREE = re.compile(rb"tree ([0-9a-f]+)\n")

_Move = tuple[str, str, str]


@dataclass
class _Attested:
    """The statements of the tree by type of predicate, and what is known about them beside."""

    reviews: dict[_Move, list[Act]] = field(default_factory=lambda: defaultdict(list))
    grants: dict[_Move, Act] = field(default_factory=dict)
    statements: list[tuple[str, Statement]] = field(default_factory=list)
    merges: dict[tuple[str, str], set[Merge]] = field(default_factory=lambda: defaultdict(set))
    repository: str | None = None
    keyholders: dict[str, str] = field(default_factory=dict)


def read_gittuf(
    repository: Repository, objects: Objects, references: frozenset[str], intake: Intake
) -> None:
    """Give the intake what gittuf recorded: pull requests, approvals, moves, rules.

    A reference that the repository does not hold whole is named, and the others are read.
    """
    attested = _Attested(repository=intake.options.repository)
    if ATTESTATIONS in references:
        with reading(intake, ATTESTATIONS):
            if POLICY in references:
                attested.keyholders = find_keyholders(repository, objects, POLICY)
            _read_history(repository, attested)
            _read_tree(repository, objects, attested, intake)
        for place, statement in attested.statements:
            reader = _READERS.get(statement.predicate_type, _add_other)
            try:
                reader(intake, place, statement, attested)
            except StatementError as error:
                intake.reject(place, str(error))
    if LOG in references:
        with reading(intake, LOG):
            read_log(repository, objects, attested.repository, intake)


@contextmanager
def reading(intake: Intake, reference: str) -> Iterator[None]:
    """Account for a reference that git cannot read, instead of ending the reading of all."""
    try:
        yield
    except InputError as error:
        said = (error.got or error.message).splitlines()[0]
        intake.reject(reference, f"git cannot read it whole: {said}")


def _read_history(repository: Repository, attested: _Attested) -> None:
    """Note what the messages tell: each review with its id, and when it was recorded."""
    parts = repository.split(
        "log", "--reverse", "-z", "--no-show-signature", "--format=%H%n%cI%n%s", ATTESTATIONS, "--"
    )
    for part in parts:
        commit, time, subject = part.strip("\n").split("\n", 2)
        if match := _REVIEW.fullmatch(subject):
            verb, *move, review, approver = match.groups()
            known = attested.reviews[move[0], move[1], move[2]]
            act = Act(approver, _EVENTS[verb], time, review, commit)
            # The platform may deliver a review twice; the first time is when it was told.
            if all((one.event, one.review) != (act.event, act.review) for one in known):
                known.append(act)
        elif match := _GRANT.fullmatch(subject):
            attested.grants[match[1], match[2], match[3]] = Act("", "approved", time, None, commit)


def _read_tree(
    repository: Repository, objects: Objects, attested: _Attested, intake: Intake
) -> None:
    for path, oid in repository.list_files(ATTESTATIONS):
        if path == _INDEX:
            continue
        place = f"{ATTESTATIONS}:{path}"
        stored = objects.read(oid, MAX_STATEMENT)
        if stored is None or stored.content is None:
            intake.reject(place, "the attestation is missing, or too large")
            continue
        for inside, found in parse_statements(stored.content):
            where = place if inside == "/" else f"{place} {inside}"
            if not isinstance(found, Statement):
                intake.reject(where, str(found))
                continue
            attested.statements.append((where, found))
            if found.predicate_type in gittuf.PULL_REQUESTS:
                _note_merge(objects, attested, found, intake.options.repository)


def _note_merge(
    objects: Objects, attested: _Attested, statement: Statement, repository: str | None
) -> None:
    """Note the tree that the merge of a pull request gave its branch."""
    merge, branch = gittuf.find_merge(statement, repository)
    attested.repository = attested.repository or merge.repository
    for sha in statement.digests("gitCommit"):
        commit = objects.read(sha, MAX_STATEMENT)
        match = _TREE.match(commit.content or b"") if commit is not None else None
        if match is not None and branch is not None:
            attested.merges[f"refs/heads/{branch}", match[1].decode()].add(merge)


def _find_merge(attested: _Attested, move: Authorization) -> Merge:
    """Return the one pull request whose merge gave the approved tree, else none."""
    found = attested.merges.get((move.reference, move.target), set())
    if len(found) == 1:
        return next(iter(found))
    return replace(NO_MERGE, repository=attested.repository)


def _add_approvals(intake: Intake, place: str, statement: Statement, attested: _Attested) -> None:
    move = gittuf.parse_authorization(statement)
    named = {*move.approvers, *move.dismissed}
    acts = attested.reviews.get((move.reference, move.origin, move.target), [])
    for act in acts:
        if act.approver not in named:
            intake.truncate(
                f"the history of {ATTESTATIONS} (commit {act.commit}) tells of a review by"
                f" {act.approver} that the attestation at {place} does not list"
            )
    known = tuple(act for act in acts if act.approver in named)
    gittuf.add_approvals(intake, place, statement, known, _find_merge(attested, move))


def _add_grant(intake: Intake, place: str, statement: Statement, attested: _Attested) -> None:
    move = gittuf.parse_authorization(statement)
    grant = attested.grants.get((move.reference, move.origin, move.target))
    keys = statement.signing.key_ids
    # The history tells only when the last key signed, which is when the only one did.
    when = grant if grant is not None and len(keys) == 1 else Act("", "approved")
    acts = tuple(replace(when, approver=key, holder=attested.keyholders.get(key)) for key in keys)
    gittuf.add_authorization(intake, place, statement, acts, _find_merge(attested, move))


def _add_pull(intake: Intake, place: str, statement: Statement, _: _Attested) -> None:
    gittuf.add_pull_request(intake, place, statement)


def _add_other(intake: Intake, place: str, statement: Statement, _: _Attested) -> None:
    add_statement(intake, place, statement)


_READERS: Mapping[str, Callable[[Intake, str, Statement, _Attested], None]] = MappingProxyType(
    {
        **dict.fromkeys(gittuf.AUTHORIZATIONS, _add_grant),
        **dict.fromkeys(gittuf.PULL_REQUESTS, _add_pull),
        **dict.fromkeys(gittuf.APPROVALS, _add_approvals),
    }
)
"""Those that say more where they lie in a repository than alone."""
