"""What people do in a work session, step by step, for the tests that need a session to be somewhere."""

from __future__ import annotations

from handlers.words import Words
from tests.journeys.driver import Person, Slack

CHANNEL = "werksessie-17-juni"
TOPICS = ["Ouderbetrokkenheid", "Verduurzaming van de samenwerking", "Onderwijszorgarrangementen (OZA)"]


def make_session(slack: Slack, words: Words, *, topics: list[str] = TOPICS, closes: str = "14:00", limit: str = "") -> None:
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
