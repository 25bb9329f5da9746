"""Conditions: with consent, or unless one objects, a permission or a refusal becomes a choice."""

from __future__ import annotations

import re

from server.core.model import Stance

_CONSENT_GIVEN = re.compile(
    r"(?i:\b(?:with|without|obtain\w*|have|given?|give us|received?|requires?|subject to|absent|based on|upon"
    r"|on the basis of|ask\w* for|seek\w*)\s+(?:first |your |the |our |their |his |her |prior |express "
    r"|explicit |written |affirmative |opt-in |clear |specific |informed |separate |user |users['’] "
    r"|user['’]s |customer |customer['’]s |end user |individual |obtaining |getting |asking for |having "
    r"|direct |,|and |or |data subject['’]?s? )*(?:consent|permission|authori[sz]ation|approval|opt-in"
    r"|agreement|instructions?|say-so)\b|\b(?:unless|until|except (?:where|when|if|with)|only (?:if|when|where"
    r"|with|after|once)|if|where|when|provided(?: that)?)\s+(?:and until |otherwise |you have |you['’]ve "
    r"|they have |the user has |and to the extent )*(?:you|they|customers?|users?|members?|a user|the user"
    r"|the customer|creators?|artists?|your?)?\s*(?:have |has |had |specifically |explicitly |expressly "
    r"|actively |affirmatively |first |choose to |chose to |decide to |voluntarily |separately |otherwise "
    r"|also |individually )*(?:opt(?:s|ed|ing)?(?:ed)?[\s-]?in\b|agreed?\b|consent(?:s|ed)?\b|direct(?:s"
    r"|ed)?\b|instruct(?:s|ed)? us\b|cho(?:o|)se to\b|chosen to\b|allow(?:s|ed)?\b|permit(?:s|ted)?\b"
    r"|enabl(?:e|es|ed)\b|turn(?:s|ed)? (?:it |this )?on\b|authori[sz]e[sd]?\b|ask(?:s|ed)? us\b|give(?:s"
    r"|n)?\b|grant(?:s|ed)?\b|elect(?:s|ed)? to\b|volunteer\w*|permission\b|consent\b|provide (?:your "
    r"|explicit |express )?consent|share(?:s|d)? (?:it |them |those |feedback )?with us)|\bopt(?:ed|ing"
    r"|s)?[\s-]in\b|(?<=not )\bby default\b|\b(?:by default,? we|we (?:do"
    r"|will) not\b[^.;]{0,80}?\bby default)\b|\b(?:your|user|users['’]|explicit|express|affirmative"
    r"|prior) consent\b|\bvoluntar(?:y|ily)\b)"
)
_OBJECTION = re.compile(
    r"(?i:\bopt(?:s|ed|ing)?[\s-]?(?:you |them |yourself |your \w+ )?out\b|\bobject(?:s|ed|ing"
    r"|ions?)?\b(?=\s+(?:to|at|by|in|via|against|through|here|using|form|where|under|or|,|\.|[a-z]{2,5} this)"
    r"|\s*$|[.,;)])|\b(?:turn(?:s|ed|ing)?|switch(?:es|ed|ing)?|toggl\w+)\s+(?:(?:this|it|off|the|that|these"
    r"|those|AI|model|training|data|setting|feature|use|of|your|content|for|sharing|\w+)\s+){0,6}?off\b"
    r"|\bdisabl(?:e|es|ed|ing) (?:this|it|the|that|these|AI|your|our|use|training|personali[sz]\w+)\b"
    r"|\bdeactivat\w+\b|\bunsubscrib\w+|\b(?:choose|decide|select|elect|control|manage|determine|choice"
    r"|choices|say|adjust|change)\w*\b(?:\s+(?:over|of|about|on|or not|us|want|you|to|for|the|your|as to|which"
    r"|what|is|settings?|preferences?|by|if|are))*\s+(?:whether|if|how)\b|\b(?:do not|don['’]t"
    r"|would rather not|not|no longer|prefer not|rather we did not|did not|didn['’]t)\s+(?:want|wish|like"
    r"|prefer|agree|consent)\b(?! to (?:share|disclose|provide))|\bunless (?:you|the (?:user|customer)"
    r"|customer|users?|they)\b[^.;]{0,50}\b(?:object|disabl|tell us|instruct us not|turned? off|request|notify"
    r"|decline|withdraw|otherwise|choose not|prefer)\w*|\b(?:adjust|change|updat|manag|edit|us|control|review"
    r"|through|via|in|with|under|visit)(?:e|es|ed|ing)?\b[^.;|]{0,60}?\b(?:settings?|preferences?|controls?"
    r"|toggle|data controls|privacy (?:center|controls))\b|\b(?:training|user|data|privacy) controls?\b"
    r"|\bwithdraw(?:s|ing|n)?\b|\bdeclin(?:e|ing)\b|\brefus(?:e|al)\b|\bright to (?:object|opt|refuse"
    r"|restrict)\b|\bpreference to\b)"
)
_OPTED_OUT = re.compile(
    r"(?i:\bunless\b[^.;]{0,60}?\bopt(?:s|ed|ing)?[\s-]?out\b|\bnot (?:yet )?opted?[\s-]?out\b"
    r"|\bif you (?:have )?(?:opt|object|disable|turn|choose not|decline|switch)\w*"
    r"|\bunless\b[^.;]{0,60}?\b(?:object\w*|disabl\w*|turned? (?:it )?off|changed?|declin\w*|withdr\w+)\b"
    r"|\bsubject to\b[^.;]{0,60}?\b(?:controls?|settings?|choices?|preferences?|opt-?out|objections?)\b"
    r"|\bafter you (?:opt|object|disable)\w*|\bonce you\b[^.;]{0,30}\b(?:opt|object|disable)\w*)"
)
CHOOSES = re.compile(
    r"(?i:\b(?:you|users?|customers?|members?|creators?|artists?|individuals|people|residents|they)\b[^.;"
    r"|\n]{0,60}?\b(?:can|may|could|have|has|are able|are free|wish|want|prefer|must|need|to|should|select"
    r"|adjust|cho(?:o|)se|decide|do not|don['’]t|opt)\b|\b(?:opt(?:ing)?[\s-]?out|how to (?:opt|object|turn)"
    r"|right to (?:object|opt)|object(?:ion|ing)? to|to opt out|turn(?:ing)? off|opted out|allow(?:s"
    r"|ing)? you to|lets? you|introduced)\b)"
)
_ASIDE = re.compile(r"\([^()]*\)")


def condition(text: str, *, refused: bool) -> Stance | None:
    """OPT_OUT or OPT_IN when the words make the use depend on what people choose, else None."""
    text = text if refused else _ASIDE.sub("", text)
    if _OPTED_OUT.search(text):
        return Stance.OPT_OUT
    consents = _CONSENT_GIVEN.search(text)
    if refused:
        return Stance.OPT_IN if consents else None
    if _OBJECTION.search(text):
        return Stance.OPT_OUT
    return Stance.OPT_IN if consents else None


def offers_objection(text: str) -> bool:
    """Whether people are told that they can object, opt out or turn something off."""
    return bool(_OBJECTION.search(text) and CHOOSES.search(text))
