"""The parties that texts speak of: users, third parties, vendors, the platform, and the small words between them.

Patterns take their <parts> from here (`patterns.py`); whoever is listed here is listed nowhere else.
"""

from __future__ import annotations

PARTS = {
    "users": (
        r"(?:you|third[\s-]party (?:apps?|applications?|developers?|clients?)|<creators>|recipients?|advertisers?"
        r"|publishers?|buyers?|bots?|crawlers?|scrapers?|robots?|spiders?|applicants?|readers?|players?"
        r"|any ?(?:one|body)|any (?:other )?(?:person|party|entity|individual|third party)|<no one>|others|account "
        r"holders?|purchasers?|fans?|owners? of \w+|licen[cs]ees?|competitors?|compan(?:y|ies) that|you and \w+)"
    ),
    "creators": (
        r"(?:(?:end[\s-]?)?users?|customers?|members?|subscribers?|clients?|consumers?|listeners?|viewers?|visitors?"
        r"|guests?|hosts?|participants?|people|individuals?|residents|children|patients?|drivers?|learners?|students?"
        r"|labels?|rights?[\s-]?holders?|uploaders?|creators?|artists?|performers?|contributors?|sellers?"
        r"|musicians?|actors?"
        r"|authors?|narrators?|instructors?|teachers?|tutors?|speakers?|photographers?|writers?|designers?"
        r"|developers?|streamers?|podcasters?"
        r"|bloggers?)"
    ),
    "bound": r"(?:You|They|Users?|Customers?|Members?|Licensees?|Developers?|Clients?|Each|Subscribers?|Visitors?"
    r"|Recipients?)",
    "no one": r"(?:(?:no ?one|nobody)(?: else)?|no (?:person|party|user|entity|individual|third party))",
    "thirds": (
        r"(?:(?:third|other)[\s-]part(?:y|ies)|(?:other|external|outside|partner) (?:compan(?:y|ies)|businesses"
        r"|organi[sz]ations)|(?:\w+ )?<vendors>|(?:model|AI|LLM|inference) hosts?|(?:these|such|those) "
        r"(?:compan(?:y|ies)|tools|models)"
        r"|(?-i:compan(?:y|ies))|they|(?:digital |online |music )?stores|DSPs"
        r"|recipients of (?:the|your|this|such) (?:\w+ )?(?:data|information|content))"
    ),
    "vendors": r"(?:providers?|vendors?|partners?|(?:sub-?)?processors?|suppliers?|(?:sub-?)?contractors?)",
    "makers": (
        r"(?:(?:AI|A\.I\.|artificial intelligence|machine[\s-]learning|LLM|generative AI|model) "
        r"(?:compan(?:y|ies)|developers?|firms?|labs?|start-?ups?|businesses|vendors?|trainers?)"
        r"|licensed AI (?:services|platforms|partners)|(?:makers|developers|builders|trainers|vendors|providers) of "
        r"(?:\w+ )?(?:AI|artificial intelligence|generative|machine[\s-]learning|LLMs|language models)"
        r"|(?:organi[sz]ations|compan(?:y|ies)|businesses|firms|labs|those|any ?one|others|parties) "
        r"(?:that |who |which )?(?:are |is )?(?:building|developing|training|build|develop|train|make|making)s? "
        r"(?:\w+ ){0,2}?(?:AI|artificial|generative|machine[\s-]learning|LLMs?|language models))"
    ),
    "others": (
        r"(?:any ?(?:one|body)|others?|an(?:y|other)|(?:a )?third|external|outside|(?:our )?<vendors>|compan(?:y|ies))"
    ),
    "by them": (
        r"by (?:them|(?:(?:any|the|these|those|such|our|its|third[ -]party|AI|model|LLM|external|service|other) ){1,4}"
        r"(?:<vendors>|part(?:y|ies)|compan(?:y|ies)|services|tools|models))\b"
    ),
    # Makers of models and nothing else: whoever names them in passing has them for a vendor.
    "labs": r"(?-i:OpenAI|Anthropic)",
    "provider": (
        r"(?-i:<labs>|Claude|ChatGPT|Google(?: (?:Cloud|Gemini|Vertex(?: AI)?|LLM|AI))?|Gemini|Mistral(?: AI)?|Cohere"
        r"|AWS|Amazon(?: (?:Bedrock|Web Services))?|Microsoft|Azure(?: OpenAI)?|Groq|xAI|DeepSeek|Deepgram|ElevenLabs"
        r"|AssemblyAI|Replicate|Fireworks(?: AI)?|Together(?: AI)?|OpenRouter|Stability(?: AI)?|Meta)\b"
    ),
    "we": (
        r"\b(?:we|us)\b(?:,[^,.;]{0,60},|\s*\([^)]{0,60}\))?(?:\s+(?:and|or|nor)\s+(?:our|its|any"
        r"|other)\s+[\w\s,]{3,50}?)?\s+(?:\w+ly |also )?"
    ),
    "modal": (
        r"(?:may|must|shall|will|can|could|should|would|do|does|did|are|is|agrees?|undertakes?|warrants?"
        r"|represents?|covenants?)"
    ),
    "do": r"(?:do|does|did|will|shall|would|may|can|could|have|has|are|is|must)",
    "middle": r"(?:,?\s+(?!(?:we|our|us|because|if|when|that|rather)\b"
    r"|(?-i:(?!You|Users?|Customers?)[A-Z])\w+ (?:will|shall|may|does) not\b)[\w'’()/-]+,?){0,4}?",
    "not": (
        r"(?:not|never|refrain|only)\b(?!\s+(?:limited|want|wish|like|prefer|consent|agree|be|used|shared|processed"
        r"|included|sold|retained|obligated|obliged|required|bound|opt(?:ed)?|object(?:ed)?|turn(?:ed)?|disabled?"
        r"|declined?)\b)"
    ),
    "not material": (
        r"(?!['’]?s?['’]?\s+(?:\w+\s+)?(?:data|content|contents|information|inputs?|prompts?|materials?"
        r"|submissions?|files?|uploads?|posts?|photo\w*|images?|videos?|comments?|messages?|recordings?|reviews?|works?"
        r"|voices?)\b)(?!\s+(?:write|store|upload|post|share|create|make|provide|submit|type|say|send|publish"
        r"|record|enter)"
        r"(?:\s+\w+){0,2}?\s+(?:is|are|will|may|shall|can)\b)"
    ),
    "n't": r"(?:ha(?:s|ve|d)n['’]t|don['’]t|won['’]t|can['’]t|cannot|aren['’]t|mustn['’]t|shan['’]t|shouldn['’]t"
    r"|wouldn['’]t)",
    "and so on": (
        r"(?:,? (?:and|or|directly|indirectly|attempt|permit|allow|enable|encourage|any|third|part\w+|else"
        r"|anyone|others|to|will|shall|not|use))*"
    ),
}
