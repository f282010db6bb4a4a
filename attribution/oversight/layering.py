"""Several rules on one branch taken together: of each setting the strictest holds.

Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets#about-rule-layering
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.model.enforcement import Setting
from attribution.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Found:
    """The value of one setting of one rule, and on what ground."""

    value: JsonValue
    basis: str
    references: tuple[str, ...]


def combine(name: str, found: Sequence[Found | None]) -> Setting | None:
    """Return the setting of all rules together: of several that apply the strictest holds.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets#about-rule-layering
    """
    known = [one for one in found if one is not None]
    if not known:
        return None
    chief = max(known, key=lambda one: _strictness(name, one.value))
    value, decided = chief.value, _is_decided(name, chief.value)
    if isinstance(value, list):
        parts = [part for one in known if isinstance(one.value, list) for part in one.value]
        value = list({str(part): part for part in parts}.values())
    hidden = len(found) > len(known)
    if hidden and not decided:
        # Another rule may be stricter, and whether it was is not on record.
        basis = f"at least this: {chief.basis}; of another rule it is not visible"
        if name != "required_approvals" and not isinstance(value, list):
            return None
    else:
        basis = chief.basis
    references = chief.references
    if isinstance(value, list):
        references = tuple(dict.fromkeys(ref for one in known for ref in one.references))
    return Setting(name, value, basis, references)


def _strictness(name: str, value: JsonValue) -> int:
    if isinstance(value, bool):
        return int(value is not (name == "author_may_approve"))
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, list) else 0


def _is_decided(name: str, value: JsonValue) -> bool:
    """Return whether no other rule could make it stricter."""
    return isinstance(value, bool) and value is not (name == "author_may_approve")
