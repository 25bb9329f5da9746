"""The words of each slot of a rule: who, may or may not, what for, with whose material. Patterns, no meaning yet."""

from __future__ import annotations

import re

from server.core.reading.parties import PARTS
from server.core.reading.patterns import any_of

AI = (
    r"(?:(?-i:\bA\.?I\b\.?|\bAIs\b|\bGenAI\b|\bML\b|\bNLP\b|\bLLMs?\b|\bGPTs?\b)|(?i:\bartificial[\s-]intelligence"
    r"|\bmachine[\s-]?learn(?:ing|ed\b)|\bdeep[\s-]learning|\bneural[\s-]net\w*|\b(?:large[\s-]"
    r"|small[\s-])?language[\s-]models?|\bfoundation(?:al)?[\s-]models?|\bfrontier[\s-]models?|\bgenerative\b"
    r"|\bgen[\s-]ai\b|\bdiffusion[\s-]models?|\bcomputer[\s-]vision|\bnatural[\s-]language[\s-](?:processing"
    r"|understanding)|\b(?:speech|voice|image|facial|face)[\s-]recognition[\s-](?:model|algorithm|technolog"
    r"|system)\w*|\btext-to-\w+|\b(?:predictive|statistical|recommendation|recommender|ranking|automated|data"
    r"|deep|language|multimodal|embedding|transformer|personali[sz]ation|classification|moderation|detection"
    r"|learning) (?:models|algorithms)))"
)
"""AI by any of its names. "AI" only in capitals: "ai" is a word of French and Romanian."""

BRAND = (
    r"\b(?!(?:Our|The|Use|Using|Of|And|Or|With|Generative|Conversational|Gen|An?|Any|All|Responsible|This|These|Its"
    r"|Those|Your|Certain|Other|Some|Such|Agentic|General|Third|Party|External|Training|Train|Improve|Develop|Open"
    r"|How|No|Not|In|For|By|To|When|About|Where|Through|Via|Ethical|Trusted|EU|European|Machine|Predictive|Applied"
    r"|Own|If|While|As|We|On|Are|Is|Advanced)\b)[A-Z][\w&’'-]*"
)
"""What may be the name of a company or product when AI follows."""
BRAND_ACTS = BRAND + (
    r" AI\b(?=,? (?i:inc|llc|ltd|gmbh|sas|corp|products?|services?|account|terms|platform|website|may|will|shall|does"
    r"|uses?|is|has|and its|studio|api|processes|provides|offers|collects|develops|analy[sz]es|understands|searches"
    r"|reads)\b"
)
NAMED = re.compile(
    r"(?<![.!?:;•|] )(?<!^)" + BRAND + r" A\.?I\b\.?"
    r"(?!\s?-?\s?(?i:models?|training|systems?|technolog|algorithms?)|['’]s (?i:models?))|" + BRAND_ACTS + ")"
)
"""A company or product whose name ends in AI: no word on what anything does."""
NAMED_OWNER = re.compile(r"(?!My )" + BRAND_ACTS + r"|['’]s|,? \()")
"""The same where it stands for its owner, not for what is trained; "My AI" is nobody."""
TRAIN = (
    r"(?i:(?<!no-)(?<!non-)\b(?:re-?|pre-?)?train(?:s|ed|ing)?\b|\bfine[\s-]?tun(?:e|es|ed|ing)\b|\b(?:teach(?:es)?"
    r"|taught|teaching)\b|\bdistil(?:l|ls|led|ling|lation)?\b|\bground(?:ing)?\b(?= any| an| a))"
)
"""The verb itself."""
IMPROVE = (
    r"(?i:\b(?:develop|improv|enhanc|build|refin|optimi[sz]|test|evaluat|validat|advanc(?!es in\b)|revis|tun|adapt"
    r"|upgrad"
    r"|benchmark|strengthen|calibrat|augment|enrich|perfect|iterat)(?:e|es|s|ing|ment|ements?)?(?: on"
    r"| upon)?\b|\bcreat(?:e|ing|ion)\b)"
)
"""What is done to models short of naming training."""
HAS_AI = re.compile(AI)

