"""How far a rule on AI reaches, whatever words it is in: whose material, which, what for, where, and who decides."""

from __future__ import annotations

import re
from functools import lru_cache

_ANY_CASE = {
    "generative": (
        r"\b(?:generative|gen-?ai)\b(?!(?: \w+){0,2} (?:features?|tools?|experiences?|products?|services?)\b)"
        r"|\bfoundation(?:al)?[ -]models?|\blarge[ -]language|\bllms?\b"
    ),
    "affiliates": r"\baffiliate|\bgroup compan|\bsubsidiar|\bcompanies in our group",
    "vendors": r"\bvendors?\b|\bproviders?\b|\bsub-?processors?\b|\bpartners?\b|\bsuppliers?\b|\bcontractors?\b",
    "others": (
        r"\bthird[- ]part(?:y|ies)|\bother (?:compan|organi|business|people|firms)|\banyone (?:else|who)"
        r"|\bcompanies\b|\bexternal\b"
    ),
    "messages": r"\bmessages?\b|\bDMs?\b|\be-?mails?\b(?! (?:address|us|to))",
    "prompts": r"\b(?:inputs?|prompts?|conversations?|chats?|quer(?:y|ies)|interactions?)\b",
    "outputs": r"\boutputs?\b",
    "sound": r"\bvoices?\b|\baudio\b|\brecordings?\b|\bsongs?\b|\bmusic\b|\btracks?\b",
    "speech": r"\bspeech\b",
    "pictures": r"\bphoto\w*|\bimages?\b|\bpictures?\b|\bvideos?\b",
    "writings": r"\b(?:posts?|comments?|letters?|stories|manuscripts?|books?|documents?|files?|code)\b",
    "usage": r"\b(?:usage|activity|behaviou?r\w*|device|telemetry|location)\b",
    "personal": r"\bpersonal (?:data|information)|\bpersonally",
    "public": r"\bpublic(?:ly)?\b",
    "private": r"\bprivate(?:ly)?\b|\bconfidential",
    "minors": r"\bunder (?:the age of )?(?:1[368]|21)|\bbelow (?:the age of )?1\d|\bminors?\b|\bchild(?:ren)?\b|\bteen",
    "firms": r"\benterprise|\bbusiness\b|\bteams?\b|\bworkspaces?\b|\borgani[sz]ations?\b|\bcommercial\b|\badmin",
    "schools": r"\beducation|\bschools?\b|\bstudents?\b|\bemployers?\b",
    "paid": r"\bpaid\b|\bpremium\b|\bpro\b|\bsubscrib",
    "free": r"\bfree\b|\bconsumers?\b|\bindividual (?:plan|account|user|tier)",
    "programs": r"\bAPIs?\b",
    "feedback": r"\bfeedback|\bthumbs|\bratings?\b|\bsurvey",
    "stripped": r"\baggregat|\banonym|\bde-?identif|\bpseudonym|\bsaniti[sz]|\bredact",
    "sensitive": r"\bsensitive|\bhealth|\bbiometric|\bpayment",
    "mining": r"\bmining\b|\bscrap|\bcrawl|\bharvest|\bextract",
    "sold": r"\bsell\b|\bsold\b|\bsale\b|\blicen[sc]|\bdeals?\b",
    "past": r"\balready\b|\bearlier\b|\bprevious|\bpast\b|\bgoing forward|\bfuture\b|\bretroact",
    "for now": r"\bcurrently\b|\bpresently\b|\bat (?:this time|present|the moment)\b|\btoday\b",
    "deadline": r"\bwithin (?:\w+ )?\(?\d+|\bwithin (?:one|a|two|three|ten|thirty|sixty|ninety)\b|\bno later than\b",
    "contrast": r"\bbut (?:\w+ ){1,4}(?:may|can|will)\b(?! not| never)",
    "part": r"\bmost\b|\bsome\b|\bcertain\b|\bapplicable\b|\blimited\b|\bsample\b",
    "default": r"\bdefault\b",
    "condition": (
        r"\bunless\b|\bexcept|\bother than\b|\bonly (?:if|when|where|with|after)\b|\bwithout\b|\bsubject to\b|\buntil\b"
        r"|\bif you\b|\bexclu"
    ),
}
_CASED = {
    "Europe": r"\bEEA\b|\bEU\b|\bEurope\w*\b|\bGDPR\b",
    "United Kingdom": r"\bUK\b|\bUnited Kingdom\b",
    "Switzerland": r"\bSwitzerland|\bSwiss",
    "United States": r"\bUnited States|\bU\.S\.|\bUSA?\b|\bCalifornia",
    "elsewhere": (
        r"\b[Ee]lsewhere\b|\b[Ww]orldwide\b|\beverywhere\b"
        r"|\bBrazil|\bChina|\bIndia\b|\bJapan|\bKorea|\bCanada|\bAustralia"
    ),
}
_FORMS = {
    **{name: re.compile(form, re.IGNORECASE) for name, form in _ANY_CASE.items()},
    **{name: re.compile(form) for name, form in _CASED.items()},
}
"""What widens or narrows a rule, by its usual names."""


@lru_cache(maxsize=1 << 13)
def reach(text: str) -> frozenset[str]:
    """The names of all that a sentence includes or leaves out; the same for two wordings of one rule."""
    return frozenset(name for name, form in _FORMS.items() if form.search(text))
