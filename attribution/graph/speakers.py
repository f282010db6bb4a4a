"""Who says what a text says, and what such an account is worth by the credence table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attribution.graph.catalogue import Catalogue
from attribution.graph.facts import Facts
from attribution.model.narrative import Assertion, ReadSentence
from attribution.model.proposal import Account
from attribution.narrative.gazetteer import Gazetteer, Name

_SELF = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|us|[Mm]yself|ourselves)\b")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever says something: an actor's id or the name given, the party, whether an agent."""

    name: str | None
    party: str | None
    is_agent: bool


class Speakers:
    """Resolves who says so, by the names the case knows."""

    def __init__(self, facts: Facts, names: Iterable[Name]) -> None:
        self._facts = facts
        self._names = Gazetteer(names)

    def of(self, said: ReadSentence, assertion: Assertion | None) -> Speaker:
        """Return who says it: whom the sentence names as its source, else who wrote it."""
        source = "" if assertion is None else assertion.source.strip()
        if not source or _SELF.fullmatch(source):
            return self._resolve(said.speaker)
        for mention in self._names.find(source):
            if mention.label == "party":
                return Speaker(mention.text, mention.id, is_agent=False)
            if mention.id is not None and mention.label != "service":
                return self._resolve(mention.id)
        return Speaker(source[:_LONGEST], None, is_agent=False)

    def _resolve(self, name: str | None) -> Speaker:
        actor = self._facts.actor(name)
        if actor is not None:
            return Speaker(actor.id, actor.party, actor.kind == "agent")
        party = next((one for one in self._facts.manifest.parties if one.name == name), None)
        return Speaker(name, None if party is None else party.id, is_agent=False)

    def weigh(self, speaker: Speaker, said: ReadSentence, parties: Iterable[str | None]) -> str:
        """Return the row of the credence table; `parties` are those it is about.

        What an agent says of causes is its own account, and so is what a party says of itself.
        """
        if speaker.is_agent:
            return "agent_self_account"
        about = {party for party in parties if party is not None}
        for mention in said.mentions:
            whose = mention.id if mention.label == "party" else self._party_of(mention.id)
            about |= {whose} if whose is not None else set()
        of_itself = speaker.party is not None and (
            speaker.party in about or bool(_SELF.search(said.text))
        )
        return "party_self_account" if of_itself else "single_statement"

    def _party_of(self, name: str | None) -> str | None:
        return self._facts.directory.party_of(name)

    def name(self, speaker: str | None) -> str:
        """Return the name to show for a speaker."""
        return "somebody not named" if speaker is None else self._facts.actor_name(speaker)


def combine(accounts: Sequence[Account], catalogue: Catalogue) -> str:
    """Return the row of the credence table that the accounts for something are together.

    Two are independent witnesses where different parties, or different people of none that is
    known, say so in different words, and neither speaks of itself.
    """
    speaking = [account for account in accounts if not account.against] or list(accounts)
    outside = [one for one in speaking if one.basis == "single_statement"]
    voices = {one.party or one.speaker for one in outside if one.speaker is not None}
    texts = {" ".join(one.text.casefold().split()) for one in outside}
    if len(voices) > 1 and len(texts) > 1:
        return "independent_witnesses"
    return max((one.basis for one in speaking), key=lambda basis: catalogue.credence(basis).point)
