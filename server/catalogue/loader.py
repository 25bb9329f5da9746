"""Reads the catalogue's files and a self-hoster's overlay, and checks what holds between files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from server.catalogue import complaints
from server.catalogue.catalogue import Catalogue
from server.catalogue.fields import ID
from server.catalogue.schema import NewsFile, PlatformFile
from server.core.errors import CatalogueError
from server.core.model import Platform

_HERE = Path(__file__).parent
_SHIPPED = _HERE / "platforms"
_NEWS = "news"
_Model = TypeVar("_Model", bound=BaseModel)


def load(overlay: Path | None = None) -> Catalogue:
    """The shipped catalogue with the overlay laid over it; CatalogueError names file, key and remedy."""
    files = _shipped()
    if overlay is not None:
        files |= {id: _overlaid(path, files.get(id)) for id, path in _listed(overlay).items()}
    news_path, news = files.pop(_NEWS)
    platforms = {id: _check(PlatformFile, data, path).value(id) for id, (path, data) in sorted(files.items())}
    _check_deliveries(platforms, files)
    _check_selectors(platforms, files)
    return Catalogue(
        platforms=MappingProxyType(platforms),
        hosts=MappingProxyType(_hosts(platforms, files)),
        news_feeds=_check(NewsFile, news, news_path).value(),
    )


_File = tuple[Path, dict[str, Any]]
"""Where the last word on a platform was read, and the merged tables."""


def _shipped() -> dict[str, _File]:
    paths = _listed(_SHIPPED) | {_NEWS: _HERE / "news.toml"}
    return {id: (path, _parse(path)) for id, path in paths.items()}


def _overlaid(path: Path, base: _File | None) -> _File:
    return path, _merged(base[1] if base else {}, _parse(path))


def _listed(directory: Path) -> dict[str, Path]:
    if not directory.is_dir():
        raise CatalogueError(
            f"{directory}: no such directory; create it, or take the catalogue overlay out of the settings"
        )
    paths = {path.stem: path for path in sorted(directory.glob("*.toml"))}
    for id, path in paths.items():
        if not ID.fullmatch(id):
            raise CatalogueError(
                f"{path}: the file's name is the id; use lower-case letters, digits, hyphens, 50 at most: my-site.toml"
            )
    return paths


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except UnicodeDecodeError:
        raise CatalogueError(f"{path}: not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}; put text in quotes and close every bracket") from None


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; everything else, lists too, is replaced."""
    both = {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }
    return {**base, **both}


def _check(model: type[_Model], data: dict[str, Any], path: Path) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise CatalogueError(f"{path}: {complaints.describe(error, model)}") from None


def _hosts(platforms: Mapping[str, Platform], files: Mapping[str, _File]) -> dict[str, str]:
    table: dict[str, str] = {}
    for id in sorted(platforms, key=lambda id: files[id][0].parent != _SHIPPED):  # the overlay's file is to blame
        for host in platforms[id].hosts:
            if host in table:
                other = files[table[host]][0].name
                raise CatalogueError(f"{files[id][0]}: hosts: {host!r} is also in {other}; keep it in one of them")
            table[host] = id
    return table


def _check_deliveries(platforms: Mapping[str, Platform], files: Mapping[str, _File]) -> None:
    for id, platform in platforms.items():
        for store in platform.delivers_to:
            if store not in platforms:
                remedy = complaints.nearest(store, list(platforms))
                raise CatalogueError(f"{files[id][0]}: delivers_to: no platform {store!r}; {remedy}")
        if platform.delivers_to and not platform.delivery_source:
            raise CatalogueError(f"{files[id][0]}: delivery_source is missing; write where delivers_to was read")


def _check_selectors(platforms: Mapping[str, Platform], files: Mapping[str, _File]) -> None:
    """Those of an overlay; the shipped ones are tested, and starting is to stay quick."""
    for id, platform in platforms.items():
        if files[id][0].parent == _SHIPPED:
            continue
        for document in platform.documents:
            for selector in (*document.select, *document.remove):
                _check_selector(selector, f"{files[id][0]}: documents.{document.id}")


def _check_selector(selector: str, place: str) -> None:
    from server.core.extract import is_selector

    if not is_selector(selector):
        raise CatalogueError(f"{place}: {selector!r} is not a CSS selector; write one like 'main .policy'")
