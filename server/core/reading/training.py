"""Training rules: may models learn from what people provide, and may others get it to train theirs?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from server.core.model import Models, Stance
from server.core.reading import vocabulary as say
from server.core.reading.actors import (
    BARRED,
    PROMISED,
    THIRDS_BARRED,
    Actor,
    Saying,
    anybody,
    headed,
    kept_from_others,
    own_promise,
    saying,
)
from server.core.reading.asides import asserted, silent
from server.core.reading.conditions import asked_first, offers_objection, stance_of
from server.core.reading.events import Event, events
from server.core.reading.finding import SCRAPING, SHARING, TRAINING, Finding
from server.core.reading.handing import hands_over, own_models_too
from server.core.reading.material import subject, uses_material
from server.core.reading.patterns import any_of
from server.core.reading.sentences import Sentence

_DEED = re.compile(
    r"\W*(?:(?:any |the )?(?:use of|access to)\b[^.;|\n]{0,60}?\b(?:the|our|any|this)\b|(?:any )?\w+ing\b)",
    re.IGNORECASE,
)
"""Reproducing the content …, any use of the site …: what comes after tells whether others may."""
_NOR_OTHERS = any_of(
    r"\b(?:nor|neither|or) (?:do|will|shall|would|can|may) we (?:let|allow|permit|authori[sz]e|enable) <others>\b",
    r"\bwe (?:do not|don[’']t|never|will not|won[’']t) (?:let|allow|permit) <others>"
    r"\b[^.;]{0,30}\b(?:do (?:so|it|this|that)|either)\b",
    r"\b(?:nor|or) (?:to )?(?:let|allow|permit|authori[sz]e|enable) <others>\b",
    r"(?:\band|\bnor|\bor|,|\() (?:we |it |and |nor )*(?:does|do|will|shall) not (?:let|allow|permit)"
    r" (?:(?:its|our|any) (?:\w+ )?)?<others>\b",
    r"\b(?:and|nor|or|,) we (?:do not|don[’']t|never|will not|won[’']t) (?:let|allow|permit) (?:our |any )?(?:\w+ "
    r")?<others>"
    r" (?:to )?(?:do|either)\b",
    r"(?:\b(?:not|never|nor|neither|no circumstances)\b|n[’']t\b)[^.;]{0,20}?\b(?:sell|supply|provide|licen[sc]e|hand"
    r"|give|share|pass)\b[^.;]{0,70}?\b(?:do so|do (?:it|this|that)|so that they (?:can|could|may)"
    r"|(?:to|for) (?:that|this|such(?: an?)?|the same|these) (?:ends?|purposes?)|train(?:ing)? (?:theirs|their own))\b",
    r"\band\b[^.;]{0,20}?\b<vendors>\b[^.;]{0,30}?\b(?:prohibited|barred|forbidden|not (?:allowed|permitted))\b",
    r"\b(?:do|will|shall) not (?:grant|give) (?:\w+ ){0,2}?(?:<vendors>|third|others)\b[^.;]{0,20}?"
    r"\b(?:permission|rights?|licen[sc]e) to (?:do (?:so|it)|train)\b",
    r"\b(?:or|nor) (?:sell|supply|provide|licen[sc]e|hand|give|share)\b[^.;]{0,60}?\btrain(?:ing)? (?:theirs"
    r"|their own)\b",
)
_YES_OR_NO = re.compile(
    r"(?:A: |(?:the )?short answer: )?(?:(?P<yes>yes|(?:we|it) (?:do|may|is|does))|no|never"
    r"|(?:no, )?we (?:do not|don[’']t|never(?: do)?|will not|won[’']t)|(?:it|they) (?:is|are|do|does) not)"
    r"\b(?=[.,!;:–—-]|\s*$| and (?:we )?(?:never|will|won))",
    re.IGNORECASE,
)
_THEIR_DOING = any_of(
    r"\b(?:do|does|will|can|may) (?:your |the |any )?(?:\w+[ -]){0,2}?(?:<vendors>|compan\w+|third|<provider>)\b",
)
_OF_PROVIDERS = any_of(r"(?:^|\| )(?:\w+ ){0,2}<vendors>\b")
"""A table of providers: what its columns ask is asked of them."""
_FORBIDS = re.compile(r"\b(?:prohibit|forbid|ban|prevent|block|protect|stop|object|opt)\w*\b", re.IGNORECASE)
"""Do you prohibit it? Yes."""
_MINE = re.compile(r"\bmy\b", re.IGNORECASE)
_OF_OWN_USE = re.compile(r"\b(?:can|may|do|could|should|how) (?:i|we)\b", re.IGNORECASE)
_OWN_GROUP = re.compile(
    r"\b(?:group compan(?:y|ies)|affiliates?|subsidiaries|sister compan\w+|compan\w+ (?:in|of) (?:our"
    r"|the) group|reviewers)\b(?!.*\bthird)",
    re.IGNORECASE,
)
"""Companies that are one with the platform, and people who work for it."""
_AND_HAND = any_of(
    r"\b(?:and|or) (?:may |will |to |also )*(?:licen[sc]e|sell|share|provide|supply|offer)\b[^.;|]{0,40}?"
    r"\b<others>\b[^.;|]{0,40}?\b(?:train|develop|build) (?:theirs|their|AI|models)\b",
    r"\bdata ?sets? (?:that |which )?(?:we|(?-i:[A-Z])\w+) (?:licen[sc]e|sell|offer)s? to (?:\w+ ){0,2}?"
    r"(?:<others>|customers|developers|licensees)\b",
)
"""… and may license them to third parties who train theirs"""
_AND_OURSELVES = re.compile(
    r"\b(?:shall|will|do|does|may) not,? and (?:shall|will|do|does|may) (?:also )?(?:ensure|procure|require|make"
    r" sure|see)\b|\b(?:do|does|will|shall) not,? and (?:we )?(?:do|does|will|shall) not (?:permit|allow|let)\b",
    re.IGNORECASE,
)
"""We shall not, and shall ensure that our processors do not."""
_NOR_VENDORS = any_of(
    r"\bneither\b[^.;|\n]{0,40}?\bnor\b[^.;|\n]{0,40}?"
    r"\b(?:<vendors>|third[ -]part(?:y|ies)|compan(?:y|ies) (?:that|which|who))\b",
    r"\b(?:we|(?-i:[A-Z])\w+) and (?:our |its |all |any |(?-i:[A-Z])\w+ )*(?:(?:AI|LLM|third[ -]party|service) )?"
    r"(?:<vendors>|(?:partner )?LLMs) (?:do|will|may|shall) not\b",
    r"\b<vendors>\b[^.;|\n]{0,30}?\b(?:not (?:to )?do (?:so|it|the same)|(?:do|may|must|will) not either)\b",
)
_MISUSE = re.compile(
    r"\W*(?:\w{1,3}\) )?(?:[^.;|\n]{0,60}\b(?:or|and) )?(?:use|using|scrape|collect|download|harvest|extract)\b "
    r"(?:of )?(?:any (?:part|portion) of )?(?:the |our |any |this )?(?:(?-i:[A-Z])\w* )?(?:services?|platform|site"
    r"|website|app|api|outputs?"
    r"|(?:platform |site |service |website |our |this |(?-i:[A-Z])\w* )(?:content|outputs?|data|materials?))\b[^.;"
    r"|\n]{0,100}?\b(?:to|for|in|as)\b",
    re.IGNORECASE,
)
"""Use the service to train AI: no company asks for that, it stands in a list of what is forbidden."""
_OUR_LEAVE = re.compile(
    r"\bwithout (?:(?:our|the (?:publisher|company|owner)['’]s) (?:\w+ ){0,3}?(?:consent|permission|approval)\b"
    r"|(?:\w+ ){0,4}?(?:consent|permission|approval) (?:of|from) "
    r"(?:us\b|(?-i:(?!User|Customer|Client|You|Member|Creator|Artist|Author|Contributor|Label|Subscriber)[A-Z])\w+))",
    re.IGNORECASE,
)
"""… without our prior written consent: others are meant"""
_CONDUCT = re.compile(r"\b(?:acceptable|prohibited|forbidden|restrictions?|conduct|rules|misuse|not)\b", re.IGNORECASE)
FEW = 2
"""Words of an introduction that says nothing: "This includes:"."""
MOST = 8
"""Candidates looked at in one sentence."""
NEAR = 300
_BUT_NOT_THAT = re.compile(
    r",? but (?:we )?(?:will |do |shall )?(?:not|never) (?:use|train on|include|process) "
    r"(?:your |any |the )?(?:personal|private|identifiable|sensitive|confidential)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""… but we will not use your personal data: a rule of its own."""
