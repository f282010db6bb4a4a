"""What a document says of who owes what: the apportionments of a case, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from attribution.errors import AttributionError
from attribution.model.analysis import Analysis
from attribution.model.record import JsonValue
from attribution.regimes.apportioning import Apportionment, apportion, default_regimes


@dataclass(frozen=True, slots=True)
class Apportioned:
    """The apportionments by class of claimants, or the reason why none can be made."""

    classes: tuple[Apportionment, ...] = ()
    reason: str = ""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the part `apportionment` of the JSON format."""
        return {
            "classes": [one.to_dict() for one in self.classes],
            "reason": self.reason or None,
        }


def apportion_analysis(analysis: Analysis) -> Apportioned:
    """Return who owes what under the regimes of a case; the reason where it cannot be told."""
    if not analysis.attribution.parties:
        return Apportioned()
    try:
        regimes = default_regimes(analysis.manifest)
        statements = {node.id: node.statement for node in analysis.graph.nodes}
        return Apportioned(
            apportion(analysis.manifest, analysis.attribution, regimes, statements=statements)
        )
    except AttributionError as error:
        return Apportioned(reason=f"{error.message}: {error.remedy or error.expected or ''}")
