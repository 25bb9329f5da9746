"""Figures of reading, judging and replaying on the recorded policies: `python -m bench.reading --help`."""
