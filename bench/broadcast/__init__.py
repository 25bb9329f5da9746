"""Measures a broadcast: `python -m bench.broadcast --help`."""
