"""Loading the catalogue: what it answers, what an overlay changes, and how a wrong file is named."""

import tomllib
from pathlib import Path

import pytest

from server.catalogue import Catalogue, load
from server.core.errors import CatalogueError, UnknownPlatform

COMPLAINTS = tomllib.loads((Path(__file__).parent / "complaints.toml").read_text(encoding="utf-8"))["case"]

MINIMAL = """
name = "Example Tunes"
category = "music"
hosts = ["tunes.example"]
checked = 2026-11-23

[documents.terms]
type = "Terms of Service"
urls = ["https://tunes.example/terms"]
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def _overlay(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return directory


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("soundcloud.com", "soundcloud"),
        ("https://m.soundcloud.com/artist/track", "soundcloud"),
        ("some-band.bandcamp.com", "bandcamp"),
        ("WWW.SoundCloud.com.", "soundcloud"),
        ("about.deviantart.com", "deviantart"),
        ("notsoundcloud.com", None),
        ("soundcloud.com.example", None),
        ("not a host", None),
    ],
)
def test_a_host_leads_to_its_platform_or_to_none(catalogue: Catalogue, host: str, platform: str | None) -> None:
    found = catalogue.by_host(host)
    assert (found.id if found else None) == platform


def test_soundcloud_is_complete(catalogue: Catalogue) -> None:
    soundcloud = catalogue.platform("soundcloud")
    assert {document.id for document in soundcloud.documents} >= {
        "terms",
        "privacy",
        "community-guidelines",
        "copyright",
    }
    assert catalogue.document("soundcloud/terms").prior_versions == "https://soundcloud.com/terms-of-use/{MM}-{YYYY}"
    assert [(s.date, dict(s.claims)) for s in soundcloud.statements] == [
        ("2025-05-09", {"training": "prohibits"}),
        ("2025-05-14", {"training": "opt_in"}),
    ]
    assert "noai" in soundcloud.promised_signals
    assert soundcloud.badge_in_page


def test_an_unknown_platform_or_document_names_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownPlatform, match="did you mean soundcloud"):
        catalogue.platform("soundclod")
    with pytest.raises(UnknownPlatform, match="clausewatch platforms"):
        catalogue.platform("zzzzzz")
    with pytest.raises(UnknownPlatform, match="soundcloud has terms, privacy"):
        catalogue.document("soundcloud/term")


def test_an_overlay_adds_a_platform(tmp_path: Path) -> None:
    catalogue = load(_overlay(tmp_path, example_tunes=MINIMAL))
    added = catalogue.platform("example-tunes")
    assert added.documents[0].key == "example-tunes/terms"
    assert catalogue.by_host("www.tunes.example") is added
    assert "soundcloud" in catalogue.platforms


def test_an_overlay_may_begin_with_a_byte_order_mark_and_name_selectors(tmp_path: Path) -> None:
    document = load(_overlay(tmp_path, example_tunes="\ufeff" + MINIMAL + 'select = ["main > p"]')).document(
        "example-tunes/terms"
    )
    assert document.select == ("main > p",)


def test_an_overlay_changes_one_key_and_keeps_the_rest(tmp_path: Path, catalogue: Catalogue) -> None:
    changed = load(_overlay(tmp_path, soundcloud='[documents.terms]\nurls = ["http://127.0.0.1:9000/terms"]'))
    before, after = catalogue.document("soundcloud/terms"), changed.document("soundcloud/terms")
    assert after.urls == ("http://127.0.0.1:9000/terms",)
    assert after.prior_versions == before.prior_versions
    assert changed.document("soundcloud/privacy") == catalogue.document("soundcloud/privacy")
    assert changed.platform("soundcloud").statements == catalogue.platform("soundcloud").statements


def test_an_overlay_adds_a_document_and_replaces_a_list(tmp_path: Path) -> None:
    text = 'hosts = ["soundcloud.com"]\n[documents.ai]\ntype = "AI Policy"\nurls = ["https://soundcloud.com/ai"]'
    catalogue = load(_overlay(tmp_path, soundcloud=text))
    assert catalogue.document("soundcloud/ai").type == "AI Policy"
    assert catalogue.platform("soundcloud").hosts == ("soundcloud.com",)


def test_an_overlay_adds_a_news_feed(tmp_path: Path, catalogue: Catalogue) -> None:
    text = '[feeds.mine]\nurl = "https://news.example/feed"\nkind = "news"'
    assert [feed.url for feed in load(_overlay(tmp_path, news=text)).news_feeds] == [
        *(feed.url for feed in catalogue.news_feeds),
        "https://news.example/feed",
    ]


def test_a_fact_without_a_date_takes_that_of_the_file(tmp_path: Path) -> None:
    event = '[[events]]\ndate = "2024"\nwhat = "Founded."\nsource = "https://tunes.example/about"\n'
    dated = event + "checked = 2026-01-02\n"
    events = load(_overlay(tmp_path, example_tunes=MINIMAL + event + dated)).platform("example-tunes").events
    assert [found.checked for found in events] == ["2026-11-23", "2026-01-02"]


@pytest.mark.parametrize("case", COMPLAINTS, ids=lambda case: case["name"])
def test_a_wrong_file_is_named_with_key_and_remedy(tmp_path: Path, case: dict[str, str]) -> None:
    text = MINIMAL.replace(case["replace"], case["by"]) if "replace" in case else MINIMAL + case["append"]
    assert text != MINIMAL
    with pytest.raises(CatalogueError) as caught:
        load(_overlay(tmp_path, example_tunes=text))
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "example-tunes.toml"))
    assert case["says"] in message
    assert "\n" not in message


def test_an_overlay_directory_must_exist(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such directory; create it"):
        load(tmp_path / "nowhere")


def test_a_file_name_must_be_an_id(tmp_path: Path) -> None:
    (tmp_path / "My Site.toml").write_text(MINIMAL, encoding="utf-8")
    with pytest.raises(CatalogueError, match="the file's name is the id"):
        load(tmp_path)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match=r"site\.toml: not UTF-8 text"):
        load(tmp_path)
