"""Training rules: may models learn from what people provide, and may others get it to train theirs?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.core.model import Models, Stance, Subject
from server.core.reading import vocabulary as say
from server.core.reading.actors import Actor, Saying, saying
from server.core.reading.conditions import condition, offers_objection
from server.core.reading.finding import SCRAPING, SHARING, TRAINING, Finding
from server.core.reading.sentences import Sentence

_OTHER_MODELS = re.compile(
    r"(?i:\b(?:external|third[\s-]party|third[\s-]parties['’]?|other compan\w+|publicly available|public"
    r"|others['’]?|their own|partners?['’]|vendors?['’]|providers?['’])\s+(?:(?:AI|artificial|intelligence"
    r"|machine|learning|large|language|generative|foundation|or|and|publicly|available|other|own|external"
    r"|commercial)\s+){0,4}?(?:models?|AI\b|LLMs?|algorithms?|artificial|machine)\b|\bfor their own\b)"
)
_HAND_OVER = re.compile(
    r"(?i:\b(?:share|shares|shared|sharing|sell|sells|sold|selling|licen[sc]e|licenses|licensed|licensing"
    r"|sublicen\w+|disclos\w+|provide (?:it|them|your|access|this|the|such)|provided to|provid(?:e"
    r"|ing) (?:\w+\s+){0,5}?to|mak(?:e|es|ing) (?:\w+\s+){0,6}?available|made available|transfer\w*|give"
    r"|giving|given to|syndicat\w+|open(?:ed|ing)? (?:up )?to|grant(?:s|ed|ing)? (?:\w+\s+){0,4}?access"
    r"|allow(?:s|ed|ing)?|permit(?:s|ted|ting)?|authori[sz]\w+|let(?:s|ting)?|enabl(?:e|es|ed|ing)|rent|trade"
    r"|partner(?:ed|ing)? with|monetiz\w+|expos\w+|pass\w*)\b)"
)
_NAMED_OWNER = re.compile(
    r"\b(?!(?:Our|The|Use|Generative|Gen|An|Any|All|Your|Other|Such|These|Those|Improve|Develop|Train|Training"
    r"|My|Meta)\b)[A-Z][\w&’'-]* AI(?=(?:,? (?i:inc|llc|ltd|gmbh|sas|corp|products?|services?|account|terms"
    r"|platform|website|may|will|shall|does|uses?|is|has|and its|studio|api)\b|['’]s|,? \())"
)
MOST = 8
"""Candidates looked at in one sentence."""
NEAR = 300
_EXAMPLE = re.compile(
    r"(?i:for example|for instance|e\.g\.|this (?:licen[sc]e |right )?(?:also )?includes|in particular)\b"
)
_VENDOR_NEAR = re.compile(
    r"(?i:\b(?:AI|model|LLM|service|technology|third[\s-]party|trusted|these|such) (?:AI )?(?:providers?"
    r"|vendors?|compan\w+)\b)"
)
_PROVIDED_HERE = re.compile(
    r"(?i:\b(?:your|you (?:provide|share|submit|upload|give|post|create)|users?['’]? |customers?['’]? |inputs?"
    r"|prompts?|conversations|interactions|feedback|activity)\b)"
)
_ALGORITHMS_ONLY = re.compile(r"(?i:(?:\w+ )?algorithms?\b)")
_ADJECTIVE = re.compile(r"(?i:(?:pre-?|re-?)?trained|fine[\s-]?tuned)\s*$")
_VERB_BEFORE = re.compile(
    r"(?i:\b(?:is|are|be|been|being|was|were|and|or|to|we|have|has|used?|get|gets|never|not|ever)\s*(?:\w+ly )?$)"
)
_TAKEN_IN = re.compile(
    r"(?i:\b(?:collect|licen[sc]e|obtain|receiv|acquir|purchas|buy|access|get|gather|come|source)\w*\b[^.;"
    r"|\n]{0,60}?\bfrom (?:\w+ ){0,2}?(?:third|other|providers?|partners?|publishers?|data)"
    r"|\bprovided by (?:third|other|our partners)|\bthird parties that provide)"
)
_SWITCHED_OFF = re.compile(
    r"(?i:\bwe (?:have |also |always |permanently |explicitly )*(?:disabled?|switch(?:ed)? off|turn(?:ed)? off"
    r"|deactivated?|opt(?:ed)?[\s-]out of)\b[^.;|\n]{0,60}?\btraining\b)"
)
_OWN_TUNING = re.compile(
    r"(?i:\b(?:(?:your|the|a|any|our|these|custom|resulting|such|own|said) (?:fine-?\s?tuned|trained"
    r"|pre-?trained)\b|(?:fine[\s-]?tun(?:e|ing)|train(?:ing)?|improv(?:e|ing)|creat(?:e|ing)|build(?:ing)?"
    r"|develop(?:ing)?|customi[sz](?:e|ing)) (?:and \w+ |or \w+ )?(?:your|a custom|a model|custom)\b"
    r"|your own training data|fine[\s-]?tun(?:ed|ing)[\s-](?:models?|data|api|jobs?|services?|process|purposes"
    r"|features?)))"
)
"""Models that customers train for themselves with the service."""
_BOTH = re.compile(
    r"(?i:\b(?:use|used|using|uses|process)\b[^.;]{0,20}?\b(?:or|and|nor|\(or)\b|\b(?:and|or) (?:used?|using"
    r"|process)\b|(?:\b(?:our|its|their)|[’']s) or (?:its |their |any |our )?third|\bneither\b)"
)
_SOLD = re.compile(
    r"(?i:\b(?:sell|sold|selling|sale of|rent|licens(?:e|es|ing) (?:it |your |them |user |this |such |customer ))\b)"
)
_VENDORS = re.compile(
    r"(?i:\b(?:service providers?|vendors?|processors?|contractors?|affiliates?|subsidiaries|suppliers?"
    r"|on our behalf|acting for us|for us\b(?! to)|our (?:ai |artificial intelligence )?(?:models?|systems?"
    r"|technolog\w+))\b)"
)
_THIRD = re.compile(
    r"(?i:\b(?:third[\s-]part(?:y|ies)|(?:AI|model|LLM|technology|service|other|external|outside|unaffiliated"
    r"|data|commercial|trusted) (?:providers?|vendors?|compan(?:y|ies)|partners?|developers?|organi[sz]ations?"
    r"|businesses|brokers|buyers|labs?)|sub-?processors?|vendors?|partners|others|other (?:companies"
    r"|organi[sz]ations)|OpenAI|Anthropic)\b)"
)
_MATERIAL_USED = re.compile(
    r"(?i:\b(?:data|information|content|inputs?|feedback|interactions?|prompts?|conversations?|recordings?"
    r"|personal|use of|purposes?|legitimate interests?|licen[sc]e|results of|reviews?|communications?|selfie"
    r"|activity|process(?:es|ed|ing)?|collect(?:s|ed)?|communication)\b)"
)
_THEIR_MODELS = re.compile(r"\btheir (?:\w+ ){0,3}?(?:models?|AI|LLMs?|algorithms?)\b", re.IGNORECASE)
_USES = re.compile(r"\b(?:use|uses|used|using|analy[sz]e)\b", re.IGNORECASE)
_NOT_ALLOWED = re.compile(
    r"\b(?:not (?:be )?(?:allowed|permitted|authori[sz]ed|licensed)|prohibited|forbidden|disallowed|barred)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"(?i:\b(?:as|since|because)\b[^.]{0,40}\b(?:learn|trained)|\b(?:is|are|was|were|been|being"
    r"|pre-?)\s*trained (?:on|to|by|using|in)\b(?![^.]{0,80}\b(?:your|user|customer|personal)\b))"
)


@dataclass(frozen=True, slots=True)
class _Event:
    """Words about training in a sentence with its lead."""

    start: int
    end: int
    strong: bool
    words: str


def training(sentence: Sentence) -> Iterator[Finding]:
    """What the sentence says about training: by the platform, by those it hands material to, or by users."""
    whole = sentence.whole
    if off := _SWITCHED_OFF.search(whole):
        event = _Event(off.start(), off.end(), True, off.group())
        rule = "training is switched off at vendors"
        yield _finding(SHARING, Stance.PROHIBITS, rule, sentence, event, whole)
        yield _finding(TRAINING, Stance.PROHIBITS, rule, sentence, event, whole)
        return
    for event in _events(sentence, whole)[:MOST]:
        found = _judged(event, sentence, whole)
        yield from found
        if found:
            return


def _events(sentence: Sentence, whole: str) -> list[_Event]:
    start = len(whole) - len(sentence.text)
    whole = _NAMED_OWNER.sub(lambda mark: mark.group()[:-2] + "__", whole)
    if whole.rstrip().endswith("?"):
        return []
    spans = [mark.span() for mark in say.PEOPLE_TRAINED.finditer(whole)]
    events: list[_Event] = []
    for pattern, strong in (
        (say.MODEL_TRAINED, True),
        (say.TRAINING_NOUN, True),
        (say.MODEL_IMPROVED, False),
        (say.BETTER, False),
        (say.LEARNS, False),
    ):
        events += [_Event(mark.start(), mark.end(), strong, mark.group()) for mark in pattern.finditer(whole)]
    if not events and say.HAS_AI.search(f"{sentence.before} {whole} {sentence.after} {sentence.heading}"):
        for pattern, strong in ((say.TRAINING_BARE, True), (say.TRAIN_THEM, True)):
            events += [_Event(mark.start(), mark.end(), strong, mark.group()) for mark in pattern.finditer(whole)]
    if not events and say.HAS_AI.search(whole):
        events += [_Event(mark.start(), mark.end(), False, mark.group()) for mark in say.MODEL_MADE.finditer(whole)]
    return [
        e
        for e in events
        if e.end > start
        and not _about_people(e, spans)
        and not _own_tuning(e, whole)
        and not _FACT.match(whole, max(0, e.start - 4))
    ]


def _own_tuning(event: _Event, whole: str) -> bool:
    """Whether the words are of models that customers tune for themselves, or of what a trained model is."""
    if _OWN_TUNING.search(whole, max(0, event.start - 12), event.end):
        return True
    verb = say.VERB.match(event.words)
    return bool(
        verb
        and _ADJECTIVE.match(verb.group())
        and not _VERB_BEFORE.search(whole[max(0, event.start - 20) : event.start])
    )


def _about_people(event: _Event, spans: list[tuple[int, int]]) -> bool:
    return any(first <= event.start < last for first, last in spans)


def _judged(event: _Event, sentence: Sentence, whole: str) -> list[Finding]:
    who = saying(whole[: event.start], whole)
    if who.actor is Actor.NOBODY:
        who = saying(sentence.heading + ": ", sentence.heading) if sentence.heading else who
        if who.actor is Actor.THIRD or (who.actor is Actor.USER and not who.refused):
            who = Saying(Actor.NOBODY, refused=False)
    if who.actor is Actor.NOBODY and not say.USER_MATERIAL.search(whole):
        barred = _NOT_ALLOWED.search(whole, event.end)
        who = Saying(Actor.USER, refused=True, named=True) if barred else who
    who = _rather(who, event, whole)
    if who.actor is Actor.USER and who.refused and not _own_choice(whole, event):
        return [_finding(SCRAPING, Stance.PROHIBITS, "others may not train on it", sentence, event, whole)]
    if who.actor is Actor.THIRD:
        return _third(who, event, sentence, whole)
    if offers_objection(_around(whole, event)) and not (who.refused and who.actor is Actor.PLATFORM):
        field = SHARING if _hands_over(whole, event, sentence) else TRAINING
        return [_finding(field, Stance.OPT_OUT, "people may object to training", sentence, event, whole)]
    if who.actor is Actor.USER:
        return []
    return _platform(who, event, sentence, whole)


def _rather(who: Saying, event: _Event, whole: str) -> Saying:
    """Vendors that train our models do it for us; third parties barred from the site's own material are others."""
    if who.actor is not Actor.THIRD:
        return who
    if say.OURS.search(event.words):
        return Saying(Actor.PLATFORM, who.refused, named=True)
    if who.refused and say.SERVICE_MATERIAL.search(whole) and not say.USER_MATERIAL.search(whole):
        return Saying(Actor.USER, refused=True, named=True)
    return who


