"""The session of 17 June 2021, as its article tells it, entered by invented people: nothing of it is lost on the way.

Every element that the article shows (the rows of 001 in what the programme asked for) is looked for in what Oogst
makes of it: headline with two themes, the six topics, four texts for six themes of which two have several, quotes,
questions, the offer of one person with its reminder, the next date, and the downloads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.article import Article, Part
from bot.impressions import PARTS
from bot.programme import Role
from bot.selection import Group
from handlers import attachments, digest, followup, harvest, impressions, promises, selection
from handlers.documents import write
from handlers.views import promises as promise_views
from handlers.views.harvest_document import article_document
from playground.linter import visible_texts
from storage import delivery, worksessions
from storage import harvest as articles
from storage import impressions as notes
from storage import promises as given
from storage import selection as groups
from tests.conftest import ROOT
from tests.handlers.house import TEAM, House, wall

DOCUMENT = ROOT.parent / "shared" / "source-documents" / "001-sfeerimpressie-17-juni.txt"
pytestmark = pytest.mark.skipif(not DOCUMENT.exists(), reason="the source documents are not beside this folder")

FEATURES = (impressions, harvest, promises, attachments, followup, digest, selection)
KINDS = {kind: render for feature in FEATURES for kind, render in feature.MESSAGES.items()}
ACTIONS = {name: handler for feature in FEATURES for name, handler in feature.ROUTES.actions.items()}
FORMS = {name: handler for feature in FEATURES for name, handler in feature.ROUTES.forms.items()}
EVENTS = {
    name: [handler for feature in FEATURES for handler in feature.ROUTES.events.get(name, ())] for name in ("message",)
}


class Document:
    """The article as it lies there: its topics, the text of each group, and what stands below them."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        head, *parts = re.split(r"^#\d\s*$", text, flags=re.MULTILINE)
        self.topics = [" ".join(found.split()) for found in re.findall(r"^\s+\d\.\s+(.+)$", head, re.MULTILINE)]
        last, self.next_line = re.split(r"(?m)^(?=De volgende werksessie)", parts[-1], maxsplit=1)
        self.next_line = self.next_line.splitlines()[0].strip()
        self.groups = [part.strip() for part in (*parts[:-1], last)]

    def sentence(self, group: int, holds: str) -> str:
        """The one sentence of a group's text that holds these words."""
        found = [each for each in re.split(r"(?<=[.?!])\s+", self.groups[group - 1]) if holds in each]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def document() -> Document:
    return Document(DOCUMENT)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield made
    made.database.close()


class Afternoon:
    """Four groups for six topics, each led by somebody invented; Lotte sits in the last one, Ineke coordinates."""

    LEADERS = ("sanne", "youssef", "merel", "tarik")
    PEOPLE = (("noor",), ("samir",), ("fenna",), ("lotte",))
    TOPICS = ((2,), (1,), (3, 5), (4, 2, 5))
    """By place in the list: groups 3 and 4 have two and three of them; the first is chosen by nobody."""

    def __init__(self, house: House, document: Document) -> None:
        self.house = house
        self.region = house.region("Haaglanden", "CHL")
        for name in (*self.LEADERS, *(user for people in self.PEOPLE for user in people)):
            house.person(name, self.region)
        house.person("ineke", self.region, Role.COORDINATOR)
        self.session = house.session(wall(2021, 6, 17, 13), regions=[self.region], topics=document.topics)
        ids = [topic.id for topic in self.session.topics]
        self.groups = [
            Group(f"gr_{n}", self.session.id, n, tuple(ids[place] for place in places), leader, people)
            for n, (places, leader, people) in enumerate(
                zip(self.TOPICS, self.LEADERS, self.PEOPLE, strict=True), start=1
            )
        ]
        house.write(lambda db: groups.save_groups(db, TEAM, self.groups))
        house.write(self._owe_threads)
        house.arrive("selection.group")

    def _owe_threads(self, db: Any) -> None:
        for group in self.groups:
            delivery.plan(
                db, team=TEAM, key=f"selection.group:{group.id}", kind="selection.group",
                arguments={"id": group.id}, channel="CWS", now=self.house.world.now(),
            )  # fmt: skip

    def thread(self, number: int) -> str:
        at = self.house.read(lambda db: delivery.sent(db, TEAM, f"selection.group:gr_{number}"))
        assert at is not None
        return at[1]

    def press(self, name: str, user: str, value: str = "", argument: str = "") -> Any:
        return self.house.answer(ACTIONS[name], self.house.click("action", name, user, value, argument))

    def hand_in(self, name: str, user: str, fields: dict[str, str], **metadata: str) -> Any:
        click = self.house.click("form", name, user, fields=fields, metadata=json.dumps(metadata))
        return self.house.answer(FORMS[name], click)

    def say(self, user: str, text: str, ts: str, **more: Any) -> None:
        """Write a message, in the thread of a group or to the bot; every feature that listens hears it."""
        body = {"type": "message", "user": user, "ts": ts, "text": text, **more}
        for handler in EVENTS["message"]:
            click = self.house.click(
                "event", "message", user, channel=more.get("channel", "CWS"), ts=ts,
                thread_ts=more.get("thread_ts", ""), body=body, key=f"e:{ts}",
            )  # fmt: skip
            self.house.answer(handler, click)

    def note(self, number: int) -> Any:
        found = self.house.read(lambda db: notes.of_session(db, TEAM, self.session.id))
        return next(one for one in found if one.group == f"gr_{number}")

    def article(self) -> Article:
        found = self.house.read(lambda db: articles.of_session(db, TEAM, self.session.id))
        assert found is not None
        return found

    def shown(self, kind: str, user: str | None = None) -> str:
        """What the messages of this kind say together, in the newest state of each."""
        newest = {row.target_key or row.key: row for row in self.house.owed(kind) if user in (None, row.user_id)}
        bodies = [self.house.draw(row, KINDS) for row in newest.values()]
        return "\n".join(
            " ".join(visible_texts([block.to_dict() for block in body.blocks])) for body in bodies if body is not None
        )


