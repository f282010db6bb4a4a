"""The tables of the derived database, as a list of migrations from an empty file to today's.

A migration that has been released is never changed; a new one is added at the end. The number of
migrations a database has seen is its `user_version`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils.db import Database as Tables
from sqlite_utils.db import ForeignKey

Migration = Callable[[Tables], None]

APPLICATION_ID = 0x41747472
"""Marks the file as ours (`Attr` in ASCII), so that a database of something else is not touched."""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """Columns with their types, primary key, and single-column foreign keys (column -> table)."""

    columns: Mapping[str, type]
    key: tuple[str, ...]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


def _columns(texts: str = "", integers: str = "", reals: str = "") -> dict[str, type]:
    return (
        dict.fromkeys(texts.split(), str)
        | dict.fromkeys(integers.split(), int)
        | dict.fromkeys(reals.split(), float)
    )


_EVIDENCE = ("evidence", "id")

_VERSION_1: Mapping[str, TableDefinition] = {
    "evidence": TableDefinition(
        _columns(
            "id path format sha256 zone custodian note",
            "size collected synthetic",
            "offset_seconds offset_error_seconds",
        ),
        ("id",),
        required=("path", "format", "sha256", "size"),
    ),
    "readings": TableDefinition(
        _columns(
            "evidence sha256 options version format rejections aliases truncations rows_sha256",
            "read kept duplicate undated rejected",
        ),
        ("evidence",),
        {"evidence": _EVIDENCE},
        required=("sha256", "options", "version", "format", "rows_sha256"),
    ),
    "records": TableDefinition(
        _columns(
            "evidence id place kind original_time actor subject text native_id data",
            "position time time_low time_high written",
        ),
        ("evidence", "position"),
        {"evidence": ("readings", "evidence")},
        required=("id", "place", "kind", "text", "data"),
    ),
    "actors": TableDefinition(_columns("id name kind party"), ("id",), required=("name", "kind")),
    "aliases": TableDefinition(
        _columns("actor name basis", "position"),
        ("actor", "position"),
        {"actor": ("actors", "id")},
        required=("name", "basis"),
        indexes=(("name",),),
    ),
    "events": TableDefinition(
        _columns(
            "id kind original_time actor actor_name subject text native_id"
            " order_undecidable_with data",
            "position dated time time_low time_high written overlaps",
        ),
        ("id",),
        {"actor": ("actors", "id")},
        required=("position", "dated", "kind", "text"),
        indexes=(("time",), ("kind",)),
    ),
    "witnesses": TableDefinition(
        _columns("event evidence place", "position"),
        ("event", "position"),
        {"event": ("events", "id"), "evidence": _EVIDENCE},
        required=("evidence", "place"),
        indexes=(("evidence", "place"),),
    ),
    "commits": TableDefinition(
        _columns(
            "sha repository author committer subject kind parents agents anomalies files reverts"
            " evidence",
            "position authored committed lines_added lines_removed pull_request",
        ),
        ("position",),
        required=("sha", "author", "committer", "kind"),
        indexes=(("sha",),),
    ),
    "reviews": TableDefinition(
        _columns(
            "repository title author head merge commits merged_by approvals checks verdict"
            " bypassed_by evidence",
            "position number opened merged lines_changed",
        ),
        ("position",),
        required=("number", "verdict"),
    ),
    "deployments": TableDefinition(
        _columns("id sha environment repository creator state evidence", "position time"),
        ("position",),
        required=("id", "sha", "environment"),
        indexes=(("sha",),),
    ),
    "findings": TableDefinition(
        _columns(
            "id rule statement status evidence refuted_by nodes decided_by because",
            "version decided_at",
        ),
        ("id",),
        required=("rule", "statement", "status"),
    ),
    "nodes": TableDefinition(
        _columns(
            "id kind statement party actor status credence basis duty equation strength leak"
            " evidence rule finding control harm",
            "position time time_low time_high norm observed",
        ),
        ("id",),
        {"finding": ("findings", "id")},
        required=("position", "kind", "statement", "status", "rule"),
    ),
    "edges": TableDefinition(
        _columns(
            "source target rule status counterfactual basis evidence finding", "position sufficient"
        ),
        ("position",),
        {"source": ("nodes", "id"), "target": ("nodes", "id"), "finding": ("findings", "id")},
        required=("source", "target", "rule", "status", "counterfactual"),
    ),
    "results": TableDefinition(_columns("name document"), ("name",), required=("document",)),
}


_CLOCKS: Mapping[str, TableDefinition] = {
    "clocks": TableDefinition(
        _columns("evidence basis statement estimate", "", "offset_seconds offset_error_seconds"),
        ("evidence",),
        {"evidence": _EVIDENCE},
        required=("basis", "statement", "offset_seconds", "offset_error_seconds"),
    ),
}


_CONCLUSIONS: Mapping[str, TableDefinition] = {
    "tests": TableDefinition(
        _columns("finding source target counterfactual status confirmed_by", "position sufficient"),
        ("finding", "position"),
        {"finding": ("findings", "id"), "source": ("nodes", "id"), "target": ("nodes", "id")},
        required=("source", "target", "counterfactual", "status"),
    ),
    "proposals": TableDefinition(
        _columns(
            "id kind relation statement source target counterfactual basis nodes obstacle status"
            " answer decided_by because refuted_by rule",
            "position value decided_at version",
        ),
        ("position",),
        required=("id", "kind", "relation", "statement", "status", "rule"),
        indexes=(("id",),),
    ),
    "accounts": TableDefinition(
        _columns(
            "reference text words speaker party basis hedge told",
            "proposal position sentence time against",
        ),
        ("proposal", "position"),
        {"proposal": ("proposals", "position")},
        required=("reference", "sentence", "text"),
    ),
    "contradictions": TableDefinition(
        _columns("id kind about status resolution sides"),
        ("id",),
        required=("kind", "about", "status", "sides"),
    ),
}


def _create_first_tables(tables: Tables) -> None:
    _create(tables, _VERSION_1)


def _add_clocks(tables: Tables) -> None:
    """Add what was done with each source's clock, and whether its offset was declared."""
    evidence: Any = tables["evidence"]
    evidence.add_column("offset_declared", int)
    _create(tables, _CLOCKS)


