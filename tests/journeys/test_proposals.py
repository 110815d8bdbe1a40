"""People propose themes before a session, see each other's, and the coordinator makes the session out of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.words import Words
from tests.journeys.driver import Oogst, Person, Slack
from tests.journeys.steps import CHANNEL

TITLE = "Werksessie 1 juli"
WHY = "We bellen nu vijf loketten."


def ask_for_themes(slack: Slack, words: Words) -> None:
    """The coordinator makes a session without topics and lets people propose them first."""
    ineke = slack.as_("Ineke")
    ineke.command("/oogst nieuw" if words.language == "nl" else "/oogst new")
    ineke.modal(words("worksessions.new_title"))
    ineke.type(words("worksessions.title"), TITLE)
    ineke.choose(words("worksessions.day"), date="2021-07-01")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    ineke.submit()
    ineke.modal(words("proposals.first"))
    ineke.choose(words("proposals.first"), options=[words("proposals.first_option")])
    ineke.submit()
    ineke.modal(words("proposals.asked", channel="#", until="").split("#")[0].strip())
    ineke.close_forms()
    call(ineke, words)


def call(person: Person, words: Words, has: str = "") -> dict[str, Any]:
    """Wait until the message in the channel that asks for themes says this."""
    header = words("proposals.call_header", day=words.day(date(2021, 7, 1)))

    def look() -> dict[str, Any] | None:
        found = [m for m in person.messages(CHANNEL) if header in m["plain"] and not m["only_you"]]
        return found[-1] if found and has in found[-1]["plain"] else None

    found: dict[str, Any] = person.until(look, f"the call with {has!r}")
    return found


def counted(name: str, number: int, words: Words) -> str:
    """How the call shows a proposal with its counter."""
    return f"*{name}* · {words.count('proposals.backers', number)}"


def value(modal: dict[str, Any], block_id: str) -> str:
    """What stands in a field of a form."""
    return next(str(each["value"] or "") for each in modal["fields"] if each["block_id"] == block_id)


def propose(person: Person, name: str, words: Words, why: str = "") -> None:
    """Somebody proposes from the message in the channel; what comes then is up to the test."""
    person.press(words("proposals.propose_one"), channel=CHANNEL)
    person.modal(words("proposals.form_title"))
    person.type(words("proposals.name"), name)
    if why:
        person.type(words("proposals.why"), why)
    person.submit()


@pytest.mark.matrix
def test_from_proposals_to_a_session(slack: Slack, oogst: Oogst, words: Words) -> None:
    ask_for_themes(slack, words)
    noor, samir, lotte, sanne, ineke = (slack.as_(name) for name in ("Noor", "Samir", "Lotte", "Sanne", "Ineke"))
    propose(noor, "Onderwijszorgarrangementen", words, WHY)
    noor.modal("Onderwijszorgarrangementen")
    noor.close_forms()
    call(noor, words, counted("Onderwijszorgarrangementen", 1, words))

    # Samir means the same under an abbreviation, is shown what is there, and backs it
    samir.command(f"/oogst {'thema' if words.language == 'nl' else 'theme'} OZA")
    samir.modal(words("proposals.form_title"))
    samir.submit()
    shown = samir.modal(words("proposals.alike_title"))
    assert "Onderwijszorgarrangementen" in shown["plain"]
    assert words("proposals.proposed_by", people="@Noor") in shown["plain"]
    samir.press(words("proposals.back_says", name="Onderwijszorgarrangementen"), where="modal")
    samir.modal(words("proposals.you_back"))
    samir.close_forms()
    call(noor, words, counted("Onderwijszorgarrangementen", 2, words))
    assert oogst.rows("SELECT count(*) FROM proposal") == [(1,)]

    # Sanne means something else, and says so; Lotte makes a message of Youssef a proposal
    propose(sanne, "Onderwijs- en zorgarrangement", words)
    sanne.modal(words("proposals.alike_title"))
    sanne.submit()
    sanne.modal(words("proposals.noted_hint"))
    sanne.close_forms()
    ts = slack.as_("Youssef").say(CHANNEL, "Leerlingenvervoer loopt elke ochtend vast <!here>")
    lotte.do("shortcut", callback_id="proposals.message", channel=CHANNEL, ts=ts)
    assert value(lotte.modal(words("proposals.form_title")), "name").endswith("elke ochtend vast <!here>"), "as typed"
    lotte.type(words("proposals.name"), "Leerlingenvervoer")
    lotte.submit()
    lotte.modal(words("proposals.noted_hint"))
    lotte.close_forms()
    call(noor, words, counted("Leerlingenvervoer", 1, words))

    # Everybody backs once; a second tap says so, and it can be taken back
    for _ in range(2):
        noor.press(words("proposals.back_says", name="Leerlingenvervoer"), channel=CHANNEL)
    noor.only_for_me(words("proposals.backed_already", name="*Leerlingenvervoer*").replace("**", "*"))
    call(noor, words, counted("Leerlingenvervoer", 2, words))
    noor.press(words("proposals.take_back_says", name="Leerlingenvervoer"), channel=CHANNEL)
    call(noor, words, counted("Leerlingenvervoer", 1, words))

    # The coordinator merges, renames, orders, and makes the session
    ineke.home(words("proposals.review", count=3))
    ineke.press(words("proposals.review", count=3), where="home")
    first = ineke.modal(words("proposals.accept"))
    assert words("proposals.origin", message="", name="").split()[0] in first["plain"]
    decide(ineke, "merge", "Onderwijs- en zorgarrangement", words)
    ineke.modal(words("proposals.merge_title"))
    ineke.choose(words("proposals.merge_into"), option="Onderwijszorgarrangementen (2)")
    ineke.submit()
    ineke.modal("“Onderwijs- en zorgarrangement” (@Sanne)")
    call(noor, words, words("proposals.also", names="“Onderwijs- en zorgarrangement”"))
    ineke.until(lambda: words("proposals.review", count=2) in ineke.sees()["home"]["plain"], "the Home under the form")
    for name in ("Onderwijszorgarrangementen", "Leerlingenvervoer"):
        decide(ineke, "accept", name, words)
        ineke.until(lambda n=name: oogst.rows(f"SELECT 1 FROM proposal WHERE name = '{n}' AND status = 'accepted'"))
    ineke.modal(words("proposals.up"))
    decide(ineke, "up", "Leerlingenvervoer", words)
    ineke.modal("1. Leerlingenvervoer")
    decide(ineke, "edit", "Onderwijszorgarrangementen", words)
    ineke.modal(words("proposals.short_label"))
    ineke.type(words("worksessions.title"), "Arrangementen voor onderwijs en zorg")
    ineke.type(words("proposals.short_label"), "OZA")
    ineke.submit()
    ineke.modal("2. Arrangementen voor onderwijs en zorg")
    ineke.press(words("proposals.ready"), where="modal")
    topics = ineke.modal(words("proposals.prefilled"))
    assert value(topics, "topics") == "Leerlingenvervoer\nArrangementen voor onderwijs en zorg"
    ineke.submit()
    check = ineke.modal(words("worksessions.check_title"))
    assert value(check, "shorts") == "Leerlingenvervoer\nOZA"
    ineke.submit()
    chosen = words("proposals.chosen_header", day=words.day(date(2021, 7, 1)))
    card = noor.finds(CHANNEL, chosen)
    assert words("proposals.proposed_by", people=words.list(["@Noor", "@Sanne"])) in card["plain"]
    assert not card["buttons"]
    assert ineke.sees()["modal"] is None, "the list of proposals under the form has gone too"
    linked = oogst.rows(
        "SELECT p.original, t.short_name FROM proposal p JOIN topic t ON t.id = p.topic_id ORDER BY p.at"
    )
    assert linked == [
        ("Onderwijszorgarrangementen", "OZA"), ("Onderwijs- en zorgarrangement", "OZA"),
        ("Leerlingenvervoer", "Leerlingenvervoer"),
    ]  # fmt: skip
    aliases = {alias for (alias,) in oogst.rows("SELECT alias FROM theme_alias")}
    assert {"Onderwijszorgarrangementen", "Onderwijs- en zorgarrangement", "OZA"} <= aliases


def test_without_a_date_proposals_wait_and_a_merge_is_undone_in_the_list(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    for name, theme in (("Noor", "Leerlingenvervoer"), ("Samir", "Kansengelijkheid"), ("Lotte", "Taxi en bus")):
        person = slack.as_(name)
        person.command(f"/oogst {'voorstel' if words.language == 'nl' else 'proposal'} {theme}")
        assert words("proposals.for_next") in person.modal(words("proposals.form_title"))["plain"]
        person.submit()
        person.modal(words("proposals.noted_hint"))
        person.close_forms()
    ineke = slack.as_("Ineke")
    ineke.home(words("proposals.review", count=3))
    ineke.press(words("proposals.review", count=3), where="home")
    ineke.modal(words("proposals.accept"))
    decide(ineke, "merge", "Taxi en bus", words)
    ineke.modal(words("proposals.merge_title"))
    ineke.choose(words("proposals.merge_into"), option="Leerlingenvervoer (1)")
    ineke.submit()
    ineke.modal("“Taxi en bus” (@Lotte)")
    decide(ineke, "merge", "Leerlingenvervoer", words)
    ineke.modal(words("proposals.merged_here"))
    decide(ineke, "apart", "Taxi en bus", words)
    ineke.until(lambda: words("proposals.merged_here") not in ineke.modal()["plain"])
    ineke.do("close")
    below = ineke.modal(words("proposals.review_intro", count=words.count("proposals.count", 3), taken="")[:12])
    assert "“Taxi en bus”" not in below["plain"]
    for name in ("Kansengelijkheid", "Leerlingenvervoer"):
        decide(ineke, "accept", name, words)
        ineke.until(lambda n=name: oogst.rows(f"SELECT 1 FROM proposal WHERE name = '{n}' AND status = 'accepted'"))
    decide(ineke, "later", "Taxi en bus", words)
    ineke.modal(words("proposals.state_later"))
    ineke.press(words("proposals.ready"), where="modal")
    ineke.modal(words("worksessions.new_title"))
    ineke.choose(words("worksessions.day"), date="2021-06-18")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    ineke.submit()
    assert value(ineke.modal(words("proposals.prefilled")), "topics") == "Kansengelijkheid\nLeerlingenvervoer"
    ineke.submit()
    ineke.modal(words("worksessions.check_title"))
    ineke.submit()
    ineke.finds(CHANNEL, "*Kansengelijkheid*")
    assert oogst.rows("SELECT name, status, topic_id IS NULL FROM proposal ORDER BY name") == [
        ("Kansengelijkheid", "chosen", 0), ("Leerlingenvervoer", "chosen", 0), ("Taxi en bus", "open", 1),
    ]  # fmt: skip


def decide(person: Person, verb: str, name: str, words: Words) -> None:
    """The coordinator presses a button of one proposal, by what a screen reader says of it."""
    person.press(f"{words(f'proposals.{verb}')}: {name}", where="modal")


def test_what_was_typed_survives_a_closed_form_and_a_restart(slack: Slack, oogst: Oogst, words: Words) -> None:
    ask_for_themes(slack, words)
    noor, samir = slack.as_("Noor"), slack.as_("Samir")
    propose(noor, "Ouderbetrokkenheid", words)
    noor.close_forms()
    propose(samir, "Betrokkenheid van ouders", words, WHY)
    samir.modal(words("proposals.alike_title"))
    samir.close_forms()
    oogst.restart()
    samir.press(words("proposals.propose_one"), channel=CHANNEL)
    form = samir.modal(words("proposals.form_title"))
    assert (value(form, "name"), value(form, "why")) == ("Betrokkenheid van ouders", WHY)
    samir.submit()
    samir.modal(words("proposals.alike_title"))
    oogst.restart()
    samir.submit()
    samir.modal(words("proposals.noted_hint"))
    samir.close_forms()
    assert oogst.rows("SELECT name, why FROM proposal ORDER BY at") == [
        ("Ouderbetrokkenheid", ""), ("Betrokkenheid van ouders", WHY),
    ]  # fmt: skip
    samir.press(words("proposals.propose_one"), channel=CHANNEL)
    assert value(samir.modal(words("proposals.form_title")), "name") == "", "what was posted does not come back"


def test_proposing_ends_when_the_session_starts_and_words_that_are_taken_back_are_gone(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    ask_for_themes(slack, words)
    noor, samir = slack.as_("Noor"), slack.as_("Samir")
    for person, name in ((noor, "Leerlingenvervoer"), (samir, "Kansengelijkheid")):
        propose(person, name, words)
        person.modal(words("proposals.noted_hint"))
    samir.press(words("proposals.withdraw"), where="modal")
    samir.modal(words("proposals.withdrawn"))
    samir.close_forms()
    noor.close_forms()
    noor.until(lambda: "Kansengelijkheid" not in call(noor, words)["plain"])
    assert oogst.rows("SELECT count(*) FROM proposal WHERE name = 'Kansengelijkheid'") == [(0,)]
    card = call(noor, words)
    (proposal,) = oogst.rows("SELECT id FROM proposal WHERE name != ''")[0]
    slack.move_clock("2021-07-01T13:01+02:00")
    over = call(noor, words, words("proposals.call_over", day=words.day(date(2021, 7, 1))))
    assert not over["buttons"]
    samir.do("press_stale", channel=CHANNEL, ts=card["ts"], action="proposals.back", value=proposal)
    samir.only_for_me(words("proposals.closed", title=TITLE))
    slack(
        "press_stale", **{"as": "Samir", "channel": CHANNEL, "ts": card["ts"], "action": "proposals.back", "value": "x"}
    )
    samir.only_for_me(words("proposals.gone"))


def test_people_cannot_make_a_proposal_shout_and_two_taps_are_one(slack: Slack, oogst: Oogst, words: Words) -> None:
    ask_for_themes(slack, words)
    noor, shout = slack.as_("Noor"), "<!channel> <http://evil.example|intranet> &amp; *vet*"
    noor.press(words("proposals.propose_one"), channel=CHANNEL)
    noor.modal(words("proposals.form_title"))
    noor.type(words("proposals.name"), "x" * 3000)
    assert noor.submit_with_errors()["name"] == words("worksessions.problem.too_long", most=120, now=3000)
    noor.type(words("proposals.name"), shout)
    noor.do("submit", twice=True)
    card = call(noor, words, words.count("proposals.backers", 1))
    slack.settle()
    assert oogst.rows("SELECT name FROM proposal") == [(shout,)]
    noor.close_forms()
    marked = [text["text"] for text in _texts(card["blocks"]) if text["type"] == "mrkdwn"]
    assert any("&lt;!channel&gt;" in text for text in marked)
    assert not any("<!channel>" in text or "<http" in text for text in marked)

    # somebody whom nobody put in the roster takes part as well
    slack("people", name="Vera", real_name="Vera Smit", locale={"nl": "nl-NL", "en": "en-GB"}[words.language])
    vera = slack.as_("Vera")
    vera.do("join", channel=CHANNEL)
    (proposal,) = oogst.rows("SELECT id FROM proposal")[0]
    vera.do("press_stale", channel=CHANNEL, ts=card["ts"], action="proposals.back", value=proposal)
    call(vera, words, words.count("proposals.backers", 2))
    confirmed = vera.only_for_me("<!channel>")
    assert not any("<!channel>" in text["text"] for text in _texts(confirmed["blocks"]) if text["type"] == "mrkdwn")
    vera.do("shortcut", callback_id="proposals.new")
    vera.modal(words("proposals.form_title"))
    vera.type(words("proposals.name"), "Kansengelijkheid")
    vera.submit()
    vera.modal(words("proposals.noted_hint"))
    vera.close_forms()
    vera.home(words("proposals.all", count=2))
    vera.press(words("proposals.all", count=2), where="home")
    vera.modal("Kansengelijkheid")
    vera.press(words("proposals.take_back_says", name="Kansengelijkheid"), where="modal")
    vera.modal(words("proposals.back"))
    call(vera, words, counted("Kansengelijkheid", 0, words))
    vera.press(words("proposals.withdraw_says", name="Kansengelijkheid"), where="modal")
    vera.until(lambda: "Kansengelijkheid" not in vera.modal()["plain"])


def _texts(part: Any) -> list[dict[str, Any]]:
    """Every text object in blocks."""
    if isinstance(part, dict):
        own = [part] if part.get("type") in ("mrkdwn", "plain_text") else []
        return own + [each for inner in part.values() for each in _texts(inner)]
    return [each for inner in part for each in _texts(inner)] if isinstance(part, list) else []
