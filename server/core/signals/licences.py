"""The XML of an RSL licence: contents, their licences, and what those permit or prohibit. Entities are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

NAMESPACE = "https://rslstandard.org/rsl"
_DEEPEST = 32
_FREE = frozenset({"", "free", "attribution"})


@dataclass(frozen=True, slots=True)
class Term:
    """One `<permits>` or `<prohibits>`: its type (usage, user, geo) and words."""

    permits: bool
    kind: str
    words: tuple[str, ...]
    line: int

    @property
    def raw(self) -> str:
        """The element, written short."""
        name = "permits" if self.permits else "prohibits"
        return f'<{name} type="{self.kind}">{" ".join(self.words)}</{name}>'


@dataclass(slots=True)
class Licence:
    """One `<license>`."""

    terms: list[Term] = field(default_factory=list)
    payment: str = ""

    @property
    def free(self) -> bool:
        """Whether everybody may rely on it without paying: no price, and no users or countries singled out."""
        return self.payment in _FREE and not any(term.kind != "usage" for term in self.terms)


@dataclass(slots=True)
class Content:
    """One `<content>`: the addresses it covers, and the server that hands out licences, when there is one."""

    url: str
    server: str = ""
    licences: list[Licence] = field(default_factory=list)


class _NotRsl(Exception):
    """The document is no RSL, or one we do not read."""


def parse(text: str) -> list[Content] | None:
    """The contents of a licence; None when it is not well-formed, not RSL, too deep, or declares a document type."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler = lambda name, attributes: reader.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(text.strip().encode("utf-8", "replace"), True)
    except (expat.ExpatError, _NotRsl):
        return None
    return reader.contents if reader.is_rsl else None


class _Reader:
    def __init__(self) -> None:
        self.contents: list[Content] = []
        self.is_rsl = False
        self._depth = 0
        self._term: tuple[bool, str, int] | None = None
        self._words = ""

    def refuse(self, *_: object) -> None:
        """A licence needs no document type and no entities."""
        raise _NotRsl

    def start(self, qualified: str, attributes: dict[str, str], line: int) -> None:
        """An element opens; those of other namespaces are passed over."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotRsl
        namespace, _, name = qualified.rpartition(" ")
        if namespace == NAMESPACE:
            self._open(name, attributes, line)

    def end(self, qualified: str) -> None:
        """An element closes; a term is complete with its words."""
        self._depth -= 1
        name = qualified.rpartition(" ")[2]
        if self._term and name in ("permits", "prohibits"):
            permits, kind, line = self._term
            words = tuple(self._words.lower().replace(",", " ").split())
            self._licence().terms.append(Term(permits, kind, words, line))
            self._term = None

    def characters(self, text: str) -> None:
        """Text, kept inside a term only."""
        if self._term:
            self._words += text

    def _open(self, name: str, attributes: dict[str, str], line: int) -> None:
        if name == "rsl":
            self.is_rsl = True
        elif name == "content":
            self.contents.append(Content(attributes.get("url", "").strip(), attributes.get("server", "").strip()))
        elif name == "license" and self.contents:
            self.contents[-1].licences.append(Licence())
        elif name == "payment" and self.contents:
            self._licence().payment = attributes.get("type", "").strip().lower()
        elif name in ("permits", "prohibits") and self.contents:
            self._term, self._words = (name == "permits", attributes.get("type", "").strip().lower(), line), ""

    def _licence(self) -> Licence:
        licences = self.contents[-1].licences
        if not licences:
            licences.append(Licence())
        return licences[-1]