def tell_everything(afternoon: Afternoon, document: Document) -> None:
    """Four facilitators, four ways: a form, a message to the bot, a reply in the thread, a form with an offer."""
    first, second, third, fourth = document.groups
    afternoon.hand_in("impressions.share", "sanne", {"takeaway": first}, group="gr_1")
    quote = next(line for line in second.splitlines() if line.startswith("‘"))
    asked = document.sentence(2, "bijvoorbeeld van een gemeenteraad")
    rest = second.replace(quote, "").replace(asked, "").strip()
    afternoon.say("youssef", f"{rest}\n\nCitaat: {quote}\n\nVraag: {asked}", "20.1", channel="DY", channel_type="im")
    afternoon.say("merel", third, "30.1", thread_ts=afternoon.thread(3))
    offer = document.sentence(4, "bood aan")
    fields = {"takeaway": fourth.replace(offer, "").strip(), "offer": offer, "conclusion": document.next_line}
    afternoon.hand_in("impressions.share", "tarik", fields, group="gr_4")
    slides = {
        "id": "F1", "name": "doorbraakmethode.pdf", "filetype": "pdf", "mimetype": "application/pdf", "size": 120_000,
        "mode": "hosted", "permalink": "https://voorbeeld.slack.com/files/F1",
    }  # fmt: skip
    afternoon.say("noor", "", "40.1", thread_ts=afternoon.thread(1), subtype="file_share", files=[slides])


def agree(afternoon: Afternoon) -> None:
    for number, group in enumerate(afternoon.groups, start=1):
        one = afternoon.note(number)
        for user in (*group.people, group.facilitator or ""):
            if user != one.author:
                afternoon.press("impressions.agree", user, f"{one.id}:{one.version}")


def make_promise(afternoon: Afternoon, document: Document) -> str:
    """Tarik says who offers it; she says yes, and by when. Returns the id of the promise."""
    fourth = afternoon.note(4)
    (candidate,) = promises.asking.candidates(fourth)
    fields = {"sentence": promise_views.value_of(candidate), "owner": "lotte", "due": ""}
    afternoon.hand_in("promises.ask", "tarik", fields)
    (promise,) = afternoon.house.read(lambda db: given.of_impression(db, TEAM, fourth.id))
    assert document.sentence(4, "bood aan") in afternoon.shown("promises.ask", "lotte")
    afternoon.press("promises.accept", "lotte", promise.id)
    afternoon.press("promises.due", "lotte", "2021-09-09", promise.id)
    return promise.id


