"""Parts of the reference page of the catalogue: words of operations, switches and answers."""

from __future__ import annotations

from attribution.cli.markdown_table import build_table, show_list
from attribution.cli.reference_sources import rests_on
from attribution.graph.catalogue import load_catalogue
from attribution.graph.tablefile import read_table


def describe_operations() -> str:
    """Return the words by which operations are told apart."""
    operations = load_catalogue().operations
    return "".join(
        (
            "## Words of operations\n\nAn operation takes something away when its verb begins with",
            f" one of: {show_list(operations.destructive_prefixes)}. A task asks for that with one",
            f" of the words: {show_list(sorted(operations.destructive_words))}. An operation",
            " grants permissions when its verb begins with one of:",
            f" {show_list(operations.granting_prefixes)}. In the names of Google, Azure and",
            " Kubernetes the verb stands last (`v1.compute.disks.delete`).\n",
        )
    )


def describe_switches() -> str:
    """Return the calls that turn a protection off or on."""
    rows = [
        (
            f"`{row['operation']}`",
            f"`{row['control']}` ({row['name']})",
            row["state"],
            f"{row['source']} ({row['read']})",
        )
        for row in read_table("switches")["switches"]
    ]
    table = build_table(("operation", "control", "then", "source (looked up)"), rows)
    return (
        "## Calls that turn a protection off or on\n\nThe rule [`guardrail`](rules/guardrail.md)"
        " takes these of an audit log for how a protection stood, set by whoever called.\n\n"
        f"{table}"
    )


def describe_answers() -> str:
    """Return the words by which an answer leaves open what it allows."""
    table = read_table("answers")
    return (
        "## Words of answers\n\nAn answer to an agent's question leaves open what it allows (rule"
        f" [`answer`](rules/answer.md)) when it has one of: {show_list(table['leaves_open'])}; none"
        f" of these, which refuse: {show_list(table['refuses'])}; and none of these, which limit:"
        f" {show_list(table['limits'])}. Rests on {rests_on(table['sources'])}.\n"
    )
