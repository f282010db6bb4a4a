"""What gittuf and notes keep in a repository. Synthetic, in the shape gittuf 0.9 writes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from attribution.ingest import read_evidence, show_place
from attribution.model.actor import ActorDirectory
from attribution.model.instant import format_optional
from attribution.model.record import JsonValue, Reading, Record
from attribution.oversight.reviews import assess_reviews
from attribution.timeline.merge import merge_records
from tests.gitrepo import GitRepo

APP = base64.urlsafe_b64encode(b"https://gittuf.dev/github-app").decode()
Tree = dict[str, JsonValue]


def signed(kind: str, digests: Tree, predicate: Tree, *keys: str) -> str:
    statement: Tree = {
        "type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": digests}],
        "predicate_type": f"https://gittuf.dev/{kind}",
        "predicate": predicate,
    }
    return envelope(statement, *keys)


def envelope(payload: JsonValue, *keys: str) -> str:
    return json.dumps(
        {
            "payloadType": "application/vnd.gittuf+json",
            "payload": base64.b64encode(json.dumps(payload).encode()).decode(),
            "signatures": [{"keyid": key, "sig": "x"} for key in keys or ("SHA256:app",)],
        }
    )


def approval(origin: str, tree: str, approvers: list[JsonValue], dismissed: list[JsonValue]) -> str:
    predicate: Tree = {
        "approvers": approvers,
        "dismissedApprovers": dismissed,
        "fromRevisionID": origin,
        "targetRef": "refs/heads/main",
        "targetTreeID": tree,
    }
    return signed("github-pull-request-approval/v0.1", {"gitTree": tree}, predicate)


def pull(number: int, head: str, merge: str) -> str:
    return signed(
        "github-pull-request/v0.1",
        {"gitCommit": merge},
        {
            "number": number,
            "title": "A change",
            "user": {"login": "coder", "type": "User"},
            "head": {"sha": head, "ref": "work"},
            "base": {"ref": "main", "repo": {"full_name": "org/app"}},
            "created_at": "2026-01-01T08:00:00Z",
            "merged_at": "2026-01-01T09:00:00Z",
            "merged_by": {"login": "coder", "type": "User"},
            "merge_commit_sha": merge,
            "additions": 3,
            "deletions": 1,
        },
    )


class Gittuf(GitRepo):
    """A repository whose references of gittuf's are written file by file."""

    def attest(self, path: str, content: str | bytes, message: str = "Update attestations") -> str:
        return self.store("refs/gittuf/attestations", {path: content}, message)

    def log(self, message: str) -> str:
        return self.store("refs/gittuf/reference-state-log", {}, message)

    def read(self) -> Reading:
        return read_evidence(self.folder, repository="org/app")


@pytest.fixture
def repo(tmp_path: Path) -> Gittuf:
    made = Gittuf.create(tmp_path / "work")
    assert isinstance(made, Gittuf)
    made.commit("First")
    return made


def of_kind(reading: Reading, kind: str) -> list[Record]:
    return [record for record in reading.records if record.kind == kind]


def merge_change(repo: Gittuf) -> tuple[str, str, str, str]:
    """Merge a branch; return where main stood, the head, the merge and the merge's tree."""
    origin = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "work")
    head = repo.commit("Work")
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge", "work")
    return origin, head, repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD^{tree}")


def test_an_approval_of_the_tree_that_was_merged_is_one_of_the_merged_head(repo: Gittuf) -> None:
    origin, head, merge, tree = merge_change(repo)
    place = f"code-review-approvals/refs/heads/main/{origin}-{tree}/github/{APP}"
    recorded = repo.attest(
        place,
        approval(origin, tree, ["reviewer+123456"], []),
        f"Add GitHub pull request approval for 'refs/heads/main' from '{origin}' to '{tree}'"
        " (review ID 2788358229) for approval by 'reviewer+123456'",
    )
    repo.attest(f"github-pull-requests/org-1/refs/heads/main/{merge}", pull(7, head, merge))
    reading = repo.read()
    (review,) = of_kind(reading, "review.approved")
    assert (review.data["number"], review.data["commit_id"]) == (7, head)
    assert (review.data["reviewer"], review.data["reviewer_id"]) == ("reviewer", "123456")
    assert (review.native_id, review.data["recorded_in"]) == ("2788358229", recorded)
    assert review.data["time_basis"] == "recorded"
    assert review.data["signed"] == "1 signature by SHA256:app, not verified"
    assert review.place == f"refs/gittuf/attestations:{place}"
    assert "payload" in show_place(repo.folder, review.place)
    events = merge_records({"E1": reading}, {}, ActorDirectory(())).events
    (found,) = assess_reviews(events, (), ActorDirectory(()))
    # It was recorded after the time of the merge here, which says nothing of when it was given.
    assert (found.verdict, found.head) == ("sound", head)


