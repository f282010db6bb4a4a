"""Names of operations as audit logs give them, and the verb each is about."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[./]")
_SAYS_NOTHING = frozenset({"action", ""})
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LAST = frozenset(
    {"Archive", "Create", "Delete", "Destroy", "Disable", "Purge", "Remove", "Reset", "Restart",
     "Restore", "Revoke", "Rollback", "Stop", "Suspend", "Terminate", "Update", "Wipe"}
)  # fmt: skip
_TURNS_ROUND = frozenset(
    {"abort", "can", "cancel", "confirm", "disable", "enable", "prevent", "preview", "restore",
     "schedule", "skip", "undo", "validate"}
)  # fmt: skip


def verb_of(operation: str) -> str:
    """Return what an operation does, in the capitals in which AWS writes it: `DeleteVolume`.

    Google (`v1.compute.disks.delete`), Azure (`Microsoft.Compute/disks/delete`,
    `.../virtualMachines/deallocate/action`) and the Kubernetes API (`pods.delete`) put the verb
    last; Azure's storage form writes all of it in capitals. GraphQL mutations put it last in one
    word with the thing (`volumeDelete`, `productDelete`; Shopify, GraphQL Admin API, mutations):
    it is taken to the front, unless the word before it turns it round (`undoDelete`).
    """
    parts = _SEPARATORS.split(operation)
    verb = next((part for part in reversed(parts) if part.lower() not in _SAYS_NOTHING), "")
    if verb.isupper():
        return verb.capitalize()
    words = _WORD.findall(verb) if verb[:1].islower() else []
    if len(words) > 1 and words[-1] in _LAST and words[0] not in _TURNS_ROUND:
        rest = "".join(word[:1].upper() + word[1:] for word in words[:-1])
        return f"{words[-1]}{rest}"
    return verb[:1].upper() + verb[1:]
