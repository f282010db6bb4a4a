"""`attribution verify`: does everything in the case still say what it said?"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import shlex
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli.options import (
    case_argument,
    detail,
    house_option,
    json_option,
    print_json,
    print_text,
    say,
)
from attribution.cli.terminal import printable_line

if TYPE_CHECKING:
    from attribution.model.manifest import EvidenceEntry, Manifest
    from attribution.model.record import JsonValue
    from attribution.store.database import Database

_MANIFEST, _DATABASE, _REPORTS, _RESULT = "case.yaml", "case.db", "report", "result.json"
_CHANGED = "case.yaml has changed since the last run: run `attribution run {case}` again"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: what, whether it holds, and what was found where it does not."""

    what: str
    holds: bool
    found: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the entry of `attribution verify --json`."""
        return {"what": self.what, "holds": self.holds, "found": self.found}


@click.command()
@case_argument
@house_option
@json_option
def command(case: Path, house: Path | None, as_json: bool) -> None:
    """Check CASE offline; exit 1 and name what differs.

    Each evidence item is hashed again and compared with case.yaml. Then everything is computed
    anew, in another place and from the originals alone, and compared with the database, the Merkle
    root and the reports in CASE. Where only case.yaml has changed since the last run, that is said
    and nothing is computed.
    """
    from attribution.schema.manifest import load_manifest

    manifest = load_manifest(case)
    findings = check_evidence(manifest, case)
    summary = None
    if not all(finding.holds for finding in findings):
        say("nothing is computed from evidence that differs")
    elif _is_outdated(case):
        summary = _CHANGED.format(case=shlex.quote(str(case)))
        findings.append(Finding(_MANIFEST, holds=False, found=summary))
    elif _is_computed(case):
        findings += check_derived(manifest, case, house)
    else:
        say("nothing has been computed yet: only the evidence was checked")
    holds = all(finding.holds for finding in findings)
    if as_json:
        print_json(
            {
                "case": manifest.id,
                "holds": holds,
                "checked": [finding.to_dict() for finding in findings],
            }
        )
    else:
        for finding in findings:
            if summary is None or finding.holds:
                _show(finding)
        print_text(printable_line(summary or _summarise(findings)))
    if not holds:
        click.get_current_context().exit(1)


def check_evidence(manifest: Manifest, folder: Path) -> list[Finding]:
    """Return for each evidence item whether its bytes are those that were taken in."""
    return [_check_item(entry, folder) for entry in manifest.evidence]


def _check_item(entry: EvidenceEntry, folder: Path) -> Finding:
    from attribution.errors import EvidenceError
    from attribution.schema.evidence import evidence_path
    from attribution.store.custody import digest

    what = f"{entry.id} {entry.path}"
    if entry.sha256 is None:
        return Finding(
            what, holds=False, found="case.yaml has no sha256 for it: take it in with `add`"
        )
    try:
        found = digest(evidence_path(folder, entry)).sha256
    except EvidenceError as error:
        return Finding(what, holds=False, found=f"{error.message}: {error.got}")
    if found == entry.sha256:
        return Finding(what, holds=True)
    return Finding(what, holds=False, found=f"sha256 {found}, not {entry.sha256}")


def check_derived(manifest: Manifest, folder: Path, house: Path | None) -> list[Finding]:
    """Return whether database, Merkle root and reports are what a computation elsewhere gives.

    Raises the errors of the computation: a case that cannot be computed cannot be verified.
    """
    from attribution.case import Case

    with tempfile.TemporaryDirectory(prefix="attribution-verify-") as place:
        copy = Path(place) / "case"
        _copy_originals(manifest, folder, copy)
        Case.open(copy).run(house)
        return [*_check_database(folder, copy), *_check_reports(folder, copy)]


def _is_computed(folder: Path) -> bool:
    return (folder / _DATABASE).exists() or (folder / _REPORTS).exists()


def _is_outdated(folder: Path) -> bool:
    """Return whether the last run's result says it was computed from another case.yaml."""
    from attribution.store.custody import digest
    from attribution.store.result import read_manifest_digest

    known = read_manifest_digest(folder / _REPORTS / _RESULT)
    return known is not None and known != digest(folder / _MANIFEST).sha256


