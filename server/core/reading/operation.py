"""Operation rules: AI that runs over what people provide so that the service works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.model import Stance
from server.core.reading import vocabulary as say
from server.core.reading.actors import Actor, saying
from server.core.reading.events import MODEL_IMPROVED, MODEL_TRAINED, MODELS_ARE_TRAINED, TRAINING_NOUN
from server.core.reading.finding import OPERATION, Finding
from server.core.reading.patterns import any_of, filled
from server.core.reading.sentences import Sentence

_PARTS = {
    "tool": (
        r"(?-i:\bA\.?I\b\.?|\bML\b|\bLLMs?\b|\bNLP\b)<no feature>|\b(?:artificial intelligence"
        r"|machine[\s-]?learn(?:ing|ed)|deep[\s-]learning|neural networks?|generative AI|(?:large )?language models?"
        r"|computer vision|natural language processing|facial recognition technolog\w+|(?:speech|voice|image) "
        r"recognition (?:models?|technolog\w+|systems?)|(?:automated"
        r"|predictive) models)\b<no feature>|\bOpenAI(?:['’]s)?(?: moderation)? (?:API|models?)\b"
    ),
    "no feature": (
        r"(?![\s-]?(?:\(?[“\"]?AI[”\"]?\)?\s)?(?:(?:powered|enabled|based|driven|supported)[\s-])?(?:generated"
        r"|created|content(?! (?:moderation|detection|classification|analysis|recognition|filter))|outputs?"
        r"|images?|features?|assistants?|agents?|chat|chatbots?|products?|plans?"
        r"|functionalit\w+ (?:available|offered)|interactions?|personas?|characters?|glasses|experiences?|safety"
        r"|research"
        r"|services?|purposes|compan(?:y|ies)|crawlers?|scrapers?|principles)\b)"
    ),
    "use": (
        r"\b(?:us(?:e|es|ed|ing)|use of|employ\w*|leverag\w*|appl(?:y|ies|ied|ying)|deploy\w*|utili[sz]\w*"
        r"|rel(?:y|ies|ying) (?:up)?on|powered by|driven by|with the help of|through|via|by means of"
        r"|with the (?:aid|assistance|support) of|combin\w+)\b"
    ),
    "purpose": (
        r"\b(?:recommend|propos|set(?=\s+(?:your|the|a|an)\b)|suggest|moderat|personali[sz]|customi[sz]|tailor"
        r"|detect|prevent|identif|analy[sz]|transcri|translat|match|rank|curat|classif|categori[sz]|filter|flag"
        r"|review|scan|monitor|summari[sz]|predict|infer|target|scor|assess|protect|(?<!payment )process|determin"
        r"|evaluat|screen|enforc|verif|select|extract|recogni[sz]|understand|remov|combat|fight|block|label|deliver"
        r"|optimi[sz]|automat|pick|choos|respond|answer|estimat|interpret|power|profil|calculat|adapt|secur(?!e "
        r"(?:with|and|at"
        r"|in)\b|ity|ely)|safeguard"
        r"|proofread|grade|proctor|compil|learn about|confirm|examin|inspect|check|surfac|sort|order(?=ing\b| the\b"
        r"| your\b)|prioriti[sz]|decid|spot|uncover|discover|tag|caption(?!s\b)|describ|index|rout|authenticat"
        r"|measur|forecast|segment|diagnos|redact|go(?:es)? through|looks? (?:at|through|for)|read\b|listen|compar"
        r"|consider|pair\b|group(?:s|ing)?\b|assist us|avoid|mitigat|stop|generat\w+ (?:alt|tags|captions|subtitles"
        r"|\w+ )?(?:insights|profiles|scores|recommendations|adaptations|summaries|translations|embeddings"
        r"|transcripts))\w*"
    ),
    "gap": r"[^.;|\n]{0,100}?",
    "acts": (
        r"(?!(?:limitations|disclaimers|claims|is|has|was|does|its|this|features|helps|makes|generates|creates"
        r"|produces|provides|offers|writes|suggests"
        r"|includes|means|refers|allows|enables|becomes|needs|requires|can|may|systems|models|tools|services|products"
        r"|technologies|companies|providers|solutions|applications|algorithms|capabilities|purposes|outputs|assistants"
        r"|results|links|agents|credits|features|subscriptions?|classifiers|techniques|methods|processes|partners"
        r"|developers|vendors|labs|training|laws|rules|bots|crawlers|scrapers|programs|platforms|offerings|experts"
        r"|start-?ups"
        r"|policies|terms|licen[cs]es|learns)\b(?! (?:all|each|every|your|the|what|user|audio|text)\b))(?:goes"
        r"|looks|listens|[a-z]{3,}(?<!s)s)"
    ),
    "object": (
        r"(?:your|our|the|each|every|all|any|what|which|who|how|whether|users?|members?|customers?|uploaded|new"
        r"|public|incoming"
        r"|at|for|through|over|from|on|to|into|and|content|data|photos|images|videos|messages|posts|comments|audio"
        r"|text|uploads"
        r"|listings|payments|activity|profiles|calls|documents)"
    ),
    "over": (
        r"\b(?:your|uploaded|each|every|all|users?['’]?|members?['’]?|customers?['’]?|photos?|images?|posts?|videos?"
        r"|messages|comments|chats?|tracks?|songs?|audio|uploads?|activity|payments?|transactions?|orders?|accounts?"
        r"|profiles?|listings?|data|content|text|documents?|calls?|recordings?|delivery|chapters?|boards|bookings"
        r"|sign-ins|path|feed)\b"
    ),
}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(filled(text, _PARTS), re.IGNORECASE)


_PATTERNS = (
    # We use machine learning to detect spam.
    _pattern(r"<use><gap>(?:<tool>)[^.;|]{0,80}?(?:\b(?:to|for|that|which|in|when|so|helps?|and)\b|:)<gap><purpose>"),
    # Machine learning helps us recommend; algorithms are used to rank.
    _pattern(
        r"(?:<tool>)[^.;|\n]{0,50}?(?:\b(?:is|are|may be|can be) (?:also )?used\b|\bhelps?(?: us| to)?\b"
        r"|\b(?:allow|enable|give)s? us\b|\blets us\b|\btake into account\b|\s(?:tools |systems "
        r"|models |software )?(?=recommend|suggest|decide|determine|detect|flag|review|analy[sz]e|predict(?!ion)"
        r"|select|rank"
        r"|personali)|\bassists? us\b|\bto\b)<gap><purpose>"
    ),
    # Technologies like machine learning give us the power to run the service.
    _pattern(
        r"\btechnolog(?:y|ies) [\s,–—-]*(?:like|such as) <gap>(?:<tool>)<gap>\b(?:(?:give|allow|enable)s? us"
        r"|helps? us|to|so that)\b"
    ),
    # Generative AI in our use of personal data.
    _pattern(
        r"<use>[^.;|\n]{0,40}?(?:<tool>)[^.;|\n]{0,80}?\b(?:in|on|with|over|to)\b[^.;|\n]{0,30}?\b(?:personal"
        r"|your|customer|user) (?:data|information|content)\b"
    ),
    # Feeds personalised with AI.
    _pattern(
        r"(?:<purpose>|\b(?:help|show|find)\w*)[^.;|\n]{0,120}?\b(?:using|through|via|powered by|based on"
        r"|driven by|by means of|by|with|technologies like|the (?:aid|help) of|supported by|assisted by"
        r"|including (?:algorithms|models) and)\b[^.;|\n]{0,50}?(?:<tool>)"
    ),
    # AI providers who help us summarise public content.
    _pattern(
        r"\b(?:AI|LLM|machine learning|artificial intelligence) (?:providers?|vendors?)\b(?:<gap>\bhelp us\b|"
        r" process\b)<gap><purpose>"
    ),
    # Recordings are sent to AI providers; data may be entered into AI systems.
    _pattern(
        r"\b(?:sen[dt]|disclos\w+|shar\w+|transmit\w*|enter\w*|pass\w*)\b[^.;|\n]{0,80}?\b(?:to|into|with)\b"
        r"[^.;|\n]{0,30}?\b(?:AI|LLM|artificial intelligence|machine learning) (?:providers?|services?|systems?"
        r"|vendors?)\b[^.;|\n]{0,60}?\b(?:for|during|to|who|which|(?:they|it) (?:can|may|will)) "
        r"(?:\w+ )?(?:process|analy|extract|transcri|moderat|classif|match|summari|translat|detect)\w*"
    ),
    # We may use AI for any of the above purposes.
    _pattern(
        r"<use>[^.;|\n]{0,40}?(?:<tool>)[^.;|\n]{0,60}?\b(?:for|with) (?:any (?:of )?)?(?:the )?(?:above"
        r"|foregoing|these)\b"
    ),
    # To detect duplicates we apply AI.
    _pattern(r"<purpose>[^.;|\n]{0,120}?\bwe (?:may |also |will |can )*<use>[^.;|\n]{0,40}?(?:<tool>)"),
    # Machine learning models decide which posts come first.
    _pattern(
        r"(?:<tool>)(?:[\s-](?:based|powered|driven|enabled))?[\s-](?:\w+ )?(?:models?|systems?|tools?|classifiers?"
        r"|algorithms?|technolog(?:y|ies)|software)(?:,? (?:that|which|who|to|also|may|can|will|then))*\s<purpose>"
    ),
    # Using AI, we sort requests.
    _pattern(
        r"^\W*(?:using|with|through|by means of) (?:\w+ ){0,3}?(?:<tool>),? (?:we|(?-i:[A-Z])\w+)\b<gap><purpose>"
    ),
    # A feed assembled by machine learning; machine-learning software screens each upload.
    _pattern(
        r"\b(?:made|assembled|compiled|built|put together|arranged|picked|chosen|ordered"
        r"|ranked) (?:\w+ ){0,3}?by (?:<tool>)"
    ),
    _pattern(
        r"(?:<tool>)[\s-](?:software|engines?|models?|tools?|systems?) (?:that )?(?:screens?|checks?|scans?"
        r"|reads?|looks? at|goes|watches)\b"
    ),
    # Our systems, which include machine learning models, score payments.
    _pattern(
        r"\b(?:systems?|tools?|technolog(?:y|ies)|methods),? (?:which|that|some of which) (?:\w+ )?(?:includ|us"
        r"|contain)\w*<gap>(?:<tool>)<gap><purpose>"
    ),
    # AI and human moderators look at photos.
    _pattern(r"(?:<tool>) and (?:human )?\w+ (?:look|go|watch|check|review|moderat|read|decid)\w*"),
    # Your history is fed into machine learning systems.
    _pattern(
        r"\b(?:fed|feed|feeds|run|runs|pass|passed|put|processed|submitted|analy[sz]ed)\b[^.;|\n]{0,40}?"
        r"\b(?:into|through|by)\b[^.;|\n]{0,30}?(?:<tool>)"
    ),
    # We pass this data to AI models.
    _pattern(
        r"\bwe (?:also |may |then )*(?:pass|send|feed|submit)\b[^.;|\n]{0,40}?\bto (?:an? |our |the )?(?:<tool>) "
        r"(?:models?|systems?|classifiers?)\b"
    ),
    # Articles are sent to the OpenAI API to calculate vectors.
    _pattern(
        r"\b(?:is|are|be) (?:sent|passed|submitted|transmitted) to (?:the |an? )?(?:<tool>)[^.;|\n]{0,30}?\b(?:to"
        r"|for)\b"
        r"<gap><purpose>"
    ),
    # Transcripts are made with AI.
    _pattern(
        r"\b(?:transcripts|captions|subtitles|summaries|translations)\b[^.;|\n]{0,40}?\b(?:is|are) (?:\w+ )?(?:made"
        r"|created"
        r"|generated|produced) (?:by|with|using) (?:\w+ ){0,2}?(?:<tool>)"
    ),
    # A feed powered by AI.
    _pattern(
        r"\b(?:feed|experience|recommendations?|search|matching|ads|content)\b[^.;|\n]{0,30}?\bpowered by (?:<tool>)"
    ),
)
_ACTS = (
    # Our safety classifiers flag messages; models are used to analyse content.
    _pattern(
        r"\bour (?:\w+ ){0,3}?classifiers (?:\w+ly |also |may |will )*(?:flag|scan|review|analy[sz]e|detect|screen"
        r"|check"
        r"|score|mark|identify)\b[^.;|\n]{0,40}?<over>"
    ),
    _pattern(
        r"\b(?:models|classifiers) (?:is|are) used to (?:analy[sz]e|moderate|detect|classify|screen|scan|flag) "
        r"(?:\w+ ){0,3}?<over>"
    ),
    # Acme uses AI-assisted moderation.
    _pattern(
        r"\b(?:we|(?-i:[A-Z])\w*)(?: may| also)? use(?:s)? (?:AI|machine[\s-]learning)[\s-](?:assisted|based|powered"
        r"|supported|driven) (?:\w+ )?(?:moderation|detection|screening|review|ranking|matching)\b"
    ),
    # Our AI features use your data to personalise.
    _pattern(
        r"\bour (?:AI|ML)(?:[\s-](?:powered|driven|enabled))? (?:features|tools|systems|models)\b<gap>\buse <over><gap>"
        r"\bto (?:personali[sz]|recommend|moderat|detect|match|rank|predict|analy[sz]|tailor)"
    ),
    # Machine learning is applied to the content of messages.
    _pattern(
        r"\bappl(?:y|ies|ied|ying) (?:<tool>) to (?:the |your |our )?(?:\w+ )?(?:behaviou?r|content|activity|data"
        r"|messages|images)\b"
    ),
    # Photos are processed using third-party AI services to analyse them.
    _pattern(
        r"\bus(?:e|es|ing) (?:[\w-]+ ){0,2}?AI services?\b[^.;|\n]{0,60}?\b(?:to|for|or)\b<gap>\b(?:moderat|analy[sz]"
        r"|extract|detect|classif|match|filter|screen|pars|scan|personali[sz]|recommend|transcri)\w*"
    ),
    # Our AI considers your photos.
    _pattern(
        r"(?:<tool>)(?:[\s-](?:models?|systems?|classifiers?|tools?|engines?|software|algorithms?|checks?))?(?:,? which"
        r"| that)? (?:also |then |automatically |continuously |does |do )*<acts>,? (?=<object>\b)[^.;|\n]{0,50}?<over>"
    ),
    # What you see is selected by algorithms; speech recognition processes messages; our automated systems analyse them.
    _pattern(
        r"\b(?:selected|chosen|ranked|ordered|sorted|arranged|picked) by (?:our |an? )?(?:\w+ )?algorithms?\b"
        r"|\b(?:processed|transcribed|analy[sz]ed) by (?:an? |our )?(?:automatic |automated )?speech recognition\b"
    ),
    _pattern(
        r"\bour (?:automated systems|(?:matching|ranking|recommendation) algorithms?) (?:also |may |can "
        r")?(?:analy[sz]|take"
        r"|consider|scan|review|rank|look)\w*\b[^.;|\n]{0,40}?(?:<over>|\blikes\b)"
    ),
    _pattern(r"(?:<tool>) (?:models? |that )*(?:running|runs?) over (?:\w+ ){0,2}?<over>"),
    # Machine learning models score sign-ins.
    _pattern(
        r"(?:<tool>)[\s-](?:models|systems|algorithms|classifiers|tools) (?:\w+ly |also )*(?:scan|score|check"
        r"|review|analy[sz]e|rank|detect|flag|monitor|assess|match|screen|read|look|compare|moderate|recommend"
        r"|identify|evaluate|filter|sort|decide|choose|predict)\b[^.;|\n]{0,40}?<over>"
    ),
    # These models analyse your profile.
    _pattern(
        r"\b(?:these|such|our) (?:\w+ )?(?:models|algorithms) (?:\w+ly |then |also |can |may |will"
        r" )*<purpose>[^.;|\n]{0,40}?<over>"
    ),
    # Meetings are transcribed by AI.
    _pattern(
        r"\b(?:is|are|be|being|been|gets?) (?:(?!not |never )[\w-]+ ){0,5}?(?!been|created|generated|made|written"
        r"|produced|provided|offered|owned|given|caused|altered|enhanced|manipulated|modified|edited|assisted"
        r"|powered|driven|supported|developed|operated|trained|improved)\w+(?:ed|en)\b[^.;"
        r"|\n]{0,40}?\bby (?:an? "
        r"|our |the |its )?(?:\w+[\s-]){0,2}?(?:<tool>|(?<=by )these (?:\w+ )?models\b)(?! (?:\w+ )?(?:committee"
        r"|board|team|council|experts?|researchers?|specialists?|office|principles)\b)"
    ),
    # AI-assisted moderation of images.
    _pattern(
        r"\b(?:AI|ML|machine[\s-]learning)[\s-](?:assisted|based|powered|supported|driven)\)? (?:\w+ )?(?:moderation"
        r"|detection|screening|review|transcription|recommendations?|personali[sz]ation|scanning|analysis|matching)\b "
        r"(?:of|for|to)\b"
    ),
    # We run AI classifiers over all images.
    _pattern(
        r"\b(?:run|runs|running|apply|applies|use|uses) (?:an? |our |these )?(?:<tool>)[^.;|\n]{0,40}?\b(?:over|across"
        r"|on)\b[^.;|\n]{0,40}?<over>"
    ),
)
"""AI that acts by itself: no word on who runs it is needed."""
_AUTOMATED = _pattern(
    r"\bour (?:\w+ )?automated (?:means|methods|processing|systems)\b[^.;|\n]{0,40}?\b(?:including|such as) (?:<tool>)"
)
"""Our processing of data is automated (including AI), and be it that this is trained, too."""
_MODELS_THAT = _pattern(
    r"(?:<tool>)[\s-](?:models?|systems?|algorithms?),? (?:that|which) (?:personali[sz]e|recommend|moderate|detect|rank"
    r"|match|filter|translate|transcribe)s?\b[^.;|\n]{0,40}?<over>"
)
"""To train the AI models that personalise your feed: that they do so is said beside it."""
_MODELS_HELP = _pattern(r"(?:<tool>)[^.;|\n]{0,20}?\b(?:models?|systems?),? (?:which|that) helps? us\b")
_OVER = re.compile(
    r"(?i:\b(?:your|users?['’]?s?|customers?['’]?s?|members?['’]?s?|people['’]?s?|personal|you|content|data"
    r"|information|posts|photos|images|videos|messages|uploads?|comments|reviews|interactions|conversations"
    r"|communications?|calls?|transactions?|payments?|activity|preferences|interests|fraud\w*|spam|abus\w+"
    r"|violat\w+|recommendations?|advertis\w+|ads|experience|behaviou?r|personali[sz]\w*|protect\w*|moderat\w*"
    r"|safety|accounts?|requests?|inquiries|signals|recordings?|transcripts|prompts|selfie|identity|app|face"
    r"|submissions|documents|podcasts|lyrics|songs|tracks|listings|profiles?|harmful|bots|files|upload|boards|pins"
    r"|articles?|tickets|chapters?|meetings|queries|audio|drivers|riders|applications|candidates|r[ée]sum[ée]s"
    r"|image|stories"
    r"|artworks?)\b)"
)
_NOT_OURS = any_of(
    # What people do with AI, or may do
    r"\b(?:if|when|where|while|should) you(?:['’]re| are)? (?:us(?:e|ing)|choose|interact|access|enable|opt|ask"
    r"|engage|download)\b[^.;,]{0,50}\b(?:AI|features?|chat ?bots?|assistants?|models?|tools?|joke)\b",
    r"(?<!so )(?<!so that )\b(?:you|users|customers|creators|advertisers|organi[sz]ations) (?:can|may|could|must"
    r"|should|understand"
    r"|acknowledge|agree(?! that (?:we|(?-i:[A-Z])\w+) (?:may|will|can)\b)|access|ask)\b(?! (?:like|be interested"
    r"|know|enjoy|want|also|find))",
    r"\b(?:journalists|reporters|students|staff|employees|teachers) (?:can|may|could|must|should)\b",
    r"\byour (?:use|sole|own (?:risk|use|judge?ment|discretion|responsib\w+|AI|models?|API|keys?|accounts?"
    r"|prompts?))\b",
    r"\bat your (?:request|direction)\b|\bwhen you (?:request|ask)\b|\byou choose to\b|\bwhere you\b",
    r"\b(?:lets?|allows?|enables?) (?:you|users|people|customers)\b|^(?:streamers?|creators?) ",
    r"\b(?:customer|user|member|client|seller|author)s?['’]s? use of\b|\bgrants? you\b",
    r"\b<creators> (?:who|that) (?:are |have )?(?:\w+ (?:with|or) )?(?:us(?:e|ed|ing)|utili[sz]\w+|experiment\w*)\b",
    # What AI makes for them
    r"\b(?:assistants?|chat ?bots?|features?) (?:which|that|is|uses)\b|\bgenerated by\b|\bAI[\s-]generated\b",
    r"\bcreated (?:by|with|in|using)\b|\b(?:created|written|delivered)\b[^.;|\n]{0,40}?\b(?:with|by|using)\b[^.;"
    r"|\n]{0,20}?\bAI\b",
    r"\bmade (?:[\w-]+ ){0,4}?(?:by|with|using) (?:generative )?AI\b",
    r"\bto generate (?:content|responses|results|outputs?) for you\b|\bmachine translat",
    # What the rules and the law say of it
    r"\b(?:must|should) (?:be|comply|not)\b|\bthese terms\b|[”\"] (?:means|refers)|\bdoes not constitute\b"
    r"|\bno (?:output|statement)|\breliance on (?:generative )?AI\b|\bbeing AI\b|\bintellectual property\b"
    r"|\bis a platform\b|\bapply to the use\b",
    r"\b(?:tools?|assistants?|features?|AI) can \w+ (?:an? |the |your )?\w+ for you\b",
    # Talk of AI in general
    r"\bprinciples (?:outline|guide|set|describe|are)\b|\b(?:committed|commitment) to\b|\bapproach(?:es|ing)? (?:to "
    r")?(?:AI|artificial)\b|\bwe believe\b"
    r"|\b(?:AI|intelligence|learning|vision) is an? \w+|\bhow we work\b|\bfrom being (?:fed|used|put)\b",
)
_BOTH_TRAINED = _pattern(
    r"\b(?:train|improv|develop|refin)\w*\b[^.;|\n]{0,30}?\b(?:the |our )?(?:<tool>)(?:,| and| or| and/or)+"
    r" (?:<tool>)[ \w]{0,20}?"
    r"\b(?:models?|systems?|algorithms?)|\btrain (?:these|those|our|the) (?:\w+ )?(?:systems|tools) using (?:<tool>)"
)
"""Train the AI and machine learning models: one object with two names."""
_GENERATES = re.compile(
    r"\bto (?:help |assist (?:you )?(?:in |with )?)?(?:generat|draft|writ|compos|propos)(?:e|es|ing)? "
    r"(?!(?:[\w-]+ ){0,2}?(?:recommendations|insights|summaries|tags|captions|subtitles|transcripts|translations"
    r"|profiles|scores|adaptations|embeddings|alt)"
    r"\b)(?:(?! and (?:analy[sz]|moderat|detect|optimi[sz]|classif|match|rank|recommend))[^.;|\n])*",
    re.IGNORECASE,
)
"""What a feature makes for whoever asks it: no operation."""
_ANSWERS = re.compile(
    r"\bto (?:generate|produce|provide|return|give|formulate|prepare)(?: you)?(?: with)? (?:an? |the |its |your "
    r"|intelligent "
    r"|relevant |contextual )*(?:\w+ )?(?:repl(?:y|ies)|answers?|responses?|outputs?|results?|completions)\b",
    re.IGNORECASE,
)
"""What is done with a prompt for whoever sent it: no operation."""
_RULES_OF_CONDUCT = re.compile(
    r"\b(?:prohibit(?!ed content)|misleading\b|deceptive\b|synthetic\b|deepfake|nud(?:e|ity|ify))", re.IGNORECASE
)
_WE_USE = re.compile(r"\bwe (?:\w+ ){0,2}?(?:use|employ|rely|apply|run|review|scan)\b|\bour AI\b", re.IGNORECASE)
_PURPOSE = _pattern(r"\W*(?:for |to )?<purpose>")
"""A purpose in a table: it says what is done, not who does it."""
_LEARNT = re.compile(
    r"\bspeech recognition\b|\bour automated systems\b|\bby (?:our |an? )?(?:\w+ )?algorithms?\b|\bour (?:matching"
    r"|ranking|recommendation) algorithms?\b"
    r"|\bclassifiers\b|\bOpenAI\b|\bmodels are used to\b",
    re.IGNORECASE,
)
"""AI by another name."""
_NEEDS_AI_NEAR = re.compile(r"\b(?:these|those|our) (?:\w+ )?(?:models|algorithms)\b", re.IGNORECASE)
"""Counts as AI when the sentence before it, or the heading, speaks of AI."""
_BRAND = re.compile(say.BRAND + " $")
"""Acme AI: a company, or a product."""
_OURS = re.compile(r"\b(?:our|we)\b", re.IGNORECASE)
_SAYS_WHO = re.compile(
    r"(?i:\b(?:we|us|our|uses?|used|using|powered|help|helps|leverages?|employs?|rel(?:y|ies)|apply|process\w*"
    r"|analy[sz]\w*"
    r"|signals|your|looks?|listens?|checks?|paired|matched|moderators|reviewed|scanned|checked|screens|screened"
    r"|compare[sd]?|fed|go(?:es)? through|sent|pass(?:es)?"
    r"|transcribed)\b)"
)


def operation(sentence: Sentence) -> Iterator[Finding]:
    """The platform runs AI over content or data."""
    whole = say.NAMED.sub("Company", sentence.whole).replace("e.g.", "eg")
    near = f"{sentence.before} {sentence.heading}"
    if not (say.HAS_AI.search(whole) or _LEARNT.search(whole)) and not (
        _NEEDS_AI_NEAR.search(whole) and say.HAS_AI.search(near)
    ):
        return
    trained = _without_training(whole)
    told = _GENERATES.sub(" … ", trained)
    if _ANSWERS.search(trained):
        return
    if _acts(told) or _AUTOMATED.search(whole) or _MODELS_THAT.search(whole):
        yield Finding(OPERATION, Stance.PERMITS, "AI acts on content or data", sentence.text)
        return
    row = sentence.row if trained == whole else ""
    if not _OVER.search(f"{sentence.before} {whole} {row}") or _not_ours(
        sentence.text if _WE_USE.search(sentence.text) else whole
    ):
        return
    if _MODELS_HELP.search(whole):
        yield Finding(OPERATION, Stance.PERMITS, "models help to run the service", sentence.text)
        return
    for pattern in _PATTERNS:
        mark = pattern.search(told)
        if mark and (_SAYS_WHO.search(told) or _PURPOSE.match(sentence.text)) and _by_platform(told, mark):
            yield Finding(OPERATION, Stance.PERMITS, "AI runs over content or data", sentence.text)
            return


def _acts(told: str) -> bool:
    mark = next((mark for pattern in _ACTS if (mark := pattern.search(told))), None)
    if mark is None or _brand(told, mark) or saying(told[: mark.start()], told).refused:
        return False
    return _OURS.search(told, max(0, mark.start() - 10), mark.end()) is not None or not _not_ours(told)


def _brand(told: str, mark: re.Match[str]) -> bool:
    """Whether what acts is "Acme AI", a company or a product."""
    return bool(say.HAS_AI.match(told, mark.start()) and _BRAND.search(told, 0, mark.start()))


def _not_ours(text: str) -> bool:
    """Whether it speaks of what people do with AI, or of what AI must not be used for."""
    return bool(_NOT_OURS.search(text) or (_RULES_OF_CONDUCT.search(text) and not _WE_USE.search(text)))


def _without_training(whole: str) -> str:
    """The sentence without words on models being trained or improved: that is no operation."""
    for pattern in (_BOTH_TRAINED, MODEL_TRAINED, MODELS_ARE_TRAINED, MODEL_IMPROVED, TRAINING_NOUN):
        whole = pattern.sub(" … ", whole)
    return whole


def _by_platform(told: str, mark: re.Match[str]) -> bool:
    tool = say.HAS_AI.search(told, mark.start())
    who = saying(told[: tool.start() if tool else mark.start()], told)
    conduct = saying(told[: mark.end()], told)
    return not (who.refused or who.actor is Actor.USER or (conduct.refused and conduct.actor is Actor.USER))
