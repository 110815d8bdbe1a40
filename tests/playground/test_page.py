"""What the page of the practice Slack shows, without a browser."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from playground import scenario
from playground.page import address, words
from playground.page.drawing import Drawing
from playground.state import Person
from tests.playground import gallery
from tests.playground.world import PLOT, World

ROOT = Path(__file__).parents[2]
SOURCES = Path(os.environ.get("OOGST_SOURCES", ROOT.parent / "shared" / "source-documents"))
PAGE = {"HX-Request": "true"}


async def html(slack: World, query: str = "?links=noor") -> str:
    answer = await slack.people.get(f"/{query}")
    assert answer.status_code == 200
    return answer.text


def drawing() -> Drawing:
    workspace = scenario.build(PLOT, "T")
    return Drawing(workspace, workspace.person("Noor"), lambda url: None)


async def test_a_message_that_changed_after_a_choice_shows_the_choices_it_brings_now(slack: World) -> None:
    def rows(chosen: int) -> list[dict[str, Any]]:
        options = [{"text": gallery.plain(f"Groep {number}"), "value": str(number)} for number in (3, 4)]
        element = {"type": "static_select", "action_id": "g", "options": options, "initial_option": options[chosen]}
        return [{"type": "actions", "elements": [element | {"placeholder": gallery.plain("Welke groep?")}]}]

    app = slack.app()

    @app.action("g")
    async def chosen(ack: Any) -> None:
        await ack()

    await slack.connect(app)
    ts = (await slack.web.chat_postMessage(channel="C0PLEIN", text="1", blocks=rows(0)))["ts"]
    assert (await slack.do("choose", label="Welke groep?", option="Groep 4"))["ok"]
    assert "<option selected>Groep 4</option>" in await html(slack), "until the message changes, what was chosen"
    await slack.web.chat_update(channel="C0PLEIN", ts=ts, text="2", blocks=rows(0))
    assert "<option selected>Groep 3</option>" in await html(slack)


# -- blocks ----------------------------------------------------------------------------------------------------------


async def test_every_block_and_element_of_the_gallery_is_drawn(slack: World) -> None:
    answer = await slack.web.chat_postMessage(channel="C0PLEIN", text="alles", blocks=gallery.EVERYTHING)
    assert answer["ok"]
    page = await html(slack)
    assert "Alles bij elkaar" in page
    assert "unknown-block" not in page


@pytest.mark.parametrize(
    "block",
    [
        {
            "type": "video",
            "title": gallery.plain("v"),
            "alt_text": "v",
            "video_url": "https://e.org",
            "thumbnail_url": "https://e.org",
        },
        {"type": "actions", "elements": [{"type": "datetimepicker", "action_id": "later"}]},
    ],
)
async def test_a_block_or_element_that_the_page_cannot_draw_is_a_red_box_with_its_type(
    slack: World, block: dict[str, Any]
) -> None:
    await slack.web.chat_postMessage(channel="C0PLEIN", text="nieuw", blocks=[block])
    page = await html(slack)
    assert 'class="unknown-block"' in page
    assert (block.get("elements") or [block])[0]["type"] in page


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("*vet* en _schuin_", "<strong>vet</strong> en <em>schuin</em>"),
        ("*vet met _schuin_ erin*", "<strong>vet met <em>schuin</em> erin</strong>"),
        ("5 * 3 * 2 en snake_case_naam", "5 * 3 * 2 en snake_case_naam"),
        ("~weg~ `*code*`", "<s>weg</s> <code>*code*</code>"),
        ("```\na < b\n```", "<pre>a &lt; b\n</pre>"),
        ("> citaat\nverder", "<blockquote>citaat</blockquote>verder"),
        ("&gt; citaat", "<blockquote>citaat</blockquote>"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("<@U0NOOR>", '<span class="mention">@Noor</span>'),
        ("<#C0PLEIN>", '<span class="mention">#plein</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        ("<javascript:alert(1)|klik>", "klik"),
        (":seedling: :nietbekend:", "🌱 :nietbekend:"),
        ("<!date^1631775600^{date_long} om {time}|x>", ">donderdag 16 september 2021 om 09:00</time>"),
    ],
)
def test_markup_is_drawn_as_slack_draws_it(written: str, drawn: str) -> None:
    assert drawn in drawing().mrkdwn(written)


def test_words_of_people_cannot_become_markup() -> None:
    drawn = drawing().mrkdwn('<https://e.org/"onmouseover="x|<b>klik</b>> <script>alert(1)</script>')
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert 'onmouseover="' not in drawn


def test_a_reader_with_another_language_and_zone_sees_dates_in_those() -> None:
    workspace = scenario.build(PLOT, "T")
    reader = Person("U1", "Ann", "Ann", locale="en-US", tz="Europe/London")
    drawn = Drawing(workspace, reader, lambda url: None).mrkdwn("<!date^1631775600^{date_long} {time}|x>")
    assert "Thursday, September 16, 2021 08:00" in drawn


async def test_what_comes_from_elsewhere_is_not_fetched(slack: World) -> None:
    policy = (await slack.people.get("/")).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy


# -- places ----------------------------------------------------------------------------------------------------------


async def test_the_address_says_who_looks_where(slack: World) -> None:
    page = await html(slack, "?links=samir&links_in=plein&rechts=noor&rechts_in=geheim")
    left, right = page.split('id="pane-rechts"')
    assert "#plein" in left.split('<header class="place">')[1][:80]
    assert "geheim" in right.split('<header class="place">')[1][:80]


async def test_nobody_reads_a_channel_they_are_not_in_by_typing_its_address(slack: World) -> None:
    await slack.web.chat_postMessage(channel="C0GEHEIM", text="onder ons")
    assert "onder ons" in await html(slack, "?links=noor&links_in=geheim&rechts=-")
    assert "onder ons" not in await html(slack, "?links=samir&links_in=geheim&rechts=-")


@pytest.mark.parametrize(
    "query",
    [
        "links=noor&links_in=plein",
        "links=samir&links_in=oogst&rechts=noor&rechts_in=thuis&taal=en&telefoon=1",
        "links=noor&links_in=plein&links_draad=1.2&rechts=-",
    ],
)
def test_an_address_that_is_read_and_written_again_is_the_same(query: str) -> None:
    workspace = scenario.build(PLOT, "T")
    assert address.write(address.read(address.query_of("?" + query), workspace), workspace) == "/?" + query


@pytest.mark.parametrize("query", ["links=niemand", "links_in=nergens", "taal=xx&rechts=weg", "links_draad=../x"])
async def test_nonsense_in_the_address_is_answered_with_a_page(slack: World, query: str) -> None:
    assert "pane-links" in await html(slack, "?" + query)


async def test_new_messages_make_a_place_bold_until_it_is_read(slack: World) -> None:
    await slack.web.chat_postMessage(channel="C0GEHEIM", text="nieuws")
    unread = re.compile(r'<a class="unread"[^>]*>[^<]*geheim <span class="new">nieuw</span>')
    assert unread.search(await html(slack, "?links=noor&links_in=plein&rechts=-"))
    await html(slack, "?links=noor&links_in=geheim&rechts=-")
    assert not unread.search(await html(slack, "?links=noor&links_in=plein&rechts=-"))


async def test_the_permalink_of_a_message_leads_to_it(slack: World) -> None:
    ts = (await slack.web.chat_postMessage(channel="C0PLEIN", text="kijk hier"))["ts"]
    link = (await slack.web.chat_getPermalink(channel="C0PLEIN", message_ts=ts))["permalink"]
    answer = await slack.people.get(link, follow_redirects=True)
    assert f"links_draad={ts}" in str(answer.url)
    assert 'class="thread"' in answer.text


# -- doing -----------------------------------------------------------------------------------------------------------


async def test_another_site_cannot_send_forms_to_the_page(slack: World) -> None:
    sent = {"verb": "say", "channel": "plein", "text": "van buiten"}
    assert (await slack.people.post("/_page/do/links", data=sent)).status_code == 403
    assert (await slack.people.post("/_page/reset")).status_code == 403
    assert "van buiten" not in json.dumps(await slack.see())


async def test_an_address_that_says_no_language_has_that_of_whose_screen_it_is(slack: World) -> None:
    assert 'lang="nl"' in await html(slack) and 'lang="en"' in await html(slack, "?links=samir")
    await html(slack, "?links=noor&taal=en")
    assert 'lang="en"' in await html(slack), "her Slack is English now, and so is the page around it"
    assert 'lang="nl"' in await html(slack, "?links=noor&taal=nl") and 'lang="nl"' in await html(slack)


async def test_what_a_verb_refuses_is_said_on_the_page(slack: World) -> None:
    sent = {"verb": "say", "channel": "kelder", "text": "hallo"}
    current = {"HX-Current-URL": f"{slack.base}/?links=noor&taal=en"}
    answer = await slack.people.post("/_page/do/links", data=sent | {"verb": "shortcut"}, headers=PAGE | current)
    assert "That did not work" in answer.text


async def test_everything_that_happens_can_be_read_in_plain_words_and_raw(slack: World) -> None:
    await slack.do("say", channel="plein", text="hallo allemaal")
    await slack.web.chat_postMessage(channel="C0PLEIN", text="dag")
    listed = (await slack.people.get("/_page/journal", headers=PAGE)).text
    assert "Noor schrijft: hallo allemaal" in listed
    assert "Oogst plaatst een bericht in #plein." in listed
    number = re.search(r'id="entry-(\d+)"><span class="at">[\d:]+</span> <span class="kind call">', listed)
    assert number
    assert '"method": "chat.postMessage"' in (await slack.people.get(f"/_page/raw/{number[1]}")).text


# -- words -----------------------------------------------------------------------------------------------------------


def test_every_word_of_the_page_is_there_in_both_languages_and_used() -> None:
    catalogue = yaml.safe_load(words.FILE.read_text(encoding="utf-8"))
    sources = "".join(
        path.read_text(encoding="utf-8") for path in words.FILE.parent.rglob("*") if path.suffix in (".py", ".html")
    )
    for key, both in catalogue.items():
        assert len(both) == 2 and all(both), key
        assert set(re.findall(r"{(\w+)}", both[0])) == set(re.findall(r"{(\w+)}", both[1])), key
        built = key.split(" ")[0] in (
            "call",
            "delivery",
            "deed",
            "error",
            "role",
            "ack",
            "late",
            "channel_join",
            "channel_leave",
            "tombstone",
        )
        assert built or f"'{key}'" in sources or f'"{key}"' in sources, f"{key} is used nowhere"


def test_what_people_are_in_the_practice_slack_is_told_in_both_languages() -> None:
    speak = words.read()
    for person in scenario.read().people:
        assert all(speak[language].get(f"role {person['title']}") for language in words.LANGUAGES), person["title"]


def test_every_step_of_the_tour_is_told_in_both_languages_and_can_be_done_and_ticked() -> None:
    tour = scenario.read().tour
    assert len(tour) == 10
    for step in tour:
        assert set(step) == {"title", "text", "look", "do", "done"}
        assert set(step["title"]) == set(step["text"]) == {"nl", "en"}
        assert step["do"] and step["done"]


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = re.findall(r"[^\W_]+", text.lower())
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_no_sentence_of_the_scenario_comes_from_a_document() -> None:
    if not SOURCES.is_dir():
        assert not os.environ.get("CI"), f"{SOURCES} is not there"
        pytest.skip("the source documents are not on this machine")
    themes = "Positieve gevolgen van corona Regiovisie Jeugdhulp (Norm van opdrachtgeverschap) Ouderbetrokkenheid"
    themes += (
        " Verduurzaming regionale samenwerking Samenwerking Nationaal Programma Onderwijs Onderwijszorgarrangementen"
    )
    pages = ROOT / "handlers" / "terminal" / "practice_trail.yaml"  # what the regions of the practice Slack have kept
    ours = _runs(scenario.DEFAULT.read_text(encoding="utf-8"), 6) - _runs(themes, 6)
    ours |= _runs(pages.read_text(encoding="utf-8"), 6)
    for document in sorted(SOURCES.iterdir()):
        shared = ours & _runs(document.read_text(encoding="utf-8", errors="replace"), 6)
        assert not shared, f"{document.name}: {sorted(shared)[:3]}"
