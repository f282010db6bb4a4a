"""What was asked of an agent, and which actions give reason to ask whether they went beyond it.

Every reason is a proposal by the table `task_bounds.yaml`, never a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attribution.provenance.approval import Use, is_outside
from attribution.provenance.operations import load_operations
from attribution.provenance.shell import Command
from attribution.tablefile import read_table

TABLE = Path(__file__).with_name("task_bounds.yaml")
_WORD = re.compile(r"[a-z0-9]+")
_PATH = re.compile(
    r"(?<![\w.~-])[\w.~-]*+(?:/[\w.-]+)+|(?<![\w-])[\w-]++\.[a-z]{1,5}\b"  # tried once a word
)
# How a question and its answer stand in the result: "QUESTION"="ANSWER".
_PAIR = re.compile(r'"([^"\n]*)"="([^"\n]*)"')
_SENTENCE = re.compile(r"(?<=[.;!?\n])\s+")
_HOST = re.compile(r"(?i)(?:https?://|ssh://)?(?:[\w.-]+@)?([a-z0-9](?:[\w-]*\.)+[a-z]{2,})")
_REMOTE = frozenset({"ssh", "scp", "sftp", "rsync"})
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SENDING = ("-d", "--data", "-F", "--form", "-T", "--upload-file", "--json")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The table."""

    reasons: Mapping[str, str]
    environments: Mapping[str, frozenset[str]]
    takes_away: frozenset[str]
    restricts: tuple[str, ...]
    assents: frozenset[str]
    negations: frozenset[str]
    reach: int
    places_of_its_own: tuple[str, ...]


@cache
def load_bounds() -> Bounds:
    """Return the table."""
    table: dict[str, Any] = read_table(TABLE)
    return Bounds(
        reasons=MappingProxyType(table["reasons"]),
        environments=MappingProxyType(
            {kind: frozenset(words) for kind, words in table["environments"].items()}
        ),
        takes_away=frozenset(table["takes_away"]),
        restricts=tuple(table["restricts"]),
        assents=frozenset(table["assents"]),
        negations=frozenset(table["negations"]),
        reach=table["reach"],
        places_of_its_own=tuple(table["places_of_its_own"]),
    )


def is_assent(text: str) -> bool:
    """Whether a request does no more than take up what the agent proposed."""
    plain = " ".join(_WORD.findall(text.lower()))
    return plain in load_bounds().assents


def drop_refused(answers: str) -> str:
    """Return what a person answered to questions, without the questions answered with a no.

    A question counts as part of the task where the answer may take it up; one whose answer begins
    with a negation was not asked for, and naming what it asked about is no request.
    """
    refusals = load_bounds().negations
    return _PAIR.sub(lambda pair: pair[2] if _begins(pair[2], refusals) else pair[0], answers)


def _begins(text: str, words: frozenset[str]) -> bool:
    first = _WORD.search(text.lower())
    return first is not None and first[0] in words


