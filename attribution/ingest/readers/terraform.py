"""What the readers of Terraform (and OpenTofu) share: resources and what is to be done to them.

What a tool says it did is its own account, and no audit log: it does not name who ran it. Values of
attributes are left in the file, as any of them may be secret; only ids and names are taken.
"""

from __future__ import annotations

from attribution.ingest.fields import Table, find, table, text
from attribution.ingest.readers.audit import drop_empty
from attribution.model.record import JsonValue

_NAMING = ("id", "arn", "name", "self_link")
_REPLACING = ({"create", "delete"}, {"create", "forget"})


def operation_of(actions: list[JsonValue]) -> str:
    """Return one word for the actions of a change: deleting and creating anew is to replace."""
    names = [name for action in actions if (name := text(action))]
    return "replace" if set(names) in _REPLACING else " and ".join(names) or "unknown"


def names_of_change(change: Table) -> list[str]:
    """Return the resource's names before and after the change that are not marked as secret."""
    found = []
    for side in ("before", "after"):
        values, secret = table(change.get(side)), change.get(f"{side}_sensitive")
        if secret is True:
            continue
        found += [text(values.get(key)) for key in _NAMING if not find(secret, key)]
    return list(drop_empty(found))