def _own_choice(whole: str, event: _Event) -> bool:
    """Whether "you do not want" or "you have not opted out" is what looked like a rule for users."""
    near = whole[max(0, event.start - 160) : event.end]
    return offers_objection(near) and bool(say.USER_MATERIAL.search(near))


def _around(whole: str, event: _Event) -> str:
    """The words so near that a condition in them is one of this use."""
    return whole[max(0, event.start - NEAR) : event.end + NEAR]


def _third(who: Saying, event: _Event, sentence: Sentence, whole: str) -> list[Finding]:
    if not say.USER_MATERIAL.search(whole) and not say.DATA.search(whole) and not say.CONTENT.search(whole):
        return []
    stance = condition(_around(whole, event), refused=who.refused) or (
        Stance.PROHIBITS if who.refused else Stance.PERMITS
    )
    return [_finding(SHARING, stance, "third parties may (not) train", sentence, event, whole)]


def _platform(who: Saying, event: _Event, sentence: Sentence, whole: str) -> list[Finding]:
    context = f"{sentence.heading} {sentence.before} {whole}"
    if not who.refused and not _uses_material(event, context, whole):
        return []
    stance = condition(_around(whole, event), refused=who.refused) or (
        Stance.PROHIBITS if who.refused else Stance.PERMITS
    )
    hands = _hands_over(whole, event, sentence)
    found = []
    if (
        who.refused
        and not who.named
        and _VENDOR_NEAR.search(f"{sentence.before} {whole}")
        and not say.OURS.search(event.words)
    ):
        found.append(_finding(SHARING, stance, "vendors may not train either", sentence, event, whole))
    if hands:
        found.append(_finding(SHARING, stance, "handed to others for training", sentence, event, whole))
    if not hands or _own_models_too(whole, event):
        found.append(_finding(TRAINING, stance, "training by the platform", sentence, event, whole))
    return found


