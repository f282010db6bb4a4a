"""How well texts are read for causes and claims, beside keywords, and how fast.

`python -m tests.bench.narrative_bench [MIRRORS]`: the sentences written for the project
(`tests/data/narrative/sentences.csv`), then the public ones labelled by hand, found again by their
hashes in `MIRRORS/OWNER+NAME/repo`, and, where they lie there, two public corpora: the Causal News
Corpus (tanfiona/CausalNewsCorpus, its dev set, published F1 0.86 by a trained BERT model) and
BECauSE 2.0 (duncanka/BECAUSE, senses Consequence and Motivation). None of their text is kept.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from attribution.model.narrative import ReadSentence
from attribution.narrative.accounts import read_accounts
from attribution.narrative.language import load_model
from attribution.narrative.reading import Narrative, Passage, read_passages
from tests.bench.measuring.runs import Stopwatch, show_seconds
from tests.bench.measuring.tables import format_table

SMALL = os.environ.get("BENCH_SIZE") == "small"
DATA = Path(__file__).parents[1] / "data" / "narrative"
TIMED = 100 if SMALL else 1000
CHAT = 1000 if SMALL else 100_000
SMALL_TALK = (
    "morning all",
    "can somebody look at the build? it has been red for an hour now",
    "the dashboard shows p95 at 320 ms which is fine for this time of day",
    "see the runbook in the wiki, page 4",
    "who is on call this week? the rota says one thing and the bot another",
    "we had a nice talk with the vendor today and they promised to send the numbers by friday",
    "deploy 4.2.1 is out on staging, please have a look before the demo at three",
)
KEYWORDS = re.compile(
    r"\b(caus\w*|because|due to|led to|lead(s|ing)? to|result\w* in|trigger\w*|as a result)\b",
    re.IGNORECASE,
)
SAYS = re.compile(
    r"\b(said|says|claim\w*|according to|admitted|denied|stated|told)\b", re.IGNORECASE
)
CNC = "tanfiona+CausalNewsCorpus"
BECAUSE = "duncanka+BECAUSE"
COLUMNS = ("sentences", "labelled", "by", "precision", "recall", "F1")

Judged = Sequence[tuple[str, bool]]


def tell_cause(sentence: ReadSentence | None) -> bool:
    """Return whether a sentence was read as saying what caused what, in what happened."""
    return sentence is not None and any(not one.irreal for one in sentence.causes)


def tell_claim(sentence: ReadSentence | None) -> bool:
    """Return whether a sentence was read as reporting what somebody says."""
    return sentence is not None and bool(sentence.assertions)


def read_all(texts: Iterable[str]) -> tuple[Narrative, list[ReadSentence | None]]:
    """Return what was read, and for each text its first sentence in which something was found."""
    given = list(texts)
    narrative = read_passages(Passage(str(at), None, text) for at, text in enumerate(given))
    found: dict[str, ReadSentence] = {}
    for sentence in narrative.sentences:
        known = found.get(sentence.reference)
        if known is None or (not tell_cause(known) and tell_cause(sentence)):
            found[sentence.reference] = sentence
    return narrative, [found.get(str(at)) for at in range(len(given))]


def judge(
    name: str, labelled: Judged, told: Sequence[bool], words: re.Pattern[str], what: str
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one set: ours, and keywords alone."""
    truth = [label for _, label in labelled]
    for by, answers in (
        ("read", told),
        ("keywords", [bool(words.search(text)) for text, _ in labelled]),
    ):
        right = sum(a and b for a, b in zip(answers, truth, strict=True))
        precision, recall = right / max(1, sum(answers)), right / max(1, sum(truth))
        score = 2 * precision * recall / max(1e-9, precision + recall)
        figures = (f"{one:.3f}" for one in (precision, recall, score))
        yield (name, f"{len(truth):,}, {sum(truth):,} {what}", by, *figures)


def show(repository: Path, *arguments: str) -> str:
    """Return what git prints of a bare repository."""
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], capture_output=True, check=True
    )
    return done.stdout.decode("utf-8", "replace")


def draw_sentences(mirrors: Path) -> Iterator[str]:
    """Yield the sentences of both public collections, cut as they were when they were labelled."""
    cut = re.compile(r'(?<=[.!?])\s+(?=[A-Z"\u201c\[])')
    listed = mirrors / "danluu+post-mortems" / "repo"
    for line in show(listed, "show", "HEAD:README.md").split("\n"):
        if match := re.match(r"^\[([^\]]+)\]\((\S+)\)\.?\s*(.*)", line):
            body = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[3])
            yield from cut.split(re.sub(r"\*+", "", body))
    summed = mirrors / "icco+postmortems" / "repo"
    for file in show(summed, "ls-tree", "-r", "--name-only", "HEAD", "data").split():
        text = show(summed, "show", f"HEAD:{file}").split("---\n", 2)[-1]
        yield from cut.split(text.replace("\n", " "))


