"""Conditions: with consent, or unless one objects, a permission or a refusal becomes a choice."""

from __future__ import annotations

import re

from server.core.model import Stance
from server.core.reading.patterns import any_of

_PARTS = {
    "if": (
        r"(?:unless|until|except (?:where|when|if|with)|only (?:if|when|where|after|once)|if|where|when"
        r"|provided(?: that)?)(?: and until| otherwise| and to the extent)?"
    ),
    "people": (
        r"(?:you|they|customers?|users?|members?|(?:a|the) (?:user|customer|member|creator|artist)|creators?"
        r"|artists?|someone)"
    ),
    "have": (
        r"(?:have |has |had |specifically |explicitly |expressly |actively |affirmatively |first |decide to "
        r"|separately |otherwise |also |individually |['’]ve )*"
    ),
    "get": (
        r"(?:with|without|obtain\w*|have|given?|give us|received?|requires?|subject to|absent|based on|upon"
        r"|on the basis of|ask\w* for|seek\w*|need)"
    ),
    "adjectives": (
        r"(?:(?:first|your|the|our|their|his|her|prior|express|explicit|written|affirmative|opt-in|clear"
        r"|specific|informed|separate|(?:end )?users?['’]?s?|customers?['’]?s?"
        r"|individual|obtaining|getting|asking for|having|direct|and|or|data subject['’]?s?|creators?['’]?s?"
        r"|artists?['’]?s?|member['’]?s?)?,?\s+)*"
    ),
    "settings": r"(?:settings?|preferences?|controls?|toggle|choices|opt-?out|objections?)",
}
_CONSENT = any_of(
    (
        r"\b<get>\s+<adjectives>(?:consent|permission|authori[sz]ation|approval|opt-in|agreement|instructions?)\b",
        r"\b(?:your|user|users['’]|explicit|express|affirmative|prior) consent\b",
        r"\b(?:if|when|unless|until) <people> <have>(?:say|says|said) (?:yes|so)\b|\benrol(?:l|s|led)?\b",
        r"\bonly (?:<people>|those) who (?:have )?[^.;|\n]{0,60}?\b(?:agreed|opted|consented|joined|chosen)\b",
        r"\b(?:unless|if|when) <people> <have>(?:tick|check)(?:s|ed)?\b",
        r"\bopt(?:ed|ing|s)?[\s-]in\b(?! to)|\bopt(?:ed|ing|s)?[\s-]in to (?!connect)|\bvoluntar(?:y|ily)\b",
        r"\b<if>\s+<people>\s*<have>(?:opt(?:s|ed|ing)?[\s-]in|agreed?|consents?|consented|direct(?:s|ed)?"
        r"|instruct(?:s|ed)?|cho?ose to|chosen to|allow(?:s|ed)?|permit(?:s|ted)?)\b",
        r"\b<if>\s+<people>\s*<have>(?:enabl(?:e|es|ed)|turn(?:s|ed)? (?:it |this )?on|authori[sz]e[sd]?"
        r"|ask(?:s|ed)? us|elect(?:s|ed)? to|volunteer\w*)\b",
        r"\b<if>\s+<people>\s*<have>(?:give|gives|given|grant|grants|granted|provide|provides"
        r"|provided) (?:us )?<adjectives>(?:permission|consent|authori[sz]ation|approval)\b",
        r"\b<if>\s+(?:explicitly |expressly )?(?:authori[sz]ed|permitted|allowed|instructed|directed|approved"
        r"|agreed)\s+by <people>\b",
    ),
    _PARTS,
)
_EXCEPTED = any_of(
    (
        r"\bby default,? (?:we|your)\b|\bwe (?:do|will) not\b[^.;]{0,80}?\bby default\b"
        r"|(?<=not )\bby default\b|\bour models by default\b",
        r"\bunless\s+<people>\s*<have>(?:share|submit|report|send|give|provide)",
    ),
    _PARTS,
)
"""A refusal that leaves a door open to those who walk through it."""
_OBJECTION = any_of(
    (
        r"\bopt(?:s|ed|ing)?[\s-]?(?:you |them |yourself |your \w+ )?out\b",
        r"\bobject(?:s|ed|ing|ions?)?\b(?=\s+(?:to|at|by|in|via|against|through|here|using|form|where|under"
        r"|or)\b|\s*$|[.,;)])",
        r"\b(?:turn|switch|toggl)(?:e|s|ed|ing)?\s+(?:\w+\s+){0,6}?off\b|\bdeactivat\w+\b",
        r"\bdisabl(?:e|es|ed|ing) (?:this|it|the|that|these|AI|your|our|use|training|personali[sz]\w+)\b",
        r"\b(?:choose|decide|select|elect|control|manage|determine|choice|choices|say|adjust"
        r"|change)\w*\b(?:\s+(?:over|of|about|on|or not|us|want|you|to|for|the|your|as to|which|what|is"
        r"|settings?|preferences?|by|if|are))*\s+(?:whether|if|how)\b",
        r"\b(?:do not|don['’]t|would rather not|no longer|prefer not|did not|didn['’]t)\s+(?:want|wish|like"
        r"|prefer|agree|consent)\b(?! to (?:share|disclose|provide))",
        r"\bunless <people>\b[^.;]{0,50}\b(?:object|disabl|tell us|instruct us not|turned? off|request|notify"
        r"|decline|withdraw|otherwise|choose not|prefer)\w*",
        r"\b(?:adjust|change|updat|manag|edit|us|control|review|through|via|in|with|under|visit)(?:e|es|ed"
        r"|ing)?\b[^.;|]{0,60}?\b(?:settings?|preferences?|controls?|toggle)\b",
        r"\b(?:exclude|remove) (?:it|them|this|yourself|your \w+)\b",
        r"\b(?:training|user|data|privacy) controls?\b|\bin control of (?:whether|how)\b|\bpreference to\b",
        r"\bwithdraw(?:s|ing|n)?\b|\bdeclin(?:e|ing)\b|\brefus(?:e|al)\b|\bright to (?:object|opt|refuse|restrict)\b",
    ),
    _PARTS,
)
_OPTED_OUT = any_of(
    (
        r"\b(?:unless|except|provided)\b[^.;]{0,60}?\bopt(?:s|ed|ing)?[\s-]?out\b|\bnot (?:yet )?opted?[\s-]?out\b",
        r"\bif <people> (?:have )?(?:opt(?:ed)?[\s-]?out|object|disable|turn|choose not|decline|switch)\w*\b(?! on)",
        r"\bunless\b[^.;]{0,60}?\b(?:object\w*|disabl\w*|turned? (?:it )?off|changed?|declin\w*|withdr\w+)\b",
        r"\b(?:request|ask|tell us|instruct us)\b[^.;]{0,60}\bnot (?:be )?(?:used?|train|processed)\b"
        r"|\bopt[\s-]?out form\b",
        r"\bexcept during\b[^.;]{0,40}\b(?:turned? off|disabled|deactivated)\b",
        r"\bsubject to\b[^.;]{0,60}?\b<settings>\b|\b(?:after|once) <people> (?:have )?(?:opt(?:ed)?[\s-]?out"
        r"|object|disable)\w*",
    ),
    _PARTS,
)
_CHOOSES = any_of(
    (
        r"\b<people>\b[^.;|\n]{0,60}?\b(?:can|may|could|have|has|are|is|wish|want|prefer|must|need|to|should"
        r"|select|adjust|cho(?:o|)se|decide|do not|don['’]t|opt)\b",
        r"\b(?:individuals|people|residents)\b[^.;|\n]{0,60}?\b(?:can|may|have|wish)\b",
        r"\b(?:opt(?:ing)?[\s-]?out|how to (?:opt|object|turn)|right to (?:object|opt)|object(?:ion|ing)? to"
        r"|turn(?:ing)? off|opted out|allow(?:s|ing)? you to|lets? you)\b",
    ),
    _PARTS,
)
_ASIDE = re.compile(r"\([^()]*\)")


def condition(text: str, *, refused: bool) -> Stance | None:
    """OPT_OUT or OPT_IN when the words make the use depend on what people choose, else None."""
    if _OPTED_OUT.search(text):
        return Stance.OPT_OUT
    if refused:
        return Stance.OPT_IN if _CONSENT.search(text) or _EXCEPTED.search(text) else None
    told = _ASIDE.sub("", text)
    if _OBJECTION.search(told):
        return Stance.OPT_OUT
    return Stance.OPT_IN if _CONSENT.search(told) else None


def offers_objection(text: str) -> bool:
    """Whether people are told that they can object, opt out or turn something off."""
    return bool(_OBJECTION.search(text) and _CHOOSES.search(text))
