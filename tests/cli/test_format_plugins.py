"""Another package adds a format: read like any other, listed with its package, never in the way."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attribution import plugins
from attribution.cli.main import program
from attribution.ingest import FORMATS, plugged
from attribution.store import readings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-format.md"
Install = Callable[..., Path]


def example(language: str, number: int = 0) -> str:
    """Return a fenced block of the how-to page."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(blocks[number])


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a distribution of one module, as pip would lay it out."""
    modules: list[str] = []

    def forget() -> None:
        for cached in (plugins.find_plugins, plugged.load_formats, readings.reader_version):
            cached.cache_clear()

    def make(code: str, *, name: str, version: str = "1.0.0", points: str) -> Path:
        site = tmp_path / f"site-{name}"
        module = points.partition("=")[2].partition(":")[0].strip()
        metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
        )
        (metadata / "entry_points.txt").write_text(
            f"[{plugins.FORMATS_GROUP}]\n{points}\n", encoding="utf-8"
        )
        monkeypatch.syspath_prepend(site)
        modules.append(module)
        forget()
        return site

    yield make
    for module in modules:
        sys.modules.pop(module, None)
    monkeypatch.undo()
    forget()


@pytest.fixture
def deskpad(install: Install) -> Path:
    """Install the example of the how-to page, and return its folder."""
    project = tomllib.loads(example("toml"))["project"]
    ((name, value),) = project["entry-points"][plugins.FORMATS_GROUP].items()
    return install(
        example("python"),
        name=project["name"],
        version=project["version"],
        points=f"{name} = {value}",
    )


@pytest.fixture
def shift(tmp_path: Path) -> Path:
    """Return the sample of the how-to page."""
    path = tmp_path / "shift.dat"
    path.write_text(example("text"), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, list(map(str, arguments)))


def variant(old: str, new: str) -> str:
    code = example("python")
    assert old in code
    return code.replace(old, new)


@pytest.mark.usefixtures("deskpad")
def test_the_example_of_the_page_is_listed_as_the_page_shows() -> None:
    """`formats` lists it after the program's own, with package and version."""
    listed = json.loads(run("formats", "--json").stdout)
    *own, last = listed["formats"]
    assert [entry["id"] for entry in own] == list(FORMATS)
    assert {entry["distribution"] for entry in own} == {None}
    assert (last["id"], last["distribution"]) == ("deskpad", "deskpad-format 1.0.0")
    assert listed["problems"] == []
    assert run("formats").stdout.endswith(example("text", 1))


