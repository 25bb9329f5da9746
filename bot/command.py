"""What a command is: its name, its line in the menu, what it does, and the buttons it answers to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.i18n import Words
from bot.talk import Talk

Press = Callable[[Talk, tuple[str, ...]], Awaitable[None]]
"""Answers a press of a button; gets what stood behind the verb in the callback data."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the bot."""

    name: str
    says: Callable[[Words], str]
    """Its line in Telegram's menu and in /help."""
    run: Callable[[Talk], Awaitable[None]]
    changes: bool = False
    """Whether it changes what a chat follows: in groups only admins may."""
    operator: bool = False
    """Whether only those who run the server may use it."""
    presses: Mapping[str, Press] = field(default_factory=dict)
    """Verb of callback data → answer."""
    presses_change: bool = False
    """Whether its buttons change what a chat follows."""
