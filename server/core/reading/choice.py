"""Ways out that do not name training: they count when they stand beside a rule on training."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.model import Stance
from server.core.reading import vocabulary as say
from server.core.reading.conditions import asked_first
from server.core.reading.finding import CHOICE, Finding
from server.core.reading.patterns import any_of
from server.core.reading.sentences import Sentence

_WAY_OUT = any_of(
    # You can opt out, object to this, turn it off, choose whether
    r"\b(?:you|(?:account |workspace )?(?:admin(?:istrator)?s?|owners?)(?: on \w+ \w+)?|<creators>(?: in (?:the "
    r")?[A-Z]\w+)?)"
    r" (?:can|may|are able to|have the (?:right|option|ability) to|will be able to)\b[^.;|\n]{0,60}?"
    r"\b(?:opt[\s-]?out|object (?:to (?:this|such|our|that)|by|using|with|through|via|here|in)"
    r"|(?:tick|select|choos|us)(?:e|ing)? [“\"‘'](?:exclude|opt|do not|don)|turn (?:this|it|that|training) (?:\w+ )?off"
    r"|exclude (?:yours|theirs)|object to this processing|disable this|choose whether|decide whether)\b",
    r"\byou (?:can|may)\b[^.;|\n]{0,30}?\b(?:turn off|switch off|disable|deactivate|opt out of) (?:\w+ ){0,3}?"
    r"(?:analysis|improvement|learning|sharing|data use|collection|setting|feature|training|program(?:me)?)\b",
    r"\byou (?:can|may) (?:disable|turn off|switch off|untick|deselect) [“\"‘']",
    # If you do not want it used this way; if you prefer not, use the settings
    r"\bif you (?:do not|don['’]t|would prefer not|would rather not) (?:want|wish|like)\b[^.;|\n]{0,60}?"
    r"\buse[ds]?\b[^.;|\n]{0,60}?\b(?:this way|settings?|for (?:this|these)|purposes?)",
    r"\bif you (?:do not|don['’]t) want (?:this|that|us to)\b[^.;|\n]{0,60}?\b(?:<settings>|opt)\b",
    r"\bif you (?:prefer|would rather)\b[^.;|\n]{0,40}?\b(?:don['’]t|not)\b[^.;|\n]{0,60}?\b(?:<settings>|off|out)\b",
    r"\bif you (?:(?:would )?prefer that|do not (?:wish|want)) (?:your|our|their|the)\b[^.;|\n]{0,60}?\bbe used\b",
    r"\bif you (?:want|wish|prefer|would like|['’]d like) to be (?:left out|excluded)\b",
    r"\b(?:does|do|would) not (?:wish|want) to (?:take part|participate|contribute)\b",
    # Turn it off; it can be turned off; unless you have objected
    r"\b(?:switch|turn|toggle) (?:it|this|that|both|them) off\b",
    r"\b(?:this|it|that)(?: \w+)? can be (?:disabled|switched off|turned off|deactivated)\b",
    r"\b(?:turn on|switch on|enable|activate|select|tick) (?:the )?(?:option |setting |box |switch "
    r")?[“\"‘'](?:prevent|block|exclude|do not|don|opt)",
    r"\bunless (?:you|they) (?:have )?(?:opt(?:ed)?[\s-]out|objected|declined|disabled|turned (?:\w+ ){0,3}?off)\b",
    r"\bopting out (?:excludes|removes|stops|prevents|keeps)\b",
    r"\b(?:you|<creators>|owners?|admin\w*) can change (?:this|that|the)(?: \w+)? (?:setting|preference|at any time"
    r"|in (?:the |your )?(?:\w+ )?settings)\b",
    r"\bif you(?:['’]d| would) rather (?:we )?(?:didn[’']t|don[’']t|did not)\b",
    # To opt out of this, go to; head to the settings to change that
    r"\bto opt[\s-]?out of this\b|\b(?:objection|opt[\s-]?out) form\b|\bto discourage this\b|\bun-?enrol\w*\b",
    r"^\W*to (?:opt[\s-]?out|object|decline|exclude (?:your|their) [^,.]{3,40})(?: of this| to this)?,",
    r"^\W*(?:enable|disable|turn|toggle|switch|un-?check|contact|e-?mail|go to|visit|use|click|fill|submit|select)\b"
    r"[^.;|\n]{0,100}?\bto (?:opt[\s-]?out|object|stop this|prevent this)\b",
    r"\b(?:head|go|navigate) to\b[^.;|\n]{0,60}?\bto (?:change|stop|undo) (?:this|that|it)\b",
    # Keep your works out of training
    r"\bto have (?:your|their) [^.;|\n]{0,40}?\b(?:excluded|removed|left out)\b",
    r"\b(?:exclude|remove|withdraw|keep) (?:\w+ ){1,4}?(?:from|out of) (?:the |our |any |this )?"
    r"(?:AI |training |model )?(?:data ?sets?|training|collection)\b",
    r"\b(?:choose|decide|elect|opt) not to have (?:your|their)\b|\bleave (?:your|my|their) \w+ out of\b",
    parts={"settings": r"(?:settings?|preferences?|controls?)"},
)
_RATHER_NOT = re.compile(
    r"\W*(?:(?:don['’]t|do not) (?:want|like)|(?:would )?rather not|prefer (?:not|that))\b", re.IGNORECASE
)
"""Don't want that?"""
_AGAINST_AI = any_of(
    r"\b(?:object(?:ion)?|opt[\s-]?out)\b[^.;|\n]{0,90}?\b(?:us(?:e|ing)|processing)\b[^.;|\n]{0,25}?(?-i:<AI>)"
    r"\s+(?:systems?|models?|technolog\w+|tools?|purposes)",
    parts={"AI": say.AI},
)
_FOR_THIS = re.compile(
    r"\bobject to (?:us using|our us(?:e|ing)|the use of)\b[^.;|\n]{0,80}?\b(?:these|this|those|such"
    r"|that) (?:purposes?|way|use)\b",
    re.IGNORECASE,
)
_ASKED_HOW = any_of(
    r"\bhow (?:do|can|may|could) (?:i|we|you|<creators>) (?:\w+ )?(?:opt[\s-]?out|object|turn (?:\w+ )?off|disable"
    r"|stop|prevent)"
    r"\b[^?]{0,60}?\b(?:AI|training|train|models?|learning)\b[^?]*\?$"
)
"""How do I opt out of AI training? The answer tells."""
_OF_OTHERS = re.compile(
    r"\b(?:enterprise|business|commercial|api|education) (?:customers?|plans?|users?|accounts?) (?:can|may)\b",
    re.IGNORECASE,
)
"""A way out that only some customers have."""
_ANOTHER_MATTER = re.compile(
    r"\b(?:cookies?|marketing|advertis\w+|newsletter|(?:receiv\w+|marketing|promotional|our|these|such) e-?mails?"
    r"|promotion\w*|arbitration|sale|sell|notifications?|class action|tracking|targeted|legitimate interests?|offers"
    r"|product updates|right to object(?! to (?:this|that|such) use))\b",
    re.IGNORECASE,
)


