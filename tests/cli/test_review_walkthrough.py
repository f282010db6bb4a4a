"""A person brings the graph of a public account to a decided one, key by key, with `review`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from attribution.case import Case
from attribution.cli import review_desk
from attribution.review.pending import PROPOSAL, Pending

SAMPLES = Path(__file__).resolve().parents[2] / "sample_incidents"
ANSWER = ["y", ""]
LOOKING_ROUND = ["?", "u", *ANSWER, "b", "s"]
"""What the question means; the first answer taken back and given again; a look back, and on."""


class Player:
    """Answers the screens: findings and gaps are so, a sentence of a text is taken for no cause."""

    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.planned = [LOOKING_ROUND[0], *ANSWER, *LOOKING_ROUND[1:]]
        self.shown: list[Pending] = []

    def look(self, entry: Pending) -> None:
        """See a screen, and think of the answer to it."""
        self.shown.append(entry)
        if not self.planned:
            self.planned = ["n", "a sentence, no cause"] if entry.kind == PROPOSAL else [*ANSWER]

    def press(self, *_arguments: object) -> str:
        """Give the next key or line."""
        answer = self.planned.pop(0)
        self.pressed.append(answer)
        return answer


@pytest.mark.slow
def test_a_quarter_of_an_hour_of_answers_leaves_nothing_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two answers a screen decide every finding, step and sentence; checks hold, ranges narrow."""
    folder = Path(shutil.copytree(SAMPLES / "replit-saastr-2025", tmp_path / "case"))
    before = Case.open(folder)
    player = Player()
    show = review_desk.Terminal.show

    def look(desk: review_desk.Terminal, entry: Pending, *rest: object) -> None:
        player.look(entry)
        show(desk, entry, *rest)  # type: ignore[arg-type]

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(review_desk.Terminal, "show", look)
    monkeypatch.setattr("click.getchar", player.press)
    monkeypatch.setattr("builtins.input", player.press)
    review_desk.hold_session(before, folder, "the lead")

    graph = Case.open(folder).graph()
    for parts in (graph.findings, graph.edges, graph.proposals):
        assert "proposed" not in {part.status for part in parts}
    assert [node.id for node in graph.nodes if node.finding and node.status == "proposed"] == []
    assert [check.id for check in graph.checks if not check.passed] == []
    told = capsys.readouterr().out
    assert "Nothing of the graph is proposed any more" in told
    assert "from here on move no share" in " ".join(told.split())
    assert "The question: is the first sentence so" in told
    after = Case.open(folder).attribute()
    widths = [
        sum(party.share.high - party.share.low for party in shares.parties)
        for shares in (before.attribute(), after)
    ]
    assert widths[1] < widths[0]
    decided = len(graph.findings) + len(graph.proposals)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(player.pressed)} answers for {decided} proposals ")
    assert len(player.pressed) == 2 * decided + len(LOOKING_ROUND)
