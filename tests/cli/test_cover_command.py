"""`attribution cover`, its decisions and its document, on a small synthetic case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from attribution import Case
from attribution.cli.main import program

CASE = """\
case: small
title: A small synthetic outage
mode: liability
synthetic: true
jurisdiction: de
parties:
  - {id: team, name: The team, role: deployer}
  - {id: vendor, name: The vendor, role: vendor}
services:
  - {id: web, name: Web, owner: team}
harm:
  - id: H1
    title: Outage of the web
    service: web
    from: 2026-03-10T00:00:00Z
    to: 2026-03-10T10:00:00Z
    amount: {low: "800", point: "1000", high: "1200"}
    currency: EUR
graph:
  nodes:
    - id: bad_update
      kind: act
      statement: The vendor shipped a broken update.
      party: vendor
      time: 2026-03-09T00:00:00Z
      duty: test-update
      norm: 0
      credence: [1, 1, 1]
      because: Both say so.
    - {id: down, kind: event, statement: The web was down., equation: bad_update,
       time: "2026-03-10T00:00:00Z"}
    - {id: harm_h1, kind: harm, statement: Sales were lost., equation: down, harm: H1}
  edges:
    - {from: bad_update, to: down, counterfactual: "no: nothing else failed", basis: stated}
    - {from: down, to: harm_h1, counterfactual: "no: sales were as usual", basis: stated}
duties:
  - {id: test-update, statement: Test updates., owed_by: vendor, source: Contract 3}
insurance:
  - policy: policy.yaml
    insured: [team]
    first_aware: 2026-03-10T00:05:00Z
    heads: {H1: business_interruption}
    caps: [{party: vendor, amount: "500", source: Contract 11}]
    expense: {low: "50", point: "80", high: "100", by: the adjuster, because: Like claims.}
"""
AUDIENCES = ("--audience", "claim", "--audience", "legal")
POLICY = """\
policy: small-policy
title: Interruption
synthetic: true
insurer: The insurer
currency: EUR
trigger: occurrence
period: {from: 2026-01-01T00:00:00Z, to: 2027-01-01T00:00:00Z}
limits: {each_claim: "600"}
agreements:
  - {id: A1, title: Interruption, turns_on: An outage in the period., retention: "100",
     heads: [business_interruption], when: {fact: event_within_period}}
conditions:
  - {id: C1, title: Backups, turns_on: Backups were tested.,
     when: {fact: judgement, question: Were they?}}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, "utf-8")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    return folder


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def test_an_open_question_leaves_two_figures_and_an_answer_one(case: Path) -> None:
    """1,000 less 100, at most 600, where backups were tested; nothing where they were not."""
    found = json.loads(call("cover", case, "--json").stdout)["policies"][0]
    assert found["deciding"] == ["C1"]
    assert [way["pays"]["likely"] for way in found["ways"]] == ["600.00", "0.00"]
    assert found["reserve"]["indemnity"] == {"low": "0.00", "likely": None, "high": "600.00"}
    vendor = found["recovery"][0]
    assert vendor["net"]["likely"] == "500.00"
    assert vendor["cap"] == "500 by Contract 11"
    assert [row["last_day"] for row in found["limitation"]] == ["2029-12-31"]
    why = ("--because", "Logs of the drill", "--by", "the adjuster")
    done = call("decide", case, "cover:C1", "--confirm", *why)
    assert done.exit_code == 0, done.stderr
    text = call("cover", case).stdout
    assert "The policy pays EUR 600.00" in text
    assert "Logs of the drill (answered by the adjuster)" in " ".join(text.split())
    assert "not legal advice" in " ".join(text.split())


def test_what_cannot_be_answered_says_what_to_do(case: Path) -> None:
    """No such clause, no such policy file, a policy outside the case without whom it insures."""
    wrong = call("decide", case, "cover:C9", "--confirm")
    assert (wrong.exit_code, "cover:A1, cover:C1" in wrong.stderr) == (2, True)
    (case / "policy.yaml").unlink()
    gone = call("cover", case)
    assert (gone.exit_code, "there is no policy file here" in gone.stderr) == (2, True)
    manifest = (case / "case.yaml").read_text("utf-8")
    (case / "case.yaml").write_text(manifest.replace("policy.yaml", "../policy.yaml"), "utf-8")
    assert "leads out of the case folder" in call("cover", case).stderr
    (case / "case.yaml").write_text(manifest.split("insurance:")[0], "utf-8")
    other = case.parent / "other.yaml"
    other.write_text(POLICY, "utf-8")
    assert "no insurance policy" in call("cover", case).stderr
    assert "name them with --insured" in call("cover", case, "--policy", other).stderr
    assert call("cover", case, "--policy", other, "--insured", "team").exit_code == 0


