"""What holds for every command: found lazily, documented, one way to fail, safe output."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import attribution as package
from attribution.cli.main import ENTRIES, Entry, main, program
from attribution.cli.options import (
    case_argument,
    detail,
    format_option,
    json_option,
    print_json,
    print_text,
    say,
    verbosity,
    warn,
)
from attribution.cli.terminal import printable, printable_json, printable_line
from attribution.errors import AttributionError, InputError
from attribution.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = {
    "pandas",
    "numpy",
    "networkx",
    "reportlab",
    "sqlite_utils",
    "spacy",
    "ruamel",
    "jsonschema",
}


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs the program with one more command, `probe`, doing `action`."""

    def run(action: Callable[[], Any], *arguments: str, **options: Any) -> Result:
        command = click.Command("probe", callback=action)
        monkeypatch.setitem(ENTRIES, "probe", Entry("probe", "Do what the test says"))
        monkeypatch.setitem(sys.modules, "attribution.cli.probe", SimpleNamespace(command=command))
        return CliRunner().invoke(program, arguments or ("probe",), **options)

    return run


def failing(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize("name", ENTRIES)
def test_the_table_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    with click.Context(program) as ctx:
        command = program.get_command(ctx, name)
    assert command is not None
    assert command.get_short_help_str(limit=200).rstrip(".") == ENTRIES[name].help


@pytest.mark.parametrize("name", ENTRIES)
def test_every_option_and_argument_of_a_command_can_be_understood(name: str) -> None:
    with click.Context(program) as ctx:
        command = program.get_command(ctx, name)
    assert command is not None
    undocumented = [
        param.name for param in command.params if isinstance(param, click.Option) and not param.help
    ]
    assert undocumented == []


def test_help_imports_no_command_and_nothing_heavy() -> None:
    code = (
        "import sys; from attribution.cli.main import program;"
        "program.main(['--help'], standalone_mode=False);"
        "print('MODULES', *sorted(sys.modules))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    ).stdout
    loaded = set(out.split("MODULES", 1)[1].split())
    assert "click" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert loaded & {entry.module for entry in ENTRIES.values()} == set()


def test_help_lists_every_command_with_its_line() -> None:
    out = CliRunner().invoke(program, ["--help"], terminal_width=100).stdout
    words = {tuple(line.split()) for line in out.splitlines()}
    for entry in ENTRIES.values():
        assert (entry.name, *entry.help.split()) in words


def test_a_misspelt_command_is_answered_with_its_neighbour() -> None:
    result = CliRunner().invoke(program, ["timelin"])
    assert result.exit_code == 2
    assert "timeline" in result.stderr


@pytest.mark.parametrize("line", [["--quiet", "probe"], ["probe", "--quiet"], ["probe", "-q"]])
def test_quiet_works_before_and_after_the_command(
    probe: Callable[..., Result], line: list[str]
) -> None:
    def action() -> None:
        say("progress")
        detail("a step")
        warn("the clock is off")
        print_text("answer")

    result = probe(action, *line)
    assert result.stdout == "answer\n"
    assert result.stderr == "warning: the clock is off\n"


@pytest.mark.parametrize("line", [["-v", "probe"], ["probe", "--verbose"]])
def test_verbose_works_before_and_after_the_command(
    probe: Callable[..., Result], line: list[str]
) -> None:
    def action() -> None:
        say("progress")
        detail("a step")

    result = probe(action, *line)
    assert result.stderr == "progress\na step\n"


def test_without_options_progress_is_shown_and_steps_are_not(
    probe: Callable[..., Result],
) -> None:
    def action() -> None:
        say("progress")
        detail("a step")
        say(verbosity().name)

    result = probe(action)
    assert result.stderr == "progress\nNORMAL\n"


def test_bad_input_is_told_with_its_place_and_without_a_traceback(
    probe: Callable[..., Result],
) -> None:
    error = InputError("not JSON", file="a.json", place="line 3", got="}", remedy="mend the line")
    result = probe(failing(error))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "a.json, line 3: not JSON\n  got: }\n  what to do: mend the line\n"


def test_an_answer_of_no_keeps_its_own_exit_status(probe: Callable[..., Result]) -> None:
    class DifferenceError(AttributionError):
        exit_status = 1

    assert probe(failing(DifferenceError("a hash differs"))).exit_code == 1


@pytest.mark.parametrize("line", [["--debug", "probe"], ["probe", "--debug"]])
def test_debug_shows_the_traceback_and_keeps_the_exit_status(
    probe: Callable[..., Result], line: list[str]
) -> None:
    result = probe(failing(InputError("not JSON")), *line)
    assert result.exit_code == 2
    assert "Traceback" in result.stderr
    assert "not JSON" in result.stderr


def test_a_refusal_of_the_system_names_the_file(probe: Callable[..., Result]) -> None:
    result = probe(failing(PermissionError(errno.EACCES, "Permission denied", "case/x.json")))
    assert result.exit_code == 2
    assert "case/x.json: Permission denied" in result.stderr
    assert "Traceback" not in result.stderr


def test_text_in_another_encoding_is_told(probe: Callable[..., Result]) -> None:
    result = probe(lambda: b"caf\xe9".decode("utf-8"))
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_of_the_program_is_not_passed_off_as_bad_input(
    probe: Callable[..., Result],
) -> None:
    result = probe(failing(ZeroDivisionError()))
    assert isinstance(result.exception, ZeroDivisionError)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_exits_130(probe: Callable[..., Result], error: BaseException) -> None:
    assert probe(failing(error)).exit_code == 130


def test_an_interrupt_while_a_class_is_made_exits_130(probe: Callable[..., Result]) -> None:
    """Python 3.11 says RuntimeError of it; any other RuntimeError is a fault of the program."""
    wrapped = RuntimeError("Error calling __set_name__")
    wrapped.__cause__ = KeyboardInterrupt()
    result = probe(failing(wrapped))
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")
    assert isinstance(probe(failing(RuntimeError("a fault"))).exception, RuntimeError)


def run_probe_in_a_process(body: str, **options: Any) -> subprocess.Popen[bytes]:
    code = (
        "import sys, types, click, time\n"
        "from attribution.cli.main import main, ENTRIES, Entry\n"
        f"def action():\n    {body}\n"
        "module = types.SimpleNamespace(command=click.Command('probe', callback=action))\n"
        "sys.modules['attribution.cli.probe'] = module\n"
        "ENTRIES['probe'] = Entry('probe', '')\n"
        "main(['probe'])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_a_real_interrupt_leaves_no_traceback() -> None:
    process = run_probe_in_a_process("click.echo('ready'); time.sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == b"interrupted\n"


def test_a_reader_that_goes_away_is_no_error_worth_a_message() -> None:
    process = run_probe_in_a_process("[click.echo('x' * 1000) for _ in range(5000)]")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()


def test_output_is_utf_8_in_any_locale() -> None:
    env = os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "LC_ALL": "C"}
    process = run_probe_in_a_process("click.echo('Z\\u00fcrich \\u6771')", env=env)
    out, _ = process.communicate(timeout=60)
    assert out.decode("utf-8") == "Zürich 東\n"


def test_main_exits_with_the_programs_status() -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0


def test_no_color_is_respected(probe: Callable[..., Result]) -> None:
    def shout() -> None:
        click.secho("red", fg="red")

    coloured = probe(shout, color=True)
    plain = probe(shout, color=True, env={"NO_COLOR": "1"})
    assert coloured.stdout == "\x1b[31mred\x1b[0m\n"
    assert plain.stdout == "red\n"


def test_json_is_one_sorted_document(probe: Callable[..., Result]) -> None:
    document = {"b": ["é", 0.5], "a": None}
    result = probe(lambda: print_json(document))
    assert result.stdout == '{\n  "a": null,\n  "b": [\n    "é",\n    0.5\n  ]\n}\n'


def test_json_refuses_numbers_it_does_not_have(probe: Callable[..., Result]) -> None:
    assert isinstance(probe(lambda: print_json(float("nan"))).exception, ValueError)


UNSAFE = "\x00\x07\x1b\x7f\x9b\u202e\u2066\u200b\ufeff\U000e0041"


@given(st.text(st.characters(codec=None)))
def test_json_text_keeps_its_value_and_loses_what_acts_on_a_terminal(text: str) -> None:
    document = printable_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(document) == text
    document.encode("utf-8")
    assert not set(document) & set(UNSAFE)


@given(st.text(st.characters(codec=None)) | st.text(UNSAFE))
def test_printable_text_can_be_shown(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert not set(shown) & set(UNSAFE)
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, naïve 東京 👩‍💻\ttab\nline", "plain, naïve 東京 👩‍💻\ttab\nline"),
        ("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\U000e0041", "\\U000e0041"),
        ("a\rb", "a\\x0db"),
    ],
)
def test_printable_spells_out_what_would_act_on_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_newline_in_data_does_not_make_a_new_row() -> None:
    assert printable_line("one\ntwo\tthree") == "one\\ntwo three"


def test_messages_defuse_escapes_from_data(probe: Callable[..., Result]) -> None:
    result = probe(failing(InputError("bad", file="\x1b[2J.json")), color=True)
    assert "\x1b" not in result.stderr


@pytest.fixture
def command_on_a_case() -> click.Command:
    @click.command()
    @case_argument
    @json_option
    @format_option("table", "csv", default="table")
    def command(case: Path, output_format: str, *, as_json: bool) -> None:
        click.echo(f"{case.name} {as_json} {output_format}")

    return command


def test_a_case_is_named_by_its_folder_or_its_manifest(
    command_on_a_case: click.Command, tmp_path: Path
) -> None:
    (tmp_path / "case.yaml").write_text("id: x\n")
    for given_path in (tmp_path, tmp_path / "case.yaml"):
        result = CliRunner().invoke(command_on_a_case, [str(given_path), "--json"])
        assert result.stdout == f"{tmp_path.name} True table\n"


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_that_is_no_case_is_told_with_the_remedy(
    command_on_a_case: click.Command, tmp_path: Path, name: str
) -> None:
    result = CliRunner().invoke(command_on_a_case, [str(tmp_path / name)])
    assert isinstance(result.exception, AttributionError)
    assert "attribution new" in result.exception.diagnostics()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(shell: str) -> None:
    result = CliRunner().invoke(program, ["completion", shell])
    assert result.exit_code == 0
    assert f"_ATTRIBUTION_COMPLETE={shell}_complete" in result.stdout


def test_the_shell_is_offered_the_commands(run_program: Run) -> None:
    done = run_program(
        env={
            "_ATTRIBUTION_COMPLETE": "bash_complete",
            "COMP_WORDS": "attribution ti",
            "COMP_CWORD": "1",
        }
    )
    assert done.stdout == "plain,timeline\n"


def test_the_module_is_the_program(run_program: Run) -> None:
    assert run_program("--version").stdout == f"attribution, version {package.__version__}\n"


def test_importing_the_package_loads_no_case() -> None:
    code = "import sys, attribution; print('attribution.case' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert out == b"False\n"


def test_the_package_offers_the_case() -> None:
    assert package.Case.__module__ == "attribution.case"


def test_a_name_the_package_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = package.nonsense


def test_data_of_an_installed_package_is_preferred_to_a_strangers_folder(tmp_path: Path) -> None:
    """Beside an installed package another distribution may have a folder `schemas` of its own."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "case.schema.json").write_text("stranger")
    ours = tmp_path / "attribution" / "_data" / "schemas" / "case.schema.json"
    ours.parent.mkdir(parents=True)
    ours.write_text("ours")
    assert resource("schemas/case.schema.json", tmp_path / "attribution") == ours


def test_data_of_a_checkout_is_found_beside_the_package(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    assert resource("reports", tmp_path / "attribution") == tmp_path / "reports"


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(AttributionError) as caught:
        resource("schemas/none.json", tmp_path / "attribution")
    assert "schemas/none.json" in caught.value.diagnostics()
    assert "install" in caught.value.diagnostics()
