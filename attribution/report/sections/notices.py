"""What a reader must know before the first word: where the records come from, what stands where."""

from __future__ import annotations

from attribution.report.blocks import Block, Contents, Notice
from attribution.report.view import View


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
    return blocks


def build_contents(_view: View) -> list[Block]:
    """Return the place of the contents."""
    return [Contents()]
