"""API v1: the story as the extension sees it, the contract, problems that say what to do, conditional requests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy.exc import OperationalError

from server.web.app import create_app
from server.web.context import Context
from tests.conftest import ROOT
from tests.web.conftest import json_of


def shape(value: Any) -> Any:
    """Keys and kinds of a JSON value; what may be null or empty is left open."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return type(value).__name__ if value not in (None, []) else None


def fits(found: Any, contract: Any) -> bool:
    """Whether an answer has every key of the contract, with values of the same kind."""
    if isinstance(contract, dict) and isinstance(found, dict):
        return all(key in found and fits(found[key], value) for key, value in contract.items())
    if isinstance(contract, list) and isinstance(found, list):
        return all(fits(item, contract[0]) for item in found) if contract else True
    return found is None or contract is None or type(found) is type(contract)


def contract(name: str) -> Any:
    """An answer that the extension's tests read, too."""
    return json.loads((ROOT / "tests" / "contract" / f"{name}.json").read_text(encoding="utf-8"))


def test_lookup_tells_the_story(client: FlaskClient) -> None:
    answer = json_of(client.get("/v1/lookup?host=soundcloud.com"))
    assert answer["badge"]["state"] == "permits"
    assert answer["training"]["quote"] == "You agree that your uploads may be used to train artificial intelligence."
    assert "#:~:text=You%20agree" in answer["training"]["fragment_url"]
    assert answer["contradictions"][0]["field"] == "training"
    assert answer["last_change"]["direction"] == "worse"
    assert answer["last_change"]["happened_to"] == "2024-02-12T00:00:00Z"
    assert answer["links"]["telegram"] == "https://t.me/watch_bot?start=follow_soundcloud"
    assert answer["stale"] is False


def test_lookup_fits_the_contract(client: FlaskClient) -> None:
    assert fits(json_of(client.get("/v1/lookup?host=soundcloud.com")), contract("lookup"))


def test_hosts_fits_the_contract(client: FlaskClient) -> None:
    answer = json_of(client.get("/v1/hosts"))
    assert answer["hosts"]["m.soundcloud.com"] == "soundcloud"
    assert fits(answer["platforms"]["soundcloud"], contract("hosts")["platforms"]["soundcloud"])


@pytest.mark.parametrize("host", ["soundcloud.com", "SoundCloud.com.", "www.soundcloud.com", "m.soundcloud.com"])
def test_a_watched_host_is_found_in_any_spelling(client: FlaskClient, host: str) -> None:
    assert json_of(client.get(f"/v1/lookup?host={host}"))["platform"] == "soundcloud"


@pytest.mark.parametrize("host", ["example.com", "notsoundcloud.com", "soundcloud.com.evil.example", "com"])
def test_an_unwatched_host_is_neither_good_nor_bad(client: FlaskClient, host: str) -> None:
    answer = client.get(f"/v1/lookup?host={host}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "nothing good or bad" in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/lookup", 422),
        ("/v1/lookup?host=", 422),
        ("/v1/lookup?host=a%20b", 422),
        ("/v1/lookup?host=x.example&path=/secret", 422),
        ("/v1/lookup?host=a.example&host=b.example", 422),
        ("/v1/platforms?x=1", 422),
        ("/v1/platforms/nowhere", 404),
        ("/v1/platforms/nowhere/changes", 404),
        ("/v1/changes/999999", 404),
        ("/v1/changes/99999999999999999999", 404),
        ("/v1/changes?limit=0", 422),
        ("/v1/changes?cursor=nonsense", 422),
        ("/v1/changes?since=yesterday", 422),
        ("/v1/nothing", 404),
        ("/nowhere", 404),
    ],
)
def test_every_error_is_a_problem_document(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["title"]


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/v1/hosts")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/lookup?host=soundcloud.com",
        "/v1/hosts",
        "/v1/platforms",
        "/v1/platforms/soundcloud",
        "/v1/changes",
        "/v1/changes/1",
    ],
)
def test_every_read_can_be_cached_and_revalidated(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200, first.text
    assert "s-maxage" in first.headers["Cache-Control"]
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(path, headers={"If-None-Match": '"something else"'})
    assert other.status_code == 200


def test_a_change_is_shown_word_by_word_with_its_evidence(client: FlaskClient) -> None:
    answer = json_of(client.get("/v1/changes/1"))
    added = [span["text"] for edit in answer["edits"] for span in edit["words"] if span["op"] == "added"]
    assert "train artificial intelligence" in " ".join(added)
    assert (answer["before"]["training"], answer["after"]["training"]) == ("silent", "permits")
    assert len(answer["after"]["sha256"]) == 64


def test_changes_are_listed_page_by_page(client: FlaskClient) -> None:
    answer = json_of(client.get("/v1/changes?limit=1"))
    assert [change["id"] for change in answer["changes"]] == [1]
    assert answer["next"] is None
    assert json_of(client.get("/v1/changes?direction=better"))["changes"] == []
    assert json_of(client.get("/v1/platforms/bandcamp/changes"))["changes"] == []


def test_the_openapi_document_is_valid_and_names_every_address(client: FlaskClient) -> None:
    document = json_of(client.get("/v1/openapi.json"))
    validate(document)
    assert {
        "/lookup",
        "/hosts",
        "/platforms",
        "/platforms/{id}",
        "/platforms/{id}/changes",
        "/changes",
        "/changes/{id}",
    } <= set(document["paths"])


def test_health(client: FlaskClient) -> None:
    assert json_of(client.get("/healthz"))["status"] == "ok"
    assert json_of(client.get("/readyz"))["status"] == "ok"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/sources?platform=%00", 422),
        ("/v1/sources?platform=soundcloud%0A", 422),
        ("/v1/platforms/%00", 404),
        ("/v1/platforms/%00/changes", 404),
        ("/v1/changes?cursor=%00", 422),
        ("/feeds/platforms/%00.atom", 404),
        ("/?q=%00", 200),
        ("/changes?platform=%00", 404),
        # look-alikes
        ("/v1/sources?platform=soundcloud", 200),
        ("/v1/sources?platform=nobody", 200),
        ("/v1/sources?platform=", 200),
    ],
)
def test_letters_that_no_database_takes_are_no_fault_of_ours(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(("fault", "status"), [(OperationalError("", {}, Exception("gone")), 503), (KeyError(), 500)])
def test_a_database_that_is_away_is_told_as_that(context: Context, fault: Exception, status: int) -> None:
    def away() -> Any:
        raise fault

    client = create_app(replace(context, read=away)).test_client()
    for path in ("/v1/changes", "/platforms/soundcloud", "/feeds/all.atom"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
        assert ("Retry-After" in answer.headers) is (status == 503)
    assert ("The database does not answer" in client.get("/").text) is (status == 503)
