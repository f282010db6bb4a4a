"""A session of `attribution review` on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attribution.cli import review_pages
from attribution.cli.decide import UNNAMED
from attribution.cli.explain import print_explanation
from attribution.cli.options import print_text
from attribution.cli.progress import limited
from attribution.cli.proposed import describe_proposal
from attribution.cli.review import draw_agenda
from attribution.explanation import explain
from attribution.model.instant import from_datetime
from attribution.review.citations import Citations
from attribution.review.moves import OF_RECORDS, measure_moves
from attribution.review.pending import PROPOSAL, Pending, list_pending
from attribution.review.recording import Recorder, count_statuses
from attribution.review.session import Session

if TYPE_CHECKING:
    from attribution.case import Case
    from attribution.cli.review import Agenda
    from attribution.model.manifest import Decision
    from attribution.review.moves import Move

_IDLE = (
    "The {count} from here on move no share. They complete the graph: what the records lack, and"
    " what texts say. s leaves one open; q ends, and all that was decided is kept."
)
_PROMPT = "y yes, n no, c contest, s skip, b back, u undo, e evidence, ? help, q quit: "
_SECONDS = 20.0
"""How long the shares before and after may take at the end of a session."""


class Terminal:
    """The desk of a session: plain lines and single keys."""

    def __init__(self, recorder: Recorder, agenda: Agenda) -> None:
        case = recorder.case
        self._case = case
        self._recorder = recorder
        self._agenda = agenda
        self._citations = Citations(case)
        self._names = {party.id: party.name for party in case.manifest.parties}
        self._told_idle = False

    def show(self, entry: Pending, number: int, total: int, decision: Decision | None) -> None:
        """Print the screen of one proposal; once, that from here on none moves a share."""
        if not self._told_idle and self._is_idle_from(number):
            self._told_idle = True
            self.say(f"\n{_IDLE.format(count=total - number + 1)}")
        print_text(
            "\n"
            + review_pages.describe_entry(
                entry,
                f"{number} of {total}",
                self._move(entry),
                self._citations.find(entry.evidence),
                self._names,
                decision,
            )
        )

    def _is_idle_from(self, number: int) -> bool:
        """Whether no answer from this number on moved a share when the pass began."""
        rest = [self._agenda.moves[entry.id] for entry in self._agenda.awaiting[number - 1 :]]
        return all(move.reach == 0 or move.reason == OF_RECORDS for move in rest)

    def _move(self, entry: Pending) -> Move:
        """Return what its answers do to the shares as the decisions so far have made them."""
        case = self._recorder.case
        if case is self._case:
            return self._agenda.moves[entry.id]
        return measure_moves(case, (entry,), self._agenda.points)[entry.id]

    def show_more(self, entry: Pending) -> None:
        """Print what `attribution explain` says."""
        if entry.kind == PROPOSAL:
            graph = self._recorder.case.graph()
            found = next(one for one in graph.proposals if one.id == entry.id)
            print_text(describe_proposal(found))
        else:
            print_explanation(explain(self._recorder.case, entry.id))

    def say(self, text: str) -> None:
        """Print a text at the width of the terminal; what is indented keeps its lines."""
        print_text(text if text.startswith(" ") else review_pages.fold(text))

    def ask_key(self) -> str:
        """Return the next key, in lower case; it is shown, as typed keys are."""
        click.echo(_PROMPT, nl=False)
        key = ""
        try:
            key = click.getchar().lower()
        finally:
            click.echo(key if key.isprintable() else "")
        return key

    def ask_line(self, prompt: str) -> str:
        """Return a line as typed, without control characters."""
        return _ask_line(prompt)


def hold_session(case: Case, given: Path, person: str | None) -> None:
    """Go through everything that awaits a decision until it is done or the person ends it."""
    agenda = draw_agenda(case)
    if not agenda.awaiting:
        print_text("Nothing awaits a decision. `attribution review --decided` shows the decisions.")
        return
    recorder = Recorder(case)
    print_text(
        f"{case.manifest.title}\n{len(agenda.awaiting)} proposals await a decision; those that move"
        " the shares most come first.\nEach answer is kept in case.yaml at once. ? says what a"
        " question means."
    )
    decisions: dict[str, Decision] = {}
    try:
        name = (person or _ask_line("Who decides (a role or a name): ")).strip() or UNNAMED
        while agenda.awaiting:
            session = Session(agenda.awaiting, Terminal(recorder, agenda), recorder, _decider(name))
            finished = session.run()
            decisions |= session.decisions
            if not finished:
                break
            agenda = draw_agenda(recorder.case)
            if agenda.awaiting and not _go_on(len(agenda.awaiting)):
                break
    except EOFError:
        pass
    except (KeyboardInterrupt, click.Abort):
        print_text(f"\nStopped. What was decided is in case.yaml. Go on with:\n  {_line(given)}")
        raise
    _conclude(case, recorder.case, given, decisions)


def _ask_line(prompt: str) -> str:
    return "".join(letter for letter in input(prompt) if letter.isprintable())


def _line(given: Path) -> str:
    return f"attribution review {given}"


def _decider(name: str) -> Callable[[Pending, str, str], Decision]:
    def decide(entry: Pending, status: str, because: str) -> Decision:
        now = from_datetime(datetime.now(UTC).replace(microsecond=0))
        return entry.decide(status, name, now, because)

    return decide


def _go_on(left: int) -> bool:
    click.echo(f"{left} still await a decision. Go through them again? y or n: ", nl=False)
    try:
        return click.getchar().lower() == "y"
    except EOFError:
        return False
    finally:
        click.echo()


def _conclude(before: Case, after: Case, given: Path, decisions: dict[str, Decision]) -> None:
    """Print what was decided, what is left, and the shares before and after."""
    left = sum(entry.awaits for entry in list_pending(after))
    if not decisions:
        print_text(f"\nNothing was decided. {left} await a decision.")
        return
    counts = review_pages.count_words(count_statuses(decisions.values()))
    print_text(f"\nDecided: {len(decisions)} ({counts}). {left} await a decision.")
    for line in review_pages.describe_standing(after.graph()):
        print_text(line)
    if before.manifest.harms and before.manifest.mode != "learning":
        for case in (before, after):
            with limited(case, _SECONDS):
                case.attribute()
        print_text("Shares before -> after, each with its range:")
        for line in review_pages.describe_change(before.attribute(), after.attribute()):
            print_text(line)
    print_text(f"Next: attribution run {given}")
