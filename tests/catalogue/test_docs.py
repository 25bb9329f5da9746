"""docs/catalogue.md explains every key, and its examples load."""

import re
from pathlib import Path

import pytest

from server.catalogue import load
from server.catalogue.schema import (
    ChoiceTable,
    DocumentTable,
    EventTable,
    FeedTable,
    PlatformFile,
    StatementTable,
    Table,
)

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")
SECTIONS = {
    "## Keys of a platform file": PlatformFile,
    "### `[documents.ID]`": DocumentTable,
    "### `[feeds.ID]`": FeedTable,
    "### `[[statements]]`": StatementTable,
    "### `[[events]]`": EventTable,
    "### `[[choices]]`": ChoiceTable,
}


@pytest.mark.parametrize(("heading", "table"), SECTIONS.items())
def test_every_key_is_explained_in_its_order(heading: str, table: type[Table]) -> None:
    section = TEXT.partition(heading + "\n")[2].partition("\n#")[0]
    explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(explained) == sorted(table.model_fields)


def test_the_examples_load(tmp_path: Path) -> None:
    new, over = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "example-tunes.toml").write_text(new, encoding="utf-8")
    (tmp_path / "soundcloud.toml").write_text(over, encoding="utf-8")
    catalogue = load(tmp_path)
    assert catalogue.document("example-tunes/terms").verified
    assert catalogue.document("soundcloud/our-contract").urls == ("https://tunes.example/contract",)
    assert catalogue.document("soundcloud/privacy").verified
