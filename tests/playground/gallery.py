"""A small Bolt app that shows every block and element the page draws, for tests of the page."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, description: str = "") -> Json:
    return {"text": plain(text), "value": text.lower()} | ({"description": plain(description)} if description else {})


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, "value": "v", **more}


def a_question(counts: tuple[int, int]) -> list[Json]:
    """A message in which people choose, as Oogst posts it."""
    return [
        {"type": "header", "text": plain("Kies je thema")},
        {"type": "section", "text": mrkdwn("Eén tik is genoeg. Wisselen kan tot *14:00*.")},
        *(
            {
                "type": "section",
                "block_id": f"topic-{number}",
                "text": mrkdwn(f"*{name}* · {count} mensen"),
                "accessory": button("Kies", f"pick-{number}", accessibility_label=f"Kies {name}"),
            }
            for number, (name, count) in enumerate(zip(("Ouders", "Rust"), counts, strict=True))
        ),
        {"type": "context", "elements": [mrkdwn("Gekozen door niemand")]},
    ]


SURE = {"title": plain("Zeker weten?"), "text": mrkdwn("Dit gaat *weg*."), "confirm": plain("Ja"), "deny": plain("Nee")}

EVERYTHING: list[Json] = [
    {"type": "header", "text": plain("Alles bij elkaar")},
    {
        "type": "section",
        "text": mrkdwn(
            "*vet* _schuin_ ~weg~ `code` <https://example.org|een link> <@U0NOOR> <#C0PLEIN> "
            "<!date^1631775600^{date_long} om {time}|16 september> :seedling:\n> een citaat\n&lt;b&gt; &amp; meer"
        ),
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("Word"), option("HTML")]},
    },
    {"type": "section", "fields": [mrkdwn("*Links*\neen"), plain("rechts")]},
    {"type": "divider"},
    {
        "type": "image",
        "image_url": "https://example.org/plant.png",
        "alt_text": "Een plantje",
        "title": plain("Plantje"),
    },
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("Publiceer", "publish", style="primary"),
            button("Weg ermee", "remove", style="danger", confirm=SURE),
            button("Lees meer", "read", url="http://127.0.0.1:9/"),
            {
                "type": "static_select",
                "action_id": "one",
                "placeholder": plain("Wissel van thema"),
                "options": [option("Rust"), option("Regen")],
            },
            {"type": "users_select", "action_id": "who", "placeholder": plain("Kies iemand")},
            {"type": "conversations_select", "action_id": "where", "placeholder": plain("Kies een gesprek")},
            {"type": "channels_select", "action_id": "channel", "placeholder": plain("Kies een kanaal")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2021-09-16"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:00"},
            {"type": "checkboxes", "action_id": "boxes", "options": [option("Aan", "staat aan"), option("Uit")]},
            {"type": "radio_buttons", "action_id": "radio", "options": [option("Dit"), option("Dat")]},
        ],
    },
    {
        "type": "section",
        "text": mrkdwn("Welke regio's?"),
        "accessory": {
            "type": "multi_static_select",
            "action_id": "several",
            "placeholder": plain("Kies regio's"),
            "options": [option(f"Regio {number}") for number in range(1, 9)],
        },
    },
    *(
        {
            "type": "section",
            "text": mrkdwn(f"Kies {kind}"),
            "accessory": {"type": f"multi_{kind}_select", "action_id": kind, "placeholder": plain(f"Welke {kind}?")},
        }
        for kind in ("users", "channels", "conversations")
    ),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Dag ", "style": {"bold": True}},
                    {"type": "user", "user_id": "U0NOOR"},
                    {"type": "text", "text": ", kijk eens: "},
                    {"type": "link", "url": "https://example.org", "text": "hier"},
                    {"type": "emoji", "name": "wave"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "een punt"}]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "een citaat"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
        ],
    },
]


def field(name: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element | {"action_id": name},
        **more,
    }


def a_form(title: str = "Impressie", more: tuple[Json, ...] = ()) -> Json:
    """A modal with a required text, one that is heard while typing, each kind of choice, and a button for another."""
    return {
        "type": "modal",
        "callback_id": "form",
        "notify_on_close": True,
        "title": plain(title),
        "submit": plain("Deel"),
        "close": plain("Sluiten"),
        "blocks": [
            {"type": "section", "text": mrkdwn("Twee zinnen is *genoeg*.")},
            field(
                "words",
                "Wat nam de groep mee?",
                {"type": "plain_text_input", "multiline": True},
                hint=plain("Geen namen van kinderen."),
            ),
            field(
                "quote",
                "Citaat",
                {
                    "type": "plain_text_input",
                    "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
                },
                optional=True,
                dispatch_action=True,
            ),
            field(
                "topic", "Thema", {"type": "static_select", "options": [option("Rust"), option("Regen")]}, optional=True
            ),
            field("day", "Datum", {"type": "datepicker"}, optional=True),
            field("who", "Wie?", {"type": "multi_users_select"}, optional=True),
            field("number", "Hoeveel?", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
            field("mail", "E-mail", {"type": "email_text_input"}, optional=True),
            field("web", "Adres", {"type": "url_text_input"}, optional=True),
            field("boxes", "Wat?", {"type": "checkboxes", "options": [option("Dit"), option("Dat")]}, optional=True),
            field("how", "Hoe?", {"type": "radio_buttons", "options": [option("Zo"), option("Anders")]}, optional=True),
            {"type": "actions", "block_id": "deeper", "elements": [button("Voorbeeld", "push")]},
            *more,
        ],
    }


HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Voor jou")},
        {"type": "section", "text": mrkdwn("Je groep wacht."), "accessory": button("Deel impressie", "open")},
    ],
}


class Gallery:
    """The app and what it heard: action ids, values of forms, texts."""

    def __init__(self, app: AsyncApp) -> None:
        self.app = app
        self.actions: list[Json] = []
        self.forms: list[Json] = []
        self.closed = 0
        self.counts = {"pick-0": 0, "pick-1": 0}
        app.action("pick-0")(self.pick)
        app.action("pick-1")(self.pick)
        app.action("open")(self.open)
        app.action("push")(self.push)
        app.action("late")(self.late)
        for each in ("publish", "remove", "read", "one", "who", "where", "channel", "day", "hour", "boxes", "radio"):
            app.action(each)(self.note)
        for each in ("several", "more", "users", "channels", "conversations", "quote"):
            app.action(each)(self.note)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.view_closed)
        app.command("/oogst")(self.command)
        app.shortcut("note")(self.open)
        app.shortcut("new")(self.open)
        app.event("app_home_opened")(self.home)
        app.event("message")(self.message)
        app.event("app_mention")(self.message)

    async def note(self, ack: Any, body: Json) -> None:
        await ack()
        self.actions.append(body["actions"][0])

    async def pick(self, ack: Any, body: Json, client: Any) -> None:
        await ack()
        action = body["actions"][0]["action_id"]
        self.counts[action] += 1
        counts = self.counts["pick-0"], self.counts["pick-1"]
        place = {"channel": body["channel"]["id"], "ts": body["container"]["message_ts"]}
        await client.chat_update(**place, text="Kies je thema", blocks=a_question(counts))
        await client.chat_postEphemeral(
            channel=place["channel"], user=body["user"]["id"], text="Je zit bij *Ouders*. Wisselen kan tot 14:00."
        )

    async def open(self, ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=a_form())

    async def push(self, ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=a_form("Voorbeeld"))

    async def late(self, body: Json) -> None:
        """Never acknowledges."""

    async def submitted(self, ack: Any, body: Json) -> None:
        values = body["view"]["state"]["values"]
        if "@" in (values["words"]["words"]["value"] or ""):
            await ack(response_action="errors", errors={"words": "Haal het adres weg. Dan kun je delen."})
            return
        self.forms.append(values)
        await ack()

    async def view_closed(self, ack: Any) -> None:
        self.closed += 1
        await ack()

    async def command(self, ack: Any, body: Json) -> None:
        await ack(f"Je typte: {body['text']}")

    async def home(self, event: Json, client: Any) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    async def message(self) -> None:
        """Hears what people say."""
