"""Where a sentence speaks of models being trained or improved: the events that the training rules judge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.core.reading import vocabulary as say
from server.core.reading.patterns import any_of, filled
from server.core.reading.sentences import Sentence

_NO_TOOL = (
    # "Improve our services with AI" improves no AI: none of these stands between the verb and its object.
    r"(?!\b(?:not|never)\b|\b(?:them|it), (?:our|we|the)\b)(?!\b(?:using|utili[sz]ing|employing|leveraging|with"
    r"|through|via|by|powered|such as|when|how|uses?(?: of)?|utili[sz]es?|employs?|leverages?|which|that|who|where"
    r"|whether|if|because|based|needed|provided|offered|against|without|unless|may (?:send|share))\b)"
)
_PARTS = {
    "AI": say.AI,
    "train": say.TRAIN,
    "improve": say.IMPROVE,
    "gap": r"(?:" + _NO_TOOL + r"[^.;!?|\n—–]){0,130}?",
    "system": (
        r"(?:automated|automatic|smart|intelligent|recommendation|recommender|moderation|detection|safety|proprietary"
        r"|underlying|core|our|its|their|such|these) (?:\w+ )?(?:systems?|technolog(?:y|ies)|tools|software)"
    ),
    "product": (
        r"chat-?bots?|voice[\s-]clon\w+|synthetic (?:media|voices?)|(?:image|music|video|voice|text|song"
        r"|art)[\s-](?:generators?|changers?|synthesis)|(?:the|our|its|this) (?:\w+ )?(?:assistant|generator)"
    ),
    "made": (
        r"(?![\s-]?(?:generated|created|assisted|manipulated|content|enabled|images?|imagery|outputs?|responses?"
        r"|augmented|enhanced|likeness\w*|avatars?|portraits?|voices?|characters?|art(?:work)?s?|songs?|music"
        r"|videos?|summaries|agents?|programs?|programmes?|conversations?|personas?|companions?|principles"
        r"|polic(?:y|ies)"
        r"|literacy|strategy|governance|field|industry|ethics))"
    ),
    "which": r"(?:(?:our|its) own|(?-i:[A-Z])\w+['’]s|third[\s-]part(?:y|ies['’])|predictive|statistical|language"
    r"|underlying|our|its|these|such|the|internal|proprietary)",
    "learner": r"(?:<AI>|\b(?:models?|algorithms?|classifiers?))",
    "thing": r"(?:[\s/-]+(?:models?|systems?|algorithms?|technolog(?:y|ies)|tools?|\(\w+\)))?",
    "set": r"(?:data ?sets?|corpus|corpora)",
    "used": (
        r"(?:used|use|using|processed|for|fed|feed|sen[dt]|shar(?:e|ed|ing)|provided?|given|available"
        r"|licen[sc](?:e|ed|ing)|sell|sold|ingest\w*|included?|deliver\w*|suppl(?:y|ied)|contribut\w+|retain\w*"
        r"|give|access)"
    ),
    "no course": r"(?! (?:course|program|session|staff|material|video))",
    "theirs": r"(?:your|my|(?:our )?<creators>(?:['’]s?)?)",
    "stuff": (
        r"(?:(?:own|private|personal|public|uploaded|confidential) )?(?:data|content|inputs?|prompts?|files?|chats?"
        r"|works?|uploads?|music|songs?|tracks?|recordings?|videos?|photos?|images?|art|artworks?|code|posts?|designs?"
        r"|documents?|messages?|conversations?|writing|voices?|back catalogues?|catalogues?|repertoire|releases?|books?"
        r"|activity|interactions?|usage|behaviou?r|history|listening|meetings?|calls|portfolios?|listings?|profiles?"
        r"|stories|manuscripts?|drafts?|lyrics|stems|beats|drawings|sketches|footage|clips|samples|edits|notes)"
    ),
    "common": (
        r"(?:Our|Your|The|Any|All|Their|Its|You|We|Us|Users?|Customers?|Clients?|Staff|Personnel|Employees?|Teams?"
        r"|Agents?"
        r"|Members?|Authori[sz]ed|End|Students?|Learners?|People|Drivers?|Partners?|New|Other|Such|Third|Children"
        r"|Support)"
    ),
}


def _event(*patterns: str) -> re.Pattern[str]:
    return any_of(*patterns, parts=_PARTS)


MODEL_TRAINED = _event(
    r"<train>(?! in\s)<gap>(?:<AI>|\b(?:models?|algorithms?|classifiers?|neural|<product>|<system>)\b)"
)
"""train … models"""
PRODUCT_TRAINED = _event(
    r"\b(?:us(?:e|es|ed|ing)|help|process\w*)\b[^.;!?|\n]{0,120}?\bto (?:help )?(?:improve and |develop and |further )?"
    r"train (?-i:(?!<common>\b)[A-Z][a-z]+(?:[A-Z]\w+)?(?: [A-Z]\w+)?)\b(?! (?:of|in|for)\b)",
)
"""use it to train Acme Canvas: a product with a name of its own"""
MODELS_ARE_TRAINED = _event(
    r"<learner><thing>(?: behind [A-Z]\w+)?\s+(?:is|are|was|were|(?:will |to )?be|being|been|gets?)(?:n[’']t)?\s+"
    r"(?:\w+ly |then |also |being |not |never )*<train>"
)
"""models are trained, or are not"""
MODEL_IMPROVED = _event(
    r"<improve><gap>(?:<AI><made>|\b(?:algorithms|<which> models|<which> (?:\w+ )?classifiers"
    r"|<which> (?:speech|voice|vision|image|transcription|recognition|recommendation|detection) models)\b)",
    r"<improve><gap><AI>[\s-](?:assisted|powered|based) (?:\w+ ){0,2}?(?:tools?|technolog(?:y|ies)|models?)\b",
    r"\b(?:improv|enhanc|refin)\w* (?:and \w+ )?(?:models|(?:our|the) model)\b",
    r"\b(?:feeds?|fuels?) (?:our|any|an?|the) (?:\w+ )?(?:AI|models?|algorithms?)\b",
    r"\b(?:feed(?:s|ing)?|fed)\b[^.;|\n]{0,40}?\b(?:in)?to (?:\w+ ){0,2}?<AI><made>(?: (?:models?|systems?))?"
    r"\s*(?=[.,;:)]|$| so | and )",
    r"(?:(?<=not )|(?<=never )|(?<=have )|(?<=has ))(?:developed|built|created|improved)\b<gap><AI><made>",
)
"""improve … AI models"""
TRAINING_NOUN = _event(
    r"<learner><thing>[\s-]+(?:training|licensing(?! \w)|learning purposes|development|improvements?)\b",
    r"\btraining(?:[\s,]+(?:and|or|of|for|data|improvement|development|fine-tuning|testing|datasets?|sets?|corpora|the"
    r"|our|any|their|its|purposes)){1,4}[\s,]+(?:\w+['’]?s?\s){0,4}?<learner>",
    r"\b<set> (?:with|on|from) which we train\b",
    r"\balgorithmic training\b|\bAI learning\b|\bas training data\b|\b<set> (?:used )?for (?:AI |model )?training\b",
    r"\btrain(?:s|ed|ing)? on <stuff> (?:that |which )?(?:we|you|users|people|customers|members)\b",
    r"\b(?:becom\w+|be|is|are|serv\w+ as|treated as) (?:our |the |any |AI )?training (?:data|material)\b",
    r"\b(?:data|content|prompts?|inputs?|code|files|documents|uploads|works|artworks|images|photos|chats)\b(?: "
    r"\w+){0,3}? "
    r"(?:is|are|be|isn[’']t|aren[’']t) (?:\w+ ){0,2}?(?P<use>(?:used|eligible) (?:for|in) (?:any )?training\b<no "
    r"course>"
    r"(?! (?:and|or) quality))",
    r"\btrain(?:s|ed|ing)? on (?:what|anything|whatever|everything) (?:that )?(?:we|you|customers|users)\b",
    r"\b(?:<vendors>|models|endpoints) (?:that|which|who) (?:may |might |can |do )?train\b(?=\W*$|[.,;]| on your)",
    r"\b(?:opt(?:s|ed|ing)?[\s-]out of|participat\w+ in|enrol\w* in|withdraw\w* from|remov\w+ [^.;|\n]{0,40}? from) "
    r"(?:the |our |its |this )(?:\w+ ){0,2}?<AI> (?:\w+ )?program(?:me)?\b(?<!beta program)(?<!testing program)",
    r"\bus(?:e|es|ed|ing) [^.;|\n]{0,60}?\b(?:in connection|for use) with (?:\w+ ){0,2}?<AI>[\s-]models?\b",
    r"<AI><thing>[\s-]+(?:training )?<set>\b",
    r"\btraining (?:data|content|image|audio|music)? ?(?:sets?|corpus|corpora)\b",
    r"\btrain(?:s|ed|ing)? (?:up)?on (?:any of )?(?:the|any|such|this) <stuff> (?:that )?(?:we|you)\b",
    r"\b<set> (?:(?:that are |which are )?used )?(?:for|in) (?:\w+ ){0,2}?<AI><made>",
    r"\btrain(?:s|ed|ing)? (?:up)?on (?:any of )?<theirs> <stuff>\b(?! (?:protection|privacy|handling|security|laws?))",
    r"\bas (?:an? )?inputs? (?:to|for|into) (?:\w+ ){0,3}?<AI><made>",
)
"""AI training; training of our models; model development; training sets"""
TRAINING_BARE = _event(
    r"\b<used>\b(?:(?!\b(?:not|never)\b)[^.;!?|\n]){0,60}?\b(?:for|in|into|as|during)\b (?:\w+ )?training<no course>\b",
    r"\btraining purposes\b|\bno[ -]training\b|\bto (?:re-?)?train\b(?= on)",
    r"\b(?:<vendors>|models|companies|endpoints) (?:that|which|who) (?:may |might |can |do )?train\b(?! (?:you"
    r"|people|staff)\b)",
    r"\bopt(?:s|ed|ing)?[\s-](?:out of|in to|into) training\b<no course>",
    r"(?:(?<=we )|(?<=not )|(?<=never )|(?<=may )|(?<=will )|(?<=also )|(?<=or )|(?<=and ))train\b(?= on)",
)
"""used for training: counts where AI stands nearby"""
BETTER = _event(
    r"\b(?:make|making|keep|keeping) (?:our |the |its |these )?(?:[\w-]+ ){0,2}?(?:models?|AI|algorithms|generators?"
    r"|assistants?|LLMs?) (?:more |better|smarter|safer|stronger)",
    r"\bhelp(?:s|ing)? (?:our |the |its |these )?(?:[\w-]+ ){0,2}?(?:models?|AI|algorithms|LLMs?) (?:to )?(?:understand"
    r"|become|learn|improve|respond|perform|get)\b",
    r"\b(?:our|its|the) (?:AI |language |underlying )?(?:models?|algorithms) (?:to )?(?:get|become|grow)"
    r" (?:better|smarter)",
)
"""make our models better"""
LEARNS = _event(
    r"(?:<AI>|\b(?:models?|systems?|algorithms?|assistants?|chat-?bots?))[^.;|\n]{0,30}?\b(?:learns? from\b"
    r"|(?<=not )learning from\b)"
)
"""our systems learn from"""
TRAIN_THEM = _event(r"<train> (?:(?:and|or) \w+ )?(?:on )?(?:them|it|anything)\b")
MODEL_MADE = _event(r"<improve>[^.;|\n,—–]{0,40}?\b(?<!business )(?<!pricing )(?<!fashion )models\b")
"""develop voice models: counts where AI stands nearby"""
FOR_LEARNING = _event(
    r"\b(?:us(?:es?|ed|ing)|analy[sz]e[d]?|process(?:ed)?|available|licen[sc]ed?|extends? to|right to use)\b[^.;"
    r"|\n]{0,60}?\b(?:for|to|in) (?:\w+[ ,]+){0,2}?machine[\s-]learning\b(?=[.,;:)]| and | or | by | through | via"
    r" | purposes| research|$)",
    r"\bus(?:e|es|ed|ing)\b[^.;|\n]{0,40}?\bfor (?:AI|artificial intelligence)(?: purposes)?\s*(?=[.,;:)]|$)",
)
"""use your works for machine learning"""

MODELS_LEARN = _event(
    r"\b(?:on|from) which\b[^.;|\n]{0,40}?(?:<learner>|generators?|assistants?|chat-?bots?)\s+(?:learns?|are "
    r"trained|is trained)\b",
    r"\b(?:AI|machine|model)[\s-]learning (?:purposes?|applications?)|\bpurposes of (?:AI|machine) learning\b",
    r"\bmodels?\b[^.|\n]{0,60}?\b(?:updated|adjusted|altered) (?:with|by|using|on) <theirs>",
    r"\blearn(?:ing)? from (?:the |your |our )?(?:data|content|inputs?|works?|files?)\b",
)
"""the data from which our models learn; the purposes of machine learning"""

SOLD_TO_MAKERS = _event(
    r"\b(?:sell|sells|sold|selling|licen[sc]e[sd]?|licen[sc]ing|offer(?:s|ed|ing)?|deliver\w*|suppl(?:y|ies|ied)"
    r"|(?:made|make) available)\b[^.;!?|\n]{0,80}?\bto (?!our\b)(?:\w+[\s-]){0,3}?<makers>\b",
)
"""sell your content to AI companies: they buy it to train on it"""

_STRONG = (MODEL_TRAINED, PRODUCT_TRAINED, MODELS_ARE_TRAINED, TRAINING_NOUN, SOLD_TO_MAKERS, LEARNS)
_WEAK = (MODELS_LEARN, MODEL_IMPROVED, BETTER, FOR_LEARNING)
_NEEDS_AI_NEAR = (TRAINING_BARE, TRAIN_THEM)
_AI_NEAR = re.compile(
    say.AI + r"|(?i:\bfine-?tun\w+|\bchat-?bots?\b|\bvirtual assistants?\b|\b(?:image|music|voice) generators?\b"
    r"|\bmodels\b|\bmodel (?:providers?|vendors?|hosts?)\b"
    r"|\bOpenAI\b|\bAnthropic\b|\bprompts?\b)"
)
_PEOPLE = any_of(
    r"\b(?:train(?:s|ed|ing)?|teach(?:es|ing)?|taught)\b (?:and \w+ |or \w+ )?(?:<whose> )*(?:<other>\w+ ){0,2}?"
    r"<people>\b",
    r"\b<people> (?:is|are|was|were|been|be|gets?) (?:\w+ly |also |all )?(?:trained|taught)\b",
    parts={
        "whose": r"(?:our|their|its|the|your|all|new|customer|support|of|for|to)",
        "other": r"(?!models?\b|ai\b|algorithms?|systems?|on\b|using\b|with\b|or\b|and\b)",
        "people": (
            r"(?:staff|employees?|personnel|teams?|(?:human )?agents|representatives?|workers?|moderators?|reviewers?"
            r"|people|users?|drivers?|couriers?|volunteers?|students?|learners?|contractors?|analysts?|operators?"
            r"|colleagues|members|customers?|children|individuals|advisors?|experts?|professionals?|dogs?|athletes?)"
        ),
    },
)
_OWN_TUNING = any_of(
    r"\b(?:your|the|a|any|our|these|custom|resulting|such|own|said) (?:fine-?\s?tuned|trained|pre-?trained)\b",
    r"(?:fine[\s-]?tun(?:e|ing)|train(?:ing)?|improv(?:e|ing)|creat(?:e|ing)|build(?:ing)?|develop(?:ing)?"
    r"|customi[sz](?:e|ing)) (?:and \w+ |or \w+ )?(?:your|a custom|custom)\b",
    r"fine[\s-]?tun(?:e|ing) a model\b",
    r"your own training data",
    r"fine[\s-]?tun(?:ed|ing)[\s-](?:models?|data|api|jobs?|services?|process|purposes|features?)",
)
"""Models that customers train for themselves with the service."""
_FACT = re.compile(
    filled(
        r"(?i:(?:as|since|because)\b[^.]{0,40}\b(?:learn|trained)|(?:is|are|was|were|been|being|pre-?)\s*trained "
        r"(?:on|to|by|using|in)\b(?!<yours>))",
        {"yours": r"[^.]{0,80}\b(?:your|user|customer|personal)\b"},
    )
)
_AT_LARGE = re.compile(
    r"\b(?:how to(?: \w+)?|(?:responsible|ethical|trustworthy|safe)"
    r"|(?:pace|speed|field|world|age|era|future|approach|guidance|principles|framework)\b[^.;|\n]{0,15}?\b(?:of|in"
    r"|to|for|on)"
    r"(?: the| fast| rapid| swift)?) $",
    re.IGNORECASE,
)
"""Our commitment to responsible AI development, the pace of AI development, our approach to developing AI."""
_OF_ANOTHER = any_of(r",? (?:\w+ )?(?:such as|like|including) <provider>")
"""… which is used to train AI such as ChatGPT: a model that the platform has not."""
_ADJECTIVE = re.compile(r"(?i:(?:pre-?|re-?)?trained|fine[\s-]?tuned)\s*$")
_VERB = re.compile(say.TRAIN)
_VERB_BEFORE = re.compile(
    r"(?i:\b(?:is|are|be|been|being|was|were|and|or|to|we|have|has|used?|get|gets|never|not|ever)\s*(?:\w+ly )?$)"
)


@dataclass(frozen=True, slots=True)
class Event:
    """Words about training in a sentence with its lead."""

    start: int
    end: int
    strong: bool
    """Names training itself; False for "improve our AI"."""
    words: str


def events(sentence: Sentence, whole: str) -> list[Event]:
    """Where the sentence, read with its lead as `whole`, speaks of training; questions and people do not count."""
    if whole.rstrip(" .*_").endswith("?"):
        return []
    start = len(whole) - len(sentence.text)
    whole = say.NAMED_OWNER.sub(lambda mark: mark.group()[:-2] + "__", whole)
    spans = [mark.span() for mark in _PEOPLE.finditer(whole)]
    found = [*_found(_STRONG, whole, strong=True), *_found(_WEAK, whole, strong=False)]
    if not found and _AI_NEAR.search(f"{sentence.before} {whole} {sentence.after} {sentence.heading}"):
        found = _found(_NEEDS_AI_NEAR, whole, strong=True)
    if not found and say.HAS_AI.search(whole):
        found = _found((MODEL_MADE,), whole, strong=False)
    return [e for e in found if e.end > start and not _aside(e, whole, spans)]


def _found(patterns: tuple[re.Pattern[str], ...], whole: str, *, strong: bool) -> list[Event]:
    marks = (mark for pattern in patterns for mark in pattern.finditer(whole))
    return [Event(start := _use(mark), mark.end(), strong, whole[start : mark.end()]) for mark in marks]


def _use(mark: re.Match[str]) -> int:
    """Where the use begins, behind what is used and the words that refuse it."""
    return mark.start(mark.lastgroup) if mark.lastgroup else mark.start()


def _aside(event: Event, whole: str, people: list[tuple[int, int]]) -> bool:
    """Whether it is people who are trained, a model that customers tune, or only what a trained model is."""
    if any(first <= event.start < last for first, last in people):
        return True
    if _AT_LARGE.search(whole, max(0, event.start - 40), event.start) or _OF_ANOTHER.match(whole, event.end):
        return True
    return _own_tuning(event, whole) or bool(_FACT.match(whole, max(0, event.start - 4)))


def _own_tuning(event: Event, whole: str) -> bool:
    if _OWN_TUNING.search(whole, max(0, event.start - 12), event.end):
        return True
    verb = _VERB.match(event.words)
    return bool(
        verb
        and _ADJECTIVE.match(verb.group())
        and not _VERB_BEFORE.search(whole[max(0, event.start - 20) : event.start])
    )
