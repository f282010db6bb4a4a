"""A case's shares beside published apportionments of like cases: orientation, nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from attribution.model.interval import Interval
from attribution.model.record import JsonValue
from attribution.model.result import Attribution
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("published.yaml")
ORIENTATION: Final = (
    "Orientation only. A published figure is what one court, jury or tribunal said of other facts;"
    " some did not survive on appeal. It is no measure of the shares computed here, and they are"
    " not adjusted to it."
)
BASES: Final[Mapping[str, str]] = {
    "S": "an excerpt of a secondary source was read",
    "K": "background knowledge",
}
"""What was read of each, in words; nothing was held against the judgment itself."""

_LIKE = 2
"""How many roles with a share a case and a published one must have in common to be alike."""


@dataclass(frozen=True, slots=True)
class PublishedShare:
    """A party of a published apportionment, the nearest role, and its percentage."""

    name: str
    role: str
    percent: float


@dataclass(frozen=True, slots=True)
class Published:
    """One published apportionment, for one class of claimants ('' for all).

    `basis` is S (an excerpt of a secondary source was read) or K (background knowledge).
    """

    id: str
    title: str
    by: str
    status: str
    source: str
    basis: str
    fit: str
    claimants: str
    parties: tuple[PublishedShare, ...]

    @property
    def named_roles(self) -> tuple[str, ...]:
        """Return the roles that were found to have a part, and an agent's though it had none."""
        return tuple(
            dict.fromkeys(one.role for one in self.parties if one.percent or one.role == "agent")
        )


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """A published case beside this one: its percentages and this case's shares, by role."""

    published: Published
    here: Mapping[str, Interval]

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the row of `attribution benchmark --json`."""
        published = self.published
        return {
            "id": published.id,
            "title": published.title,
            "by": published.by,
            "status": published.status,
            "source": published.source,
            "basis": published.basis,
            "fit": published.fit,
            "claimants": published.claimants or None,
            "parties": [
                {"name": party.name, "role": party.role, "percent": party.percent}
                for party in published.parties
            ],
            "here": {role: dict(share.to_dict()) for role, share in self.here.items()},
        }


@cache
def load_published() -> tuple[Published, ...]:
    """Return every published apportionment of the table, one for each class of claimants."""
    found = []
    for row in read_table(TABLE)["cases"]:
        case = {key: value for key, value in row.items() if key != "apportionments"}
        for apportionment in row["apportionments"]:
            parties = tuple(PublishedShare(**party) for party in apportionment["parties"])
            found.append(Published(claimants=apportionment["claimants"], parties=parties, **case))
    return tuple(found)


def find_like(attribution: Attribution) -> tuple[BenchmarkRow, ...]:
    """Return the published cases in which two roles or more of this case bear a share.

    Those with most roles in common come first.
    """
    here = {role: share for role, share in attribution.by_role.items() if share.high > 0}
    rows = [
        (len(common), number, BenchmarkRow(published, {role: here[role] for role in common}))
        for number, published in enumerate(load_published())
        if len(common := [role for role in published.named_roles if role in here]) >= _LIKE
    ]
    return tuple(row for _, _, row in sorted(rows, key=lambda entry: (-entry[0], entry[1])))