def test_an_approval_of_another_tree_is_kept_and_claimed_for_no_pull_request(repo: Gittuf) -> None:
    origin, head, merge, _ = merge_change(repo)
    other = repo.git("rev-parse", f"{origin}^{{tree}}")
    repo.attest(f"code-review-approvals/a/{APP}", approval(origin, other, ["reviewer+1"], []))
    repo.attest(f"github-pull-requests/org-1/refs/heads/main/{merge}", pull(7, head, merge))
    reading = repo.read()
    (review,) = of_kind(reading, "review.approved")
    assert "number" not in review.data
    assert "commit_id" not in review.data
    assert review.data["target"] == other
    assert review.time is None
    timeline = merge_records({"E1": reading}, {}, ActorDirectory(()))
    (found,) = assess_reviews(timeline.events, (), ActorDirectory(()), undated=timeline.undated)
    # The tree holds a pull request without its reviews: none is shown, which is not none given.
    assert (found.approvals, found.verdict) == ((), "unknown")


def test_a_dismissal_and_a_review_delivered_twice_are_told_once_each(repo: Gittuf) -> None:
    origin = repo.git("rev-parse", "HEAD")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    for verb in ("Add", "Dismiss", "Dismiss"):
        repo.attest(
            f"code-review-approvals/a/{APP}",
            approval(origin, tree, [], ["reviewer+1"]) + " " * repo.clock.bit_count(),
            f"{verb} GitHub pull request approval for 'refs/heads/main' from '{origin}' to"
            f" '{tree}' (review ID 2788358229) for approval by 'reviewer+1'",
        )
    reading = repo.read()
    assert len(of_kind(reading, "review.approved")) == 1
    assert len(of_kind(reading, "review.dismissed")) == 1


def test_a_review_only_the_history_tells_of_is_said_and_not_taken(repo: Gittuf) -> None:
    """The message of a commit is not signed; the statement is."""
    origin, tree = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD^{tree}")
    repo.attest(
        f"code-review-approvals/a/{APP}",
        approval(origin, tree, ["reviewer+1"], []),
        f"Add GitHub pull request approval for 'refs/heads/main' from '{origin}' to '{tree}'"
        " (review ID 5) for approval by 'stranger+2'",
    )
    reading = repo.read()
    (review,) = of_kind(reading, "review.approved")
    assert review.data["reviewer"] == "reviewer"
    assert any("stranger+2" in said for said in reading.truncations)


@pytest.mark.parametrize(("version", "origin_key", "target_key"), [
    ("v0.1", "fromRevisionID", "targetTreeID"), ("v0.2", "fromID", "targetID"),
])  # fmt: skip
def test_an_authorisation_is_an_approval_by_each_key(
    repo: Gittuf, version: str, origin_key: str, target_key: str
) -> None:
    origin, head, merge, tree = merge_change(repo)
    repo.attest(
        f"reference-authorizations/refs/heads/main/{origin}-{tree}",
        signed(
            f"reference-authorization/{version}",
            {"gitTree": tree},
            {"targetRef": "refs/heads/main", origin_key: origin, target_key: tree},
            "reviewer@example.test::https://id.example.test",
            "SHA256:other",
        ),
    )
    repo.attest(f"github-pull-requests/org-1/refs/heads/main/{merge}", pull(7, head, merge))
    repo.store("refs/gittuf/policy", policy(1, "reviewer"), "Apply")
    found = of_kind(repo.read(), "review.approved")
    # The policy says whose key the first is.
    assert [(one.data["reviewer"], one.data.get("reviewer_id")) for one in found] == [
        ("reviewer", "reviewer@example.test::https://id.example.test"), ("SHA256:other", None),
    ]  # fmt: skip
    assert {review.data["commit_id"] for review in found} == {head}


