"""What a loaded catalogue answers."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from server.core import hosts
from server.core.errors import UnknownPlatform
from server.core.model import Document, Feed, Platform


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All platforms by id, all hosts with the id they belong to, and the news feeds of no single platform."""

    platforms: Mapping[str, Platform]
    hosts: Mapping[str, str]
    news_feeds: tuple[Feed, ...] = ()

    def platform(self, id: str) -> Platform:
        """The platform of this id; UnknownPlatform names the nearest one."""
        if id in self.platforms:
            return self.platforms[id]
        near = difflib.get_close_matches(id.lower(), self.platforms, n=1)
        hint = f"did you mean {near[0]}?" if near else "`clausewatch platforms` lists them"
        raise UnknownPlatform(f"no platform {id!r} in the catalogue: {hint}")

    def by_host(self, host: str) -> Platform | None:
        """The platform that owns this host or URL, or its nearest parent domain; None when none does."""
        try:
            id = hosts.lookup(hosts.normalise(host), self.hosts)
        except ValueError:
            return None
        return self.platforms[id] if id else None

    def document(self, key: str) -> Document:
        """The document of a key such as "soundcloud/terms"; UnknownPlatform says which ones there are."""
        id, _, name = key.partition("/")
        documents = {document.id: document for document in self.platform(id).documents}
        if name in documents:
            return documents[name]
        raise UnknownPlatform(f"no document {key!r} in the catalogue: {id} has {', '.join(documents)}")

    def documents(self) -> Iterator[Document]:
        """Every document of every platform, by platform id."""
        for id in sorted(self.platforms):
            yield from self.platforms[id].documents

    def only(self, ids: Iterable[str]) -> Catalogue:
        """The catalogue of these platforms alone; UnknownPlatform names the nearest id to a wrong one."""
        chosen = {platform.id: platform for platform in map(self.platform, ids)}
        return Catalogue(
            platforms=chosen,
            hosts={host: id for host, id in self.hosts.items() if id in chosen},
            news_feeds=self.news_feeds,
        )
