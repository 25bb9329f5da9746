"""Suggestions: what is queued, what only counts, and what is refused before anything is asked of it."""

from __future__ import annotations

import pytest

from server.core.errors import ClausewatchError, Deadline, SourceError, Unusable
from server.flows.suggest import Suggested, Suggestions, host_of
from server.sources import addresses
from server.store import suggestions
from server.store.session import Transaction
from tests import shipped
from tests.fakes import FakeClock

PUBLIC = {
    "newtunes.com": ["93.184.216.34"],
    "xn--mller-kva.com": ["2606:2800:220:1::1"],
    "two.example.org": ["1.1.1.1"],
}
INSIDE = {
    "inside.com": ["10.0.0.7"],
    "half.com": ["93.184.216.34", "127.0.0.1"],
    "meta.com.evil.net": ["169.254.169.254"],
    "mapped.com": ["::ffff:127.0.0.1"],
    "six.com": ["64:ff9b::7f00:1"],
}


class Names:
    """A name server that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host == "slow.com":
            raise Deadline("no answer in time")
        if host not in PUBLIC | INSIDE:
            raise SourceError(f"no address for {host}")
        return (PUBLIC | INSIDE)[host]


@pytest.fixture
def names() -> Names:
    """What the name server was asked."""
    return Names()


@pytest.fixture
def desk(transaction: Transaction, clock: FakeClock, names: Names) -> Suggestions:
    """Takes suggestions."""
    return Suggestions(shipped.platforms(), transaction, clock, lambda host: addresses.reach(host, look_up=names))


def kept(desk: Suggestions) -> list[tuple[str, int]]:
    """What the operator finds."""
    with desk.write() as session:
        return [(row.name, row.times) for row in suggestions.most_wanted(session)]


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("newtunes.com", "newtunes.com"),
        ("  https://www.NewTunes.com/terms?x=1#y ", "newtunes.com"),
        ("http://user:secret@newtunes.com:8443/", "newtunes.com"),
        ("newtunes.com.", "newtunes.com"),
        ("https://müller.com/", "xn--mller-kva.com"),
        ("two.example.org", "two.example.org"),
    ],
)
def test_the_host_alone_matters(given: str, host: str) -> None:
    assert host_of(given) == host


def test_the_same_site_again_only_counts(desk: Suggestions) -> None:
    assert desk.take("newtunes.com") == Suggested("newtunes.com")
    for given in ("https://newtunes.com/upload", "HTTP://WWW.newtunes.com", "two.example.org"):
        desk.take(given)
    assert kept(desk) == [("newtunes.com", 3), ("two.example.org", 1)]


def test_a_watched_platform_is_named_and_not_queued(desk: Suggestions, names: Names) -> None:
    assert desk.take("https://m.soundcloud.com/you/sets") == Suggested("m.soundcloud.com", "soundcloud")
    assert (kept(desk), names.asked) == ([], [])


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "tunes",
        "localhost",
        "http://localhost:8000/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0x1/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://93.184.216.34/",
        "printer.local",
        "db.internal",
        "router.home.arpa",
        "hidden.onion",
        "ftp://newtunes.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,<script>",
        "<script>alert(1)</script>.com",
        "newtunes.com\x00.evil.net",
        "newtunes.com\nHost: evil.net",
        "new tunes.com",
        "newtunes.com:port",
        "\u202emoc.senutwen",
        "a" * 64 + ".com",
        "a." * 130 + "com",
        "https://newtunes.com/" + "a" * 2000,
    ],
)
def test_what_is_no_public_site_is_refused(given: str) -> None:
    with pytest.raises(Unusable):
        host_of(given)


def test_what_is_no_public_site_is_not_asked_about(desk: Suggestions, names: Names) -> None:
    with pytest.raises(Unusable):
        desk.take("http://169.254.169.254/")
    assert (kept(desk), names.asked) == ([], [])


def test_a_name_that_leads_elsewhere_is_refused(desk: Suggestions, names: Names) -> None:
    for host in (*INSIDE, "nowhere.com"):
        with pytest.raises(Unusable, match="does not lead to a public site"):
            desk.take(f"https://{host}/")
    assert (kept(desk), names.asked) == ([], [*INSIDE, "nowhere.com"])


def test_a_name_server_that_is_slow_is_no_verdict(desk: Suggestions) -> None:
    with pytest.raises(ClausewatchError, match="try again") as told:
        desk.take("slow.com")
    assert not told.value.permanent
    assert kept(desk) == []


def test_there_is_an_end(desk: Suggestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "MOST", 1)
    desk.take("newtunes.com")
    with pytest.raises(ClausewatchError, match="too many"):
        desk.take("two.example.org")
    desk.take("newtunes.com")
    assert kept(desk) == [("newtunes.com", 2)]
