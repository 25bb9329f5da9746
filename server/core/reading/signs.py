"""The phrases that tell who may or may not: "you may not", "we do not", "vendors may", each with a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from server.core.reading.parties import PARTS
from server.core.reading.patterns import filled
from server.core.reading.permissions import PERMISSIONS

_SIGNS = (
    # Users may neither; Acme shall neither; nor may anyone; our terms forbid everyone else
    ("user_no", r"\b<users>\s+(?:may|shall|must|can|will) neither\b"),
    ("platform_no", r"\b(?:we|(?-i:[A-Z])\w+)\s+(?:may|shall|will|do|does|can) neither\b"),
    ("platform_may", r"(?-i:\b(?:Provider|Supplier|Vendor|Licensor)) (?:shall|will|may)\b(?! not)"),
    ("user_no", r"\bnor (?:may|shall|can|will|is|are) (?:any ?(?:one|body)|you|users?|others|any (?:third|other))\b"),
    ("user_no", r"\b(?:forbid|prohibit|bar|ban)s? (?:every ?(?:one|body)|any ?(?:one|body)|(?:all )?others|users?)\b"),
    # You may not, users shall never, anyone who agrees not to
    (
        "user_no",
        r"(?<!by )\b<users>\b(?! do nothing|, \w+ (?:is|are)\b"
        r"| (?:\w+ )?(?:create|generate|make|upload|post|write|share|provide|send|submit|enter|record|store|type)s? "
        r"(?:\w+ ){0,2}?(?:is|are|will|may)\b"
        r"| (?:have |has )?(?:opt(?:ed)?[\s-]out|object(?:ed)?"
        r"|declined?)\b)<not material><middle>,?\s+<modal><middle>,?\s+<not>",
    ),
    (
        "user_no",
        r"\b(?:you|users?|customers?|members?|one)\s+(?:<n't>(?!\s+(?:want|wish|like|agree|see|find|have|know"
        r"|need))|(?:may|can) only)\b",
    ),
    ("user_no", r"\b<no one>\s+(?:may|shall|can|is|will)\b"),
    ("platform_no", r"(?:<we>|\b(?-i:(?!<bound>\b)[A-Z])\w+\s+)(?:will |shall |to )?refrains? from\b"),
    ("user_no", r"\bagrees?:? (?:that (?:you|it|they) (?:will|shall) )?(?:not|never|to refrain)\b|\brefrain from\b"),
    # We have made the choice to not
    (
        "platform_no",
        r"(?<!your )\b(?:choices?|decisions?|commitments?|pledges?|promises?|polic(?:y|ies)|chosen|decided)\b[^.;"
        r"|\n]{0,20}?"
        r"\b(?:to not|not to|never to|to never)\b",
    ),
    # We do not grant these providers permission
    (
        "third_no",
        r"<we>(?:do|will|shall|would) not (?:hereby )?(?:grant|give) (?:\w+ ){0,2}?<thirds> (?:any |the |a )?"
        r"(?:permission|rights?|licen[sc]e|access)\b",
    ),
    # We do not grant you; you will need our permission; neither we nor any third party may
    (
        "user_no",
        r"<we>(?:do|will|shall) not (?:hereby )?(?:grant|(?:permit|allow|authori[sz]e) (?:you|anyone|others|users?))\b",
    ),
    (
        "user_no",
        r"\byou(?:['’]ll| will| would| must)?(?: also)? (?:need|require|have to (?:get|obtain)|get"
        r"|obtain)\b[^.;|\n]{0,30}?\b(?:permission|licen[sc]e|consent)\b",
    ),
    ("user_no", r"\bneither\b[^.;|\n]{0,40}\bnor any (?:third|other) party (?:is|are|may|shall|has)\b"),
    (
        "third_no",
        r"\b<thirds>\b[^.;|\n]{0,90}?\s(?:(?:is|are) (?:\w+ly )?|(?<=are data processors ))(?:barred|prohibited"
        r"|forbidden|restricted|prevented|precluded|not (?:permitted|allowed))\b",
    ),
    # Acme, which works for us, is not permitted to
    (
        "third_no",
        r"\b(?!we\b|you\b|users?\b|customers?\b|members?\b|no\b|any\b|it\b|developers?\b"
        r"|third\b)(?-i:[A-Z])\w+\b(?:,[^.;|\n]{1,50}?,| \([^()]*\)) (?:is|are) not (?:permitted|allowed"
        r"|authori[sz]ed) to (?:use|train|access)\b",
    ),
    (
        "platform_no",
        r"\b(?-i:(?!<bound>\b|No\b|Any\b|It\b|Third\b|Providers?\b|Vendors?\b|Partners?\b|Anyone\b)[A-Z])\w+ (?:is"
        r"|are) not (?:permitted|allowed|authori[sz]ed|entitled) to (?:use|train|access)\b",
    ),
    # The rights that you grant do not include the right; you grant us no right; we reserve the right to use
    (
        "platform_no",
        r"\b(?:rights?|licen[sc]es?|permissions?) (?:(?:that )?you (?:have )?(?:grant|give|gave)(?:ed|n)?"
        r"|(?:granted|given) (?:by you|to us))\b[^.;|\n]{0,60}?"
        r"\b(?:do|does|shall|will) not (?:include|extend|cover|permit|allow)\b",
    ),
    (
        "platform_no",
        r"<we>(?:ha(?:ve|s)|acquires?|obtains?|receives?|claims?|get) no (?:rights?|permission|licen[sc]e)\b",
    ),
    (
        "platform_no",
        r"\b(?:licen[sc]e|rights?|section|agreement|grant) (?:does|do|shall|will) not (?:permit|allow|authori[sz]e"
        r"|entitle) (?:us|(?-i:(?!Licensee|Customer|User|You|Member|Client)[A-Z])\w+) to\b",
    ),
    (
        "platform_no",
        r"(?:\bthe )?(?-i:\b(?:Provider|Supplier|Vendor|Licensor)) (?:shall|will|may|does|must) not\b",
    ),
    (
        "platform_no",
        r"\b(?:does|do|shall|will) not (?:grant|give) (?:us|(?-i:(?!Licensee|Customer|User|You|Member"
        r"|Client)[A-Z])\w+) (?:the |any |a )?(?:rights?|licen[sc]e|permission)\b",
    ),
    # Opting out does not affect our ability to
    (
        "platform_may",
        r"\b(?:will|does|do|shall) not (?:affect|limit|restrict|impair) (?:our|(?-i:[A-Z])\w+['’]s) (?:\w+ )?"
        r"(?:ability|rights?) to\b",
    ),
    ("platform_no", r"\blicen[sc]e (?:shall|will|may) not be (?:construed|read|understood) (?:to|as)\b"),
    ("platform_no", r"\byou (?:grant|give) (?:us|(?-i:[A-Z])\w+) no (?:rights?|licen[sc]e|permission)\b"),
    ("platform_may", r"\bwe (?:\w+ly )?reserve (?:the|our|a) rights? to\b(?! (?:object|prohibit|opt))"),
    # We do not consent to the collection; it is a breach; it needs our licence
    ("user_no", r"(?:<we>)?\bdo(?:es)? not (?:hereby )?consent to\b|\bnot welcome\b"),
    (
        "user_no",
        r"\b(?:is|are|be|constitutes?|as)\s+(?:considered )?(?:a |in )?(?:material |serious )?(?:breach|violation)\b",
    ),
    (
        "user_no",
        r"\brequires? (?:a |our |an )?(?:\w+ ){0,2}?(?:licen[sc]e|permission|authori[sz]ation)"
        r"\b(?= (?:agreement )?(?:from us|with us|from (?-i:[A-Z])))",
    ),
    # We do not allow our publications to be used; your licence does not permit you; it is not OK; reserved to us
    (
        "user_no",
        r"(?:<we>)?\b(?:do|does) not (?:allow|permit|authori[sz]e)"
        r" (?:you|our (?!(?:[\w-]+ ){0,3}?(?:<vendors>|compan))|the use)\b",
    ),
    (
        "user_no",
        r"\bno (?-i:(?!<bound>\b|Your|Personal|Input|Output)[A-Z])\w+ (?:content|materials?|publications?|data|works?) "
        r"(?:may|can|shall|must|is to|are to) be\b",
    ),
    ("user_no", r"\bnot (?:ok|okay|acceptable|allowed|fine|fair game)\b(?=[^.;|\n]{0,20}\bto\b)"),
    ("user_no", r"\byou (?:can['’]t|cannot|can ?not|mustn['’]t|shouldn['’]t)(?= use\b)"),
    ("user_no", r"\breserved to\b|\bno (?:automated|scraping|crawling|unauthori[sz]ed|use of)\b"),
    ("user_no", r"\b(?:may|can|must|shall) (?:neither|in no case|not)\b(?=[^.;|\n]{0,60}\b(?:nor|used)\b)"),
    ("user_no", r"\b(?:but|and|,) not to $"),
    ("user_no", r"\b(?:leads? to|results? in) (?:the |a )?(?:suspension|termination|ban|legal action)\b"),
    (
        "user_no",
        r"\b(?:violates?|infringes?|breach(?:es)?) (?:the|our|this|these|your) (?:\w+ )?(?:licen[sc]e|terms|rules"
        r"|agreement)\b",
    ),
    # The last item of a list of things forbidden
    ("user_no", r"(?<!may )(?<!will )\b(?:engage in|assist with) any of the (?:foregoing|above)\b"),
    # Acme forbids the use of; it is prohibited; prohibited uses; no right is granted
    (
        "user_no",
        r"\b(?:will|shall|to) (?:prohibit|forbid|ban|bar|disallow) (?:the |any |all )?(?:us(?:e|ing)|training)\b",
    ),
    (
        "user_no",
        r"\b(?:(?-i:[A-Z])\w+|we|terms|rules|licen[sc]e|polic(?:y|ies)|guidelines) "
        r"(?:will |shall |\w+ly )?(?:prohibits?|forbids?|bans?|bars?|disallows?) (?:the |any |all )?(?:us(?:e|ing)"
        r"|scraping|crawling"
        r"|mining|collect\w+|extract\w+|reproduc\w+|training|download\w*|copying|harvest\w*)\b",
    ),
    (
        "user_no",
        r"\b(?:is|are|be|expressly|strictly|hereby|also|explicitly)\s+(?:\w+ly )?(?:prohibited|forbidden"
        r"|disallowed|banned|barred)\b",
    ),
    (
        "user_no",
        r"\b(?:unacceptable|prohibited|restricted|impermissible|forbidden|unauthori[sz]ed|improper) (?:(?:\w+ )?access"
        r"|uses?|using|conduct|activit\w+|actions?|behaviou?rs?)\b|\brestrictions?\b(?=[^.]{0,40}[:—-])",
    ),
    ("user_no", r"\bnot\s+(?:be )?(?:allowed|permitted|authori[sz]ed|licensed|entitled)\b(?! (?:our|us))"),
    ("user_no", r"\b(?:does|do) not (?:permit|allow|authori[sz]e|grant|extend|include (?:the|any) right)\b"),
    # Third parties have no permission
    (
        "third_no",
        r"\b<thirds>\b[^.;|\n]{0,40}?\b(?:ha(?:s|ve)|gets?|holds?|(?:is|are) given) no "
        r"(?:permission|rights?|licen[sc]e)\b",
    ),
    ("user_no", r"\bno (?:other )?(?:rights?|licen[sc]es?|permissions?)\b"),
    ("user_no", r"\breserv(?:e|es|ed|ing|ation)\b[^.;|\n]{0,50}?\brights?\b"),
    ("user_no", r"\bopt(?:s|ed)?[\s-]out of (?:text|TDM|any text)"),
    (
        "user_no",
        r"\bno (?:robots?|spiders?|bots?|crawlers?|scrapers?|part of (?:the|this|our|any))\b[^.;|\n]{0,60}?\bmay\b",
    ),
    (
        "user_no",
        r"<we>(?:do|will|shall) not (?:allow|permit|authori[sz]e) [\w\s-]{1,40}? to (?:crawl|scrape|harvest|mine)\b",
    ),
    ("user_no", r"\ball rights reserved (?:for|against|including)\b"),
    ("user_no", r"\brights? (?:\w+ ){0,3}?(?:is|are) (?:expressly |hereby |all )?reserved\b"),
    ("user_no", r"\b(?:prohibited|forbidden|not (?:allowed|permitted))\s*[:—–]"),
    (
        "user_no",
        r"\b(?:following|these)\b[\w\s]{0,40}? (?:is|are) (?:\w+ly )?"
        r"(?:not (?:permitted|allowed)|prohibited|forbidden)\b",
    ),
    # Do not scrape
    (
        "user_no",
        r"(?:^|[.:;,•]\s*)(?:do not|don['’]t|never)\b(?!\s+(?:want|wish|like|worry|forget"
        r"|(?:be |been )?(?:used|sold|shared|read|stored|retained|trained)\b))<and so on>",
    ),
    ("user_no", r"\b(?:please|must|shall|will|may|to)\s+(?:do not|don['’]t|never|not)\b<and so on>"),
    ("user_no", r"\bnothing (?:on|in|at|from) (?:this|the|our) (?:\w+ )?(?:site|website|page|archive|platform|app)\b"),
    # Nothing here allows us; the licence excludes any right; it is off limits; nothing you upload trains
    (
        "someone_no",
        r"\bnothing (?:you|users?|members?|that|on|in|we|uploaded|posted)\b(?![^.;|\n]{0,60}\b(?:prevents?"
        r"|limits?|stops?|restricts?)\b)",
    ),
    (
        "platform_no",
        r"\b(?:(?-i:(?!<bound>\b)[A-Z])\w+|the company|it|we) (?:commits?|promises?|pledges?|undertakes?|agrees?"
        r"|warrants?)[^.;|\n]{0,30}?\b(?:not|never|refrain)\b",
    ),
    ("someone_no", r"\bno (?=(?:AI|ML|model|machine|generative)\b[^.;|\n]{0,20}?\btraining\b)|\b(?:no|zero) $"),
    (
        "someone_no",
        r"\b(?:under no circumstances|at no time|in no (?:event|case))\b(?!\s+(?:will|do|does|shall|may|would"
        r"|can)\s+(?:we|(?-i:[A-Z])))",
    ),
    (
        "someone_no",
        r"\bexcludes? (?:the|any) rights?\b|\b(?:stays?|remains?|kept|keep\w*) (?:\w+ )?(?:out|away) (?:of|from)\b",
    ),
    (
        "platform_no",
        r"\bnothing in\b[^.;|\n]{0,60}?\b(?:allow|permit|give|grant|entitle|authori[sz]e)s? (?:us|(?-i:[A-Z])\w+)\b",
    ),
    (
        "platform_no",
        r"\b(?:explicitly |expressly )?excludes? (?:any|the) right\b|\bdoes not include (?:the|any) right for us\b",
    ),
    ("platform_no", r"<we>(?:commit|promise|pledge|undertake|agree)(?: to| that we will)? (?:not|never)\b"),
    (
        "platform_no",
        r"\b(?:at no (?:time|point)|under no circumstances|in no (?:case|event|way))\s+"
        r"(?:will|do|does|shall|may|would|can)\s+(?:we|(?-i:[A-Z])\w+)\b",
    ),
    ("someone_no", r"\b(?:kept|left|stays?) out of\b"),
    ("someone_no", r"\boff[\s-]limits\b|\brestrictions? on (?:the |their )?(?:use|using|training)\b"),
    # Neither we nor our affiliates will; without ever
    (
        "platform_no",
        r"\bneither (?:we|(?-i:[A-Z])\w+)\b[^.;|\n]{0,40}\bnor\b[^.;|\n]{0,40}?\b(?:will|may|do|does|shall|can)\b",
    ),
    ("platform_no", r"\bwithout (?:ever |any )?$"),
    # None of the vendors; neither we nor our vendors train; AI partners get access
    ("third_no", r"\b(?:none of (?:the|our|these|those|its)|no) (?:\w+ ){0,2}?<thirds>\b"),
    ("platform_no", r"\bneither (?:we|(?-i:[A-Z])\w+)\b[^.;|\n]{0,40}?\bnor\b[^.;|\n]{0,60}?$"),
    (
        "third_may",
        r"\b<thirds>\b<middle>\s+(?:receives?|gets?|ha(?:s|ve)|obtains?|(?:is|are) (?:given|granted)) access\b",
    ),
    # No intention of using
    ("platform_no", r"\b(?:no (?:intention|plans?)|(?:do|does) not (?:intend|plan|aim)) (?:of|to)\b"),
    # Vendors that committed not to; agreements that forbid them
    (
        "third_no",
        r"\b(?:who|which|that) (?:have |has )?(?:committed|agreed|promised|undertaken|contracted)\b[^.;"
        r"|\n]{0,20}?\bnot\b",
    ),
    (
        "third_no",
        r"\b<thirds>\b[^.;|\n]{0,60}?\b(?:obliged|obligated|required|bound|committed"
        r"|instructed) (?:\w+ )?not(?: to)?\b",
    ),
    (
        "third_no",
        r"\b(?:requir|oblig|bind|ask|contract)\w* [^.;|\n]{0,30}?\b<thirds>\b[^.;|\n]{0,60}?\b(?:not|never)\b",
    ),
    ("third_no", r"\b(?:forbids?|prohibits?|bars?|prevents?|stops?) (?-i:[A-Z])\w+ from\b"),
    ("third_no", r"\b(?:forbids?|prohibits?|bars?|prevents?|stops?) (?:them|(?:such|these|our|those) \w+)\b"),
    # Our agreements with them guarantee that it is not
    (
        "third_no",
        r"\b(?:agreements?|contracts?|terms|arrangements?) (?:with|of)\b[^.;|\n]{0,60}?\b<thirds>\b[^.;|\n]{0,40}?"
        r"\b(?:guarantee|ensure|stipulate|state|provide|confirm)s?\b[^.;|\n]{0,60}?(?:\b(?:not|never)\b|n[’']t\b)",
    ),
    (
        "third_no",
        r"\bterms of (?:\w+ ){0,3}?<vendors>\b[^.;|\n]{0,40}?\b(?:prohibit|forbid|bar|rule out|exclude|preclude)s?\b",
    ),
    # Our agreements with them rule it out
    (
        "third_no",
        r"\b(?:agreements?|contracts?|arrangements?|commitments?|terms) (?:in (?:place|force) )?with\b[^.;|\n]{0,60}?"
        r"\b(?:prohibit|forbid|bar|prevent|restrict|preclude|rule out|exclude|do(?:es)?(?: not|n[’']t) (?:allow"
        r"|permit))s?\b",
    ),
    # Under our agreement, Acme may not
    (
        "third_no",
        r"\bunder (?:our|the|its) (?:agreement|contract|terms)(?: with \w+)?, (?-i:[A-Z])\w+(?: AI)? (?:may|must"
        r"|will|shall|does)"
        r" not\b",
    ),
    (
        "third_no",
        r"\b(?:contracts?|agreements?|terms|policies)\b[^.;|\n]{0,40}?\b(?:do(?:es)? not|never) (?:allow|permit"
        r"|let|authori[sz]e) (?:them|these|such|those|our|any) ?(?!use)",
    ),
    # Vendors may not; we do not let partners; we restrict providers
    (
        "third_no",
        r"\b<thirds>\b(?!, (?:and|or|nor|but)\b)(?:\s*\([^)]{0,60}\)|,)?<middle>\s+(?:<modal>|have"
        r" agreed)<middle>\s+<not>",
    ),
    ("third_no", r"\b<thirds>(?:,? (?:which|who|that))\s+(?:do|does|will|may|can) (?:not|never)\b"),
    (
        "third_no",
        r"\b<thirds> (?:must |shall |may |will |only )?(?!(?:and|or|nor|that|who|which|to)\b)\w+ "
        r"(?:(?!\b(?:we|our|users?|customers?|you (?:may|can|must|agree|will))\b)[^.;|\n]){0,90}?\b(?:and|but) "
        r"(?:do|does|will|must|shall) not\b",
    ),
    (
        "third_no",
        r"\b<thirds>\s+(?:also |\w+ly )?(?:<n't>|doesn['’]t|never)\b(?! (?:used|stored|shared|sold|kept|retained"
        r"|processed|trained)\b)",
    ),
    (
        "third_no",
        r"\b<thirds> (?:that |which |who )?we (?:\w+ ){1,3}?(?:do|does|may|will|shall|are|must) (?:not|never)\b",
    ),
    # We do not, and OpenAI does not; Anthropic processes the request and does not train; Google may train
    (
        "third_no",
        r"<provider>(?!['’]s\b| (?:user|account|customer|workspace|apps|drive|calendar|docs|apis?"
        r"|oauth)\b)(?:(?!\b(?:we|you|your use)\b|, \w+ (?:shall|will|may|does) )[^.;|\n]){0,120}?"
        r"(?:\b(?:do(?:es)?|will|may|shall|is|are|can) (?:not|never)\b|\b(?:never|doesn['’]t|won['’]t|don['’]t)\b"
        r"|\b(?:is|are) (?:contractually )?(?:prohibited|barred|forbidden)\b)",
    ),
    (
        "third_no",
        r"<provider> (?:ensures|confirms|states|commits|promises)\b[^.;|\n]{0,80}?\b(?:not|never)\b",
    ),
    (
        "third_no",
        r"<provider>['’]s (?:\w+ ){0,3}?(?:terms|policy|policies|agreements?) "
        r"(?:confirm|state|say|provide|ensure)s? that\b[^.;|\n]{0,80}?\b(?:not|never)\b",
    ),
    (
        "third_no",
        r"\bunder <provider>['’]s (?:\w+ ){0,3}?(?:terms|policy|policies|agreements?)\b[^.;|\n]{0,80}?\b(?:not"
        r"|never)\b",
    ),
    ("third_no", r"\b<thirds>\b[^.;|\n]{0,60}?\brestrictions? on (?:the |their )?(?:use|using|training)\b"),
    ("third_may", r"<provider> (?:may|might|can|could|will) (?!not\b|never\b)"),
    # … and is not used by them to train; Anthropic does not train on your data
    ("third_no", r"\b(?:[\w’'-]+,? )?(?:is|are|will|be)? ?(?:not|never) (?:be )?used <by them>"),
    # Terms with a provider that prohibit the use of
    (
        "third_no",
        r"\bunder (?:[\w-]+ ){0,3}?(?:terms|agreements?|contracts?|conditions) (?:that|which) "
        r"(?:\w+ly )?(?:prohibit|forbid|bar|prevent|exclude|preclude|rule out|do(?:es)? not (?:allow|permit))s?\b",
    ),
    (
        "third_no",
        r"\b(?:with|<vendors>['’]?s?)\b[^.;|\n]{0,80}?\b(?:terms|agreements?|contracts?)\b[^.;|\n]{0,30}?"
        r"\b(?:that|which) (?:prohibit|forbid|bar|prevent|exclude|preclude)s?\b",
    ),
    (
        "third_no",
        r"\b(?:forbid|prohibit|bar|prevent|stop)(?:s|ding|ring|ping|ing)?\s+(?:them|(?:such|these) \w+)\s+(?:to"
        r"|from)\b",
    ),
    (
        "third_no",
        r"\b(?:contractually )?(?:prohibit|forbid|restrict|prevent|bar)(?:s|ed|den|red)?\s+(?:\w+\s+){0,4}?<thirds>\b",
    ),
    (
        "third_no",
        r"\b(?:not|never|nor)\s+(?:\w+\s+){0,3}?(?:allow|permit|authori[sz]e|let|enable"
        r"|grant)(?:ing)?\s+(?:\w+\s+){0,3}?<thirds>\b",
    ),
    ("third_may", r"\b<thirds>\b<middle>\s+(?:may|can|will|could|might)\b"),
    ("third_may", r"\b(?:allow|permit|let|enable)s? them to\b"),
    ("third_may", r"\b(?:may|can|will|might|could) be (?:used|retained|accessed|processed) <by them>"),
    (
        "third_may",
        r"\b(?:compan(?:y|ies)|partners|third parties|organi[sz]ations) (?:that|which|who) (?:use|train|develop"
        r"|build)s?\b",
    ),
    # We do not let vendors; we do not, neither will we
    (
        "third_no",
        r"<we>(?:(?:do|will|shall|would) )?(?:not|never) (?:ever )?(?:allow|permit|authori[sz]e|let|enable)"
        r" (?:\w+ ){0,2}?<thirds>\b",
    ),
    (
        "platform_no",
        r"<we>(?:<do>\s+(?:\w+ly |also )?(?:not|never)\b(?! (?:want|obliged|obligated|required|bound)\b)"
        r"|<n't>(?! want)|never|haven['’]t|refuse|(?:commit|promise|agree)(?: to)? not)",
    ),
    ("platform_no", r"\b(?:nor|neither)\s+(?:do|does|will|shall|can|may|would)\s+(?:we|it|\w+)\b"),
    ("platform_no", r"\bwithout (?:using|training|allowing)\b"),
    ("platform_no", r"<we>(?:have )?(?:ended|stopped|ceased|discontinued)\b"),
    # Acme does not; your content is not used; no data will be
    (
        "someone_no",
        r"[\w.’'&)”\"-]+\s+(?:\([^)]{0,60}\)\s+)?(?:\w+ly |also )?(?:<do>\s+(?:\w+ly |also )?(?:not|never)\b"
        r"|doesn['’]t|isn['’]t|<n't>|never)(?!\s+(?:limited|want|wish|like|prefer|obligated|obliged|required|bound"
        r"|(?:affect|limit|restrict|impair)(?= (?:our|\S+['’]s) (?:\w+ )?(?:ability|rights?) to)"
        r"|(?:hereby )?consent(?! or))\b)",
    ),
    ("someone_no", r"(?:^|[:;]\s*|\()does (?:not|never)\b|\bnot using\b"),
    ("someone_no", r"\bno (?:user|customer|client|personal|private) (?:content|data|files?|information|inputs?)\b"),
    ("someone_no", r"\bneither\b[^.;|\n]{0,60}?\bnor\b[^.;|\n]{0,60}?\b(?:is|are|will|may|shall|do|does|can)\b"),
    ("someone_no", r"\bno\s+(?:[\w-]+\s+){1,5}?(?:is|are|will|shall|may|ever|be)\b|\bnone of\b"),
    # It is neither kept nor used; it plays no part; they keep nothing of it, for no other use
    (
        "someone_no",
        r"\b(?:is|are|be|was|were) neither\b[^.;|\n]{0,40}?\bnor\b",
    ),
    ("someone_no", r"\b(?:plays?|has|have|takes?) no (?:part|role|place) in\b|\bnot (?:a )?part of\b"),
    (
        "someone_no",
        r"\b(?:not|never) (?:used )?for any other (?:use|usage|purposes?)\b|\bfor no other (?:use|purpose)\b",
    ),
    ("someone_no", r"\b(?:is|are|be) (?:left|kept) out of\b|\bfree (?:of|from) (?:AI|model|any) training\b"),
    (
        "someone_no",
        r"\bnot (?:be )?(?:used|use|processed|shared|included|retained|employed|utili[sz]ed|sold|ingest\w*)\b",
    ),
    (
        "someone_no",
        r"\b(?:(?:we|is|are|be|been|always|automatically)\s+(?:\w+ly |also )?exclud(?:e|ed)|excludes)"
        r" (?:\w+ ){0,3}(?:from|model|training)\b",
    ),
    *PERMISSIONS,
)

_ANYWHERE = ("[", "(?:^")
"""How those phrases are written that may begin anywhere; all others begin with a word, or a comma after one."""


def _joined() -> Iterator[str]:
    """All phrases in order; those that begin with a word are tried where one begins, which takes half as long."""
    for anywhere, run in groupby(enumerate(_SIGNS), key=lambda sign: sign[1][1].startswith(_ANYWHERE)):
        phrases = "|".join(f"(?P<{name}_{i}>{filled(pattern, PARTS)})" for i, (name, pattern) in run)
        yield phrases if anywhere else rf"\b(?=[\w,])(?:{phrases})"


ANCHORS = re.compile("|".join(_joined()), re.IGNORECASE)
"""Finds the phrases; the name of the group that matched is the label (user_no, platform_may, …) and a number."""