def _copy_originals(manifest: Manifest, folder: Path, copy: Path) -> None:
    """Put all that a run reads into `copy`, as hard links where the file system allows it.

    That is the manifest, the evidence, the policies of insurance, and the house of the case.
    """
    from attribution.report.house import FOLDER
    from attribution.schema.evidence import evidence_path

    copy.mkdir()
    shutil.copyfile(folder / _MANIFEST, copy / _MANIFEST)
    for entry in manifest.evidence:
        original, target = evidence_path(folder, entry), copy / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            continue
        if original.is_dir():
            shutil.copytree(original, target, copy_function=_link)
        else:
            _link(str(original), str(target))
    for insurance in manifest.insurance:
        target = copy / insurance.policy
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / insurance.policy, target)
    if (folder / FOLDER).is_dir():
        shutil.copytree(folder / FOLDER, copy / FOLDER)


def _link(original: str, target: str) -> None:
    try:
        os.link(original, target)
    except OSError as error:
        detail(f"{original} is copied: {error.strerror}")
        shutil.copyfile(original, target)


def _check_database(folder: Path, rebuilt: Path) -> list[Finding]:
    from attribution.store.database import Database

    if not (folder / _DATABASE).exists():
        return []
    with Database.open(folder) as database, Database.open(rebuilt) as fresh:
        if database.notes:
            return [Finding(_DATABASE, holds=False, found="; ".join(database.notes))]
        root, expected = (
            json.loads(db.result("merkle_root") or "null") for db in (database, fresh)
        )
        differing = _differing_tables(database, fresh)
    return [
        Finding(
            "Merkle root",
            holds=root == expected,
            found="" if root == expected else f"{root}, not {expected}",
        ),
        Finding(
            _DATABASE,
            holds=not differing,
            found=f"a rebuild has other rows in: {', '.join(differing)}" if differing else "",
        ),
    ]


def _differing_tables(database: Database, fresh: Database) -> list[str]:
    """Return the tables of which the rows differ, in the order of their names."""
    mine, wanted = (_digest_tables(db) for db in (database, fresh))
    return sorted(
        name for name in mine.keys() | wanted.keys() if mine.get(name) != wanted.get(name)
    )


def _digest_tables(database: Database) -> dict[str, str]:
    tables: dict[str, hashlib._Hash] = {}
    for line in database.export_lines():
        name = json.loads(line)["table"]
        tables.setdefault(name, hashlib.sha256()).update(line.encode("utf-8") + b"\n")
    return {name: rows.hexdigest() for name, rows in tables.items()}


def _check_reports(folder: Path, rebuilt: Path) -> list[Finding]:
    """Compare the files a run writes; documents asked for beside these are said to be unchecked."""
    from attribution.store.custody import list_members

    if not (folder / _REPORTS).is_dir():
        return []
    present = dict(list_members(folder / _REPORTS))
    findings = []
    for name, fresh in list_members(rebuilt / _REPORTS):
        mine = present.pop(name, None)
        same = mine is not None and filecmp.cmp(mine, fresh, shallow=False)
        found = "" if same else "missing" if mine is None else "differs from what a run writes now"
        findings.append(Finding(f"{_REPORTS}/{name}", holds=same, found=found))
    for name in present:
        say(f"{_REPORTS}/{name} is not written by `run` and was not checked")
    return findings


def _show(finding: Finding) -> None:
    mark = "ok      " if finding.holds else "DIFFERS "
    line = f"{mark}{finding.what}" + (f": {finding.found}" if finding.found else "")
    print_text(printable_line(line))


def _summarise(findings: list[Finding]) -> str:
    differing = sum(1 for finding in findings if not finding.holds)
    if differing:
        return f"{differing} of {len(findings)} checked differ"
    return (
        f"all {len(findings)} checked are as they were" if findings else "there is no evidence yet"
    )
