"""What rows can be filtered by in a page: the sources they rest on, who acted, and for whom."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.report.view import View


def tell_facets(
    view: View, references: Iterable[str], actor: str | None, party: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Return `(source | actor | party, name)` pairs; the party of the actor where none is given.

    A learning document tells no party.
    """
    facets = [("source", reference.partition("#")[0]) for reference in references]
    if actor is not None:
        facets.append(("actor", view.actor(actor)))
    party = party or view.actor_parties.get(actor or "")
    if party in view.parties and not view.learning:
        facets.append(("party", view.party(party)))
    return tuple(dict.fromkeys(facets))
