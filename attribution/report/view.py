"""An analysis as one document sees it: names, anchors, numbers and references in one way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from attribution.graph.factors import load_factors
from attribution.model.actor import Party
from attribution.model.analysis import Analysis
from attribution.model.confirmation import name_of, status_word
from attribution.model.event import Event, Precedent
from attribution.model.graph import Duty, Edge, Node
from attribution.model.instant import HOUR, MINUTE, SECOND, Instant, format_instant
from attribution.model.interval import Interval
from attribution.report.apportioned import Apportioned, apportion_analysis
from attribution.report.blocks import Column, Heading, Inlines, Link, Row, Table, Text, join, text
from attribution.report.digest import Digest
from attribution.report.house import House
from attribution.report.selection import find_key_events
from attribution.report.wording import PLAIN, Wording
from attribution.timeline.response import Delay, Mark, find_delays, find_marks

NONE = "–"
_MOST_CITED = 40
"""References shown in one place; the JSON format has all of them."""

_FINE = 20
"""A length whose bounds are apart by less than this part of it is told as one."""
_DAY = 24 * HOUR


class View:
    """What sections ask for: lookups over the analysis, and how things are called and written."""

    def __init__(
        self,
        analysis: Analysis,
        audience: str,
        digest: Digest | None = None,
        house: House = PLAIN,
    ) -> None:
        self.analysis = analysis
        self.audience = audience
        self.digest = digest
        self.wording = Wording(audience, house)
        self._sections: list[int] = [0, 0]
        self._parts = 0

    @property
    def learning(self) -> bool:
        """Return whether the document is for learning: no shares, no parties."""
        return self.audience == "postmortem"

    # -- lookups ---------------------------------------------------------------------------

    @cached_property
    def parties(self) -> Mapping[str, Party]:
        """Return the parties by id."""
        return {party.id: party for party in self.analysis.manifest.parties}

    @cached_property
    def sharing(self) -> tuple[str, ...]:
        """Return the ids of the parties that have a breach or a share, for columns side by side."""
        return tuple(
            party.id
            for party in self.analysis.attribution.parties
            if party.breaches or party.share.high > 0
        )

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return the nodes of the graph by id."""
        return {node.id: node for node in self.analysis.graph.nodes}

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        """Return the duties by id."""
        return {duty.id: duty for duty in self.analysis.graph.duties}

    @cached_property
    def actor_names(self) -> Mapping[str, str]:
        """Return the names of the actors by id."""
        return {actor.id: actor.name for actor in self.analysis.actors}

    @cached_property
    def actor_parties(self) -> Mapping[str, str | None]:
        """Return the ids of the actors' parties by the ids of the actors."""
        return {actor.id: actor.party for actor in self.analysis.actors}

    @cached_property
    def evidence_ids(self) -> frozenset[str]:
        """Return the ids of the evidence items that the register lists."""
        return frozenset(item.id for item in self.analysis.evidence)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Return the steps of the response that the records show."""
        return find_marks(self.analysis)

    @cached_property
    def delays(self) -> Mapping[str, Delay]:
        """Return how long after the start each step of the response came, with its bounds."""
        if self.digest is not None:
            return self.digest.delays
        return find_delays(self.marks, self.analysis.timeline.events)

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """Return the dated events by id."""
        return {event.id: event for event in self.analysis.timeline.events}

    def overlapping(self, event: Event) -> tuple[Precedent, ...]:
        """Return what a record alone puts before an event: its times and theirs overlap."""
        return tuple(
            one
            for one in event.after
            if not one.against_clocks
            and (earlier := self.events.get(one.event)) is not None
            and earlier.time_high is not None
            and event.time_low is not None
            and earlier.time_high > event.time_low
        )

    @cached_property
    def event_numbers(self) -> Mapping[str, str]:
        """Return the number of every event: `T1` on in time order, undated ones from `U1`.

        Of a long timeline, where only a part of the events is shown, theirs in the whole of it.
        """
        if self.digest is not None:
            return self.digest.numbers
        dated = {event.id: f"T{n}" for n, event in enumerate(self.analysis.timeline.events, 1)}
        undated = {event.id: f"U{n}" for n, event in enumerate(self.analysis.timeline.undated, 1)}
        return dated | undated

    @cached_property
    def apportioned(self) -> Apportioned:
        """Return who owes what under the regimes of the case."""
        return apportion_analysis(self.analysis)

    @cached_property
    def key_events(self) -> tuple[Event, ...]:
        """Return the events that a node, edge, barrier or mark rests on, in time order."""
        return find_key_events(self.analysis)

    # -- how things are called ---------------------------------------------------------------

    def party(self, party_id: str | None) -> str:
        """Return the name of a party, the role where a duty names a role, a dash for none."""
        if party_id is None:
            return NONE
        party = self.parties.get(party_id)
        if party is None:
            return self.wording.term("roles", party_id)
        return party.name

    def role(self, party_id: str | None) -> str:
        """Return the words for a party's role."""
        party = self.parties.get(party_id or "")
        return NONE if party is None else self.wording.term("roles", party.role)

    def party_with_role(self, party_id: str | None) -> str:
        """Return `name (role)`."""
        if party_id not in self.parties:
            return self.party(party_id)
        return f"{self.party(party_id)} ({self.role(party_id)})"

    def actor(self, name: str | None) -> str:
        """Return the name of an actor, or the name the record used, a dash for none."""
        return NONE if name is None else self.actor_names.get(name, name)

    def who(self, event: Event) -> str:
        """Return who did it, as far as the record says."""
        return self.actor(event.actor or event.actor_name)

    # -- links and references -----------------------------------------------------------------

    def anchor(self, kind: str, name: str) -> str:
        """Return the anchor of a thing; the same thing has the same one in every document."""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
        return f"{kind}-{slug or 'x'}"

    def node_link(self, node_id: str) -> Inlines:
        """Return the statement of a node, leading to its row."""
        node = self.nodes.get(node_id)
        if node is None:
            return text(node_id, "code")
        return (Link(node.statement, self.anchor("node", node_id)),)

    def status(self, part: Node | Edge) -> Inlines:
        """Return the status, and who or which record confirmed; no name in a learning document."""
        word = status_word(part.status, part.confirmed_by)
        said = text(self.wording.term("statuses", word))
        if part.confirmed_by is None or (self.learning and word != "recorded"):
            return said
        return (*said, *text(f"\n{name_of(part.confirmed_by)}", "small"))

    def factors(self, node_id: str) -> str:
        """Return the titles of the factor codes that the finding about a node shows."""
        titles = load_factors()
        return ", ".join(
            titles[code].title.lower()
            for finding in self.analysis.graph.findings
            if finding.nodes[:1] == (node_id,)
            for code in finding.factors
        )

    def node_or_text(self, node_id: str, words: str) -> Inlines:
        """Return `words`, leading to the row of the node where there is one."""
        if node_id not in self.nodes:
            return text(words)
        return (Link(words, self.anchor("node", node_id)),)

    def event_link(self, event: Event) -> Inlines:
        """Return the number of an event, leading to its row in the full list."""
        return (Link(self.event_numbers[event.id], self.anchor("event", event.id)),)

    def evidence_link(self, evidence: str) -> Inlines:
        """Return the id of an evidence item, leading to its entry in the register."""
        return (Link(evidence, self.anchor("evidence", evidence), "code"),)

    def references(self, references: Iterable[str]) -> Inlines:
        """Return evidence references, each leading to its item; `not on record` for none."""
        cited = tuple(references)
        parts: list[Inlines] = [self._reference(reference) for reference in cited[:_MOST_CITED]]
        if len(cited) > _MOST_CITED:
            count = self.number(len(cited) - _MOST_CITED)
            parts.append(text(self.wording.text("common.more_evidence", count=count), "small"))
        return (
            join(parts, "\n") if parts else text(self.wording.text("common.no_evidence"), "small")
        )

    def _reference(self, reference: str) -> Inlines:
        item, _, place = reference.partition("#")
        shown = f"{item} · {place}" if place else item
        if item in self.evidence_ids:
            return (Link(shown, self.anchor("evidence", item), "code"),)
        return (Text(shown, "code"),)

    # -- numbers and times -----------------------------------------------------------------

    def number(self, value: int) -> str:
        """Return a count with its thousands set apart, such as `1 000 000`."""
        return f"{value:,}".replace(",", "\u00a0")

    def percent(self, value: float) -> str:
        """Return a probability or share with one decimal, such as `22.1 %`."""
        return f"{value * 100:.1f}\u00a0%"

    def interval(self, value: Interval) -> str:
        """Return `22.1 % (12.2 to 34.7 %)`."""
        return f"{self.percent(value.point)} ({value.low * 100:.1f} to {self.percent(value.high)})"

    def interval_cell(self, value: Interval | None) -> Inlines:
        """Return the point, and under it the range, for a cell of a table; a dash for none."""
        if value is None:
            return text(NONE)
        shown = f"{value.low * 100:.1f} to {self.percent(value.high)}"
        return (Text(self.percent(value.point), "strong"), Text(f"\n{shown}", "small"))

    def span(self, value: Interval) -> str:
        """Return `0.50 – 0.70 – 0.90`."""
        return f"{value.low:.2f} – {value.point:.2f} – {value.high:.2f}"

    def time(self, instant: Instant | None) -> str:
        """Return `2026-03-09 07:56:03`, with fractions where there are any; always UTC."""
        if instant is None:
            return self.wording.text("common.undated")
        day, _, clock = format_instant(instant).removesuffix("Z").partition("T")
        return f"{day} {clock.rstrip('0') if '.' in clock else clock}"

    def duration(self, microseconds: int) -> str:
        """Return a length of time in its two largest units, such as `13 h 3 min`."""
        units = ((_DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))
        rest = abs(microseconds)
        for index, (size, name) in enumerate(units[:-1]):
            if rest >= size:
                first, left = divmod(rest, size)
                second_size, second_name = units[index + 1]
                second = left // second_size
                return f"{first} {name} {second} {second_name}" if second else f"{first} {name}"
        return f"{rest / SECOND:.3g} s"

    def length(self, seconds: Interval) -> str:
        """Return a length of time, with its bounds where they are far apart for its size."""
        low, point, high = (round(value * SECOND) for value in seconds.to_list())
        if low < 0:
            return self.wording.text("common.up_to", length=self.duration(high))
        told = self.duration(point)
        if (high - low) * _FINE < point or self.duration(low) == self.duration(high):
            return told
        return self.wording.text(
            "common.between", length=told, low=self.duration(low), high=self.duration(high)
        )

    # -- blocks every section needs ----------------------------------------------------------

    def section(self, name: str) -> Heading:
        """Return the numbered heading of a section; its title is `NAME.title` in the wording."""
        self._sections = [self._sections[0] + 1, 0]
        title = self.wording.text(f"{name}.title")
        return Heading(1, title, self.anchor("section", name), str(self._sections[0]))

    def own_section(self, name: str, title: str) -> Heading:
        """Return the numbered heading of a section that a person wrote."""
        self._sections = [self._sections[0] + 1, 0]
        return Heading(1, title, self.anchor("section", name), str(self._sections[0]))

    def own_part(self, title: str) -> Heading:
        """Return the numbered heading of a part that a person wrote."""
        self._sections[1] += 1
        self._parts += 1
        number = f"{self._sections[0]}.{self._sections[1]}"
        return Heading(2, title, self.anchor("written", str(self._parts)), number)

    def subsection(self, key: str) -> Heading:
        """Return the numbered heading of a part of the section; `key` is its title's wording."""
        self._sections[1] += 1
        number = f"{self._sections[0]}.{self._sections[1]}"
        return Heading(2, self.wording.text(key), self.anchor("part", key), number)

    def table(
        self, key: str, columns: str, rows: Iterable[Row], anchor: str | None = None
    ) -> Table:
        """Return a table whose caption and column titles are wording.

        `columns` is `name:kind:weight` for each column, separated by blanks; the title of a column
        is `KEY.columns.NAME`, else `columns.NAME`.
        """
        made = []
        for column in columns.split():
            name, kind, weight = column.split(":")
            own = f"{key}.columns.{name}"
            title = self.wording.text(own if self.wording.has(own) else f"columns.{name}")
            made.append(Column(title, kind, float(weight)))
        return Table(self.wording.text(f"{key}.caption"), tuple(made), tuple(rows), anchor)