_VENDOR_NEAR = any_of(
    r"\b(?:AI|model|LLM|service|technology|third[\s-]party|trusted|these|such|our|the) (?:AI )?(?:<vendors>"
    r"|compan\w+)\b",
    r"\bcompanies (?:that|which|who)\b|\b(?:<labs>|(?-i:Open AI))\b",
)
_ON_CONSENT = re.compile(r"(?:^|\| |: ?)(?:your |explicit )*consent\b", re.IGNORECASE)
"""… for training AI models: consent, or a cell with that: it is the legal basis."""
_INCLUDES = re.compile(r"(?:this|such use|that) (?:also )?includes?\b", re.IGNORECASE)
_IF_THAT_CHANGES = re.compile(
    r"(?:if|should) (?:that|this|it) (?:ever |should )?changes?\b[^.;|\n]{0,30}?\b(?:ask|consent|permission"
    r"|opt[\s-]in)\b",
    re.IGNORECASE,
)
"""We do not; if that ever changes, we will ask you first."""
_MORE_THAN_FEEDBACK = re.compile(r"\b(?:inputs?|content|personal (?:data|information))\b", re.IGNORECASE)
_VENDORS = any_of(r"\b<vendors>\b")
_NO_TRAINING = re.compile(r"\bno[ -]training\b", re.IGNORECASE)
_ARE_NOT = re.compile(r"\b(?:not|never)\b|n[’']t\b", re.IGNORECASE)
_OF_VENDORS = any_of(r"\b(?:third[ -]party|their|(?:<vendors>)[’']s?|<provider>[’']s)\s")
_EXCEPTIONS = re.compile(
    r"(?:\b(?:not|never)\b|n[’']t\b).*\b(?:except|unless|exceptions?|other than)\b[^.]*:$", re.IGNORECASE
)
"""We will not …, except in two cases: what follows are the cases, and not the rule."""
_IS_BARRED = re.compile(
    r"[^.;|,]{0,30}?\b(?:is|are) (?:strictly |expressly |hereby )?(?:prohibited|forbidden|not (?:allowed|permitted))\b",
    re.IGNORECASE,
)
"""… use for training purposes is prohibited."""
_BUT_WE = re.compile(r"\bbut (?=we (?:may|can|might|will (?!not)|also)\b)", re.IGNORECASE)
"""We will not unless you opt in, but we may …: what comes before is no condition of that."""
_NO = re.compile(r"\W*(?:no|never|none|✗|✘|❌)\W*(?:\||$)", re.IGNORECASE)
_COLON_NO = re.compile(
    r"[:–—] ?(?:no|never)\W*$|^ ?[:–—] ?we (?:do not|don['’]t|never|will not|won['’]t)\b", re.IGNORECASE
)
_OTHERS_BUILD = re.compile(
    r"\b(?:companies|developers|organi[sz]ations|businesses|researchers|labs|teams)(?: that| who| which)?(?: are)? "
    r"$",
    re.IGNORECASE,
)
"""… to support companies building models: what others do."""
_WE = re.compile(r"\bwe\b", re.IGNORECASE)
_BY_THEM = any_of(r" <by them>")
"""… not used for model training by those providers"""
_THEY = re.compile(r"(?:it|they)\b", re.IGNORECASE)
_SWITCHED_OFF = any_of(
    r"\b(?:we|(?-i:(?!<bound>\b)[A-Z])\w+ has) (?:have |also |always |permanently |explicitly )*(?:disabled?"
    r"|switch(?:ed)? off|turn(?:ed)? off"
    r"|deactivated?|opt(?:ed)?[\s-]out of)\b[^.;|\n]{0,60}?\btraining\b"
)
_WITH_VENDORS = any_of(
    r"\bopt(?:ed)?[\s-]out of\b[^.;|\n]{0,40}?\btraining\b[^.;|\n]{0,30}?\b(?:with|by|at) (?:[\w-]+ "
    r"){0,4}?(?:<vendors>|<provider>)\b"
)
_LISTED = re.compile(r"\W*(?:only )?the following (?:\w+ ){1,4}?(?:is|are|will)\b", re.IGNORECASE)
"""The following content is not shared: with a switch beside it, the rest is."""
_COMERS = re.compile(
    r"\bother users\b|\b(?:third parties|anyone|those|people|users) (?:who (?:access|visit)|accessing|visiting)\b",
    re.IGNORECASE,
)
_YOU_OPT = re.compile(r"\byou (?:have |have not )?(?:opt(?:ed)?[\s-]out|object(?:ed)?|declined?)\b", re.IGNORECASE)
_UNLESS_THEY_WISH = re.compile(
    r"\bunless (?:you|the (?:artist|author|creator|member|owner|user)s?) (?:choose to |have |has |explicitly "
    r")*opt\w*[\s-]in\b",
    re.IGNORECASE,
)
_NOT_ALLOWED = re.compile(
    r"\b(?:not (?:be )?(?:allowed|permitted|authori[sz]ed|licensed)|unauthori[sz]ed|prohibited|forbidden"
    r"|disallowed|barred|(?:requires?|needs?) (?:a |our |an )?(?:\w+ ){0,3}?(?:licen[sc]e|permission|authori[sz]ation)"
    r"|(?:requires?|needs?) our (?:\w+ ){0,2}?consent"
    r"|(?:breach|violation) of|violates?|off[\s-]limits|not (?:ok|okay|acceptable|fine))\b",
    re.IGNORECASE,
)


