"""A case: a folder with a manifest and evidence, and every stage computed from the two.

`Case.open(path)` checks the manifest; each method is one stage, computed once and kept. Nothing
is written but by `run` and `report`. The same folder gives the same results, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from attribution import __version__
from attribution.case_records import CaseRecords

if TYPE_CHECKING:
    from attribution.causation.effort import Effort
    from attribution.cover.declared import Declared
    from attribution.model.analysis import Analysis
    from attribution.model.bowtie import BowTie
    from attribution.model.commit import Commit
    from attribution.model.comparison import Comparison, WhatIf
    from attribution.model.cover import Cover
    from attribution.model.graph import CausalGraph
    from attribution.model.hypothesis import HypothesisMatrix
    from attribution.model.interval import Interval
    from attribution.model.loss import LossAssessment
    from attribution.model.manifest import Decision, Manifest
    from attribution.model.origin import TracedOrigin
    from attribution.model.release import ChangeRelease
    from attribution.model.result import Attribution
    from attribution.model.risk import ChangeRisk
    from attribution.model.switchboard import Switchboard
    from attribution.model.worksheet import Worksheet
    from attribution.narrative.reading import Narrative
    from attribution.responsibility.attribution import Attributor

MANIFEST = "case.yaml"
DATABASE = "case.db"
REPORTS = "report"
RESULT = "result.json"
_READ = ("evidence", "readings", "_sound")
"""What no decision changes."""

_MERGED = (
    *_READ,
    *("_distinguished", "_identities", "directory", "_timeline"),
    *("commits", "sessions", "deployments", "_texts"),
)
"""What a decision changes only where it is about records."""

_OF_RECORDS = frozenset({"join", "copies", "identity"})
"""How the ids of decisions begin that change which records are one event, or whose."""

NO_HARM = (
    "case.yaml declares no harm, so there is nothing to share out: the report has the timeline"
    " and the changes, but no causes and no shares. Add an entry under `harm`."
)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What `run` produced: the analysis, the files it wrote, and what must be said beside them.

    `problems` are about what the result rests on, `notes` about the derived database.
    """

    analysis: Analysis
    files: tuple[Path, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


class Case(CaseRecords):
    """One incident, opened from its folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        super().__init__(folder, manifest)
        self.effort: Effort | None = None
        """How long shares may take, and who is told of the progress; set before they are asked."""

    @classmethod
    def open(cls, path: Path | str) -> Case:
        """Return the case in a folder (or of a `case.yaml`).

        Raises ManifestError when there is none, or for whatever is wrong with its manifest.
        """
        from attribution.schema.manifest import load_manifest

        given = Path(path)
        folder = given.parent if given.name == MANIFEST else given
        return cls(folder, load_manifest(folder / MANIFEST))

    @property
    def problems(self) -> tuple[str, ...]:
        """What a reader of the results must know about what they rest on, one sentence each."""
        unread = tuple(
            f"{evidence_id}: {sentence}"
            for evidence_id, reading in self.readings.items()
            for sentence in reading.shortcomings
        )
        idle = tuple(
            f"the joining of {', '.join(apart.events)}: {apart.reason}"
            for apart in self._timeline.apart
            if apart.rule == "decision"
        )
        known = (*unread, *self._identities.conflicts, *idle)
        return known if self.manifest.harms else (*known, NO_HARM)

    @cached_property
    def _concerned(self) -> tuple[Commit, ...]:
        """The commits that a node of the graph is about: its id ends with theirs, as rules do."""
        from attribution.graph.facts import short

        ends = {node.id.rpartition("_")[2] for node in self._graph.nodes}
        return tuple(commit for commit in self.commits if short(commit.sha) in ends)

    @cached_property
    def risks(self) -> tuple[ChangeRisk, ...]:
        """How each change a finding is about compared with those before it."""
        from attribution.evidence import list_repositories, measure_changes

        repositories = list_repositories(self.folder, self.manifest, self.readings)
        return measure_changes(repositories, self._concerned)

    @cached_property
    def releases(self) -> tuple[ChangeRelease, ...]:
        """Where each change a finding is about ran, and for how long, as deployments show."""
        from attribution.oversight.release import trace_change

        return tuple(
            trace_change(commit, self.deployments, self.commits) for commit in self._concerned
        )

    def graph(self) -> CausalGraph:
        """Return the causal graph that rules and manifest make of the records."""
        return self._graph

    def bow_ties(self) -> tuple[BowTie, ...]:
        """Return each failure with its causes, its harm and the controls on either side."""
        from attribution.graph.bowtie import draw_bow_ties

        return draw_bow_ties(self._graph)

    def decided(self, *decisions: Decision) -> Case:
        """Return the case as these decisions, beside those it has, would make it; nothing is saved.

        Evidence is not read again; records are merged again only where a decision is about them.
        """
        manifest = replace(self.manifest, decisions=(*self.manifest.decisions, *decisions))
        other = Case(self.folder, manifest)
        about = {one.on.partition(":")[0] for one in decisions}
        same = _READ if about & _OF_RECORDS else _MERGED
        other.__dict__.update({name: getattr(self, name) for name in same})
        if not about & {*_OF_RECORDS, "gap"}:
            other.__dict__["reviews"] = self.reviews
        return other

    @cached_property
    def _sound(self) -> bool:
        """True; raises where the manifest refers to evidence that is not there."""
        from attribution.evidence import check_references

        check_references(self.folder, self.manifest)
        return True

    @cached_property
    def _graph(self) -> CausalGraph:
        from attribution.graph.build import build_graph

        self._sound  # noqa: B018 - raises
        return build_graph(
            self.manifest,
            self._timeline,
            commits=self.commits,
            reviews=self.reviews,
            deployments=self.deployments,
            directory=self.directory,
            sessions=self.sessions,
            homonyms=self._distinguished.homonyms,
            trace=cache(self._trace),
            read_texts=lambda: self._texts,
        )

    def _trace(self, sha: str) -> TracedOrigin | None:
        """Return what a repair among the commits leads to; the rules ask it of few."""
        from attribution.evidence import list_repositories, trace_repair

        return trace_repair(list_repositories(self.folder, self.manifest, self.readings), sha)

    @cached_property
    def _texts(self) -> Narrative:
        """What the texts of the case say that bears on causes, read once."""
        from attribution.narrative.accounts import read_accounts
        from attribution.narrative.passages import collect_names, collect_passages

        names = collect_names(self.manifest, self.actors, ())
        events = chain(self._timeline.events, self._timeline.undated)
        return read_accounts(collect_passages(events), names)

    @cached_property
    def _attributor(self) -> Attributor:
        from attribution.responsibility.attribution import Attributor

        return Attributor(self._graph, self.manifest, self.effort)

    def attribute(self) -> Attribution:
        """Return the shares with their ranges, traced to breaches. Raises as `Attributor` does.

        What could not be read stands among the notes: whoever reads the shares must know of it.
        """
        found = self._attributor.attribute()
        return replace(found, notes=(*self.problems, *found.notes))

    def worksheet(self) -> Worksheet:
        """Return what the records show of how blameworthy each breach was. Raises as `attribute`.

        Beside it stand the shares with every culpability at 1, where a person has entered any.
        """
        from attribution.responsibility.worksheet import fill_worksheet

        return fill_worksheet(
            self._graph, self.manifest, self.attribute(), self.risks, self._without_culpability()
        )

    def _without_culpability(self) -> Mapping[str, Interval]:
        from attribution.responsibility.attribution import Attributor

        if not self.manifest.culpability:
            return {party.id: party.share for party in self.attribute().parties}
        plain = replace(self.manifest, culpability=())
        found = Attributor(self._graph, plain, self.effort).attribute()
        return {party.id: party.share for party in found.parties}

    def compare(self) -> Comparison:
        """Return the positions side by side and the cruxes, ranked."""
        return self._attributor.compare()

    def hypotheses(self) -> HypothesisMatrix:
        """Return the rival hypotheses side by side. Raises as `compare_hypotheses`.

        Parties' versions of the facts are left out of a case for learning.
        """
        from attribution.graph.leads import Leads
        from attribution.responsibility.hypotheses import compare_hypotheses

        manifest, graph = self.manifest, self._graph
        if manifest.mode == "learning":
            manifest = replace(manifest, positions=())
        leads = Leads(manifest, self._timeline, self.directory, graph.nodes, graph.edges)
        return compare_hypotheses(graph, manifest, leads, self.effort)

    def cover(self, policies: Sequence[Declared] | None = None) -> tuple[Cover, ...]:
        """Return each policy held against the case: those given, else those it declares.

        Raises as `load_declared` and `attribute`.
        """
        from attribution.cover.assessment import assess_cover
        from attribution.cover.declared import load_declared

        if policies is None:
            policies = load_declared(self.folder, self.manifest)
        loss = self.loss() if policies else None
        return tuple(
            assess_cover(
                self.manifest,
                self._graph,
                self.attribute(),
                policy,
                entry,
                commits=self._concerned,
                evidence=self.evidence,
                loss=loss,
            )
            for policy, entry in policies
        )

    def whatif(self, settings: Mapping[str, int]) -> WhatIf:
        """Return the outcome and the shares had these nodes had these values."""
        return self._attributor.what_if(settings)

    def loss(self) -> LossAssessment | None:
        """Return the loss that the case declares, None where it declares none.

        Raises ManifestError as `assess_loss`, and where evidence that is cited is not there.
        """
        from attribution.loss.assessment import assess_loss
        from attribution.timeline.response import find_response

        if self.manifest.loss is None:
            return None
        self._sound  # noqa: B018 - raises
        return assess_loss(self.manifest.loss, find_response(self.manifest, self._timeline))

    def write_loss_workbook(self, path: Path) -> None:
        """Write the loss as a workbook (.xlsx). Raises as `loss`; ManifestError where none is.

        The file is put in its place whole or not at all.
        """
        from attribution.errors import ManifestError
        from attribution.evidence import quote_places
        from attribution.loss.workbook import render_workbook
        from attribution.loss.workbook_sheets import CaseFacts

        loss, manifest = self.loss(), self.manifest
        if loss is None:
            raise ManifestError("the case declares no loss", file=MANIFEST, place="loss")
        names = {party.id: party.name for party in manifest.parties}
        facts = CaseFacts(
            manifest.id,
            manifest.title,
            names[loss.borne_by],
            __version__,
            manifest.synthetic,
            manifest.notice,
            manifest.evidence,
            quote_places(self.folder, self.evidence, (p for f in loss.figures for p in f.evidence)),
        )
        side = path.with_name(f".{path.name}.new")
        side.write_bytes(render_workbook(loss, facts))
        side.replace(path)

    def analyse(self) -> Analysis:
        """Return everything in one value: the input of every report."""
        return self._analysis

    def analyse_for(self, audiences: Sequence[str], formats: Sequence[str]) -> Analysis:
        """Return everything that documents for these audiences in these formats hold.

        Beside what `analyse` returns, what a page with shares needs to switch facts.
        """
        analysis = self._analysis
        shared = bool(self.manifest.harms) and self.manifest.mode == "liability"
        if not shared or "html" not in formats or "legal" not in audiences:
            return analysis
        return replace(analysis, switchboard=self._switchboard)

    @cached_property
    def _switchboard(self) -> Switchboard:
        from attribution.responsibility.switchboard import build_switchboard

        return build_switchboard(self._attributor, self._analysis.what_if)

    @cached_property
    def _analysis(self) -> Analysis:
        from attribution.model.analysis import Analysis
        from attribution.model.comparison import Comparison
        from attribution.model.worksheet import Worksheet

        shared = bool(self.manifest.harms) and self.manifest.mode == "liability"
        return Analysis(
            manifest=self.manifest,
            evidence=self.evidence,
            rejections={key: reading.rejections for key, reading in self.readings.items()},
            timeline=self._timeline,
            actors=self.actors,
            commits=self.commits,
            reviews=self.reviews,
            deployments=self.deployments,
            graph=self._graph,
            attribution=self.attribute() if shared else self._attributor.nothing_to_share(),
            comparison=self.compare() if shared else Comparison((), (), ()),
            what_if=self._attributor.what_if_each_duty_met() if shared else (),
            merkle_root=self.merkle_root,
            version=__version__,
            risks=self.risks,
            releases=self.releases,
            sessions=self.sessions,
            hypotheses=self.hypotheses(),
            cover=self.cover() if shared else (),
            loss=self.loss() if self.manifest.mode == "liability" else None,
            worksheet=self.worksheet() if shared else Worksheet(),
        )

    def report(
        self,
        out: Path,
        audiences: Sequence[str],
        formats: Sequence[str],
        house: Path | None = None,
    ) -> tuple[Path, ...]:
        """Write the documents for these audiences in these formats and return their paths.

        Words and looks are those of the case's folder `house`, then those of `house`.
        """
        from attribution.report import write_reports
        from attribution.report.house import open_house

        analysis = self.analyse_for(audiences, formats)
        return write_reports(
            analysis, out, audiences, formats, house=open_house(self.folder, house)
        )

    def run(self, house: Path | None = None) -> RunResult:
        """Compute everything, and write the derived database, the result and the reports.

        The result lies in `report/result.json`; it and the liability documents are written only
        where the case's mode asks for them and there is harm to share out. Raises the errors of
        every stage; nothing is written before all succeed.
        """
        from attribution.report import default_audiences
        from attribution.store.database import rebuild_database
        from attribution.store.result import write_result

        analysis = self._analysis
        out = self.folder / REPORTS
        notes = rebuild_database(self.folder / DATABASE, analysis, self.readings)
        learning = self.manifest.mode == "learning" or not self.manifest.harms
        files = [] if learning else [write_result(out / RESULT, analysis)]
        audiences = default_audiences(
            "learning" if learning else self.manifest.mode,
            authorities=self.manifest.reporting is not None,
            insured=bool(self.manifest.insurance),
        )
        files += self.report(out, audiences, ("pdf", "html", "md"), house)
        return RunResult(analysis, tuple(files), self.problems, tuple(notes))
