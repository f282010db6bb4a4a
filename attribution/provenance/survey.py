"""Who and what wrote each commit of a repository, told as it is walked.

Two passes: the first keeps small facts of the whole history, from which its habits are told; the
second reads one commit after another, newest first, with its texts, line counts and notes, and
keeps none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import InputError
from attribution.ingest.git import Repository, open_repository
from attribution.ingest.opening import Opening
from attribution.ingest.readers.git_notes import NOTES
from attribution.model.commit import Anomaly
from attribution.model.instant import Instant
from attribution.model.record import JsonValue
from attribution.provenance.agent_trace import PATH
from attribution.provenance.anomalies import locate_anomalies
from attribution.provenance.authorship import judge_kind, sort_marks
from attribution.provenance.carried import find_carried_marks
from attribution.provenance.conflicts import find_conflicts
from attribution.provenance.dossier import Dossier
from attribution.provenance.facts import read_history
from attribution.provenance.markers import Mark
from attribution.provenance.repository_anomalies import locate_repository_anomalies
from attribution.provenance.rewritten import OUTDONE, follow_rewritten
from attribution.provenance.sessions import find_session_marks
from attribution.provenance.totals import Totals
from attribution.provenance.walk import Walk, WalkedCommit
from attribution.provenance.witnesses import Witnesses

if TYPE_CHECKING:
    from attribution.provenance.transcripts import Transcripts

_BUNDLE = b"# v"
_EVERY = 500
_NO_MARKER = "no marker means unknown, never human"


class Survey(Opening):
    """The survey of one repository; iterate `dossiers` once, then ask for `totals`."""

    def __init__(
        self,
        path: Path,
        since: Instant | None = None,
        tell: Callable[[str], object] = bool,
        sessions: Sequence[Path] = (),
    ) -> None:
        """Name a repository's folder or a bundle; `since` leaves out what was committed before.

        `sessions` are transcripts kept beside the repository: files or folders of them.
        """
        self._path = path
        self._since = since
        self._tell = tell
        self._transcripts = _open_transcripts(sessions, tell) if sessions else None
        super().__init__()
        self._counts = Totals()
        self._cut = 0
        self._wanted = 0
        self.stopped = False

    def _open(self) -> None:
        _require_repository(self._path)
        self._repository = repository = self._stack.enter_context(open_repository(self._path))
        self._shallow = _is_shallow(repository, self._path)
        self._objects = self._stack.enter_context(repository.objects())
        sizes = self._stack.enter_context(repository.objects(contents=False))
        self._has_head = sizes.read("HEAD") is not None
        self._witnesses = Witnesses(repository, self._objects, sizes)
        self._history = read_history(repository, self._tell)
        if not self._history.commits:
            raise InputError(
                "the repository has no commits",
                file=str(self._path),
                expected="a repository with history",
                remedy="check that it is the right folder, and the clone complete",
            )
        self._walk = Walk(repository)
        self._follow()
        told = self._transcripts.events() if self._transcripts else ()
        self._sessions = find_session_marks(told, sorted(self._history.position))
        self._tell("looking at the pull requests that carried commits")
        self._carried = find_carried_marks(repository, self._history, self._witnesses)
        self._tell("looking at references and the build's inputs")
        beside = locate_repository_anomalies(repository, self._history)
        self._unseen = beside.remarks
        self._anomalies = locate_anomalies(self._history)
        for at, anomalies in beside.found.items():
            self._anomalies.setdefault(at, []).extend(anomalies)

    def _follow(self) -> None:
        """Find the commits that stand in for noted or traced ones: rewritten, or copied."""
        known = self._history.position
        notes, traces = self._witnesses.notes, self._witnesses.traces
        told = notes.shas | traces.by_revision.keys()
        gone = told - known.keys()
        if told:
            self._tell(f"looking for what became of {len(told):,} commits that notes are about")
        found = follow_rewritten(self._repository, self._objects, self._history, told)
        self._witnesses.predecessor = found.predecessor
        account = notes.account
        account.on_history = len(notes.shas & known.keys())
        used = {old for new, old in found.predecessor.items() if new not in notes}
        lost = sorted((notes.shas & gone) - used)
        for number, sha in enumerate(lost):
            if number % _EVERY == 0:
                self._tell(f"reading {number:,} of {len(lost):,} notes of lost commits")
            account.not_followed[found.lost.get(sha, OUTDONE)] += 1
            if self._since is None:
                notes.read(sha, self._objects)
        lost_traces = traces.by_revision.keys() & found.lost.keys()
        self._lost_traces = Counter(found.lost[sha] for sha in lost_traces)

    def stop(self) -> None:
        """Let `dossiers` end after the commit it is at; the totals are then of those before."""
        self.stopped = True

    def dossiers(self) -> Iterator[Dossier]:
        """Yield every commit since `since`, the newest first; little is in memory at a time."""
        commits = self._history.commits
        wanted = [
            fact.sha
            for fact in reversed(commits)
            if self._since is None or (fact.committed is not None and fact.committed >= self._since)
        ]
        self._wanted = len(wanted)
        for walked in self._walk.commits(wanted):
            if self.stopped:
                return
            dossier = self._describe(walked)
            self._counts.add(dossier)
            self._cut += walked.cut
            if self._counts.commits % _EVERY == 0:
                self._tell(f"{self._counts.commits:,} of {len(wanted):,} commits")
            yield dossier

    def _describe(self, walked: WalkedCommit) -> Dossier:
        heard = self._witnesses.hear(walked)
        told = (Mark(mark, weak=False) for mark in self._sessions.marks.get(walked.sha, ()))
        marks = (*heard.marks, *told, *self._carried.marks.get(walked.sha, ()))
        return Dossier(
            walked,
            judge_kind(marks),
            sort_marks(marks),
            self._list_anomalies(walked.sha),
            find_conflicts(marks, heard.note),
            heard.note,
            heard.place,
            heard.followed_from,
        )

    def _list_anomalies(self, sha: str) -> tuple[Anomaly, ...]:
        """Return the anomalies of a commit by their ids."""
        found = self._anomalies.get(self._history.position[sha], ())
        return tuple(sorted(found, key=lambda anomaly: anomaly.id))

    def totals(self) -> dict[str, JsonValue]:
        """Return the counts, what became of every note and trace, and what to bear in mind."""
        return {
            **self._counts.to_dict(),
            "history": len(self._history.commits),
            "partial": self._counts.commits < self._wanted,
            "line_notes": self._witnesses.notes.account.to_dict(),
            "agent_trace": {
                **self._witnesses.traces.to_dict(),
                "not_followed": {why: self._lost_traces[why] for why in sorted(self._lost_traces)},
            },
            "squashes": self._carried.to_dict(),
            "checkpoints": self._witnesses.checkpoints.account.to_dict(),
            "sessions": self._describe_sessions(),
            "notes": list[JsonValue](self._remarks()),
        }

    def _describe_sessions(self) -> dict[str, JsonValue] | None:
        """Return what became of the transcripts given beside the repository, None without any."""
        if self._transcripts is None:
            return None
        return {
            **self._transcripts.account.to_dict(),
            "commits": len(self._sessions.marks),
            "commits_not_here": self._sessions.unknown,
        }

    def _remarks(self) -> Iterator[str]:
        if self._counts.commits < self._wanted:
            yield (
                f"interrupted: this is about the newest {self._counts.commits:,} of"
                f" {self._wanted:,} commits alone"
            )
        yield _NO_MARKER
        if self._shallow:
            yield "the history is cut, as this is a shallow clone: habits are told from the rest"
        if not self._witnesses.notes.account.is_any_there:
            yield (
                f"no line notes: {NOTES} is not here, and a plain clone takes none along"
                " (git fetch origin 'refs/notes/*:refs/notes/*')"
            )
        if not self._has_head:
            yield f"HEAD leads to no commit: {PATH} was not looked for"
        if self._walk.uncounted:
            yield (
                f"the lines of {self._walk.uncounted:,} commits could not be counted:"
                " the repository lacks files they changed"
            )
        if self._counts.surplus_notes:
            yield (
                f"{self._counts.surplus_notes:,} line notes give more lines than their commit adds:"
                " some of those were there before, or were counted twice"
            )
        if self._cut:
            yield f"{self._cut:,} commits have a name, subject or trailers too long to read whole"
        yield from self._unseen


def _open_transcripts(sessions: Sequence[Path], tell: Callable[[str], object]) -> Transcripts:
    # With the readers of every format: most surveys are of a repository alone.
    from attribution.provenance.transcripts import Transcripts

    return Transcripts(sessions, tell)


def _require_repository(path: Path) -> None:
    """Raise InputError for a path that is neither a folder nor a bundle."""
    if path.is_dir():
        return
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_BUNDLE)) == _BUNDLE:
                return
    raise InputError(
        "this is no git repository",
        file=str(path),
        got="a file that is no bundle" if path.exists() else "nothing of this name",
        expected="the folder of a repository, or a bundle made with `git bundle create`",
        remedy="name the folder that holds .git, or the bare repository itself",
    )


def _is_shallow(repository: Repository, path: Path) -> bool:
    try:
        return repository.run("rev-parse", "--is-shallow-repository").strip() == "true"
    except InputError as error:
        raise InputError(
            "this is no git repository",
            file=str(path),
            got=error.got,
            expected="the folder of a repository, or a bundle made with `git bundle create`",
            remedy="name the folder that holds .git, or the bare repository itself",
        ) from None
