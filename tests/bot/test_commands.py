"""The commands that set things up, and those of operators; over HTTP."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot import commands
from server.core.errors import SourceError
from server.sources import addresses
from server.store import follows, outbox, suggestions
from server.store.tables import ChangeRow
from server.store.tables_people import ChatRow, FollowRow
from server.wiring import Service
from tests.bot.test_conversation import ask, press
from tests.botapi.server import BotApi
from tests.store.test_outbox import a_change

pytestmark = pytest.mark.usefixtures("bot")
OPERATOR = 99


def the_follow(here: Service, chat: int = 7) -> FollowRow:
    """The only subscription of a chat."""
    with here.read() as session:
        (row,) = follows.of_chat(session, chat)
        return row


def test_every_command_is_in_its_file_and_documented(api: BotApi) -> None:
    for name in commands.ALL:
        assert commands.command(name).name == name
    assert all(f"/{name} " in ask(api, 8, "/help") + " " for name in commands.EVERYBODY[:3])


def test_a_deep_link_follows_and_shows(api: BotApi, here: Service) -> None:
    api.say(7, "/start follow_soundcloud")
    api.wait_for(lambda: len(api.texts(7)) == 2)
    followed, card = api.texts(7)
    assert followed.startswith("You now follow SoundCloud.") and card.startswith("SoundCloud")
    assert the_follow(here).scope == "platform:soundcloud"


@pytest.mark.parametrize("link", ["soundcloud", "follow_nothing", "follow_"])
def test_any_other_deep_link_follows_nothing(api: BotApi, here: Service, link: str) -> None:
    ask(api, 7, f"/start {link}")
    with here.read() as session:
        assert follows.of_chat(session, 7) == []


def test_a_deep_link_shows_a_change(api: BotApi, here: Service) -> None:
    with here.write() as session:
        number = a_change(session).id
    assert ask(api, 7, f"/start diff_{number}").startswith("SoundCloud · Terms of Use")
    assert "no such change" in ask(api, 7, "/start diff_77")
    assert "not watched" in ask(api, 7, "/start diff_x")


def test_a_deep_link_into_a_group_follows_for_admins_and_says_so_to_others(api: BotApi, here: Service) -> None:
    api.world.admins[-5] = {11}
    assert "Only admins" in ask(api, -5, "/start@clausewatch_bot follow_soundcloud", user=12)
    api.wait_for(lambda: len(api.texts(-5)) == 2)
    assert "You now follow" in ask(api, -5, "/start@clausewatch_bot follow_bandcamp", user=11)
    assert the_follow(here, -5).scope == "platform:bandcamp"


def test_settings_by_buttons(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    press_and_wait(api, here, "Settings", lambda row: True)
    for button, field, value in [
        ("Smaller changes too", "level", "notable"),
        ("Only worse", "direction", "worse"),
        ("Once a day", "digest", "daily"),
        ("22-7", "quiet_from", 1320),
        ("Wording", "kinds", ",training,sharing,anti_scraping,operation,ai_features,conduct,"),
        ("de", "language", "de"),
    ]:
        api.press(7, button)
        api.wait_for(lambda f=field, v=value: getattr(the_follow(here), f) == v)
    api.wait_for(lambda: "Auch kleinere Änderungen" in api.texts(7)[-1])
    ticked = [b["text"] for row in api.world.messages[-1]["markup"]["inline_keyboard"] for b in row if "✓" in b["text"]]
    assert {"✓ Auch kleinere Änderungen", "✓ Nur schlechter", "✓ Einmal am Tag", "✓ 22-7", "✓ de"} < set(ticked)
    assert "✓ Wortlaut" not in ticked


def press_and_wait(api: BotApi, here: Service, button: str, until: object) -> None:
    """Presses a button whose answer replaces the message."""
    before = len(api.world.calls)
    api.press(7, button)
    api.wait_for(lambda: any(m in ("editMessageText",) for m, _ in api.world.calls[before:]))


@pytest.mark.parametrize(
    ("words", "hours", "zone"),
    [
        ("22-7 Europe/Berlin", (1320, 420), "Europe/Berlin"),
        ("22:30-07:15 berlin", (1350, 435), "Europe/Berlin"),
        ("23–6", (1380, 360), "UTC"),
        ("22:00 - 07:00 New York", (1320, 420), "America/New_York"),
        ("10pm - 7 am", (1320, 420), "UTC"),
        ("off Europe/Berlin", (None, None), "Europe/Berlin"),
        ("off", (None, None), "UTC"),
    ],
)
def test_quiet_hours(api: BotApi, here: Service, words: str, hours: object, zone: str) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, f"/quiet {words}")
    row = the_follow(here)
    assert (row.quiet_from, row.quiet_to) == hours
    with here.read() as session:
        assert session.get_one(ChatRow, 7).time_zone == zone


@pytest.mark.parametrize(
    "words", ["25-7", "22", "22-22", "a-b", "22-7 Berlyn", "22-7 ../etc/passwd", "13pm-7", "22-7-9"]
)
def test_quiet_hours_that_mean_nothing_change_nothing(api: BotApi, here: Service, words: str) -> None:
    ask(api, 7, "/follow soundcloud")
    assert "no time or time zone" in ask(api, 7, f"/quiet {words}")
    assert the_follow(here).quiet_from is None


def test_quiet_hours_for_nothing_are_not_promised(api: BotApi) -> None:
    assert "You follow nothing yet" in ask(api, 7, "/quiet 22-7")


def test_a_digest_takes_a_time_zone(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    assert "at 09:00 (Europe/Berlin)" in ask(api, 7, "/digest daily Europe/Berlin")
    assert "at 18:00 (America/New_York)" in ask(api, 7, "/digest daily 18:00 new york")
    assert "/digest daily 9:00" in ask(api, 7, "/digest daily 9:00 Atlantis")


def test_what_waits_for_a_digest_comes_at_once_when_there_is_none_any_more(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/digest weekly")
    with here.write() as session:
        outbox.fan_out(session, a_change(session), here.clock.now())
    assert "due 0" not in ask(api, OPERATOR, "/stats")
    ask(api, 7, "/digest off")
    with here.read() as session:
        assert outbox.depth(session, here.clock.now())[0] == 1


def test_a_kind_that_is_pressed_twice_stays_as_it_was_shown(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    press_and_wait(api, here, "Settings", lambda row: True)
    message = api.world.messages[-1]
    (data,) = [
        b["callback_data"] for row in message["markup"]["inline_keyboard"] for b in row if "Wording" in b["text"]
    ]
    for _ in range(2):
        api._press(7, message, data, 7)
    ask(api, 7, "/help")
    assert the_follow(here).kinds == ",training,sharing,anti_scraping,operation,ai_features,conduct,"


def test_settings_say_how_to_set_the_time_zone_where_it_matters(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    press_and_wait(api, here, "Settings", lambda row: True)
    assert "Set your time zone" not in api.texts(7)[-1]
    press_and_wait(api, here, "22-7", lambda row: True)
    assert "Set your time zone" in api.texts(7)[-1]


def test_digest(api: BotApi, here: Service) -> None:
    assert "/digest daily 9:00" in ask(api, 7, "/digest sometimes")
    ask(api, 7, "/follow soundcloud")
    assert "once a week, on Mondays at 18:30" in ask(api, 7, "/digest weekly 18:30")
    assert (the_follow(here).digest, the_follow(here).digest_minute) == ("weekly", 1110)
    assert "at once" in ask(api, 7, "/digest off")


def test_language(api: BotApi, here: Service) -> None:
    assert "Ich spreche jetzt Deutsch." in ask(api, 7, "/lang de")
    assert "Noch nicht bekannt" in ask(api, 7, "soundcloud")
    assert "Je parle français" in ask(api, 8, "/lang Français")
    assert "Welche Sprache?" in ask(api, 7, "/lang klingon")


def test_the_language_of_telegram_is_the_first_guess(api: BotApi) -> None:
    assert "Noch nicht bekannt" in ask(api, 7, "soundcloud", language="de-AT")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that knows one public site."""

    def reach(host: str, **_: object) -> None:
        if host != "newtunes.com":
            raise SourceError(f"no address for {host}")

    monkeypatch.setattr(addresses, "reach", reach)