def training(sentence: Sentence) -> Iterator[Finding]:
    """What the sentence says about training: by the platform, by those it hands material to, or by users."""
    whole = asserted(sentence.whole)
    if silent(whole) or sentence.is_title:
        return
    if off := _SWITCHED_OFF.search(whole):
        event = Event(off.start(), off.end(), True, off.group())
        rule = "training is switched off at vendors"
        yield _finding(SHARING, Stance.PROHIBITS, rule, sentence, event, whole)
        if not _WITH_VENDORS.search(whole, off.start()):
            yield _finding(TRAINING, Stance.PROHIBITS, rule, sentence, event, whole)
        return
    yield from _answered(sentence)
    end = 0
    for event in events(sentence, whole)[:MOST]:
        if end and (event.start < end or not event.strong):
            continue
        found = _judged(event, sentence, whole)
        yield from found
        if any(each.field == SCRAPING for each in found):
            return  # rules for others go on to the end of their sentence
        end = event.end if found else end


def _answered(sentence: Sentence) -> Iterator[Finding]:
    """The answer to "Do you train on my work?": "No. …" under such a heading, or right behind the question."""
    said = _YES_OR_NO.match(sentence.text)
    asked = next((q for q in (sentence.before, sentence.heading) if q.endswith("?")), "")
    if not said or _OF_OWN_USE.search(asked) or _FORBIDS.search(asked) or not _of_people(f"{sentence.head} {asked}"):
        return
    question = replace(sentence, text=asked.rstrip("?"), lead="", after=f"{sentence.text} {sentence.after}")
    for event in events(question, question.text)[:1]:
        stance = stance_of(sentence.text, refused=not said["yes"])
        theirs = _THEIR_DOING.search(question.text) or _OF_PROVIDERS.search(sentence.head)
        field = SHARING if theirs or hands_over(question.text, event, question) else TRAINING
        yield _finding(field, stance, "a question answered with yes or no", sentence, event, question.text)


