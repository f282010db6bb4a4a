"""What each key of a session does, driven without a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from attribution.errors import ManifestError
from attribution.model.manifest import Decision
from attribution.review.pending import Pending
from attribution.review.session import Session


def pending(name: str) -> Pending:
    """Return a proposal of this id."""
    return Pending(
        name, "finding", f"{name} happened.", "proposed", (), (), awaits=True, document={}
    )


@dataclass
class Desk:
    """Plays the keys and lines of a script, and keeps what was shown and said."""

    script: list[str]
    shown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def show(self, entry: Pending, number: int, total: int, decision: Decision | None) -> None:
        self.shown.append(f"{number} of {total}: {entry.id} {decision and decision.status}")

    def show_more(self, entry: Pending) -> None:
        self.said.append(f"all of {entry.id}")

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask_key(self) -> str:
        if not self.script:
            raise EOFError
        answer = self.script.pop(0)
        if answer == "^C":
            raise KeyboardInterrupt
        return answer

    def ask_line(self, _prompt: str) -> str:
        return self.ask_key()


def hold(*script: str, names: str = "abc") -> tuple[Session, Desk, list[Decision]]:
    """Return a session after the script, with what was recorded."""
    desk = Desk(list(script))
    kept: list[Decision] = []
    session = Session(
        [pending(name) for name in names],
        desk,
        kept.append,
        lambda entry, status, because: entry.decide(status, "the lead", None, because),
    )
    return session, desk, kept


def told(kept: list[Decision]) -> list[tuple[str, str, str]]:
    """Return id, status and reason of what was recorded."""
    return [(item.on, item.status, item.because) for item in kept]


def test_each_answer_is_kept_before_the_next_is_asked() -> None:
    """Broken off with Ctrl-C in the second reason, the first decision is recorded already."""
    session, _, kept = hold("y", "seen", "n", "^C")
    with pytest.raises(KeyboardInterrupt):
        session.run()
    assert told(kept) == [("a", "confirmed", "seen")]


def test_rejecting_and_contesting_need_a_reason_and_confirming_does_not() -> None:
    """Without a reason nothing is recorded and the same proposal stays on the screen."""
    session, desk, kept = hold("n", "", "n", "no such act", "c", "the vendor denies it", "y", "")
    assert session.run()
    assert told(kept) == [
        ("a", "rejected", "no such act"),
        ("b", "contested", "the vendor denies it"),
        ("c", "confirmed", ""),
    ]
    assert "needs a reason" in desk.said[0]


def test_undo_withdraws_the_decision_shown_or_else_the_last_and_goes_back_to_it() -> None:
    """Undo appends a withdrawal, it erases nothing; the proposal can be decided again."""
    session, desk, kept = hold("y", "", "s", "u", "n", "wrong one", "b", "u", "q")
    assert not session.run()
    assert told(kept) == [
        ("a", "confirmed", ""),
        ("a", "proposed", ""),
        ("a", "rejected", "wrong one"),
        ("a", "proposed", ""),
    ]
    assert session.decisions == {}
    assert desk.shown == [
        "1 of 3: a None",
        "2 of 3: b None",
        "3 of 3: c None",
        "1 of 3: a None",
        "2 of 3: b None",
        "1 of 3: a rejected",
        "1 of 3: a None",
    ]


def test_other_keys_decide_nothing() -> None:
    """Help, the full evidence, a stray key and the end of input leave the case as it is."""
    session, desk, kept = hold("?", "e", "x", "u", "b", "s")
    assert not session.run()
    assert kept == []
    assert "all of a" in desk.said
    assert any("'x'" in line for line in desk.said)


def test_what_cannot_be_kept_is_said_and_asked_again() -> None:
    """A refusal by the case file is shown, and the proposal stays open."""
    session, desk, _ = hold("y", "", "q")

    def refuse(_decision: Decision) -> None:
        raise ManifestError("the file has been changed since it was read")

    session.record = refuse
    assert not session.run()
    assert session.decisions == {}
    assert "changed since" in desk.said[0]
