"""The reference page of policy files: keys, kinds of fact, known forms, periods of limitation."""

from __future__ import annotations

from attribution.cli.markdown_table import build_page, build_table, show_list
from attribution.cover.tables import UNVERIFIED, load_fact_kinds, load_forms, load_periods
from attribution.schema.instances import load_schema
from attribution.schema.reference import build_key_sections

_HEAD = """\
# A policy file, key by key

{description} `attribution cover` holds it against a case; [see whether a policy
answers](../how-to/see-what-a-policy-answers.md) shows how. The file is YAML as
[case.yaml](case-file.md) is, and lies in the case's folder. The keys of an entry that must be there
are in **bold**.
"""

_FACTS = """\
## Kinds of fact

What stands under `when` is one of these with its arguments (`fact: outage_longer_than, hours: 8`),
or `all`, `any` or `not` of such tests. What no record shows is open, not denied; a contested fact
is open.
"""

_FORMS = """\
## Forms that a policy can name

`form` of an exclusion with one of these ids brings its test with it. Told in our words from public
summaries: none of the forms was read, and each result says so until `verified_on` in the policy's
`forms` names the day on which somebody compared the two.
"""

_PERIODS = """\
## Periods of limitation

By `law` of the entry in case.yaml, else the case's jurisdiction. A row with a date was held against
the text of the law on that day, where its source says; the others are background knowledge. Counsel
checks each, and when the claim accrued.
"""


def build_policy_page() -> dict[str, str]:
    """Return the page by its file name."""
    kinds = build_table(
        ("fact", "asks", "needs", "may have", "what settles it"),
        [
            (f"`{kind.id}`", kind.asks, show_list(kind.needs), show_list(kind.may), kind.settles)
            for kind in load_fact_kinds().values()
        ],
    )
    forms = build_table(
        ("form", "what it turns on", "source", "verified on", "confidence"),
        [
            (
                f"`{name}`",
                form["turns_on"],
                form["source"],
                str(form["verified_on"] or "nobody did"),
                form["confidence"],
            )
            for name, form in load_forms().items()
        ],
    )
    periods = build_table(
        ("law", "claim", "years", "from", "source", "verified on"),
        [
            (
                f"`{law}`",
                row.claim,
                str(row.years),
                row.starts.replace("_", " "),
                row.source,
                UNVERIFIED if row.verified_on is None else str(row.verified_on),
            )
            for law, rows in load_periods().items()
            for row in rows
        ],
    )
    page = build_page(
        "schemas/policy.schema.json and the tables in attribution/cover",
        _HEAD.format(description=load_schema("policy")["description"]),
        build_key_sections("policy", "The keys of a policy").lstrip("\n"),
        f"{_FACTS}\n{kinds}",
        f"{_FORMS}\n{forms}",
        f"{_PERIODS}\n{periods}",
    )
    return {"policy-file.md": page}
