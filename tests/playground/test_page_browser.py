"""The page in a real browser, with a small Bolt app behind it: what people see, press and type."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.conftest import BROWSER_FLAGS
from tests.playground import gallery
from tests.playground.gallery import Gallery
from tests.playground.world import World, until

pytestmark = pytest.mark.browser
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
Look = Callable[..., Awaitable[Page]]


@pytest.fixture
async def bot(slack: World) -> Gallery:
    """The gallery's app, connected."""
    app = Gallery(slack.app())
    await slack.connect(app.app)
    return app


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_FLAGS))
        yield started
        await started.close()


PATIENCE = 30_000
"""Milliseconds in which something must show; a quiet machine needs a few hundred."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
async def look(slack: World, browser: Browser) -> AsyncIterator[Look]:
    """Opens the page: await look("links=noor", width=390). Fails the test when a script on the page did."""
    errors: list[str] = []

    async def opened(query: str = "links=noor&links_in=plein&rechts=samir&rechts_in=plein", **size: int) -> Page:
        page = await browser.new_page(viewport={"width": size.get("width", 1440), "height": size.get("height", 900)})
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{slack.base}/?{query}")
        return page

    yield opened
    assert errors == []


def left(page: Page) -> Any:
    return page.locator("#pane-links")


def right(page: Page) -> Any:
    return page.locator("#pane-rechts")


async def ask(slack: World) -> None:
    await slack.web.chat_postMessage(channel="C0PLEIN", text="Kies", blocks=gallery.a_question((0, 0)))


# -- two people ------------------------------------------------------------------------------------------------------


async def test_a_counter_moves_before_noor_when_samir_taps(slack: World, bot: Gallery, look: Look) -> None:
    await ask(slack)
    page = await look()
    await right(page).get_by_role("button", name="Kies Ouders").click()
    await expect(left(page)).to_contain_text("Ouders · 1 mensen")
    await expect(right(page)).to_contain_text("Alleen zichtbaar voor jou")
    await expect(left(page)).not_to_contain_text("Alleen zichtbaar voor jou")


async def test_what_somebody_types_stays_when_the_page_changes(slack: World, bot: Gallery, look: Look) -> None:
    await ask(slack)
    page = await look()
    box = left(page).get_by_label("Bericht aan #plein")
    await box.press_sequentially("half een zin")
    await right(page).get_by_role("button", name="Kies Ouders").click()
    await expect(left(page)).to_contain_text("Ouders · 1 mensen")
    await slack.web.chat_postMessage(channel="C0PLEIN", text="nog een bericht")
    await expect(left(page)).to_contain_text("nog een bericht")
    await expect(box).to_have_value("half een zin")


async def test_the_page_becomes_somebody_else_and_its_address_remembers_it(look: Look, slack: World) -> None:
    page = await look()
    await left(page).get_by_label("Ik ben nu:").select_option("gast")
    await expect(left(page).get_by_role("heading", name="Scherm van Gast")).to_be_attached()
    await page.wait_for_url(re.compile("links=gast"))
    await page.reload()
    await expect(left(page).get_by_label("Ik ben nu:")).to_have_value("gast")


async def test_a_small_screen_shows_one_person_unless_two_are_asked_for(look: Look) -> None:
    page = await look("links=noor", width=390, height=844)
    await expect(left(page)).to_be_visible()
    await expect(right(page)).to_be_hidden()
    page = await look("links=noor&rechts=samir", width=390, height=844)
    await expect(right(page)).to_be_visible()


async def test_no_part_of_the_page_is_wider_than_a_phone(slack: World, bot: Gallery, look: Look) -> None:
    await slack.web.chat_postMessage(channel="C0PLEIN", text="alles", blocks=gallery.EVERYTHING)
    page = await look("links=noor&links_in=plein", width=390, height=844)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator("#toggle-links").click()
    await left(page).get_by_role("link", name="Oogst").click()
    await expect(left(page).get_by_role("heading", name="Oogst")).to_be_visible()


# -- elements --------------------------------------------------------------------------------------------------------


async def test_the_bot_hears_of_every_element(slack: World, bot: Gallery, look: Look) -> None:
    await slack.web.chat_postMessage(channel="C0PLEIN", text="alles", blocks=gallery.EVERYTHING)
    page = await look("links=noor&links_in=plein&rechts=-")
    pane = left(page)

    async def heard(action: str) -> dict[str, Any]:
        await until(lambda: any(each["action_id"] == action for each in bot.actions))
        return next(each for each in bot.actions if each["action_id"] == action)

    await pane.get_by_role("button", name="Publiceer").click()
    await heard("publish")
    await pane.get_by_label("Wissel van thema").select_option("Regen")
    assert (await heard("one"))["selected_option"]["value"] == "regen"
    await pane.get_by_label("Kies iemand").select_option("Samir")
    assert (await heard("who"))["selected_user"] == "U0SAMIR"
    await pane.get_by_label("Kies een gesprek").select_option("#plein")
    assert (await heard("where"))["selected_conversation"] == "C0PLEIN"
    await pane.get_by_label("Kies een kanaal").select_option("#plein")
    assert (await heard("channel"))["selected_channel"] == "C0PLEIN"
    await pane.locator("input[type=date]").fill("2021-10-21")
    assert (await heard("day"))["selected_date"] == "2021-10-21"
    await pane.locator("input[type=time]").fill("13:30")
    assert (await heard("hour"))["selected_time"] == "13:30"
    await pane.get_by_label("Aan staat aan").check()
    assert [each["value"] for each in (await heard("boxes"))["selected_options"]] == ["aan"]
    await pane.get_by_label("Dat", exact=True).check()
    assert (await heard("radio"))["selected_option"]["value"] == "dat"
    await pane.get_by_label("Regio 2").check()
    assert [each["value"] for each in (await heard("several"))["selected_options"]] == ["regio 2"]
    await pane.get_by_label("Meer keuzes").click()
    await pane.get_by_role("button", name="HTML").click()
    assert (await heard("more"))["selected_option"]["value"] == "html"


async def test_a_question_is_asked_before_a_deed_and_no_is_no(slack: World, bot: Gallery, look: Look) -> None:
    await slack.web.chat_postMessage(channel="C0PLEIN", text="alles", blocks=gallery.EVERYTHING)
    page = await look("links=noor&links_in=plein&rechts=-")
    await page.get_by_role("button", name="Weg ermee").click()
    await expect(page.get_by_role("dialog", name="Zeker weten?")).to_be_visible()
    await page.get_by_role("button", name="Nee").click()
    await page.get_by_role("button", name="Publiceer").click()
    await until(lambda: bot.actions)
    await page.get_by_role("button", name="Weg ermee").click()
    await page.get_by_role("button", name="Ja").click()
    await until(lambda: len(bot.actions) == 2)
    assert [each["action_id"] for each in bot.actions] == ["publish", "remove"]


async def test_a_bot_that_answers_too_late_is_told_in_plain_words(slack: World, bot: Gallery, look: Look) -> None:
    late = {"type": "actions", "elements": [gallery.button("Traag", "late")]}
    await slack.web.chat_postMessage(channel="C0PLEIN", text="traag", blocks=[late])
    page = await look()
    await left(page).get_by_role("button", name="Traag").click()
    await expect(left(page).get_by_role("alert")).to_contain_text("Oogst antwoordde niet binnen 3 seconden")


# -- forms -----------------------------------------------------------------------------------------------------------


async def open_form(slack: World, page: Page) -> Any:
    await left(page).get_by_label("Snelkoppelingen").or_(left(page).get_by_text("Snelkoppelingen")).first.click()
    await left(page).get_by_role("button", name="Nieuw").click()
    modal = left(page).get_by_role("dialog", name="Impressie")
    await expect(modal).to_be_visible()
    return modal


async def test_a_form_keeps_its_text_and_shows_each_error_at_its_field(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    modal = await open_form(slack, page)
    await modal.get_by_label("Citaat").fill("Een mooi citaat")
    await modal.get_by_role("button", name="Deel").click()
    words = modal.get_by_label("Wat nam de groep mee?")
    await expect(words).to_have_attribute("aria-invalid", "true")
    await expect(words).to_be_focused()
    await expect(words).to_have_accessible_description(re.compile("Vul dit veld in"))
    await words.fill("Mail naar a@b.nl")
    await modal.get_by_role("button", name="Deel").click()
    await expect(modal).to_contain_text("Haal het adres weg. Dan kun je delen.")
    await expect(words).to_have_value("Mail naar a@b.nl")
    await expect(modal.get_by_label("Citaat")).to_have_value("Een mooi citaat")
    await words.fill("Twee regels\nzijn genoeg")
    await modal.get_by_label("Thema").select_option("Regen")
    await modal.get_by_label("Datum").fill("2021-09-16")
    await modal.get_by_label("Samir").check()
    await modal.get_by_label("Anders").check()
    await modal.get_by_role("button", name="Deel").click()
    await expect(modal).to_be_hidden()
    values = bot.forms[0]
    assert values["words"]["words"]["value"] == "Twee regels\nzijn genoeg"
    assert values["quote"]["quote"]["value"] == "Een mooi citaat"
    assert values["topic"]["topic"]["selected_option"]["value"] == "regen"
    assert values["day"]["day"]["selected_date"] == "2021-09-16"
    assert values["who"]["who"]["selected_users"] == ["U0SAMIR"]
    assert values["how"]["how"]["selected_option"]["value"] == "anders"


async def test_the_bot_hears_what_is_typed_at_a_pause_and_the_typing_goes_on(
    slack: World, bot: Gallery, look: Look
) -> None:
    page = await look()
    modal = await open_form(slack, page)
    quote = modal.get_by_label("Citaat")
    await quote.press_sequentially("Samen ")
    await until(lambda: bot.actions)
    await slack.web.chat_postMessage(channel="C0PLEIN", text="een bericht ertussen")
    await quote.press_sequentially("kan het.", delay=30)
    await until(lambda: bot.actions[-1]["value"] == "Samen kan het.")
    assert len(bot.actions) < len("Samen kan het."), "not at every letter"
    await expect(quote).to_have_value("Samen kan het.")
    await expect(quote).to_be_focused()


async def test_a_form_that_is_drawn_again_keeps_each_word_in_its_own_field(
    slack: World, bot: Gallery, look: Look
) -> None:
    page = await look()
    modal = await open_form(slack, page)
    view = str(await modal.get_attribute("id")).split("-")[-1]
    above = {"type": "context", "elements": [gallery.mrkdwn("Haal dit nummer weg.")]}
    longer, shorter = gallery.a_form(), gallery.a_form()
    longer["blocks"] = [
        {"type": "actions", "elements": [gallery.button("Meer velden", "note")]}, above, *longer["blocks"]
    ]  # fmt: skip
    await modal.get_by_label("Wat nam de groep mee?").fill("Twee zinnen.")
    quote = modal.get_by_label("Citaat")
    await quote.press_sequentially("Samen ")
    await slack.web.views_update(view_id=view, view=longer)
    await expect(modal).to_contain_text("Haal dit nummer weg.")
    await expect(quote).to_be_focused()
    await quote.press_sequentially("kan het.")
    # Nobody told the server of the last words yet, and the next field has the focus.
    await page.evaluate("document.activeElement.addEventListener('change', (e) => e.stopImmediatePropagation(), true)")
    await modal.get_by_label("E-mail").focus()
    await slack.web.views_update(view_id=view, view=shorter)
    await expect(modal).not_to_contain_text("Haal dit nummer weg.")
    await expect(quote).to_have_value("Samen kan het.")
    await modal.get_by_role("button", name="Deel").click()
    await until(lambda: bot.forms)
    assert bot.forms[0]["words"]["words"]["value"] == "Twee zinnen."
    assert bot.forms[0]["quote"]["quote"]["value"] == "Samen kan het."


async def test_a_form_on_a_form_goes_back_to_the_first_with_its_text(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    modal = await open_form(slack, page)
    await modal.get_by_label("Wat nam de groep mee?").fill("bewaar mij")
    await modal.get_by_role("button", name="Voorbeeld").click()
    second = left(page).get_by_role("dialog", name="Voorbeeld")
    await expect(second).to_contain_text("boven op een ander")
    await second.get_by_role("button", name="Sluiten").last.click()
    await expect(modal.get_by_label("Wat nam de groep mee?")).to_have_value("bewaar mij")
    await modal.get_by_role("button", name="Sluiten").first.click()
    await expect(modal).to_be_hidden()
    await until(lambda: bot.closed == 2)


async def test_the_keyboard_opens_a_form_stays_in_it_and_comes_back(slack: World, bot: Gallery, look: Look) -> None:
    await slack.do("home")
    await until(lambda: slack.practice.workspace.homes)
    page = await look("links=noor&links_in=thuis&rechts=samir")
    button = left(page).get_by_role("button", name="Deel impressie")
    await button.focus()
    await page.keyboard.press("Enter")
    modal = left(page).get_by_role("dialog", name="Impressie")
    await expect(modal.get_by_label("Wat nam de groep mee?")).to_be_focused()
    for _ in range(30):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('.modal') !== null")
    for _ in range(30):
        await page.keyboard.press("Shift+Tab")
        assert await page.evaluate("document.activeElement.closest('.modal') !== null")
    await page.keyboard.press("Escape")
    await expect(modal).to_be_hidden()
    await expect(button).to_be_focused()


async def test_the_keyboard_alone_chooses_a_theme_and_keeps_its_place(slack: World, bot: Gallery, look: Look) -> None:
    await ask(slack)
    page = await look("links=noor&links_in=plein&rechts=-")
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.getAttribute('aria-label')") == "Kies Ouders":
            break
    await page.keyboard.press("Enter")
    await expect(left(page)).to_contain_text("Ouders · 1 mensen")
    await expect(left(page).get_by_role("button", name="Kies Ouders")).to_be_focused()


# -- messages --------------------------------------------------------------------------------------------------------


async def test_people_write_change_answer_and_delete(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    box = left(page).get_by_label("Bericht aan #plein")
    await box.fill("Hallo *allemaal*")
    await box.press("Enter")
    message = left(page).get_by_role("article").filter(has_text="Hallo")
    await expect(right(page)).to_contain_text("Hallo *allemaal*")
    await expect(box).to_have_value("")
    await message.get_by_label("Meer acties").click()
    await message.get_by_role("link", name="Bewerken").click()
    await expect(message.get_by_label("Bewerken")).to_be_focused()
    await message.get_by_label("Bewerken").fill("Dag iedereen")
    await left(page).get_by_role("button", name="Opslaan").click()
    await expect(right(page)).to_contain_text("Dag iedereen")
    await expect(right(page)).to_contain_text("(bewerkt)")
    answer = right(page).get_by_role("article").filter(has_text="Dag iedereen")
    await expect(answer.get_by_text("Bewerken")).to_have_count(0)
    await answer.get_by_label("Meer acties").click()
    await answer.get_by_role("link", name="Antwoord in de thread").click()
    thread = right(page).get_by_role("complementary", name="Thread")
    await thread.get_by_label("Antwoord in de thread").fill("Ook dag")
    await thread.get_by_role("button", name="Verstuur").click()
    await expect(thread).to_contain_text("Ook dag")
    await left(page).get_by_role("link", name="1 antwoord").click()
    await expect(left(page).get_by_role("complementary", name="Thread")).to_contain_text("Ook dag")
    await left(page).get_by_role("link", name="Sluiten").click()
    message = left(page).get_by_role("article").filter(has_text="Dag iedereen")
    await message.get_by_label("Meer acties").click()
    await message.get_by_role("button", name="Verwijderen").click()
    await page.get_by_role("dialog").get_by_role("button", name="Verwijderen").click()
    await expect(right(page)).not_to_contain_text("Dag iedereen")


async def test_files_go_up_and_come_down(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    await (
        left(page)
        .locator("input[type=file]")
        .first.set_input_files({"name": "notitie.txt", "mimeType": "text/plain", "buffer": b"wat wij zagen"})
    )
    await expect(left(page)).to_contain_text("notitie.txt")
    await left(page).get_by_role("button", name="Verstuur").click()
    link = right(page).get_by_role("link", name="notitie.txt")
    async with page.expect_download() as waiting:
        await link.click()
    stream = await (await waiting.value).path()
    assert stream.read_bytes() == b"wat wij zagen"
    message = left(page).get_by_role("article").filter(has_text="notitie.txt")
    await message.get_by_label("Meer acties").click()
    await message.get_by_role("button", name="Bestand verwijderen: notitie.txt").click()
    await page.get_by_role("dialog").get_by_role("button", name="Bestand verwijderen").click()
    await expect(right(page)).to_contain_text("Dit bestand is verwijderd.")
    await expect(right(page).get_by_role("link", name="notitie.txt")).to_have_count(0)


async def test_the_name_of_a_chosen_file_stays_when_the_page_changes(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    chosen = {"name": "notitie.txt", "mimeType": "text/plain", "buffer": b"wat wij zagen"}
    await left(page).locator("input[type=file]").first.set_input_files(chosen)
    await expect(left(page)).to_contain_text("notitie.txt")
    await slack.web.chat_postMessage(channel="C0PLEIN", text="nog een bericht")
    await expect(left(page)).to_contain_text("nog een bericht")
    assert "notitie.txt" in await left(page).locator("form.composer").first.inner_text()
    await left(page).get_by_role("button", name="Verstuur").click()
    await expect(right(page).get_by_role("link", name="notitie.txt")).to_be_visible()


async def test_a_slash_command_and_shortcuts_reach_the_bot(slack: World, bot: Gallery, look: Look) -> None:
    await slack.do("say", channel="plein", text="dit is wat wij zagen")
    page = await look()
    box = left(page).get_by_label("Bericht aan #plein")
    await box.fill("/oogst hulp")
    await box.press("Enter")
    await expect(left(page)).to_contain_text("Je typte: hulp")
    await expect(left(page).get_by_role("article").filter(has_text="Je typte")).to_contain_text(
        "Alleen zichtbaar voor jou"
    )
    await box.fill("/bestaatniet")
    await box.press("Enter")
    await expect(left(page).get_by_role("alert")).to_contain_text("/bestaatniet")
    await expect(box).to_have_value("/bestaatniet")
    message = left(page).get_by_role("article").filter(has_text="wat wij zagen")
    await message.get_by_label("Meer acties").click()
    await message.get_by_role("button", name="Noteren").click()
    await expect(left(page).get_by_role("dialog", name="Impressie")).to_be_visible()


async def test_home_opens_when_somebody_goes_there(slack: World, bot: Gallery, look: Look) -> None:
    page = await look()
    await left(page).get_by_role("link", name="Oogst").click()
    await left(page).get_by_role("link", name="Home").click()
    await expect(left(page).get_by_role("button", name="Deel impressie")).to_be_visible()
    await left(page).get_by_role("button", name="Deel impressie").click()
    await expect(left(page).get_by_role("dialog", name="Impressie")).to_be_visible()


async def test_somebody_joins_a_channel_to_write_there(slack: World, bot: Gallery, look: Look) -> None:
    await slack.do("leave", "Samir", channel="kelder")
    page = await look("links=samir&links_in=kelder&rechts=-&taal=nl")
    await left(page).get_by_role("button", name="Doe mee in #kelder").click()
    await expect(left(page).get_by_label("Bericht aan #kelder")).to_be_visible()


# -- clock, start over, access ---------------------------------------------------------------------------------------


async def test_the_clock_moves_and_tells_the_time(slack: World, look: Look) -> None:
    page = await look()
    clock = page.get_by_role("region", name="Klok")
    await expect(clock).to_contain_text("donderdag 17 juni 2021 13:55")
    await clock.get_by_role("button", name="+1 uur").click()
    await expect(clock).to_contain_text("14:55")
    await clock.get_by_label("Zet de klok op").fill("2021-06-18T09:30")
    await clock.get_by_role("button", name="Zet de klok").click()
    await expect(clock).to_contain_text("vrijdag 18 juni 2021 09:30")
    await clock.get_by_role("button", name="Volgende dinsdag 09:00").click()
    await expect(clock).to_contain_text("dinsdag 22 juni 2021 09:00")
    await clock.get_by_label("Zet de klok op").fill("2021-06-01T09:00")
    await clock.get_by_role("button", name="Zet de klok", exact=True).click()
    await expect(clock).to_contain_text("De klok gaat alleen vooruit")


async def test_starting_over_empties_everything_after_asking(slack: World, bot: Gallery, look: Look) -> None:
    await slack.do("say", channel="plein", text="straks weg")
    page = await look()
    await expect(left(page)).to_contain_text("straks weg")
    await page.get_by_role("button", name="+1 uur").click()
    await page.get_by_role("button", name="Opnieuw beginnen").click()
    await page.get_by_role("dialog").get_by_role("button", name="Opnieuw beginnen").click()
    await expect(left(page)).not_to_contain_text("straks weg")
    await expect(page.get_by_role("region", name="Klok")).to_contain_text("13:55")


async def test_what_happens_is_told_while_it_happens(slack: World, bot: Gallery, look: Look) -> None:
    await ask(slack)
    page = await look()
    await page.get_by_text("Wat gebeurt er?").click()
    await right(page).get_by_role("button", name="Kies Ouders").click()
    told = page.locator("#journal-list")
    await expect(told).to_contain_text("Samir drukt op een knop.")
    await expect(told).to_contain_text("Oogst werkt een bericht in #plein bij.")
    await told.get_by_text("Precies").first.click()
    await expect(told.locator("pre").first).to_contain_text('"number"')


@pytest.mark.parametrize(
    ("query", "width"),
    [
        ("taal=nl", 1440),
        ("taal=en", 390),
        pytest.param("taal=en", 1440, marks=pytest.mark.matrix),
        pytest.param("taal=nl", 390, marks=pytest.mark.matrix),
        pytest.param("taal=nl&telefoon=1", 1440, marks=pytest.mark.matrix),
        pytest.param("taal=nl&telefoon=1", 390, marks=pytest.mark.matrix),
    ],
)
async def test_axe_finds_nothing_serious(slack: World, bot: Gallery, look: Look, query: str, width: int) -> None:
    await ask(slack)
    await slack.web.chat_postMessage(channel="C0PLEIN", text="alles", blocks=gallery.EVERYTHING)
    await slack.do("say", channel="plein", text="een gewoon bericht met @Samir")
    await slack.do("press", label="Kies Ouders")
    await slack.do("say", channel="plein", text="antwoord", thread_ts=(await slack.see())["channels"]["plein"][0]["ts"])
    page = await look(f"links=noor&links_in=plein&rechts=samir&rechts_in=plein&{query}", width=width, height=900)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    await serious(page)
    await page.locator("#journal > summary").click()
    await left(page).locator(".replies").first.click()
    await serious(page)
    await slack.do("shortcut", "Samir", callback_id="new")
    await slack.do("submit", "Samir")
    await expect(right(page).get_by_role("dialog")).to_be_visible()
    await page.wait_for_timeout(300)  # the form rises
    await serious(page)


async def serious(page: Page) -> None:
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    worst = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    assert worst == [], [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in worst]
