"""Polling measured beside urlwatch, changedetection.io and a bare loop, on the same pages in one run."""
