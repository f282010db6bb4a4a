"""The origin of a defect: from a fix or revert back to the commits that brought it in.

This is the SZZ problem (Sliwerski, Zimmermann and Zeller 2005; Kim et al. 2006; da Costa et al.
2017). Rosa et al. (2021, 2023) found on fixes whose authors name the culprit that the newest
suspect is the best single guess. Here a suspect has its part of the weight of all clues, less the
older it is and the more suspects are newer; one is named only where little is left for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attribution.ingest.git import Repository
from attribution.model.instant import SECOND, Instant, format_instant
from attribution.provenance.evidence import (
    MOST_DISTANCE,
    MOST_FILES,
    Evidence,
    Tell,
    gather_evidence,
)
from attribution.provenance.fixes import CommitFacts
from attribution.provenance.suspects import (
    STANDARD,
    Standard,
    Suspect,
    measure_age,
    score_suspects,
)

_DIGITS = 4
_UNITS = (("day", 86400), ("hour", 3600))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit that may have brought the defect in.

    `lines` counts the lines of the version before the fix that lead to it, 0 where only the message
    does; `score` is its part of the evidence, in [0, 1], and all scores add up to 1. `grounds` says
    what speaks for it.
    """

    commit: str
    lines: int
    files: tuple[str, ...]
    score: float
    committed: Instant
    subject: str
    grounds: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as `attribution origin --json` prints it."""
        return {
            "commit": self.commit,
            "lines": self.lines,
            "files": [_show(path) for path in self.files],
            "score": round(self.score, _DIGITS),
            "committed": format_instant(self.committed),
            "subject": self.subject,
            "grounds": list(self.grounds),
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """The answer: candidates from the likeliest down, the one that stands out, and why or why not.

    `named` is None when the evidence does not single one out. `notes` says what else to know: a
    statement of the message that did not stand, commits that were passed over, what was left out.
    """

    fix: CommitFacts
    candidates: tuple[Candidate, ...]
    named: str | None
    why: str
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as `attribution origin --json` prints it."""
        return {
            "fix": self.fix.sha,
            "subject": self.fix.subject,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "named": self.named,
            "why": self.why,
            "notes": list(self.notes),
        }


def find_origin(
    repository: Repository,
    revision: str,
    *,
    message: bool = True,
    cache: Path | None = None,
    tell: Tell = lambda _text: None,
) -> Origin:
    """Return where what a commit repairs came from; without `message`, judged by the code alone.

    What is learnt of the history is kept in the folder `cache`; the answer is the same without.
    Several questions about one open repository share what git was started for.

    Raises InputError for a revision that is no commit, a first commit, or one that changes no text.
    """
    return judge(gather_evidence(repository, revision, message=message, cache=cache, tell=tell))


def judge(evidence: Evidence, standard: Standard = STANDARD) -> Origin:
    """Return the answer that the evidence gives by a standard."""
    code = score_suspects(evidence.suspects, evidence.fix.facts.committed, standard)
    left = list(dict.fromkeys(one.label.sha for one in evidence.leftovers))
    code = _add_testimony(code, left, standard)
    named = list(dict.fromkeys(said.commit for said in evidence.testimony if said.commit))
    scores = _add_testimony(code, named, standard)
    suspects = {suspect.label.sha: suspect for suspect in evidence.suspects}
    labels = evidence.witnesses | {sha: suspect.label for sha, suspect in suspects.items()}
    order = sorted(scores, key=lambda sha: (-scores[sha], -labels[sha].committed, sha))
    answer, why = _name(evidence, code, named, standard)
    return Origin(
        evidence.fix.facts,
        tuple(
            Candidate(
                sha,
                suspects[sha].lines if sha in suspects else 0,
                suspects[sha].files if sha in suspects else (),
                scores[sha],
                Instant(labels[sha].committed * SECOND),
                labels[sha].subject,
                tuple(_list_grounds(evidence, sha, suspects.get(sha))),
            )
            for sha in order
        ),
        answer,
        why,
        tuple(_list_notes(evidence)),
    )


def _add_testimony(
    code: Mapping[str, float], named: list[str], standard: Standard
) -> dict[str, float]:
    """Return the scores with what the message says, shared between the commits it points to."""
    if not named:
        return dict(code)
    part = standard.testimony if code else 1.0
    scores = {sha: score * (1 - part) for sha, score in code.items()}
    for sha in named:
        scores[sha] = scores.get(sha, 0.0) + part / len(named)
    return scores