@pytest.mark.usefixtures("deskpad")
def test_the_example_of_the_page_is_told_read_and_accounted_for(shift: Path) -> None:
    """`read` tells it by content, and its reading names the package that made it."""
    result = run("read", shift, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert document["format"] == "deskpad"
    assert document["accounting"] == {
        "read": 4, "kept": 2, "duplicate": 1, "undated": 0, "rejected": 1,
    }  # fmt: skip
    assert [event["time"] for event in document["events"]] == [
        "2026-03-14T09:12:00Z", "2026-03-14T08:20:00Z",
    ]  # fmt: skip
    assert document["remarks"] == [
        "read by the plugin deskpad-format 1.0.0, which is no part of this program"
    ]


@pytest.mark.usefixtures("deskpad")
def test_a_case_takes_it_in_and_opens_its_places(tmp_path: Path, shift: Path) -> None:
    """`add`, `timeline` and `explain` work on it as on any format."""
    case = tmp_path / "case"
    run("new", case)
    added = run("add", case, shift)
    assert added.exit_code == 0, added.output
    assert "4 read = 2 kept + 1 duplicate + 0 undated + 1 rejected" in added.stdout
    document = json.loads(run("timeline", case, "--format", "json").stdout)
    assert [event["text"] for event in document["events"]] == ["took over", "restarted the queue"]
    assert "took over" in run("explain", case, "E1#line 3").stdout


def test_without_the_package_the_case_names_the_format_that_is_missing(
    tmp_path: Path, shift: Path, deskpad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its item is left unread and named; the case still opens."""
    case = tmp_path / "case"
    run("new", case)
    run("add", case, shift)
    monkeypatch.setattr(sys, "path", [part for part in sys.path if part != str(deskpad)])
    plugins.find_plugins.cache_clear()
    plugged.load_formats.cache_clear()
    shown = run("timeline", case)
    assert shown.exit_code == 0
    assert "there is no format of this name (got 'deskpad')" in " ".join(shown.stdout.split())


BROKEN = {
    "raise OSError('no driver')": "it cannot be imported: OSError: no driver",
    "def f(:": "it cannot be imported: SyntaxError",
    "FORMAT = 'text'": "it is no Format but 'str'",
    "OTHER = 1": "it cannot be imported: AttributeError",
    variant('id="deskpad"', 'id="Desk pad"'): "its id 'Desk pad' is none",
    variant('frozenset({"text"})', 'frozenset({"tape"})'): "its kinds of source are tape",
    variant('frozenset({"text"})', "frozenset()"): "its kinds of source are none",
    variant('id="deskpad"', 'id="csv"'): "its id `csv` is that of a format of this program",
    variant("return float(source", "return 7 + float(source"): "`sniff` returned 7.0",
    variant("return float(source", "return float('nan') + float(source"): "`sniff` returned nan",
    variant("return float(source", "return 1 / 0 + float(source"): "ZeroDivisionError",
}


@pytest.mark.parametrize(("code", "what"), BROKEN.items(), ids=BROKEN.values())
def test_a_broken_plugin_is_named_once_and_loses_nothing(
    code: str, what: str, install: Install, tmp_path: Path
) -> None:
    """The file is read all the same, and one warning says which package and what was wrong."""
    install(code, name="broken-format", version="0.1", points="pad = broken_format:FORMAT")
    notes = tmp_path / "notes.md"
    notes.write_text("# 2026-03-14\n- 09:12 UTC: restarted the queue\n", encoding="utf-8")
    result = run("read", notes)
    assert result.exit_code == 0, result.output
    assert "restarted the queue" in result.stdout
    (warning,) = result.stderr.splitlines()
    assert warning.startswith(
        "warning: the format plugin broken-format 0.1 (pad = broken_format:FORMAT) is not used: "
    )
    assert what in warning


@pytest.mark.usefixtures("deskpad")
def test_of_two_packages_with_one_id_the_first_by_name_stays(install: Install, shift: Path) -> None:
    """Whatever the order on the path; the other one is named."""
    install(example("python"), name="another-deskpad", version="2", points="x = another_pad:FORMAT")
    listed = json.loads(run("formats", "--json").stdout)
    (entry,) = [entry for entry in listed["formats"] if entry["id"] == "deskpad"]
    assert entry["distribution"] == "another-deskpad 2"
    (problem,) = listed["problems"]
    assert "deskpad-format 1.0.0 (deskpad = deskpad_format:FORMAT) is not used" in problem
    assert "its id `deskpad` is that of a format of another-deskpad 2, which stays" in problem
    assert json.loads(run("read", shift, "--json").stdout)["accounting"]["kept"] == 2


def test_a_plugin_that_fails_in_reading_fails_that_file_alone(
    install: Install, tmp_path: Path, shift: Path
) -> None:
    """`add` takes the other file, names the package, and shows no traceback."""
    code = variant('        place = f"line {number}"', "        raise KeyError(number)")
    install(code, name="broken-format", version="0.1", points="pad = broken_format:FORMAT")
    case = tmp_path / "case"
    run("new", case)
    notes = tmp_path / "notes.csv"
    notes.write_text("time,text\n2026-03-14T09:12:00Z,it is down\n", encoding="utf-8")
    result = run("add", case, shift, notes)
    assert result.exit_code == 2
    assert "1 read = 1 kept" in result.stdout
    assert (
        "the format plugin broken-format 0.1 (pad = broken_format:FORMAT) failed" in result.stderr
    )
    assert "got: KeyError: 2" in result.stderr
    assert "Traceback" not in result.stderr


def test_readings_in_the_store_are_of_the_plugins_they_were_made_with(
    install: Install, deskpad: Path
) -> None:
    """Another text of the same version, and another version, make another reader."""
    seen = {readings.reader_version()}
    module = deskpad / "deskpad_format.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    plugins.find_plugins.cache_clear()
    readings.reader_version.cache_clear()
    seen.add(readings.reader_version())
    install("FORMAT = 1", name="another-format", points="x = another_format:FORMAT")
    seen.add(readings.reader_version())
    assert len(seen) == 3


def test_a_distribution_without_metadata_is_passed_by(install: Install) -> None:
    """A damaged installation is named as unknown, and stops nothing."""
    site = install("FORMAT = 1", name="damaged", points="x = damaged_format:FORMAT")
    (found,) = site.glob("*.dist-info/METADATA")
    found.unlink()
    plugins.find_plugins.cache_clear()
    result = run("formats")
    assert result.exit_code == 0
    assert "it is no Format but 'int'" in result.stderr
