"""Reference pages made of what the program works from: kinds of record, tables, rules."""

from __future__ import annotations

import re
import textwrap

from attribution.cli.markdown_table import build_page, build_table
from attribution.cli.reference_catalogue import build_catalogue_pages
from attribution.cli.reference_rules import build_rule_pages
from attribution.model.kinds import KINDS
from attribution.timeline.rules import RULES as JOIN_RULES

_KINDS = """\
# Kinds of record

Every record has one of these kinds, and the facts each kind holds stand in its `data`. A
hand-kept CSV names the kind of a row in the column mapped to `kind` (`note` where there is none)
and a fact in a column mapped to `data.KEY`:

```console
attribution add my-incident notes.csv --map time=When,kind=Kind,text=What,data.service=Service
```

A key marked `?` may be missing. In a CSV, `bool` is written `true`, `yes` or `1`, and `false`, `no`
or `0`; a list (`[...]`) has its entries separated by `;`; a time inside `data` is RFC 3339 in UTC.
Rules look for the kinds and keys below and for nothing else: a row of kind `note` stands in the
timeline and causes nothing.
"""

_JOINING = """\
# Rules by which records are one event

In the order in which they are applied. How a join is looked at and undone is told in
[See why records are one event, and undo it](../how-to/join-records.md).

What hangs together by a rule, and by the rules before it, becomes one event as a whole or not at
all: where any two of it differ in an id of one system and kind of thing, all of it stays as it was
before that rule, and the timeline lists it as left apart. The result does not depend on the order
in which evidence was added.
"""


def build_tables() -> dict[str, str]:
    """Return the Markdown of each page by its file name."""
    return {
        "kinds.md": _build_kinds(),
        **build_catalogue_pages(),
        **build_rule_pages(),
        "joining.md": _build_joining(),
    }


def _build_joining() -> str:
    """Return the page of the rules that join and relate records."""
    parts = []
    for relation, heading in (("same", "## One event"), ("related", "## Related events")):
        parts.append(f"{heading}\n")
        for rule in JOIN_RULES.values():
            if rule.relation == relation:
                awaits = "A person can decide on it." if rule.decidable else ""
                told = (
                    rule.statement,
                    f"Why: {rule.why}",
                    f"When wrong: {rule.when_wrong}",
                    awaits,
                )
                parts.append(f"### {rule.id}\n")
                parts += [f"{textwrap.fill(text, 100)}\n" for text in told if text]
    return build_page("attribution/timeline/rules.py", _JOINING, "\n".join(parts))


def _build_kinds() -> str:
    rows = []
    for kind, promise in KINDS.items():
        meaning, marked, keys = promise.partition("data: ")
        keys, remark = _split_remark(keys) if marked else ("", "")
        described = "; ".join(part for part in (meaning.strip(" ;"), remark.strip()) if part)
        rows.append((f"`{kind}`", described, keys.strip()))
    table = build_table(("kind", "what it is", "keys of `data`"), rows)
    return build_page("attribution/model/kinds.py", _KINDS, table)


def _split_remark(text: str) -> tuple[str, str]:
    """Return the keys and what follows the first semicolon outside brackets."""
    found = re.match(r"((?:\([^()]*\)|[^();])*);(.*)", text, re.DOTALL)
    return (text, "") if found is None else (found[1], found[2])
