"""One error tree. Each error knows whether trying again can help, and when."""

from __future__ import annotations


class ClausewatchError(Exception):
    """Base of everything this project raises on purpose.

    The message is one line for a person and says what to do. `permanent` is true when the same call
    cannot succeed without a change on our side or theirs; `retry_after` is in seconds, when known.
    """

    permanent = True
    retry_after: float | None = None

    def __init__(self, message: str, *, permanent: bool | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        if permanent is not None:
            self.permanent = permanent
        if retry_after is not None:
            self.retry_after = retry_after


class SettingsError(ClausewatchError):
    """A setting is missing or wrong: names variable, value and remedy."""


class CatalogueError(ClausewatchError):
    """A catalogue file is wrong: names file, key and what to write."""


class UnknownPlatform(ClausewatchError):
    """No platform of that id or host is in the catalogue."""


class Unusable(ClausewatchError):
    """What somebody sent cannot be used: says what to send instead."""


class StoreError(ClausewatchError):
    """The database cannot be used."""

    permanent = False


class QueueError(ClausewatchError):
    """Redis cannot be used."""

    permanent = False


class UnreadableText(ClausewatchError):
    """The bytes hold no text that can be read."""


class SourceError(ClausewatchError):
    """A page, feed or archive could not be fetched. `cause` is a short word for tables and alarms."""

    permanent = False
    cause = "unreachable"
    answer: object = None
    """The answer behind the error, where there was one: a wall often comes with an error status."""


class Refused(SourceError):
    """We do not fetch this: a private address, a scheme or port that is not allowed, or robots.txt says no."""

    permanent = True
    cause = "refused"


class TooLarge(SourceError):
    """The answer is larger than the cap, as sent or unpacked."""

    permanent = True
    cause = "too large"


class Deadline(SourceError):
    """The answer did not come whole within the total deadline."""

    cause = "too slow"


class Incomplete(SourceError):
    """The answer was cut short."""

    cause = "incomplete"


class RateLimited(SourceError):
    """The other side asks us to wait: `retry_after` says how long."""

    cause = "rate limited"
    retry_after = 60.0


class Gone(SourceError):
    """The address answers 404 or 410."""

    permanent = True
    cause = "gone"
    status = 404


class ServerTrouble(SourceError):
    """The other side answers 5xx."""

    cause = "server error"


class NeedsBrowser(SourceError):
    """The page draws its text with scripts, and no browser is set up."""

    permanent = True
    cause = "needs a browser"


class Busy(ClausewatchError):
    """Another process holds the lease; try again later."""

    permanent = False
    retry_after = 5.0
