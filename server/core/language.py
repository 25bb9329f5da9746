"""Which language a text is in, by its function words or its script. Small on purpose: policies are long texts."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

MOSTLY = 0.8
"""A text of whose characters this share stands in lines of another one was edited, not written anew."""
SAMPLE = 40_000
"""Characters looked at, taken from the start, the middle and the end of a long text."""
_FEWEST_WORDS = 6

_FUNCTION_WORDS = {
    "en": "the of and to in you your our we is are for that with this or as by be may not will any on from have it",
    "de": "der die das und zu den wir sie ihre nicht mit von für ist werden eine auf im oder dem des ein wenn sind",
    "fr": "le la les des et de du vous votre vos nous nos une est pour dans que qui sur par ou au aux avec ces sont",
    "es": "el la los las de del y que en usted su sus nosotros una por para con es se al como o no lo si son más",
    "pt": "o os as de do da dos das e que em você seu sua nós uma por para com é se ao como ou não são mais pode nos",
    "it": "il lo gli le di del della e che in tu suo nostro una per con è si al come o non sono più può nei delle",
    "nl": "de het een en van te wij u uw niet met voor is zijn op of aan dat die door worden om ook als bij kan onze",
    "sv": "och att det som en på är av för med till den du vi inte om eller dina din vår våra har kan ett från",
    "da": "og at det som en på er af for med til den du vi ikke om eller dine din vores har kan et fra der",
    "no": "og å at det som en på er av for med til den du vi ikke om eller dine din vår våre har kan et fra",
    "fi": "ja on ei että se tai voi ovat kun sekä jos mukaan käyttää sinun meidän palvelun myös joka jotka tietoja",
    "pl": "i w na z do się nie że jest oraz przez dla są lub od które może użytkownika nas po w ramach tych jak",
    "cs": "a v na se že je nebo pro s k do podle které může jsou není o z při od vaše vám nás jako jsme",
    "sk": "a v na sa že je alebo pre s k do podľa ktoré môže sú nie o z pri od vaše vám nás ako sme",
    "hu": "a az és hogy nem egy is meg vagy ha van ön az a szolgáltatás által mint el ezt azt csak lehet",
    "ro": "și de la în a cu pe care pentru este sau nu din să dumneavoastră ale noastre prin sunt al mai dacă",
    "tr": "ve bir bu için ile veya olarak da de olan bizim sizin size kişisel her daha gibi kadar ancak değil",
    "hr": "i u na se je da za od su ili ne sa koji koje može vaše vam nas kao ako biti bi što po",
    "et": "ja on ei et see või kui ka mis meie teie oma ning selle võib teenuse isikuandmete kohta",
    "lt": "ir kad yra į su ar iš tai arba jūsų mūsų gali kaip bei pagal būti jei savo mes jūs",
    "ca": "el la els les de del i que en vós seu seus una per amb és es al com o no són més pot",
    "id": "dan yang di untuk dengan anda kami dari ini atau dalam pada tidak akan adalah dapat oleh layanan jika",
    "vi": "và của các bạn cho chúng tôi là có không trong được với những này để khi hoặc theo từ",
}
_SETS = {code: frozenset(listed.split()) for code, listed in _FUNCTION_WORDS.items()}
_LISTED = frozenset().union(*_SETS.values())
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("bg", re.compile(r"\b(?:на|са|се|или|ние|вие|ще|от|във|със)\b", re.IGNORECASE)),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_URL = re.compile(r"\(?(?:https?://|/)[^\s)]+\)?")
_ASCII_LETTERS = bytes(code if chr(code).isalpha() else 32 for code in range(128)).ljust(256)
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ]")


@lru_cache(maxsize=16)
def language(text: str) -> str:
    """ISO 639-1 code of the language most of the text is in, "" when it is too short to tell.

    The last ones are kept: the captures of an archive show the same few texts again and again.
    """
    sample = _sample(text)
    if "/" in sample:
        sample = _URL.sub(" ", sample)
    return _by_script(sample) or _by_words(_words(sample.casefold()))


def language_after(text: str, before: str, known: str) -> str:
    """The language of a text that may have been edited since it was `before`, in the `known` language.

    Where most lines are as they were, only the others are asked: they keep the language unless they are in another.
    """
    there = set(before.split("\n")) if known else ()
    others = [line for line in text.split("\n") if line not in there]
    if sum(map(len, others)) >= len(text) * (1 - MOSTLY):
        return language(text)
    return known if language("\n".join(others)) in ("", known) else language(text)


def _sample(text: str) -> str:
    if len(text) <= SAMPLE:
        return text
    third, middle = SAMPLE // 3, len(text) // 2
    return "\n".join((text[:third], text[middle - third // 2 : middle + third // 2], text[-third:]))


def _by_script(sample: str) -> str:
    """The language that a script other than Latin gives away: more than a quarter of the letters are of it."""
    if sample.isascii():
        return ""
    other = sum(1 for char in sample if char > "\u036f" and char.isalpha() and not "\u1e00" <= char <= "\u1eff")
    if other < 4 or other * 3 < len(_LATIN.findall(sample)):
        return ""
    least = {"ja": other // 20, "uk": other // 50, "bg": other // 60}
    for code, pattern in _SCRIPTS:
        if len(pattern.findall(sample)) > least.get(code, other // 2):
            return code
    return ""


def _words(text: str) -> list[str]:
    """The runs of letters; far quicker than an expression that finds them."""
    if text.isascii():
        return text.encode().translate(_ASCII_LETTERS).decode().split()
    for char in set(text):
        if char.isdecimal() or not char.isalnum():
            text = text.replace(char, " ")
    return text.split()


def _by_words(found: list[str]) -> str:
    if len(found) < _FEWEST_WORDS:
        return ""
    count = Counter(filter(_LISTED.__contains__, found))
    scores = {code: sum(count[word] for word in listed) for code, listed in _SETS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= 2 and scores[best] * 12 >= len(found) else ""
