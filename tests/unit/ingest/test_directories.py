"""Mappings of single sign-on and lists of users: who they tie together, and what is no user."""

from __future__ import annotations

import json
from pathlib import Path

from attribution.ingest import read_evidence
from attribution.model.record import JsonValue, Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"


def read(tmp_path: Path, document: JsonValue) -> Reading:
    file = tmp_path / "users.json"
    file.write_text(json.dumps(document), "utf-8")
    return read_evidence(file)


def test_an_identity_ties_the_login_to_the_address_and_marks_names_that_are_no_login() -> None:
    """The user name of the identity provider is a name of its own, whatever it looks like."""
    reading = read_evidence(SAMPLES / "github_identities.json")
    (group,) = reading.aliases
    assert group.names == ("reviewer", "reviewer@example.test", "reviewer-sso (single sign-on)")
    assert group.grade == "sso"
    assert reading.truncations == (
        "the listing was not read to its end: pageInfo.hasNextPage is true",
    )
    assert reading.records[1].data == {
        "platform": "github", "identities": ["left@example.test"],
    }  # fmt: skip


def test_a_listing_of_all_pages_is_whole(tmp_path: Path) -> None:
    first = json.loads((SAMPLES / "github_identities.json").read_text("utf-8"))
    last = json.loads((SAMPLES / "github_identities.json").read_text("utf-8"))
    listing = last["data"]["organization"]["samlIdentityProvider"]["externalIdentities"]
    listing["pageInfo"]["hasNextPage"] = False
    listing["edges"] = [{"node": {"guid": "3", "samlIdentity": None, "user": None}}, {"node": 7}]
    reading = read(tmp_path, [first, last])
    assert reading.truncations == ()
    assert [rejection.reason for rejection in reading.rejections] == [
        "neither an account nor an identity: user and samlIdentity are empty",
        "an object was expected, got a number",
    ]
    assert reading.accounting.read == 4


def test_a_scim_list_ties_user_name_id_and_addresses_and_shows_that_it_was_cut() -> None:
    reading = read_evidence(SAMPLES / "directory_users.json")
    assert [group.names for group in reading.aliases] == [
        ("reviewer-sso", "scim-1", "reviewer@example.test"),
        ("operator@example.test", "scim-2"),
    ]
    assert [record.data.get("active") for record in reading.records] == [True, False]
    assert "entries 1 to 2 of 3" in reading.truncations[0]


def test_oktas_recovery_address_identifies_nobody(tmp_path: Path) -> None:
    profile: JsonValue = {
        "login": "dev@x.test",
        "email": "d.ev@x.test",
        "secondEmail": "shared@home.test",
    }
    reading = read(tmp_path, [{"id": "00u1", "status": "ACTIVE", "profile": profile}, {"id": "x"}])
    assert reading.format == "directory-users"
    (group,) = reading.aliases
    assert group.names == ("dev@x.test", "00u1", "d.ev@x.test")
    assert reading.accounting.rejected == 1
