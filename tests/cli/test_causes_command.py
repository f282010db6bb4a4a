"""What `attribution causes` tells beside the causes, and how it stops."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from click.testing import CliRunner

from attribution.causation.structural import StructuralModel
from attribution.cli.main import program

DATA = Path(__file__).parents[1] / "data" / "causality"
Run = Callable[..., CompletedProcess[str]]


def write_model(tmp_path: Path, case: str, **changes: Any) -> Path:
    """Write the model of a reference case to a file of its own."""
    cases = json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]
    document = next(entry["model"] for entry in cases if entry["id"] == case) | changes
    path = tmp_path / "model.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def write_vote(tmp_path: Path, count: int) -> Path:
    """Write a vote of `count` to nil that half of them would have won."""
    names = [f"v{number}" for number in range(count)]
    path = tmp_path / "vote.json"
    document = {
        "variables": {**{name: [0, 1] for name in names}, "won": [0, 1]},
        "context": {"u": 1},
        "equations": {
            **dict.fromkeys(names, "u"),
            "won": f"at_least({count // 2}, {', '.join(names)})",
        },
        "effect": "won == 1",
    }
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_each_cause_comes_with_words_and_a_certificate(run_program: Run, tmp_path: Path) -> None:
    """The run in the certificate replays, and the document says how the causes were found."""
    path = write_model(tmp_path, "rollback_preemption")
    answer = json.loads(run_program("causes", path, "--json").stdout)
    structure = StructuralModel.from_dict(json.loads(path.read_text("utf-8")))
    for cause in answer["causes"]:
        certificate = cause["certificate"]
        values = structure.evaluate(interventions=certificate["interventions"])
        changed = {n: it for n, it in values.items() if it != answer["actual"][n] or n == "OUT"}
        assert certificate["values"] == changed
        assert certificate["effect"] is False
        assert not structure.effect_holds(values)
        assert cause["explanation"].startswith("With K2 staying 0")
        assert cause["model_sensitive"] is True
    assert answer["method"]
    assert answer["ness"] is None


def test_ness_is_told_with_its_chain(run_program: Run, tmp_path: Path) -> None:
    """Each candidate is a NESS condition or not, with the sets that sufficed."""
    path = write_model(tmp_path, "forest_fire_disj")
    ness = json.loads(run_program("causes", path, "--ness", "--json").stdout)["ness"]
    assert ness["L"] == {
        "is_ness": True,
        "but_for": False,
        "chain": [
            {"variable": "L", "of": "FF", "sufficient": {"L": 1}},
            {"variable": "FF", "of": None, "sufficient": {"FF": 1}},
        ],
    }
    told = run_program("causes", path, "--ness").stdout
    assert "L: L=1 sufficed for FF; FF=1 sufficed for the effect" in told


def test_sensitivity_is_null_where_it_was_not_looked_at(run_program: Run, tmp_path: Path) -> None:
    """With many causes it is left out by default and said so; the option switches it off."""
    vote = write_model(tmp_path, "vote_11_0")
    answer = json.loads(run_program("causes", vote, "--json").stdout)
    assert answer["model_sensitive"] is None
    assert {cause["model_sensitive"] for cause in answer["causes"]} == {None}
    assert "not checked; --sensitivity" in run_program("causes", vote).stdout
    path = write_model(tmp_path, "dog_bite_two_hands")
    assert json.loads(run_program("causes", path, "--json").stdout)["model_sensitive"] is True
    off = run_program("causes", path, "--no-sensitivity", "--json")
    assert json.loads(off.stdout)["model_sensitive"] is None


def unwrap(text: str) -> str:
    """Return the text on one line: where lines break depends on the terminal."""
    return " ".join(text.split())


def test_many_causes_are_summed_up(run_program: Run, tmp_path: Path) -> None:
    """A reader gets a few of 462 causes and the number of the rest, or as many as asked for."""
    path = write_model(tmp_path, "vote_11_0")
    told = unwrap(run_program("causes", path).stdout)
    assert told.count("would not have happened") == 5
    assert "457 more of 6 variables" in told
    seven = unwrap(run_program("causes", path, "--limit", "7").stdout)
    assert seven.count("would not have happened") == 7
    assert "Not complete: stopped after 7 causes" in seven


def test_blame_over_listed_contexts(run_program: Run, tmp_path: Path) -> None:
    """Ten shoot, one gun is live and nobody knows which: blame is one tenth each."""
    guns = [f"live{number}" for number in range(1, 11)]
    contexts = [
        {"context": {gun: int(gun == live) for gun in guns}, "probability": "1/10"} for live in guns
    ]
    path = write_model(tmp_path, "firing_squad_live3", contexts=contexts)
    answer = json.loads(run_program("causes", path, "--blame", "--json").stdout)
    assert answer["blame"] == {f"S{number}": "1/10" for number in range(1, 11)}
    assert "blame" not in json.loads(run_program("causes", path, "--json").stdout)


def test_a_question_is_answered_in_words(run_program: Run, tmp_path: Path) -> None:
    """The verdict on one set has the sentence, the certificate and what it hangs on."""
    path = write_model(tmp_path, "dog_bite_two_hands")
    done = run_program("causes", path, "--cause", "DB", "--json")
    answer = json.loads(done.stdout)
    assert answer["model_sensitive"] is True
    assert answer["sensitivity"][0]["text"] == "if `RH` were no variable of its own"
    assert answer["certificate"]["interventions"] == {"DB": 0, "RH": 0}


@pytest.mark.parametrize("definition", ["modified", "updated"])
def test_the_time_ends_the_search(run_program: Run, tmp_path: Path, definition: str) -> None:
    """After the time allowed there is what was found, and status 0."""
    path = write_vote(tmp_path, 60)
    done = run_program(
        "causes", path, "--timeout", "0.5", "--definition", definition, "--json", "--sensitivity"
    )
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert (answer["complete"], answer["reason"]) == (False, "stopped after 0.5 seconds")
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("definition", ["modified", "updated"])
def test_an_interrupt_shows_what_was_found(tmp_path: Path, definition: str) -> None:
    """Ctrl-C prints one document with what is exact so far, and the status is 130."""
    path = write_vote(tmp_path, 60)
    command = [sys.executable, "-m", "attribution", "causes", str(path), "--json"]
    with subprocess.Popen(
        [*command, "--definition", definition],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ,
    ) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "")
    answer = json.loads(output)
    assert (answer["complete"], answer["reason"]) == (False, "interrupted")


def write_chain(tmp_path: Path, count: int) -> Path:
    """Write a chain of `count` variables, each equal to the one before."""
    names = [f"X{number}" for number in range(count)]
    model = {
        "variables": {name: [0, 1] for name in names},
        "context": {"u": 1},
        "equations": {name: names[n - 1] if n else "u" for n, name in enumerate(names)},
        "effect": f"X{count - 1} == 1",
    }
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def test_a_certificate_of_very_many_values_lists_some_of_them(
    run_program: Run, tmp_path: Path
) -> None:
    """Along a chain of 400 the document does not repeat the chain for each of its causes."""
    answer = json.loads(run_program("causes", write_chain(tmp_path, 400), "--json").stdout)
    assert len(answer["causes"]) == 399
    first = answer["causes"][0]["certificate"]
    assert first["values"]["X399"] == 0
    assert len(first["values"]) < 100
    assert first["values_left_out"] == 400 - len(first["values"])
    last = answer["causes"][-1]["certificate"]
    assert (last["values"], "values_left_out" in last) == ({"X398": 0, "X399": 0}, False)


@pytest.mark.slow
def test_the_document_of_a_long_chain_is_small(run_program: Run, tmp_path: Path) -> None:
    """A certificate and a NESS chain for each of 1,000 causes are a few megabytes in all."""
    told = run_program("causes", write_chain(tmp_path, 1000), "--json", "--ness").stdout
    assert len(told) < 5_000_000
    answer = json.loads(told)
    assert len(answer["causes"]) == 999
    assert all(cause["explanation"] for cause in answer["causes"])
    first = answer["ness"]["X0"]
    assert first["is_ness"]
    assert len(first["chain"]) + first["links_left_out"] == 1000


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("D1=1,D1=0", "asked about twice"),
        ("D1=7", "expected: D1= one of 0, 1"),
        ("D1=" + "7" * 5000, "expected: D1= one of 0, 1"),
        ("D1=x", "a value that is no integer"),
        (",", "expected: one or more of D1, K1"),
        ("u1", "name variables, not what is in `context`"),
        ("OUTT", "expected: one or more of OUT, ..."),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(
    run_program: Run, tmp_path: Path, question: str, message: str
) -> None:
    """Two values of one variable, or one outside its domain, are no question."""
    path = write_model(tmp_path, "rollback_preemption")
    answer = run_program("causes", path, "--cause", question)
    assert answer.returncode == 2
    assert message in answer.stderr
    assert "--cause: " in answer.stderr
    assert max(map(len, answer.stderr.splitlines())) < 300


def test_a_set_that_is_too_large_is_told_its_part(run_program: Run, tmp_path: Path) -> None:
    """Where a part is a cause by itself, the answer names it."""
    path = write_model(tmp_path, "rollback_preemption")
    assert "But D1 alone is a cause." in run_program("causes", path, "--cause", "D1,K1").stdout
    answer = json.loads(run_program("causes", path, "--cause", "D1,K1", "--json").stdout)
    assert (answer["ac2"], answer["ac3"]) == (True, False)
    assert answer["part"]["variables"] == {"D1": 1}


@pytest.mark.parametrize(
    ("question", "why"),
    [("D1=0", "D1 was 1"), ("D1=0,K2=1", "D1 was 1 and K2 was 0")],
)
def test_where_the_first_clause_fails_the_others_are_not_judged(
    run_program: Run, tmp_path: Path, question: str, why: str
) -> None:
    """Asked about values that were not so, the answer says what was so and stops there."""
    path = write_model(tmp_path, "rollback_preemption")
    told = run_program("causes", path, "--cause", question)
    assert told.returncode == 1
    assert told.stdout.count("not judged, as AC1 fails") == 2
    assert f"AC1 fails: {why}." in told.stdout
    answer = json.loads(run_program("causes", path, "--cause", question, "--json").stdout)
    assert (answer["ac1"], answer["reason"]) == (False, f"AC1 fails: {why}")
    assert answer["actual"]["D1"] == 1


def test_an_effect_that_did_not_happen_fails_the_first_clause(
    run_program: Run, tmp_path: Path
) -> None:
    """A question about an effect that is not there is answered by that."""
    path = write_model(tmp_path, "rollback_preemption", effect="OUT == 0")
    told = run_program("causes", path, "--cause", "D1").stdout
    assert "AC1 fails: `OUT == 0` did not happen." in told
    assert run_program("causes", path).stdout == "`OUT == 0` did not happen: OUT=1.\n"


def test_many_without_a_part_are_counted(run_program: Run, tmp_path: Path) -> None:
    """A reader gets the number of those with degree 0 and without NESS; JSON has their names."""
    names = [f"b{number}" for number in range(30)]
    model = {
        "variables": {name: [0, 1] for name in ("a", *names, "harm")},
        "context": {"u": 1},
        "equations": {"a": "u", **dict.fromkeys(names, "u"), "harm": "a"},
        "effect": "harm == 1",
    }
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    told = run_program("causes", path, "--ness", "--blame").stdout
    assert told.count("0    30 others") == 2
    assert "not: 30 others" in told
    assert "b7" not in told
    answer = json.loads(run_program("causes", path, "--json").stdout)
    assert answer["part_of_cause"]["b7"] == "0"


def test_a_limited_search_says_what_is_exact(run_program: Run, tmp_path: Path) -> None:
    """After a limit the degrees shown are exact, and those not decided are named."""
    path = write_model(tmp_path, "rollback_preemption")
    arguments = ("causes", path, "--limit", "1", "--definition", "updated")
    told = unwrap(run_program(*arguments).stdout)
    answer = json.loads(run_program(*arguments, "--json").stdout)
    assert answer["undecided"]
    known = answer["part_of_cause"].keys()
    assert not known & set(answer["undecided"])
    undecided = ", ".join(answer["undecided"])
    assert undecided in told
    assert "not decided" in told


def test_verdicts_that_turn_alike_are_told_together(run_program: Run, tmp_path: Path) -> None:
    """What the ranch hangs on is one sentence, and the document has the equations to rebuild it."""
    path = write_model(tmp_path, "ranch")
    told = unwrap(run_program("causes", path).stdout)
    assert (
        "{A2, A3}, {A2, A4} and {A2, A5} would each be no cause if "
        "`(A2 == A3) and (A3 == A4) and (A4 == A5)` were a variable of its own on the way to `O`, "
        "as, with it held at 0, A2 alone would be one" in told
    )
    first = json.loads(run_program("causes", path, "--json").stdout)["sensitivity"][0]
    assert first["equations"].keys() == {"O", first["variable"]}


@pytest.mark.slow
def test_all_phases_obey_the_time(run_program: Run, tmp_path: Path) -> None:
    """Sentences, sensitivity, NESS and blame stop with the time too, and are named as left out."""
    path = write_vote(tmp_path, 17)
    asked = ("--timeout", "0.05", "--ness", "--blame", "--sensitivity")
    done = run_program("causes", path, *asked, "--json")
    told = unwrap(run_program("causes", path, *asked).stdout)
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["complete"] is False
    assert {"NESS", "blame", "the dependence on the model"} <= set(answer["left_out"])
    assert (answer["ness"], answer["blame"], answer["sensitivity"]) == (None, None, None)
    assert "Left out, as the time was over: NESS" in told


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--json",), ("--cause", "X7", "--json")])
def test_an_interrupt_at_any_time_is_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Ctrl-C while the model is read, compiled or told leaves one line or one document."""
    path = write_chain(tmp_path, 2000)
    start = "import sys; from attribution.cli import main; print('ready', flush=True); main.main()"
    command = [sys.executable, "-c", start, "causes", str(path), *arguments]
    for wait in (0.1, 0.2, 0.4, 0.7, 1.0):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=120)
        assert "Traceback" not in errors
        assert errors in ("", "interrupted\n")
        if errors:
            assert output == ""
        elif "--json" in arguments:
            answer = json.loads(output)
            left_out = "left_out" in answer or answer.get("complete") is False
            assert process.returncode in (0, 1) or left_out