def test_a_notice_given_under_one_policy_is_not_told_of_the_other(case: Path) -> None:
    """Two policies of one insured: the second has no notice, whatever the first has.

    A file outside the case goes with the entry of the policy of its id, so with that notice.
    """
    other = POLICY.replace("small-policy", "second-policy").replace("A1", "B1").replace("C1", "D1")
    (case / "second.yaml").write_text(other, "utf-8")
    manifest = (case / "case.yaml").read_text("utf-8").replace("first_aware", "notified", 1)
    entry = "  - {policy: second.yaml, insured: [team]}\n"
    (case / "case.yaml").write_text(manifest + entry, "utf-8")
    done = call("report", case, "--audience", "claim", "--format", "md", "--out", case / "out")
    assert done.exit_code == 0, done.stderr
    page = (case / "out" / "claim.md").read_text("utf-8")
    notices = [line for line in page.splitlines() if "Notice given" in line]
    assert ["2026-03-10 00:05:00" in line for line in notices] == [True, False]
    outside = case.parent / "outside.yaml"
    outside.write_text(POLICY, "utf-8")
    found = json.loads(call("cover", case, "--policy", outside, "--json").stdout)["policies"]
    assert [one["recovery"][0]["cap"] for one in found] == ["500 by Contract 11"]


def test_a_run_makes_the_claim_document_where_the_case_names_a_policy(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to ask for it; a case without a policy has none."""
    asked: list[Sequence[str]] = []

    def keep(_case: Case, _out: Path, who: Sequence[str], *_how: object) -> tuple[Path, ...]:
        asked.append(who)
        return ()

    monkeypatch.setattr(Case, "report", keep)
    Case.open(case).run()
    manifest = (case / "case.yaml").read_text("utf-8")
    (case / "case.yaml").write_text(manifest.split("insurance:")[0], "utf-8")
    Case.open(case).run()
    assert asked == [("legal", "postmortem", "claim"), ("legal", "postmortem")]


def test_a_loss_in_another_currency_is_no_loss_of_nothing(case: Path) -> None:
    """The clauses are held against the case; no amount of 0.00 is told anywhere."""
    policy = (case / "policy.yaml").read_text("utf-8")
    (case / "policy.yaml").write_text(policy.replace("EUR", "USD"), "utf-8")
    found = json.loads(call("cover", case, "--json").stdout)["policies"][0]
    assert [found[key] for key in ("loss", "bounds", "ways")] == [None, None, []]
    assert found["reserve"]["indemnity"] is None
    text = " ".join(call("cover", case).stdout.split())
    assert "No loss in USD is on record, so no payment is computed. Not in USD" in text
    done = call("report", case, "--audience", "claim", "--format", "md", "--out", case / "out")
    assert done.exit_code == 0, done.stderr
    page = (case / "out" / "claim.md").read_text("utf-8")
    assert "no payment is computed" in page
    assert "0.00" not in text + page


COUNSEL = """\
positions:
  - {id: P1, title: What counsel would argue, held_by: team, holds: {K1: true}}
culpability:
  - {of: vendor, value: [1, 1.5, 2], by: counsel, because: A reason for counsel alone.}
wanted_records: [The letter that counsel wants to see]
privilege: A header of privilege
"""


def test_what_counsel_weighs_is_in_no_file_for_a_claim(case: Path) -> None:
    """Text, data and metadata of every format lack it; the legal document has it."""
    with (case / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("claims:\n  - {id: K1, statement: Untested., asserted_by: team,")
        file.write(" denied_by: [vendor], node: bad_update}\n")
        file.write(COUNSEL)
    formats = "md,html,pdf,json"
    done = call("report", case, *AUDIENCES, "--format", formats, "--out", case / "out")
    assert done.exit_code == 0, done.stderr
    for name in formats.split(","):
        claim, legal = (_text(case / "out" / f"{who}.{name}") for who in ("claim", "legal"))
        for secret in ("counsel would argue", "counsel alone", "counsel wants", "of privilege"):
            assert secret not in claim, (name, secret)
        assert "counsel would argue" in legal, name
    told = json.loads((case / "out" / "claim.json").read_text("utf-8"))
    assert {"comparison", "what_if", "wanted_records"}.isdisjoint(told)
    assert told["attribution"]["cruxes"] == []


def _text(path: Path) -> str:
    """Return all text of a document, on one line; of a PDF that of its pages and metadata."""
    if path.suffix != ".pdf":
        return " ".join(path.read_text("utf-8").split())
    reader = PdfReader(path)
    pages = (page.extract_text() for page in reader.pages)
    return " ".join(f"{' '.join(pages)} {reader.metadata}".split())


def test_the_claim_document_starts_with_the_answer_and_a_learning_case_has_none(case: Path) -> None:
    """The answer, the draft notice and both ways stand first; the data have the cover."""
    done = call("report", case, "--audience", "claim", "--format", "md,json", "--out", case / "out")
    assert done.exit_code == 0, done.stderr
    page = (case / "out" / "claim.md").read_text("utf-8")
    first = page.split("## 2 ")[0]
    assert "Not legal advice" in first
    assert "**One** open question decides it" in first
    assert json.loads((case / "out" / "claim.json").read_text("utf-8"))["cover"][0]["deciding"]
    manifest = (case / "case.yaml").read_text("utf-8")
    (case / "case.yaml").write_text(manifest.replace("mode: liability", "mode: learning"), "utf-8")
    refused = call("report", case, "--audience", "claim", "--out", case / "other")
    assert (refused.exit_code, "for learning" in refused.stderr) == (2, True)
    assert call("cover", case).exit_code == 2
    learning = call("report", case, "--format", "json", "--out", case / "learning")
    assert learning.exit_code == 0
    assert "small-policy" not in (case / "learning" / "postmortem.json").read_text("utf-8")