class Asked:
    """What was asked up to a moment; texts are added as they were said."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts: dict[str, None] = {}
        self.environments: set[str] = set()
        self.asks_removal = False
        self.named_only: dict[str, None] = {}
        for text in texts:
            self.add(text)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def add(self, text: str) -> None:
        """Take in a request, or what counts as one."""
        plain = text.lower()
        if plain in self._texts:
            return
        self._texts[plain] = None
        words = frozenset(_WORD.findall(plain))
        for kind, names in load_bounds().environments.items():
            if not names.isdisjoint(words):
                self.environments.add(kind)
        self.asks_removal = self.asks_removal or _asks_removal(text)
        self.named_only |= dict.fromkeys(_named_only(text))

    def mentions(self, *parts: str) -> bool:
        """Whether one of the texts has one of the parts, in any case."""
        wanted = [part.lower() for part in parts]
        return any(part in text for text in self._texts for part in wanted)


def _asks_removal(text: str) -> bool:
    bounds = load_bounds()
    wanted = load_operations().destructive_words | bounds.takes_away
    words = _WORD.findall(text.lower())
    return any(
        not wanted.isdisjoint({word, word.removesuffix("s"), word.removesuffix("d")})
        and bounds.negations.isdisjoint(words[max(0, place - bounds.reach) : place])
        for place, word in enumerate(words)
    )


def _named_only(text: str) -> Iterator[str]:
    """Yield the paths that a sentence keeps the agent to."""
    for sentence in _SENTENCE.split(text.lower()):
        if any(re.search(form, sentence) for form in load_bounds().restricts):
            yield from _PATH.findall(sentence)


def find_beyond(use: Use, asked: Asked, destructive: str | None) -> tuple[str, ...]:
    """Return the reasons to ask whether a use went beyond what was asked, each a sentence.

    None where nothing is on record of what was asked.
    """
    if not asked:
        return ()
    reasons = load_bounds().reasons
    found = (
        ("outside_folder", _outside_folder(use, asked)),
        ("outside_named", _outside_named(use, asked)),
        ("other_environment", _other_environment(use, asked)),
        ("other_host", _other_host(use, asked)),
        ("unasked_removal", _unasked_removal(use, asked, destructive)),
    )
    return tuple(reasons[key].format(what=what) for key, what in found if what)


def _outside_folder(use: Use, asked: Asked) -> str | None:
    paths = use.paths if use.kind == "edits" else _written(use)
    return next(
        (
            path
            for path in paths
            if is_outside(path, use.cwd) and not _is_its_own(path) and not _is_named(path, asked)
        ),
        None,
    )


def _is_its_own(path: str) -> bool:
    plain = f"/{path.replace(chr(92), '/')}".replace("//", "/")
    return any(place in plain for place in load_bounds().places_of_its_own)


def _written(use: Use) -> tuple[str, ...]:
    commands = () if use.script is None else use.script.commands
    return tuple(
        path
        for command in commands
        for path in command.writes
        if path.startswith(("/", "~", "..")) and not path.startswith("/dev/")
    )


def _is_named(path: str, asked: Asked) -> bool:
    """Whether a request names the path, its file, or one of its two nearest folders."""
    parts = [part for part in path.lower().replace("\\", "/").split("/") if part]
    return asked.mentions(*(part for part in parts[-3:] if len(part) > 2))  # noqa: PLR2004 - shorter ones are in any text


def _unasked_removal(use: Use, asked: Asked, destructive: str | None) -> str | None:
    its_own = bool(use.paths) and all(map(_is_its_own, use.paths))
    return None if asked.asks_removal or its_own else destructive


def _outside_named(use: Use, asked: Asked) -> str | None:
    if use.kind != "edits" or not asked.named_only:
        return None
    return next((path for path in use.paths if not _is_among(path, asked.named_only)), None)


def _is_among(path: str, named: Iterable[str]) -> bool:
    plain = f"/{path.lower().replace(chr(92), '/').strip('/')}/"
    return any(f"/{name.strip('./~')}/" in plain for name in named)


def _other_environment(use: Use, asked: Asked) -> str | None:
    if use.kind == "edits":
        return None
    bounds = load_bounds()
    texts = list(_texts(use))
    for text in texts:
        words = frozenset(_WORD.findall(text.lower()))
        for kind, names in bounds.environments.items():
            hit = sorted(names & words)
            if hit and kind not in asked.environments:
                return text if len(text) <= 80 else hit[0]  # noqa: PLR2004 - fits on a line
    return None


def _texts(use: Use) -> Iterator[str]:
    """Yield the words of commands that are names rather than text: no spaces, no options."""
    if use.script is None:
        yield from use.paths
        return
    for command in use.script.commands:
        if command.program not in {"echo", "printf", "grep", "rg", "git", "cat", "cd", "ls"}:
            yield from (w for w in command.words if " " not in w and not w.startswith("-"))


def _other_host(use: Use, asked: Asked) -> str | None:
    for command in () if use.script is None else use.script.commands:
        if command.program in _REMOTE or _sends(command):
            for word in command.words:
                match = _HOST.match(word)
                if match and not asked.mentions(match[1]):
                    return match[1]
    return None


def _sends(command: Command) -> bool:
    if command.program not in {"curl", "wget", "http"}:
        return False
    return not _CHANGING.isdisjoint(command.words) or any(
        word.startswith(_SENDING) for word in command.words
    )
