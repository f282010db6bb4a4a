"""The documentation holds together: links resolve, commands exist, generated pages are current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from attribution.cli.main import ENTRIES
from attribution.cli.reference import COMMANDS, FOLDER, build_pages, find_stale, write_pages
from attribution.cli.reference_rules import HEADINGS, describe_rule
from attribution.graph.catalogue import load_catalogue
from attribution.graph.rules import RULES
from attribution.graph.rules.rule import Rule
from attribution.model.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("schemas/**/*.md"),
        *ROOT.glob("sample_incidents/*/README.md"),
    ]
)
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(attribution [^`]+)`")
CALL = re.compile(
    r"(?:^|[|;&$(]\s*|-m )attribution((?:\s+-{1,2}[a-z]+)*)\s+([a-z][\w-]*)", re.MULTILINE
)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+\s+(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_pages_to_check() -> None:
    assert len(PAGES) > len(ENTRIES)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page if not path else (page.parent / path).resolve()
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_call_only_commands_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    examples = "\n".join(FENCE.findall(text) + INLINE.findall(text))
    assert {call[1] for call in CALL.findall(examples)} - ENTRIES.keys() == set()


def test_the_check_of_calls_sees_options_pipes_and_the_module() -> None:
    text = "attribution -q nope x\n$ attribution gone\npython -m attribution lost | attribution no"
    assert [call[1] for call in CALL.findall(text)] == ["nope", "gone", "lost", "no"]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_page_begins_with_its_title(page: Path) -> None:
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.strip()]
    first = next(line for line in lines if not line.startswith("<!--"))
    assert first.startswith("# ")


def test_every_kind_of_page_is_reached_from_the_index() -> None:
    """From docs/index.md every page under docs/ can be reached by following links."""
    start = ROOT / "docs" / "index.md"
    seen: set[Path] = set()
    ahead = [start]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file():
                ahead.append(target)
    unreached = set(ROOT.glob("docs/**/*.md")) - seen
    assert sorted(map(name_of, unreached)) == []


def test_the_pages_of_the_commands_are_what_the_commands_say() -> None:
    """Stale pages are written anew by `make docs`."""
    assert find_stale() == []


def test_every_command_has_a_page() -> None:
    assert {path.stem for path in (FOLDER / COMMANDS).glob("*.md")} == ENTRIES.keys() | {"index"}


def test_stale_missing_and_left_over_pages_are_found_and_mended(tmp_path: Path) -> None:
    write_pages(tmp_path)
    (tmp_path / "by-hand.md").write_text("not generated")
    (tmp_path / "kinds.md").write_text("old")
    (tmp_path / COMMANDS / "run.md").write_text("old")
    (tmp_path / COMMANDS / "read.md").unlink()
    (tmp_path / COMMANDS / "gone.md").write_text("a command that is no more")
    stale = ["commands/gone.md", "commands/read.md", "commands/run.md", "kinds.md"]
    assert find_stale(tmp_path) == stale
    write_pages(tmp_path)
    assert find_stale(tmp_path) == []


def test_a_page_names_each_option_of_its_command() -> None:
    page = build_pages()["commands/completion.md"]
    assert "# attribution completion" in page
    assert "bash" in page


def test_the_tables_name_every_kind_control_duty_and_rule() -> None:
    """What a case may write as kind, `demands`, duty, `basis` or finding can be looked up."""
    pages = build_pages()
    catalogue = load_catalogue()
    wanted = {
        "kinds.md": [f"| `{kind}` |" for kind in KINDS],
        "catalogue.md": [
            f"| `{name}` |"
            for name in (*catalogue.controls, *catalogue.duties, *catalogue.credences)
        ],
        "rules.md": [f"[`{rule.id}`](rules/{rule.id}.md)" for rule in RULES],
    }
    missing = [
        (page, text) for page, texts in wanted.items() for text in texts if text not in pages[page]
    ]
    assert missing == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_described_under_the_same_headings_as_every_other(rule: Rule) -> None:
    """Each module tells what, why, when it is wrong, an example and sources, in one order."""
    told = describe_rule(rule)
    assert tuple(told) == HEADINGS
    assert all(told.values())
    assert rule.refuted_by


def test_duties_and_the_rules_that_find_them_lead_to_each_other() -> None:
    """A breach's duty leads to the rule behind it, and a rule's page to the duties it can name."""
    pages = build_pages()
    rows = {line.split("`")[1]: line for line in pages["catalogue.md"].splitlines() if "`" in line}
    for rule in RULES:
        page = pages[f"rules/{rule.id}.md"]
        duties = [duty for duty in load_catalogue().duties if f"[`{duty}`](../catalogue.md" in page]
        assert all(f"(rules/{rule.id}.md)" in rows[duty] for duty in duties), rule.id
    assert "[`heed-warning`]" in pages["rules/warning.md"]
    assert "[`sound-review`]" in pages["rules/review.md"]
    assert "Duties it can find unmet" not in pages["rules/gap.md"]