def _of_people(asked: str) -> bool:
    return bool(say.USER_MATERIAL.search(asked) or _MINE.search(asked))


def _judged(event: Event, sentence: Sentence, whole: str) -> list[Finding]:
    who = _rather(_meant(event, sentence, whole), event, whole)
    if who.actor is Actor.USER and who.refused and not _own_choice(whole, event):
        found = [_finding(SCRAPING, Stance.PROHIBITS, "others may not train on it", sentence, event, whole)]
        if _UNLESS_THEY_WISH.search(whole, event.end):
            rule = "others may train where people wish it"
            found.append(_finding(SHARING, Stance.OPT_IN, rule, sentence, event, whole))
        return [] if say.ADVICE.search(whole) else found
    if who.actor is Actor.THIRD:
        return [*_third(who, event, sentence, whole), *_anyone(who, event, sentence, whole)]
    if offers_objection(_around(whole, event)) and not (who.refused and who.actor is Actor.PLATFORM):
        asked = asked_first(f"{sentence.before} {sentence.after}")
        return [_choice(Stance.OPT_IN if asked else Stance.OPT_OUT, event, sentence, whole)]
    if who.actor in (Actor.USER, Actor.NOBODY) and say.VOLUNTEERS.search(whole) and say.USER_MATERIAL.search(whole):
        return [_choice(Stance.OPT_IN, event, sentence, whole)]
    return [] if who.actor is Actor.USER else _platform(who, event, sentence, whole)


