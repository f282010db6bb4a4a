"""Keeps how blameworthy a person holds a breach to be in `case.yaml`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from attribution.errors import ManifestError
from attribution.schema.editor import ManifestEditor

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.model.manifest import Culpability


def enter_culpability(case: Case, entry: Culpability) -> Culpability | None:
    """Keep the entry, and return the one that it takes the place of, if any.

    Raises ManifestError, and keeps nothing, for what is no breach and no party of the case.
    """
    breaches = sorted(node.id for node in case.graph().nodes if node.is_breach)
    parties = [party.id for party in case.manifest.parties]
    if entry.of not in {*breaches, *parties}:
        raise ManifestError(
            "there is no such breach or party",
            got=entry.of,
            expected=", ".join([*breaches, *parties]) or "none: no duty is known to be unmet",
            remedy="copy the id from `attribution culpability`",
        )
    earlier = [one for one in case.manifest.culpability if one.of == entry.of]
    editor = ManifestEditor(case.folder / "case.yaml")
    editor.add_culpability(entry)
    editor.save()
    case.manifest = replace(case.manifest, culpability=editor.manifest.culpability)
    return earlier[-1] if earlier else None
