"""Proposals of texts, as `review` lists them and `decide` takes them over."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from attribution.cli.options import width
from attribution.cli.terminal import printable_line
from attribution.model.proposal import ANSWERS, PREFIX

if TYPE_CHECKING:
    from attribution.model.graph import CausalGraph
    from attribution.model.manifest import Decision
    from attribution.model.proposal import Account, Proposal

_ACCOUNTS = 4


def describe_proposals(graph: CausalGraph) -> Iterator[str]:
    """Yield the proposals that await a decision, one entry each, and what was left out."""
    for proposal in list_open(graph):
        yield describe_proposal(proposal)
    yield from describe_rest(graph)


def describe_rest(graph: CausalGraph) -> Iterator[str]:
    """Yield what of the texts is not put forward, and how far they could be read."""
    texts = graph.texts
    if texts is None:
        return
    left = [f"{count:,} {why}" for why, count in texts.left_out]
    if left:
        yield from textwrap.wrap(f"Of the texts not put forward: {'; '.join(left)}.", width())
    for note in (*texts.notes, *((texts.missed,) if texts.missed else ())):
        yield from textwrap.wrap(f"Reading of the texts: {note}.", width())


def list_open(graph: CausalGraph) -> list[Proposal]:
    """Return the proposals that await a decision, the most relevant first."""
    return [proposal for proposal in graph.proposals if proposal.awaits_decision]


def describe_proposal(proposal: Proposal) -> str:
    """Return a proposal with the sentences it rests on, and how to take it over."""
    lines = [f"{proposal.id} ({proposal.status}, from texts)"]
    parts = [("", proposal.statement)]
    parts += [(_who(one), f"“{one.text}”") for one in proposal.accounts[:_ACCOUNTS]]
    more = len(proposal.accounts) - _ACCOUNTS
    if more > 0:
        parts.append(("", f"and {more} more sentences"))
    parts.append(("counterfactual: ", proposal.counterfactual))
    if proposal.obstacle is not None:
        parts.append(("not as a cause: ", proposal.obstacle))
    for label, text in parts:
        lines += textwrap.wrap(
            printable_line(label + text), width(), initial_indent="  ", subsequent_indent="    "
        )
    return "\n".join(lines) + "\n"


def take_answer(decision: Decision, options: Mapping[str, Any]) -> Decision:
    """Return a decision with what the options say of a text's proposal.

    Raises UsageError for options that are about proposals on anything else, or both answers at
    once.
    """
    given = {name: options[name] for name in ("effect", "party", "duty") if options[name]}
    answers = [name for name in ANSWERS if options[name]]
    if not decision.on.startswith(PREFIX) or decision.status != "confirmed":
        if given or answers:
            raise click.UsageError(
                "--needed, --enough, --effect, --party and --duty are for confirming what a text"
                " proposes"
            )
        return decision
    if len(answers) > 1:
        raise click.UsageError("answer the test in one way: --needed or --enough")
    return replace(decision, answer=answers[0] if answers else None, **given)


def _who(account: Account) -> str:
    who = account.speaker or "not said who"
    doubt = f", weakened by “{account.hedge}”" if account.hedge else ""
    against = ", against it" if account.against else ""
    return f"{account.reference}, {who}{against}{doubt}: "