_PEOPLE = PARTS["creators"]
_THINGS = (
    r"(?:data|information|content|contents|inputs?|prompts?|quer(?:y|ies)|uploads?|submissions?|conversations?"
    r"|chats?|messages?|recordings?|files?|posts?|photos?|images?|videos?|works?|materials?|feedback"
    r"|interactions?|activity|documents?|creations|profiles?|communications?|reviews?|comments?|stories"
    r"|tracks?|songs?|stems?|blogs?|catalogues?|portfolios?|galler(?:y|ies)|libraries|lyrics|beats|mixes|episodes?"
    r"|audio|music|art|masters|samples?|sounds|loops|pictures?|clips?|articles?|pages|playlists?|releases?|emails?"
    r"|lessons?|lectures?|courses?|questions|answers|pieces|footage|texts|books|artworks?|drawings?|designs?|code"
    r"|repositor(?:y|ies)|projects?|records|notes?|drafts?|manuscripts?|listings?|streams?)"
)
USER_MATERIAL = re.compile(
    "|".join(
        (
            r"\byour\b|\b" + _PEOPLE + r"['’]s?\s",
            r"\b" + _PEOPLE + r"[\s-](?:generated |provided |supplied |submitted )?" + _THINGS + r"\b",
            r"\b(?:from|of|by|about|belongs? to|that|which|what|anything|everything|whatever) (?:our |its "
            r"|other |the |all |many |several |multiple |different |some |these |those )?" + _PEOPLE + r"\b",
            r"\byou (?:\w+ )?(?:post|upload|submit|share|provide|create|write|send|type|enter|grant|make"
            r"|pin|publish|store|draw|film|sing|draft)\b",
            r"\bwe (?:may |might |can |will )?(?:also )?use (?:the |all )?(?:information|data|content)\b",
            r"\b(?:anything|everything|whatever|all) (?:that )?(?:you|is (?:uploaded|posted|submitted))\b"
            r"|\bby (?:uploading|posting|submitting|publishing|sharing)\b",
            r"\bhow (?:you|" + _PEOPLE + r") (?:use|interact|engage)",
            r"\b" + _THINGS + r" (?:that (?:is|are) )?(?:uploaded|submitted|posted|published|hosted|shared|you)\b",
            r"\bthe (?-i:Contribution|Manuscript|Master|Recording|Submission)s?\b",
            r"\b(?:content|text|material|words|anything|everything|whatever) (?:is )?(?:entered|typed|written"
            r"|sent) (?:in|into|by|to"
            r"|through)\b",
            r"\bthe following (?:(?:types|categories|kinds) of )?(?:personal )?(?:data|information|content"
            r"|materials?|is|are)\b",
            r"\b(?:uploaded|submitted|posted|contributed|published) (?:\w+ )?" + _THINGS + r"\b",
            r"\bmy (?:own )?" + _THINGS + r"\b",
            r"\btheir (?:own |course |\w+ed )?" + _THINGS + r"\b|\btheir (?:music|likeness|voice|art)\b",
            r"\bpublic (?:posts?|profiles?|content|blogs?|comments?|videos?|photos?|tracks?|works?|uploads?)\b",
            r"\byou (?:get|got|give|told|record|perform|upload|wrote|made)\b|\bworks in\b|\bperformances?\b"
            r"|\bthe works\b|\bvoice clips?\b|\bcatalogues?\b",
            r"\b(?:uploads?|uploading|submitting) (?:an? |the |any )?(?:\w+ )?" + _THINGS + r"\b",
            r"\bpersonal (?:data|information)|\bpersonally identifiable",
            r"\b(?:(?<!as )(?<!as an )inputs?|prompts?|quer(?:y|ies)|uploads?|submissions?|conversations?|chats?"
            r"|messages?|recordings?"
            r"|transcripts?|feedback|interactions?|usage data|UGC|user[\s-]generated|usage information|activity data"
            r"|behaviou?ral data|telemetry|voice data|biometric|search histor\w+|tracks|songs|stems|repertoire"
            r"|portfolios|repositories|photos?|images you|files|posts|comments|survey responses|submitted content"
            r"|call data|device data|log data)\b",
            r"\b(?:data|information|content|materials?) (?:that )?(?:you|we|from (?:your|the use|use|usage)"
            r"|about you|collected|provided|submitted|uploaded"
            r"|(?:obtained|received)(?! (?:via|through|from|using) (?:the|our|this|its)\b)|described|listed)\b",
            r"\b(?:this|these|such|that|the above|aforementioned|aggregated?(?:[\s/,]+(?:and|or)?\s*de-?identified)?"
            r"|de-?identified|anonymi[sz]ed|anonymous|pseudonymi[sz]ed) (?:data|information|content|insights)\b",
            r"\b(?:aggregated?|de-?identified|anonymi[sz]ed|anonymous|pseudonymi[sz]ed),? (?:[\w-]+,? ){1,4}?"
            r"(?:data|information|content|insights)\b",
            r"\b(?:usage|listening|viewing|browsing|playback|reading|watch(?:ing)?|play(?:ing)?|purchase|search)"
            r" (?:patterns?|habits?|history|histories|statistics)\b",
            r"\bcontent from the use\b|\b(?:all )?categories of (?:data|information)\b|\bpersonal context\b"
            r"|\bdata about\b",
        )
    ),
    re.IGNORECASE,
)
"""What users provide, or what is collected about them."""
CONTENT = re.compile(
    r"(?i:\b(?:content|contents|inputs?|prompts?|works?|uploads?|submissions?|posts?|files?|documents?|photos?"
    r"|images?|videos?|audio|music|tracks?|songs?|recordings?|messages?|conversations?|chats?|comments?"
    r"|reviews?|feedback|creations?|artworks?|text|materials?|transcripts?|emails?|customer data|output"
    r"|outputs|queries|media|code|designs?|communications|apps|interactions?|inquiries|responses|answers|selfies?"
    r"|manuscripts|portfolios|repositories|stems|episodes|lyrics|drawings|sketches|stories)\b|\b[Yy]our Data\b)"
)
DATA = re.compile(r"\b(?:data|information|personally identifiable)\b", re.IGNORECASE)
NEITHER = re.compile(
    r"(?i:\btraining (?:data|information|material|content)\w*|\b(?:data|information) (?:sources?|controls?|protection"
    r"|privacy|subjects?|scien\w+)|\bsources? of (?:data|information)|\bpatterns in data|\b(?:more|further) information"
    r"|\bfor information\b|\bhelp cent(?:er|re) article|\b(?:model|AI|relevant|better) responses\b"
    r"|\b(?:generate|create|translate|summari[sz]e|answer)\w* (?:and \w+ )?(?:text|content|images?|questions)"
    r"|\bcontent licensed from|\bcontent publicly available|\b(?:produce|contain)s? content"
    r"|\b(?:input|output|inputs|outputs|content|customer|(?-i:Your)) data\b(?<!your data))"
)
"""Words on data or content that are not what people provide, or are the same thing said twice."""
GENERATIVE = re.compile(
    r"(?i:\bgenerative|\bgen[\s-]?ai\b|\bfoundation(?:al)?[\s-]models?|\blarge[\s-]language|\bllms?\b"
    r"|\bmodels? (?:that|which) (?:can )?(?:generate|create|produce)s?\b|\bfrontier[\s-]models?|\bdiffusion|\bGPTs?\b"
    r"|\bgenerali[sz]ed (?:or non-personali[sz]ed )?(?:AI|artificial|ML|machine))"
)
FEATURES = re.compile(
    r"(?i:\b(?:recommend\w*|spam|fraud\w*|safety|moderat\w+|abuse|ranking|search|personali[sz]\w+|security"
    r"|detect\w*|classif\w+|fulfil\w*|translation|speech recognition|deliver\w*)\b)"
)
PUBLIC_WEB = re.compile(
    r"(?i:\blicensed (?:and|or|music|works|tracks|recordings|material|images|sources)\b"
    r"|\b(?:provided|supplied) by third|\bpublicly[\s-](?:available|accessible)"
    r"|\bpublic (?:web|internet|sources|datasets?|domain)|\b(?:data ?sets?|corp(?:us|ora)) of public\b"
    r"|\bopen (?:web|internet)|\bfrom the (?:internet|web)|\blicensed (?:from|data|content)|\bsynthetic data)"
)
LIABILITY = re.compile(
    r"(?i:\b(?:will|shall|agree(?:s|d)? to) (?:defend|indemnify)\b|\bhold (?:\w+ ){0,4}?harmless\b"
    r"|\bat your own risk\b)"
)
"""Who pays when somebody sues: what is claimed there is not what is done."""
INQUIRY = re.compile(r"(?i:\blicen[sc]\w+\b[^.;|\n]{0,80}?\b(?:contact|write to|e-?mail|reach out to) us\b)")
"""Whoever wants a licence may ask: that gives none."""
ADVICE = re.compile(
    r"\b(?:not|n[’']t|avoid|refrain from) (?:\w+ )?(?:enter|submit|shar|includ|provid|upload|input|disclos|paste"
    r"|feed)\w*\b[^.;]{0,30}?\b(?:confidential|sensitive|personal|private|secrets?|health|payment|such information)\b",
    re.IGNORECASE,
)
"""What people should not tell a model for their own sake: no rule for others."""
VOLUNTEERS = re.compile(
    r"\b(?:you|creators?|artists?|authors?|members?|users?|(?:rights?[\s-]?)?holders?) (?:may|can) (?:let|allow"
    r"|permit) (?:us|our|partners|others|third|stores|AI)\b|\byou(?:['’]re| are) (?:allowing|letting|permitting)\b"
    r"|\b(?:creators?|artists?|authors?|members?|users?|holders?) (?:may|might) (?:want|wish|like|choose) to\b"
    r"|\b(?:tick|check|select|enable|turn on|switch on)\b[^.;|\n]{0,40}?\ballow\b(?![^.;|\n]{0,90}\b(?:disable"
    r"|off\b|un))"
    r"|\b(?:choose|opt|decide|elect|agree|volunteer|sign up) to (?:contribute|share|donate|allow|provide"
    r"|participate|take part|have (?:your|their)|licen[sc]e|help)\b|\bvoluntar(?:y|ily) (?:contribut|shar|donat"
    r"|submit)\w*",
    re.IGNORECASE,
)
"""People may take part if they like."""
THIRDS_MAY_NOT = any_of(
    r"\bno (?:third party|other company) (?:may|can|will|shall)\b|\b(?:third[ -]parties|other compan(?:y|ies)"
    r"|<makers>) (?:may|can|will|shall|must) not\b"
)
"""Others are kept from it."""
SERVICE_MATERIAL = re.compile(
    r"\b(?:the |any |our |this |these |such |all |part of the |portion of the |(?-i:[A-Z])\w+['’]s )+"
    r"(?:services?|(?:web)?sites?|platform|software|apis?|apps?|application|products?|materials?|content|database"
    r"|archive|articles|pages?|library|photographs"
    r"|catalogue|model|generated content|AI features?|feeds?|datasets?|beats)\b"
    r"|\blicensed (?:content|materials?|works?)\b|\boutputs?\b|\bcompet\w+"
    r"|\bsimilar (?:model|product|service|technolog)|\bthe (?:documentation|information) ",
    re.IGNORECASE,
)
TIER = re.compile(
    r"(?i:\b(?:enterprise|business|team|teams|education|edu|workspace|api|commercial|paid|pro|premium|corporate"
    r"|organi[sz]ation(?:al)?|government|school|healthcare|beta|labs|preview)\b(?: \w+)? (?:customers?|plans?|users?"
    r"|tiers?|accounts?|subscribers?|subscriptions?|edition|offerings?|products?|versions?|data|content|models)\b)"
)
PART = re.compile(
    r"(?i:\b(?:google (?:workspace|drive|user data|account|api\w*|\w+ (?:content|data))|gmail|workspace apis?"
    r"|google apis?|microsoft graph|outlook|calendar data|email contents?|emails?(?! (?:drafts?|address))"
    r"|private (?:messages?|chats?|content|queries|query)|direct messages?|call recordings?|recordings? of"
    r"|health (?:data|information)|payment (?:data|information)|sensitive|biometric\w*|face ?print\w*|voice ?prints?"
    r"|children['’]?s?|minors?|location data|end-to-end|contacts?|personalization context|incognito|temporary chats?"
    r"|plugin|extension|connected (?:apps?|accounts?|services?)|third-party (?:apps?|services?) data)\b)"
)
FEEDBACK = re.compile(r"(?i:\b(?:feedback|thumbs|survey responses|ratings?|suggestions?|bug reports?)\b)")
OURS = re.compile(
    r"(?i:\b(?:our|its own|any of our) (?:own )?(?:\w+ ){0,3}?(?:models?|AI|LLMs?|algorithms?|artificial|machine))"
)
