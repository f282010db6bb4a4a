"""The code owners whose approval the files of a change called for, and who of them approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from attribution.ingest.codeowners import rules_from
from attribution.model.enforcement import OwnerDemand
from attribution.model.event import Event
from attribution.model.instant import Instant
from attribution.model.oversight import Approval
from attribution.oversight.changes import Change
from attribution.oversight.codeowners import Owners, Ownership
from attribution.oversight.facts import identity, same_repository, text, texts
from attribution.oversight.records import Records
from attribution.oversight.trees import Located, Trees


class OwnerSource:
    """Where the CODEOWNERS file of a change is looked up: repositories first, then files alone."""

    def __init__(self, records: Records, trees: Trees | None) -> None:
        self._trees = trees
        self._records = records
        self._files: dict[str, Owners | None] = {}

    def base_of(self, change: Change) -> str | None:
        """Return the commit the change was merged onto, None where no record tells.

        Of a merge or squash commit it is the first parent. The last commit of a rebase has another
        of the change's own as its parent; there the base that the pull request records counts.
        """
        parents = self._parents(change.merge)
        stated = change.stated("base_sha")
        if len(parents) > 1 or (parents and self._is_squashed(change, parents[0])):
            return parents[0]
        return stated or next(iter(parents), None)

    def _is_squashed(self, change: Change, parent: str) -> bool:
        """Return whether a merge with one parent is the whole change: no rebase of several."""
        commits = self._records.commits
        known = [commits[sha] for sha in change.commits if sha in commits]
        if not change.commits or len(known) < len(change.commits):
            return False
        before = commits.get(parent)
        subjects = {commit.subject for commit in known}
        return len(known) == 1 or (before is not None and before.subject not in subjects)

    def has_base(self, change: Change) -> bool:
        """Return whether a repository holds the commit the change was merged onto."""
        base = self.base_of(change)
        known = None if self._trees is None or base is None else self._trees.parents(base)
        return known is not None

    def _parents(self, merge: str | None) -> tuple[str, ...]:
        if merge is None:
            return ()
        commit = self._records.commits.get(merge)
        if commit is not None and commit.parents:
            return commit.parents
        return (self._trees.parents(merge) if self._trees is not None else None) or ()

    def files_of(self, change: Change) -> tuple[str, ...]:
        """Return the paths a change touches: as the platform lists them, else from the repository.

        Empty where neither is on record.
        """
        if change.files:
            return change.files
        commits = self._records.commits
        known = [commits[sha] for sha in change.commits if sha in commits]
        if change.commits and len(known) == len(change.commits) and all(one.files for one in known):
            return tuple(dict.fromkeys(file for commit in known for file in commit.files))
        base = self.base_of(change)
        if self._trees is None or base is None or change.merge is None:
            return ()
        return self._trees.changed(base, change.merge) or ()

    def owners_of(self, change: Change) -> Located | None:
        """Return the CODEOWNERS file that counted for a change, None where none is on record."""
        base = self.base_of(change)
        found = self._trees.owners_at(base) if self._trees is not None and base else None
        if found is not None:
            return found
        files = [one for one in self._records.codeowners if _is_for(one, change)]
        if not files:
            return None
        # Without a history it is the file as collected; of several the one closest to the merge.
        chosen = min(files, key=lambda event: (_distance(event, change), event.id))
        return Located(self._parse(chosen), "CODEOWNERS", chosen.references[0])

    def _parse(self, event: Event) -> Owners | None:
        if event.id not in self._files:
            loaded = event.data.get("loaded") is not False
            rules = rules_from(event.data.get("rules"))
            dialect = text(event, "dialect") or "github"
            self._files[event.id] = Owners(rules, dialect) if loaded else None
        return self._files[event.id]


def _is_for(event: Event, change: Change) -> bool:
    named = text(event, "repository")
    return named is None or change.repository is None or same_repository(named, change.repository)


def _distance(event: Event, change: Change) -> int:
    if event.time is None or change.merged is None:
        return 1 << 62
    return abs(event.time - change.merged)


def find_owners(
    change: Change,
    source: OwnerSource,
    approvals: Sequence[Approval],
    makers: Collection[str],
    records: Records,
) -> tuple[OwnerDemand, ...] | None:
    """Return the owners the files of a change called for, None where that is not on record.

    There are none where the base of the change has no CODEOWNERS file, or one so large that the
    platform does not load it. An approval counts that was given before the merge by somebody who
    did not make the change.
    """
    located = source.owners_of(change)
    if located is None and source.has_base(change):
        return ()
    files = source.files_of(change)
    if located is None or not files:
        return None
    if located.owners is None:
        return ()
    counting = {
        approval.reviewer.casefold(): approval.reviewer
        for approval in approvals
        if not {"after_merge", "self_approval"} & set(approval.defects)
    }
    teams = _Teams(change, records)
    return tuple(
        _demand(owned, located, counting, makers, teams) for owned in located.owners.owned(files)
    )


class _Teams:
    """Who is behind the owners of a change: people, and teams as they were on record."""

    def __init__(self, change: Change, records: Records) -> None:
        self._change = change
        self._records = records

    def people(self, owner: str) -> tuple[frozenset[str] | None, Instant | None]:
        """Return the identities behind an owner, casefolded, and when a team was looked up.

        None for a team, role or address of which no record says who is behind it. Of several
        records of a team the one closest to the merge counts.
        """
        directory = self._records.directory
        if owner.startswith("@@"):
            return None, None
        if owner.startswith("@") and "/" in owner:
            found = self._records.teams.get(owner[1:].casefold(), ())
            if not found:
                return None, None
            record = min(found, key=lambda event: (_distance(event, self._change), event.id))
            names = (identity(name, directory) or name for name in texts(record, "members"))
            return frozenset(name.casefold() for name in names), record.time
        if owner.startswith("@"):
            return frozenset({(identity(owner[1:], directory) or owner[1:]).casefold()}), None
        actor = directory.resolve(owner)
        return (None if actor is None else frozenset({actor.id.casefold()})), None


def _demand(
    owned: Ownership,
    located: Located,
    approvers: Mapping[str, str],
    makers: Collection[str],
    teams: _Teams,
) -> OwnerDemand:
    rule = owned.rule
    behind = [teams.people(owner) for owner in rule.owners]
    known = {who for people, _ in behind if people is not None for who in people}
    approved = tuple(sorted(name for key, name in approvers.items() if key in known))
    hidden = any(people is None for people, _ in behind)
    needed = rule.approvals
    if len(approved) >= max(needed, 1):
        status = "met"
    elif hidden and approvers:
        status = "not_visible"
    elif known & set(makers):
        status = "own"
    else:
        status = "missing"
    return OwnerDemand(
        owners=rule.owners,
        files=owned.files,
        rule=f"{located.path} line {rule.line}: {rule.pattern}",
        section=rule.section,
        approvals=needed,
        approved_by=approved,
        status=status,
        reference=located.reference,
        members_as_of=next((time for _, time in behind if time is not None), None),
    )
