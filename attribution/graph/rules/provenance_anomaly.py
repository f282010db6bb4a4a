"""Rule `provenance-anomaly`: a commit whose metadata does not fit the history it stands in.

What it looks for:
    Commits whose metadata copies another commit's (author date or subject, under another author)
    and that show at least two further anomalies: not committed by the platform, no pull request
    where they are the rule, first commit of the author, unsigned where signed is the habit.

What it adds:
    `anomalous_commit_COMMIT`: an act of whoever the author is; owed by nobody where the author
    is nobody known. It is linked to nothing: what the commit did is another finding.

The counterfactual answer and why:
    None. An anomaly is a reason to look, not a cause.

When it is wrong:
    Rebases, cherry-picks and mirrored repositories copy dates legitimately; the rarity in the
    repository's own history, which the statement gives, tells the two apart.

Example:
    A commit with the date and subject of its parent, by another author, pushed directly.

Sources:
    SLSA source track v1.2 (provenance of revisions); git-commit documentation (author and
    committer date).
"""

from __future__ import annotations

from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, short
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.rule import Rule
from attribution.model.commit import Commit
from attribution.model.graph import Node

_COPIED = frozenset({"copied_author_date", "copied_subject"})
_FURTHER = 2


def apply(facts: Facts, draft: Draft) -> None:
    """Add an act for each commit whose metadata is copied and otherwise out of place."""
    for commit in facts.commits:
        found = {anomaly.id for anomaly in commit.anomalies}
        if found & _COPIED and len(found - _COPIED) >= _FURTHER:
            _add_anomalous(facts, draft, commit)


def _add_anomalous(facts: Facts, draft: Draft, commit: Commit) -> None:
    rarity = "; ".join(
        f"{anomaly.statement} ({anomaly.count} of {anomaly.total})" for anomaly in commit.anomalies
    )
    node = Node(
        id=f"anomalous_commit_{short(commit.sha)}",
        kind="act",
        statement=(
            f"Commit {short(commit.sha)}, by its metadata of {facts.name_inside(commit.author)},"
            f" came into the history under metadata that does not fit it: {rarity}."
        ),
        party=resolve_owner(facts, "no-tampering", actor=commit.author).party,
        actor=commit.author,
        time=commit.committed,
        time_low=commit.committed,
        time_high=commit.committed,
        duty="no-tampering",
        norm=0,
        basis="rule_inference",
        evidence=commit.references,
        rule=RULE.id,
    )
    draft.add_node(node)
    RULE.finding(draft, node)


RULE = Rule(
    id="provenance-anomaly",
    version=1,
    title="A commit whose metadata does not fit",
    refuted_by="a record of who made the commit, and by which way it came in",
    apply=apply,
)
