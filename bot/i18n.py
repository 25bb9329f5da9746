"""Words in five languages: gettext catalogues (bot/locale/<language>/LC_MESSAGES/bot.po), read with Babel."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "pt": "Português"}
LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """What one language says. `t` and `n` are the names that the catalogues are extracted by (docs/bot.md)."""

    language: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def t(self, text: str, **values: object) -> str:
        """The text in this language, with its placeholders filled."""
        found = self.gettext(text)
        return found.format(**values) if values else found

    def n(self, one: str, many: str, number: int, **values: object) -> str:
        """The form for this number; {number} is filled in."""
        return self.ngettext(one, many, number).format(number=number, **values)

    def day(self, day: date) -> str:
        """A date as people write it in this language."""
        return format_date(day, format="medium", locale=self.language)

    def some_day(self, text: str) -> str:
        """A date that may be as rough as a month or a year ("2026-11")."""
        if len(text) == 4:
            return text
        day = date.fromisoformat((text + "-01")[:10])
        return self.day(day) if len(text) == 10 else format_skeleton("yMMM", day, locale=self.language)


def nearest(code: str | None) -> str:
    """Our language for an IETF tag such as "pt-br"; English when we have none."""
    short = (code or "").lower().replace("_", "-").partition("-")[0]
    return short if short in LANGUAGES else "en"


@cache
def words(language: str) -> Words:
    """The words of a language; English, which needs no catalogue, for any that we do not have."""
    language = nearest(language)
    found: NullTranslations = NullTranslations()
    if language != "en":
        with (LOCALE / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
            catalogue = read_po(file, locale=language)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found = GNUTranslations(compiled)
    return Words(language, found.gettext, found.ngettext)
