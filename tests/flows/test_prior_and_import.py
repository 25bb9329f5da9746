"""The past from other places: a platform's own earlier versions, and collections of Open Terms Archive."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from server.catalogue import Catalogue
from server.core.errors import Busy, ClausewatchError, Gone, Refused
from server.core.model import CaptureKind, Document, Platform
from server.flows.import_ota import import_ota
from server.flows.read_prior import PriorReader, read_prior
from server.sources.ota import named, opened
from server.sources.pages import Page
from server.store.session import Transaction
from server.store.sources import Known
from server.store.tables import CaptureRow, ChangeRow, VersionRow
from tests.fakes import FakeClock

DOCUMENT = Document(
    "tunery",
    "terms",
    "Terms of Service",
    ("https://tunery.example/terms",),
    prior_versions="https://tunery.example/terms/{MM}-{YYYY}",
)
PLATFORM = Platform("tunery", "Tunery", "music", ("tunery.example",), (DOCUMENT,))
CATALOGUE = Catalogue({"tunery": PLATFORM}, {"tunery.example": "tunery"})
WORDS = """
You keep every right in the songs that you bring to Tunery, and you let us store and play them for as long as they stay
in your account. When you take a song down, we stop playing it within a day and erase our copies within a month. You
answer for what you bring. We may end your account when you break these rules, and we tell you why we did it.
"""
OLD = f"# Terms\n\n{WORDS}\n"
NEW = f"{OLD}\nWe may use the songs that you upload to train artificial intelligence models.\n"


class Site:
    """Pages by address; anything else is gone. `busy` refuses that often first."""

    def __init__(self, pages: dict[str, str], busy: int = 0) -> None:
        self.pages, self.busy, self.asked = pages, busy, list[str]()
        self.moved: dict[str, str] = {}

    def fetch(self, document: Document, _known: Known) -> Page:
        [url] = document.urls
        if self.busy:
            self.busy -= 1
            raise Busy("not free", retry_after=5)
        self.asked.append(url)
        if url not in self.pages:
            raise Gone(f"{url} is gone")
        text = self.pages[url]
        return Page(self.moved.get(url, url), 200, "text/html", (), text.encode(), CaptureKind.POLICY, "", text)


TODAY = f"{NEW}\n/terms/02-2024 /terms/05-2023"
SITE = {
    "https://tunery.example/terms": TODAY,
    "https://tunery.example/terms/02-2024": NEW,
    "https://tunery.example/terms/05-2023": OLD,
}


def reader(site: Site, write: Transaction) -> PriorReader:
    return PriorReader(site.fetch, write, write, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), sleep=lambda _: None)


def test_a_platforms_own_versions_become_its_past(write: Transaction) -> None:
    result = read_prior(reader(Site(SITE), write), DOCUMENT)
    assert (result.linked, result.fetched, result.detail) == (2, 2, "")
    with write() as opened_:
        [change] = opened_.scalars(select(ChangeRow)).all()
        assert (change.kind, change.origin) == ("training", "backfill")
        assert change.happened_to == datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)


def test_versions_that_are_kept_are_not_asked_for_again(write: Transaction) -> None:
    read_prior(reader(Site(SITE), write), DOCUMENT)
    again = Site(SITE)
    assert read_prior(reader(again, write), DOCUMENT).fetched == 0
    assert again.asked == ["https://tunery.example/terms"]


def test_a_dead_link_keeps_nobody_from_the_other_versions(write: Transaction) -> None:
    dead = f"{TODAY} /terms/01-2022"
    result = read_prior(reader(Site({**SITE, "https://tunery.example/terms": dead}), write), DOCUMENT)
    assert (result.linked, result.fetched) == (3, 2)
    assert "01-2022 is gone" in result.detail


@pytest.mark.parametrize(
    ("leads_to", "kept"),
    [
        ("https://tunery.example/terms", False),
        ("https://tunery.example/", False),
        ("https://www.tunery.example/en/terms/05-2023/", True),
    ],
)
def test_a_dated_address_that_leads_to_the_page_of_today_is_no_earlier_version(
    write: Transaction, leads_to: str, kept: bool
) -> None:
    site = Site(SITE)
    site.moved["https://tunery.example/terms/05-2023"] = leads_to
    result = read_prior(reader(site, write), DOCUMENT)
    assert result.kinds == ({"policy": 2} if kept else {"policy": 1, "redirect": 1})
    with write() as opened_:
        assert len(opened_.scalars(select(ChangeRow)).all()) == int(kept)


def test_without_links_on_the_page_the_newest_stored_one_is_searched(write: Transaction) -> None:
    read_prior(
        reader(Site({**SITE, "https://tunery.example/terms/02-2024": f"{NEW}\n/terms/10-2022"}), write), DOCUMENT
    )
    drawn = Site({"https://tunery.example/terms": "drawn by scripts", "https://tunery.example/terms/10-2022": OLD})
    result = read_prior(reader(drawn, write), DOCUMENT)
    assert result.linked == 1


def test_a_host_that_is_not_free_is_waited_for(write: Transaction) -> None:
    assert read_prior(reader(Site(SITE, busy=3), write), DOCUMENT).fetched == 2
    assert "not free" in read_prior(reader(Site(SITE, busy=99), write), DOCUMENT).detail


def commit(folder: Path, at: str, text: str | None) -> None:
    """One record of the terms in a repository laid out like Open Terms Archive's."""
    file = folder / "Tunery" / "Terms of Service.md"
    file.parent.mkdir(exist_ok=True)
    file.unlink() if text is None else file.write_text(text)
    who = {f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (["add", "-A"], ["commit", "-qm", "record"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True, env={**os.environ, **who, **dates})


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    for at, text in (
        ("2023-01-01T00:00:00Z", OLD),
        ("2023-06-01T00:00:00Z", "Just a moment... Checking your browser."),
        ("2023-06-02T00:00:00Z", OLD.replace("\n\n", "\n\n\n")),
        ("2024-02-12T00:00:00Z", NEW),
        ("2024-05-01T00:00:00Z", None),
    ):
        commit(folder, at, text)
    return folder


def bring(
    place: Path, catalogue: Catalogue, write: Transaction, name: str = "https://collection.example"
) -> list[tuple[str, int, int, int]]:
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    with opened(str(place)) as history:
        found = import_ota(history, catalogue, write, clock, place=name)
        return [(one.document, one.records, one.stored, one.changes) for one in found]


def test_a_collection_is_imported_once_and_its_walls_are_no_versions(collection: Path, write: Transaction) -> None:
    assert bring(collection, CATALOGUE, write) == [("tunery/terms", 5, 4, 1)]
    assert bring(collection, CATALOGUE, write) == [("tunery/terms", 5, 0, 1)]
    with write() as opened_:
        kinds = sorted(row.kind for row in opened_.scalars(select(CaptureRow)))
        assert kinds == ["policy", "policy", "policy", "wall"]
        [change] = opened_.scalars(select(ChangeRow)).all()
        assert (change.origin, change.happened_to) == ("backfill", datetime(2024, 2, 12, tzinfo=UTC))


def test_the_wording_of_a_region_takes_a_history_by_alias_alone(collection: Path, write: Transaction) -> None:
    for aliases, taken in (((), False), (("Tunery/Terms of Service",), True)):
        document = replace(DOCUMENT, region="GB", aliases=aliases)
        catalogue = Catalogue({"tunery": replace(PLATFORM, documents=(document,))}, {})
        assert bool(bring(collection, catalogue, write)) is taken


def test_the_same_collection_elsewhere_is_imported_once_and_another_not_mixed_in(
    collection: Path, write: Transaction, tmp_path: Path
) -> None:
    assert bring(collection, CATALOGUE, write) == [("tunery/terms", 5, 4, 1)]
    moved = collection.rename(tmp_path / "moved")
    commit(moved, "2024-07-01T00:00:00Z", NEW.replace("upload", "bring"))
    assert bring(moved, CATALOGUE, write, "moved") == [("tunery/terms", 6, 1, 2)], "what is new of it, under any name"
    other = tmp_path / "other"
    other.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", str(other)], check=True)
    british = OLD.replace("songs", "songs in Britain")
    for at, text in (
        ("2022-01-01", "# Terms\n\nOlder"),
        ("2023-03-01", british),
        ("2024-06-15", None),
        ("2025-01-01", NEW),
    ):
        commit(other, f"{at}T00:00:00Z", text and text + "\n\n" + WORDS)
    for stored in (2, 0):
        [(document, records, new, _)] = bring(other, CATALOGUE, write, "other")
        assert (document, records, new) == ("tunery/terms", 4, stored), "before and after the other's time"
    with write() as opened_:
        assert not any("Britain" in row.text for row in opened_.scalars(select(VersionRow)))


def test_a_record_with_a_nul_is_kept_without_it(collection: Path, transaction: Transaction) -> None:
    commit(collection, "2024-06-01T00:00:00Z", f"{NEW}\nYou\0 keep your songs.\n")
    bring(collection, CATALOGUE, transaction)
    with transaction() as opened_:
        assert not any("\0" in row.text for row in opened_.scalars(select(VersionRow)))


@pytest.mark.parametrize(
    ("aliases", "taken"),
    [
        ((), True),
        (("Tunery/Terms of Service",), True),
        (("TUNERY/terms of service",), True),
        (("Other/Terms",), False),
        (("collection:Tunery/Terms of Service",), True),
        (("other:Tunery/Terms of Service",), False),
        (("other:Tunery/Terms of Service", "Tunery/Terms of Service"), True),
    ],
)
def test_a_history_goes_where_the_catalogue_says(
    collection: Path, write: Transaction, aliases: tuple[str, ...], taken: bool
) -> None:
    document = replace(DOCUMENT, aliases=aliases)
    catalogue = Catalogue({"tunery": replace(PLATFORM, documents=(document,))}, {})
    assert bool(bring(collection, catalogue, write)) is taken


@pytest.mark.parametrize(
    "place",
    [
        "file:///etc",
        "ext::sh -c id",
        "ssh://git@host.example/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://me:secret@collection.example/x",
    ],
)
def test_only_public_https_is_cloned(place: str) -> None:
    with pytest.raises((Refused, ClausewatchError)), opened(place):
        pass


def test_a_refusal_repeats_no_password() -> None:
    with pytest.raises(Refused) as why, opened("https://me:secret@collection.example/x"):
        pass
    assert "secret" not in str(why.value)


def test_of_a_place_on_this_machine_its_name_alone_is_kept(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(collection)
    assert {named("."), named(str(collection)), named(f"{collection}/")} == {"collection"}
    assert named("https://collection.example/versions/") == "https://collection.example/versions"


def test_a_folder_in_somebody_elses_repository_is_none(collection: Path) -> None:
    for within in (collection / "Tunery", collection / "Tunery" / "notes"):
        within.mkdir(exist_ok=True)
        with pytest.raises(ClausewatchError, match="not a git repository"), opened(str(within)) as history:
            history.documents()
    with opened(str(collection)) as history:
        assert len(history.documents()) == 1


def test_a_file_that_is_no_bundle_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a bundle")
    with pytest.raises(ClausewatchError, match="fatal:"), opened(str(tmp_path / "notes.txt")):
        pass


def test_what_is_no_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(ClausewatchError, match="does not exist"), opened(str(tmp_path / "nothing")):
        pass
