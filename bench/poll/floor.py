"""The floor: a bare loop of requests and one of httpx, told what to do line by line on stdin, as the others are.

Run by the bench's own Python: `python floor.py requests|httpx BASE PAGES`. Each line read is a round.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time


def main(kind: str, base: str, pages: int) -> None:
    """Fetches every page once a round and keeps its hash and its ETag."""
    if kind == "requests":
        import requests

        client = requests.Session()
    else:
        import httpx

        client = httpx.Client()
    etags: dict[int, str] = {}
    hashes: dict[int, str] = {}
    for _ in sys.stdin:
        cpu, wall, news = time.process_time(), time.monotonic(), 0
        for page in range(pages):
            answer = client.get(f"{base}/p/{page}", headers={"If-None-Match": etags[page]} if page in etags else {})
            if answer.status_code == 200:
                digest = hashlib.sha256(answer.content).hexdigest()
                news += hashes.get(page) != digest
                hashes[page] = digest
                etags.update({page: answer.headers["etag"]} if "etag" in answer.headers else {})
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall, "found": news, "peak": peak}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
