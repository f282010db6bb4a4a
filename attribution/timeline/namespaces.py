"""Equal names of different platforms are different names, unless a record or a person says not.

Who is `jdoe` on GitHub need not be `jdoe` in the chat, and the name of a session of an assumed role
is whatever its user chose. Before names are joined, one platform keeps a name that several use, and
the others' gets the platform added: `jdoe (slack)`. A statement of the evidence (one e-mail address
in both profiles, a single-sign-on mapping) joins them all the same. E-mail addresses are one
namespace, and a name declared in `case.yaml` is declared for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from attribution.model.actor import name_key
from attribution.model.homonym import ADDRESS, Homonym, is_session, session_of
from attribution.model.manifest import Manifest
from attribution.model.record import AliasGroup, JsonValue, Reading, Record
from attribution.timeline.names import hiding_role, names_of, natural

FREE: Final = "notes"
"""The namespace of names people write down: they mean whichever account goes by the name."""

_PLATFORMS: Final = (
    # how the id of a format begins, and whose accounts its names are of
    ("github", "github"),
    ("gitlab", "gitlab"),
    ("gerrit", "gerrit"),
    ("git", "git"),
    ("slack", "slack"),
    ("cloudtrail", "aws"),
    ("kubernetes", "kubernetes"),
    ("syslog", "host"),
    ("journald", "host"),
    ("csv", FREE),
    ("json", FREE),
    ("yaml", FREE),
    ("markdown", FREE),
    ("timesketch", FREE),
    ("plaso", FREE),
    ("ics", FREE),
    ("mail", FREE),
    ("in-toto", FREE),
)

CASE_SENSITIVE: Final = frozenset({"kubernetes", "host"})
"""Platforms whose names differ by case alone. GitHub, GitLab, Slack and AWS IAM do not.

Sources: Kubernetes, "Authenticating" (user names are opaque strings); useradd(8); AWS IAM, "IAM
identifiers" (names are not distinguished by case); GitHub and GitLab look logins up without case.
"""

_FIRST: Final = ("github", "gitlab", "gerrit")
"""The platforms that keep a name before others do: reviews and merges go by it."""

NAMES_IN_DATA: Final = frozenset(
    {
        *("approver", "assignee", "assigner", "author", "bypass_actors", "by", "creator"),
        *("edited_by", "eligible_reviewers", "members", "mentions", "merged_by", "notified"),
        *("reactions", "recorder", "requested_reviewer", "requested_reviewers", "requester"),
        *("required_reviewers", "reviewer", "roles", "subject_user", "uploaders", "user"),
    }
)
"""Keys of `Record.data` that hold names, alone, in a list or as the values of a mapping."""


@dataclass(frozen=True, slots=True)
class Distinguished:
    """Readings in which no two platforms share a name, and the names that were told apart."""

    readings: Mapping[str, Reading]
    homonyms: tuple[Homonym, ...]


def platform_of(format_id: str) -> str:
    """Return the platform whose accounts a format's names are of; its own where none is known."""
    return next((name for start, name in _PLATFORMS if format_id.startswith(start)), format_id)


def tell_apart(manifest: Manifest, readings: Mapping[str, Reading]) -> Distinguished:
    """Return the readings with names made different that only look the same.

    A decision that rejects the finding `identity:NAME` says that they are one: they keep one name.
    Takes O(n) for n records; records without such names stay the objects they are.
    """
    declared = {
        name_key(name)
        for actor in manifest.actors
        for name in (actor.id, actor.name, *(alias.name for alias in actor.aliases))
    }
    uses = _collect(readings, declared)
    last = {decision.on: decision.status for decision in manifest.decisions}
    homonyms: list[Homonym] = []
    renamed: dict[str, dict[str, str]] = defaultdict(dict)
    for key in sorted(uses):
        platforms = _rank(uses[key])
        if sum(name != FREE for name in platforms) < 2:  # noqa: PLR2004 - one platform's alone
            continue
        homonym = _describe(uses[key], platforms)
        joined = last.get(homonym.id) == "rejected"
        homonyms.append(replace(homonym, joined=joined))
        for platform in () if joined else platforms[1:]:
            renamed[platform] |= {
                spelling: f"{spelling} ({platform})" for spelling in uses[key][platform]
            }
    _tell_case_apart(uses, renamed)
    changed = {
        evidence: _rename(reading, renamed) if renamed else reading
        for evidence, reading in readings.items()
    }
    return Distinguished(changed, tuple(homonyms))


Uses = dict[str, dict[str, dict[str, tuple[str, str]]]]
"""Key of a name -> platform -> spelling -> evidence id and place of the first use."""


