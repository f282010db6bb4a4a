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

from attribution.causation.structural import StructuralModel

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


def test_a_certificate_of_very_many_values_lists_some_of_them(
    run_program: Run, tmp_path: Path
) -> None:
    """Along a chain of 400 the document does not repeat the chain for each of its causes."""
    names = [f"X{number}" for number in range(400)]
    equations = {name: names[number - 1] if number else "u" for number, name in enumerate(names)}
    model = {
        "variables": {name: [0, 1] for name in names},
        "context": {"u": 1},
        "equations": equations,
        "effect": "X399 == 1",
    }
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    answer = json.loads(run_program("causes", str(path), "--json").stdout)
    assert len(answer["causes"]) == 399
    first = answer["causes"][0]["certificate"]
    assert first["values"]["X399"] == 0
    assert first["values_left_out"] == 400 - 201


@pytest.mark.parametrize(
    ("question", "message"),
    [("D1=1,D1=0", "asked about twice"), ("D1=7", "expected: D1= one of 0, 1")],
)
def test_a_question_that_cannot_be_meant_is_refused(
    run_program: Run, tmp_path: Path, question: str, message: str
) -> None:
    """Two values of one variable, or one outside its domain, are no question."""
    path = write_model(tmp_path, "rollback_preemption")
    answer = run_program("causes", path, "--cause", question)
    assert answer.returncode == 2
    assert message in answer.stderr


def test_sentences_there_is_no_time_for_are_counted(run_program: Run, tmp_path: Path) -> None:
    """With the time over, causes are listed without their sentences, and it is said of how many."""
    path = write_vote(tmp_path, 11)
    answer = json.loads(run_program("causes", str(path), "--timeout", "0.001", "--json").stdout)
    bare = [cause for cause in answer["causes"] if cause["explanation"] is None]
    assert len(bare) == answer.get("unexplained", 0) == len(answer["causes"])
    assert not answer["complete"]
