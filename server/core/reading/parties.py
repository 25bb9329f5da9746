"""The slots of the phrases in `signs.py`: users, third parties, the platform, and the small words between them."""

from __future__ import annotations

PARTS = {
    "users": (
        r"(?:you|third[\s-]party (?:apps?|applications?|developers?|clients?)"
        r"|(?:end[\s-]?)?users?|customers?|subscribers?|members?|visitors?|licensees?|developers?"
        r"|recipients?|clients?|participants?|advertisers?|publishers?|sellers?|creators?|buyers?|bots?"
        r"|crawlers?|scrapers?|robots?|spiders?|contributors?|applicants?|readers?|players?|any ?(?:one|body)"
        r"|any (?:other )?(?:person|party|entity|individual|third party)|<no one>|other people|others|account holders?"
        r"|learners?|listeners?|viewers?|artists?|labels?|purchasers?|fans?|guests?|authors?|owners? of \w+"
        r"|licen[cs]ees?|competitors?|compan(?:y|ies) that|you and \w+)"
    ),
    "bound": r"(?:You|They|Users?|Customers?|Members?|Licensees?|Developers?|Clients?|Each|Subscribers?|Visitors?"
    r"|Recipients?)",
    "no one": r"(?:(?:no ?one|nobody)(?: else)?|no (?:person|party|user|entity|individual|third party))",
    "thirds": (
        r"(?:(?:third|other)[\s-]part(?:y|ies)|(?:other|external|outside|partner) (?:compan(?:y|ies)"
        r"|businesses|organi[sz]ations)|(?:\w+ )?(?:providers?|vendors?|(?:sub-?)?processors?|suppliers?"
        r"|contractors?|partners)|(?:these|such|those) (?:compan(?:y|ies)|tools|models)|(?-i:compan(?:y|ies))|they"
        r"|(?:digital |online |music )?stores|DSPs"
        r"|recipients of (?:the|your|this|such) (?:\w+ )?(?:data|information|content))"
    ),
    "provider": (
        r"(?-i:OpenAI|Anthropic|Claude|ChatGPT|Google(?: (?:Cloud|Gemini|Vertex(?: AI)?|LLM|AI))?|Gemini"
        r"|Mistral(?: AI)?"
        r"|Cohere|AWS|Amazon(?: (?:Bedrock|Web Services))?|Microsoft|Azure(?: OpenAI)?|Groq|xAI|DeepSeek|Deepgram"
        r"|ElevenLabs|AssemblyAI|Replicate|Fireworks(?: AI)?|Together(?: AI)?|OpenRouter|Stability(?: AI)?|Meta)\b"
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
        r"|submissions?|files?|uploads?)\b)"
    ),
    "n't": r"(?:ha(?:s|ve|d)n['’]t|don['’]t|won['’]t|can['’]t|cannot|aren['’]t|mustn['’]t|shan['’]t|shouldn['’]t"
    r"|wouldn['’]t)",
    "and so on": (
        r"(?:,? (?:and|or|directly|indirectly|attempt|permit|allow|enable|encourage|any|third|part\w+|else"
        r"|anyone|others|to|will|shall|not|use))*"
    ),
}
