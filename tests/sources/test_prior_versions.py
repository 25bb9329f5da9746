"""Earlier wordings at dated addresses: found in pages of any make, dated carefully."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sources.prior_versions import Prior, dated, links

MONTHLY = "https://tunery.example/terms-of-use/{MM}-{YYYY}"
DAILY = "https://tunery.example/legal?version={YYYY}{MM}{DD}"


@pytest.mark.parametrize(
    ("page", "pattern", "named"),
    [
        pytest.param('<a href="/terms-of-use/02-2024">February</a>', MONTHLY, ["2024-02"], id="a relative link"),
        pytest.param("[May](https://tunery.example/terms-of-use/05-2025)", MONTHLY, ["2025-05"], id="Markdown"),
        pytest.param(r'{"url":"\/terms-of-use\/10-2022"}', MONTHLY, ["2022-10"], id="data of a script"),
        pytest.param(r'"\u002Fterms-of-use\u002F10-2022"', MONTHLY, ["2022-10"], id="data of another script"),
        pytest.param('<a href="&#x2F;terms-of-use&#x2F;10-2022">', MONTHLY, ["2022-10"], id="a careful template"),
        pytest.param("/terms-of-use/05-2025 /terms-of-use/02-2024", MONTHLY, ["2024-02", "2025-05"], id="in order"),
        pytest.param("/terms-of-use/02-2024 /terms-of-use/02-2024", MONTHLY, ["2024-02"], id="linked twice"),
        pytest.param("/legal?version=20240207", DAILY, ["2024-02-07"], id="a day in a query"),
        pytest.param("/terms-of-use/13-2024 /terms-of-use/00-2024", MONTHLY, [], id="no month"),
        pytest.param("/legal?version=20240231", DAILY, [], id="no day"),
        pytest.param("/terms-of-use/02-2024-draft /terms-of-use/02-2024/fr", MONTHLY, [], id="a longer address"),
        pytest.param("/cookies/02-2024", MONTHLY, [], id="another document"),
        pytest.param("", MONTHLY, [], id="an empty page"),
    ],
)
def test_dated_links_are_found(page: str, pattern: str, named: list[str]) -> None:
    assert [one.named for one in links(page.encode(), pattern)] == named


def test_the_address_is_whole_and_the_moment_is_the_end_of_the_month() -> None:
    [one] = links(b"/terms-of-use/02-2024", MONTHLY)
    assert one == Prior(
        "https://tunery.example/terms-of-use/02-2024", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), "2024-02"
    )


@pytest.mark.parametrize(
    ("stated", "day"),
    [(["2024-02-07"], 7), ([None, "2024-02-12"], 12), (["2023-01-01"], 29), ([], 29)],
)
def test_a_date_in_the_text_counts_when_the_address_agrees(stated: list[str | None], day: int) -> None:
    [one] = links(b"/terms-of-use/02-2024", MONTHLY)
    assert dated(one, stated).day == day


@given(st.binary(max_size=300))
def test_no_page_breaks_the_search(page: bytes) -> None:
    links(page, MONTHLY)