def _describe(uses: Mapping[str, Mapping[str, tuple[str, str]]], platforms: list[str]) -> Homonym:
    shown = min(spelling for found in uses.values() for spelling in found)
    return Homonym(
        shown,
        {platforms[0]: shown} | {name: f"{shown} ({name})" for name in platforms[1:]},
        tuple(_first_place(uses[platform].values()) for platform in platforms),
    )


def _first_place(places: Iterable[tuple[str, str]]) -> str:
    evidence, place = min(places, key=lambda at: (natural(at[0]), natural(at[1])))
    return f"{evidence}#{place}"


def _collect(readings: Mapping[str, Reading], declared: set[str]) -> Uses:
    """Return the names that are not declared, with where each platform's first stands.

    An address is everybody's; but a session's name is its user's choice, so that an address in it
    identifies nobody.
    """
    uses: Uses = defaultdict(lambda: defaultdict(dict))
    for evidence in sorted(readings, key=natural):
        reading = readings[evidence]
        platform = platform_of(reading.format)
        own, chosen = _list_names(reading)
        found = [(name, ADDRESS if "@" in name else platform, place) for name, place in own.items()]
        found += [(name, session_of(role), place) for (name, role), place in chosen.items()]
        for name, where, place in found:
            if name.strip() and (key := name_key(name)) not in declared:
                uses[key][where].setdefault(name, (evidence, place))
    return uses


def _list_names(reading: Reading) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return the names of a reading, and those of sessions with their role; each's first place."""
    own: dict[str, str] = {}
    chosen: dict[tuple[str, str], str] = {}
    for record in reading.records:
        actor, role = record.actor, session_role(record)
        if role is not None and actor is not None:
            chosen.setdefault((actor, role), record.place)
        elif not record.kind.startswith(_NAMELESS):
            for name in names_of(record):
                own.setdefault(name, record.place)
        elif actor is not None:
            own.setdefault(actor, record.place)
    for group in reading.aliases:
        for name in group.names:
            own.setdefault(name, group.place)
    return own, chosen


_NAMELESS = ("log.", "span", "audit.", "forensic.", "cluster.", "session.", "infrastructure.")
"""Kinds of record that name nobody but their actor."""


def session_role(record: Record) -> str | None:
    """Return the role whose session a record's actor is the chosen name of, None for others."""
    if record.kind != "audit.call" or record.data.get("session") != record.actor:
        return None
    return hiding_role(record)


def _rank(platforms: Iterable[str]) -> list[str]:
    """Return the platforms in the order in which they keep a name."""

    def rank(name: str) -> tuple[int, int, str]:
        chosen = is_session(name)
        late = 3 if chosen else 2 if name == FREE else 1 if name == "git" else 0
        return late, _FIRST.index(name) if name in _FIRST else len(_FIRST), name

    return sorted(platforms, key=rank)


def _tell_case_apart(uses: Uses, renamed: dict[str, dict[str, str]]) -> None:
    """Add new names for those that, on a platform that minds case, differ in it alone."""
    for platforms in uses.values():
        for platform in CASE_SENSITIVE & platforms.keys():
            for spelling in sorted(platforms[platform])[1:]:
                known = renamed[platform].get(spelling, spelling)
                renamed[platform][spelling] = f"{known} (not {min(platforms[platform])})"


def _rename(reading: Reading, renamed: Mapping[str, Mapping[str, str]]) -> Reading:
    names = renamed.get(platform_of(reading.format), {})
    sessions = any(is_session(platform) for platform in renamed)
    if not names and not sessions:
        return reading
    return replace(
        reading,
        records=tuple(_rename_record(record, names, renamed) for record in reading.records),
        aliases=tuple(_rename_group(group, names) for group in reading.aliases),
    )


def _rename_group(group: AliasGroup, names: Mapping[str, str]) -> AliasGroup:
    if not any(name in names for name in group.names):
        return group
    return replace(group, names=tuple(names.get(name, name) for name in group.names))


def _rename_record(
    record: Record, names: Mapping[str, str], renamed: Mapping[str, Mapping[str, str]]
) -> Record:
    role = session_role(record)
    mine = names if role is None else renamed.get(session_of(role), {})
    actor = record.actor if record.actor is None else mine.get(record.actor, record.actor)
    data = record.data
    if role is None and names:
        changed = {
            key: new
            for key in data.keys() & NAMES_IN_DATA
            if (new := _rename_value(data[key], names)) != data[key]
        }
        data = {**data, **changed} if changed else data
    if actor == record.actor and data is record.data:
        return record
    return replace(record, actor=actor, data=data)


def _rename_value(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_rename_value(part, names) for part in value]
    if isinstance(value, dict):
        return {key: _rename_value(part, names) for key, part in value.items()}
    return value
