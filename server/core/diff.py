"""Differences between two versions: by clause for the judge, by word for people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from server.core.model import Clause, Edit

PAIR_SCORE = 60
"""Two passages this alike (0 to 100) are one passage that was changed."""
LARGEST = 400_000_000
"""Pairs of words in two passages that are compared word by word: each costs a bit of memory, this many 50 MB."""
FILLER = 3
"""Letters of the longest of those."""
BLOCK = 200
"""Rows of removed passages matched at once, so that a rewritten book costs seconds, not minutes."""

_UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Chinese and Japanese, which put no spaces between words."""
_TOKEN = re.compile(rf"[{_UNSPACED}]\s*|[^\s{_UNSPACED}]+\s*|\s+")


def edits(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Edit, ...]:
    """What was added, removed, changed or moved, in the order of the new text. Equal texts give nothing."""
    same = _anchors(old, new)
    kept = _in_order(same)
    found = [_moved(old[i], new[j]) for i, j in same if (i, j) not in kept]
    gone = _without(old, {i for i, _ in same})
    come = _without(new, {j for _, j in same})
    pairs = _pair(gone, come)
    found += [_changed(a, b) for a, b in pairs]
    found += [Edit("removed", old=c.text, old_line=c.line) for c in _rest(gone, {id(a) for a, _ in pairs})]
    found += [Edit("added", new=c.text, new_line=c.line) for c in _rest(come, {id(b) for _, b in pairs})]
    return tuple(sorted(found, key=lambda e: (e.new_line or e.old_line, e.op)))


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Runs of words as (same | removed | added, text); the same and added runs joined give the new text."""
    a, b = words(old), words(new)
    if len(a) * len(b) > LARGEST:
        return _between_equal_ends(a, b)
    runs: list[tuple[str, str]] = []
    gone = come = ""
    steps = list(Indel.opcodes([t.strip() for t in a], [t.strip() for t in b]))
    for op in steps:
        alone = (gone or come) and op is not steps[-1] and _is_filler(a[op.src_start : op.src_end])
        if op.tag == "equal" and not alone:
            runs += _told(gone, come)
            runs.append(("same", "".join(b[op.dest_start : op.dest_end])))
            gone = come = ""
        else:
            gone += "".join(a[op.src_start : op.src_end])
            come += "".join(b[op.dest_start : op.dest_end])
    return runs + _told(gone, come)


def _is_filler(same: list[str]) -> bool:
    """Whether equal words between two differences are but one as "of" or "the", which would tear both to shreds."""
    return len(same) == 1 and len(same[0].strip()) <= FILLER


def _between_equal_ends(a: list[str], b: list[str]) -> list[tuple[str, str]]:
    """All between the equal words at both ends as one difference."""
    short = min(len(a), len(b))
    head = next((n for n in range(short) if a[n].strip() != b[n].strip()), short)
    left = short - head
    tail = next((n for n in range(left) if a[-1 - n].strip() != b[-1 - n].strip()), left)
    ends = [("same", "".join(b[:head]))] if head else [], [("same", "".join(b[len(b) - tail :]))] if tail else []
    middle = _told("".join(a[head : len(a) - tail]), "".join(b[head : len(b) - tail]))
    return [*ends[0], *middle, *ends[1]]


def words(text: str) -> list[str]:
    """The words of a text with the space behind them; letters in scripts that put no spaces between words."""
    return _TOKEN.findall(text)


def _told(gone: str, come: str) -> list[tuple[str, str]]:
    return [(op, text) for op, text in (("removed", gone), ("added", come)) if text]


def _anchors(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[int, int]]:
    """Index pairs of passages with one id: the first with the first, the second with the second."""
    by_id: dict[str, list[int]] = defaultdict(list)
    for j, clause in enumerate(new):
        by_id[clause.id].append(j)
    places = {key: iter(found) for key, found in by_id.items()}
    pairs = ((i, next(places.get(clause.id, iter(())), -1)) for i, clause in enumerate(old))
    return [(i, j) for i, j in pairs if j >= 0]


def _in_order(pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The longest run of pairs that stand in the same order in both texts; the others were moved."""
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for at, (_, j) in enumerate(pairs):
        k = bisect_left(tails, j)
        back.append(ends[k - 1] if k else -1)
        tails[k : k + 1] = [j]
        ends[k : k + 1] = [at]
    chain: set[tuple[int, int]] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.add(pairs[at])
        at = back[at]
    return chain


def _without(clauses: Sequence[Clause], taken: set[int]) -> list[Clause]:
    return [clause for i, clause in enumerate(clauses) if i not in taken]


def _rest(clauses: list[Clause], taken: set[int]) -> list[Clause]:
    return [clause for clause in clauses if id(clause) not in taken]


def _pair(gone: list[Clause], come: list[Clause]) -> list[tuple[Clause, Clause]]:
    """Changed passages, most alike first; long lists are matched block by block along the text."""
    blocks = max(1, -(-max(len(gone), len(come)) // BLOCK))
    pairs: list[tuple[Clause, Clause]] = []
    for k in range(blocks):
        pairs += _pair_block(_slice(gone, k, blocks), _slice(come, k, blocks))
    return pairs


def _slice(clauses: list[Clause], k: int, blocks: int) -> list[Clause]:
    return clauses[len(clauses) * k // blocks : len(clauses) * (k + 1) // blocks]


def _pair_block(gone: list[Clause], come: list[Clause]) -> list[tuple[Clause, Clause]]:
    if not gone or not come:
        return []
    texts = [c.text.lower() for c in come]
    hits = [
        (-score, i, j)
        for i, clause in enumerate(gone)
        for _, score, j in process.extract(
            clause.text.lower(), texts, scorer=fuzz.ratio, limit=None, score_cutoff=PAIR_SCORE
        )
    ]
    pairs: list[tuple[Clause, Clause]] = []
    left, right = set[int](), set[int]()
    for _, i, j in sorted(hits):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((gone[i], come[j]))
    return pairs


def _moved(a: Clause, b: Clause) -> Edit:
    return Edit("moved", a.text, b.text, a.line, b.line)


def _changed(a: Clause, b: Clause) -> Edit:
    return Edit("changed", a.text, b.text, a.line, b.line)
