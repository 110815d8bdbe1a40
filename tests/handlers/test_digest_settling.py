"""A region settles what it reads, everybody of it can, and a digest follows what matters to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.article import Part
from bot.digest import Every, Reason, Stance, Subscription
from bot.followup import DateOption, DatePoll, PollState
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import State, WorkSession
from handlers import digest
from handlers.delivery import Body
from handlers.digest import answering, previewing, settling
from handlers.followup.owing import call_off, change_date
from handlers.routing import Answer
from handlers.views import digest_preview as preview_views
from handlers.views import digest_settings as settings_views
from playground.linter import lint_view, visible_texts
from storage import delivery, followup, programme, selection, themes
from storage import digest as stored
from tests.handlers.house import TEAM, House, wall
from tests.handlers.promising import KINDS, Promising

SESSION = wall(2021, 6, 17, 13)
TUESDAY = wall(2021, 6, 22, 9)
WEEK = timedelta(weeks=1)
OZA = "We nodigen de school nu uit vóór we iets inkopen."
SUN = "Zonnepanelen verdienen zich hier in negen jaar terug."


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 13, 55), str(request.param))
    yield made
    made.database.close()


def tick(house: House, at: datetime | None = None) -> None:
    if at is not None:
        house.at(at)
    house.do(digest.tick(house.world, house.clock.now()))


def read(house: House, number: int = -1) -> str:
    """Everything that a region reads: the post and its thread."""
    rows = [house.owed("digest.post")[number]]
    rows += [row for row in house.owed("digest.details") if row.thread_key == rows[0].key]
    return "\n".join(shown(house.draw(row, digest.MESSAGES)) for row in rows)


def shown(body: Body | None) -> str:
    assert body is not None
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


def theme_of(house: House, session: WorkSession, number: int) -> str:
    theme = session.topics[number].theme
    assert theme
    return theme


def wants(house: House, region: str, **more: object) -> None:
    def save(db: Session) -> None:
        before = stored.subscription(db, TEAM, region)
        stored.save_subscription(db, TEAM, Subscription(region, version=before.version + 1, **more))  # type: ignore[arg-type] - fields

    house.write(save)


def setting(house: House, region: str) -> Subscription:
    return house.read(lambda db: stored.subscription(db, TEAM, region))


def changes(house: House) -> list[stored.DigestChangeRow]:
    query = select(stored.DigestChangeRow).order_by(col(stored.DigestChangeRow.at), col(stored.DigestChangeRow.id))
    return house.read(lambda db: list(db.exec(query)))


def opened(house: House, answered: Answer) -> dict[str, object]:
    view = dict((answered.ack or {}).get("view", {}))
    assert lint_view(view) == []
    return view


def two_themes(house: House, **more: object) -> WorkSession:
    session = house.session(SESSION, **more)  # type: ignore[arg-type] - the arguments of a session
    house.article(session, [[(Part.BODY, OZA)], [(Part.BODY, SUN)]])
    return session


def test_a_muted_theme_is_not_in_the_post_and_not_in_the_thread(house: House) -> None:
    region = house.region("Haaglanden")
    tick(house)
    session = two_themes(house)
    wants(house, region, stances={theme_of(house, session, 1): Stance.MUTE})
    tick(house, TUESDAY)
    assert OZA in read(house)
    assert SUN not in read(house)


def test_a_followed_theme_comes_first_and_from_any_region(house: House) -> None:
    mine, other = house.region("Haaglanden"), house.region("Waterweg")
    tick(house)
    session = two_themes(house, regions=[other])
    sun = theme_of(house, session, 1)
    wants(house, mine, stances={sun: Stance.FOLLOW})
    tick(house, TUESDAY)
    posts = {row.channel_id: row for row in house.owed("digest.post")}
    text = shown(house.draw(posts[f"C{mine}"], digest.MESSAGES))
    assert SUN in text
    assert OZA not in text, "of another region, only what it follows"
    assert OZA in shown(house.draw(posts[f"C{other}"], digest.MESSAGES))


def test_a_region_reads_along_with_another_one(house: House) -> None:
    mine, other = house.region("Haaglanden"), house.region("Waterweg")
    tick(house)
    two_themes(house, regions=[other])
    wants(house, mine, others=frozenset({other}))
    tick(house, TUESDAY)
    assert len(house.owed("digest.post")) == 2


def test_less_often_is_one_tap_that_everybody_of_the_region_can_undo(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    house.person("samir", region)
    tick(house)
    two_themes(house)
    tick(house, TUESDAY)
    house.arrive("digest.post")
    post = house.owed("digest.post")[0]
    pressed = house.click("action", "digest.less", "noor", region, channel=post.channel_id, ts=post.ts)
    house.answer(settling.less, pressed)
    house.answer(settling.less, pressed)
    assert setting(house, region).every is Every.TWO_WEEKS, "a doubled tap is one"
    (line,) = house.owed("digest.changed")
    assert line.thread_key == post.key
    text = shown(house.draw(line, digest.MESSAGES))
    assert "Noor" in text
    change = changes(house)[0].id
    house.answer(settling.undo, house.click("action", "digest.undo", "samir", change))
    assert setting(house, region).every is Every.WEEK
    again = house.owed("digest.changed")[-1]
    assert "Samir" in shown(house.draw(again, digest.MESSAGES))


def test_what_was_changed_after_it_cannot_be_undone_over_it(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    for _ in range(2):
        house.answer(settling.less, house.click("action", "digest.less", "noor", region))
    assert setting(house, region).every is Every.MONTH
    first = changes(house)[0].id
    with pytest.raises(Refused):
        house.answer(settling.undo, house.click("action", "digest.undo", "noor", first))


def test_only_people_of_the_region_and_the_coordinator_change_it(house: House) -> None:
    region, other = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", other)
    house.person("ineke", None, Role.COORDINATOR)
    house.stranger("vreemd", region)
    for user in ("noor", "vreemd"):
        with pytest.raises(Refused):
            house.answer(settling.stop, house.click("action", "digest.stop", user, region))
    assert setting(house, region).every is Every.WEEK
    house.answer(settling.stop, house.click("action", "digest.stop", "ineke", region))
    assert setting(house, region).every is Every.STOPPED


def test_who_has_no_region_is_asked_for_it_with_buttons(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("lotte")
    found = house.do(settling.follow(house.click("action", "digest.follow", "lotte", "th1"), house.world))
    assert len(found.then) == 1
    assert setting(house, region).version == 0
    for work in found.then:
        work.close()


def test_following_a_theme_from_anywhere_puts_it_on_top_for_the_region(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    session = two_themes(house)
    sun = theme_of(house, session, 1)
    house.answer(settling.follow, house.click("action", "digest.follow", "noor", sun))
    assert house.read(lambda db: stored.stances(db, TEAM, region)) == {sun: "follow"}
    with pytest.raises(Refused):
        house.answer(settling.follow, house.click("action", "digest.follow", "noor", "th_made_up"))


def form(house: House, user: str, region: str, version: int, **fields: object) -> Answer:
    metadata = f'{{"region": "{region}", "version": "{version}"}}'
    click = house.click("form", "digest.settings", user, metadata=metadata, fields={"every": "week", **fields})
    return house.answer(settling.save_settings, click)


def test_the_form_settles_all_of_it_and_says_what_is_wrong_at_its_field(house: House) -> None:
    region, other = house.region("Haaglanden"), house.region("Waterweg")
    house.person("noor", region)
    session = two_themes(house)
    oza, sun = theme_of(house, session, 0), theme_of(house, session, 1)
    wrong = form(house, "noor", region, 0, follow=[oza], mute=[oza], until="2021-06-01")
    assert set((wrong.ack or {})["errors"]) == {"mute", "until"}
    for forged in ("no day", "0001-01-01", "2021-13-40"):
        assert set((form(house, "noor", region, 0, until=forged).ack or {})["errors"]) == {"until"}, forged
    with pytest.raises(Refused):
        form(house, "noor", region, 0, every="every day")
    assert setting(house, region) == Subscription(region)
    done = form(house, "noor", region, 0, every="month", follow=[oza], mute=[sun], others=[other], until="2021-07-06")
    assert (done.ack or {})["response_action"] == "update"
    opened(house, done)
    found = setting(house, region)
    assert (found.every, found.stances, found.others) == (
        Every.MONTH, {oza: Stance.FOLLOW, sun: Stance.MUTE}, frozenset({other}),
    )  # fmt: skip
    assert found.paused_until == wall(2021, 7, 6)
    with pytest.raises(Refused):
        form(house, "noor", region, 0, every="week")


def test_the_form_fits_with_two_hundred_themes_and_regions(house: House) -> None:
    region = house.region("Haaglanden " + "x" * 90)
    house.person("noor", region)
    for number in range(120):
        house.region(f"Regio {number} " + "y" * 90)

    def add(db: Session) -> None:
        for number in range(150):
            themes.theme_for(db, TEAM, f"Thema {number} " + "z" * 100, "", (), f"th{number}")

    house.write(add)
    words = house.world.words[house.settings.language]
    known = house.read(lambda db: programme.region(db, TEAM, region))
    assert known is not None
    wanted = house.read(lambda db: stored.subscription(db, TEAM, region))
    others = house.read(lambda db: programme.regions(db, TEAM))
    names = house.read(lambda db: settling.theme_names(db, TEAM))
    found = settings_views.Settings(known, wanted, names, others, house.clock.now())
    assert lint_view(settings_views.form_(found, words).to_dict()) == []


def test_a_region_that_stopped_reads_nothing_and_starts_with_the_last_week(house: House) -> None:
    region = house.region("Haaglanden")
    tick(house)
    wants(house, region, every=Every.STOPPED)
    two_themes(house)
    for week in range(6):
        tick(house, TUESDAY + week * WEEK)
    assert house.owed("digest.post") == []
    wants(house, region, every=Every.WEEK)
    house.at(TUESDAY + 5 * WEEK + timedelta(days=2))
    house.article(house.session(SESSION, title="Nieuw"), [[(Part.BODY, "Een jeugdwerker zit nu elke week op school.")]])
    tick(house, TUESDAY + 6 * WEEK)
    assert "jeugdwerker" in read(house)
    assert OZA not in read(house)


def test_once_in_two_weeks_and_once_a_month_are_kept(house: House) -> None:
    slow, monthly = house.region("Haaglanden"), house.region("Waterweg")
    wants(house, slow, every=Every.TWO_WEEKS)
    wants(house, monthly, every=Every.MONTH)
    tick(house)
    for week in range(10):
        house.at(TUESDAY + week * WEEK - timedelta(days=1))
        text = ["appels", "peren", "pruimen", "kersen", "bramen", "noten", "vijgen", "druiven", "mango", "kiwi"][week]
        house.article(house.session(house.clock.now()), [[(Part.BODY, f"De groep sprak over {text} in de wijk.")]])
        tick(house, TUESDAY + week * WEEK)
    by_channel: dict[str | None, list[str]] = {}
    for row in house.owed("digest.post"):
        by_channel.setdefault(row.channel_id, []).append(f"{row.created_at:%d-%m}")
    assert by_channel[f"C{slow}"] == ["22-06", "06-07", "20-07", "03-08", "17-08"]
    assert by_channel[f"C{monthly}"] == ["22-06", "06-07", "03-08"]


def test_nothing_is_repeated_in_almost_the_same_words(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    house.article(house.session(SESSION), [[(Part.BODY, OZA)]])
    tick(house, TUESDAY)
    house.at(TUESDAY + timedelta(days=1))
    again = "We nodigen de school nu ook echt uit vóór we iets inkopen."
    other = "We nodigen de school nu niet uit vóór we iets inkopen."
    house.article(house.session(SESSION, title="Later"), [[(Part.BODY, again), (Part.BODY, other)]])
    tick(house, TUESDAY + WEEK)
    assert len(house.owed("digest.post")) == 2
    assert other in read(house)
    assert again not in read(house)


def test_a_small_group_is_not_named_and_two_groups_are_counted(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    house.person("samir", region)
    tick(house)
    session = house.session(SESSION, topics=("Onderwijszorgarrangementen (OZA)",))
    few = Group("gr_few", session.id, 1, (session.topics[0].id,), None, ("noor", "samir"))
    house.write(lambda db: selection.save_groups(db, TEAM, [few]))
    house.article(session, [[(Part.BODY, OZA)]])
    tick(house, TUESDAY)
    words = house.world.words[house.settings.language]
    assert words("digest.small_group") in read(house)
    assert words("digest.group", number=1) not in read(house)
    house.article(house.session(SESSION, title="Twee", topics=("Onderwijszorgarrangementen (OZA)",)), [
        [(Part.BODY, "Eén vast gezicht helpt een gezin verder.")], [(Part.BODY, "De wijkagent schuift bij ons aan.")],
    ])  # fmt: skip
    tick(house, TUESDAY + WEEK)
    assert words.count("digest.groups", 2) in read(house)


def test_what_will_come_can_be_seen_left_out_or_kept_for_a_week(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("sanne", region, Role.FACILITATOR)
    house.person("noor", region)
    tick(house)
    session = house.session(SESSION)
    (first,), (second,) = house.article(session, [[(Part.BODY, OZA)], [(Part.BODY, SUN)]])
    with pytest.raises(Refused):
        house.answer(previewing.open_preview, house.click("action", "digest.preview", "noor", region))
    house.answer(previewing.open_preview, house.click("command", "voorbeeld", "sanne"))
    metadata = f'{{"region": "{region}"}}'
    for reason, one in ((Reason.SENSITIVE, first), (Reason.LATER, second)):
        click = house.click("action", "digest.keep_out", "sanne", f"{reason} {one}", metadata=metadata, view_id="V1")
        house.answer(previewing.keep_out, click)
    tick(house, TUESDAY)
    assert house.owed("digest.post") == []
    audit = [row.after for row in changes(house)]
    assert len(audit) == 2
    assert "sensitive" in audit[0]
    tick(house, TUESDAY + WEEK)
    assert SUN in read(house)
    assert OZA not in read(house)


def test_the_preview_says_what_the_digest_will_say_within_the_limits(house: House) -> None:
    region = house.region("Haaglanden")
    tick(house)
    session = house.session(SESSION)
    long = "woord " * 490
    house.article(session, [[(Part.BODY, f"{n} {long}") for n in range(30)], [(Part.QUESTION, "Wie betaalt dit?")]])
    house.at(house.clock.now() + timedelta(hours=1))
    words = house.world.words[house.settings.language]
    known = house.read(lambda db: programme.region(db, TEAM, region))
    assert known is not None
    found = house.read(lambda db: previewing.look_ahead(db, house.settings, known, words, house.clock.now()))
    view = preview_views.preview(found, words).to_dict()
    assert lint_view(view) == []
    assert found.at == TUESDAY
    tick(house, TUESDAY)
    made = house.read(lambda db: stored.one(db, TEAM, stored.newest(db, TEAM, region) or ""))
    assert made is not None
    assert made.post == found.live.digest.post
    assert made.thread == found.live.digest.thread


def question(house: House) -> tuple[str, str]:
    region = house.region("Haaglanden")
    house.person("noor", region)
    house.person("samir", region)
    tick(house)
    ((one,),) = house.article(house.session(SESSION), [[(Part.QUESTION, "Wie betaalt welk deel van de zorg?")]])
    house.arrive("harvest.article")
    tick(house, TUESDAY)
    return house.owed("digest.post")[0].key.partition(":")[2], one


def answer(house: House, user: str, made: str, one: str, text: str) -> Answer:
    metadata = f'{{"digest": "{made}", "sentence": "{one}"}}'
    click = house.click("form", "digest.know", user, metadata=metadata, fields={"answer": text})
    return house.answer(answering.save_answer, click)


def test_who_knows_something_answers_in_their_own_words_where_the_askers_read_too(house: House) -> None:
    made, one = question(house)
    house.answer(answering.open_answer, house.click("action", "digest.know", "noor", f"{made} {one}"))
    done = answer(house, "noor", made, one, "Bij ons betaalt de gemeente <het> begin & de school de rest.")
    opened(house, done)
    answer(house, "noor", made, one, "Nog een keer.")
    rows = house.owed("digest.answer")
    assert [row.channel_id for row in rows] == [house.owed("digest.post")[0].channel_id, "CWS"]
    text = shown(house.draw(rows[0], digest.MESSAGES))
    assert "Noor (Haaglanden)" in text
    assert "Wie betaalt welk deel van de zorg?" in text
    assert "&lt;het&gt; begin &amp; de school" in text
    stored_one = house.read(lambda db: stored.own_answer(db, TEAM, made, one, "noor"))
    assert stored_one is not None
    with pytest.raises(Refused):
        house.answer(answering.withdraw, house.click("action", "digest.unsay", "samir", stored_one.id))
    house.answer(answering.withdraw, house.click("action", "digest.unsay", "noor", stored_one.id))
    last = house.owed("digest.answer")[-1]
    assert "gemeente" not in shown(house.draw(last, digest.MESSAGES))
    with pytest.raises(Refused):
        answer(house, "noor", made, "se_made_up", "Iets.")


def test_an_answer_with_a_phone_number_is_refused_at_its_field_and_an_empty_one_makes_a_contact(house: House) -> None:
    made, one = question(house)
    wrong = answer(house, "noor", made, one, "Bel maar 06 12345678.")
    assert set((wrong.ack or {})["errors"]) == {"answer"}
    assert house.owed("digest.answer") == []
    answer(house, "samir", made, one, "")
    assert "<@samir>" in shown(house.draw(house.owed("digest.answer")[0], digest.MESSAGES))


def test_a_digest_follows_when_its_session_moves_or_is_called_off(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED)
    tick(house, TUESDAY)
    house.arrive("digest.post")
    later = replace(planned, starts_at=wall(2021, 9, 23, 13), ends_at=wall(2021, 9, 23, 16))
    house.write(lambda db: change_date(db, house.world, house.settings, planned, later, "ineke"))
    words = house.world.words[house.settings.language]
    changes = house.owed("digest.post")
    assert len(changes) == 2
    moved = words("digest.moved", when=words.period(later.starts_at, later.ends_at))
    assert moved in shown(house.draw(changes[-1], digest.MESSAGES))
    house.write(lambda db: call_off(db, house.world, later, "ineke", ""))
    last = house.owed("digest.post")[-1]
    off = words("digest.cancelled", when=words.period(later.starts_at, later.ends_at))
    assert off in shown(house.draw(last, digest.MESSAGES))
    assert words("followup.answer_yes") not in shown(house.draw(last, digest.MESSAGES))


def test_a_poll_that_runs_is_one_line_with_the_way_to_it_and_told_once(house: House) -> None:
    region = house.region("Haaglanden")
    tick(house)
    poll = DatePoll(
        "dp1", TEAM, "CWS", "Europe/Amsterdam", TUESDAY + 2 * WEEK, 0, PollState.RUNNING, "ineke", house.clock.now(), 1,
        (DateOption("do1", wall(2021, 9, 16, 13), wall(2021, 9, 16, 16)),),
    )  # fmt: skip

    def ask(db: Session) -> None:
        followup.polling.save(db, poll, house.clock.now())
        delivery.plan(
            db, team=TEAM, key="followup.poll:dp1", kind="followup.poll", arguments={"id": "dp1"}, channel="CWS",
            now=house.clock.now(),
        )  # fmt: skip

    house.write(ask)
    house.arrive("followup.poll")
    tick(house, TUESDAY)
    words = house.world.words[house.settings.language]
    (row,) = house.owed("digest.post")
    assert words("digest.poll", deadline=words.moment(poll.deadline)) in shown(house.draw(row, digest.MESSAGES))
    body = house.draw(row, digest.MESSAGES)
    assert body is not None
    links = [block.to_dict().get("accessory", {}).get("url", "") for block in body.blocks]
    assert any(link.startswith("https://slack.com/archives/CWS/") for link in links)
    tick(house, TUESDAY + WEEK)
    assert len(house.owed("digest.post")) == 1
    house.write(lambda db: followup.polling.save(db, replace(poll, state=PollState.ENDED), house.clock.now()))
    assert house.draw(row, digest.MESSAGES) is None, f"nothing is left to say to {region}"


def test_what_somebody_of_the_region_promised_for_this_week_is_told_to_it(house: House) -> None:
    made = Promising(house)
    region, _ = house.region("Haaglanden"), house.region("Waterweg")
    house.write(lambda db: programme.set_region(db, TEAM, "lotte", region, house.clock.now()))
    made.agreed("2021-07-02")
    tick(house)
    made.publish()
    query = select(stored.DigestItemRow).where(stored.DigestItemRow.kind == "due")
    for week, told in ((0, 0), (1, 1), (2, 1)):
        tick(house, TUESDAY + week * WEEK)
        due = house.read(lambda db: list(db.exec(query)))
        assert [row.region_id for row in due] == [region] * told, "not beside its own sentence, and once"
    words = house.world.words[house.settings.language]
    text = shown(house.draw(house.owed("digest.post")[-1], KINDS))
    assert words("digest.due") in text
    assert "Lotte" in text
