"""The answer of a liability document: who bears how much, how sure that is, and what decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attribution.model.comparison import Crux
from attribution.model.interval import Interval
from attribution.model.result import PartyShare
from attribution.report.blocks import Inlines, Link, Notice, join, text
from attribution.report.view import View

LEAST_SHOWN = 0.0005
"""What moves a share by less is 0.0 points to a reader, and moves nothing."""


def rank_parties(view: View) -> list[PartyShare]:
    """Return the parties that have a breach or a share, the largest share first."""
    return sorted(
        (party for party in view.analysis.attribution.parties if party.id in view.sharing),
        key=lambda party: (-party.share.point, party.id),
    )


def rank_cruxes(view: View) -> list[Crux]:
    """Return the contested facts that move a share, what moves one furthest first."""
    ranked = view.analysis.attribution.cruxes or view.analysis.comparison.cruxes
    return [crux for crux in ranked if crux.max_swing >= LEAST_SHOWN]


def build_answer(view: View) -> Notice:
    """Return a line for each share, one for what is left, and what is said on how sure it is."""
    parties = rank_parties(view)
    lines = [_tell_share(view, party) for party in parties]
    lines.append(_tell_rest(view))
    agents = {party.id for party in view.parties.values() if party.role == "agent"}
    if any(party.id in agents for party in parties):
        words = view.wording.text("summary.answer_regimes")
        link = (Link(words, view.anchor("section", "regimes")),)
        lines.append(view.wording.runs("summary.answer_agent", regimes=link))
    lines.append(join([*_tell_how_sure(view, parties)], " "))
    return Notice("answer", view.wording.text("summary.answer_title"), join(lines, "\n"))


def _tell_share(view: View, party: PartyShare) -> Inlines:
    said = {
        "party": (Link(view.party(party.id), view.anchor("party", party.id), "strong"),),
        "role": view.role(party.id),
        "share": text(view.percent(party.share.point), "strong"),
    }
    low, high = view.percent(party.share.low), view.percent(party.share.high)
    if low == high:
        return view.wording.runs("summary.answer_part_exact", **said)
    low = f"{party.share.low * 100:.1f}"
    return view.wording.runs("summary.answer_part", **said, low=low, high=high)


def _tell_rest(view: View) -> Inlines:
    rest = view.analysis.attribution.unattributed
    if rest.high < LEAST_SHOWN:
        return view.wording.runs("summary.answer_no_rest")
    return view.wording.runs("summary.answer_rest", unattributed=view.interval(rest))


def _tell_how_sure(view: View, parties: list[PartyShare]) -> Iterator[Inlines]:
    """Yield whether the ranges and the positions agree on the largest share, and what is open."""
    yield text(view.wording.text("summary.sure"), "strong")
    if len(parties) > 1:
        apart = parties[0].share.low > max(party.share.high for party in parties[1:])
        yield view.wording.runs("summary.sure_apart" if apart else "summary.sure_overlap")
        yield from _tell_positions(view, parties[0].id)
    cruxes = rank_cruxes(view)
    if cruxes:
        link = (Link(cruxes[0].statement, view.anchor("claim", cruxes[0].claim)),)
        swing = f"{cruxes[0].max_swing * 100:.1f}"
        yield view.wording.runs("summary.sure_crux", statement=link, swing=swing)
    undecided = sum(f.status in ("proposed", "contested") for f in view.analysis.graph.findings)
    if undecided:
        link = (Link(view.number(undecided), view.anchor("part", "unknowns.findings")),)
        yield view.wording.runs("summary.sure_undecided", count=link)


def _tell_positions(view: View, leader: str) -> Iterator[Inlines]:
    """Yield what the positions say of the party with the largest share on the whole record."""
    told = [one for one in view.analysis.comparison.positions if one.shares]
    if not told:
        return
    against = [one.id for one in told if not _leads(one.shares or {}, leader)]
    if not against:
        party = view.party(leader)
        yield view.wording.runs("summary.sure_positions", party=party, count=len(told))
    else:
        names = ", ".join(against)
        yield view.wording.runs("summary.sure_not_under", party=view.party(leader), names=names)


def _leads(shares: Mapping[str, Interval], leader: str) -> bool:
    """Return whether no party has a share that is larger to a reader."""
    most = max(share.point for share in shares.values())
    return leader in shares and shares[leader].point > most - LEAST_SHOWN
