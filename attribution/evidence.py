"""The evidence of a case: hashed, held to what was taken in, and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attribution.errors import AttributionError, EvidenceError, InputError, ManifestError
from attribution.ingest import detect_format, read_evidence
from attribution.ingest.git import Repository, open_repository
from attribution.ingest.place import show_place
from attribution.model.commit import Commit
from attribution.model.manifest import EvidenceEntry, Manifest
from attribution.model.origin import Lead, TracedOrigin
from attribution.model.period import Period
from attribution.model.record import Accounting, EvidenceItem, Reading, Rejection
from attribution.model.risk import ChangeRisk
from attribution.provenance.origin import find_origin
from attribution.provenance.risk import assess_risk
from attribution.schema.evidence import evidence_path
from attribution.store.custody import digest

_LONGEST_QUOTE = 240
NO_REPOSITORY = "not measured: no evidence item is a repository that holds this commit"


def hash_evidence(folder: Path, manifest: Manifest) -> tuple[EvidenceItem, ...]:
    """Return the evidence items of the case in `folder` with their hashes, in declared order.

    Raises EvidenceError when one is missing or is not what was taken in: a result that rests on
    altered evidence would be wrong without showing it.
    """
    return tuple(_hashed(folder, entry) for entry in manifest.evidence)


def read_items(
    folder: Path, manifest: Manifest, items: tuple[EvidenceItem, ...]
) -> Mapping[str, Reading]:
    """Return what was read of each item, by its id.

    An item that cannot be read at all loses none of the others: its reading is empty, counts one
    rejected entry, and carries the message.
    """
    return {
        item.id: _read(evidence_path(folder, entry), entry, item, manifest.period)
        for entry, item in zip(manifest.evidence, items, strict=True)
    }


def measure_changes(
    repositories: Iterable[tuple[str, Path]], commits: Iterable[Commit]
) -> tuple[ChangeRisk, ...]:
    """Return how each commit compares with those before it in the repository that holds it.

    Where none holds it, or its repository cannot tell, the entry has no measures and says why.
    """
    wanted = {commit.sha: commit.subject for commit in commits}
    found: dict[str, ChangeRisk] = {}
    reasons: dict[str, str] = {}
    for _, path in repositories:
        if left := [sha for sha in wanted if sha not in found]:
            with open_repository(path) as repository:
                _measure(repository, left, found, reasons)
    return tuple(
        found.get(sha) or _leave_out(sha, subject, reasons.get(sha, NO_REPOSITORY))
        for sha, subject in wanted.items()
    )


def _measure(
    repository: Repository,
    shas: Iterable[str],
    found: dict[str, ChangeRisk],
    reasons: dict[str, str],
) -> None:
    """Add what one repository tells of those commits that it holds, or why it cannot."""
    with repository.objects(contents=False) as sizes:
        here = [sha for sha in shas if sizes.read(sha) is not None]
    try:
        found |= {risk.commit: risk for risk in assess_risk(repository, here)}
    except InputError:
        for sha in here:  # one by one, as one of them cannot be measured
            try:
                [found[sha]] = assess_risk(repository, [sha])
            except InputError as error:
                got = "" if error.got is None else f" ({error.got})"
                reasons[sha] = f"not measured: {error.message}{got}"


def _leave_out(sha: str, subject: str, reason: str) -> ChangeRisk:
    return ChangeRisk(sha, subject, merge=False, changes=0, measures=(), facts=(), notes=(reason,))


def trace_repair(repositories: Iterable[tuple[str, Path]], sha: str) -> TracedOrigin | None:
    """Return what a repair leads to in the first repository that holds it, None where none does.

    Where its lines cannot be traced, as of a first commit, nothing is named and `why` says so.
    """
    for _, path in repositories:
        with open_repository(path) as repository:
            with repository.objects(contents=False) as sizes:
                here = sizes.read(sha) is not None
            if here:
                try:
                    found = find_origin(repository, sha)
                except InputError as error:
                    return TracedOrigin(sha, None, f"its lines cannot be traced: {error.message}")
                leads = tuple(
                    Lead(one.commit, one.lines, one.files, one.score, one.subject)
                    for one in found.candidates
                )
                return TracedOrigin(sha, found.named, found.why, leads)
    return None


def list_repositories(
    folder: Path, manifest: Manifest, readings: Mapping[str, Reading]
) -> tuple[tuple[str, Path], ...]:
    """Return the id and path of each evidence item that was read as a git repository or bundle."""
    return tuple(
        (entry.id, evidence_path(folder, entry))
        for entry in manifest.evidence
        if readings[entry.id].format == "git" and readings[entry.id].records
    )


def quote_places(
    folder: Path, evidence: Iterable[EvidenceItem], references: Iterable[str]
) -> dict[str, str]:
    """Return the words at each reference such as `E1#line 4`, on one line and cut where long.

    Of a place that cannot be shown it is said so.
    """
    items = {item.id: item for item in evidence}
    found = {}
    for reference in sorted(set(references)):
        name, _, place = reference.partition("#")
        item = items.get(name)
        if item is None or not place:
            continue
        try:
            text = " ".join(show_place(folder / item.path, place, item.format).split())
        except AttributionError as error:
            found[reference] = f"(cannot be shown: {error.message})"
            continue
        more = f"... [{len(text)} characters]"
        found[reference] = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + more
    return found


def check_references(folder: Path, manifest: Manifest) -> None:
    """Raise ManifestError for a place cited in the manifest that its evidence does not have.

    What is cited and not there would lend a statement a credence it does not have.
    """
    entries = {entry.id: entry for entry in manifest.evidence}
    for where, reference in _cited(manifest):
        evidence, _, place = reference.partition("#")
        try:
            entry = entries[evidence]
            show_place(evidence_path(folder, entry), place, entry.format)
        except (KeyError, InputError) as error:
            got = error.got if isinstance(error, InputError) else "no evidence item of this id"
            raise ManifestError(
                "a place is cited that the evidence does not have",
                file="case.yaml",
                place=where,
                got=f"{reference} ({got})",
                expected="ITEM#PLACE as `attribution timeline CASE --format json` gives it",
                remedy="open the file and correct the place; `attribution explain CASE"
                " ITEM#PLACE` shows what stands there",
            ) from error


def _cited(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield every evidence reference of the manifest, once, with the entry that makes it."""
    entries: list[tuple[str, tuple[str, ...]]] = [
        *((f"policies, {item.id}", item.evidence) for item in manifest.policies),
        *((f"approvals, {item.covers}", item.evidence) for item in manifest.approvals),
        *((f"changes, {item.commit}", item.evidence) for item in manifest.changes),
        *((f"tasks, {item.id}", item.evidence) for item in manifest.tasks),
        *((f"harm, {item.id}", item.evidence) for item in manifest.harms),
        *((f"claims, {item.id}", item.evidence) for item in manifest.claims),
        *((f"hypotheses, {item.id}", item.evidence) for item in manifest.hypotheses),
        *((f"graph.edges, {item.source}", item.evidence) for item in manifest.edges),
    ]
    if manifest.loss is not None:
        entries += ((f"loss.{place}", evidence) for place, evidence in manifest.loss.cited())
    for hypothesis in manifest.hypotheses:
        if hypothesis.extra_cause is not None:
            place = f"hypotheses, {hypothesis.id}, extra_cause"
            entries.append((place, hypothesis.extra_cause.evidence))
    for node in manifest.nodes:
        cited = node.fields.get("evidence", ())
        if isinstance(cited, tuple):
            entries.append((f"graph.nodes, {node.id}", cited))
    seen: set[str] = set()
    for where, references in entries:
        for reference in references:
            if reference not in seen:
                seen.add(reference)
                yield where, reference