def _anyone(who: Saying, event: Event, sentence: Sentence, whole: str) -> Iterator[Finding]:
    """The rule for others, where third parties are whoever comes along."""
    if who.refused and _COMERS.search(whole, 0, event.start):
        yield _finding(SCRAPING, Stance.PROHIBITS, "others may not train on it", sentence, event, whole)


def _choice(stance: Stance, event: Event, sentence: Sentence, whole: str) -> Finding:
    field = SHARING if hands_over(whole, event, sentence) else TRAINING
    rule = "people may object to training" if stance is Stance.OPT_OUT else "people may volunteer for training"
    return _finding(field, stance, rule, sentence, event, whole)


def _meant(event: Event, sentence: Sentence, whole: str) -> Saying:
    """Who may or may not, by the words before the use, those around the sentence, or the verdict behind it."""
    who = saying(whole[: event.start], whole)
    if _NO_TRAINING.search(event.words) and _VENDORS.search(whole):
        return THIRDS_BARRED
    if not who.refused and (denied := _denied(event, sentence, whole)):
        return denied
    if who.actor is Actor.NOBODY and _INCLUDES.match(sentence.text):
        who = saying(sentence.before, sentence.before)
    if who.actor is Actor.NOBODY:
        who = headed(sentence.heading)
    if who.actor is Actor.NOBODY:
        return BARRED if _left_to_others(event, sentence, whole) else who
    they = who.refused and _THEY.match(sentence.text) and _VENDOR_NEAR.search(sentence.before)
    return Saying(Actor.THIRD, refused=True) if they else who


def _denied(event: Event, sentence: Sentence, whole: str) -> Saying | None:
    """Who may not, where the refusal stands in the words of the use itself or right behind them."""
    if _verdict(event, sentence, whole):
        return PROMISED
    if _IS_BARRED.match(whole, event.end):
        return BARRED
    if not _ARE_NOT.search(event.words):
        return None
    return THIRDS_BARRED if _OF_VENDORS.search(whole, 0, event.end) else PROMISED


def _verdict(event: Event, sentence: Sentence, whole: str) -> bool:
    """Whether it is a label, in a list or a row, and what stands first beside it is No: the default for most people."""
    beside = sentence.row.partition(" | ")[2] if sentence.row.startswith(sentence.text) else whole[event.end :]
    return bool(_NO.match(beside) if sentence.row else _COLON_NO.search(beside))


def _left_to_others(event: Event, sentence: Sentence, whole: str) -> bool:
    """Whether a use that names nobody is one that others may not make."""
    if _misuse(sentence) or _OUR_LEAVE.search(whole, event.end):
        return True
    deed = _DEED.match(whole.rpartition(": ")[2]) and not say.OURS.search(event.words)
    theirs = deed or not say.USER_MATERIAL.search(whole)
    return bool(theirs and _NOT_ALLOWED.search(f"{whole[event.end :]} {sentence.row}"))


def _misuse(sentence: Sentence) -> bool:
    """Whether it is an item of a list of what is forbidden, whose introduction says so in a word, or is not there."""
    listed = len(sentence.lead.split()) <= FEW or _CONDUCT.search(f"{sentence.heading} {sentence.lead}")
    return bool(listed and _MISUSE.match(sentence.text) and not say.USER_MATERIAL.search(sentence.text))


def _rather(who: Saying, event: Event, whole: str) -> Saying:
    """Vendors that train our models do it for us; third parties barred from the site's own material are others."""
    if who == BARRED and kept_from_others(whole[: event.start], whole):
        return THIRDS_BARRED
    if who == BARRED and own_promise(event.words, whole):
        return PROMISED
    if who.refused and _BY_THEM.match(whole, event.end) and not say.OURS.search(event.words):
        return THIRDS_BARRED
    if who.actor is not Actor.THIRD:
        return who
    if _OWN_GROUP.search(whole) or say.OURS.search(event.words):
        return Saying(Actor.PLATFORM, who.refused, named=True)
    return BARRED if anybody(who, whole) else who


