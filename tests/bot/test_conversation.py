"""Conversations over HTTP: what people write, and what they are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from server.store import follows, updates
from server.store.tables_people import ChatRow, FollowRow, UpdateRow
from server.wiring import Service
from tests.bot.conftest import Polling
from tests.botapi.server import BotApi

pytestmark = pytest.mark.usefixtures("bot")


def ask(api: BotApi, chat: int, text: str, **who: object) -> str:
    """Writes, and gives the first answer."""
    before = len(api.texts(chat))
    api.say(chat, text, **who)
    return str(api.wait_for(lambda: api.texts(chat)[before:])[0])


def press(api: BotApi, chat: int, button: str, user: int = 0) -> str:
    """Presses a button, and gives the next answer."""
    before = len(api.texts(chat))
    api.press(chat, button, user)
    return str(api.wait_for(lambda: api.texts(chat)[before:])[0])


def scopes(here: Service, chat: int) -> list[str]:
    """What a chat follows."""
    with here.read() as session:
        return [row.scope for row in follows.of_chat(session, chat)]


def test_from_a_deep_link_to_following_and_back(api: BotApi, here: Service) -> None:
    assert "SoundCloud" in ask(api, 7, "/start soundcloud")
    assert "You now follow SoundCloud." in press(api, 7, "Follow")
    assert scopes(here, 7) == ["platform:soundcloud"]
    assert "1 thing" in ask(api, 7, "/list")
    assert "You no longer follow SoundCloud." in ask(api, 7, "/unfollow soundcloud")
    assert scopes(here, 7) == []
    assert "You follow nothing yet" in ask(api, 7, "/list")


@pytest.mark.parametrize(
    ("asked", "scope"),
    [
        ("soundcloud", "platform:soundcloud"),
        ("SoundCloud", "platform:soundcloud"),
        ("https://soundcloud.com/some/track?x=1", "platform:soundcloud"),
        ("m.soundcloud.com", "platform:soundcloud"),
        ("all music", "category:music"),
        ("all music platforms", "category:music"),
        ("all", "all"),
    ],
)
def test_what_can_be_followed(api: BotApi, here: Service, asked: str, scope: str) -> None:
    assert "You now follow" in ask(api, 7, f"/follow {asked}")
    assert scopes(here, 7) == [scope]


def test_a_near_miss_is_offered_and_not_followed(api: BotApi, here: Service) -> None:
    assert "not watched here" in ask(api, 7, "/follow soundclod")
    assert scopes(here, 7) == []
    assert "You now follow SoundCloud." in press(api, 7, "SoundCloud")


@pytest.mark.parametrize("text", ["soundcloud", "Soundcloud", "https://soundcloud.com/x", "/status soundcloud"])
def test_a_name_or_an_address_gives_the_status(api: BotApi, text: str) -> None:
    answer = ask(api, 7, text)
    assert answer.startswith("SoundCloud") and "Not known yet" in answer


@pytest.mark.parametrize("text", ["what is this", "<b>hi</b> & co", "\u202eevil", "/nonsense", "x" * 4000, "🎵" * 50])
def test_anything_else_gets_a_helpful_answer(api: BotApi, text: str) -> None:
    answer = ask(api, 7, text)
    assert "not watched here" in answer or "/help" in answer


@pytest.mark.parametrize("command", ["status", "why", "history", "diff", "optout", "follow"])
def test_a_command_without_a_platform_says_how_to_name_one(api: BotApi, command: str) -> None:
    assert f"/{command} soundcloud" in ask(api, 7, f"/{command}")


def test_the_buttons_under_a_card(api: BotApi) -> None:
    ask(api, 7, "soundcloud")
    assert "why we say so" in press(api, 7, "Why")
    ask(api, 7, "soundcloud")
    assert "No change has been found" in press(api, 7, "History")
    ask(api, 7, "deviantart")
    assert "1. " in press(api, 7, "Opt out")


def test_every_language_has_its_menu(api: BotApi, bot: Polling) -> None:
    api.wait_for(lambda: ("pt", "") in api.world.commands)
    for language in ("", "de", "fr", "es", "pt"):
        names = [command["command"] for command in api.world.commands[(language, "")]]
        assert "follow" in names and "stats" not in names


def test_in_groups_only_admins_change_anything(api: BotApi, here: Service) -> None:
    api.world.admins[-5] = {11}
    assert "Only admins" in ask(api, -5, "/follow soundcloud", user=12)
    assert scopes(here, -5) == []
    assert "You now follow" in ask(api, -5, "/follow@clausewatch_bot soundcloud", user=11)
    assert scopes(here, -5) == ["platform:soundcloud"]


def test_a_topic_is_a_place_of_its_own(api: BotApi, here: Service) -> None:
    group = -1_000_000_000_005
    api.world.admins[group] = {11}
    ask(api, group, "/follow soundcloud", user=11, thread=42)
    with here.read() as session:
        assert [row.thread for row in session.scalars(select(FollowRow))] == [42]
    assert api.world.messages[-1]["thread"] == 42


def test_a_channel_follows_by_a_post_of_its_admins(api: BotApi, here: Service) -> None:
    api.world.names["@news"] = -1_000_000_000_777
    assert "You now follow" in ask(api, -1_000_000_000_777, "/follow soundcloud")
    with here.read() as session:
        assert session.get_one(ChatRow, -1_000_000_000_777).kind == "channel"


@pytest.fixture
def channel(api: BotApi) -> int:
    """A channel whose only admin is person 11, and which follows SoundCloud."""
    chat = -1_000_000_000_777
    api.world.names["@news"] = chat
    api.world.admins[chat] = {11}
    ask(api, chat, "/follow soundcloud")
    ask(api, chat, "/status soundcloud")
    return chat


def answers(api: BotApi) -> list[dict[str, object]]:
    """How presses were answered."""
    return [arguments for method, arguments in api.world.calls if method == "answerCallbackQuery"]


@pytest.mark.parametrize(
    ("button", "link"), [("Unfollow", "soundcloud"), ("Why", "soundcloud"), ("History", "soundcloud")]
)
def test_a_reader_of_a_channel_is_led_to_a_chat_of_his_own(
    api: BotApi, here: Service, channel: int, button: str, link: str
) -> None:
    posts = api.texts(channel)
    api.press(channel, button, user=12)
    (answer,) = api.wait_for(lambda: answers(api))
    assert answer["url"] == f"https://t.me/clausewatch_bot?start={link}"
    assert scopes(here, channel) == ["platform:soundcloud"] and api.texts(channel) == posts


def test_a_reader_of_a_channel_sets_nothing_up(api: BotApi, here: Service, channel: int) -> None:
    ask(api, channel, "/list")
    posts = api.texts(channel)
    api.press(channel, "SoundCloud", user=12)
    (answer,) = api.wait_for(lambda: answers(api))
    assert "Only admins" in str(answer["text"]) and api.texts(channel) == posts


def test_an_admin_of_a_channel_presses_what_he_likes(api: BotApi, here: Service, channel: int) -> None:
    assert "no longer follow" in press(api, channel, "Unfollow", user=11)
    assert scopes(here, channel) == []


def test_deleting_leaves_nothing_and_says_so(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/delete")
    api.press(7, "Delete everything")
    api.wait_for(lambda: "chats: 0, follows: 0, deliveries: 0" in api.texts(7)[-1])
    with here.read() as session:
        assert session.get(ChatRow, 7) is None
    # The update that asked for it is wiped as well, as soon as it is handled.
    api.wait_for(lambda: _contents(here) == [{}] * len(_contents(here)))


def _contents(here: Service) -> list[object]:
    with here.read() as session:
        return list(session.scalars(select(UpdateRow.data)))


def test_a_blocked_bot_sleeps_and_wakes(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    api.member(7, "member", "kicked")
    api.wait_for(lambda: _state(here, 7) == "blocked")
    api.member(7, "kicked", "member")
    api.wait_for(lambda: _state(here, 7) == "active")
    assert scopes(here, 7) == ["platform:soundcloud"]


def _state(here: Service, chat: int) -> str:
    with here.read() as session:
        return session.get_one(ChatRow, chat).state


def test_inline_in_any_chat(api: BotApi) -> None:
    api.ask_inline(7, "soundcl")
    call = api.wait_for(lambda: [a for m, a in api.world.calls if m == "answerInlineQuery"])[0]
    assert [result["title"] for result in call["results"]] == ["SoundCloud"]


def test_two_pollers_at_once_are_one(api: BotApi, here: Service, bot: Polling) -> None:
    ask(api, 7, "/help")
    second = Polling(here)
    with pytest.MonkeyPatch.context() as patch:
        # Threads of one process are one holder.
        patch.setattr("server.store.leases.this_process", lambda: "another process")
        second.thread.start()
        for number in range(5):
            ask(api, 7, f"/status soundcloud {number}")
        assert len(api.texts(7)) == 6
        bot.stop()
        ask(api, 7, "/help")
        second.stop()


def test_an_update_is_answered_once_even_when_telegram_repeats_it(api: BotApi, here: Service) -> None:
    ask(api, 7, "/help")
    with here.write() as session:
        number = updates.newest(session)
        assert not updates.keep(session, number, {}, datetime.now(UTC))