@pytest.mark.usefixtures("names")
def test_suggestions_are_counted_without_who_made_them(api: BotApi, here: Service) -> None:
    assert "Thank you" in ask(api, 7, "/suggest https://www.newtunes.com/terms?<b>")
    assert "Thank you" in ask(api, 8, "/suggest newtunes.com")
    with here.read() as session:
        (row,) = suggestions.most_wanted(session)
    assert (row.name, row.times) == ("newtunes.com", 2)
    assert ask(api, 7, "/suggest soundcloud").startswith("SoundCloud")


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("words", ["new tunes", "http://127.0.0.1/", "printer.local", "nobody.invalid", "gone.com"])
def test_what_is_no_public_site_is_not_queued(api: BotApi, here: Service, words: str) -> None:
    assert "address of a public site" in ask(api, 7, f"/suggest {words}")
    with here.read() as session:
        assert suggestions.most_wanted(session) == []


def test_export_and_import_bring_everything_back(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/follow all music")
    ask(api, 7, "/quiet 22-7")
    before = len(api.world.messages)
    api.say(7, "/export")
    api.wait_for(lambda: len(api.world.messages) == before + 2)
    exported = api.world.files["clausewatch.json"]
    assert {entry["scope"] for entry in json.loads(exported)["follows"]} == {"platform:soundcloud", "category:music"}
    api.send_file(8, "mine.json", exported)
    api.wait_for(lambda: "2 new subscriptions." in " ".join(api.texts(8)))
    api.send_file(9, "mine.opml", api.world.files["clausewatch.opml"])
    api.wait_for(lambda: "2 new subscriptions." in " ".join(api.texts(9)))
    with here.read() as session:
        assert [row.quiet_from for row in follows.of_chat(session, 8)] == [1320, 1320]


def exported(api: BotApi, chat: int) -> tuple[bytes, bytes]:
    """What /export gives: JSON and OPML."""
    before = len(api.world.messages)
    api.say(chat, "/export")
    api.wait_for(lambda: len(api.world.messages) == before + 2)
    return api.world.files["clausewatch.json"], api.world.files["clausewatch.opml"]


def bring(api: BotApi, chat: int, data: bytes) -> str:
    """Imports a file; gives the answer."""
    before = len(api.texts(chat))
    api.send_file(chat, "mine", data)
    return str(api.wait_for(lambda: api.texts(chat)[before:])[0])


def wishes(here: Service, chat: int) -> list[tuple[object, ...]]:
    """All that a chat has set up."""
    fields = ("scope", "level", "kinds", "direction", "digest", "digest_minute", "quiet_from", "quiet_to", "language")
    with here.read() as session:
        about = session.get_one(ChatRow, chat)
        found = [tuple(getattr(row, field) for field in fields) for row in follows.of_chat(session, chat)]
        return [*found, (about.language, about.time_zone)]


def test_a_round_trip_changes_nothing(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/quiet 22-7 Europe/Berlin")
    with here.write() as session:
        row = follows.of_chat(session, 7)[0]
        row.level, row.kinds, row.direction, row.digest, row.language = "notable", ",training,", "worse", "weekly", "fr"
        row.digest_minute = 1110
        session.add(FollowRow(chat_id=7, scope="platform:bandcamp", rank=0, created_at=datetime.now(UTC)))
        session.add(FollowRow(chat_id=7, scope="all", rank=2, created_at=datetime.now(UTC)))
        session.get_one(ChatRow, 7).language = "de"
    file, _ = exported(api, 7)
    bring(api, 8, file)
    assert wishes(here, 8) == wishes(here, 7)
    bring(api, 7, file)
    assert wishes(here, 8) == wishes(here, 7)


def test_an_export_holds_all_that_is_kept(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    with here.write() as session:
        outbox.fan_out(session, a_change(session), here.clock.now())
    file = json.loads(exported(api, 7)[0])
    assert file["chat"] == {"id": 7, "kind": "private", "language": "en", "time_zone": "UTC"}
    assert file["notices"] == [{"number": 1, "state": "due", "sent_at": None}]


def test_a_new_subscription_is_told_of_as_the_others_are_and_says_so(api: BotApi, here: Service) -> None:
    assert "at once" in ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/digest weekly")
    answer = ask(api, 7, "/follow bandcamp")
    assert "at once" not in answer and "your other subscriptions" in answer


def test_what_nobody_has_read_is_not_called_silent(api: BotApi) -> None:
    answer = ask(api, 7, "/why soundcloud")
    assert "documents have not been read yet" in answer and "No sentence" not in answer


def test_a_list_of_feeds_leaves_what_is_set_up_alone(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    ask(api, 7, "/follow all")
    _, feeds = exported(api, 7)
    with here.write() as session:
        for row in follows.of_chat(session, 7):
            row.kinds, row.digest = ",training,", "daily"
    before = wishes(here, 7)
    assert "0 new" in bring(api, 7, feeds) and wishes(here, 7) == before


@pytest.mark.parametrize("folder", [b"", b'category="News"'])
def test_a_feed_reader_may_have_put_folders_of_its_own(api: BotApi, here: Service, folder: bytes) -> None:
    for asked in ("soundcloud", "all music", "all"):
        ask(api, 7, f"/follow {asked}")
    _, feeds = exported(api, 7)
    assert "3 new subscriptions." in bring(api, 8, re.sub(rb'category="[^"]*"', folder, feeds))
    assert wishes(here, 8) == wishes(here, 7)


BROKEN = [
    b"",
    b"{}",
    b"[1]",
    b'{"follows": 5}',
    b'{"follows": [], "chat": 5}',
    b"<opml",
    b"\xff\xfe",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]><opml>&b;</opml>",
    b"[" * 5000,
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_file_that_is_none_of_ours_changes_nothing(api: BotApi, here: Service, data: bytes) -> None:
    api.send_file(7, "x.json", data)
    api.wait_for(lambda: "cannot read that file" in " ".join(api.texts(7)))
    with here.read() as session:
        assert follows.of_chat(session, 7) == []


def test_entries_that_mean_nothing_are_counted(api: BotApi) -> None:
    entries = [{"scope": "platform:gone"}, {"scope": "all", "level": "loud", "quiet_from": -5}, {"scope": "x"}]
    api.send_file(7, "x.json", json.dumps({"follows": entries}).encode())
    api.wait_for(lambda: "1 new subscription. 2 entries mean nothing here." in " ".join(api.texts(7)))


@pytest.mark.parametrize("command", commands.OPERATORS)
def test_operators_commands_are_unknown_to_everybody_else(api: BotApi, command: str) -> None:
    assert "do not know that command" in ask(api, 7, f"/{command}")
    assert f"/{command}" not in ask(api, 7, "/help")
    api.world.admins[-5] = {11}
    api.say(-5, f"/{command}", user=11)
    assert "/follow" in ask(api, -5, "/help", user=11)
    assert len(api.texts(-5)) == 1, "in a group it may be another bot's"


def test_a_broadcast_is_shown_first_and_sent_by_a_button(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    assert "this would go to 1 chats" in ask(api, OPERATOR, "/broadcast Back <soon> & well")
    with here.read() as session:
        assert outbox.progress(session)[0]["due"] == 0
    api.press(OPERATOR, "Send to 1")  # there is no Redis here: the clock's next tick would find it
    api.wait_for(lambda: "is queued for 1 chats" in api.texts(OPERATOR)[-1])
    with here.read() as session:
        assert outbox.progress(session)[0]["due"] == 1
    assert "due 1" in ask(api, OPERATOR, "/stats")
    api.press(OPERATOR, "Pause")
    api.wait_for(lambda: "held 1" in api.texts(OPERATOR)[-1])
    api.press(OPERATOR, "Abandon")
    api.wait_for(lambda: "dead 1" in api.texts(OPERATOR)[-1])


def test_a_published_change_is_no_news_to_who_came_later(api: BotApi, here: Service) -> None:
    with here.write() as session:
        outbox.fan_out(session, a_change(session), datetime.now(UTC))
    ask(api, 7, "/follow soundcloud")
    assert "published already" in ask(api, OPERATOR, "/review 1 approve")
    with here.read() as session:
        assert outbox.progress(session)[0]["due"] == 0


def test_every_word_of_a_broadcast_is_sent_or_none(api: BotApi) -> None:
    assert "Dear all,\n\nback" in ask(api, OPERATOR, "/broadcast\nDear all,\n\nback soon")
    assert "last" in ask(api, OPERATOR, "/broadcast " + "long line " * 300 + "last")
    assert "5 characters too long" in ask(api, OPERATOR, "/broadcast " + "x" * 3505)


def test_a_change_is_reviewed_and_withdrawn(api: BotApi, here: Service) -> None:
    ask(api, 7, "/follow soundcloud")
    with here.write() as session:
        row = a_change(session)
        outbox.fan_out(session, row, datetime.now(UTC))
    assert "Change 1, published" in ask(api, OPERATOR, "/review")
    assert "training now reads opt_in" in ask(api, OPERATOR, "/review 1 training opt_in")
    before = len(api.texts(OPERATOR))
    press(api, OPERATOR, "Withdraw")
    assert "is withdrawn" in api.texts(OPERATOR)[before]
    with here.read() as session:
        assert session.scalars(select(ChangeRow.state)).one() == "withdrawn"
    assert "a withdrawn change stays so" in ask(api, OPERATOR, "/review 1 approve")
    assert "There is no change 77" in ask(api, OPERATOR, "/review 77 withdraw x")
    assert "Every source works" in ask(api, OPERATOR, "/sources")
