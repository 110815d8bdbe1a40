"""A real Bolt app answers what people press, type and send."""

from __future__ import annotations

from typing import Any

from tests.playground.conftest import World

CARD: list[dict[str, Any]] = [
    {"type": "section", "block_id": "kop", "text": {"type": "mrkdwn", "text": "Kies een *thema* met <@U0NOOR>"}},
    {
        "type": "actions",
        "block_id": "keuze",
        "elements": [
            {
                "type": "button",
                "action_id": "pick",
                "value": "t1",
                "text": {"type": "plain_text", "text": "Verduurzaming"},
            },
            {"type": "button", "action_id": "pick2", "value": "t2", "text": {"type": "plain_text", "text": "NPO"}},
        ],
    },
]


async def test_a_pressed_button_reaches_bolt_and_its_answer_changes_the_message(slack: World) -> None:
    app = slack.app()

    @app.action("pick")
    async def picked(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        assert body["actions"][0]["value"] == "t1"
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="gekozen")
        await respond("Alleen voor jou", replace_original=False)

    await slack.connect(app)
    posted = await slack.web.chat_postMessage(channel="plein", text="Kies", blocks=CARD)
    channel = (await slack.see("Samir"))["channels"]["plein"]
    assert channel[-1]["plain"] == "Kies een *thema* met @Noor\nVerduurzaming\nNPO"
    assert channel[-1]["buttons"] == ["Verduurzaming", "NPO"]

    answer = await slack.do("press", "Samir", label="Verduur")
    assert answer["ok"] and answer["acked"] and answer["ack_ms"] < 500
    seen = (await slack.see("Samir"))["channels"]["plein"]
    assert [(each["plain"], each["only_you"]) for each in seen] == [("gekozen", False), ("Alleen voor jou", True)]
    assert seen[0]["ts"] == posted["ts"] and not seen[0]["blocks"], "text without blocks removes the blocks"
    assert len((await slack.see("Noor"))["channels"]["plein"]) == 1
