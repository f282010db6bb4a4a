"""gittuf's policy: which principals must sign or approve a move of which branch, from when.

A rule's threshold counts whoever records the move as well. What it asks of somebody else is
therefore one less; of a threshold of one nothing is known, as the mover's own signature may do.

Source: https://github.com/gittuf/gittuf/blob/main/docs/design-document.md#policies
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from attribution.errors import InputError
from attribution.ingest.fields import Table, find, items, number, stated, table, text
from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake
from attribution.ingest.jsontext import JsonError, decode
from attribution.ingest.objects import Objects
from attribution.ingest.readers.protection import UNPROTECTED, Scope, Values, add_change, add_state
from attribution.ingest.statements import StatementError, open_payload

SOURCE = "gittuf_policy"
MAX_POLICY = 16 << 20

_FOLDER = "metadata/"
_ROOT = "metadata/root.json"
_ALLOW_ALL = "gittuf-allow-rule"
_GIT = "git:"
_HEADS = "refs/heads/"

_Rule = tuple[str, str]


@dataclass
class PolicyHistory:
    """The rules of each policy in force, told one by one as the log shows them applied."""

    objects: Objects
    repository: Repository
    name: str | None
    intake: Intake
    _last: dict[_Rule, Values] = field(default_factory=dict)

    def add(self, commit: str, time: str, recorder: str | None) -> None:
        """Give the intake the rules that are new, changed or gone with a policy put into force."""
        place = f"commit {commit}"
        try:
            rules = dict(self._rules(commit))
        except (InputError, StatementError, JsonError) as error:
            self.intake.reject(place, f"the policy cannot be read: {str(error).splitlines()[0]}")
            return
        for rule in sorted(self._last.keys() | rules.keys()):
            before, after = self._last.get(rule), rules.get(rule)
            if before == after:
                continue
            scope = Scope(SOURCE, self.name, branch=rule[1], rule=rule[0])
            values = dict(UNPROTECTED) if after is None else after
            add_state(self.intake, place, scope, values, observed=time)
            add_change(
                self.intake, place, scope, "policy.apply",
                time=time, actor=recorder, before=before, after=values,
            )  # fmt: skip
        self._last = rules

    def _rules(self, commit: str) -> Iterator[tuple[_Rule, Values]]:
        """Yield what each rule about a branch or tag asks; principals become aliases."""
        for delegations in read_delegations(self.repository, self.objects, commit):
            for name, accounts, _ in _principals(delegations):
                self.intake.alias((name, *accounts), f"commit {commit}")
            for role in items(delegations.get("roles")):
                yield from _read_role(table(role))


def read_delegations(repository: Repository, objects: Objects, commit: str) -> Iterator[Table]:
    """Yield the rules and principals of each rule file of a policy.

    Raises InputError, JsonError or StatementError where it cannot be read.
    """
    for path, oid in repository.list_files(commit):
        if not path.startswith(_FOLDER) or path == _ROOT:
            continue
        stored = objects.read(oid, MAX_POLICY)
        if stored is None or stored.content is None:
            raise StatementError(f"{path} is missing, or too large")
        envelope = decode(stored.content)
        said = open_payload(find(envelope, "payload") if isinstance(envelope, dict) else None)
        yield table(find(said, "delegations") if isinstance(said, dict) else None)


def find_keyholders(repository: Repository, objects: Objects, policy: str) -> dict[str, str]:
    """Return whose key each key id is, by the policy as it stands; empty where it is unreadable."""
    try:
        return {
            key: name
            for delegations in read_delegations(repository, objects, policy)
            for name, _, keys in _principals(delegations)
            for key in keys
        }
    except (InputError, StatementError, JsonError):
        return {}


def _principals(delegations: Table) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each person with the names of accounts and identities, and the ids of the keys."""
    for name, principal in table(delegations.get("principals")).items():
        said = table(principal)
        accounts = [
            account.partition("+")[0]
            for account in table(said.get("associatedIdentities")).values()
            if isinstance(account, str)
        ]
        keys = list(table(said.get("keys")))
        yield name, [*accounts, *(key.partition("::")[0] for key in keys if "::" in key)], keys


def _read_role(role: Table) -> Iterator[tuple[_Rule, Values]]:
    name, threshold = text(role.get("name")), number(role.get("threshold"))
    if name is None or name == _ALLOW_ALL:
        return
    principals = role.get("principalIDs") or role.get("keyids")
    values = stated(
        eligible_reviewers=[who for who in items(principals) if isinstance(who, str)],
        threshold=threshold,
        # An approval names the tree the move leads to: another one needs another approval.
        dismiss_stale=True,
        required_approvals=threshold - 1 if threshold is not None and threshold > 1 else None,
    )
    for path in items(role.get("paths")):
        if isinstance(path, str) and path.startswith(_GIT):
            yield (name, path.removeprefix(_GIT).removeprefix(_HEADS)), values
