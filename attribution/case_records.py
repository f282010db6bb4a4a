"""The records of a case, from its evidence to what is known of commits, sessions and reviews.

Each stage is computed once and kept. What is made of the records is in `attribution.case`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from attribution.model.actor import ActorDirectory

if TYPE_CHECKING:
    from pathlib import Path

    from attribution.model.actor import Actor
    from attribution.model.commit import Commit
    from attribution.model.event import Timeline
    from attribution.model.manifest import Manifest
    from attribution.model.oversight import ChangeReview, Deployment
    from attribution.model.record import EvidenceItem, Reading
    from attribution.model.session import AgentSession
    from attribution.timeline.identity import Identities
    from attribution.timeline.namespaces import Distinguished


class CaseRecords:
    """What the evidence of one incident holds, read and merged."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @cached_property
    def evidence(self) -> tuple[EvidenceItem, ...]:
        """The evidence items with their hashes, in declared order. Raises as `hash_evidence`."""
        from attribution.evidence import hash_evidence

        return hash_evidence(self.folder, self.manifest)

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """What was read of each evidence item, by its id.

        An item that cannot be read at all loses none of the others: its reading is empty and
        carries the message, which `problems` repeats.
        """
        from attribution.evidence import read_items

        return read_items(self.folder, self.manifest, self.evidence)

    @cached_property
    def _identities(self) -> Identities:
        from attribution.timeline.identity import resolve_identities

        return resolve_identities(self.manifest, self._distinguished.readings)

    @cached_property
    def _distinguished(self) -> Distinguished:
        from attribution.timeline.namespaces import tell_apart

        return tell_apart(self.manifest, self.readings)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Every actor the case knows, with all its aliases."""
        return self._identities.actors

    @cached_property
    def directory(self) -> ActorDirectory:
        """The actors, to be found by any of their names."""
        return ActorDirectory(self.actors)

    def timeline(self) -> Timeline:
        """Return the merged timeline."""
        return self._timeline

    @cached_property
    def _timeline(self) -> Timeline:
        from attribution.timeline.gaps import list_stakes
        from attribution.timeline.merge import merge_records
        from attribution.timeline.rulings import read_rulings

        items = {item.id: item for item in self.evidence}
        return merge_records(
            self._distinguished.readings,
            items,
            self.directory,
            read_rulings(self.manifest),
            stakes=list_stakes(self.manifest),
        )

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """The commits of the evidence, each with who and what wrote it."""
        from attribution.provenance.authorship import trace_commits

        return trace_commits(self._timeline.events, self.directory)

    @cached_property
    def sessions(self) -> tuple[AgentSession, ...]:
        """What each agent's session among the evidence shows, in time order."""
        from attribution.provenance.conduct import assess_sessions

        return assess_sessions(chain(self._timeline.events, self._timeline.undated))

    @cached_property
    def reviews(self) -> tuple[ChangeReview, ...]:
        """What review each pull request of the evidence really had."""
        from attribution.evidence import list_repositories
        from attribution.oversight.reviews import assess_reviews
        from attribution.oversight.trees import Trees
        from attribution.oversight.visibility import note_unseen
        from attribution.timeline.gaps import list_open_gaps

        events = self._timeline.events
        asked = any(event.kind.startswith("pull_request.") for event in events)
        sources = list_repositories(self.folder, self.manifest, self.readings) if asked else ()
        with Trees(sources) as trees:
            found = assess_reviews(
                events, self.commits, self.directory, trees, self._timeline.undated
            )
        return note_unseen(found, list_open_gaps(self.manifest, self._timeline.gaps))

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """The deployments of the evidence, in time order."""
        from attribution.oversight.deployments import list_deployments

        return list_deployments(self._timeline.events, self.manifest.services)

    @cached_property
    def merkle_root(self) -> str:
        """The Merkle root over the evidence set, as printed on every report."""
        from attribution.store.custody import merkle_root

        return merkle_root(self.evidence)
