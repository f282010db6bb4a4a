"""The changes: who and what wrote them, how they were reviewed, when they went live."""

from __future__ import annotations

from attribution.model.commit import Commit
from attribution.model.oversight import ChangeReview
from attribution.report.blocks import Block, Inlines, Paragraph, Row, Table, join, text
from attribution.report.sections.foreseen import build_exposures, build_risks
from attribution.report.sections.oversight import build_oversight
from attribution.report.sections.swimlanes import swimlane_figures
from attribution.report.view import NONE, View

_SHORT = 10
_FEW = 12
"""Commits that are all listed; of more, only those with a mark, an anomaly or a part in it."""

_MOST = 60


def build_changes(view: View) -> list[Block]:
    """Return commits with their authorship, reviews with their verdicts, and deployments."""
    analysis = view.analysis
    blocks: list[Block] = [view.section("changes")]
    if not (analysis.commits or analysis.reviews or analysis.deployments):
        return [*blocks, Paragraph(view.wording.runs("changes.none"))]
    blocks.append(Paragraph(view.wording.runs("changes.intro")))
    if analysis.commits:
        chosen = _choose(view)
        blocks.append(_commits(view, chosen))
        if len(chosen) < len(analysis.commits):
            left = len(analysis.commits) - len(chosen)
            blocks.append(Paragraph(view.wording.runs("changes.left_out", count=left), "small"))
    if analysis.reviews:
        blocks.append(_reviews(view))
        blocks += swimlane_figures(view)
        blocks += build_oversight(view)
    if analysis.deployments:
        blocks.append(_deployments(view))
    return [*blocks, *build_exposures(view), *build_risks(view)]


def _choose(view: View) -> tuple[Commit, ...]:
    """Return the commits to list, in their order: all where they are few."""
    commits = view.analysis.commits
    if len(commits) <= _FEW:
        return commits
    cited = {ref for node in view.analysis.graph.nodes for ref in node.evidence}
    telling = [
        commit
        for commit in commits
        if commit.agents or commit.anomalies or not cited.isdisjoint(commit.references)
    ]
    return tuple(telling[:_MOST])


def _commits(view: View, commits: tuple[Commit, ...]) -> Table:
    rows = []
    for commit in commits:
        marks: list[Inlines] = [
            text(f"{mark.tool} ({view.wording.term('grades', mark.grade)})")
            for mark in commit.agents
        ]
        anomalies: list[Inlines] = [
            text(f"{anomaly.statement} ({anomaly.count} / {anomaly.total})")
            for anomaly in commit.anomalies
        ]
        people = view.actor(commit.author)
        if commit.committer != commit.author:
            people += "\n" + view.wording.text(
                "changes.committer", name=view.actor(commit.committer)
            )
        rows.append(
            Row(
                (
                    (*text(commit.sha[:_SHORT], "code"), *text(f"\n{commit.subject}")),
                    text(people),
                    text(view.time(commit.committed or commit.authored)),
                    join(
                        [text(view.wording.term("commit_kinds", commit.kind), "strong"), *marks],
                        "\n",
                    ),
                    join(anomalies, "\n") if anomalies else text(NONE),
                ),
                view.anchor("commit", commit.sha),
            )
        )
    columns = "commit:text:2.6 people:text:1.6 time:time:1.5 written_by:text:1.7 anomalies:text:2"
    return view.table("changes.commits", columns, rows)


def _reviews(view: View) -> Table:
    rows = [_review_row(view, review) for review in view.analysis.reviews]
    columns = (
        "change:text:2.2 people:text:1.6 approvals:text:3 verdict:text:1.1 evidence:reference:1.2"
    )
    return view.table("changes.reviews", columns, rows)


def _review_row(view: View, review: ChangeReview) -> Row:
    author, merged_by = view.actor(review.author), view.actor(review.merged_by)
    people = view.wording.text("changes.people", author=author, merged_by=merged_by)
    return Row(
        (
            (*text(f"#{review.number}", "strong"), *text(f" {review.title}")),
            text(people),
            _approvals(view, review),
            _verdict(view, review),
            view.references(review.references),
        )
    )


def _verdict(view: View, review: ChangeReview) -> Inlines:
    """Return the verdict, and below it which gaps may hide an approval that no record shows."""
    verdict = text(view.wording.term("verdicts", review.verdict), "strong")
    return (*verdict, *text(f"\n{review.unseen}", "small")) if review.unseen else verdict


def _approvals(view: View, review: ChangeReview) -> Inlines:
    """Return each approval with what is wrong with it, then the checks that did not succeed."""
    parts: list[Inlines] = []
    for approval in review.approvals:
        after = (
            NONE if approval.seconds is None else view.duration(int(approval.seconds * 1_000_000))
        )
        said = [view.wording.term("review_defects", name) for name in approval.defects]
        said += [
            view.wording.text("changes.open", rests=order.rests) for order in approval.open_orders
        ]
        defects = ", ".join(said)
        parts.append(
            view.wording.runs(
                "changes.approval",
                reviewer=view.actor(approval.reviewer),
                after=after,
                defects=defects or view.wording.text("changes.sound"),
            )
        )
    parts += [
        view.wording.runs("changes.check", name=check.name, conclusion=check.conclusion)
        for check in review.checks
        if check.conclusion != "success"
    ]
    if review.bypassed_by:
        parts.append(view.wording.runs("changes.bypassed", name=view.actor(review.bypassed_by)))
    return join(parts, "\n") if parts else text(view.wording.text("changes.no_approval"))


def _deployments(view: View) -> Table:
    rows = [
        Row(
            (
                text(deployment.id)
                if deployment.basis is None
                else (*text(deployment.id), *text(f"\n{deployment.basis}", "small")),
                text(deployment.sha[:_SHORT], "code"),
                text(deployment.environment),
                text(view.actor(deployment.creator)),
                text(view.time(deployment.time)),
                text(deployment.state or NONE),
                view.references(deployment.references),
            )
        )
        for deployment in view.analysis.deployments
    ]
    columns = (
        "deployment:text:1.2 commit:code:1.2 environment:text:1.2 creator:text:1.3 time:time:1.5 "
        "state:text:0.9 evidence:reference:1.2"
    )
    return view.table("changes.deployments", columns, rows)
