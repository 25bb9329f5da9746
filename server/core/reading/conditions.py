"""Conditions: with consent, or unless one objects, a permission or a refusal becomes a choice."""

from __future__ import annotations

import re

from server.core.model import Stance
from server.core.reading.patterns import any_of

_PARTS = {
    "if": (
        r"(?:unless|until|(?:except|save) (?:where|when|if|with)|(?:only|solely) (?:if|when|where|after|once)|if|where"
        r"|when|after|once|provided(?: that)?)(?: and until| otherwise| and to the extent)?"
    ),
    "people": (
        r"(?:you|they|someone|admin(?:istrator)?s|(?:(?:an?|the|your) )?<creators>|(?:an?|the|your|its|the "
        r"\w+['’]s) (?:owner|person|parent"
        r"|guardian|(?:account )?admin\w*|workspace \w+))"
    ),
    "have": (
        r"(?:have |has |had |and |specifically |explicitly |expressly |actively |affirmatively |first |decide to "
        r"|separately |otherwise |also |individually |['’]ve )*"
    ),
    "get": (
        r"(?:(?:save |except )?with|without|obtain\w*|have|given?|give us|received?|requires?|subject to|absent"
        r"|based on|upon|on the basis of|ask\w* for|seek\w*|need)"
    ),
    "adjectives": (
        r"(?:(?:an?|first|your|the|our|their|his|her|prior|express|explicit|written|affirmative|opt-in|clear"
        r"|specific|informed|separate|(?:end )?users?['’]?s?|customers?['’]?s?|clients?['’]?s?"
        r"|individual|obtaining|getting|asking for|having|direct|and|or|data subject['’]?s?|creators?['’]?s?"
        r"|artists?['’]?s?|member['’]?s?|narrators?['’]?s?|authors?['’]?s?|owners?['’]?s?|performers?['’]?s?"
        r"|that|such|this|advance|signed|revocable|voluntary|active|additional|further)?,?\s+)*"
    ),
    "not to hold it": r"(?! to (?:process|collect|access) (?:it|them|that)\b)",
    "settings": r"(?:settings?|preferences?|controls?|toggle|choices|opt-?out|objections?)",
}
_CONSENT = any_of(
    r"\b<get>\s+<adjectives>(?:consent|permission|authori[sz]ation|approval|opt-in|agreement"
    r"|election|instructions?|say-so)\b<not to hold it>",
    r"\b(?:your|user|users['’]|explicit|express|affirmative|prior) consent\b",
    r"\bwithout (?:first )?asking(?: <people>| first|$|[.,;])|\bwithout\b[^.;|\n]{0,60}?\band (?:\w+ )?consent\b",
    r"(?<!is )(?<!are )\benrol(?:l|s|led)?\b",
    r"\bwithout <people> (?:first |expressly |explicitly )?(?:giv\w+|grant\w+|agree\w+|consent\w+|approv\w+)\b",
    r"\b(?:unless|if|until) (?:<people>|both|both parties|the parties) <have>(?:told?|tells?|said|say)? ?(?:us )?"
    r"(?:we (?:can|could|may)|agreed|it is (?:ok|okay|fine))\b",
    r"\bunless (?:both|all|the)(?: parties| sides)? (?:have |has )?(?:agreed?|consent\w*)\b",
    r"\bif <people>\b[^.;|\n]{0,50}?\b(?:and|,) (?:agree|consent)\b",
    r"\bif <people> (?:do not|don['’]t) (?:turn|switch|enable|opt[\s-]in|agree|consent)\b",
    r"\bunless (?:explicitly |expressly |specifically )?(?:consented|agreed|permitted|opted[\s-]in|instructed"
    r"|directed|(?:granted|given) (?:\w+ )?(?:permission|consent|authori[sz]ation))\b",
    r"\b(?:when|where|if) (?:an? |the )?(?:\w+ )?<people> (?:do|does|did|has|have) not (?:\w+ )?(?:consent|agree"
    r"|opt(?:ed)?[\s-]in|allow(?:ed)?)\b",
    r"\bunless <people> <have>(?:joined|sign(?:ed)? up|enrolled|volunteered)\b",
    r"\bun(?:ticked|checked|selected) (?:box|option|setting) means\b",
    r"\b(?:those|<people>|\w+s) who (?:have )?(?:joined|signed up|enrolled|chosen?|wish|want) (?!not)",
    r"\bwho (?:have )?(?:agreed?|volunteer(?:ed)?|consent(?:ed)?|opt(?:ed)?[\s-]in)\b",
    r"\bonly\b[^.;|\n]{0,90}?,? (?:if|when|where|with):?\s*(?:$|\|)",
    r"\bonly (?:<people>|those) who (?:have )?[^.;|\n]{0,60}?\b(?:agreed|opted|consented|joined|chosen)\b",
    r"\bopt(?:ed|ing|s)?[\s-]in\b(?! to)|\bopt(?:ed|ing|s)?[\s-]in to (?!connect)|\bvoluntar(?:y|ily)\b",
    r"\b<if>\s+<people>\s*<have>(?:opt(?:s|ed|ing)?[\s-]in|agreed?|accept(?:s|ed)?|consents?|consented|approved?"
    r"|direct(?:s|ed)?"
    r"|instruct(?:s|ed)?|cho?ose to|chosen to|allow(?:s|ed)?|permit(?:s|ted)?)\b",
    r"\b<if>\s+<people>\s*<have>(?:enabl(?:e|es|ed)|(?:turn|switch)(?:s|es|ed)? (?:\w+ ){0,3}?on|authori[sz]e[sd]?"
    r"|ask(?:s|ed)? us|elect(?:s|ed)? to|volunteer\w*|(?:tick|check)(?:s|ed)?|(?:say|says|said) (?:yes|so))\b",
    r"\b<if>\s+<people>\s*<have>(?:give|gives|given|grant|grants|granted|provide|provides"
    r"|provided) (?:us )?<adjectives>(?:permission|consent|authori[sz]ation|approval)\b<not to hold it>",
    r"\b<if>\s+(?:explicitly |expressly )?(?:authori[sz]ed|permitted|allowed|instructed|directed|approved"
    r"|agreed)\s+by <people>\b",
    parts=_PARTS,
)
_EXCEPTED = any_of(
    r"\bby default,? (?:we|your)\b|\bwe (?:do|will) not\b[^.;]{0,80}?\bby default\b"
    r"|(?<=not )\bby default\b|\bour models by default\b",
    r"\bunless\s+<people>\s*<have>(?:share|submit|report|send|give|provide)",
    parts=_PARTS,
)
"""A refusal that leaves a door open to those who walk through it."""
_OBJECTION = any_of(
    r"\bopt(?:s|ed|ing)?[\s-]?(?:you |them |yourself |your \w+ )?out\b",
    r"\bobject(?:s|ed|ing|ions?)?\b(?=\s+(?:to|at|by|in|via|against|through|here|using|form|where|under"
    r"|or)\b|\s*$|[.,;)])",
    r"\b(?:turn|switch|toggl)(?:e|s|ed|ing)?\s+(?:\w+\s+){0,6}?off\b|\bdeactivat\w+\b",
    r"\bdisabl(?:e|es|ed|ing) (?:this|it|the|that|these|AI|your|our|use|training|personali[sz]\w+)\b",
    r"\b(?:choose|decide|select|elect|control|manage|determine|choice|choices|(?<=a )say|adjust"
    r"|change)\w*\b(?:\s+(?:over|of|about|on|or not|us|want|you|to|for|the|your|as to|which|what|is"
    r"|settings?|preferences?|by|if|are))*\s+(?:whether|if|how)\b",
    r"\b(?:do not|don['’]t|would rather not|no longer|prefer not|did not|didn['’]t)\s+(?:want|wish|like"
    r"|prefer|agree|consent)\b(?! to (?:share|disclose|provide))",
    r"\bdepending on (?:your|their) (?:\w+ )?(?:settings?|preferences?|choices?)\b",
    r"\b(?:un-?(?:check|tick)|clear)(?:s|ed|ing)? (?:the|this|that) (?:\w+ )?box\b",
    r"\b(?:you|they|we)['’]d (?:rather|prefer)\b|\bsay no\b",
    r"\bsettings?\b[^.;|]{0,60}?\bcan be (?:changed|turned|switched|disabled)",
    r"\bto have (?:your|their|his|her) [^.;|]{0,40}?\b(?:excluded|removed|left out|deleted)\b",
    r"\bprefer(?:s|red)? not to\b|\bun-?enrol\w*\b",
    r"\bwithdraw (?:\w+ )?from (?:the |our |AI |model )*(?:training|learning|programme)\b",
    r"\b(?:do|does) not wish\b|\bif you['’]d like to stop\b|\bto (?:stop|prevent) (?:this|us|it)\b",
    r"\b(?:flip|slide|move|click|untick|uncheck|tick|check|use|select)\b[^.;|]{0,30}?\b(?:switch|slider"
    r"|toggle|button|box|form|['’‘“\"](?:exclude|opt|do not|don))\b",
    r"\bstop (?:it |this |them )?at any time\b",
    r"\bshould you prefer\b|\bprefer that\b[^.;|]{0,40}?\bnot\b|\brevoke\b",
    r"\b(?:ask|tell|instruct|request|email|notify)\w*\b[^.;|]{0,40}?\bnot to (?:use|process|train|include)\b",
    r"\b(?:prevent|keep|stop) (?:your|their|this|these|our|any|the) (?:\w+ ){0,2}?(?:from )?being (?:used"
    r"|included|processed)\b",
    r"\bunless <people>\b[^.;]{0,50}\b(?:object|disabl|tell us|instruct us not|turned? off|request|notify"
    r"|decline|withdraw|otherwise|choose not|prefer)\w*",
    r"\b(?:adjust|chang|updat|manag|edit|control|review|through|via|in|with|under|visit)(?:e|es|ed|ing)?\b"
    r"[^.;|]{0,60}?\b(?<!technical )(?<!access )(?<!difficulty )(?:settings?|preferences?|controls?|toggle)\b",
    r"\bus(?:e|ing) (?:the |your |our |this |these )?(?:[\w-]+ ){0,3}?(?:settings?|preferences?|controls?|toggle)\b",
    r"\b(?:exclude|remove|withhold|withdraw) (?:it|them|this|yours?(?:elf)?|theirs|your \w+|their \w+)\b",
    r"\b(?:training|user|data|privacy) controls?\b|\bin control of (?:whether|how)\b|\bpreference to\b",
    r"\bleave (?:your|their|my|it|them|yours)\b[^.;]{0,20}? out\b|(?<!we )\bdeclin(?:e|ing)\b|\brefus(?:e"
    r"|al)\b|\bright to (?:object|opt|refuse|restrict)\b",
    parts=_PARTS,
)
_OPTED_OUT = any_of(
    r"\b(?:unless|except|save|provided)\b[^.;]{0,60}?\bopt(?:s|ed|ing)?[\s-]?out\b|\bnot (?:yet )?opted?[\s-]?out\b",
    r"\b(?:if|when|where|once) <people> (?:have )?(?:opt(?:ed)?[\s-]?out|object|disable|turn|choose not"
    r"|decline|switch)\w*\b(?! (?:\w+ ){0,2}?on\b)",
    r"\bunless\b[^.;]{0,60}?\b(?:object\w*|disabl\w*|turned? (?:it )?off|changed?|declin\w*|withdr\w+)\b",
    r"(?<!the )(?<!your )(?<!each )\b(?:request|ask|tell us|instruct us)\b"
    r"[^.;]{0,60}\bnot (?:be )?(?:used?|train|processed)\b|\bopt[\s-]?out form\b",
    r"\b(?:except|save|excepting)\b (?:(?:for|from) [^.;]{0,40}?\bwh\w+|where|when|if|that)\b[^.;]{0,60}"
    r"\b(?:turned? off|disabled|deactivated|objected|opted out|declined|refused|unchecked|deselected)\b",
    r"\b(?:if|where|when|unless) <people> (?:have |has )?not (?:\w+ly )?(?:opted out|disabled|objected"
    r"|turned|switched|changed|declined)\b",
    r"^\W*(?:select|choose|open|click)\b[^.;|\n]{0,120}?\b(?:click|choose|select|tap) (?:on )?[“\"‘']?(?:disabled?"
    r"|off)\b",
    r"^\W*(?:set|enable|turn on|switch on|activate|select|tick) [^.;|\n]{0,100}?\bto (?:ensure|make sure|guarantee"
    r"|prevent"
    r"|require)\b",
    r"\b(?:unless|if|when) <people> <have>(?:turn|switch|select|tick|enable|activate)(?:ed)? (?:on )?[“\"‘']"
    r"(?:block|prevent|exclude|do not|don|opt|no )",
    r"(?<!not )\bopted[\s-]in\b[^.;|\n]{0,40}?\bby default\b",
    r"\b(?:stays?|remains?|is|are) (?:switched |turned )?on\b(?=[^.;]{0,20}$|[.,;])",
    r"\bshould you prefer\b[^.;|]{0,60}?\bnot\b|^\W*opting[\s-]?out\b",
    r"\b(?:if <people>|who) (?:would )?(?:wish|want|like|prefer|rather)\b[^.;|]{0,60}?\bnot (?:be )?(?:used?"
    r"|included|processed)\b",
    r"\b(?:can|may) (?:\w+ )?opt[\s-]?out\b[^.;]{0,150}?\b(?:no longer|not)\b[^.;]{0,20}?\bused\b",
    r"\b(?:switch|setting|toggle|option|control|preference) (?:also |then )?(?:excludes|removes|withdraws|stops)\b",
    r"\bexcept during\b[^.;]{0,40}\b(?:turned? off|disabled|deactivated)\b",
    r"^\W*(?:by )?(?:turn|switch|toggl)(?:e|ing)\b[^.;|\n]{0,60}?\boff\b[^.;|\n]{0,90}?"
    r"(?:\b(?:not|never|no longer)\b|n[’']t\b)",
    r"\bsubject to\b(?! your consent)[^.;]{0,60}?\b<settings>\b"
    r"|\b(?:after|once) <people> (?:have )?(?:opt(?:ed)?[\s-]?out|object|disable)\w*",
    parts=_PARTS,
)
_ONCE_OFF = any_of(
    r"(?<!only )(?<!unless )(?<!even )\b(?:if|when|where|once|after) <people> <have>(?:enabl\w*|activat\w*|select\w*"
    r"|(?:turn|switch|toggl)(?:ed|es|e)? (?:\w+ ){0,4}?on)\b[^.;|\n]{0,120}?(?:\b(?:not|never|no longer)\b|n[’']t\b)",
    parts=_PARTS,
)
"""When you turn on "do not train", your content will not be used."""
_CHOOSES = any_of(
    r"\b<people>\b[^.;|\n]{0,60}?\b(?:can|may|could|have|has|are|is|wish|want|prefer|must|need|to|should"
    r"|select|adjust|cho(?:o|)se|decide|do not|don['’]t|opt)\b",
    r"\b(?:toggle|switch|turn) (?:it|this|that) off\b",
    r"\b(?:individuals|people|residents)\b[^.;|\n]{0,60}?\b(?:can|may|have|wish)\b",
    r"\b(?:opt(?:ing)?[\s-]?out|how to (?:opt|object|turn)|right to (?:object|opt)|object(?:ion|ing)? to"
    r"|turn(?:ing)? off|opted out|allow(?:s|ing)? you to|lets? you)\b",
    parts=_PARTS,
)
_ASIDE = re.compile(r"\([^()]*\)")
_NO_WAY_OUT = any_of(
    r"\b(?:cannot|can not|can[’']t|(?:not|un)able to|no way to|not possible to|may not)"
    r" (?:\w+ )?(?:opt[\s-]?out|object|disable|turn (?:\w+ )?off|decline)\b",
    r"\bdefault is (?:to )?(?:be )?opt(?:ed)?[\s-]out\b",
    r"\b(?:no|not an?) (?:way to |right to |option to |setting (?:that|which|to) )?(?:opt[\s-]?out|object|excludes?"
    r"|turns?|disables?)\b",
)
"""Says that there is no choice, or that one is out from the start."""


