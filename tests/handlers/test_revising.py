"""After publication: exactly the published sentences that a change touches are listed, and let in or left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.impressions import LONGEST, Impression
from bot.problem import Refused
from bot.programme import Role
from handlers import digest, impressions
from storage import revisions
from tests.handlers.house import House, wall
from tests.handlers.signed import KINDS, OTHER, Signing

FIRST = "We nodigen de school nu uit."
SECOND = "Ouders praten vanaf het begin mee."
THIRD = "Dat kost een avond."
BETTER = "Ouders praten vanaf de eerste dag mee."
ALL = f"{FIRST} {SECOND} {THIRD}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield opened
    opened.database.close()


@pytest.fixture
def signing(house: House) -> Signing:
    """Both groups said yes, and the article is out."""
    made = Signing(house)
    made.share("youssef", "gr_2", takeaway=OTHER)
    one = made.share(takeaway=ALL)
    for user in ("noor", "samir"):
        made.agree(user, one)
    made.publish()
    return made


def correct(signing: Signing, takeaway: str, by: str = "noor", *, agree: bool = True) -> Impression:
    signing.correct(by, signing.newest(), takeaway=takeaway)
    if agree:
        for user in {"noor", "samir", "sanne"} - {by}:
            signing.agree(user, signing.newest())
    return signing.newest()


def decide(signing: Signing, what: str, note: Impression, cause: str = "change", user: str = "ineke", **m: Any) -> Any:
    article = signing.article()
    assert article is not None
    value = f"{article.id}:{note.id}:{note.version}:{cause}"
    return signing.press("harvest.revise", user, value, what, **m)


def ids(signing: Signing) -> list[str]:
    article = signing.article()
    assert article is not None
    return [sentence.id for sentence in article.sentences]


def test_the_coordinator_reads_exactly_what_is_touched_old_and_new(signing: Signing, house: House) -> None:
    correct(signing, ALL.replace(SECOND, BETTER))
    assert signing.texts() == [FIRST, SECOND, THIRD, OTHER], "nothing changes by itself"
    (asked,) = [row for row in house.owed("harvest.touched") if row.operation == "post"]
    assert asked.user_id == "ineke"
    shown = signing.shown("harvest.touched")
    for expected in (
        "Groep 1 paste een zin aan die al gepubliceerd is.",
        f"*Nu in het verslag:* {SECOND}",
        f"*Wordt:* {BETTER}",
        "Werk bij",
        "Laat staan",
    ):
        assert expected in shown
    assert FIRST not in shown and THIRD not in shown


def test_update_puts_the_new_words_in_place_everywhere_under_the_same_id(signing: Signing, house: House) -> None:
    before = ids(signing)
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.clock.now()))
    house.arrive("digest.post", "digest.details", "harvest.article")
    note = correct(signing, f"Nieuw vooraan. {ALL.replace(SECOND, BETTER)}")
    for _ in range(2):
        decide(signing, "update", note, key="a:1")
    assert signing.texts() == [FIRST, BETTER, THIRD, OTHER], "what is new in the note is not added by itself"
    assert ids(signing) == before
    assert BETTER in signing.shown("harvest.article") and SECOND not in signing.shown("harvest.article")
    said = signing.shown("digest.post") + signing.shown("digest.details")
    assert SECOND not in said and BETTER in said
    assert [row for row in house.owed("digest.post") if row.operation == "update"]
    shown = signing.shown("harvest.touched")
    assert "✓ Ineke werkte het verslag bij" in shown and SECOND not in shown and "Werk bij" not in shown
    with pytest.raises(Refused, match="revised_already"):
        decide(signing, "leave", note)


def test_leave_keeps_what_was_read_and_says_who_decided(signing: Signing, house: House) -> None:
    house.person("lotte", None, Role.COORDINATOR)
    note = correct(signing, ALL.replace(SECOND, BETTER))
    decide(signing, "leave", note)
    assert signing.texts() == [FIRST, SECOND, THIRD, OTHER]
    assert "✓ Ineke liet het verslag zoals het was" in signing.shown("harvest.touched", "lotte")
    article = signing.article()
    assert article is not None
    found = house.read(lambda db: revisions.decision(db, article, note.id, note.version, "change"))
    assert found is not None and (found.decision, found.by) == ("leave", "ineke")
    newer = correct(signing, ALL.replace(SECOND, "Ouders praten soms mee."), "samir")
    decide(signing, "update", newer)
    assert "Ouders praten soms mee." in signing.texts(), "a later change is asked about anew"


def test_two_coordinators_who_decide_at_once_are_told_who_was_first(signing: Signing, house: House) -> None:
    house.person("lotte", None, Role.COORDINATOR)
    note = correct(signing, ALL.replace(SECOND, BETTER))
    decide(signing, "leave", note, user="lotte")
    with pytest.raises(Refused) as refused:
        decide(signing, "update", note)
    assert (refused.value.key, refused.value.values) == ("harvest.revised_already", {"name": "Lotte"})
    assert signing.texts()[1] == SECOND


@pytest.mark.parametrize(
    "after",
    [f"Nieuw. {ALL}", f"{THIRD} {FIRST} {SECOND}", f"{ALL} En nog iets.", f"  {ALL}"],
    ids=["in front", "another order", "behind", "white space"],
)
def test_a_sentence_that_only_moved_is_pointed_at_its_new_place_and_nobody_is_asked(
    signing: Signing, house: House, after: str
) -> None:
    posts = signing.owed("harvest.article")
    note = correct(signing, after)
    assert house.owed("harvest.touched") == []
    assert signing.texts() == [FIRST, SECOND, THIRD, OTHER] and signing.owed("harvest.article") == posts
    article = signing.article()
    assert article is not None
    for run in (sentence.run for sentence in article.sentences if sentence.group == "gr_1"):
        assert run.version == note.version and note.text(run.field)[run.start : run.end] == run.text


def test_a_sentence_that_is_deleted_can_go_at_once(signing: Signing) -> None:
    note = correct(signing, f"{FIRST} {THIRD}", agree=False)
    shown = signing.shown("harvest.touched")
    assert "deze zin staat niet meer in de impressie" in shown and "Haal weg" in shown and "Werk bij" not in shown
    decide(signing, "update", note)
    assert signing.texts() == [FIRST, THIRD, OTHER]
    assert SECOND not in signing.shown("harvest.article")


def test_new_words_wait_until_their_group_agrees(signing: Signing, house: House) -> None:
    note = correct(signing, ALL.replace(SECOND, BETTER), agree=False)
    assert "De groep kan nog reageren tot vrijdag 18 juni, 12:00." in signing.shown("harvest.touched")
    with pytest.raises(Refused, match="revise_open"):
        decide(signing, "update", note)
    signing.object("samir", note)
    assert "De groep is het nog niet eens over de nieuwe tekst." in signing.shown("harvest.touched")
    with pytest.raises(Refused, match="revise_not_agreed"):
        decide(signing, "update", note)
    signing.agree("samir", note)
    house.at(wall(2021, 6, 18, 12))
    signing.tick()
    assert "kan nog reageren" not in signing.shown("harvest.touched")
    decide(signing, "update", note)
    assert signing.texts()[1] == BETTER


def test_the_authors_own_change_within_a_day_is_asked_about_too(signing: Signing, house: House) -> None:
    one = signing.newest()
    signing.hand_in(
        "impressions.change", "sanne", {"impression": one.id, "version": "1"}, {"takeaway": ALL.replace(SECOND, BETTER)}
    )
    assert f"*Wordt:* {BETTER}" in signing.shown("harvest.touched")


def test_only_a_coordinator_decides_and_made_up_ids_change_nothing(signing: Signing, house: House) -> None:
    note = correct(signing, ALL.replace(SECOND, BETTER))
    for user in ("sanne", "noor", "lotte", "vreemd"):
        with pytest.raises(Refused):
            decide(signing, "update", note, user=user)
    article = signing.article()
    assert article is not None
    for value in ("", "ar_x:im_x:2:change", f"{article.id}:im_x:2:change", f"{article.id}:{note.id}:9:change"):
        with pytest.raises(Refused):
            signing.press("harvest.revise", "ineke", value, "update")
    with pytest.raises(Refused):
        decide(signing, "burn", note)
    house.person("ineke")
    with pytest.raises(Refused):
        decide(signing, "update", note)
    assert BETTER not in signing.shown("harvest.touched"), "who is no longer coordinator reads no words of it"
    assert signing.texts()[1] == SECOND


def test_an_older_question_says_that_there_is_a_newer_one(signing: Signing) -> None:
    note = correct(signing, ALL.replace(SECOND, BETTER))
    correct(signing, ALL.replace(SECOND, "Ouders praten soms mee."), "samir")
    shown = signing.shown("harvest.touched")
    assert "daarna nog eens aan" in shown and BETTER not in shown and "Ouders praten soms mee." in shown
    with pytest.raises(Refused, match="revise_changed"):
        decide(signing, "update", note)


def test_a_withdrawn_note_goes_out_at_once_and_its_words_leave_the_question(signing: Signing, house: House) -> None:
    note = correct(signing, ALL.replace(SECOND, BETTER))
    click = house.click("action", "impressions.decline", "sanne", note.id)
    house.answer(impressions.ROUTES.actions["impressions.decline"], click)
    assert signing.texts() == [OTHER]
    shown = signing.shown("harvest.touched")
    assert BETTER not in shown and SECOND not in shown
    with pytest.raises(Refused, match="gone"):
        decide(signing, "update", note)


def test_a_late_objection_is_told_to_the_coordinator_with_the_same_choice(signing: Signing, house: House) -> None:
    house.at(wall(2021, 6, 20, 12))
    one = signing.newest()
    signing.object("noor", one, "Dit ging over een ander.")
    assert signing.texts() == [FIRST, SECOND, THIRD, OTHER], "what is out stays until the coordinator decides"
    shown = signing.shown("harvest.touched")
    for expected in ("Dit ging over een ander.", FIRST, THIRD, "Haal weg", "Laat staan"):
        assert expected in shown
    decide(signing, "update", one, "objection")
    assert signing.texts() == [OTHER]
    assert FIRST not in signing.shown("harvest.article") and "ander" not in signing.shown("harvest.touched")


def test_an_objection_that_is_taken_back_needs_no_choice_any_more(signing: Signing) -> None:
    one = signing.newest()
    signing.object("noor", one)
    signing.agree("noor", one)
    assert "Hier valt niets meer te kiezen." in signing.shown("harvest.touched")
    assert "Dat zeiden we niet." not in signing.shown("harvest.touched")


def test_a_name_that_is_listed_later_is_masked_at_once_without_a_question(signing: Signing, house: House) -> None:
    from handlers.impressions.keeping import leave_out

    note = correct(signing, ALL.replace(SECOND, "Tamara praat vanaf het begin mee."))
    decide(signing, "update", note)
    asked = len(house.owed("harvest.touched"))
    house.write(lambda db: leave_out(db, house.world, house.settings, signing.session, "Tamara"))
    assert "Tamara" not in "".join(signing.texts()) + signing.shown("harvest.article")
    assert len([row for row in house.owed("harvest.touched") if row.operation == "post"]) <= asked
    assert signing.standing(signing.newest()).agreed, "what the group said of it stands"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_longest_changes_stay_within_slacks_limits(house: House, language: str) -> None:
    made = Signing(house)
    made.share("youssef", "gr_2", takeaway=OTHER)
    one = made.share(takeaway=FIRST, quote=("<é" * LONGEST)[:LONGEST], obstacle=("w&" * LONGEST)[:LONGEST])
    for user in ("noor", "samir"):
        made.agree(user, one)
    made.publish()
    made.correct("noor", one, quote=("&" * LONGEST), obstacle=("> " * LONGEST)[:LONGEST])
    made.object("samir", made.newest(), "<" * 500)
    rows = house.owed("harvest.touched")
    assert rows
    for row in rows:
        house.draw(row, KINDS, language)