def _name(
    evidence: Evidence, code: Mapping[str, float], named: list[str], standard: Standard
) -> tuple[str | None, str]:
    """Return the commit that stands out, and why; or None, and why none does."""
    by_code, why = _name_by_code(evidence, code, standard)
    if not named:
        return by_code, why
    if len(named) > 1:
        many = ", ".join(sha[:12] for sha in named)
        return None, f"the message points to {len(named)} commits: {many}"
    said = next(said for said in evidence.testimony if said.commit == named[0])
    claim = f"{said.claim}; {said.found}"
    if said.proven:
        return named[0], claim
    if named[0] in code:
        return named[0], f"{claim}, and lines that the fix touches lead to it"
    if by_code is not None:
        contrary = f"the lines that the fix touches lead to {by_code[:12]} and not to it"
        return None, f"{claim}, but {contrary}"
    return named[0], f"{claim}; the lines that the fix touches do not lead to it"


def _name_by_code(
    evidence: Evidence, code: Mapping[str, float], standard: Standard
) -> tuple[str | None, str]:
    left = {one.label.sha: one.claim for one in evidence.leftovers}
    if len(left) == 1:
        [(sha, claim)] = left.items()
        return sha, claim
    if not code:
        return None, "no line of the version before the fix leads to an earlier commit"
    best = max(code, key=lambda sha: (code[sha], sha))
    doubt = _find_doubt(evidence, best, code[best], standard)
    if doubt:
        return None, doubt
    many = _count_between(evidence.distances.get(best, MOST_DISTANCE))
    return best, f"{_tell_weight(best, code[best])}; {many} between it and the fix"


def _find_doubt(evidence: Evidence, best: str, score: float, standard: Standard) -> str:
    """Return why the commit with the most of the evidence is not named, empty where it is."""
    weight = _tell_weight(best, score)
    suspect = next((one for one in evidence.suspects if one.label.sha == best), None)
    if suspect is not None and suspect.edge:
        return f"{weight}, where this shallow clone ends: the lines may be older"
    if score < standard.sure:
        return f"only {weight}; one is named from {standard.sure:.0%} on"
    if suspect is not None and suspect.share < standard.part:
        lines = f"only {suspect.share:.0%} of the weight of all lines leads to it"
        return f"{best[:12]} is recent, but {lines}: less than {standard.part:.0%}"
    distance = evidence.distances.get(best, MOST_DISTANCE)
    if distance > standard.near:
        many = _count_between(distance)
        return f"{weight}, but {many} between it and the fix: more than {standard.near}"
    return ""


def _tell_weight(sha: str, score: float) -> str:
    return f"{score:.0%} of the evidence leads to {sha[:12]}"


def _count_between(distance: int) -> str:
    if distance >= MOST_DISTANCE:
        return "too many commits lie"
    return {0: "no commit lies", 1: "1 commit lies"}.get(distance, f"{distance} commits lie")


def _list_grounds(evidence: Evidence, sha: str, suspect: Suspect | None) -> list[str]:
    grounds = [said.claim for said in evidence.testimony if said.commit == sha]
    grounds += [one.claim for one in evidence.leftovers if one.label.sha == sha]
    if suspect is None:
        return grounds
    around = suspect.lines - suspect.removed
    if suspect.removed:
        grounds.append(f"{suspect.removed} of the lines that the fix takes away")
    if around:
        grounds.append(f"{around} of the lines around what the fix adds")
    when = _tell_when(suspect, evidence.fix.facts.committed)
    grounds.append(f"{suspect.share:.0%} of the weight of all lines; committed {when}")
    return grounds


def _tell_when(suspect: Suspect, repaired: int) -> str:
    if suspect.label.committed > repaired:
        return "after the fix, by its clock"
    age = measure_age(suspect, repaired)
    for unit, seconds in _UNITS:
        many = age // seconds
        if many:
            return f"{many:,} {unit}{'' if many == 1 else 's'} before the fix"
    return "less than an hour before the fix"


def _list_notes(evidence: Evidence) -> list[str]:
    notes = [f"{said.claim}, but {said.found}" for said in evidence.testimony if not said.commit]
    if len(evidence.fix.facts.parents) > 1:
        notes.append("the fix is a merge; it is read as what it brought to its first parent")
    if evidence.passed:
        many = "1 commit was" if evidence.passed == 1 else f"{evidence.passed} commits were"
        notes.append(f"{many} passed over that only reshaped or renamed what stood there")
    if evidence.left_out:
        notes.append(f"of the fix's files only {MOST_FILES} were traced, {evidence.left_out} not")
    if evidence.fix.patch.binary:
        many = "1 binary file" if evidence.fix.patch.binary == 1 else "binary files"
        notes.append(f"{many} of the fix cannot be traced")
    if evidence.unsearched:
        names = ", ".join(f'"{name}"' for name in evidence.unsearched)
        notes.append(f"who left {names} behind was not looked for: the repository lacks files")
    return notes


def _show(path: str) -> str:
    """Return a path as text; bytes that are not UTF-8 become escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