def choice(sentence: Sentence) -> Iterator[Finding]:
    """A way to object to "this"."""
    if _AGAINST_AI.search(sentence.text):
        yield Finding(CHOICE, Stance.OPT_OUT, "people may object to the use of AI", sentence.text, scope="ai")
        return
    if _ASKED_HOW.search(sentence.before or sentence.heading):
        yield Finding(CHOICE, Stance.OPT_OUT, "the answer to how to object to training", sentence.text, scope="ai")
        return
    if _OF_OTHERS.search(sentence.text):
        return
    if _FOR_THIS.search(sentence.text):
        yield Finding(CHOICE, Stance.OPT_OUT, "people may object to this use", sentence.text)
    elif _offers(sentence.text) and not asked_first(sentence.text) and not on_another_matter(sentence.text):
        yield Finding(CHOICE, Stance.OPT_OUT, "a way out beside the rule", sentence.text)


def _offers(text: str) -> bool:
    """Whether it tells how; a question tells it only when it is one that the reader is meant to answer."""
    return bool(_RATHER_NOT.match(text) if text.endswith("?") else _WAY_OUT.search(text))


def on_another_matter(text: str) -> bool:
    """Whether a choice is on marketing, cookies, notices and the like, wherever it stands."""
    return bool(_ANOTHER_MATTER.search(text))
