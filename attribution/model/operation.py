"""Names of operations as audit logs give them, and the verb each is about."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[./]")
_SAYS_NOTHING = frozenset({"action", ""})


def verb_of(operation: str) -> str:
    """Return what an operation does, in the capitals in which AWS writes it: `DeleteVolume`.

    Google (`v1.compute.disks.delete`), Azure (`Microsoft.Compute/disks/delete`,
    `.../virtualMachines/deallocate/action`) and the Kubernetes API (`pods.delete`) put the verb
    last; Azure's storage form writes all of it in capitals.
    """
    parts = _SEPARATORS.split(operation)
    verb = next((part for part in reversed(parts) if part.lower() not in _SAYS_NOTHING), "")
    return verb.capitalize() if verb.isupper() else verb[:1].upper() + verb[1:]
