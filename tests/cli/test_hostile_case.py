"""A case whose every text means harm, through every command: what comes out is harmless to look at.

The sample incident with the same hostile text added to its names, notes, messages and statements;
what it then adds to an output may be text alone. Synthetic, as the sample is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from ruamel.yaml import YAML

from attribution.cli.main import program
from attribution.model.record import JsonValue

SAMPLE = Path(__file__).resolve().parents[2] / "sample_incidents" / "environment-recreated"
HOSTILE = (
    "=HYPERLINK(1)\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\u200b\u2028"
    "<script>alert(1)</script><img src=x onerror=alert(1)></svg></title></style>-->]]>"
    "\"'`x`|[x](javascript:alert(1)) ![x](http://x.example.test/x) @all **b** \\\n=1+1\n# x\n```\n;"
)
TEXTS = frozenset(
    {"text", "message", "summary", "title", "body", "description", "userAgent", "content", "name"}
    | {"note", "statement", "because", "detail", "notice", "errorMessage", "real_name"}
)
NAMES = frozenset({"name", "real_name"})
"""Not in the evidence: records are told by them, and the graph would be another."""
ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff]"
)
"""What a terminal, an editor or a browser would act on; a tab and a newline are text."""

FORMULA = tuple("=+-@\t\r")
COMMANDS = (
    ("timeline", "--format", "table"), ("timeline", "--format", "jsonl"), ("review",),
    ("timeline", "--format", "timesketch"), ("timeline", "--format", "json"), ("attribute",),
    ("attribute", "--json"), ("compare",), ("verify",), ("oversight",), ("review", "--json"),
)  # fmt: skip


def poison(value: JsonValue, fields: frozenset[str] = TEXTS, *, inside: bool = False) -> JsonValue:
    """Return a document with the hostile text behind every text of a field that holds prose."""
    if isinstance(value, dict):
        return {key: poison(item, fields, inside=key in fields) for key, item in value.items()}
    if isinstance(value, list):
        return [poison(item, fields, inside=inside) for item in value]
    return f"{HOSTILE}{value}{HOSTILE}" if inside and isinstance(value, str) else value


def poison_file(path: Path) -> None:
    told = TEXTS - NAMES
    if path.suffix == ".json":
        path.write_text(json.dumps(poison(json.loads(path.read_text("utf-8")), told)))
    elif path.suffix == ".jsonl":
        lines = [line for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
        path.write_text(
            "".join(f"{json.dumps(poison(json.loads(line), told))}\n" for line in lines)
        )
    elif path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        for row in rows:
            said = {
                key: HOSTILE + cell for key, cell in row.items() if key in {"what", "statement"}
            }
            writer.writerow(row | said)
        path.write_text(out.getvalue(), "utf-8", newline="")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "case"
    shutil.copytree(SAMPLE, folder)
    manifest = YAML(typ="safe", pure=True).load(folder / "case.yaml")
    for item in manifest["evidence"]:
        del item["sha256"]
    # Written as JSON, which YAML includes, so that every character is an escape.
    (folder / "case.yaml").write_text(
        json.dumps(poison(json.loads(json.dumps(manifest, default=str))))
    )
    for path in sorted((folder / "evidence").rglob("*")):
        # Who acknowledged is told by the words of the pager; the graph would be another.
        if path.is_file() and path.name != "pagerduty.json":
            poison_file(path)
    return folder


def ask(*words: str | Path) -> str:
    result = CliRunner().invoke(program, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in {0, 1}, result.stderr
    assert not ACTING.search(result.stderr)
    return result.stdout


def test_the_case_is_as_hostile_as_it_claims(case: Path) -> None:
    """Else the tests below would show nothing: the text is in what is read, unchanged."""
    events = json.loads(ask("timeline", case, "--format", "json"))["events"]
    assert sum(HOSTILE.split("\n", maxsplit=1)[0] in str(event["text"]) for event in events) > 20


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_shows_it_and_does_not_act_on_it(case: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    assert not ACTING.search(ask(name, case, *options))


def test_a_spreadsheet_shows_it_and_runs_none_of_it(case: Path) -> None:
    table = ask("timeline", case, "--format", "csv")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    assert not ACTING.search(table)


def shapes_of(text: str) -> set[str]:
    """Return the lines without what is quoted and without words: the syntax of a graph."""
    return {re.sub(r'"(?:\\.|[^"\\])*"|\w+', "", line) for line in text.splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["dot", "mermaid"])
def test_a_graph_has_the_syntax_it_has_without_it(case: Path, form: str) -> None:
    found = ask("graph", case, "--format", form)
    assert not ACTING.search(found)
    assert len(found.splitlines()) > 30
    assert shapes_of(found) <= shapes_of(ask("graph", SAMPLE, "--format", form))


@pytest.mark.slow
def test_a_picture_has_the_elements_it_has_without_it(case: Path) -> None:
    pictures = [ET.fromstring(ask("graph", folder, "--format", "svg")) for folder in (case, SAMPLE)]  # noqa: S314 - our own output
    kinds = [{element.tag for element in picture.iter()} for picture in pictures]
    assert kinds[0] <= kinds[1]
    named = [
        {name for element in picture.iter() for name in element.attrib} for picture in pictures
    ]
    assert named[0] <= named[1]


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.made: set[tuple[str, str]] = set()
        self.links: set[str] = set()
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        self.links |= {
            value or "" for name, value in attrs if name in {"href", "src", "xlink:href"}
        }
        self.scripts += tag == "script"


def check_html(hostile: bytes, clean: bytes) -> None:
    pages = [Page(data.decode("utf-8")) for data in (hostile, clean)]
    assert pages[0].made <= pages[1].made
    assert pages[0].scripts == pages[1].scripts
    assert not ACTING.search(hostile.decode("utf-8"))
    assert pages[0].links
    assert all(link.startswith("#") for link in pages[0].links)


def check_markdown(hostile: bytes, _clean: bytes) -> None:
    text = hostile.decode("utf-8")
    assert not ACTING.search(text)
    assert not re.search(r"<(script|img|svg)", text)
    assert not re.search(r"(?<!\\)\]\((?!#)", text), "a link that leads out"


def check_pdf(hostile: bytes, _clean: bytes) -> None:
    reader = PdfReader(io.BytesIO(hostile))
    shown = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    assert "HYPERLINK" in shown
    assert not ACTING.search(shown)
    objects = re.sub(rb"stream\r?\n.*?endstream", b"", hostile, flags=re.DOTALL)
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/SubmitForm", b"/EmbeddedFile"):
        assert name not in objects


def check_json(hostile: bytes, _clean: bytes) -> None:
    text = hostile.decode("utf-8")
    json.loads(text)


CHECKS: dict[str, Callable[[bytes, bytes], None]] = {
    ".html": check_html, ".md": check_markdown, ".pdf": check_pdf, ".json": check_json,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["legal", "postmortem"])
def test_a_document_is_what_it_is_without_it(case: Path, tmp_path: Path, audience: str) -> None:
    """Text of a record adds no element, handler, link, script or action to any document."""
    for name, folder in (("hostile", case), ("clean", SAMPLE)):
        made = ask(
            "report", folder, "--audience", audience, "--format", "html,md,pdf,json",
            "--out", tmp_path / name,
        )  # fmt: skip
        assert made
    files = [path for path in sorted((tmp_path / "hostile").rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} == set(CHECKS)
    for path in files:
        CHECKS[path.suffix](path.read_bytes(), (tmp_path / "clean" / path.name).read_bytes())
