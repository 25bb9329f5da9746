"""What sounds like a rule and says nothing: who pays for claims, where to ask, what is wondered, titles elsewhere."""

from __future__ import annotations

import re

from server.core.reading import vocabulary as say

_NOT_SOUGHT = re.compile(r"\bnot (?:\w+ly )?(?:seek(?:ing)? out|look(?:ing)? for|go looking for)\b", re.IGNORECASE)
"""We do not seek out personal data: some comes along."""
_LEFT_OPEN = re.compile(
    r"\b(?:wonder(?:s|ed|ing)?|able to (?:detect|tell|say|determine|know)|unable to (?:detect|tell|say|determine|know)"
    r"|separate from|find out|not (?:know|control|say)|question of) (?:if|whether)\b[^,.;|\n]*"
    r"|\bif you (?:do not|don['’]t|cannot|can['’]t) (?:see|find)\b[^,.;|\n]*"
    r"|\b(?:few|no|hardly any) (?:\w+ )?(?:options|ways|means|controls) [^.;|\n]{0,60}?\bto control how\b[^,.;|\n]*",
    re.IGNORECASE,
)
"""You may be wondering whether we train on it; this is separate from whether we do; few can control how others do."""
_OF_OTHERS = re.compile(
    r"\W*(?:many|most|some|several|other|numerous|a number of) (?:[\w-]+ ){0,2}?(?:artists|creators|authors|writers"
    r"|people"
    r"|compan(?:y|ies)|firms|services|platforms|websites|apps|organi[sz]ations|lawsuits|laws)\b"
    r"(?![^.;|\n]*\b(?:we|our|us|your?)\b)"
    r"|[^.;|\n]{0,60}\b(?:laws?|regulations?|lawsuits?|courts?)\b[^.;|\n]{0,30}?\b(?:require|claim|allege|argue)\w*\b",
    re.IGNORECASE,
)
"""Many artists worry that …, some companies train on …, laws may require …: that is no rule of the text."""
_POINTER = re.compile(
    r"\W*(?:please )?(?:see|refer to|read|consult|visit)\b[^.;|\n]{0,120}\bfor (?:\w+ )?(?:details|information)\W*",
    re.IGNORECASE,
)
"""See Retention and Model Training for details."""


def silent(whole: str) -> bool:
    """Whether the sentence makes no rule, whatever it names."""
    aside = say.LIABILITY.search(whole) or say.INQUIRY.search(whole) or _NOT_SOUGHT.search(whole)
    return bool(aside or _OF_OTHERS.match(whole) or _POINTER.fullmatch(whole))


def asserted(whole: str) -> str:
    """The sentence with blanks, as many, for what it leaves open."""
    return _LEFT_OPEN.sub(lambda mark: " " * len(mark.group()), whole)