def test_every_element_of_the_article_comes_back(house: House, document: Document) -> None:
    assert len(document.topics) == 6 and len(document.groups) == 4
    afternoon = Afternoon(house, document)
    tell_everything(afternoon, document)
    promise = make_promise(afternoon, document)
    agree(afternoon)
    article = afternoon.article()
    afternoon.press("harvest.publish", "ineke", f"{article.id}:{article.version}")
    article = afternoon.article()
    house.arrive("harvest.article", "harvest.draft")
    post = afternoon.shown("harvest.article")
    edition = house.read(lambda db: articles.edition(db, TEAM, article.id))
    assert edition is not None
    words = house.world.words["nl"]
    page, text = _as("html", edition, words), _as("md", edition, words)

    # the headline pair: the two themes with most voices
    assert sum(topic.name in article.headline or topic.short_name in article.headline
               for topic in afternoon.session.topics) == 2  # fmt: skip
    # six topics for four groups, of which two have several
    assert [topic.name for topic in afternoon.session.topics] == document.topics
    assert [len(group.topics) for group in afternoon.groups] == [1, 1, 2, 3]
    for group in afternoon.groups:
        for topic in group.topics:
            offered = afternoon.session.topic(topic)
            assert offered is not None and (offered.name in post or offered.short_name in post)
    # four texts, word for word
    for number, told in enumerate(document.groups, start=1):
        kept = afternoon.note(number)
        held = " ".join(" ".join(kept.text(part).split()) for part in PARTS)
        assert sorted(re.findall(r"\w+", told)) == sorted(re.findall(r"\w+", held.replace(document.next_line, "")))
    # the quote, in its own words
    (quote,) = [s.run.text for s in article.sentences if s.run.part is Part.QUOTE]
    assert quote.strip("‘’") in document.groups[1] and quote in post and quote in text
    # questions of three groups
    asked = {s.group for s in article.sentences if s.run.part is Part.QUESTION}
    assert {"gr_2", "gr_3", "gr_4"} <= asked
    assert document.sentence(4, "Wie betaalt") in post
    # the offer, with the name of who said yes
    assert document.sentence(4, "bood aan") in post and "Lotte" in post
    # downloads
    for shown in (post, page, text):
        assert "doorbraakmethode.pdf" in shown and "https://voorbeeld.slack.com/files/F1" in shown + article_blocks(
            house
        )

    # the next date: found, echoed in full, and made with one tap
    assert "16 september 2021" in afternoon.shown("followup.proposal", "ineke")
    afternoon.press("followup.make", "ineke", f"{afternoon.session.id} 2021-09-16")
    following = house.read(lambda db: worksessions.follower(db, TEAM, afternoon.session.id))
    assert following is not None and following.starts_at == wall(2021, 9, 16, 13)
    assert "donderdag 16 september 2021" in afternoon.shown("harvest.article")

    # the region reads it: the offer, questions, and the date
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.world.now()))
    told = afternoon.shown("digest.post") + afternoon.shown("digest.details")
    assert "16 september 2021" in told and "Lotte" in told

    # the promise is reminded a week before, kept, and read out when the next session opens
    house.at(wall(2021, 9, 2, 9))
    house.do(promises.RHYTHM.tick(house.world, house.world.now()))
    assert document.sentence(4, "bood aan") in afternoon.shown("promises.reminder", "lotte")
    afternoon.press("promises.done", "lotte", promise)
    house.at(wall(2021, 9, 16, 13))
    house.do(promises.RHYTHM.tick(house.world, house.world.now()))
    opening = afternoon.shown("promises.opening")
    assert document.sentence(4, "bood aan") in opening and "Lotte" in opening


def test_each_sentence_stands_under_the_theme_that_it_is_about(house: House, document: Document) -> None:
    afternoon = Afternoon(house, document)
    tell_everything(afternoon, document)
    agree(afternoon)
    article = afternoon.article()
    afternoon.press("harvest.publish", "ineke", f"{article.id}:{article.version}")
    name_of = {topic.theme: topic.name for topic in afternoon.session.topics}
    published = house.read(lambda db: articles.published_sentences(db, TEAM))
    under = {s.text: name_of.get(s.theme or "") for s in published}
    for words, place in (
        ("Laten we de tijdelijke middelen", 4),
        ("veel vragen over het Nationaal", 4),
        ("ingezet op vergroten", 2),
        ("ouders kunnen meedenken", 2),
        ("Wie betaalt", 5),
        ("bood aan", 5),
        ("Budgetten zijn eindig", 3),
        ("overzicht rondom alle dingen", 5),
        ("veranderfonteintjes", 2),
    ):
        found = [theme for text, theme in under.items() if words in text]
        assert found == [document.topics[place]], (words, found)


def article_blocks(house: House) -> str:
    bodies = [house.draw(row, KINDS) for row in house.owed("harvest.article")]
    return str([block.to_dict() for body in bodies if body is not None for block in body.blocks])


def _as(kind: str, edition: Any, words: Any) -> str:
    return write(article_document(edition, words), kind).decode()