def _create(tables: Tables, definitions: Mapping[str, TableDefinition]) -> None:
    for name, definition in definitions.items():
        table: Any = tables[name]
        table.create(
            dict(definition.columns),
            pk=definition.key if len(definition.key) > 1 else definition.key[0],
            not_null=set(definition.required),
            foreign_keys=[
                ForeignKey(table=name, column=column, other_table=other, other_column=target)
                for column, (other, target) in definition.references.items()
            ],
            strict=True,
        )
        for columns in definition.indexes:
            table.create_index(list(columns))


def _add_remarks(tables: Tables) -> None:
    """Keep how entries were read; readings stored without it are of another program, and unused."""
    tables.table("readings").add_column("remarks", str, not_null_default="[]")


def _add_conclusions(tables: Tables) -> None:
    """Add what texts propose, the tests of findings, contradictions, and who or what confirmed."""
    for name in ("findings", "nodes", "edges"):
        tables.table(name).add_column("confirmed_by", str)
    tables.table("findings").add_column("edge", str)
    tables.table("findings").add_column("factors", str, not_null_default="[]")
    _create(tables, _CONCLUSIONS)


MIGRATIONS: Sequence[Migration] = (
    _create_first_tables,
    _add_clocks,
    _add_remarks,
    _add_conclusions,
)


def migrate(tables: Tables, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a database to the last version; return how many migrations were applied.

    Each is one transaction together with the version it leads to, so that a kill leaves a version
    whose number is true.
    """
    connection = tables.conn
    assert connection is not None  # noqa: S101 - an open database has a connection
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, migration in enumerate(migrations[version:], start=version + 1):
        with tables.atomic():
            migration(tables)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
    return max(0, len(migrations) - version)
