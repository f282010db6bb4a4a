"""Several JSON documents in one file, as paging tools and `zcat` leave them; all invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attribution.errors import InputError
from attribution.ingest import read_evidence, show_place
from attribution.model.record import Reading

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "formats"
LISTINGS = (
    "azure_activity.json",
    "cloudtrail_records.json",
    "github_pull_request_reviews.json",
    "gitlab_deployments.json",
    "k8s_events.json",
    "pagerduty_log_entries.json",
)


def read(folder: Path, text: str) -> Reading:
    path = folder / "pages"
    path.write_text(text, encoding="utf-8")
    reading = read_evidence(path)
    for record in reading.records:
        assert show_place(path, record.place)
    return reading


def load(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize("how", ["in a row", "indented", "one a line", "an array of pages"])
def test_pages_of_a_listing_are_read_however_they_were_saved(
    tmp_path: Path, name: str, how: str
) -> None:
    """The second page is the first once more: it adds repeats, and nothing is lost or rejected."""
    page = load(name)
    alone = read(tmp_path, json.dumps(page))
    found = read(
        tmp_path,
        {
            "in a row": json.dumps(page) * 2,
            "indented": (json.dumps(page, indent=2) + "\n") * 2,
            "one a line": "\n".join([json.dumps(page)] * 2),
            "an array of pages": json.dumps([page, page]),
        }[how],
    )
    once, twice = alone.accounting, found.accounting
    assert found.format == alone.format
    assert [record.native_id for record in found.records] == [
        record.native_id for record in alone.records
    ]
    assert (twice.read, twice.kept, twice.rejected) == (2 * once.read, once.kept, once.rejected)


def test_a_listing_is_unfinished_only_where_its_last_page_is_not_there(tmp_path: Path) -> None:
    entries = load("gcp_audit.json")
    more, last = {"entries": entries[:1], "nextPageToken": "t"}, {"entries": entries[1:]}
    assert read(tmp_path, json.dumps(more) + json.dumps(more)).truncations
    assert not read(tmp_path, json.dumps(more) + json.dumps(last)).truncations


def test_an_entry_that_holds_a_list_is_no_page(tmp_path: Path) -> None:
    """A page says little beside its entries; what says much is an entry, whatever list it holds."""
    entry = load("cloudtrail_records.json")["Records"][0] | {"Records": [{"eventName": "Other"}]}
    assert [record.native_id for record in read(tmp_path, json.dumps([entry])).records] == [
        entry["eventID"]
    ]


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('{"Records": [', "cut short"),
        (" garbage", "Extra data"),
        ("7", "Extra data"),
        ('{"Records": [NaN]}', "NaN"),
        ('{"a":' * 300 + "1" + "}" * 300, "nested more than"),
    ],
)
def test_what_is_wrong_after_the_first_document_is_told_with_its_place(
    tmp_path: Path, rest: str, said: str
) -> None:
    page = json.dumps(load("cloudtrail_records.json"), indent=1)
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, page + rest)
    assert str(caught.value.place).startswith("line ")
