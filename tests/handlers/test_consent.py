"""A quote is somebody's words: asked, answered by them alone, and taken back from everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.impressions import LONGEST, Impression, QuoteUse
from bot.impressions.consent import mark_of
from bot.problem import Refused
from handlers import digest, impressions
from handlers.impressions.waiting import own_quotes, waiting_for
from handlers.views import impressions_consent as views
from playground.linter import lint_message, lint_view
from storage import drafts, worksessions
from storage import impressions as notes
from storage.delivery import OutboxRow
from tests import postgres
from tests.handlers.house import TEAM, House, wall
from tests.handlers.signed import KINDS, OTHER, TOLD, Signing

QUOTE = "Bij ons thuis wist niemand wie er belde, zeppelinkapitein."
CANARY = "zeppelinkapitein"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield opened
    opened.database.close()


@pytest.fixture
def signing(house: House) -> Signing:
    return Signing(house)


def share(signing: Signing, quote: str = QUOTE, **parts: str) -> Impression:
    """Both groups hand in and agree, group 1 with a quote."""
    signing.share("youssef", "gr_2", takeaway=OTHER)
    return signing.share(quote=quote, **parts)


def name(signing: Signing, one: Impression, speaker: str, user: str = "sanne", **more: Any) -> Any:
    return signing.press("impressions.quote_by", user, speaker, one.id, **more)


def answer(signing: Signing, one: Impression, what: str, user: str = "lotte", quote: str = QUOTE) -> Any:
    return signing.press("impressions.quote_answer", user, f"{one.id}:{mark_of(quote)}", what)


def agreed(signing: Signing) -> None:
    for user in ("noor", "samir"):
        signing.agree(user, signing.newest())


# Asking


def test_the_author_says_whose_quote_it_is_and_that_person_is_asked(signing: Signing, house: House) -> None:
    one = share(signing)
    assert "Van wie is dit citaat?" in signing.shown("impressions.shared", "sanne")
    assert QUOTE in signing.texts(), "without a name it may be used"
    name(signing, one, "lotte")
    assert QUOTE not in signing.texts(), "until she agrees it stays in the group"
    (asked,) = house.owed("impressions.consent")
    assert asked.user_id == "lotte"
    shown = signing.shown("impressions.consent")
    for expected in (
        "Sanne noteerde een citaat van jou:",
        f"“{QUOTE}”",
        "Mag het in het verslag?",
        "Ja, met mijn naam",
        "Ja, zonder naam",
        "Nee",
        "Trek citaat in",
    ):
        assert expected in shown
    assert "Ik vroeg <@lotte>" in signing.shown("impressions.shared", "sanne")


@pytest.mark.parametrize(
    ("what", "use", "published"),
    [("named", QuoteUse.NAMED, True), ("unnamed", QuoteUse.AGREED, True), ("no", QuoteUse.KEPT, False)],
)
def test_what_they_answer_is_what_happens(
    signing: Signing, house: House, what: str, use: QuoteUse, published: bool
) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, what)
    assert signing.newest().quote_use is use and (QUOTE in signing.texts()) is published
    assert ("(Lotte)" in signing.shown("harvest.draft")) is (what == "named")
    agreed(signing)
    signing.publish()
    assert (QUOTE in signing.shown("harvest.article")) is published
    assert ("(Lotte)" in signing.shown("harvest.article")) is (what == "named")


def test_nobody_else_answers_and_only_for_these_words(signing: Signing) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    for user in ("sanne", "noor", "ineke", "vreemd"):
        with pytest.raises(Refused):
            answer(signing, one, "named", user)
    with pytest.raises(Refused, match="other_words"):
        answer(signing, one, "named", quote="Andere woorden.")
    with pytest.raises(Refused):
        answer(signing, one, "perhaps")
    assert signing.newest().quote_use is QuoteUse.ASKED


def test_a_changed_quote_is_asked_anew_and_the_old_button_says_so(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "named")
    signing.correct("noor", one, quote="Heel andere woorden.")
    new = signing.newest()
    assert (new.quote_by, new.quote_use) == ("", QuoteUse.OPEN)
    assert "Dit citaat is intussen veranderd." in signing.shown("impressions.consent")
    assert CANARY not in signing.shown("impressions.consent")
    with pytest.raises(Refused, match="answer_quote"):
        answer(signing, new, "named")
    name(signing, new, "lotte")
    with pytest.raises(Refused, match="other_words"):
        answer(signing, new, "named")
    assert len([row for row in house.owed("impressions.consent") if row.operation == "post"]) == 2
    answer(signing, new, "unnamed", quote="Heel andere woorden.")
    assert signing.newest().quote_use is QuoteUse.AGREED


def test_other_words_elsewhere_leave_the_answer_as_it_is(signing: Signing) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "named")
    signing.correct("noor", one, takeaway="Heel anders opgeschreven.")
    assert (signing.newest().quote_by, signing.newest().quote_use) == ("lotte", QuoteUse.NAMED)


def test_only_its_author_or_who_may_change_it_says_whose_a_quote_is(signing: Signing) -> None:
    one = share(signing)
    for user in ("noor", "samir", "lotte", "youssef"):
        for act in (
            lambda user=user: name(signing, one, "lotte", user),
            lambda user=user: signing.press("impressions.quote_keep", user, one.id),
        ):
            with pytest.raises(Refused, match="name_speaker"):
                act()
    name(signing, one, "lotte", "ineke")
    assert signing.newest().quote_by == "lotte"


def test_who_does_not_take_part_cannot_be_named(signing: Signing, house: House) -> None:
    one = share(signing)
    house.stranger("buiten", None)
    with pytest.raises(Refused, match="not_here"):
        name(signing, one, "buiten")
    assert house.owed("impressions.consent") == []


def test_naming_twice_asks_once_and_a_mistake_can_be_put_right(signing: Signing, house: House) -> None:
    one = share(signing)
    for _ in range(2):
        name(signing, one, "lotte", key="a:1")
    name(signing, one, "samir")
    assert [row.user_id for row in house.owed("impressions.consent") if row.operation == "post"] == ["lotte", "samir"]
    assert "staat niet meer op jouw naam" in signing.shown("impressions.consent", "lotte")
    assert CANARY not in signing.shown("impressions.consent", "lotte")
    for act in (
        lambda: answer(signing, one, "named"),
        lambda: signing.press("impressions.quote_withdraw", "lotte", f"{one.id}:1"),
    ):
        with pytest.raises(Refused):
            act()
    answer(signing, one, "named", "samir")


def test_after_a_no_the_author_cannot_ask_somebody_else(signing: Signing) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "no")
    with pytest.raises(Refused, match="said_no"):
        name(signing, one, "samir")
    answer(signing, one, "unnamed")
    assert signing.newest().quote_use is QuoteUse.AGREED, "she herself can still say yes"


def test_the_author_leaves_a_quote_in_the_group(signing: Signing) -> None:
    one = share(signing)
    signing.press("impressions.quote_keep", "sanne", one.id)
    assert QUOTE not in signing.texts() and QUOTE in signing.shown("impressions.post")


def test_in_a_practice_session_nobody_else_is_asked(house: House) -> None:
    signing = Signing(house)
    practice = replace(signing.session, channel="D1", created_by="sanne")
    house.write(lambda db: worksessions.save(db, practice, house.clock.now()))
    one = signing.share(quote=QUOTE)
    with pytest.raises(Refused, match="practice"):
        name(signing, one, "lotte")
    name(signing, one, "sanne")
    assert "Je noteerde een citaat van jezelf:" in signing.shown("impressions.consent")


# Taking back


def withdraw(signing: Signing, one: Impression, user: str = "lotte", version: int = 1, **more: Any) -> Any:
    return signing.press("impressions.quote_withdraw", user, f"{one.id}:{version}", **more)


def everything(signing: Signing, house: House) -> str:
    """What every message says now, to whomever."""
    kinds = sorted({row.kind for row in _rows(house)})
    return "\n".join(signing.shown(kind) for kind in kinds if kind in KINDS and kind != "harvest.file")


def _rows(house: House) -> list[Any]:
    return house.read(lambda db: list(db.exec(select(OutboxRow))))


def nowhere(house: House, words: str) -> None:
    """The words are in no byte of the database."""
    house.write(lambda db: None)
    assert house.do(house.database.tidy())
    assert words.encode() not in postgres.content(house.database.location)


def test_a_quote_that_is_taken_back_is_gone_from_everywhere_and_that_is_confirmed(
    signing: Signing, house: House, tmp_path: Path
) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "named")
    signing.correct("noor", one, easy="Iets erbij.")
    agreed_by = [("samir", signing.newest()), ("sanne", signing.newest())]
    for user, note in agreed_by:
        signing.agree(user, note)
    signing.publish()
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.clock.now()))
    house.arrive("digest.post", "digest.details", "harvest.article", "impressions.post")
    assert CANARY in signing.shown("digest.post") + signing.shown("digest.details")
    withdraw(signing, one)
    assert CANARY not in everything(signing, house)
    for kind in ("impressions.post", "harvest.article", "digest.post"):
        changed = [row for row in house.owed(kind) if row.operation == "update"]
        assert changed, f"{kind} is edited"
    assert house.read(lambda db: notes.versions(db, TEAM, one.id))[0].contents.quote == ""
    nowhere(house, CANARY)
    told = signing.shown("impressions.quote_gone", "lotte")
    for expected in (
        "Je citaat is weg.",
        "de impressie in de thread van de groep",
        "de eerdere versies van de impressie",
        "het verslag in het kanaal",
        "de oogstberichten die al verstuurd waren",
    ):
        assert expected in told
    assert "het concept" not in told
    assert "In groep 1 is een citaat ingetrokken." in signing.shown("impressions.quote_told", "ineke")
    assert signing.newest().contents.takeaway == TOLD, "the rest stays"


def test_it_can_be_taken_back_from_the_draft_before_anything_is_out(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "unnamed")
    withdraw(signing, one)
    assert CANARY not in everything(signing, house)
    assert "het concept van het verslag" in signing.shown("impressions.quote_gone")
    standing = signing.standing(signing.newest())
    assert standing.until == wall(2021, 6, 18, 12), "nobody has to sign off anew for it"


def test_only_whose_words_they_are_takes_them_back_once(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    for user in ("sanne", "noor", "ineke", "vreemd"):
        with pytest.raises(Refused):
            withdraw(signing, one, user)
    for value in ("", f"{one.id}", f"{one.id}:7", "im_x:1"):
        with pytest.raises(Refused):
            signing.press("impressions.quote_withdraw", "lotte", value)
    for _ in range(2):
        withdraw(signing, one, key="a:9")
    assert len(house.owed("impressions.quote_gone")) == 1
    with pytest.raises(Refused, match=r"gone_already|answer_quote"):
        withdraw(signing, one)


def test_old_words_can_be_taken_back_after_the_quote_was_changed(
    signing: Signing, house: House, tmp_path: Path
) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "named")
    agreed(signing)
    signing.publish()
    signing.correct("noor", one, quote="Heel andere woorden.")
    assert QUOTE in signing.texts(), "what was published stays until the coordinator decides"
    withdraw(signing, one)
    assert QUOTE not in signing.texts() and signing.newest().contents.quote == "Heel andere woorden."
    assert CANARY not in everything(signing, house)
    nowhere(house, CANARY)


def test_an_unnamed_quote_is_taken_back_by_who_sits_in_the_group(signing: Signing, house: House) -> None:
    one = share(signing)
    signing.press("impressions.sign_more", "samir", f"quote:{one.id}:1")
    metadata = {"impression": one.id, "version": "1"}
    with pytest.raises(Refused, match="sign_off"):
        signing.hand_in("impressions.quote_own", "lotte", metadata, {})
    signing.hand_in("impressions.quote_own", "samir", metadata, {})
    assert CANARY not in everything(signing, house)
    (told,) = house.owed("impressions.quote_gone")
    assert told.user_id == "samir"
    with pytest.raises(Refused, match="gone_already"):
        signing.press("impressions.sign_more", "noor", f"quote:{one.id}:1")


def test_a_named_quote_is_not_for_others_in_the_group_to_take_back(signing: Signing) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    with pytest.raises(Refused, match="anothers"):
        signing.press("impressions.sign_more", "samir", f"quote:{one.id}:1")
    with pytest.raises(Refused, match="anothers"):
        signing.hand_in("impressions.quote_own", "samir", {"impression": one.id, "version": "1"}, {})
    assert signing.newest().contents.quote == QUOTE


def test_where_the_words_also_stand_is_said_and_that_sentence_can_go_too(
    signing: Signing, house: House, tmp_path: Path
) -> None:
    one = share(signing, takeaway=f"{TOLD} Iemand zei: {QUOTE.lower()}")
    name(signing, one, "lotte")
    answer(signing, one, "named")
    agreed(signing)
    signing.publish()
    withdraw(signing, one)
    assert CANARY in "".join(signing.texts()), "what the group wrote itself is offered, not taken"
    shown = signing.shown("impressions.quote_gone")
    assert "De woorden staan ook in een andere zin van de impressie." in shown and CANARY not in shown
    with pytest.raises(Refused):
        signing.press("impressions.quote_also", "sanne", f"{one.id}:1")
    for _ in range(2):
        signing.press("impressions.quote_also", "lotte", f"{one.id}:1", key="a:7")
    new = signing.newest()
    assert (new.contents.takeaway, new.version, new.changed_by) == (TOLD, 2, "lotte")
    assert CANARY not in "".join(signing.texts()) and CANARY not in everything(signing, house)
    nowhere(house, CANARY)
    assert "Haal die ook weg" not in signing.shown("impressions.quote_gone")


def test_when_nothing_would_be_left_it_says_so(signing: Signing) -> None:
    one = share(signing, takeaway=QUOTE)
    name(signing, one, "lotte")
    withdraw(signing, one)
    with pytest.raises(Refused, match="nothing_left"):
        signing.press("impressions.quote_also", "lotte", f"{one.id}:1")


def test_words_that_were_taken_back_do_not_come_in_again_by_a_form_or_a_draft(
    signing: Signing, house: House, tmp_path: Path
) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    withdraw(signing, one)
    signing.correct("noor", signing.newest(), quote=QUOTE, easy="Iets erbij.")
    new = signing.newest()
    assert (new.contents.quote, new.quote_use, new.contents.easy) == ("", QuoteUse.KEPT, "Iets erbij.")
    nowhere(house, CANARY)
    assert house.read(lambda db: drafts.one(db, TEAM, "noor", one.id)) is None


def test_a_note_that_is_withdrawn_asks_nobody_about_its_quote_any_more(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    click = house.click("action", "impressions.decline", "sanne", one.id)
    house.answer(impressions.ROUTES.actions["impressions.decline"], click)
    assert CANARY not in everything(signing, house)
    assert "Dit citaat is weg." in signing.shown("impressions.consent")
    with pytest.raises(Refused, match="gone"):
        answer(signing, one, "named")
    assert house.read(lambda db: notes.quotes_of(db, TEAM, "lotte")) == []


# The Home and Slack's limits


def test_the_home_asks_and_afterwards_keeps_the_way_to_take_it_back(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")

    def home() -> tuple[int, int]:
        waits = house.read(lambda db: waiting_for(db, TEAM, "lotte", house.clock.now()))
        return len(waits), len(house.read(lambda db: own_quotes(db, TEAM, "lotte")))

    assert home() == (1, 0)
    answer(signing, one, "named")
    assert home() == (0, 1)
    withdraw(signing, one)
    assert home() == (0, 0)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("letter", ["w ", "<", "&", "é\n"])
def test_the_longest_quote_stays_within_slacks_limits(
    signing: Signing, house: House, letter: str, language: str
) -> None:
    quote = (letter * LONGEST)[:LONGEST]
    one = share(signing, quote, takeaway=f"{TOLD} {quote}"[:LONGEST])
    name(signing, one, "lotte")
    words = house.world.words[language]
    for draw in (
        *(each.draw for each in house.read(lambda db: waiting_for(db, TEAM, "lotte", house.clock.now()))),
        *house.read(lambda db: own_quotes(db, TEAM, "lotte")),
    ):
        blocks = [block.to_dict() for block in draw(words)]
        assert lint_message({"text": "x", "blocks": blocks}) == [] and len(blocks) <= 3
    assert lint_view(views.own_quote_form(signing.first, one, words).to_dict()) == []
    answer(signing, one, "named", quote=signing.newest().contents.quote)
    withdraw(signing, one)
    for kind in ("impressions.consent", "impressions.quote_gone", "impressions.quote_told", "impressions.shared"):
        for row in house.owed(kind):
            house.draw(row, KINDS, language)


def test_a_name_taken_back_after_publication_leaves_the_article_that_stands(signing: Signing, house: House) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "named")
    agreed(signing)
    signing.publish()
    house.arrive("harvest.article")
    assert "(Lotte)" in signing.shown("harvest.article")
    answer(signing, one, "unnamed")
    assert signing.owed("harvest.article") == ["post", "update"], "whoever reads the channel sees the quote unnamed"
    assert "(Lotte)" not in signing.shown("harvest.article") and QUOTE in signing.shown("harvest.article")


@pytest.mark.parametrize(
    "again",
    [
        f" {QUOTE} ",
        f"{QUOTE}..",
        QUOTE.upper(),
        "Bij ons thuis wist niemand wie er belde, en zeker geen zeppelinkapitein.",
    ],
)
@pytest.mark.parametrize("gone_between", [False, True])
def test_a_no_is_not_undone_by_other_punctuation_or_by_typing_it_once_more(
    signing: Signing, again: str, gone_between: bool
) -> None:
    one = share(signing)
    name(signing, one, "lotte")
    answer(signing, one, "no")
    if gone_between:
        signing.correct("noor", signing.newest(), quote="")
    signing.correct("noor", signing.newest(), quote=again)
    assert signing.newest().contents.quote == again, "the group keeps what it wrote"
    assert CANARY not in "".join(signing.texts()).casefold()


def test_a_quote_without_a_yes_does_not_get_out_by_another_part_or_another_note(signing: Signing) -> None:
    one = share(signing, easy=f"Er was koffie. {QUOTE} Dat was alles.")
    assert CANARY in "".join(signing.texts())
    name(signing, one, "lotte")
    assert CANARY not in "".join(signing.texts())
    assert "Er was koffie." in signing.texts() and "Dat was alles." in signing.texts()
    answer(signing, one, "no")
    signing.share(quote=QUOTE, hard=QUOTE)
    assert CANARY not in "".join(signing.texts())
    with pytest.raises(Refused, match="said_no"):
        signing.correct("noor", one, quote=f" {QUOTE}")
        name(signing, next(i for i in signing.kept() if i.id == one.id), "samir")


def test_a_short_quote_keeps_back_no_sentence_that_only_holds_its_words(signing: Signing) -> None:
    one = share(signing, quote="Ja.", easy="Ja, dat kan. Ja! Het jaar begint goed.")
    name(signing, one, "lotte")
    assert "Ja, dat kan." in signing.texts() and "Het jaar begint goed." in signing.texts()
    assert "Ja!" not in signing.texts() and "Ja." not in signing.texts()
