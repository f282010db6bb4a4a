"""What attested builds were made of, beside the tag they name and the change that went out.

A build's provenance says what went in: the source by commit, and all else. Compared are the commit
(or tree) with the tag that the source names, as the repository has it; what else went in is listed,
since no review of the repository covers it. No signature is verified here.
Source: https://slsa.dev/spec/v1.0/provenance#resolvedDependencies,
https://slsa.dev/spec/v0.2/provenance (materials, invocation.configSource).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from attribution.model.event import Event
from attribution.model.record import JsonValue
from attribution.model.release import BuildInput, BuildTrace, Contents
from attribution.oversight.carriage import Carriage
from attribution.oversight.facts import text

KIND = "attestation.build"

_TAG = re.compile(r"refs/tags/([^?#\s]+)")
_COMMIT = ("gitCommit", "sha1")
_TREE = "gitTree"
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Tree:
    """What a build can be compared with: tags by name, which commits there are, their trees."""

    tags: Mapping[str, str]
    has: Callable[[str], bool]
    tree: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Input:
    uri: str | None
    name: str | None
    digests: Mapping[str, str]

    @property
    def commit(self) -> str | None:
        return next((self.digests[key] for key in _COMMIT if key in self.digests), None)

    @property
    def shown(self) -> str:
        return self.uri or self.name or "an unnamed input"


def trace_builds(
    events: Iterable[Event], carriage: Carriage, tree: Tree
) -> tuple[tuple[BuildTrace, ...], int]:
    """Return the builds that have the change, or name a tag that has it, and how many others."""
    found, others = [], 0
    for event in events:
        if event.kind != KIND:
            continue
        build = _trace(event, carriage, tree)
        tagged = carriage.judge(build.tag_commit).state if build.tag_commit else "without"
        if {build.contents.state, tagged} & {"carries", "reverted"}:
            found.append(build)
        else:
            others += 1
    return tuple(found), others


def _trace(event: Event, carriage: Carriage, tree: Tree) -> BuildTrace:
    inputs = list(_list_inputs(event))
    uri = text(event, "source_uri")
    sha = text(event, "source_sha") or _only_commit(inputs, tree)
    tag = _name_tag(uri, sha, inputs)
    tag_commit = None if tag is None else tree.tags.get(tag)
    return BuildTrace(
        reference=event.references[0],
        artifact=event.subject,
        builder=text(event, "builder"),
        source=sha,
        tag=tag,
        tag_commit=tag_commit,
        contents=Contents("unknown") if sha is None else carriage.judge(sha),
        differences=tuple(_compare(sha, tag, inputs, tree)),
        outside=tuple(_list_outside(sha, uri, inputs)),
        signed=text(event, "signed"),
    )


def _list_inputs(event: Event) -> Iterator[_Input]:
    listed = event.data.get("inputs")
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict):
            digests = entry.get("digests")
            yield _Input(
                _text(entry.get("uri")),
                _text(entry.get("name")),
                {key: value for key, value in digests.items() if isinstance(value, str)}
                if isinstance(digests, dict)
                else {},
            )


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None


def _only_commit(inputs: Iterable[_Input], tree: Tree) -> str | None:
    """Return the one commit among the inputs that this repository has."""
    found = {one.commit for one in inputs if one.commit is not None and tree.has(one.commit)}
    return found.pop() if len(found) == 1 else None


def _name_tag(uri: str | None, sha: str | None, inputs: Iterable[_Input]) -> str | None:
    """Return the tag that the source's address names."""
    addresses = [uri, *(one.uri for one in inputs if sha is not None and one.commit == sha)]
    matches = (_TAG.search(address) for address in addresses if address)
    return next((match[1] for match in matches if match is not None), None)


def _compare(
    sha: str | None, tag: str | None, inputs: Iterable[_Input], tree: Tree
) -> Iterator[str]:
    """Yield what does not fit, one sentence each."""
    tagged = None if tag is None else tree.tags.get(tag)
    if sha is None:
        yield "it does not say which commit of this repository it was built from"
    elif not tree.has(sha):
        yield f"commit {sha[:_SHORT]}, which it was built from, is not in this repository"
    if tag is not None and tagged is None:
        yield f"tag {tag}, which its source names, is not in this repository"
    if tagged is not None and sha is not None and sha != tagged:
        yield f"it was built from {sha[:_SHORT]}, and tag {tag} is {tagged[:_SHORT]}"
    base = tagged or sha
    expected = None if base is None else tree.tree(base)
    for one in inputs:
        stated = one.digests.get(_TREE)
        if stated is not None and expected is not None and stated != expected:
            yield (
                f"{one.shown} is tree {stated[:_SHORT]}, and that of"
                f" {tag if tagged is not None else 'its commit'} is {expected[:_SHORT]}"
            )


def _list_outside(
    sha: str | None, uri: str | None, inputs: Iterable[_Input]
) -> Iterator[BuildInput]:
    """Yield what went in beside the source."""
    for one in inputs:
        if (sha is not None and one.commit == sha) or (uri is not None and one.uri == uri):
            continue
        digests = tuple(f"{key}:{value}" for key, value in sorted(one.digests.items()))
        if not digests:
            why = "without a digest: what it was cannot be checked"
        elif one.commit is not None:
            why = "another repository"
        else:
            why = "a package, image or file from outside"
        yield BuildInput(one.shown, digests, why)