def find_public(mirrors: Path) -> list[tuple[str, bool, bool]]:
    """Return the public sentences that still stand there, with their labels: causal, claim."""
    rows = csv.DictReader((DATA / "public_sentences.csv").read_text("utf-8").splitlines())
    labels = {row["sha256"]: (row["causal"] == "1", row["claim"] == "1") for row in rows}
    found = {}
    for sentence in draw_sentences(mirrors):
        key = hashlib.sha256(sentence.strip().encode()).hexdigest()[:16]
        if key in labels:
            found[key] = (sentence.strip(), *labels[key])
    print(f"{len(found)} of {len(labels)} public sentences found again\n")
    return list(found.values())


def read_news(repository: Path) -> list[tuple[str, bool]]:
    """Return the sentences of the Causal News Corpus, version 2, dev set."""
    text = show(repository, "show", "HEAD:data/V2/dev_subtask1.csv").removeprefix("\ufeff")
    return [(row["text"], row["label"] == "1") for row in csv.DictReader(text.splitlines())]


def read_because(repository: Path) -> list[tuple[str, bool]]:
    """Return the sentences of BECauSE, and whether a consequence or a motive is marked in one."""
    found = []
    cut = re.compile(r"[^.!?\n]+[.!?]*")
    names = show(repository, "ls-tree", "-r", "--name-only", "HEAD").split("\n")
    for name in (one[:-4] for one in names if one.endswith(".ann")):
        if f"{name}.txt" not in names:
            continue
        marks = [
            int(match[1])
            for line in show(repository, "show", f"HEAD:{name}.ann").split("\n")
            if (match := re.match(r"T\d+\t(?:Consequence|Motivation) (\d+)", line))
        ]
        text = show(repository, "show", f"HEAD:{name}.txt")
        for match in cut.finditer(text):
            if len(match[0].split()) > 2:
                marked = any(match.start() <= mark < match.end() for mark in marks)
                found.append((match[0].strip(), marked))
    return found


def main(arguments: list[str]) -> None:
    """Print the tables."""
    watch = Stopwatch()
    load_model()
    loaded = show_seconds(watch.lap())
    own = list(csv.DictReader((DATA / "sentences.csv").read_text("utf-8").splitlines()))
    sets: list[tuple[str, Judged, Callable[[ReadSentence | None], bool], re.Pattern[str], str]] = [
        ("own", [(row["sentence"], row["causal"] == "1") for row in own], tell_cause, KEYWORDS,
         "causal"),
        ("own", [(row["sentence"], bool(row["claim"])) for row in own], tell_claim, SAYS, "claims"),
    ]  # fmt: skip
    if arguments:
        mirrors = Path(arguments[0])
        public = find_public(mirrors)
        causal = [(text, cause) for text, cause, _ in public]
        sets.append(("public incidents", causal, tell_cause, KEYWORDS, "causal"))
        claims = [(text, claim) for text, _, claim in public]
        sets.append(("public incidents", claims, tell_claim, SAYS, "claims"))
        for name, folder, reader in (
            ("Causal News Corpus", CNC, read_news),
            ("BECauSE 2.0", BECAUSE, read_because),
        ):
            if (mirrors / folder / "repo").is_dir():
                found = reader(mirrors / folder / "repo")
                sets.append((name, found, tell_cause, KEYWORDS, "causal"))
    rows: list[tuple[str, ...]] = []
    for name, judged, tell, words, what in sets:
        _, told = read_all(text for text, _ in judged)
        rows += judge(name, judged, [tell(one) for one in told], words, what)
    print(format_table(COLUMNS, rows))
    texts = [row["sentence"] for row in own] * (TIMED // len(own) + 1)
    watch.lap()
    narrative, _ = read_all(texts[:TIMED])
    print(f"\n{TIMED:,} sentences in {show_seconds(watch.lap())}")
    print(narrative.missed or f"with the English model, loaded before in {loaded}")
    chat = [
        texts[at % TIMED] if at % 30 == 0 else SMALL_TALK[at % len(SMALL_TALK)]
        for at in range(CHAT)
    ]
    watch.lap()
    read = read_accounts((Passage(str(at), None, one) for at, one in enumerate(chat)), ())
    print(
        f"{CHAT:,} messages of a chat read for the graph in {show_seconds(watch.lap())},"
        f" {len(read.sentences):,} of them say something"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
