"""What a platform enforced on a change, what it called for, and what was got round or lacking."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.model.instant import Instant, format_optional
from attribution.model.record import JsonValue

SHORTFALLS = (
    "too_few_approvals",
    "code_owner_missing",
    "required_reviewer_missing",
    "required_reviewer_not_visible",
    "required_check_failed",
    "required_check_missing",
    "required_check_skipped",
    "rules_overridden",
)
"""What a change can have lacked at its merge; each is documented in `oversight/findings.yaml`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a platform enforces, the value it had, and why that is held."""

    name: str
    value: JsonValue
    basis: str
    references: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return name, value, basis and evidence."""
        return {
            "name": self.name,
            "value": self.value,
            "basis": self.basis,
            "evidence": list(self.references),
        }


@dataclass(frozen=True, slots=True)
class Lowering:
    """A setting of a rule that was lowered before a merge and still was so at it.

    `was` is None where no record tells what it was before it was set to nothing; `by` where none
    tells who did it. `restored` is what the first later record that requires as much again gives
    it, None without such a record; `restored_by` is None where that record is only of the state.
    """

    rule: str
    setting: str
    was: JsonValue
    became: JsonValue
    by: str | None
    time: Instant
    references: tuple[str, ...]
    restored: JsonValue = None
    restored_by: str | None = None
    restored_time: Instant | None = None
    restored_references: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, JsonValue]:
        """Return what was lowered by whom, and how it was put back."""
        return {
            "rule": self.rule,
            "setting": self.setting,
            "was": self.was,
            "became": self.became,
            "by": self.by,
            "time": format_optional(self.time),
            "evidence": list(self.references),
            "restored": self.restored,
            "restored_by": self.restored_by,
            "restored_time": format_optional(self.restored_time),
            "restored_evidence": list(self.restored_references),
        }


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What a platform enforced on a branch at a moment, as far as the records show it.

    `settings` are named as in records of the kind `protection.state`. One that is missing is not
    visible; `notes` say why. `moment` is None for the last state on record. `sources` are the
    mechanisms of which there are records (`branch_protection`, `ruleset`, ...). `idle` says which
    rule sets are there and not in force: they watch, or are switched off.
    """

    moment: Instant | None
    settings: tuple[Setting, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    def setting(self, name: str) -> Setting | None:
        """Return a setting, None where it is not visible."""
        return next((setting for setting in self.settings if setting.name == name), None)

    def value(self, name: str) -> JsonValue:
        """Return the value of a setting, None where it is not visible."""
        found = self.setting(name)
        return None if found is None else found.value

    @property
    def required_approvals(self) -> int | None:
        """Return how many approvals were required, None where it is not visible."""
        value = self.value("required_approvals")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def required_checks(self) -> tuple[str, ...] | None:
        """Return the checks that were required, None where it is not visible."""
        value = self.value("required_checks")
        return tuple(map(str, value)) if isinstance(value, list) else None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the settings, the notes, and when they held."""
        return {
            "at": format_optional(self.moment),
            "settings": [setting.to_dict() for setting in self.settings],
            "notes": list(self.notes),
            "idle": list(self.idle),
            "sources": list(self.sources),
        }


@dataclass(frozen=True, slots=True)
class OwnerDemand:
    """Code owners whose approval files of a change called for, and whether one approved.

    `status`: `met`; `missing` (no approval by any of them); `not_visible` (owners are teams or
    addresses, and nothing on record says who is behind them); `own` (an owner made the change).
    `approvals` of them are needed, 0 where the demand is optional. `members_as_of` is when the
    members of the teams among them were looked up, None where there is no team, or no such record.
    """

    owners: tuple[str, ...]
    files: tuple[str, ...]
    rule: str
    section: str | None
    approvals: int
    approved_by: tuple[str, ...]
    status: str
    reference: str
    members_as_of: Instant | None = None

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the demand."""
        return {
            "owners": list(self.owners),
            "files": list(self.files),
            "rule": self.rule,
            "section": self.section,
            "approvals": self.approvals,
            "approved_by": list(self.approved_by),
            "status": self.status,
            "members_as_of": format_optional(self.members_as_of),
            "evidence": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Override:
    """Rules got round at a merge: by whom, what they were where that is told, on what basis.

    `of_merge` says that one record names the override and the commit that was merged by it.
    """

    by: str
    basis: str
    what: tuple[str, ...]
    time: Instant | None
    references: tuple[str, ...]
    of_merge: bool = False

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the override."""
        return {
            "by": self.by,
            "basis": self.basis,
            "what": list(self.what),
            "time": format_optional(self.time),
            "evidence": list(self.references),
        }


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something the change lacked at its merge: a name of `SHORTFALLS`, in words, and evidence."""

    name: str
    statement: str
    references: tuple[str, ...]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return name, statement and evidence."""
        return {
            "name": self.name,
            "statement": self.statement,
            "evidence": list(self.references),
        }
