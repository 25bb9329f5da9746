"""Operation rules: AI that runs over what people provide so that the service works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.model import Stance
from server.core.reading import vocabulary as say
from server.core.reading.actors import Actor, saying
from server.core.reading.finding import OPERATION, Finding
from server.core.reading.sentences import Sentence

_TOOL = (
    r"(?:"
    + say.AI
    + r"(?![\s-]?(?i:(?:powered |enabled |based |driven |generated )?(?:generated|created|content|outputs?"
    r"|images?|features?|assistants?|agents?|chat|chatbots?|products?|services?|plans?|providers?"
    r"|functionalit\w+|personas?|characters?|glasses|experiences?)\b)))"
)
_PURPOSE = (
    r"(?i:\b(?:recommend|suggest|moderat|personali[sz]|customi[sz]|tailor|detect|prevent|identif|analy[sz]"
    r"|analyt|transcri|translat|match|rank|curat|classif|categori[sz]|filter|flag|review|scan|monitor"
    r"|summari[sz]|predict|infer|target|scor|assess|protect|process|determin|evaluat|screen|enforc|verif"
    r"|select|extract|recogni[sz]|understand|find|remov|combat|fight|block|label|rout|serve|deliver|display"
    r"|show|optimi[sz]|automat|respond|answer|estimat|compar|support|improve (?:your|user|our recommendations)"
    r"|interpret|fulfil|power|facilitat|reduc|combin|create a|profil|calculat|generat\w* (?:insights|profiles"
    r"|recommendations))\w*)"
)
_OVER = re.compile(
    r"(?i:\b(?:your|users?['’]?s?|customers?['’]?s?|members?['’]?s?|people['’]?s?|personal|you|content|data"
    r"|information|posts|photos|images|videos|messages|uploads?|comments|reviews|interactions|conversations"
    r"|communications?|calls?|transactions?|payments?|activity|preferences|interests|fraud\w*|spam|abus\w+"
    r"|violat\w+|recommendations?|advertis\w+|ads|experience|behaviou?r|personali[sz]\w*|protect\w*|moderat\w*"
    r"|safety|accounts?|requests?|inquiries|signals|submissions|documents|listings|profiles?|images you"
    r"|harmful|bots)\b)"
)
_PATTERNS = (
    # We use machine learning to detect spam.
    re.compile(
        r"(?i:\b(?:us(?:e|es|ed|ing)|use of|employ\w*|leverag\w*|appl(?:y|ies|ied|ying)|deploy\w*|utili[sz]\w*"
        r"|rel(?:y|ies|ying) (?:up)?on|powered by|driven by|with the help of|through|via|by means of|with|by"
        r"|includ\w+|incorporat\w+)\b)[^.;|\n]{0,80}?"
        + _TOOL
        + r"[^.;|]{0,120}?(?i:\b(?:to|for|in order to|that|which|in|when|so|helps?|and)\b|:)[^.;|\n]{0,120}?"
        + _PURPOSE
    ),
    # Machine learning helps us recommend; algorithms are used to.
    re.compile(
        _TOOL + r"[^.;|\n]{0,40}?(?i:\b(?:is|are|may be|can be) (?:also )?used\b|\b(?:helps?|(?:allow|enable"
        r"|give)s? us|lets us|assists?)\b|\b(?:may |will |can |also |automatically |then )*(?:process"
        r"|analy[sz]|review|detect|recommend|predict|identif|scan|classif|determin|assess|interpret"
        r"|take into account|learn|examin|monitor|flag|power)\w*)(?:[^.;|\n]{0,100}?" + _PURPOSE + r")?"
    ),
    # Machine-learning signals to detect; AI in our use of personal data.
    re.compile(
        _TOOL + r"[^.;|\n]{0,20}?(?i:signals|tools|models|systems|classifiers|techniques|technolog\w+)\b[^.;"
        r"|\n]{0,60}?(?i:\bto\b|\bthat\b)[^.;|\n]{0,30}?" + _PURPOSE
    ),
    re.compile(
        r"(?i:\b(?:us(?:e|es|ing)|employ\w*|appl(?:y|ies)|leverag\w*)\b)[^.;|\n]{0,40}?"
        + _TOOL
        + r"[^.;|\n]{0,80}?(?i:\b(?:in|on|with|over|to)\b)[^.;|\n]{0,30}?(?i:\b(?:personal|your|customer"
        r"|user) (?:data|information|content)\b)"
    ),
    # Feeds personalised with AI.
    re.compile(
        _PURPOSE
        + (
            r"[^.;|\n]{0,150}?(?i:\b(?:using|with|by|through|via|powered by|based on|driven by|by means of"
            r"|with the help of|supported by|assisted by|including|on)\b)[^.;|\n]{0,60}?"
        )
        + _TOOL
    ),
)
_INVOKED = re.compile(
    r"(?i:\b(?:if|when|where|while|should) you (?:use|choose|interact|access|enable|opt|ask|submit|upload to"
    r"|engage)\b|\b(?:you|users|customers) (?:can|may|could|must|should|are|understand|acknowledge|agree"
    r"|will)\b|\byour (?:use|sole|own)\b|\bat your (?:request|direction)\b|\b(?:prohibit|violat\w+ of (?:these"
    r"|our)|misleading|deceptive|synthetic|deepfake\w*|must (?:be|comply|not)|these terms|[”\"] (?:means"
    r"|refers)|nud\w+|creators? (?:must|should))\b)"
)
_BUILDS = re.compile(r"(?i:\b(?:train|training|fine-tun\w+|develop and improve|build|develop)\w*\b)")


def operation(sentence: Sentence) -> Iterator[Finding]:
    """The platform runs AI over content or data."""
    whole = say.NAMED.sub("Company", sentence.whole)
    if not say.HAS_AI.search(whole) or not _OVER.search(f"{sentence.before} {whole}") or _INVOKED.search(whole):
        return
    start = len(whole) - len(say.NAMED.sub("Company", sentence.text))
    for pattern in _PATTERNS:
        mark = pattern.search(whole)
        if mark and mark.end() > start and not _BUILDS.search(mark.group()):
            tool = say.HAS_AI.search(whole, mark.start())
            who = saying(whole[: tool.start() if tool else mark.start()], whole)
            if not who.refused and who.actor not in (Actor.USER,):
                yield Finding(OPERATION, Stance.PERMITS, "AI runs over content or data", sentence.text)
                return
