"""The files under an article: named in Slack, HTML and Markdown, left out by the coordinator, gone once deleted."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from bot.attachments import LONGEST_NAME, MOST_IN_GROUP, Attachment, Kind, State, clean_name
from bot.problem import Refused
from bot.programme import Role
from handlers import documents, harvest
from handlers.attachments import changing
from handlers.views import attachments as views
from handlers.views import harvest_document
from playground.linter import lint_view, visible_texts
from storage import attachments
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_harvest import OTHER, TOLD, Evening

AT = "https://oefen.slack.com/files/noor/F{}/foto.jpg"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def evening(house: House) -> Evening:
    made = Evening(house)
    made.share(1, takeaway=TOLD)
    made.share(2, takeaway=OTHER)
    return made


def add(evening: Evening, number: int = 1, name: str = "Flap.jpg", group: int | None = 1, **more: Any) -> Attachment:
    """A file is kept as when somebody dropped it."""
    values: dict[str, Any] = {"kind": Kind.PICTURE, "size": 2_400_000, "permalink": AT.format(number)} | more
    made = Attachment(
        f"at{number}", TEAM, f"F{number}", State.KEPT, "CWS", f"7.{number}", "noor", evening.house.world.now(),
        evening.session.id, evening.groups[group - 1].id if group else None, name, **values,
    )  # fmt: skip
    evening.house.write(lambda db: attachments.save(db, made))
    return made


def anew(evening: Evening) -> None:
    evening.house.write(lambda db: harvest.list_anew(db, evening.house.world, evening.house.settings, evening.session))


def choose(evening: Evening, *listed: str, user: str = "ineke") -> None:
    """Open the form, choose what stands with the article, and hand it in as Slack sends it."""
    house, edition = evening.house, evening.edition()
    evening.press("harvest.downloads", edition.article.id, user)
    view = views.downloads_form(edition, house.world.words["nl"]).to_dict()
    assert lint_view(view) == []
    click = house.click(
        "form", "harvest.downloads", user, metadata=view["private_metadata"], fields={"listed": list(listed)},
        body={"view": view},
    )  # fmt: skip
    house.answer(harvest.ROUTES.forms["harvest.downloads"], click)


def everywhere(evening: Evening, language: str = "nl") -> dict[str, str]:
    """The article as it is read in each of its forms."""
    words, edition = evening.house.world.words[language], evening.edition()
    document = harvest_document.article_document(edition, words)
    made = {kind: documents.write(document, kind).decode() for kind in ("md", "html")}
    return made | {"draft": evening.shown("harvest.draft")}


def test_an_article_lists_its_files_with_kind_size_and_group_in_every_form(evening: Evening) -> None:
    add(evening, 1, "Flap van groep 2.jpg", group=2)
    add(evening, 2, "Dia's.pptx", group=None, kind=Kind.SLIDES, size=840 * 1024)
    anew(evening)
    for form, text in everywhere(evening).items():
        assert "Downloads" in text, form
        assert "2,3 MB · groep 2" in text and "Presentatie · 840 kB" in text, form
        assert AT.format(1) in text, form
        assert text.index("Dia") < text.index("Flap van"), "first those of the session itself"
    assert "Photo · 2.3 MB · group 2" in everywhere(evening, "en")["md"]
    evening.publish()
    assert f"<{AT.format(1)}|Flap van groep 2.jpg>" in str(
        [block.to_dict() for body in evening.drawn("harvest.article") for block in body.blocks]
    )


def test_an_article_without_files_has_no_list_and_no_button_for_one(evening: Evening) -> None:
    shown = everywhere(evening)
    assert all("Downloads" not in text for text in shown.values())
    found = evening.article()
    assert found is not None
    with pytest.raises(Refused, match="none"):
        evening.press("harvest.downloads", found.id)


def test_the_coordinator_leaves_a_file_out_and_takes_it_back_in(evening: Evening) -> None:
    first, second = add(evening, 1, "Flap.jpg"), add(evening, 2, "Agenda.pdf", kind=Kind.PDF)
    choose(evening, first.id)
    assert all("Flap.jpg" in text and "Agenda.pdf" not in text for text in everywhere(evening).values())
    choose(evening)
    assert all("Downloads" not in text for text in everywhere(evening).values())
    choose(evening, first.id, second.id)
    assert all("Agenda.pdf" in text for text in everywhere(evening).values())


def test_only_a_coordinator_chooses_files(evening: Evening, house: House) -> None:
    house.person("beheerder", None, Role.ADMIN)
    add(evening)
    for user in ("noor", "sanne", "beheerder"):
        with pytest.raises(Refused, match="edit_article"):
            choose(evening, user=user)


def test_a_file_that_came_while_the_form_was_open_stays(evening: Evening, house: House) -> None:
    first = add(evening, 1)
    view = views.downloads_form(evening.edition(), house.world.words["nl"]).to_dict()
    add(evening, 2, "Later.jpg")
    click = house.click(
        "form", "harvest.downloads", "ineke", metadata=view["private_metadata"], fields={"listed": []},
        body={"view": view},
    )  # fmt: skip
    house.answer(harvest.ROUTES.forms["harvest.downloads"], click)
    shown = everywhere(evening)["md"]
    assert "Later.jpg" in shown and first.name not in shown


def test_what_comes_after_publication_is_not_added_and_what_goes_is_taken_out(evening: Evening, house: House) -> None:
    add(evening, 1, "Flap.jpg")
    anew(evening)
    evening.publish()
    house.at(house.world.now() + timedelta(hours=1))
    add(evening, 2, "Nagekomen.jpg")
    anew(evening)
    shown = evening.shown("harvest.article")
    assert "Flap.jpg" in shown and "Nagekomen.jpg" not in shown
    house.answer(changing.decline, house.click("action", "attachments.decline", "noor", "CWS:7.1"))
    assert "Flap.jpg" not in evening.shown("harvest.article")
    assert all("Flap.jpg" not in text for text in everywhere(evening).values())


def test_a_file_is_left_out_after_publication_too(evening: Evening) -> None:
    add(evening)
    anew(evening)
    evening.publish()
    choose(evening)
    assert "Flap.jpg" not in evening.shown("harvest.article")


def test_a_coordinator_takes_away_what_somebody_else_dropped_and_a_stranger_does_not(
    evening: Evening, house: House
) -> None:
    house.person("samir")
    add(evening)
    with pytest.raises(Refused, match="remove_attachment"):
        house.answer(changing.decline, house.click("action", "attachments.decline", "samir", "CWS:7.1"))
    house.answer(changing.decline, house.click("action", "attachments.decline", "ineke", "CWS:7.1"))
    assert house.read(lambda db: attachments.of_session(db, TEAM, evening.session.id)) == []


NASTY = clean_name("<!channel> | [x](http://kwaad.nl) *v* `c` & <b>\u202egpj.exe</b>.jpg")


def test_a_name_is_text_in_every_form(evening: Evening) -> None:
    add(evening, 1, NASTY)
    anew(evening)
    shown = everywhere(evening)
    blocks = str([block.to_dict() for body in evening.drawn("harvest.draft") for block in body.blocks])
    assert "<!channel>" not in blocks and "&lt;!channel&gt; ¦ [x]" in blocks
    assert "<b>" not in shown["html"] and "&lt;!channel&gt;" in shown["html"]
    rendered = MarkdownIt().render(shown["md"])
    assert "<b>" not in rendered and 'href="http://kwaad.nl"' not in rendered and "<code>" not in rendered
    assert re.findall(r'<a href="([^"#]+)"', rendered) == [AT.format(1)], "no name became a link"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x.nl/a>b", "https://x.nl/a|b", "", "https://x y"])
def test_a_link_that_is_no_plain_address_is_left_out(evening: Evening, address: str) -> None:
    add(evening, 1, "Flap.jpg", permalink=address)
    anew(evening)
    shown = everywhere(evening)
    assert all("Flap.jpg" in text for text in shown.values())
    assert "javascript" not in str(shown) and 'href="https://x' not in shown["html"]


def test_very_many_files_with_long_names_stay_within_slacks_limits(house: House) -> None:
    evening = Evening(house, 8, tuple(f"Onderwerp {n}" for n in range(8)))
    for number in range(1, 9):
        evening.share(number, takeaway=TOLD)
    for number in range(8 * MOST_IN_GROUP):
        name = f"{number:03}{'&' * LONGEST_NAME}"[:LONGEST_NAME]
        add(evening, number, name, number % 8 + 1, permalink=AT.format(f"{number}/{'a' * 300}"))
    anew(evening)
    assert len(evening.drawn("harvest.draft")) > 1
    view = views.downloads_form(evening.edition(), house.world.words["nl"]).to_dict()
    assert lint_view(view) == []
    assert len(list(visible_texts(view))) > 100
    shown = evening.shown("harvest.draft")
    assert all(f"{number:03}&" in shown.replace("&amp;", "&") for number in range(8 * MOST_IN_GROUP))