def _own_choice(whole: str, event: Event) -> bool:
    """Whether "you do not want" or "you have not opted out" is what looked like a rule for users."""
    near = whole[max(0, event.start - 160) : event.end]
    return offers_objection(near) and bool(say.USER_MATERIAL.search(near) or _YOU_OPT.search(near))


def _around(whole: str, event: Event) -> str:
    """The words so near that a condition in them is one of this use."""
    after, before = whole[event.end : event.end + NEAR], whole[max(0, event.start - NEAR) : event.end]
    return _BUT_WE.split(before)[-1] + _BUT_NOT_THAT.sub("", after)


def _third(who: Saying, event: Event, sentence: Sentence, whole: str) -> list[Finding]:
    told = f"{sentence.before} {whole}"
    if not (say.USER_MATERIAL.search(told) or say.DATA.search(told) or say.CONTENT.search(told)):
        return []
    stance = stance_of(_around(whole, event), refused=who.refused)
    theirs = _finding(SHARING, stance, "third parties may (not) train", sentence, event, whole)
    found = [replace(theirs, provider=who.provider)]
    if who.refused and _AND_OURSELVES.search(whole, 0, event.start):
        found.append(_finding(TRAINING, stance, "training by the platform", sentence, event, whole))
    return found


def _platform(who: Saying, event: Event, sentence: Sentence, whole: str) -> list[Finding]:
    context = f"{sentence.heading} {sentence.before} {whole} {sentence.row}"
    if not who.refused and not uses_material(event, context, whole):
        return []
    stance = _own_stance(who, event, sentence, whole)
    hands = hands_over(whole, event, sentence)
    if not hands and not event.strong and _OTHERS_BUILD.search(whole, 0, event.start):
        return []
    rules = (
        (SHARING, "vendors may not train either", who.refused and _vendors_neither(who, event, sentence, whole)),
        (SHARING, "others may not train either", who.refused and _NOR_OTHERS.search(whole)),
        (SHARING, "handed to others for training", hands or (not who.refused and _AND_HAND.search(whole, event.end))),
        (TRAINING, "training by the platform", not hands or own_models_too(whole, event)),
    )
    return [_finding(field, stance, rule, sentence, event, whole) for field, rule, told in rules if told]


def _own_stance(who: Saying, event: Event, sentence: Sentence, whole: str) -> Stance:
    """What the platform may, by the words near the use, the row of the table, and what is said of a change."""
    stance = stance_of(f"{_around(whole, event)} | {sentence.row}", refused=who.refused)
    asks = stance is Stance.PROHIBITS and _IF_THAT_CHANGES.match(sentence.after)
    based = stance is Stance.PERMITS and event.strong and _ON_CONSENT.search(sentence.row or whole[event.end :])
    return Stance.OPT_IN if asks or based else stance


def _vendors_neither(who: Saying, event: Event, sentence: Sentence, whole: str) -> bool:
    """Whether a refusal that names nobody, or vendors too, is about models that are not the platform's own."""
    if (who.named and not _NOR_VENDORS.search(whole)) or say.OURS.search(event.words):
        return False
    return bool(_VENDOR_NEAR.search(whole if _WE.search(whole) else f"{sentence.before} {whole}"))


def _finding(field: str, stance: Stance, rule: str, sentence: Sentence, event: Event, whole: str) -> Finding:
    return Finding(
        field=field,
        stance=stance,
        rule=rule,
        sentence=sentence.text,
        subject=subject(whole),
        models=_models(event, whole),
        scope=_reach(stance, sentence, whole),
        strong=event.strong,
    )


def _models(event: Event, whole: str) -> Models:
    if say.GENERATIVE.search(whole):
        return Models.GENERATIVE
    return Models.FEATURES if say.FEATURES.search(event.words) else Models.UNSPECIFIED


def _reach(stance: Stance, sentence: Sentence, whole: str) -> str:
    if stance is Stance.PROHIBITS and _LISTED.match(whole):
        return "listed"
    return "part" if stance.takes and _EXCEPTIONS.search(sentence.lead) else _scope(whole, sentence.heading)


def _scope(whole: str, heading: str) -> str:
    if say.FEEDBACK.search(whole) and not _MORE_THAN_FEEDBACK.search(whole):
        return "feedback"
    if say.PART.search(f"{heading} {whole}"):
        return "few" if say.TIER.search(whole) else "part"
    return "tier" if say.TIER.search(whole) else "general"