def _hashed(folder: Path, entry: EvidenceEntry) -> EvidenceItem:
    path = evidence_path(folder, entry)
    if not path.exists():
        raise EvidenceError(
            f"evidence item {entry.id} is missing",
            file=entry.path,
            got="no such file",
            expected="the file that was taken in",
            remedy="put it back, or take its entry out of case.yaml",
        )
    found = digest(path)
    if entry.sha256 is not None and found.sha256 != entry.sha256:
        raise EvidenceError(
            f"evidence item {entry.id} is not what was taken in",
            file=entry.path,
            got=f"SHA-256 {found.sha256}",
            expected=f"SHA-256 {entry.sha256}",
            remedy="put the original back; `attribution verify` checks every item",
        )
    return EvidenceItem(
        id=entry.id,
        path=entry.path,
        format=entry.format or detect_format(path).format or "unknown",
        sha256=found.sha256,
        size=found.size,
        zone=entry.zone,
        offset_seconds=entry.offset_seconds or 0.0,
        offset_error_seconds=entry.offset_error_seconds,
        custodian=entry.custodian,
        collected=entry.collected,
        note=entry.note,
        synthetic=entry.synthetic,
        offset_declared=entry.offset_seconds is not None,
    )


def _read(path: Path, entry: EvidenceEntry, item: EvidenceItem, window: Period) -> Reading:
    try:
        return read_evidence(
            path,
            format=entry.format,
            zone=entry.zone,
            columns=entry.columns,
            time_format=entry.time_format,
            window=window,
            repository=entry.repository,
            collected=entry.collected,
            evidence_id=entry.id,
        )
    except InputError as error:
        reason = error.message if error.got is None else f"{error.message} (got {error.got})"
        return Reading(
            format=item.format,
            records=(),
            accounting=Accounting(read=1, rejected=1),
            rejections=(Rejection(error.place or "the whole item", reason),),
            truncations=(f"the item could not be read: {reason}",),
        )
