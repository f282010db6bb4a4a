"""What a reader must know before the first word: where the records come from, what stands where."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.regimes.case_clocks import CaseClocks, count_case
from attribution.report.blocks import Block, Contents, Notice, join, text
from attribution.report.view import View

_MOST_CITED = 8


def build_notices(view: View) -> list[Block]:
    """Return the privilege header where the case sets one, and the notice on invented records."""
    manifest, wording = view.analysis.manifest, view.wording
    blocks: list[Block] = []
    if manifest.privilege and not view.learning:
        blocks.append(
            Notice(
                "privilege",
                manifest.privilege,
                wording.runs("notices.privilege"),
            )
        )
    if manifest.synthetic or manifest.notice:
        key = "notices.synthetic" if manifest.synthetic else "notices.notice"
        words = manifest.notice or wording.text("notices.synthetic_default")
        blocks.append(
            Notice("warning", wording.text(key), wording.runs("notices.body", notice=words))
        )
    if view.audience == "legal" and manifest.reporting is not None:
        blocks += build_freezes(view, count_case(view.analysis))
    return blocks


def build_freezes(view: View, case: CaseClocks) -> Iterator[Block]:
    """Yield what must not be done before an authority has been told, and what was done since."""
    for freeze in case.freezes:
        runs = text(freeze.statement)
        if freeze.changes:
            references = tuple(one for change in freeze.changes for one in change.references)
            told = view.wording.text("notices.changes_since", count=len(freeze.changes))
            cited = join([view.references((one,)) for one in references[:_MOST_CITED]], ", ")
            runs = (*runs, *text(f" {told} "), *cited)
        yield Notice("warning", view.wording.text("notices.freeze"), runs)


def build_contents(_view: View) -> list[Block]:
    """Return the place of the contents."""
    return [Contents()]
