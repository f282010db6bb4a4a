"""The members of a GitHub team: the response of `orgs/ORG/teams/SLUG/members` under `members`.

The response is a list of accounts and names neither team nor time, so both stand beside it.
"""

from __future__ import annotations

from attribution.ingest.documents import first_entries, walk_entries
from attribution.ingest.fields import Table, items, stated, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.readers.github import login
from attribution.ingest.source import Source
from attribution.model.record import JsonValue


def _read(source: Source, intake: Intake) -> None:
    for place, entry in walk_entries(source, intake, "teams"):
        organisation, team = text(entry.get("organization")), text(entry.get("team"))
        if organisation is None or team is None or not isinstance(entry.get("members"), list):
            intake.reject(place, "no members of a team: organization, team or members is missing")
            continue
        members: list[JsonValue] = [
            name for person in items(entry.get("members")) if (name := login(person))
        ]
        intake.add(
            place,
            "team.members",
            time=intake.observed(entry.get("observed_at")),
            text=f"{organisation}/{team}: {len(members)} members",
            subject=f"{organisation}/{team}",
            data=stated(organization=organisation, team=team, members=members),
        )


def _is_team(entry: Table) -> bool:
    return {"organization", "team", "members"} <= entry.keys()


def _sniff(source: Source) -> float:
    return float(any(map(_is_team, first_entries(source, "teams"))))


FORMAT = Format(
    id="github-team",
    title="Members of a GitHub team",
    told_by="objects with organization, team and members",
    source="https://docs.github.com/en/rest/teams/members",
    kinds=frozenset({"json", "lines"}),
    sniff=_sniff,
    read=_read,
)
