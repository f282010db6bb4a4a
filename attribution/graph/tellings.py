"""Sentences become proposals: what each says, held against the graph and the other sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from attribution.graph.anchoring import Anchors
from attribution.graph.backdrop import (
    find_onset,
    find_texts,
    leads_to,
    list_known,
    list_parents,
    list_recipients,
)
from attribution.graph.draft import Draft, is_later
from attribution.graph.facts import Facts, identifier
from attribution.graph.relevance import choose_relevant
from attribution.graph.speakers import Speakers, combine
from attribution.graph.telling import VERBS, Telling, guess_kind, is_past, quoted
from attribution.model.graph import Node
from attribution.model.narrative import Assertion, CauseStatement, ReadSentence
from attribution.model.proposal import PREFIX, Account, Proposal, TextsRead
from attribution.narrative.accounts import CONTESTED
from attribution.narrative.likeness import content_words, first_words
from attribution.narrative.passages import collect_names
from attribution.narrative.reading import Narrative

_LONGEST = 300
_ID_LENGTH = 44
_PRONOUN = re.compile(r"\s*(?:it|they|he|she)\b", re.IGNORECASE)
_WITH_VERB = frozenset(
    {"triggered", "overwhelmed", "took-down", "made-it", "unable-by", "enabled", "leaving"}
)
"""Connectives whose verb says what became of the effect: it is part of what is stated."""

_SUPPOSED = re.compile(r"^(?:if|had|but for|without)\s+", re.IGNORECASE)
_TOLD_OF = re.compile(r"\bwarn(?:s|ed|ings?)?\b", re.IGNORECASE)


class Tellings:
    """Collects what sentences say, and makes proposals of it."""

    def __init__(self, facts: Facts, draft: Draft, refuted_by: str) -> None:
        self._facts = facts
        self._refuted_by = refuted_by
        names = collect_names(facts.manifest, facts.directory.actors, ())
        nodes = list_known(facts, draft)
        self._known = nodes
        self._parents = list_parents(draft, facts)
        self._anchors = Anchors(facts, nodes, names)
        self._speakers = Speakers(facts, names)
        self._events = find_texts(facts)
        self._onset = find_onset(facts, nodes)
        self._tellings: dict[tuple[str, ...], Telling] = {}
        self._last: dict[tuple[str, int], str] = {}
        self._left: Counter[str] = Counter()
        self._ids: set[str] = set(nodes)

    def take(self, said: ReadSentence) -> None:
        """Add what one sentence says."""
        causes = [one for one in said.causes if not one.irreal]
        self._left["speak of what might be, or is planned"] += len(said.causes) - len(causes)
        taken = [self._take_cause(said, cause) for cause in causes]
        if not any(taken):
            if said.lack is not None:
                self._take_factor(said, "absence", said.lack.words)
            else:
                self._take_act(said)
        for assertion in said.assertions:
            self._take_claim(said, assertion)
        if said.warning is not None:
            self._take_warning(said)

    # -- causes -------------------------------------------------------------------------------

    def _take_cause(self, said: ReadSentence, cause: CauseStatement) -> bool:
        first = cause.cause or self._referent(said)
        second = cause.effect or self._referent(said)
        if not (content_words(first) and content_words(second)):
            self._left["point to what the text does not hold"] += 1
            return False
        source = self._side(first, said, cause, is_effect=False)
        target = self._side(second, said, cause, is_effect=True)
        self._last[said.reference, said.number] = second
        if source == target:
            self._left["say of a thing that it brought itself about"] += 1
            return False
        assertion = next((one for one in said.assertions if cause.words in one.content), None)
        account = self._account(said, cause.words, assertion, (source, target))
        account = replace(account, hedge=cause.hedge, against=cause.denied)
        key = ("cause", source, target)
        if key not in self._tellings:
            statement = VERBS[cause.relation].format(
                quoted(self._anchors.nodes[source]), quoted(self._anchors.nodes[target])
            )
            self._tellings[key] = Telling(
                "cause", cause.relation, source, target, statement,
                obstacle=self._obstacle(source, target),
            )  # fmt: skip
        self._tellings[key].accounts.append(account)
        return True

    def _referent(self, said: ReadSentence) -> str:
        """Return what `this` is: the effect that the sentence before tells of, or all it says."""
        before = self._last.get((said.reference, said.number - 1))
        return before or first_words(said.before.rstrip("."), _LONGEST)

    def _side(
        self, words: str, said: ReadSentence, cause: CauseStatement, *, is_effect: bool
    ) -> str:
        """Return the node that a side of a cause statement is: one of the graph, else a new one."""
        supposed = cause.relation == "counterfactual"
        text = _SUPPOSED.sub("", words) if supposed else words
        prevented = is_effect and cause.relation == "prevention"
        known = None if prevented else self._anchors.find(text, said.reference)
        known = known or self._anchors.find_new(f"prevented {text}" if prevented else text)
        if known is not None:
            return known
        statement = first_words(f"{text[:1].upper()}{text[1:]}", _LONGEST)
        if supposed:
            statement = f"Other than supposed: “{first_words(words, _LONGEST)}”"
        elif is_effect and cause.connective in _WITH_VERB:
            phrase = f"{cause.words} {text}"
            statement = first_words(f"{phrase[:1].upper()}{phrase[1:]}", _LONGEST)
        elif prevented:
            statement = f"Prevented: “{first_words(words, _LONGEST)}”"
        return self._add_node(text, statement, said, guess_kind(text))

    def _add_node(self, text: str, statement: str, said: ReadSentence, kind: str) -> str:
        words = "_".join(identifier(text).split("_")[:7])[:_ID_LENGTH].rstrip("_")
        node = Node(
            id=self._free_id(f"told_{words}"),
            kind=kind,
            statement=statement,
            status="proposed",
            evidence=(said.reference,),
            rule=PREFIX.rstrip(":"),
        )
        self._anchors.add_new(node, text)
        return node.id

    def _free_id(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._ids:
            number += 1
            name = f"{wanted}_{number}"
        self._ids.add(name)
        return name

    def _obstacle(self, source: str, target: str) -> str | None:
        """Return why this can be no cause in the graph, None where nothing stands against it."""
        first, second = self._anchors.nodes[source], self._anchors.nodes[target]
        if is_later(first, second):
            return "by the records the cause is later than the effect"
        if leads_to(target, source, self._parents):
            return "in the graph the effect is a cause of the cause"
        if second.is_breach:
            return "the effect is a breach of duty: somebody's own act, which has no causes here"
        return None

    # -- factors, claims, warnings --------------------------------------------------------------

    def _take_factor(self, said: ReadSentence, relation: str, words: str) -> None:
        text = said.text.rstrip(".")
        known = self._anchors.find(text, said.reference)
        if known is not None:
            self._left["say what the graph has already"] += 1
            return
        node = self._anchors.find_new(text) or self._add_node(
            text, first_words(said.text, _LONGEST), said,
            "condition" if relation == "absence" else "act",
        )  # fmt: skip
        key = ("factor", node)
        if key not in self._tellings:
            told = "was lacking or did not work" if relation == "absence" else "was done"
            self._tellings[key] = Telling(
                "factor", relation, node, self._sole_effect(),
                f"It {told}: {quoted(self._anchors.nodes[node])}",
            )  # fmt: skip
        self._tellings[key].accounts.append(self._account(said, words, None, (node,)))

    def _take_act(self, said: ReadSentence) -> None:
        for action in said.actions:
            if not (action.aspect == "done" and action.target and is_past(action.words, said.text)):
                continue
            doer = action.actor or said.text[: said.text.find(action.words)]
            if self._is_actor(doer, said):
                self._take_factor(said, "act", action.words)
                return

    def _is_actor(self, name: str, said: ReadSentence) -> bool:
        """Return whether somebody of the case did it: named, or speaking of themselves."""
        if _PRONOUN.match(name):
            name = said.before
        named = any(word.startswith("@") for word in self._anchors.words_of(name))
        of_itself = name in {"I", "We", "we"} and self._facts.actor(said.speaker) is not None
        return bool(name) and (named or of_itself)

    def _sole_effect(self) -> str | None:
        failures = [node.id for node in self._known.values() if node.id.startswith("failure_")]
        return failures[0] if len(failures) == 1 else None

    def _take_claim(self, said: ReadSentence, assertion: Assertion) -> None:
        speaker = self._speakers.of(said, assertion)
        if speaker.party is None or assertion.stance not in CONTESTED:
            return
        node = self._anchors.find(assertion.content, said.reference)
        value = 0 if assertion.stance == "denied" else 1
        declared = [
            one
            for one in self._facts.manifest.claims
            if one.asserted_by == speaker.party and one.node == node
        ]
        obstacle = "it names no statement of the graph" if node is None else None
        if declared:
            obstacle = f"case.yaml has it already, as {declared[0].id}"
        key = ("claim", speaker.party, node or assertion.content.casefold(), str(value))
        if key not in self._tellings:
            verb = {"claimed": "claims", "admitted": "admits", "denied": "denies"}[assertion.stance]
            self._tellings[key] = Telling(
                "claim", "claim", node, None,
                f"{self._facts.party_name(speaker.party)} {verb}:"
                f" {first_words(assertion.content, _LONGEST)}",
                value=value,
                obstacle=obstacle,
            )  # fmt: skip
        account = self._account(said, assertion.words, assertion, (node,) if node else ())
        self._tellings[key].accounts.append(account)

    def _take_warning(self, said: ReadSentence) -> None:
        event = self._events.get(said.reference)
        if event is not None and event.kind == "warning":
            self._left["are records of warnings, which have a rule of their own"] += 1
            return
        account = self._account(said, said.warning or "", None, ())
        before = self._onset is None or (account.time is not None and account.time < self._onset)
        if not before and not _TOLD_OF.search(said.warning or ""):
            self._left["warn after the failure, or at a time that is not known"] += 1
            return
        key = ("knowledge", " ".join(said.text.casefold().split()))
        who = self._speakers.name(account.speaker)
        to = f" to {', '.join(map(self._facts.actor_name, account.told))}" if account.told else ""
        if key not in self._tellings:
            self._tellings[key] = Telling(
                "knowledge", "warning", None, None,
                f"Warned of beforehand, by {who}{to}: “{first_words(said.text, _LONGEST)}”",
            )  # fmt: skip
        self._tellings[key].accounts.append(account)

    # -- who says it ----------------------------------------------------------------------------

    def _account(
        self, said: ReadSentence, words: str, assertion: Assertion | None, about: tuple[str, ...]
    ) -> Account:
        speaker = self._speakers.of(said, assertion)
        parties = [self._anchors.nodes[node].party for node in about]
        event = self._events.get(said.reference)
        return Account(
            reference=said.reference,
            sentence=said.number,
            text=said.text,
            words=words,
            speaker=speaker.name,
            party=speaker.party,
            time=None if event is None else event.time,
            basis=self._speakers.weigh(speaker, said, parties),
            told=() if event is None else list_recipients(event),
        )

    # -- proposals ------------------------------------------------------------------------------

    def settle(self, narrative: Narrative) -> tuple[tuple[Proposal, ...], TextsRead]:
        """Return the proposals, the most relevant first, and what became of all sentences."""
        made = [self._propose(telling) for telling in self._tellings.values()]
        kept, left = choose_relevant(made, frozenset(self._known), self._facts)
        self._left.update(left)
        notes = []
        if narrative.hasty:
            notes.append(
                f"{narrative.hasty:,} sentences were read by their words alone: there are too many"
                " for the language model"
            )
        read = TextsRead(
            narrative.passages,
            narrative.read,
            len(narrative.sentences),
            tuple(sorted((why, count) for why, count in self._left.items() if count)),
            narrative.missed,
            tuple(notes),
        )
        return kept, read

    def _propose(self, telling: Telling) -> Proposal:
        basis = combine(telling.accounts, self._facts.catalogue)
        ends = [end for end in (telling.source, telling.target) if end is not None]
        new = [self._anchors.nodes[end] for end in ends if end not in self._known]
        new = [node for node in new if telling.kind in {"cause", "factor"}]
        return Proposal(
            id=self._proposal_id(telling),
            kind=telling.kind,
            relation=telling.relation,
            statement=telling.statement,
            source=telling.source,
            target=telling.target,
            counterfactual=telling.open_answer(self._speakers),
            basis=basis,
            accounts=tuple(telling.accounts),
            nodes=tuple(self._with_accounts(node, telling.accounts, basis) for node in new),
            value=telling.value,
            obstacle=telling.obstacle,
            refuted_by=self._refuted_by,
        )

    def _proposal_id(self, telling: Telling) -> str:
        if telling.kind == "cause":
            return f"{PREFIX}{telling.source}.{telling.target}"
        if telling.kind == "factor":
            return f"{PREFIX}{telling.source}"
        words = "_".join(identifier(telling.accounts[0].text).split("_")[:6])[:_ID_LENGTH]
        return f"{PREFIX}{self._free_id(f'{telling.relation}_{words}')}"

    def _with_accounts(self, node: Node, accounts: Iterable[Account], basis: str) -> Node:
        evidence = dict.fromkeys((*node.evidence, *(one.reference for one in accounts)))
        return replace(node, evidence=tuple(evidence), basis=basis,
                       credence=self._facts.catalogue.credence(basis))  # fmt: skip
