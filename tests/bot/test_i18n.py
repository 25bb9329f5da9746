"""Every language says everything, with the same placeholders and commands as the English words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import commands
from bot.i18n import LANGUAGES, LOCALE, nearest, words
from tests.bot.strings import of_sources
from tests.conftest import ROOT

TRANSLATED = [language for language in LANGUAGES if language != "en"]
_MARKS = re.compile(r"\{\w*\}|№|/(?:" + "|".join(commands.ALL) + r")\b")


def catalogue(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """English texts → translated ones."""
    with Path(LOCALE, language, "LC_MESSAGES", "bot.po").open("rb") as file:
        found = read_po(file, locale=language)

    def texts(value: object) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[call-overload]

    return {texts(message.id): texts(message.string) for message in found if message.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    known = catalogue(language)
    assert set(known) == of_sources()
    assert [key for key, value in known.items() if not all(value)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_commands_are_the_same(language: str) -> None:
    for texts, translated in catalogue(language).items():
        for english, other in zip(texts, translated, strict=True):
            assert sorted(set(_MARKS.findall(english))) == sorted(set(_MARKS.findall(other))), other


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_is_the_one_in_use(language: str) -> None:
    assert words(language).t("Why") != "Why"
    one, many = (words(language).n("You follow {number} thing.", "You follow {number} things.", n) for n in (1, 2))
    assert "1" in one and "2" in many and one.replace("1", "") != many.replace("2", "")


CODES = [("de", "de"), ("pt-br", "pt"), ("pt_BR", "pt"), ("DE-at", "de"), ("ja", "en"), ("", "en"), (None, "en")]


@pytest.mark.parametrize(("code", "ours"), CODES)
def test_the_nearest_language(code: str | None, ours: str) -> None:
    assert nearest(code) == ours


_PORTUGAL = re.compile(
    r"\b(?:ficheiro|definiç|subscri|aceder|aspeto|treino|registad|recolh|descarreg|salvo se|utilizador)", re.I
)


def test_the_portuguese_of_bot_and_extension_is_that_of_brazil() -> None:
    told = json.loads((ROOT / "extension/_locales/pt/messages.json").read_text(encoding="utf-8"))
    texts = [each["message"] for each in told.values()] + [text for all_ in catalogue("pt").values() for text in all_]
    assert [text for text in texts if _PORTUGAL.search(text)] == []
    assert _PORTUGAL.search("Abrir as definições") and not _PORTUGAL.search("treinamento definitivo")
