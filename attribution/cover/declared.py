"""The policies that a case declares, each with what was done under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from attribution.cover.policyfile import load_policy
from attribution.errors import ManifestError
from attribution.model.manifest import COVER, InsuranceEntry, Manifest
from attribution.model.policy import InsurancePolicy

Declared = tuple[InsurancePolicy, InsuranceEntry]


def load_declared(folder: Path, manifest: Manifest) -> tuple[Declared, ...]:
    """Return the policies under `insurance` of a case in `folder`, read, with their entries.

    Raises as `load_policy`; ManifestError where two policies have clauses of one id, or a decision
    is about a clause that none has.
    """
    found = tuple((load_policy(folder / entry.policy), entry) for entry in manifest.insurance)
    owner: dict[str, str] = {}
    for policy, entry in found:
        for clause in policy.clauses:
            if clause.id in owner:
                raise ManifestError(
                    "two policies have clauses of one id, so a decision would be about both",
                    file=str(folder / entry.policy),
                    place=clause.id,
                    got=f"{owner[clause.id]} and {policy.id}",
                    expected="ids unique over the policies of a case",
                    remedy="rename one of the two",
                )
            owner[clause.id] = policy.id
    for decision in manifest.decisions:
        if decision.is_of_cover and decision.on.removeprefix(COVER) not in owner:
            raise no_such_clause(decision.on, tuple(owner))
    return found


def no_such_clause(subject: str, known: tuple[str, ...]) -> ManifestError:
    """Return the error for a decision on a clause that no policy of the case has."""
    return ManifestError(
        "there is no such clause",
        file="case.yaml",
        place="decisions",
        got=subject,
        expected=", ".join(COVER + name for name in known) or "a policy under `insurance` first",
        remedy="copy the id from `attribution cover`",
    )


def replace_policy(
    folder: Path, manifest: Manifest, path: Path, insured: tuple[str, ...]
) -> tuple[Declared, ...]:
    """Return the policy of a file outside the case, with the entry of the case that it belongs to.

    That is the only one, else that of the policy with the same id. `insured` are the parties it
    insures, else those of that entry. Raises as `load_policy`; ManifestError where nothing says
    who is insured, or a party is not in the case.
    """
    policy = load_policy(path)
    entries = manifest.insurance
    if len(entries) > 1:
        same = (load_policy(folder / one.policy).id == policy.id for one in entries)
        entries = tuple(one for one, alike in zip(entries, same, strict=True) if alike)
    entry = entries[0] if len(entries) == 1 else None
    known = tuple(party.id for party in manifest.parties)
    named = insured or (entry.insured if entry is not None else ())
    if not named or any(name not in known for name in named):
        raise ManifestError(
            "it is not clear whom the policy insures",
            file=str(path),
            got=", ".join(named) or f"no entry under `insurance` for the policy {policy.id}",
            expected=f"one or several of {', '.join(known)}",
            remedy="name them with --insured",
        )
    own = InsuranceEntry(str(path), named) if entry is None else replace(entry, insured=named)
    return ((policy, own),)
