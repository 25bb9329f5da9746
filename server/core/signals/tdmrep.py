"""Family `tdmrep`: the TDM Reservation Protocol (W3C community report, 2024), in a file, headers and meta tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from server.core.signals import robots
from server.core.signals.crawling import path_of
from server.core.signals.model import File, Page, Signal, Site, Use, Verdict

FAMILY = "tdmrep"
_VERDICTS = {"1": Verdict.RESERVED, "0": Verdict.ALLOWED}


def read(site: Site) -> Iterator[Signal]:
    """The statement that has the last word: meta over header over file. Absence never takes a statement back."""
    stated = _from_metas(site.page) or _from_headers(site.page)
    if not stated and site.page.trouble:
        stated = Signal(FAMILY, Use.TDM, Verdict.UNREADABLE, site.page.trouble, url=site.page.url)
    yield stated or _from_file(site.tdmrep, path_of(site.page.url))


def _from_metas(page: Page) -> Signal | None:
    policy = next((f"; tdm-policy: {meta.content}" for meta in page.metas if meta.name == "tdm-policy"), "")
    found = [
        Signal(
            FAMILY, Use.TDM, verdict, f'<meta name="{meta.name}" content="{meta.content}">{policy}', meta.line, page.url
        )
        for meta in page.metas
        if meta.name == "tdm-reservation" and (verdict := _VERDICTS.get(meta.content.strip()))
    ]
    return _strictest(found)


def _from_headers(page: Page) -> Signal | None:
    policy = "".join(f"; tdm-policy: {value}" for value in page.header("tdm-policy")[:1])
    found = [
        Signal(FAMILY, Use.TDM, verdict, f"tdm-reservation: {value}{policy}", 0, page.url)
        for value in page.header("tdm-reservation")
        if (verdict := _VERDICTS.get(value.strip()))
    ]
    return _strictest(found)


def _strictest(found: list[Signal]) -> Signal | None:
    return next((signal for signal in found if signal.verdict is Verdict.RESERVED), found[0] if found else None)


def _from_file(file: File, path: str) -> Signal:
    silent = Signal(FAMILY, Use.TDM, Verdict.SILENT, url=file.url)
    if file.missing and not file.trouble:
        return silent
    rules = None if file.trouble else _rules(file.text)
    if rules is None:
        return Signal(FAMILY, Use.TDM, Verdict.UNREADABLE, file.trouble or "not a list in JSON", url=file.url)
    rule = next((rule for rule in rules if robots.same_path(rule["location"], path)), None)
    verdict = _VERDICTS.get(_number(rule.get("tdm-reservation"))) if rule else None
    if verdict is None:
        return silent
    return Signal(FAMILY, Use.TDM, verdict, json.dumps(rule, ensure_ascii=False), _line_of(file.text, rule), file.url)


def _rules(text: str) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [rule for rule in found if isinstance(rule, dict) and isinstance(rule.get("location"), str)]


def _number(value: object) -> str:
    """1 and "1" mean the same; true does not."""
    return "" if isinstance(value, bool) or not isinstance(value, int | str) else str(value).strip()


def _line_of(text: str, rule: dict[str, Any] | None) -> int:
    """Where the rule's location first stands in the file; 0 when it is written with escapes."""
    at = text.find(json.dumps(rule["location"], ensure_ascii=False)) if rule else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