_ASKED_FIRST = any_of(
    r"\bopt[\s-]in (?:only|basis)\b|\bis (?:an )?opt[\s-]in\b|\bstrictly opt-in\b|\bmust (?:first |actively "
    r")?opt[\s-]in\b",
    r"\basks?\b[^.;|\n]{0,60}?\bwhether (?:we|your|it|they|<people>)\b",
    r"\b(?:off|disabled|not enabled|inactive) (?:for \w+ \w+ )?(?:by default|unless|until)\b",
    r"\b(?:ask\w* for|seek\w*|obtain\w*|get|request\w*|with|requires?|need) <adjectives>(?:consent|permission)\b"
    r"[^.;|]{0,30}?\b(?:before|prior to|first)\b",
    r"\b(?:only|solely)\b[^.;|\n]{0,60}?\b<if>,? <people> <have>(?:(?:turn|switch)(?:ed)? (?:\w+ ){0,3}?on"
    r"|enabled?|allow(?:ed)?|say yes|said yes|agreed?|tick(?:ed)?)\b",
    r"\b(?:can|may) (?:choose|decide|elect|opt) to (?:allow|permit|enable|let|authori[sz]e|share|licen[sc]e|sell"
    r"|offer|contribute)\b",
    r"\b(?:enabling|turning on|switching on|allowing) (?:data (?:collection|sharing)|this|the (?:setting|option))\b",
    r"\bonly\b[^.;|\n]{0,60}?\b(?:that|which) <people> (?:choose|chose|have chosen|agree|agreed) to\b",
    r"\bonly\b[^.;|\n]{0,40}?\bvolunteers\b|\b<people> (?:can|may) (?:give|grant) us (?:\w+ )?(?:permission|consent)\b",
    r"\bshould you (?:agree|consent|opt[\s-]in)\b|\bwe (?:will |shall |always )*ask (?:you )?before\b",
    r"\b(?:choice|option) to (?:allow|permit|let|share|contribute)\b",
    r"\b<people> (?:can|may) (?:allow|permit|let|authori[sz]e) (?:us|our|third|other|partners|AI|compan\w+)\b",
    r"\b(?:if|when|once|where|after|unless|until) <people> <have>opt(?:ed)?[\s-]in\b",
    r"\bif <people> (?:accept|agree|consent)\b(?! to (?:the|these|this|our) (?:\w+ )?(?:terms|agreement|polic))",
    r"\bsubject to your (?:\w+ )?consent\b",
    r"\bif <people> (?:switch|turn) (?:it|this|that|the \w+) on\b",
    r"\b(?:consent|permission|approval) (?:shall|will|must|is|are) (?:always |first )?(?:be )?(?:required"
    r"|obtained|needed|sought)\b",
    r"\b<people> (?:must|ha(?:s|ve) to|needs? to) (?:first )?(?:enable|turn|switch|opt|agree|consent|tick)\b",
    r"\bif <people> (?:allow|permit|enable|choose|select) (?:this|it|that)\b"
    r"|\bif <people> (?:allow|permit)(?: this| it)? (?:in|under|through|via) (?:your|their|the) (?:\w+ )?settings\b",
    r"\bif <people> (?:allow|let|permit|authori[sz]e) us\b|\((?:only )?with <adjectives>(?:consent|permission)\)",
    r"\b\w+s (?:that )?<people> (?:explicitly|expressly|specifically|actively) (?:allow|permit|authori[sz]e) us\b",
    r"\b(?:only|solely|exclusively) (?:with|if|when|where|once|after|on the basis of|based on)\b[^.;|]{0,60}?"
    r"\b(?:consent(?:ed)?|permission|opt(?:ed)?[\s-]in|agree\w*|signed up|joined|said yes)\b",
    parts=_PARTS,
)
"""Consent comes before the use: that it can be taken back makes it no opt-out."""
_GIVEN = re.compile(
    r"(?i:(?<!if )(?<!unless )(?<!when )(?<!where )\byou (?:hereby |also )?(?:give|grant) us (?:your |the"
    r" )?(?:permission|consent) (?:to|for)\b)"
)
"""You give us permission to: a licence, not a choice."""
_WITHDRAWN = re.compile(r"\bwithdraw(?:s|ing|n)?\b", re.IGNORECASE)


