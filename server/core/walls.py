"""What a page that was fetched really is: a policy, or a wall, an error, an empty shell that says 200."""

from __future__ import annotations

import re

from server.core.model import CaptureKind

FEW_WORDS = 60
"""A policy has more words than this."""
SHORT_PAGE = 260
"""A wall's words fit in this; a longer text that mentions captchas or cookies is a policy that mentions them."""

_BOT_WALL = re.compile(
    r"verify (?:that )?you(?: are|'re)? (?:not a robot|(?:a )?human)|checking (?:if the site connection|your browser)|"
    r"enable javascript and cookies to continue|unusual traffic|are you a robot|press (?:and|&) hold|"
    r"complete the security check|please (?:complete|solve) the captcha|access (?:to this page )?(?:has been|is) "
    r"(?:denied|blocked)|request (?:was )?blocked|attention required|ddos protection|ray id|just a moment",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:we|and our partners) (?:use|value|store)[^.]{0,60}(?:cookies|your privacy|information on)|before you continue|"
    r"accept all(?: cookies)?|cookie (?:preferences|settings|consent)|manage (?:consent|preferences|choices)|"
    r"reject all",
    re.IGNORECASE,
)
_LOG_IN = re.compile(
    r"\b(?:log|sign) ?in to (?:continue|view|your account)|please (?:log|sign) ?in\b|"
    r"create an account to (?:continue|view)",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:404|page (?:not found|doesn.t exist|does not exist|cannot be found)|something went wrong|bad gateway|"
    r"internal server error|service (?:is )?(?:temporarily )?unavailable|under maintenance|be right back|"
    r"an error (?:has )?occurred)\b",
    re.IGNORECASE,
)
_CHALLENGE_MARKS = re.compile(
    r"cf-challenge|cf_chl_|challenge-platform|captcha-delivery\.com|_incapsula_resource|px-captcha|g-recaptcha|hcaptcha",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(r"<(?:script|noscript)\b", re.IGNORECASE)
_APP_ROOT = re.compile(r"id=[\"'](?:root|app|__next|__nuxt|main-app|react-root)[\"']", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def classify(status: int, text: str, html: str, title: str = "", url: str = "") -> tuple[CaptureKind, str]:
    """The kind of a page, and in plain words why it is no policy; `text` is what was extracted from `html`."""
    if status >= 400:
        return CaptureKind.ERROR, f"the page answers {status}"
    words = len(_WORD.findall(text[: SHORT_PAGE * 40]))
    if words > SHORT_PAGE:
        return CaptureKind.POLICY, ""
    return _short(words, f"{title}\n{text}", html)


def _short(words: int, shown: str, html: str) -> tuple[CaptureKind, str]:
    """A short page: what it says decides."""
    if _CHALLENGE_MARKS.search(html) or _BOT_WALL.search(shown):
        return CaptureKind.WALL, "blocked by a bot wall"
    if _ERROR.search(shown):
        return CaptureKind.ERROR, "an error page that says it is fine"
    if _LOG_IN.search(shown):
        return CaptureKind.WALL, "asks to log in"
    if _CONSENT.search(shown) and words < FEW_WORDS * 2:
        return CaptureKind.WALL, "shows a cookie or consent page only"
    if words < FEW_WORDS:
        if _SCRIPTED.search(html) and (_APP_ROOT.search(html) or words < 15):
            return CaptureKind.NEEDS_BROWSER, "draws its text with scripts: needs a browser"
        return CaptureKind.NEAR_EMPTY, "has next to no text"
    return CaptureKind.POLICY, ""
