"""Whom single sign-on maps the accounts of a GitHub organisation or enterprise to.

The answer of the GraphQL API to a query for `samlIdentityProvider { externalIdentities }`: of each
member the account, the NameID the identity provider gave, and what provisioning (SCIM) knows.
A NameID or a user name that is no address is a name of the identity provider's, not a login.
"""

from __future__ import annotations

from collections.abc import Iterator

from attribution.ingest.documents import name_type
from attribution.ingest.fields import Table, find, flag, items, stated, table, text
from attribution.ingest.format import Format
from attribution.ingest.intake import Intake
from attribution.ingest.source import Source
from attribution.model.record import JsonValue

_LISTING = "externalIdentities"
_DEEPEST = 6
"""`data.enterprise.ownerInfo.samlIdentityProvider.externalIdentities` is the deepest it stands."""


def _read(source: Source, intake: Intake) -> None:
    found = list(_find_listings("", source.document, _DEEPEST))
    for place, listing in found:
        for where, entry in _entries(place, listing):
            if isinstance(entry, dict):
                _add(intake, where, entry)
            else:
                intake.reject(where, f"an object was expected, got {name_type(entry)}")
    # A listing fetched page by page has its last page too: only then is it whole.
    more = [flag(find(listing, "pageInfo", "hasNextPage")) for _, listing in found]
    if more and all(more):
        intake.truncate("the listing was not read to its end: pageInfo.hasNextPage is true")


def _find_listings(place: str, value: JsonValue, depth: int) -> Iterator[tuple[str, Table]]:
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if key == _LISTING and isinstance(inner, dict):
                yield f"{place}/{key}", inner
            else:
                yield from _find_listings(f"{place}/{key}", inner, depth - 1)
    elif isinstance(value, list) and depth:
        for index, inner in enumerate(value):
            yield from _find_listings(f"{place}/{index}", inner, depth - 1)


def _entries(place: str, listing: Table) -> Iterator[tuple[str, JsonValue]]:
    """Yield the identities of a connection: its nodes, or the node of each of its edges."""
    for index, node in enumerate(items(listing.get("nodes"))):
        yield f"{place}/nodes/{index}", node
    for index, edge in enumerate(items(listing.get("edges"))):
        node = find(edge, "node")
        yield f"{place}/edges/{index}/node", edge if node is None else node


def _add(intake: Intake, place: str, entry: Table) -> None:
    login = text(find(entry, "user", "login"))
    names = [
        text(find(entry, "samlIdentity", "nameId")),
        text(find(entry, "samlIdentity", "username")),
        text(find(entry, "scimIdentity", "username")),
    ]
    addresses = [
        text(find(address, "value"))
        for kind in ("samlIdentity", "scimIdentity")
        for address in items(table(entry.get(kind)).get("emails"))
    ]
    known = [name for name in (*names, *addresses) if name]
    if login is None and not known:
        intake.reject(place, "neither an account nor an identity: user and samlIdentity are empty")
        return
    if login is not None:
        own = (name if "@" in name else f"{name} (single sign-on)" for name in known)
        intake.alias((login, *own), place, grade="sso")
    intake.add(
        place,
        "identity.account",
        time=intake.observed(entry.get("observed_at")),
        text=f"{login or 'no account'}: {known[0] if known else 'no identity'}",
        subject=login,
        native_id=text(entry.get("guid")),
        data=stated(
            platform="github",
            login=login,
            identities=list[JsonValue](dict.fromkeys(known)) or None,
        ),
    )


def _sniff(source: Source) -> float:
    return float(any(_find_listings("", source.document, _DEEPEST)))


FORMAT = Format(
    id="github-identities",
    title="GitHub external identities (single sign-on)",
    told_by="an object externalIdentities with nodes or edges",
    source="https://docs.github.com/en/graphql/reference/objects#externalidentity",
    kinds=frozenset({"json"}),
    sniff=_sniff,
    read=_read,
)
