"""What a fetched page is: a policy, a wall before it, an error under whatever status, or a shell that scripts fill."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.core.model import CaptureKind

SHORT = 3000
"""Characters. A wall or error page says little; a longer text is a policy, whatever words are in it."""
EMPTY = 200
"""Characters. Less is a fragment, a shell or nothing."""
_OPENING = 400
NOTICE = 60
"""Characters. A longer first line that speaks of an error is no notice of one."""
_SHELL_SCRIPTS = 2
_LINES = re.compile(r"\n\s*\n")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Sign:
    """What gives a kind of page away."""

    kind: CaptureKind
    reason: str
    text: re.Pattern[str] = _NEVER
    """Words anywhere in the text."""
    opening: re.Pattern[str] = _NEVER
    """Words of the title or of one of the first lines."""
    markup: re.Pattern[str] = _NEVER

    def seen(self, text: str, openings: list[str], html: str) -> bool:
        """Whether a short page shows it."""
        return bool(self.text.search(text) or any(map(self.opening.search, openings)) or self.markup.search(html))


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_SIGNS = (
    _Sign(
        CaptureKind.WALL,
        "blocked by a bot wall",
        text=_any(
            r"\b(?:verify|confirm|prove|checking|make sure)\b.{0,30}\byou(?:['’]| a)re (?:an? )?(?:human|real|not a)\b",
            r"\bmaking sure you(?:['’]| a)re not a\b",
            r"\bchecking (?:your|if the site|the security of your)\b.{0,40}\b(?:browser|secure|connection)\b",
            r"\bunusual (?:traffic|activity) (?:from|coming from|has been detected)\b",
            r"\breview the security of your connection\b",
            r"\bcomplete the (?:security check|captcha|challenge) (?:below|to (?:continue|proceed|access))\b",
            r"\bpress (?:&|and) hold\b.{0,30}\b(?:confirm|button)\b",
            r"\bray id\b",
            r"\b(?:you have been|you['’]ve been|request (?:has been|was|is)) blocked\b",
            r"\bmade us think (?:that )?you (?:were|are|might be) a (?:ro)?bot\b",
            r"\bverifying your browser\b",
            r"\bincapsula incident id\b",
            r"\bthe requested url was rejected\b.{0,60}\bconsult with your administrator\b",
            r"\benable (?:cookies|javascript) and (?:cookies|javascript) to continue\b",
            r"\byou don['’]t have permission to access\b.{0,200}\breference\b",
        ),
        opening=_any(
            r"^just a moment\b",
            r"^attention required\b",
            r"^access (?:to this page )?(?:has been |is )?denied\b",
            r"^pardon our interruption\b",
            r"^are you (?:an? )?(?:human|robot)\b",
            r"^(?:human|bot) verification\b",
            r"^security (?:check|verification)$",
            r"\bsecurity checkpoint$",
            r"^(?:client challenge|challenge validation)$",
            r"^establishing a secure connection\b",
            r"^robot or human\b",
            r"^ddos[- ]guard\b",
            r"^(?:verifying|verify) (?:that )?(?:your browser|you)\b",
            r"^one more step\b",
        ),
        markup=_any(
            r"_cf_chl_opt",
            r"cf-browser-verification",
            r"id=[\"']?px-captcha",
            r"\bcaptcha-delivery\.com\b",
            r"/149e9513-01fa-4fb0-aad4-566afd725d1b/",  # where Kasada's script lies on every site
            r"/_Incapsula_Resource\?",
            r"awswaf\.com/[^\"']{0,80}/challenge",
            r"sec-if-cpt-container",
        ),
    ),
    _Sign(
        CaptureKind.WALL,
        "covered by a consent or cookie wall",
        text=_any(
            r"\b(?:choose|select) an option to continue\b",
            r"\bto continue (?:to|using|on) (?:the|this|our) (?:site|website|page)\b.{0,60}\b(?:accept|consent)\b",
            r"\b(?:accept|consent to) (?:all )?(?:our |the use of )?cookies to (?:continue|access|view|see)\b",
            r"\bour \d{2,4} (?:advertising |trusted |technology )?partners\b",
            r"\bif you click [\"'“‘]?accept all\b.{0,40}\bpartners\b",
        ),
        opening=_any(r"^before you continue\b", r"^we value your privacy$", r"^your (?:cookie|privacy) choices$"),
    ),
    _Sign(
        CaptureKind.WALL,
        "covered by an age check",
        text=_any(
            r"\b(?:confirm|verify) (?:that )?you(?:['’]re| are) (?:over|at least|of legal) ?(?:\d|age)",
            r"\byou must be (?:over|at least) \d\d .{0,40}\bto (?:enter|view|continue)\b",
        ),
    ),
    _Sign(
        CaptureKind.WALL,
        "not shown in this country",
        text=_any(r"\b(?:isn['’]t|not|un) ?available in your (?:country|region|location)\b"),
    ),
    _Sign(
        CaptureKind.WALL,
        "hidden behind a log-in",
        text=_any(r"\b(?:log|sign) ?in (?:to your account )?to (?:continue|view|see|read)\b"),
        opening=_any(r"^(?:please )?(?:log|sign) ?in\b(?! with us)", r"^you must be logged in\b"),
    ),
    _Sign(
        CaptureKind.ERROR,
        "an error page that says it is fine: the page is not there",
        opening=_any(
            r"^\W{0,3}(?:error )?404\b",
            r"\bpage (?:was |could |can ?)?not (?:be )?(?:found|available)\b",
            r"^not found\b",
            r"\bpage (?:isn['’]t|is not|is no longer) available\b",
            r"\b(?:couldn|can)(?:['’]t|not) find (?:the|that|this|your) page\b",
            r"\bpage you(?:['’]re| are| were|['’]ve)? ?(?:looking for|requested|seeking)\b",
            r"\bpage (?:doesn['’]t|does not) exist\b",
        ),
    ),
    _Sign(
        CaptureKind.ERROR,
        "an error page that says it is fine: nobody runs a site there",
        text=_any(
            r"\bthis domain (?:name )?(?:is|may be) (?:for sale|parked)\b",
            r"\bthe domain (?:name )?(?:\S+ )?has expired\b",
            r"\bthis (?:account|site|website) has been suspended\b.{0,60}\b(?:hosting|provider)\b",
        ),
        opening=_any(
            r"^\S+\.\w+ is (?:for sale|parked)\b",
            r"^account suspended$",
            r"^welcome to (?:nginx|openresty|caddy|centos|apache)\b",
            r"^apache2? .{0,40}\b(?:default|test) page\b",
            r"^it works!$",
        ),
    ),
    _Sign(
        CaptureKind.ERROR,
        "an error page that says it is fine: the site is in trouble",
        opening=_any(
            r"^\W{0,3}(?:error )?50[0234]\b",
            r"\bsomething went wrong\b",
            r"^internal server error\b",
            r"\b(?:service|site|page|temporarily) (?:is )?(?:temporarily )?unavailable\b",
            r"^bad gateway\b",
            r"^gateway time-?out\b",
            r"\b(?:down for|under|scheduled) maintenance\b",
            r"\bwe(?:['’]ll| will) be (?:right )?back\b",
            r"^too many requests\b",
            r"^an error (?:has )?occurred\b",
        ),
    ),
)

_DRAWN = "draws its text with scripts: needs a browser"
_NEEDS_SCRIPTS = _any(
    r"\b(?:enable|turn on|activate|requires?|needs?)\b.{0,20}\bjava ?script\b",
    r"\bjava ?script\b.{0,40}\b(?:required|disabled|enabled)\b",
)
_SHELL = re.compile(
    r"<(?:div|main|section)[^>]{0,200}\bid=[\"']?(?:root|app|__next|__nuxt|react-root|main-app|gatsby|svelte)\b|<app-root\b",
    re.IGNORECASE,
)
_PUZZLE = _any(
    r"\bclass=[\"']?(?:[\w -]* )?(?:h-captcha|g-recaptcha|cf-turnstile)\b",
    r"\bchallenges\.cloudflare\.com/turnstile/",
)
_REFRESH = re.compile(
    r"<meta\s[^>]{0,200}?http-equiv=[\"']?refresh\b[^>]{0,200}?\burl=[\"']?([^\"'>\s]+)", re.IGNORECASE
)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def classify(status: int, text: str, html: bytes | str, title: str = "", url: str = "") -> tuple[CaptureKind, str]:
    """The kind of a page and, for anything but a policy, why in plain words; `text` is what was extracted of `html`."""
    if len(text) >= SHORT and status < 400:
        broken = opens_with_error(text)
        return (CaptureKind.ERROR, "one of its pages is not there") if broken else (CaptureKind.POLICY, "")
    if len(text) >= SHORT:
        return CaptureKind.ERROR, f"the page answers {status}"
    markup = html if isinstance(html, str) else html.decode("utf-8", "replace")
    openings = [title.strip(), *(line.strip("# *") for line in _LINES.split(text[:_OPENING])[:3])]
    for sign in _SIGNS:
        if sign.seen(text, openings, markup):
            return sign.kind, sign.reason
    if status >= 400:
        return CaptureKind.ERROR, f"the page answers {status}"
    return _empty(text, markup) if len(text) < EMPTY else (CaptureKind.POLICY, "")


def opens_with_error(text: str) -> bool:
    """Whether a text begins with the notice of an error page: of several pages put together, one was not there."""
    opening = text.lstrip().partition("\n")[0].strip("# *\r")
    return len(opening) <= NOTICE and any(s.opening.search(opening) for s in _SIGNS if s.kind is CaptureKind.ERROR)


def _empty(text: str, html: str) -> tuple[CaptureKind, str]:
    if onward := _REFRESH.search(html):
        return CaptureKind.ERROR, f"only leads on to {onward[1][:200]}: name that address"
    scripted = len(_SCRIPT.findall(html))
    if _NEEDS_SCRIPTS.search(html) or (scripted and _SHELL.search(html)):
        return CaptureKind.NEEDS_BROWSER, _DRAWN
    if _PUZZLE.search(html):  # forms have one, too, but beside a text
        return CaptureKind.WALL, "blocked by a bot wall"
    if _is_shell(text, html, scripted):
        return CaptureKind.NEEDS_BROWSER, _DRAWN
    return CaptureKind.NEAR_EMPTY, "has next to no text"


def _is_shell(text: str, html: str, scripts: int) -> bool:
    return scripts >= _SHELL_SCRIPTS and len(html) > 20 * max(len(text), 50)
