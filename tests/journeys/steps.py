"""What people do in a work session, step by step, for the tests that need a session to be somewhere."""

from __future__ import annotations

from handlers.words import Words
from tests.journeys.driver import Person, Slack

CHANNEL = "werksessie-17-juni"
TOPICS = ["Ouderbetrokkenheid", "Verduurzaming van de samenwerking", "Onderwijszorgarrangementen (OZA)"]


def make_session(
    slack: Slack, words: Words, *, topics: list[str] = TOPICS, closes: str = "14:00", limit: str = ""
) -> None:
    """The coordinator makes the session of 17 June, from the command to the post in the channel."""
    ineke = slack.as_("Ineke")
    ineke.command("/oogst nieuw" if words.language == "nl" else "/oogst new")
    ineke.modal(words("worksessions.new_title"))
    ineke.type(words("worksessions.title"), "Werksessie 17 juni")
    ineke.choose(words("worksessions.day"), date="2021-06-17")
    ineke.choose(words("worksessions.start"), time="13:00")
    ineke.choose(words("worksessions.end"), time="16:00")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    ineke.submit()
    ineke.modal(words("worksessions.topics"))
    ineke.type(words("worksessions.topics"), "\n".join(topics))
    ineke.submit()
    ineke.modal(words("worksessions.check_title"))
    ineke.choose(words("worksessions.closes"), time=closes)
    if limit:
        ineke.type(words("worksessions.limit"), limit)
    ineke.submit()
    ineke.finds(CHANNEL, words("selection.intro", title="Werksessie 17 juni", closes=closes))


def appoint(slack: Slack, words: Words, **facilitators: str) -> None:
    """The coordinator says who facilitates what: topic name (spaces as underscores) to person."""
    ineke = slack.as_("Ineke")
    ineke.only_for_me(words("worksessions.posted"))
    ineke.press(words("worksessions.appoint"), channel=CHANNEL)
    ineke.modal(words("worksessions.appoint_title"))
    for topic, name in facilitators.items():
        ineke.choose(topic.replace("_", " "), user=name)
    ineke.submit()


def pick(person: Person, topic: str, words: Words) -> None:
    """Somebody presses a topic and reads the confirmation."""
    person.press(words("selection.choose_says", topic=topic), channel=CHANNEL)
    person.only_for_me(words("selection.own", topic=f"*{topic}*", closes="14:00").split("*")[0])


def choose_and_close(slack: Slack, words: Words) -> None:
    """Noor and Sanne go to the first topic, Samir and Youssef to the third; both have a facilitator; then it closes."""
    appoint(slack, words, **{TOPICS[0].replace(" ", "_"): "Sanne", TOPICS[2].replace(" ", "_"): "Youssef"})
    for name, topic in [("Noor", 0), ("Sanne", 0), ("Samir", 2), ("Youssef", 2)]:
        pick(slack.as_(name), TOPICS[topic], words)
    slack.move_clock("2021-06-17T14:05+02:00")


TAKEAWAY = "We nodigen ouders nu uit voordat het plan af is. Dat kost een avond en het scheelt maanden."
QUOTE = "Laat ouders meedenken, dan hoef je ze later niet te overtuigen!"
QUESTION = "Wie betaalt de tolk bij een ouderavond?"
OFFER = "Wij maken een kaart met alle ouderavonden. De volgende werksessie is op donderdag 16 september."
OTHER = "De school en de gemeente tekenen één afspraak. Niemand wist wie de sleutel had."


def share_by_form(slack: Slack, words: Words) -> None:
    """Sanne presses the button of her group and fills in the form."""
    sanne = slack.as_("Sanne")
    says = words("impressions.share_says", group=1)
    sanne.press(says, channel=CHANNEL)
    sanne.modal(words("impressions.form_title"))
    sanne.type(words("impressions.part.takeaway"), TAKEAWAY)
    sanne.type(words("impressions.part.quote"), QUOTE)
    sanne.type(words("impressions.part.question"), QUESTION)
    sanne.type(words("impressions.part.offer"), OFFER)
    sanne.submit()
    sanne.finds("@oogst", words("impressions.shared", group=1))


def share_by_reply(slack: Slack, words: Words) -> str:
    """Youssef answers in the thread of his group."""
    youssef = slack.as_("Youssef")
    group = words("selection.group", number=2, topics=TOPICS[2])
    opener = next(
        m
        for m in reversed(youssef.messages(CHANNEL))
        if group in m["plain"] and words("impressions.share") in m["buttons"]
    )
    ts = youssef.say(CHANNEL, OTHER, thread_ts=opener["ts"])
    youssef.only_for_me(words("impressions.kept", group=2))
    return ts


def sign_off(slack: Slack, words: Words, **writers: str) -> None:
    """People press "it is right" under what somebody wrote for their group: person to writer."""
    slack.settle()
    for name, writer in (writers or {"Noor": "Sanne", "Samir": "Youssef"}).items():
        person = slack.as_(name)
        about = words("impressions.sign.about", name=writer, start="").rstrip("“”")
        for card in person.messages(CHANNEL):
            if about in card["plain"] and words("impressions.sign.yes") in card["buttons"]:
                person.press(words("impressions.sign.yes"), channel=CHANNEL, ts=card["ts"])
    slack.settle()


def publish(slack: Slack, words: Words) -> None:
    """The groups say that it is right; Ineke reads the draft in her messages and publishes it."""
    sign_off(slack, words)
    ineke = slack.as_("Ineke")
    draft = ineke.finds("@oogst", QUESTION)
    label = next(label for label in draft["buttons"] if label.startswith(words("harvest.publish")))
    ineke.press(label, channel="@oogst", ts=draft["ts"])
    ineke.finds(CHANNEL, words("harvest.without_model"))


def set_next_date(slack: Slack, words: Words) -> None:
    """The date that Sanne's group named becomes the next session, with one tap."""
    ineke = slack.as_("Ineke")
    ineke.finds("@oogst", "16 september 2021" if words.language == "nl" else "16 September 2021")
    ineke.close_forms()
    ineke.press(words("followup.make"), channel="@oogst")
    ineke.finds(CHANNEL, words("followup.invitation", when="")[:12])
