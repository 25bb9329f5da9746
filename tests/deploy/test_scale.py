"""bench/scale: its arithmetic fits what docs/scaling.md promises to be made of."""

from __future__ import annotations

from bench.scale.__main__ import arithmetic

COSTS = {
    "first look (fetch, extract, read, store)": 100.0,
    "look, same text in other bytes": 10.0,
    "raw page of 75 kB, packed": 10_000.0,
    "database, for each document with its captures, versions, readings": 100_000.0,
    "messages sent by one sender without a limit": 500.0,
    "deliveries queued by a change": 50_000.0,
    "look-up from memory, without the web server": 1.0,
}


def test_the_arithmetic() -> None:
    rows = [line.split(" | ") for line in arithmetic(COSTS)]
    told = {row[0]: " ".join(row[1:]) for row in rows}
    assert told["looks a day"].startswith("40,000 7 CPU minutes a day"), "40,000 × (0.99 × 10 + 0.01 × 100) ms"
    assert told["storage"].startswith("1.0 GB and 1.5 GB a year")
    assert told["one change that all 1,000,000 follow, at 25/s"].startswith("11.1 h")
    assert told["the same with paid broadcasts"].startswith("33 min 500/s")
    assert told["queueing it"].startswith("20 s")
    assert told["look-ups a second"].startswith("1,157 ")
