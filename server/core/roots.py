"""Which part of a page is the policy: the deepest element that holds nearly all of the running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from server.core.blocks import HEADINGS, Block, Box

SHARE = 0.9
"""Of the running text. Less finds tighter roots and loses beginnings and ends of policies."""
LINE = 40
"""Characters outside of links from which a block counts as running text."""
CHROME = (
    "nav,footer,aside,dialog,[role=navigation],[role=banner],[role=contentinfo],[role=dialog],[role=alertdialog],"
    "[role=search],[role=complementary],[id^=onetrust],[id^=CybotCookiebot],[id^=usercentrics],[id^=didomi],"
    "[id^=truste],[id^=qc-cmp],[class*=cookie-banner],[class*=cookie-consent],[class*=cookieconsent],"
    "[class*=cookie-notice],[class*=cookie-bar],[id*=cookie-banner],[id*=cookie-consent],[id*=cookie-notice]"
)
"""Selectors of what frames a page. It counts all the same where it holds most of the text."""
_DATED = re.compile(
    r"\b(?:updated|amended|revised|modified|effective|posted|in force)\b.{0,60}\b(?:19|20)\d\d\b", re.IGNORECASE
)
_DATED_LENGTH = 160
_FRAME_TEXT = 1500
"""Characters. A frame says less: a cookie notice, a slogan."""


def find(blocks: Sequence[Block], boxes: Sequence[Box]) -> tuple[list[Block], str]:
    """The blocks of the policy and the name of its root element."""
    framed = _frame_holds_the_text(blocks)
    counts = [_running(block, framed) for block in blocks]
    sums = list(accumulate(counts, initial=0))
    root = _densest(boxes, sums) or max(
        (box for box in boxes if box.semantic), key=lambda box: box.end - box.start, default=None
    )
    if root is None:
        return [block for block in blocks if not block.chrome], "whole page"
    wide = _semantic_around(root, boxes)
    kept = [
        block
        for at, block in enumerate(blocks[wide.start : wide.end], wide.start)
        if (framed or not block.chrome) and (root.start <= at < root.end or _belongs(block))
    ]
    return [block for block in blocks[: wide.start] if _is_date_line(block)] + kept, "found: " + wide.label


def _frame_holds_the_text(blocks: Sequence[Block]) -> bool:
    """Whether a page puts most of its text into what looks like its frame, as pages with a policy in a dialog do."""
    outside = sum(_running(block, False) for block in blocks)
    inside = sum(_running(block, True) for block in blocks) - outside
    return inside > _FRAME_TEXT and inside > 2 * outside


def _running(block: Block, framed: bool) -> int:
    if block.running < LINE or (block.chrome and not framed) or block.kind in HEADINGS:
        return 0
    return block.running


def _densest(boxes: Sequence[Box], sums: Sequence[int]) -> Box | None:
    needed = SHARE * sums[-1]
    holding = [box for box in boxes if sums[box.end] - sums[box.start] >= needed] if needed else []
    return max(holding, key=lambda box: box.depth, default=None)


def _semantic_around(root: Box, boxes: Sequence[Box]) -> Box:
    """The nearest article or main around the root, else the root: headline and date stand beside the body."""
    around = [
        box
        for box in boxes
        if box.semantic and box.start <= root.start and box.end >= root.end and box.depth <= root.depth
    ]
    return max(around, key=lambda box: box.depth, default=root)


def _belongs(block: Block) -> bool:
    """Whether a block beside the root is part of the document: headline, date, paragraph, but no list of links."""
    if block.kind in HEADINGS:
        return 2 * block.running > len(block.text)
    return block.running >= LINE or _is_date_line(block)


def _is_date_line(block: Block) -> bool:
    return len(block.text) <= _DATED_LENGTH and not block.chrome and bool(_DATED.search(block.text))
