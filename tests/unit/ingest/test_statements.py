"""In-toto statements out of their envelopes. Synthetic, but for the four statements of
slsa-framework/slsa-source-poc (`refs/notes/commits`) under tests/data/provenance.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from attribution.ingest.statements import (
    Statement,
    StatementError,
    is_attestation,
    parse_statement,
    parse_statements,
)
from attribution.model.record import JsonValue

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "provenance"
SHA = "1" * 40
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
Tree = dict[str, JsonValue]


def statement(**fields: JsonValue) -> Tree:
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "app", "digest": {"gitCommit": SHA}}],
        "predicateType": "https://example.test/p/v1",
        "predicate": {"a": 1},
        **fields,
    }


def envelope(said: JsonValue, **fields: JsonValue) -> Tree:
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64.b64encode(json.dumps(said).encode()).decode(),
        "signatures": [{"keyid": "k-1", "sig": "c2ln"}],
        **fields,
    }


def refusal(entry: JsonValue) -> str:
    with pytest.raises(StatementError) as caught:
        parse_statement(entry)
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("slsa_source_*.json")), ids=lambda p: p.stem)
def test_published_statements_are_read(path: Path) -> None:
    ((place, found),) = parse_statements(path.read_bytes())
    assert isinstance(found, Statement)
    assert place == "/"
    (commit,) = found.digests("gitCommit")
    assert len(commit) == 40
    assert found.predicate_type in path.read_text()
    assert found.signing.account == "not signed"


@pytest.mark.parametrize(
    "wrapped",
    [
        envelope(statement()),
        {"mediaType": BUNDLE, "dsseEnvelope": envelope(statement())},
        {"bundle": {"dsseEnvelope": envelope(statement())}, "repository_id": 1},
        {"attestation": {"bundle": {"dsseEnvelope": envelope(statement())}}},
        {"media_type": BUNDLE, "Content": {"DsseEnvelope": envelope(statement())}},
        {"envelope": {"statement": envelope(statement())["payload"], "signature": "x"}},
    ],
    ids=["dsse", "bundle", "github", "gh", "go", "pypi"],
)  # fmt: skip
def test_every_envelope_gives_the_same_statement(wrapped: Tree) -> None:
    assert is_attestation(wrapped)
    found = parse_statement(wrapped)
    bare = parse_statement(statement())
    assert (found.predicate_type, found.subjects, found.predicate) == (
        bare.predicate_type, bare.subjects, bare.predicate,
    )  # fmt: skip
    assert found.signing.signatures == 1
    assert found.signing.account.endswith("not verified")


def test_both_spellings_of_the_fields_are_read() -> None:
    plain = statement()
    other = {"type": plain.pop("_type"), "predicate_type": plain.pop("predicateType"), **plain}
    assert is_attestation(other)
    assert parse_statement(other) == parse_statement(statement())


def test_spellings_that_disagree_are_refused() -> None:
    assert "disagree" in refusal(statement(predicate_type="https://example.test/other"))


def test_the_payload_may_be_url_safe_and_unpadded() -> None:
    payload = {**statement(), "predicate": {"text": "\u00ff\u00fe?>~"}}
    data = base64.urlsafe_b64encode(json.dumps(payload, ensure_ascii=False).encode()).decode()
    found = parse_statement(envelope(None, payload=data.rstrip("=")))
    assert found.predicate == payload["predicate"]


def test_a_predicate_left_out_is_an_empty_one() -> None:
    bare = statement()
    del bare["predicate"]
    assert parse_statement(bare).predicate == {}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ([], "is an object"),
        ({}, "_type or predicateType is missing"),
        (statement(predicateType=5), "_type or predicateType is missing"),
        (statement(predicateType=None), "_type or predicateType is missing"),
        (statement(_type="https://in-toto.io/Statement/v7"), "of a known version"),
        (statement(predicate=[1]), "predicate is not an object"),
        (statement(subject=[]), "no subject"),
        (statement(subject={"digest": {}}), "no subject"),
        (statement(subject=["x"]), "subject 0 has no digest"),
        (statement(subject=[{"name": "x"}]), "subject 0 has no digest"),
        (statement(subject=[{"digest": {"sha256": 5}}]), "digest that is no text"),
        (envelope([1]), "payload is not an object"),
        (envelope({"commit": SHA}), "_type or predicateType is missing"),
        (envelope(statement(), payload=None), "not base64"),
        (envelope(statement(), payload={}), "not base64"),
        (envelope(statement(), payload="*!*"), "not base64"),
        (envelope(statement(), payload="A"), "not base64"),
        (envelope(statement(), payload="/w=="), "not UTF-8"),
        (envelope(statement(), payloadType="text/plain"), "payload type is no in-toto's: 'text"),
        (envelope(statement(), payloadType=None), "payload type is no in-toto's"),
        ({"dsseEnvelope": {}}, "_type or predicateType is missing"),
        ({"messageSignature": {"signature": "x"}}, "signs a file"),
    ],
)
def test_what_is_no_statement_is_refused_with_the_reason(entry: JsonValue, reason: str) -> None:
    assert reason in refusal(entry)


def test_a_payload_cut_short_or_nested_without_end_is_refused_by_name() -> None:
    whole = str(envelope(statement())["payload"])
    assert "cut short" in refusal(envelope(None, payload=whole[: len(whole) // 2]))
    deep = base64.b64encode(b'{"a":' * 50_000 + b"1" + b"}" * 50_000).decode()
    assert "levels deep" in refusal(envelope(None, payload=deep))


def test_two_documents_in_one_payload_are_refused() -> None:
    """Early versions of sourcetool put a private record before the statement."""
    both = (json.dumps({"commit": SHA}) + "\n" + json.dumps(statement())).encode()
    reason = refusal(envelope(None, payload=base64.b64encode(both).decode()))
    assert reason.startswith("the payload, line 2")


def test_signing_is_told_and_never_called_verified() -> None:
    log: Tree = {"tlogEntries": [{"integratedTime": "1744118745"}, {"integratedTime": 1744118000}]}
    bundle: Tree = {
        "verificationMaterial": {"certificate": {"rawBytes": "x"}, **log},
        "dsseEnvelope": envelope(statement(), signatures=[{"sig": "x"}]),
    }
    signing = parse_statement(bundle).signing
    assert signing.account == "1 signature with a certificate, not verified"
    assert signing.logged == 1744118000
    extended = envelope(
        statement(),
        signatures=[
            {"keyid": "k-1", "extension": {"ext": log}},
            {"keyid": "k-2"},
        ],
    )
    signing = parse_statement(extended).signing
    assert signing.account == "2 signatures by k-1, k-2, not verified"
    assert signing.logged == 1744118000
    assert parse_statement(envelope(statement(), signatures=[])).signing.account == "not signed"


def test_a_note_holds_one_attestation_a_line_and_loses_none() -> None:
    """slsa-source-poc appends a line to the note of a commit for each attestation."""
    lines = [json.dumps(envelope(statement())), "", "Notes of old", json.dumps({"a": 1})]
    found = list(parse_statements("\n".join(lines).encode()))
    assert [place for place, _ in found] == ["line 1", "line 3", "line 4"]
    assert [isinstance(one, Statement) for _, one in found] == [True, False, False]
    assert "not JSON" in str(found[1][1])


@pytest.mark.parametrize("entry", [None, 5, "x", [], {}, {"payload": "x"}, {"_type": 3}])
def test_other_json_does_not_look_like_an_attestation(entry: JsonValue) -> None:
    assert not is_attestation(entry)