def _uses_material(event: _Event, context: str, whole: str) -> bool:
    if say.PUBLIC_WEB.search(whole) and not _PROVIDED_HERE.search(whole):
        return False
    if (
        not event.strong
        and _ALGORITHMS_ONLY.search(event.words)
        and not say.HAS_AI.search(_ALGORITHMS_ONLY.sub("", whole))
    ):
        return False
    if event.strong:
        return bool(say.USER_MATERIAL.search(context))
    return bool(_MATERIAL_USED.search(context) or (say.USER_MATERIAL.search(whole) and _USES.search(whole)))


def _hands_over(whole: str, event: _Event, sentence: Sentence) -> bool:
    if _TAKEN_IN.search(whole):
        return False
    if _OTHER_MODELS.search(whole) or (_THEIR_MODELS.search(whole) and _THIRD.search(whole)):
        return True
    before = whole[: event.end]
    if _SOLD.search(before):
        return True
    if _EXAMPLE.match(sentence.text):
        before = f"{sentence.before} {before}"
    return bool(_HAND_OVER.search(before) and _THIRD.search(before) and not _VENDORS.search(before))


def _own_models_too(whole: str, event: _Event) -> bool:
    """Whether "use or sell", "shared with others and used": both the platform's use and a hand-over."""
    return bool(_BOTH.search(whole[: event.end]) or _EXAMPLE.search(whole))


def _finding(field: str, stance: Stance, rule: str, sentence: Sentence, event: _Event, whole: str) -> Finding:
    return Finding(
        field=field,
        stance=stance,
        rule=rule,
        sentence=sentence.text,
        subject=_subject(whole),
        models=_models(event, whole),
        scope=_scope(whole, sentence.heading),
        strong=event.strong,
    )


def _subject(whole: str) -> Subject:
    content, data = bool(say.CONTENT.search(whole)), bool(say.DATA.search(whole))
    if content and data:
        return Subject.BOTH
    return Subject.CONTENT if content else Subject.DATA


def _models(event: _Event, whole: str) -> Models:
    if say.GENERATIVE.search(whole):
        return Models.GENERATIVE
    return Models.FEATURES if say.FEATURES.search(event.words) else Models.UNSPECIFIED


def _scope(whole: str, heading: str) -> str:
    if say.FEEDBACK.search(whole) and not re.search(
        r"(?i:\b(?:inputs?|content|personal (?:data|information))\b)", whole
    ):
        return "feedback"
    if say.PART.search(f"{heading} {whole}"):
        return "part"
    return "tier" if say.TIER.search(whole) else "general"