@pytest.mark.parametrize("arguments", [(), ("--cause", "D1")])
def test_an_interrupt_before_anything_was_found_leaves_a_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Ctrl-C while a loaded model is compiled prints a document that says it is not complete."""

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("attribution.cli.verdicts.find_causes", interrupt)
    monkeypatch.setattr("attribution.cli.verdicts.check_cause", interrupt)
    path = write_model(tmp_path, "rollback_preemption")
    asked = ["causes", str(path), *arguments]
    done = CliRunner().invoke(program, [*asked, "--json"])
    assert done.exit_code == 130
    answer = json.loads(done.stdout)
    assert (answer["complete"], answer["reason"]) == (False, "interrupted")
    told = CliRunner().invoke(program, asked)
    assert told.exit_code == 130
    assert "interrupted" in told.stdout


def test_sentences_there_is_no_time_for_are_counted(run_program: Run, tmp_path: Path) -> None:
    """With the time over, causes are listed without their sentences, and it is said of how many."""
    path = write_vote(tmp_path, 11)
    answer = json.loads(run_program("causes", str(path), "--timeout", "0.001", "--json").stdout)
    bare = [cause for cause in answer["causes"] if cause["explanation"] is None]
    assert len(bare) == answer.get("unexplained", 0) == len(answer["causes"])
    assert not answer["complete"]
