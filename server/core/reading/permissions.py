"""The phrases that tell that somebody may: the last of those in `signs.py`, where they take their place."""

from __future__ import annotations

PERMISSIONS = (
    # We may; you grant us the right; it is used
    (
        "platform_may",
        r"(?<!that )(?<!which )(?<!than )<we>(?:may|might|can|will|also|could|shall|are|have|use|uses|collect"
        r"|process|analy[sz]e|leverage|utili[sz]e|train|develop|improve|share|disclose|rely|need|take)\b",
    ),
    ("platform_may", r"(?<!that )(?<!which )(?<!than )<we>$"),
    (
        "grant_may",
        r"\b(?:you|<creators>|publishers?|licensors?)\b[^.;:|\n]{0,60}?\b(?:grant|licen[sc]e|authori[sz]e|allow"
        r"|permit|consent|acknowledge|understand|agree)s?\b(?!:?\s+not)",
    ),
    ("grant_may", r"\b\w+s who\b[^.;|\n]{0,60}?\b(?:allow|permit|let|authori[sz]e|license)s? us\b"),
    (
        "grant_may",
        r"\b(?:permission|consent|authori[sz]ation) (?:for|to) (?:us|(?-i:[A-Z])\w+) to\b"
        r"|\b(?:right|licen[sc]e) (?:for us|to us|to use)\b(?! (?:and access )?(?:our\b|(?:the|this|these) "
        r"(?:\w+ )?(?:services?|software|sites?|platform|apis?|apps?|models?|products?)\b))",
    ),
    (
        "user_may",
        r"\b(?:you|users?|customers?|members?|developers?)\s+(?:may|can|might|could)\b(?!\s+(?:not|never|only)\b)",
    ),
    ("user_may", r"\b(?:enables|lets) (?:you|users|customers|members|your \w+)\b(?! (?:grant|agree|consent|opt)\b)"),
    ("user_may", r"\b(?:expects?|encourages?|urges?) (?:all |our |its |any |other )*<users>\b"),
    ("user_may", r"\b(?:researchers?|institutions?|academics?|universities)\b<middle>\s+(?:may|can)\b"),
    (
        "user_may",
        r"\b(?:must|shall|should|need to) (?:clearly |also )?(?:say|state|disclose|declare|label|explain|tell)\b",
    ),
    (
        "user_may",
        r"\b(?:if|when|where) you (?:use|train|fine-tune|create|distribute|build|develop)\b"
        r"(?![^.;:|\n]{0,80}, (?:we|your|our|they|it)\b)",
    ),
    (
        "user_may",
        r"\bgrants? (?:to )?(?:you|customer|users?|licensee|each user)\b|\b(?:you|customer) (?:is"
        r"|are) (?:solely |fully )?responsible\b"
        r"|\b(?:provide|give|offer)s? (?:to )?(?:you|users?|customers?) (?:with )?(?:a |an |the )?(?:ability"
        r"|functionality|options?|tools?|means)\b",
    ),
    (
        "someone_may",
        r"\b(?:is|are|was|were|may be|will be|can be|be|being)\s+(?:also |then |further |\w+ly )?(?:used"
        r"|processed|analy[sz]ed|leveraged|utili[sz]ed|included|made available)\b",
    ),
    ("someone_may", r"\b(?-i:[A-Z])\w+ (?:may|will|can|also|uses|processes|collects)\b"),
)
