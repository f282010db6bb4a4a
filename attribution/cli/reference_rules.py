"""Reference pages of the rules: one a rule, made of its module's docstring, and their index."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Final

from attribution.cli.markdown_table import build_page, build_table
from attribution.cli.rule_duties import find_duties
from attribution.graph.duties import load_duties
from attribution.graph.factors import load_factors
from attribution.graph.rules import RULES

if TYPE_CHECKING:
    from attribution.graph.rules.rule import Rule

HEADINGS: Final = (
    "What it looks for",
    "What it adds",
    "The counterfactual answer and why",
    "When it is wrong",
    "Example",
    "Sources",
)
"""What the docstring of every rule's module tells, in this order."""

_HEADING = re.compile(r"^([A-Z][^\n:]*):\n((?:(?: {4}[^\n]*)?(?:\n|\Z))+)", re.MULTILINE)

_INDEX = """\
# Rules

Each rule looks for one thing in the records and adds it to the causal graph, with its evidence,
the answer of the counterfactual test, and what would refute it. Rules run in this order, each
building on those before it. A finding is proposed until a person
[decides it](../how-to/decide-findings.md), unless its evidence is a record of the causation itself;
its id is the rule's, a colon, and the node's: `attribution review CASE` lists them.

In node ids, `COMMIT` stands for a commit's first seven digits, `SERVICE`, `ROLE` and `ITEM` for the
id of a service, a role and a harm item, with `_` for what cannot stand in an equation.
`attribution graph CASE --format json` lists the ids of a case.
"""


def build_rule_pages() -> dict[str, str]:
    """Return the Markdown of the index and of each rule's page, by file name."""
    pages = {f"rules/{rule.id}.md": _build_rule(rule) for rule in RULES}
    rows = [(f"[`{rule.id}`](rules/{rule.id}.md)", rule.title, str(rule.version)) for rule in RULES]
    table = build_table(("rule", "what it is about", "version"), rows)
    return {"rules.md": build_page("attribution/graph/rules", _INDEX, table), **pages}


def describe_rule(rule: Rule) -> dict[str, str]:
    """Return what the docstring of a rule's module says under each of its headings."""
    text = inspect.cleandoc(sys.modules[rule.apply.__module__].__doc__ or "")
    return {heading: textwrap.dedent(body).strip() for heading, body in _HEADING.findall(text)}


def _build_rule(rule: Rule) -> str:
    place = list(RULES).index(rule)
    order = f"number {place + 1} of {len(RULES)} in the order in which [rules](../rules.md) run"
    parts = [f"# {rule.id}\n", f"{rule.title}. Version {rule.version}; {order}.\n"]
    parts += [f"## {heading}\n\n{body}\n" for heading, body in describe_rule(rule).items()]
    parts.append(f"## What refutes a finding\n\n{_sentence(rule.refuted_by)}\n")
    if rule.factors:
        factors = load_factors()
        rows = [(f"`{code}`", factors[code].title, factors[code].shown_by) for code in rule.factors]
        table = build_table(("code", "what", "what shows it"), rows)
        parts.append(f"## Codes its findings can show\n\n{table}")
    if duties := find_duties(rule):
        known = load_duties()
        named = [(f"[`{duty}`](../catalogue.md#duties)", known[duty].statement) for duty in duties]
        parts.append(f"## Duties it can find unmet\n\n{build_table(('duty', 'what'), named)}")
    return build_page(
        f"attribution/graph/rules/{rule.apply.__module__.rsplit('.', 1)[-1]}.py", *parts
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
