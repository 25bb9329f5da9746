"""Families `llms.txt` and `ai.txt`: files that are shown when they are there, and that reserve nothing."""

from __future__ import annotations

from collections.abc import Iterator

from server.core.signals.model import Signal, Site, Use, Verdict


def read(site: Site) -> Iterator[Signal]:
    """One silent signal for each file that is present; neither file is an opt-out."""
    for family, file in (("llms.txt", site.llms), ("ai.txt", site.ai)):
        if file.text.strip():
            yield Signal(family, Use.NONE, Verdict.SILENT, f"present, {len(file.text)} characters", 0, file.url)
