"""A session of review: proposals one by one, each answered with one key and kept at once.

The session knows neither the terminal nor the file. It shows and asks through a `Desk`, and keeps
each decision through a `Recorder` before it goes on, so that nothing is lost when it is broken off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from attribution.errors import AttributionError
from attribution.model.manifest import Decision
from attribution.model.proposal import ANSWERS
from attribution.review.pending import Pending


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it does, and for a decision its status and whether a reason is asked for."""

    key: str
    does: str
    status: str | None = None
    reason: str = ""


KEYS = (
    Key("y", "confirm: it is so", "confirmed", "Why (Enter for none): "),
    Key("n", "reject: it is not so", "rejected", "Why not: "),
    Key("c", "contest: the parties disagree on it", "contested", "Who disputes it, and why: "),
    Key("s", "skip: it stays open"),
    Key("b", "back to the one before"),
    Key("u", "undo: withdraw the decision on this one, or the last one made"),
    Key("e", "the evidence in full, and the whole explanation"),
    Key("?", "what the question means, and this list"),
    Key("q", "quit: what is decided is kept already"),
)

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "finding": "The question: is the first sentence so, and are the answers under it right?"
        " They say what could not have been without it. If it is so and a step from it is not,"
        " confirm it, and reject the step afterwards: attribution decide CASE 'CAUSE->EFFECT'"
        " --reject. What would refute it says which record to look for before you answer.",
        "gap": "The question: do the records lack this? Confirmed, their silence is no evidence"
        " that nothing happened; rejected, because you know of the missing records.",
        "proposal": "The question: do you take over what this sentence says? Confirmed, it is a"
        " node of the graph, and, as a cause, part of what its effect needs. Rejected, it stays"
        " a sentence of its author, in no equation. A party's account of itself is a claim.",
        "join": "The question: do these records tell of one event? Rejected, they are events of"
        " their own, and what rests on them is worked out anew.",
    }
)
"""What each kind of proposal asks of a person."""

TEST_ASKED = "Without it, could the effect still have been, by other causes? y or n: "
"""What a person answers who takes a cause over from a text that does not say it itself."""

_OTHER_KEYS: Mapping[str, str] = {" ": "s", "\r": "s", "\n": "s", "\x04": "q", "\x1b": "q"}


class Desk(Protocol):
    """Where the session shows things and asks: a terminal, or a script in a test."""

    def show(self, entry: Pending, number: int, total: int, decision: Decision | None) -> None:
        """Show a proposal with its evidence, and the decision taken on it in this session."""

    def show_more(self, entry: Pending) -> None:
        """Show the whole evidence and the explanation."""

    def say(self, text: str) -> None:
        """Show a line of text."""

    def ask_key(self) -> str:
        """Return the key pressed, in lower case. Raises KeyboardInterrupt, EOFError."""

    def ask_line(self, prompt: str) -> str:
        """Return a line of text. Raises KeyboardInterrupt, EOFError."""


Recorder = Callable[[Decision], object]
"""Keeps a decision for good, or raises an AttributionError and keeps nothing."""


@dataclass(slots=True)
class Session:
    """One pass through proposals. `decisions` are those in force, by id, made in this session."""

    entries: Sequence[Pending]
    desk: Desk
    record: Recorder
    decide: Callable[[Pending, str, str], Decision]
    """Returns the decision on a proposal with this status and reason, at this moment."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    _at: int = 0
    _order: list[str] = field(default_factory=list)

    def run(self) -> bool:
        """Go through the proposals; return False when the person quits before the end."""
        while self._at < len(self.entries):
            entry = self.entries[self._at]
            self.desk.show(entry, self._at + 1, len(self.entries), self.decisions.get(entry.id))
            if not self._answer(entry):
                return False
        return True

    def _answer(self, entry: Pending) -> bool:
        """Ask until an answer leaves this proposal; return False for quit."""
        while True:
            try:
                pressed = self.desk.ask_key()
            except EOFError:
                return False
            name = _OTHER_KEYS.get(pressed, pressed)
            key = next((item for item in KEYS if item.key == name), None)
            if key is None:
                self.desk.say(f"No key of this list: {pressed!r}. Press ? for help.")
            elif key.key == "q":
                return False
            elif key.status is not None:
                if self._decide(entry, key):
                    self._at += 1
                    return True
            elif _MOVES[key.key](self, entry):
                return True

    def _decide(self, entry: Pending, key: Key) -> bool:
        """Record the decision; return False, and say why, where none is kept."""
        try:
            because = self.desk.ask_line(key.reason).strip()
        except EOFError:
            because = ""
        if not because and key.status != "confirmed":
            self.desk.say(f"Not {key.status}: it needs a reason. Press the key again to give one.")
            return False
        answer = None
        if entry.asks and key.status == "confirmed":
            answer = self._ask_answer()
            if answer is None:
                return False
        return self._keep(entry, key.status or "", because, answer)

    def _ask_answer(self) -> str | None:
        """Return the person's answer to the counterfactual test, None where none is given."""
        try:
            typed = self.desk.ask_line(TEST_ASKED).strip().lower()
        except EOFError:
            typed = ""
        answer = {"n": ANSWERS[0], "y": ANSWERS[1]}.get(typed[:1])
        if answer is None:
            self.desk.say("Not confirmed: the test needs an answer, y or n.")
        return answer

    def _keep(self, entry: Pending, status: str, because: str, answer: str | None = None) -> bool:
        decision = self.decide(entry, status, because)
        if answer is not None:
            decision = replace(decision, answer=answer)
        try:
            self.record(decision)
        except AttributionError as error:
            self.desk.say(f"Not kept. {error.diagnostics()}")
            return False
        self._order = [name for name in self._order if name != entry.id]
        if status == "proposed":
            self.decisions.pop(entry.id, None)
            self.desk.say(f"Withdrawn: {entry.id} awaits a decision again.")
        else:
            self.decisions[entry.id] = decision
            self._order.append(entry.id)
            self.desk.say(f"Kept in case.yaml: {entry.id} is {status}.")
        return True

    def _skip(self, _entry: Pending) -> bool:
        self._at += 1
        return True

    def _back(self, _entry: Pending) -> bool:
        if not self._at:
            self.desk.say("This is the first one.")
            return False
        self._at -= 1
        return True

    def _undo(self, entry: Pending) -> bool:
        """Withdraw the decision on this proposal, or else the last one, and go to it."""
        name = entry.id if entry.id in self.decisions else next(reversed(self._order), None)
        position = next(
            (number for number, item in enumerate(self.entries) if item.id == name), None
        )
        if position is None:
            self.desk.say("Nothing has been decided in this pass.")
            return False
        if not self._keep(self.entries[position], "proposed", ""):
            return False
        self._at = position
        return True

    def _more(self, entry: Pending) -> bool:
        self.desk.show_more(entry)
        return False

    def _help(self, entry: Pending) -> bool:
        self.desk.say(MEANINGS[entry.kind])
        for key in KEYS:
            self.desk.say(f"  {key.key}  {key.does}")
        return False


_MOVES: Mapping[str, Callable[[Session, Pending], bool]] = {
    "s": Session._skip,  # noqa: SLF001 - its own
    "b": Session._back,  # noqa: SLF001
    "u": Session._undo,  # noqa: SLF001
    "e": Session._more,  # noqa: SLF001
    "?": Session._help,  # noqa: SLF001
}
