"""Which node of the graph a few words of a text speak of, if they clearly speak of one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from attribution.graph.facts import Facts, short
from attribution.graph.rules.onset import failure_id
from attribution.model.graph import Node
from attribution.narrative.gazetteer import Gazetteer, Name
from attribution.narrative.likeness import Likeness, content_words, word_set

_ALIKE = 0.5
_CITED = 0.25
_MARGIN = 0.08
_SAME = 0.72
_OPERATIONS = frozenset({"delete", "deploy", "permission"})
"""Classes of words, in `narrative/tables/likeness.yaml`, that say what was done to a resource."""

_FORMAL = content_words("control, at the time of, on record, no record shows, policy")
"""Words that rules use in every statement of a kind: they tell none from another."""

_CHANGE = re.compile(r"(?<![\w/#-])(?:#(?P<number>\d{1,6})\b|(?P<sha>[0-9a-f]{7,40})\b)")
_COUNT = re.compile(r"[\d.,:%$-]+(?:am|pm|utc|st|nd|rd|th|k|m|h)?")
_ARTICLE = re.compile(
    r"\b(?:the|an?|our|their|its) (?:\w+ )?(?:agent|bot|assistant)\b", re.IGNORECASE
)


class Anchors:
    """The nodes of the graph by what they say, and those that texts have added beside them."""

    def __init__(self, facts: Facts, nodes: Mapping[str, Node], names: Iterable[Name]) -> None:
        self.nodes = dict(nodes)
        self._facts = facts
        self._names = Gazetteer(names)
        agents = [actor.id for actor in facts.directory.actors if actor.kind == "agent"]
        self._agent = agents[0] if len(agents) == 1 else None
        self._failures = {
            service.id: failure_id(service)
            for service in facts.manifest.services
            if failure_id(service) in nodes
        }
        self._known, self._new = Likeness(), Likeness()
        self._acts: dict[str, tuple[str, frozenset[str], set[str]]] = {}
        self._citing: defaultdict[str, set[str]] = defaultdict(set)
        for node in nodes.values():
            for place in node.evidence:
                self._citing[place].add(node.id)
            actor = () if node.actor is None else (f"@{node.actor}",)
            words = (self.words_of(node.statement) - _FORMAL) | frozenset(actor)
            # What a control did or would have done is told in the words of what it lacked.
            if node.control is None or node.is_breach:
                self._known.add(node.id, words)
            if node.kind == "act" and actor and node.rule == "direct-action":
                named = {word for word in words if word[0] == "@" or any(map(str.isdigit, word))}
                self._acts[node.id] = (actor[0], words & _OPERATIONS, named - set(actor))

    def words_of(self, text: str) -> frozenset[str]:
        """Return what a text is about, with what it names by the ids of the case."""
        named, rest, done = set(), [], 0
        for mention in self._names.find(text):
            named.add(f"@{mention.id or mention.text.lower()}")
            rest.append(text[done : mention.start])
            done = mention.end
        plain = " ".join([*rest, text[done:]])
        if self._agent is not None and _ARTICLE.search(plain):
            named.add(f"@{self._agent}")
            plain = _ARTICLE.sub(" ", plain)
        return content_words(plain) | named

    def find(self, text: str, place: str) -> str | None:
        """Return the node of the graph that a text names or clearly describes, None for none.

        Less is asked of a node that cites the place of the text as its evidence.
        """
        words = self.words_of(text)
        return (
            self._find_change(text)
            or self._find_failure(words)
            or self._find_act(words)
            or self._known.find(words, _CITED, among=self._citing.get(place, ()))
            or self._known.find(words, _ALIKE, _MARGIN)
        )

    def find_new(self, text: str) -> str | None:
        """Return the node that texts have added and that says the same as a text."""
        return self._new.find(self.words_of(text), _SAME)

    def add_new(self, node: Node, text: str) -> None:
        """Keep a node that a text has added."""
        self.nodes[node.id] = node
        self._new.add(node.id, self.words_of(text))

    def _find_change(self, text: str) -> str | None:
        """Return the one node about the commit or pull request that a text names."""
        shas = set()
        for match in _CHANGE.finditer(text):
            if match["number"]:
                number = int(match["number"])
                for review in self._facts.reviews:
                    if review.number == number:
                        shas |= {short(sha) for sha in (*review.commits, review.merge) if sha}
            else:
                shas.add(short(match["sha"]))
        found = [node for node in self.nodes if node.rpartition("_")[2] in shas]
        return found[0] if len(found) == 1 else None

    def _find_act(self, words: frozenset[str]) -> str | None:
        """Return the recorded act of which words name doer, operation and object."""
        found = [
            node
            for node, (doer, operations, objects) in self._acts.items()
            if doer in words and words & operations and words & objects
        ]
        return found[0] if len(found) == 1 else None

    def _find_failure(self, words: frozenset[str]) -> str | None:
        """Return the failure of the service that words name, or of the only one there is."""
        whole = content_words(" ".join(word_set("whole"))) | {"fail"}
        if not words & whole:
            return None
        rest = words - whole - content_words(" ".join(word_set("beside")))
        services = {word[1:] for word in rest if word[1:] in self._failures and word[0] == "@"}
        others = {word for word in rest if word[1:] not in services and not _COUNT.fullmatch(word)}
        if others or len(services) > 1:
            return None
        if services:
            return self._failures[next(iter(services))]
        return next(iter(self._failures.values())) if len(self._failures) == 1 else None
