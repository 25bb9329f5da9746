"""Conversations over HTTP: what people write, and what they are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from server.store import chats, follows, updates
from server.store.tables_people import ChatRow, FollowRow, UpdateRow
from server.wiring import Service
from tests.bot.conftest import Polling
from tests.botapi.faults import Fault
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
        ("all platforms", "all"),
    ],
)
def test_what_can_be_followed(api: BotApi, here: Service, asked: str, scope: str) -> None:
    assert "You now follow" in ask(api, 7, f"/follow {asked}")
    assert scopes(here, 7) == [scope]


def test_unfollow_all_shows_what_is_left_when_all_was_not_followed(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    assert "You did not follow All platforms." in ask(api, 7, "/unfollow all")
    api.wait_for(lambda: "You follow 1 thing." in api.texts(7)[-1])


def test_a_near_miss_is_offered_and_not_followed(api: BotApi, here: Service) -> None:
    assert "not watched here" in ask(api, 7, "/follow soundclod")
    assert scopes(here, 7) == []
    assert "You now follow SoundCloud." in press(api, 7, "SoundCloud")


@pytest.mark.parametrize(
    "text",
    [
        "soundcloud",
        "Soundcloud",
        "https://soundcloud.com/x",
        "/status soundcloud",
        "/status@clausewatch_bot soundcloud",
    ],
)
def test_a_name_or_an_address_gives_the_status(api: BotApi, text: str) -> None:
    answer = ask(api, 7, text)
    assert answer.startswith("SoundCloud") and "Not known yet" in answer


@pytest.mark.parametrize(
    "text", ["Listen: https://on.soundcloud.com/a1?x=2!", "Ann sent you\nhttps://soundcloud.com/a."]
)
def test_what_an_app_shares_gives_the_status(api: BotApi, text: str) -> None:
    assert ask(api, 7, text).startswith("SoundCloud")


def test_a_question_that_names_a_platform_offers_it(api: BotApi) -> None:
    assert "Did you mean" in ask(api, 7, "Is soundcloud fair?")
    assert press(api, 7, "SoundCloud").startswith("SoundCloud")


@pytest.mark.parametrize("text", ["/diff ²", "/diff 9999999999999", "/diff №", "/history ٣", "саундклауд", "搜云"])
def test_other_scripts_and_strange_numbers_get_an_answer(api: BotApi, text: str) -> None:
    assert "Something broke" not in ask(api, 7, text)


def test_the_copy_of_a_channels_post_in_its_group_is_not_answered_again(api: BotApi) -> None:
    group = -1_000_000_000_005
    message = api.world.message(group, "/status soundcloud", user=777000)
    channel = {"id": -1001, "type": "channel", "title": "x"}
    api.happen(message=message | {"is_automatic_forward": True, "sender_chat": channel})
    assert "/follow" in ask(api, group, "/help", user=11)
    assert len(api.texts(group)) == 1


def test_an_anonymous_admin_may_and_another_channel_may_not(api: BotApi, here: Service) -> None:
    group = -1_000_000_000_005
    for who, text in ((-1001, "Only admins"), (group, "You now follow")):
        before = len(api.texts(group))
        message = api.world.message(group, "/follow soundcloud", user=1087968824)
        api.happen(message=message | {"sender_chat": {"id": who, "type": "supergroup", "title": "x"}})
        assert text in api.wait_for(lambda b=before: api.texts(group)[b:])[0]
    assert scopes(here, group) == ["platform:soundcloud"]


def test_an_edited_message_is_not_heard_again(api: BotApi, here: Service) -> None:
    api.happen(edited_message=api.world.message(7, "/follow soundcloud") | {"edit_date": 1})
    ask(api, 7, "/help")
    assert len(api.texts(7)) == 1 and scopes(here, 7) == []


def test_a_button_of_a_message_that_is_gone_is_answered_anew(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    gone = api.world.messages.pop()
    settings = gone["markup"]["inline_keyboard"][0][0]["callback_data"]
    api._press(7, gone, settings, 7)
    assert api.wait_for(lambda: api.texts(7))[0].startswith("SoundCloud")


def test_a_page_that_is_no_longer_there_shows_the_last_one(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/list")
    api._press(7, api.world.messages[-1], "l:3", 7)
    api.wait_for(lambda: [m for m, _ in api.world.calls if m == "answerCallbackQuery"])
    ask(api, 7, "/help")
    assert "SoundCloud" in str(api.world.messages[-2]["markup"])


@pytest.mark.parametrize("data", ["s:gone", "y:gone", "h:gone:0", "o:gone", "f:gone", "F:category:gone", "u:gone"])
def test_a_button_for_what_has_left_the_catalogue_says_so(api: BotApi, data: str) -> None:
    ask(api, 7, "soundcloud")
    api._press(7, api.world.messages[-1], data, 7)
    told = api.wait_for(lambda: api.texts(7)[1:])[0]
    assert "not watched here" in told or "did not follow gone" in told


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
    api.wait_for(lambda: "chats: 0, subscriptions: 0, notices: 0" in api.texts(7)[-1])
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


def test_a_chat_that_can_be_answered_again_wakes(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    with here.write() as session:
        chats.block(session, 7, "not enough rights")
    ask(api, 7, "/list")
    api.wait_for(lambda: _state(here, 7) == "active")


def test_inline_speaks_the_language_of_who_asks_and_of_nobody_else(api: BotApi) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/lang fr")
    for user, language, says in ((8, "de-AT", "Noch nicht bekannt"), (7, "en", "Pas encore connu")):
        before = len(api.world.calls)
        api.ask_inline(user, "soundcl", language)
        calls = api.wait_for(lambda b=before: [a for m, a in api.world.calls[b:] if m == "answerInlineQuery"])
        (result,) = calls[0]["results"]
        assert says in result["description"] and says in result["input_message_content"]["message_text"]
        assert calls[0]["is_personal"] == "true"


def test_a_chat_that_takes_no_more_answers_gets_no_notices_meanwhile(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    api.fail(Fault("limited", chat=7, times=1, retry_after=2))
    api.say(7, "/help")
    api.wait_for(lambda: _next(here, 7))
    api.wait_for(lambda: len(api.texts(7)) == 2)


def _next(here: Service, chat: int) -> object:
    with here.read() as session:
        return session.get_one(ChatRow, chat).next_at


@pytest.mark.parametrize("query", ["sound cloud", "Sound-Cl", "soundcloud.com"])
def test_inline_hears_other_spellings(api: BotApi, query: str) -> None:
    api.ask_inline(7, query)
    call = api.wait_for(lambda: [a for m, a in api.world.calls if m == "answerInlineQuery"])[0]
    assert call["results"][0]["title"] == "SoundCloud"


def test_inline_in_any_chat(api: BotApi) -> None:
    api.ask_inline(7, "soundcl")
    call = api.wait_for(lambda: [a for m, a in api.world.calls if m == "answerInlineQuery"])[0]
    assert [result["title"] for result in call["results"]] == ["SoundCloud"]


def test_one_who_floods_the_bot_keeps_nobody_else_waiting(api: BotApi) -> None:
    for _ in range(60):
        api.say(7, "/lang")  # Telegram takes three answers a second in one chat
    assert "/follow" in ask(api, 8, "/help")
    assert len(api.texts(7)) < 20


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