def test_broken_attestations_are_named_and_the_others_read(repo: Gittuf) -> None:
    origin, tree = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD^{tree}")
    good = approval(origin, tree, ["reviewer+1"], [])
    folder = "code-review-approvals/refs/heads/main"
    files: dict[str, str | bytes] = {
        f"{folder}/good": good,
        f"{folder}/cut": good[: len(good) // 2],
        f"{folder}/nobody": approval(origin, tree, [], []),
        f"{folder}/other-subject": signed(
            "github-pull-request-approval/v0.1",
            {"gitTree": "9" * 40},
            {
                "approvers": ["x+1"],
                "fromRevisionID": origin,
                "targetRef": "r",
                "targetTreeID": tree,
            },
        ),
        f"{folder}/no-reference": signed("reference-authorization/v0.2", {"gitTree": tree}, {}),
        f"{folder}/pull": signed("github-pull-request/v0.1", {"gitCommit": origin}, {"number": 1}),
        f"{folder}/unknown": signed("something/v9", {"gitTree": tree}, {"kept": True}),
        f"{folder}/bytes": b"\x00\xff",
        "code-review-approvals/review-index.json": "{}",
    }
    repo.store("refs/gittuf/attestations", files, "Update")
    reading = repo.read()
    reasons = {one.place.rpartition("/")[2]: one.reason for one in reading.rejections}
    assert "cut short" in reasons.pop("cut")
    assert "nobody" in reasons.pop("nobody")
    assert "not its subject" in reasons.pop("other-subject")
    assert "lacks the reference" in reasons.pop("no-reference")
    assert "no pull request" in reasons.pop("pull")
    assert "not UTF-8" in reasons.pop("bytes")
    assert reasons == {}
    (kept,) = of_kind(reading, "attestation")
    assert kept.data["predicate"] == {"kept": True}
    assert len(of_kind(reading, "review.approved")) == 1


def test_the_log_tells_every_move_and_what_was_revoked(repo: Gittuf) -> None:
    first = repo.git("rev-parse", "HEAD")
    second = repo.commit("Second")
    lines = "RSL Reference Entry\n\nref: refs/heads/main\ntargetID: {}\nnumber: {}\n"
    repo.log(lines.format(first, 1))
    entry = repo.log(lines.format(second, 2))
    repo.log(lines.replace("heads/main", "gittuf/attestations").format(second, 3))
    message = base64.b64encode(b"pushed by mistake").decode()
    repo.log(
        f"RSL Annotation Entry\n\nentryID: {entry}\nskip: true\nnumber: 4\n"
        f"-----BEGIN MESSAGE-----\n{message}\n-----END MESSAGE-----\n"
    )
    repo.log("Something else\n\nref: x\n")
    repo.log("RSL Reference Entry\n\nref: refs/heads/main\n")
    reading = repo.read()
    moved = of_kind(reading, "ref.recorded")
    assert [move.data.get("previous") for move in moved] == [None, first]
    assert [move.data["sha"] for move in moved] == [first, second]
    (revoked,) = of_kind(reading, "ref.annotated")
    assert (revoked.data["entries"], revoked.data["skip"]) == ([entry], True)
    assert revoked.text.startswith("revoked: refs/heads/main to")
    assert revoked.text.endswith("pushed by mistake")
    assert [one.reason.partition(":")[0] for one in reading.rejections] == [
        "no entry of a reference state log",
        "the entry names no reference, or no commit it was moved to",
    ]
    assert any("1 entries about refs/gittuf/attestations" in said for said in reading.truncations)


def policy(threshold: int, *people: str) -> dict[str, str | bytes]:
    principals = {
        name: {"associatedIdentities": {"https://gittuf.dev/github-app": f"{name}-login+9"},
               "keys": {f"{name}@example.test::https://id.example.test": {}}}
        for name in people
    }  # fmt: skip
    roles = [
        {"name": "protect-main", "paths": ["git:refs/heads/main", "file:src/*"],
         "principalIDs": list(people), "threshold": threshold},
        {"name": "gittuf-allow-rule", "paths": ["*"], "principalIDs": None, "threshold": 1},
    ]  # fmt: skip
    said: JsonValue = {"delegations": {"principals": principals, "roles": roles}}  # type: ignore[dict-item]
    return {"metadata/targets.json": envelope(said), "metadata/root.json": envelope({})}


def test_the_policy_is_told_from_when_it_was_applied_and_only_where_it_changed(
    repo: Gittuf,
) -> None:
    ref, entry = "refs/gittuf/policy", "RSL Reference Entry\n\nref: refs/gittuf/policy\ntargetID: "
    for files in (policy(1, "lead"), policy(2, "lead", "second"), policy(2, "lead", "second")):
        repo.log(entry + repo.store(ref, files, "Apply"))
    removed = repo.store(ref, {"metadata/targets.json": envelope({"delegations": {}})}, "Remove")
    repo.log(entry + removed)
    repo.log(entry + repo.store(ref, {"metadata/targets.json": "{}"}, "Break"))
    reading = repo.read()
    states = of_kind(reading, "protection.state")
    assert [state.data.get("required_approvals") for state in states] == [None, 1, 0]
    assert [state.data.get("threshold") for state in states] == [1, 2, None]
    assert states[1].data["eligible_reviewers"] == ["lead", "second"]
    assert {(state.data["branch"], state.data["source"]) for state in states} == {
        ("main", "gittuf_policy")
    }
    changes = of_kind(reading, "protection.changed")
    assert [change.time for change in changes] == [state.time for state in states]
    assert any({"lead", "lead-login", "lead@example.test"} <= set(a.names) for a in reading.aliases)
    assert "policy cannot be read" in reading.rejections[-1].reason


def test_gittufs_own_commits_are_no_commits_of_the_history(repo: Gittuf) -> None:
    repo.attest("x", signed("something/v9", {"gitTree": "1" * 40}, {}))
    assert len(of_kind(repo.read(), "commit")) == 1


def note(commit: str, *said: JsonValue) -> str:
    return "\n".join(
        envelope(
            {
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [{"digest": {"gitCommit": commit}}],
                "predicateType": "https://slsa.dev/verification_summary/v1",
                "predicate": predicate,
            }
        )
        for predicate in said
    )


def test_attestations_on_notes_are_read_line_by_line(repo: Gittuf) -> None:
    first, second = repo.git("rev-parse", "HEAD"), repo.commit("Second")
    third = repo.commit("Third")
    passed: Tree = {
        "verifier": {"id": "https://verifier.example.test"},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_SOURCE_LEVEL_3"],
        "timeVerified": "2026-01-02T00:00:00.123456789Z",
    }
    later: Tree = {**passed, "timeVerified": "2026-01-03T00:00:00Z"}
    failed: Tree = {**passed, "verificationResult": "FAILED"}
    notes: dict[str, str | bytes] = {
        first: note(first, passed, failed, {}, passed),
        f"{second[:2]}/{second[2:]}": note(first, later),
        third: "Looks good to me",
    }
    repo.store("refs/notes/commits", notes, "Notes added")
    reading = repo.read()
    found = {record.place: record for record in of_kind(reading, "attestation.verified")}
    place = f"refs/notes/commits:{first}"
    assert found[f"{place} line 1"].data["result"] == "PASSED"
    assert found[f"{place} line 2"].data["result"] == "FAILED"
    assert format_optional(found[f"{place} line 1"].time) == "2026-01-02T00:00:00.123456Z"
    assert f"refs/notes/commits:{second[:2]}/{second[2:]}" in found
    assert '"payload"' in show_place(repo.folder, f"{place} line 2")
    assert [one.place for one in reading.rejections] == [f"{place} line 3"]
    assert reading.accounting.duplicate == 1
    assert any("about another commit" in said for said in reading.truncations)
    assert any("hold no attestation are left out: 1" in said for said in reading.truncations)


def test_a_reference_git_cannot_read_is_named_and_the_rest_is_read(repo: Gittuf) -> None:
    """As in a clone that left out trees; here by references to what is no tree."""
    blob = repo.git("hash-object", "-w", "--stdin", stdin="x")
    for ref in ("refs/notes/x", "refs/gittuf/attestations"):
        repo.git("update-ref", ref, blob)
    reading = repo.read()
    assert [one.place for one in reading.rejections] == [
        "refs/gittuf/attestations", "refs/notes/x",
    ]  # fmt: skip
    assert all("cannot read it whole" in one.reason for one in reading.rejections)
    assert len(of_kind(reading, "commit")) == 1


def test_what_is_too_large_is_named_and_not_read(
    repo: Gittuf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attribution.ingest.readers.gittuf_repository.MAX_STATEMENT", 99)
    monkeypatch.setattr("attribution.ingest.readers.attestation_notes.MAX_NOTE", 99)
    head = repo.git("rev-parse", "HEAD")
    repo.attest("reference-authorizations/x", "{" + " " * 99 + "}")
    repo.store("refs/notes/commits", {head: note(head, {}) + " " * 99}, "Notes added")
    reading = repo.read()
    assert [one.reason for one in reading.rejections] == [
        "the attestation is missing, or too large",
        "the note is larger than 0 MiB",
    ]
