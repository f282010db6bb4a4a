"""The facts a reviewer would have stopped at: what shows each, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from attribution.ingest.git import open_repository
from attribution.model.risk import RiskFact
from attribution.provenance.file_changes import ChangedCommit, FileChange
from attribution.provenance.patches import FileChange as PatchedFile
from attribution.provenance.patches import Hunk, Patch
from attribution.provenance.risk import assess_risk
from attribution.provenance.risk_facts import find_facts, load_rows
from tests.unit.provenance.histories import History

OBJECT = "0" * 40

# fact, file, lines taken out, lines put in: one that shows it
SHOWN = [
    ("deletes_resources", "infra/db.tf", 'resource "aws_db_instance" "main" {', ""),
    ("deletes_resources", "infra/db.tf", "  prevent_destroy = true", ""),
    ("deletes_resources", "infra/db.tf", "", "  deletion_protection = false"),
    ("deletes_resources", "stack.yaml", "  DeletionPolicy: Retain", ""),
    ("deletes_resources", "clean.py", "", 'run("terraform destroy -auto-approve")'),
    ("deletes_resources", "clean.py", "", "kubectl -n web delete deployment api"),
    ("deletes_resources", "clean.py", "", "aws rds delete-db-instance --id main"),
    ("deletes_resources", "clean.py", "", "rm -rf /srv/data"),
    ("drops_data", "db/0004.sql", "", "ALTER TABLE orders DROP COLUMN note;"),
    ("drops_data", "db/0004.sql", "", "DELETE FROM orders;"),
    ("drops_data", "app/migrations/0004.py", "", '    migrations.RemoveField("order", "note"),'),
    ("touches_permissions", "infra/iam.tf", "", "x"),
    ("touches_permissions", "roles/deployer.toml", "", "x"),
    ("touches_permissions", "agents/bot.toml", "", 'role = "operator"'),
    ("touches_permissions", ".github/CODEOWNERS", "", "* @team"),
    ("touches_permissions", "policy.json", "", '  "Action": "*",'),
    (
        "touches_permissions",
        "infra/a.tf",
        "",
        'arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
    ),
    ("touches_permissions", ".github/workflows/a.yml", "", "  contents: write"),
    ("touches_permissions", "setup.py", "", "chmod 777 /srv"),
    ("touches_permissions", "db/1.sql", "", "GRANT ALL ON orders TO app;"),
    ("disables_check", "push.py", "", "git commit --no-verify"),
    ("disables_check", ".gitlab-ci.yml", "", "  allow_failure: true"),
    ("disables_check", "ci.sh", "", "make test || true"),
    ("disables_check", "client.py", "", "requests.get(url, verify=False)"),
    ("disables_check", "tests/test_a.py", "", "@pytest.mark.skip"),
    ("changes_release", ".github/workflows/release.yml", "", "x"),
    ("changes_release", "scripts/publish.py", "", "x"),
    ("changes_release", "Dockerfile", "", "FROM scratch"),
    ("changes_release", "release.py", "", "x"),
    ("changes_release", "tools/make-release.py", "", "x"),
    ("changes_release", "ops/release-web.sh", "", "x"),
    ("changes_dependencies", "package.json", "", '    "left-pad": "1.3.0"'),
    ("contains_secret", "notes.md", "", "key AKIAIOSFODNN7EXAMPLE"),
    ("contains_secret", "settings.py", "", 'password = "correct-horse-battery"'),
    ("flag_default", "flags.yaml", "", "default: true"),
    ("flag_default", "settings.py", "", "ENABLE_NEW_BILLING=True"),
    ("touches_production", "envs/prod/values.yaml", "", "replicas: 1"),
    ("no_test", "app/billing.py", "", "x = 1"),
]

# what looks like one and is none
NOT_SHOWN = [
    ("deletes_resources", "infra/db.tf", "", 'resource "aws_db_instance" "main" {'),
    ("deletes_resources", "infra/db.tf", "", "  prevent_destroy = true"),
    ("deletes_resources", "README.md", "", "run `terraform destroy` when done"),
    ("drops_data", "db/0004.sql", "DROP TABLE orders;", ""),
    ("drops_data", "db/0004.sql", "", "DELETE FROM orders WHERE id = 4;"),
    ("touches_permissions", "diamonds.py", "", "x"),
    ("touches_permissions", "roles/web/tasks/main.py", "", "x"),
    ("touches_permissions", "setup.py", "", "chmod 644 /srv"),
    ("disables_check", "app.py", "", "ready = ready || true"),
    ("changes_release", "app/releases.py", "", "x"),
    ("changes_release", "app/release.py", "", "x"),
    ("changes_release", "app/release_records.py", "", "x"),
    ("contains_secret", "settings.py", "", 'password = "${DATABASE_PASSWORD}"'),
    ("flag_default", "settings.py", "", "retries = 3"),
    ("flag_default", "app.py", "", "start(enable_cache=True)"),
    ("touches_production", "app/product.py", "", "x"),
    ("no_test", "docs/guide.md", "", "x"),
]


def find(path: str, old: str, new: str) -> dict[str, RiskFact]:
    sides = tuple((line,) if line else () for line in (old, new))
    patch = Patch((PatchedFile(path, path, (Hunk(7, sides[0], 9, sides[1]),)),), 0)
    file = FileChange(path, path, OBJECT, OBJECT, submodule=False, lines=(1, 1))
    change = ChangedCommit(OBJECT, ("", ""), "", (file,), counted=True)
    return {fact.id: fact for fact in find_facts(change, patch)}


@pytest.mark.parametrize(("fact", "path", "old", "new"), SHOWN)
def test_a_line_or_file_shows_the_fact(fact: str, path: str, old: str, new: str) -> None:
    assert fact in find(path, old, new)


@pytest.mark.parametrize(("fact", "path", "old", "new"), NOT_SHOWN)
def test_what_only_looks_like_it_does_not(fact: str, path: str, old: str, new: str) -> None:
    assert fact not in find(path, old, new)


def test_every_row_has_an_example_and_says_where_it_comes_from() -> None:
    assert {row.id for row in load_rows()} <= {fact for fact, *_ in SHOWN}
    assert all(row.source for row in load_rows())


def test_a_place_has_the_number_of_the_line_on_its_own_side() -> None:
    [removed] = find("a.tf", "prevent_destroy = true", "")["deletes_resources"].places
    assert (removed.side, removed.line) == ("removed", 7)
    [added] = find("a.tf", "", "force_destroy = true")["deletes_resources"].places
    assert (added.side, added.line, added.text) == ("added", 9, "force_destroy = true")


def test_a_secret_is_never_shown_whole() -> None:
    [place] = find("notes.md", "", "key AKIAIOSFODNN7EXAMPLE")["contains_secret"].places
    assert place.text == "AKIAIO… (20 characters)"


def test_a_deleted_test_is_told_and_only_the_first_places_are_listed(tmp_path: Path) -> None:
    made = History(tmp_path / "repo")
    made.commit("Begin", {f"tests/test_{n}.py": f"assert {n}\n" for n in range(9)})
    made.commit("Tidy", {f"tests/test_{n}.py": None for n in range(7)})
    with open_repository(made.folder) as repository:
        [risk] = assess_risk(repository, ["HEAD"])
    [fact] = risk.facts
    assert (fact.id, fact.count, len(fact.places)) == ("disables_check", 7, 5)
    assert fact.places[0].text == "deleted"
