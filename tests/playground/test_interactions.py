"""A real Bolt app answers what people press, type and send, as it would at Slack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.world import World, a_manifest, until


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": label}, **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def card(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    text = {"type": "mrkdwn", "text": "Kies een *thema* met <@U0NOOR>"}
    return [
        {"type": "section", "block_id": "kop", "text": text},
        {"type": "actions", "block_id": "keuze", "elements": list(buttons)},
    ]


def form(**more: Any) -> dict[str, Any]:
    options = [{"text": plain(f"Groep {number}"), "value": str(number)} for number in (3, 4)]
    boxes = {"type": "checkboxes", "action_id": "c", "options": options}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Noteren"),
        "submit": plain("Bewaar"),
        "blocks": [
            {
                "type": "input",
                "block_id": "note",
                "label": plain("Wat nam je mee?"),
                "element": {"type": "plain_text_input", "action_id": "v", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "group",
                "label": plain("Welke groep?"),
                "element": {"type": "static_select", "action_id": "g", "options": options},
            },
            {"type": "input", "block_id": "also", "label": plain("En ook"), "optional": True, "element": boxes},
            {
                "type": "input",
                "block_id": "when",
                "label": plain("Wanneer"),
                "optional": True,
                "element": {"type": "datepicker", "action_id": "d"},
            },
        ],
        **more,
    }


async def test_a_pressed_button_reaches_bolt_and_its_answer_changes_the_message(slack: World) -> None:
    app = slack.app()

    @app.action("pick")
    async def picked(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        assert body["actions"][0]["value"] == "t1"
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="gekozen")
        await respond("Alleen voor jou", replace_original=False)

    await slack.connect(app)
    blocks = card(button("Verduurzaming", "pick", value="t1"), button("NPO", "other", value="t2"))
    posted = await slack.web.chat_postMessage(channel="plein", text="Kies", blocks=blocks)
    channel = (await slack.see("Samir"))["channels"]["plein"]
    assert channel[-1]["plain"] == "Kies een *thema* met @Noor\nVerduurzaming\nNPO"
    assert channel[-1]["buttons"] == ["Verduurzaming", "NPO"]

    answer = await slack.do("press", "Samir", label="Verduur")
    assert answer["ok"] and answer["acked"] and answer["ack_ms"] < 500
    seen = (await slack.see("Samir"))["channels"]["plein"]
    assert [(each["plain"], each["only_you"]) for each in seen] == [("gekozen", False), ("Alleen voor jou", True)]
    assert seen[0]["ts"] == posted["ts"] and not seen[0]["blocks"], "text without blocks removes the blocks"
    assert len((await slack.see("Noor"))["channels"]["plein"]) == 1


async def test_an_exact_label_wins_over_an_older_prefix_and_an_ambiguous_one_is_refused(slack: World) -> None:
    pressed: list[str] = []
    app = slack.app()

    @app.action("x")
    async def heard(ack: Any, action: Any) -> None:
        pressed.append(action["value"])
        await ack()

    await slack.connect(app)
    both = card(button("Oud", "x", value="1"), button("Ouder", "x", value="2", accessibility_label="Kies ouder"))
    both[1]["elements"][1]["action_id"] = "x2"
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=both)
    assert (await slack.do("press", label="Oud"))["ok"] and pressed == ["1"]
    refused = await slack.do("press", label="Ou")
    assert not refused["ok"] and "could mean" in refused["error"]
    assert "sees nothing" in (await slack.do("press", label="Nergens"))["error"]


async def test_a_button_that_is_not_confirmed_in_time_shows_an_error(slack: World) -> None:
    app = slack.app()

    @app.action("x")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(0.8)

    await slack.connect(app)
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(button("Druk", "x")))
    answer = await slack.do("press", label="Druk")
    assert (answer["ok"], answer["acked"], answer["error"]) == (False, False, "operation_timeout")


async def test_without_an_app_a_press_fails_at_once(slack: World) -> None:
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(button("Druk", "x")))
    assert (await slack.do("press", label="Druk"))["error"] == "dispatch_failed"


async def test_a_form_is_filled_in_checked_and_submitted(slack: World) -> None:
    got: list[Any] = []
    app = slack.app()

    @app.action("open")
    async def opened(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(private_metadata="geheim"))

    @app.view("form")
    async def submitted(ack: Any, view: Any) -> None:
        got.append(view)
        text = view["state"]["values"]["note"]["v"]["value"]
        await (ack(response_action="errors", errors={"note": "Te kort."}) if text == "kort" else ack())

    await slack.connect(app)
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(button("Noteer", "open")))
    await slack.do("press", label="Noteer")
    await until(lambda: slack.practice.workspace.modal("U0NOOR"))
    modal = (await slack.see())["modal"]
    assert modal["title"] == "Noteren" and modal["fields"][0]["label"] == "Wat nam je mee?"

    empty = await slack.do("submit")
    assert empty["errors"] == {"note": "Vul dit veld in.", "group": "Vul dit veld in."} and not got
    await slack.do("type", label="Wat nam je mee?", text="x" * 21)
    await slack.do("choose", label="Welke groep?", option="Groep 4")
    assert (await slack.do("submit"))["errors"] == {"note": "Vul hoogstens 20 tekens in."}
    await slack.do("type", label="Wat nam je mee?", text="kort")
    refused = await slack.do("submit")
    assert refused["errors"] == {"note": "Te kort."} and not refused["closed"] and not refused["ok"]
    assert (await slack.see())["modal"]["fields"][0]["error"] == "Te kort."

    await slack.do("type", block="note", text="Samen optrekken")
    await slack.do("choose", label="En ook", options=["Groep 3", "Groep 4"])
    assert "cannot be chosen" in (await slack.do("choose", label="Wanneer", date="2021-02-31"))["error"]
    await slack.do("choose", label="Wanneer", date="2021-09-16")
    done = await slack.do("submit")
    assert done["ok"] and done["closed"] and (await slack.see())["modal"] is None
    values = got[-1]["state"]["values"]
    assert values["group"]["g"]["selected_option"]["value"] == "4"
    assert [each["value"] for each in values["also"]["c"]["selected_options"]] == ["3", "4"]
    assert values["when"]["d"]["selected_date"] == "2021-09-16" and got[-1]["private_metadata"] == "geheim"


async def test_a_trigger_opens_one_modal_and_only_for_a_moment(slack_with: Any) -> None:
    slack = await slack_with(trigger_life=0.2)
    triggers: list[str] = []
    app = slack.app()

    @app.action("x")
    async def heard(ack: Any, body: Any) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await slack.connect(app)
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(button("Druk", "x")))
    await slack.do("press", label="Druk")
    await slack.web.views_open(trigger_id=triggers[0], view=form())
    for trigger, error in ((triggers[0], "trigger_exchanged"), ("niets", "invalid_trigger_id")):
        with pytest.raises(SlackApiError, match=error):
            await slack.web.views_open(trigger_id=trigger, view=form())
    await slack.do("close")
    await slack.do("press", label="Druk")
    await asyncio.sleep(0.25)
    with pytest.raises(SlackApiError, match="trigger_expired"):
        await slack.web.views_open(trigger_id=triggers[1], view=form())


async def test_modals_stack_three_high_and_an_old_hash_is_refused(slack: World) -> None:
    app = slack.app()
    errors: list[str] = []
    seen: list[Any] = []

    @app.shortcut("new")
    async def start(ack: Any, body: Any, client: Any) -> None:
        await ack()
        opened = await client.views_open(
            trigger_id=body["trigger_id"], view=form(blocks=card(button("Dieper", "deep")))
        )
        seen.append(opened["view"])

    @app.action("deep")
    async def deeper(ack: Any, body: Any, client: Any) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=form(blocks=card(button("Dieper", "deep"))))
        except SlackApiError as problem:
            errors.append(problem.response["error"])

    await slack.connect(app)
    assert (await slack.do("shortcut", callback_id="new"))["ok"]
    for depth in (1, 2, 3):
        await until(lambda depth=depth: len(slack.practice.workspace.stacks.get("U0NOOR", [])) == depth)
        await slack.do("press", label="Dieper")
    await until(lambda: errors)
    assert errors == ["push_limit_reached"] and (await slack.see())["modal"]["depth"] == 3

    first = seen[0]
    updated = await slack.web.views_update(view_id=first["id"], hash=first["hash"], view=form())
    assert updated["view"]["hash"] != first["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await slack.web.views_update(view_id=first["id"], hash=first["hash"], view=form())
    await slack.do("close", all=True)
    with pytest.raises(SlackApiError, match="not_found"):
        await slack.web.views_update(view_id=first["id"], view=form())


async def test_what_was_typed_stays_when_a_modal_is_replaced_under_the_same_ids(slack: World) -> None:
    app = slack.app()

    @app.shortcut("new")
    async def start(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(notify_on_close=True))

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(response_action="update", view=form(title=plain("Nog eens")))

    closed: list[Any] = []

    @app.view_closed("form")
    async def gone(ack: Any, body: Any) -> None:
        closed.append(body["is_cleared"])
        await ack()

    await slack.connect(app)
    await slack.do("shortcut", callback_id="new")
    await until(lambda: slack.practice.workspace.modal("U0NOOR"))
    await slack.do("type", label="Wat", text="blijft")
    await slack.do("choose", label="Welke groep?", option="Groep 3")
    assert (await slack.do("submit"))["closed"] is False
    modal = (await slack.see())["modal"]
    assert (modal["title"], modal["fields"][0]["value"]) == ("Nog eens", "blijft")
    await slack.do("close")
    assert closed == [], "the replaced view did not ask to be told"


async def test_a_command_and_a_shortcut_must_be_in_the_manifest(slack: World) -> None:
    app = slack.app()

    @app.command("/oogst")
    async def command(ack: Any, command: Any) -> None:
        await ack(text=f"Je zei {command['text']}")

    @app.shortcut("note")
    async def note(ack: Any, shortcut: Any, say: Any) -> None:
        await ack()
        await say(f"Bewaard: {shortcut['message']['text']}")

    await slack.connect(app)
    assert (await slack.do("command", channel="plein", text="/oogst nieuw <!channel>"))["ok"]
    own = (await slack.see())["channels"]["plein"][-1]
    assert own["only_you"] and own["plain"] == "Je zei nieuw <!channel>", "what people type is escaped by Slack"
    assert (await slack.do("command", text="/anders"))["error"] == "/anders is not a valid command"
    said = await slack.do("say", channel="plein", text="Goed idee")
    assert (await slack.do("shortcut", callback_id="note", channel="plein", ts=said["ts"]))["ok"]
    await until(lambda: len(slack.practice.workspace.channel("plein").messages) == 2)
    assert "manifest has no shortcut" in (await slack.do("shortcut", callback_id="weg"))["error"]


async def test_home_is_published_drawn_and_pressed(slack: World) -> None:
    app = slack.app()
    pressed: list[str] = []

    @app.event("app_home_opened")
    async def opened(event: Any, client: Any) -> None:
        view = {"type": "home", "blocks": card(button("Nieuwe sessie", "new"))}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("new")
    async def new(ack: Any, body: Any) -> None:
        pressed.append(body["view"]["type"])
        await ack()

    await slack.connect(app)
    assert (await slack.see())["home"] is None
    assert (await slack.do("home"))["acked"]
    assert (await slack.see())["home"]["buttons"] == ["Nieuwe sessie"]
    assert (await slack.do("press", label="Nieuwe sessie"))["ok"] and pressed == ["home"]


async def test_a_response_url_works_five_times_and_can_take_its_message_away(slack: World) -> None:
    urls: list[str] = []
    app = slack.app()

    @app.action("x")
    async def heard(ack: Any, body: Any) -> None:
        assert "message" not in body or not body["container"]["is_ephemeral"]
        urls.append(body["response_url"])
        await ack()

    await slack.connect(app)
    await slack.web.chat_postEphemeral(channel="plein", user="U0NOOR", text="1", blocks=card(button("Druk", "x")))
    assert not (await slack.see("Samir"))["channels"]["plein"]
    assert (await slack.do("press", label="Druk", where="ephemeral"))["ok"]
    for number in range(3):
        answer = await slack.people.post(urls[0], json={"text": str(number), "replace_original": True})
        assert answer.text == "ok"
    assert [each["plain"] for each in (await slack.see())["channels"]["plein"]] == ["2"]
    wrong = await slack.people.post(urls[0], json={"blocks": [{"type": "niets"}]})
    assert wrong.json()["error"] == "invalid_blocks"
    assert (await slack.people.post(urls[0], json={"delete_original": True})).text == "ok"
    assert (await slack.see())["channels"]["plein"] == []
    assert (await slack.people.post(urls[0], json={"text": "zes"})).json()["error"] == "used_url"


async def test_menus_pickers_and_people_can_be_chosen_in_a_message(slack: World) -> None:
    actions: list[Any] = []
    app = slack.app()

    @app.action({"type": "block_actions", "action_id": "menu"})
    @app.action("who")
    async def chosen(ack: Any, action: Any) -> None:
        actions.append(action)
        await ack()

    await slack.connect(app)
    options = [{"text": plain("Wijzig"), "value": "edit"}, {"text": plain("Verwijder"), "value": "drop"}]
    menu = {"type": "overflow", "action_id": "menu", "options": options}
    who = {"type": "users_select", "action_id": "who", "placeholder": plain("Wie?")}
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(menu, who))
    assert (await slack.do("press", label="Verwijder"))["ok"]
    assert (await slack.do("choose", label="Wie?", user="Samir"))["ok"]
    assert actions[0]["selected_option"]["value"] == "drop" and actions[1]["selected_user"] == "U0SAMIR"
    assert "nobody here is called" in (await slack.do("choose", label="Wie?", user="Niemand"))["error"]


async def test_interactivity_that_is_off_in_the_manifest_sends_nothing(slack_with: Any) -> None:
    slack = await slack_with(a_manifest(interactivity={"is_enabled": False}))
    await slack.connect(slack.app())
    await slack.web.chat_postMessage(channel="plein", text="1", blocks=card(button("Druk", "x")))
    assert "interactivity" in (await slack.do("press", label="Druk"))["error"]


async def test_people_who_left_and_guests_outside_a_channel_can_do_nothing_there(slack: World) -> None:
    assert "no longer" in (await slack.do("say", "Weg", channel="plein", text="hoi"))["error"]
    assert "plein" not in (await slack.see("Gast"))["channels"]
    assert "not in plein" in (await slack.do("say", "Gast", channel="plein", text="hoi"))["error"]
    assert "geheim" not in (await slack.see("Samir"))["channels"]


async def test_a_screen_that_is_behind_can_press_a_button_that_is_gone(slack: World) -> None:
    values: list[Any] = []
    app = slack.app()

    @app.action("x")
    async def heard(ack: Any, action: Any) -> None:
        values.append(action["value"])
        await ack()

    await slack.connect(app)
    posted = await slack.web.chat_postMessage(channel="plein", text="gesloten")
    stale = {"channel": "plein", "ts": posted["ts"], "action": "x", "value": "t1"}
    assert (await slack.do("press_stale", **stale))["ok"] and values == ["t1"]
    assert "no such message" in (await slack.do("press_stale", **stale | {"ts": "1.2"}))["error"]
