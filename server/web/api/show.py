"""From what the flows found to the answers of the API."""

from __future__ import annotations

from server.core.badge import Badge, content_stance, smaller_note
from server.core.model import Platform, Stance, Statement
from server.core.status import Answer, DocumentState, Status
from server.flows.lookup import Found
from server.flows.subscribe import FOLLOW_LINK
from server.store.signals import Shown
from server.store.tables import ChangeRow
from server.web.api.models import (
    BadgeAnswer,
    BrokenPromiseAnswer,
    ChangeAnswer,
    ChoiceAnswer,
    ContradictionAnswer,
    DocumentAnswer,
    Links,
    PlatformAnswer,
    QuestionAnswer,
    SignalAnswer,
    StatementAnswer,
)
from server.web.context import Context


def show_badge(badge: Badge) -> BadgeAnswer:
    """The badge as the API tells it."""
    return BadgeAnswer.model_validate(badge, from_attributes=True)


def show_question(answer: Answer, note: str = "") -> QuestionAnswer:
    """One question's answer with its sentence."""
    return QuestionAnswer(
        stance=answer.stance.value,
        subject=answer.reading.subject.value if answer.evidence else "none",
        models=answer.reading.models.value if answer.evidence else "none",
        quote=answer.quote,
        rule=answer.evidence.rule if answer.evidence else "",
        document=answer.document.id if answer.document else "",
        source_url=answer.source_url,
        fragment_url=answer.fragment_url,
        first_seen=answer.first_seen,
        note=note or answer.reading.reason,
    )


def show_statement(statement: Statement) -> StatementAnswer:
    """A statement as the API tells it."""
    return StatementAnswer(date=statement.date, speaker=statement.speaker, says=statement.says, source=statement.source)


def show_signal(row: Shown) -> SignalAnswer:
    """A signal's verdict as the API tells it."""
    return SignalAnswer.model_validate(row, from_attributes=True)


def show_broken_promise(family: str, platform: Platform) -> BrokenPromiseAnswer:
    """A promised signal that is missing."""
    page = platform.sample_page or platform.homepage or f"https://{platform.hosts[0]}/"
    text = f"{platform.name} says that its pages carry {family}; the page we looked at does not."
    return BrokenPromiseAnswer(family=family, page=page, text=text)


def show_change(row: ChangeRow, public_url: str) -> ChangeAnswer:
    """A change without its passages."""
    fields = {name: getattr(row, name) for name in ChangeAnswer.model_fields if name not in {"document", "url"}}
    document = row.document.partition("/")[2]
    return ChangeAnswer(**fields, document=document, url=f"{public_url}/changes/{row.id}")


def show_document(state: DocumentState) -> DocumentAnswer:
    """One policy text and its health."""
    document, reading = state.document, state.reading
    return DocumentAnswer(
        id=document.id,
        type=document.type,
        title=document.title or document.type,
        url=document.urls[0],
        binding=document.binding,
        region=document.region,
        language=document.language,
        training=(reading.training if reading else Stance.UNKNOWN).value,
        on_uploads=(content_stance(reading) if reading else Stance.UNKNOWN).value,
        sharing=(reading.sharing if reading else Stance.UNKNOWN).value,
        checked_at=state.checked_at,
        unchanged_since=state.unchanged_since,
        health=state.health,
    )


def show_platform(found: Found, host: str, context: Context) -> PlatformAnswer:
    """A platform's status."""
    status, change = found.status, found.last_change
    platform = status.platform
    return PlatformAnswer(
        platform=platform.id,
        name=platform.name,
        host=host,
        badge=show_badge(status.badge),
        training=show_question(status.training, smaller_note(status.training.reading)),
        sharing=show_question(status.sharing),
        anti_scraping=status.anti_scraping,
        operation=status.operation,
        contradictions=_contradictions(status),
        statements=[show_statement(statement) for statement in platform.statements],
        signals=[show_signal(row) for row in found.signals],
        broken_promises=[show_broken_promise(family, platform) for family in found.broken_promises],
        choices=[
            ChoiceAnswer(kind=choice.kind, scope=choice.scope, steps=list(choice.steps), url=choice.url)
            for choice in platform.choices
        ],
        last_change=show_change(change, context.public_url) if change else None,
        documents=[show_document(state) for state in status.documents],
        checked_at=status.checked_at,
        changed_at=change.happened_to if change else None,
        stale=status.stale,
        links=links(platform.id, context),
    )


def _contradictions(status: Status) -> list[ContradictionAnswer]:
    return [
        ContradictionAnswer(field=c.field, says=show_statement(c.statement), may=c.may.value, text=c.text)
        for c in status.contradictions
    ]


def links(platform: str, context: Context) -> Links:
    """Where to read on about a platform; `telegram` is empty when this server has no bot."""
    bot = context.settings.telegram_username
    return Links(
        page=f"{context.public_url}/platforms/{platform}",
        changes=f"{context.public_url}/v1/platforms/{platform}/changes",
        telegram=f"https://t.me/{bot}?start={FOLLOW_LINK}{platform}" if bot else "",
    )