def unless_objected(text: str) -> bool:
    """Whether the use lasts until people object."""
    return bool(_OPTED_OUT.search(text))


def asked_first(text: str) -> bool:
    """Whether people are asked for their consent before the use."""
    return bool(_ASKED_FIRST.search(text))


def stance_of(text: str, *, refused: bool) -> Stance:
    """What a permission, or a refusal, comes to with the conditions in its words."""
    text = _GIVEN.sub(" ", _NO_WAY_OUT.sub(" ", text))
    if _OPTED_OUT.search(text) or (refused and _ONCE_OFF.search(text)):
        return Stance.OPT_OUT
    if asked_first(text) or (refused and (_CONSENT.search(text) or _EXCEPTED.search(text))):
        return Stance.OPT_IN
    if refused:
        return Stance.PROHIBITS
    told = _ASIDE.sub("", text)
    if _OBJECTION.search(told):
        return Stance.OPT_OUT
    if _CONSENT.search(told):
        return Stance.OPT_IN
    return Stance.OPT_OUT if _WITHDRAWN.search(told) else Stance.PERMITS


def offers_objection(text: str) -> bool:
    """Whether people are told that they can object, opt out or turn something off."""
    text = _NO_WAY_OUT.sub(" ", text)
    return bool(_OBJECTION.search(text) and _CHOOSES.search(text)) and not asked_first(text)
