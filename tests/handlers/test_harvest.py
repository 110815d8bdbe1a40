"""The article: made from impressions alone, read and edited by the coordinator, published once, kept in every form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from sqlmodel import select

from bot.article import Article, Edition, Misquoted, State
from bot.document import plain
from bot.impressions import LONGEST, PARTS
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import MOST_TOPICS, TOPIC_LENGTH, WorkSession
from handlers import digest, harvest, impressions, selection
from handlers.delivery import Body
from handlers.documents import write
from handlers.terminal import export
from handlers.views import harvest_edit as views
from handlers.views.harvest_document import article_document
from playground.linter import lint_view
from storage import harvest as store
from storage import impressions as notes
from storage import selection as groups
from storage import worksessions as sessions
from tests.handlers.house import TEAM, House, wall

KINDS = {**impressions.MESSAGES, **harvest.MESSAGES, **selection.MESSAGES}
TOLD = "We nodigen de school nu uit vóór we inkopen. Ouders praten vanaf het begin mee. Wie betaalt dit?"
OTHER = "Er is één kalender voor alle gemeenten. Die houdt de regio bij."
NASTY = "<!channel> <@U1> <script>alert(1)</script> [klik](http://kwaad.nl) # kop *vet* `code` | a &amp; b"


class Evening:
    """A session in two regions whose groups (led by Sanne and Youssef) have talked; Ineke coordinates."""

    def __init__(
        self, house: House, count: int = 2, topics: tuple[str, ...] = ("Ouderbetrokkenheid", "Verduurzaming")
    ) -> None:
        self.house = house
        regions = [house.region("Haaglanden"), house.region("Waterweg")]
        for name in ("noor", "sanne", "youssef"):
            house.person(name)
        house.person("ineke", None, Role.COORDINATOR)
        self.session: WorkSession = house.session(wall(2021, 6, 17, 13), regions=regions, topics=topics)
        leaders = ("sanne", "youssef")
        self.groups = [
            Group(
                f"gr_{n}",
                self.session.id,
                n,
                (self.session.topics[n - 1].id,),
                leaders[(n - 1) % 2],
                ("noor",) if n == 1 else (),
            )
            for n in range(1, count + 1)
        ]
        house.write(lambda db: groups.save_groups(db, TEAM, self.groups))

    def share(self, number: int, **parts: str) -> None:
        group = self.groups[number - 1]
        fields = dict.fromkeys(PARTS, "") | parts
        click = self.house.click(
            "form",
            "impressions.share",
            group.facilitator or "",
            metadata=json.dumps({"group": group.id}),
            fields=fields,
        )
        self.house.answer(impressions.share, click)

    def article(self) -> Article | None:
        return self.house.read(lambda db: store.of_session(db, TEAM, self.session.id))

    def texts(self) -> list[str]:
        found = self.article()
        return [s.run.text for s in found.sentences] if found else []

    def edition(self) -> Edition:
        found = self.article()
        assert found is not None
        edition = self.house.read(lambda db: store.edition(db, TEAM, found.id))
        assert edition is not None
        return edition

    def press(self, name: str, value: str = "", user: str = "ineke", **more: Any) -> Any:
        return self.house.answer(harvest.ROUTES.actions[name], self.house.click("action", name, user, value, **more))

    def agree(self, *groups: int) -> None:
        """Everybody who sits in a group (or in these) says that its record is right."""
        for one in self.house.read(lambda db: notes.of_session(db, TEAM, self.session.id)):
            group = next(group for group in self.groups if group.id == one.group)
            if not groups or group.number in groups:
                for user in (*group.people, group.facilitator):
                    click = self.house.click("action", "impressions.agree", user or "", f"{one.id}:{one.version}")
                    self.house.answer(impressions.ROUTES.actions["impressions.agree"], click)

    def publish(self, **more: Any) -> Any:
        self.agree()
        found = self.article()
        assert found is not None
        return self.press("harvest.publish", f"{found.id}:{found.version}", **more)

    def form(self) -> tuple[str, dict[str, str]]:
        """Open the edit form, and return its id with what stands in it."""
        found = self.article()
        assert found is not None
        self.press("harvest.edit", found.id)
        form = self.house.read(lambda db: list(db.exec(select(sessions.FormRow))))[-1].id
        fields, _ = views.fields(self.edition(), self.house.world.words["nl"])
        return form, {"headline": found.headline} | {field.name: "\n".join(field.lines) for field in fields}

    def save(self, form: str, fields: dict[str, str], user: str = "ineke") -> Any:
        click = self.house.click("form", "harvest.edit", user, metadata=json.dumps({"form": form}), fields=fields)
        return self.house.answer(harvest.save_edit, click)

    def drawn(self, kind: str, language: str | None = None) -> list[Body]:
        bodies = [self.house.draw(row, KINDS, language) for row in self.house.owed(kind)]
        return [body for body in bodies if body is not None]

    def shown(self, kind: str) -> str:
        """What the newest state of all messages of this kind says."""
        return "\n".join(_words([block.to_dict() for block in body.blocks]) for body in self.drawn(kind))


def _words(thing: Any) -> str:
    if isinstance(thing, dict):
        return "\n".join(v if k == "text" and isinstance(v, str) else _words(v) for k, v in thing.items())
    return "\n".join(map(_words, thing)) if isinstance(thing, list) else ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 16, 40))
    yield opened
    opened.database.close()


@pytest.fixture
def evening(house: House) -> Evening:
    return Evening(house)


# The draft


def test_the_draft_comes_by_itself_when_the_last_group_has_handed_in(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD, quote="Met ouders, niet over ouders.", offer="Sanne deelt de brief.")
    assert evening.article() is None
    evening.share(2, takeaway=OTHER)
    (sent,) = house.owed("harvest.draft")
    assert sent.user_id == "ineke"
    shown = evening.shown("harvest.draft")
    for expected in (
        "Ouders praten vanaf het begin mee. [1]",
        "💬 “Met ouders, niet over ouders.” [1]",
        "❓ Wie betaalt dit? [1]",
        "🙋 Sanne deelt de brief. [1]",
        "Die houdt de regio bij. [2]",
        "[1] groep 1 · Sanne · do 17 juni 16:40",
        "2 impressies van 2 groepen (3 mensen)",
        "zonder AI gemaakt",
        "Publiceer in 2 regio's",
        "2 regio's krijgen het dinsdag in het oogstbericht.",
    ):
        assert expected in shown
    assert "Werksessie donderdag 17 juni 2021: Ouderbetrokkenheid en Verduurzaming" in shown


def test_the_coordinator_can_ask_for_it_while_groups_are_missing(evening: Evening, house: House) -> None:
    with pytest.raises(Refused, match="nothing_yet"):
        evening.press("harvest.draft", evening.session.id)
    evening.share(1, takeaway=TOLD)
    for _ in range(2):
        evening.press("harvest.draft", evening.session.id)
    assert len(house.owed("harvest.draft")) == 1
    assert "Zonder impressie: groep 2." in evening.shown("harvest.draft")


def test_only_a_coordinator_sees_edits_and_publishes(evening: Evening) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    one = evening.house.read(lambda db: notes.of_session(db, TEAM, evening.session.id))[0]
    values = {
        "harvest.revise": f"{found.id}:{one.id}:1:change",
        "harvest.draft": evening.session.id,
        "harvest.publish": f"{found.id}:1",
        "harvest.edit": found.id,
        "harvest.downloads": found.id,
        "harvest.more": f"html:{found.id}",
    }
    assert values.keys() == harvest.ROUTES.actions.keys()
    for user in ("sanne", "noor", "vreemd"):
        for name, value in values.items():
            with pytest.raises(Refused):
                evening.press(name, value, user=user)


def test_everything_in_the_draft_is_in_a_stored_impression(evening: Evening, house: House) -> None:
    evening.share(
        1,
        takeaway=TOLD + " " + NASTY,
        quote="  «Niet praten over.»  ",
        question="Wie?\nWanneer?",
        offer="Ik deel het. " * 40,
    )
    evening.share(2, takeaway="x", quote=NASTY)
    found = evening.article()
    assert found is not None and found.sentences
    stored = {i.id: i for i in house.read(lambda db: notes.of_session(db, TEAM, evening.session.id))}
    for sentence in found.sentences:
        run = sentence.run
        assert stored[run.impression].text(run.field)[run.start : run.end] == run.text


def test_an_altered_quote_cannot_be_saved(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD, quote="Wij willen niet wachten.")
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    quote = next(s for s in found.sentences if s.run.field == "quote")
    altered = type(quote)(
        quote.id, quote.group, type(quote.run)(**{**_fields(quote.run), "text": "Wij willen wachten."})
    )
    broken = Article(**{**_fields(found), "sentences": (altered,)})
    with pytest.raises(Misquoted):
        house.write(lambda db: store.save(db, broken))
    assert evening.texts() == [s.run.text for s in found.sentences]


def _fields(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def test_a_withdrawn_impression_leaves_the_draft_and_the_message_follows(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    _withdraw(evening, house, 2)
    assert not any("kalender" in text for text in evening.texts())
    assert [row.operation for row in house.owed("harvest.draft")] == ["post", "update"]
    assert "kalender" not in evening.shown("harvest.draft")


def _withdraw(evening: Evening, house: House, number: int) -> None:
    from bot.impressions import withdraw

    def save(db: Any) -> None:
        for one in notes.of_session(db, TEAM, evening.session.id):
            if one.group == f"gr_{number}":
                notes.save(db, withdraw(one, house.world.now()), ())
        harvest.follow(db, house.world, house.settings, evening.session)

    house.write(save)


def test_what_was_withdrawn_leaves_the_messages_of_who_once_read_along_or_coordinated(
    evening: Evening, house: House
) -> None:
    house.person("lotte", None, Role.COORDINATOR)
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    evening.press("harvest.more", f"preview:{found.id}")
    house.arrive("harvest.draft", "harvest.preview")
    house.person("lotte")
    house.write(lambda db: groups.lead(db, TEAM, "gr_2", "sanne"))
    _withdraw(evening, house, 2)
    for kind, user in (("harvest.draft", "lotte"), ("harvest.preview", "youssef")):
        owed = [row for row in house.owed(kind) if row.user_id == user]
        assert [row.operation for row in owed] == ["post", "update"], kind
        body = house.draw(owed[-1], KINDS)
        assert body is not None
        shown = json.dumps([block.to_dict() for block in body.blocks])
        assert "kalender" not in shown
        assert "Ouders praten" not in shown, "the draft is no longer theirs to read"


def test_a_draft_is_not_shown_to_who_is_no_longer_coordinator_when_it_leaves(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    house.person("ineke")
    body = house.draw(house.owed("harvest.draft")[0], KINDS)
    assert body is not None
    assert "kalender" not in json.dumps([block.to_dict() for block in body.blocks])


def test_what_was_withdrawn_after_publication_is_taken_out_of_the_digests_that_said_it(
    evening: Evening, house: House
) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    evening.publish()
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.clock.now()))
    house.arrive("digest.post", "digest.details")
    said = [row.key for row in house.owed("digest.post")]
    assert len(said) == 2
    _withdraw(evening, house, 2)
    changes = [row for row in house.owed("digest.post") if row.operation == "update"]
    assert [row.target_key for row in changes] == said
    body = house.draw(changes[0], digest.MESSAGES)
    assert body is not None
    assert "kalender" not in json.dumps([block.to_dict() for block in body.blocks])
    _withdraw(evening, house, 1)
    last = [row for row in house.owed("digest.post") if row.operation == "update"][-1]
    emptied = house.draw(last, digest.MESSAGES)
    assert emptied is not None, "a digest of which nothing is left is changed too"
    assert "school" not in json.dumps([block.to_dict() for block in emptied.blocks])


# Editing


def test_lines_are_removed_and_the_headline_changed(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    form, fields = evening.form()
    answer = evening.save(
        form, fields | {"headline": "Twee groepen", "lines:gr_1:1": "Ouders praten vanaf het begin mee."}
    )
    assert answer.ack is None
    found = evening.article()
    assert found is not None and found.headline == "Twee groepen"
    assert evening.texts() == ["Ouders praten vanaf het begin mee.", *OTHER.replace(". ", ".|").split("|")]
    assert "3 zinnen" not in evening.shown(
        "harvest.draft"
    ) and "2 zinnen uit de impressies staan er niet in." in evening.shown("harvest.draft")


def test_a_line_that_nobody_wrote_keeps_the_form_open_and_changes_nothing(evening: Evening) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    before, (form, fields) = evening.texts(), evening.form()
    answer = evening.save(form, fields | {"lines:gr_1:1": "Ouders praten aan het einde mee.", "headline": " "})
    assert set(answer.ack["errors"]) == {"headline", "lines:gr_1:1"}
    assert "'Ouders praten aan het einde mee.'" in answer.ack["errors"]["lines:gr_1:1"]
    assert evening.texts() == before


def test_what_comes_in_while_the_form_is_open_is_not_lost(evening: Evening) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    form, fields = evening.form()
    evening.share(1, takeaway="De huisarts hoort er ook bij.")
    evening.save(form, fields | {"lines:gr_1:1": "Ouders praten vanaf het begin mee."})
    assert evening.texts()[:2] == ["Ouders praten vanaf het begin mee.", "De huisarts hoort er ook bij."]


def test_what_was_removed_stays_away_when_another_impression_comes(evening: Evening) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    form, fields = evening.form()
    evening.save(form, fields | {"lines:gr_1:1": "Ouders praten vanaf het begin mee."})
    evening.share(2, takeaway="De huisarts hoort er ook bij.")
    assert evening.texts()[0] == "Ouders praten vanaf het begin mee."
    assert evening.texts()[-1] == "De huisarts hoort er ook bij."


# Publishing


def test_pressing_twice_publishes_once(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    evening.publish(key="a:1")
    found = evening.article()
    assert found is not None and (found.state, found.published_by) == (State.PUBLISHED, "ineke")
    evening.press("harvest.publish", f"{found.id}:1", key="a:1")
    with pytest.raises(Refused, match="published_already"):
        evening.press("harvest.publish", f"{found.id}:1")
    (post,) = house.owed("harvest.article")
    assert post.channel_id == "CWS"
    (proposal,) = house.owed("followup.proposal")
    assert (proposal.user_id, json.loads(proposal.arguments)) == ("ineke", {"id": evening.session.id})
    last = evening.drawn("harvest.draft")[-1]
    shown = _words([block.to_dict() for block in last.blocks])
    assert "Gepubliceerd door @Ineke · do 17 juni 16:40" in shown and "Publiceer" not in shown


def test_only_what_was_read_is_published(evening: Evening) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    evening.share(1, takeaway="De huisarts hoort er ook bij.")
    with pytest.raises(Refused, match="changed_since"):
        evening.press("harvest.publish", f"{found.id}:{found.version}")


def test_after_publication_a_change_leaves_the_text_and_a_withdrawal_takes_it_out(
    evening: Evening, house: House
) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    evening.publish()
    before = evening.texts()
    one = next(i for i in house.read(lambda db: notes.of_session(db, TEAM, evening.session.id)) if i.group == "gr_1")
    house.answer(
        impressions.save_change,
        house.click(
            "form",
            "impressions.change",
            "sanne",
            metadata=json.dumps({"impression": one.id}),
            fields={"takeaway": "Heel anders."},
        ),
    )
    evening.share(2, takeaway="De huisarts hoort er ook bij.")
    assert evening.texts() == before
    _withdraw(evening, house, 2)
    assert evening.texts() == [text for text in before if text in TOLD]
    assert [row.operation for row in house.owed("harvest.article")] == ["post", "update"]
    shown = evening.shown("harvest.article") + evening.shown("harvest.draft")
    assert "kalender" not in shown and "Ouders praten" in shown


def test_published_sentences_are_told_once_per_period_with_group_topics_and_themes(
    evening: Evening, house: House
) -> None:
    evening.share(1, takeaway=TOLD, offer="Sanne deelt de brief.")
    evening.share(2, takeaway=OTHER)
    now = house.world.now()
    assert house.read(lambda db: store.published_sentences(db, TEAM, now, now + timedelta(days=7))) == []
    evening.publish()
    found = house.read(lambda db: store.published_sentences(db, TEAM, now, now + timedelta(days=7)))
    assert [s.text for s in found] == evening.texts()
    assert {(s.group_number, s.topics) for s in found} == {(1, ("Ouderbetrokkenheid",)), (2, ("Verduurzaming",))}
    assert all(len(s.themes) == 1 for s in found)
    assert (
        house.read(lambda db: store.published_sentences(db, TEAM, now + timedelta(seconds=1), now + timedelta(days=7)))
        == []
    )
    assert house.read(lambda db: store.published_sentences(db, TEAM, now - timedelta(days=7), now)) == []
    assert house.read(lambda db: store.published_sentences(db, "T2", now, now + timedelta(days=7))) == []


# Around it


def test_a_facilitator_who_reads_along_sees_the_own_group_only(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    evening.press("harvest.more", f"preview:{found.id}")
    for row in house.owed("harvest.preview"):
        body = house.draw(row, KINDS)
        assert body is not None
        shown = _words([block.to_dict() for block in body.blocks])
        assert ("kalender" in shown) is (row.user_id == "youssef")
        assert ("Ouders praten" in shown) is (row.user_id == "sanne")


@pytest.mark.parametrize("kind", ["html", "md"])
def test_the_coordinator_gets_the_draft_as_a_file(evening: Evening, house: House, kind: str) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    evening.press("harvest.more", f"{kind}:{found.id}")
    (row,) = house.owed("harvest.file")
    body = house.draw(row, KINDS)
    assert body is not None and body.file is not None and (row.user_id, row.operation) == ("ineke", "file")
    assert body.file_name == f"2021-06-17-werksessie-17-juni.{kind}"
    assert "Concept. Dit is nog niet gepubliceerd." in body.file.decode() and "Ouders praten" in body.file.decode()


def test_a_file_that_says_what_was_withdrawn_is_taken_back_and_comes_anew(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    found = evening.article()
    assert found is not None
    evening.press("harvest.more", f"md:{found.id}")
    house.arrive("harvest.file")
    _withdraw(evening, house, 2)
    old, removal, new = house.owed("harvest.file")
    assert (removal.operation, removal.target_key) == ("remove", old.key)
    body = house.draw(new, KINDS)
    assert body is not None and body.file is not None
    assert "kalender" not in body.file.decode() and "Ouders praten" in body.file.decode()


# In every form


class Page(HTMLParser):
    """Reads the text, the tags and the addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.outside: list[str] = []
        self.targets: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href") and not (value or "").startswith("#"):
                self.outside.append(value or "")
            if name == "href":
                self.links.add((value or "").removeprefix("#"))
            if name == "id":
                self.targets.add(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_what_people_typed_shows_literally_in_html_and_markdown(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=NASTY, quote=NASTY)
    evening.share(2, takeaway="Klaar.", question="1. geen nummer", offer="- geen lijst")
    evening.publish()
    edition, words = evening.edition(), house.world.words["nl"]
    page = Page(_as("html", edition, words))
    assert shown(NASTY) in page.words and not {"script", "img"} & set(page.tags) and page.outside == []
    assert page.links <= page.targets, "every mark leads to its source"
    made = Page(MarkdownIt("commonmark").render(_as("md", edition, words)))
    assert shown(NASTY) in made.words and not {"script", "code", "em"} & set(made.tags)
    assert made.outside == []
    assert "- geen lijst" in made.words and "1. geen nummer" in made.words


def shown(typed: str) -> str:
    """What somebody typed, as a document shows it: on one line."""
    return plain(typed)


def test_every_form_has_the_same_sentences_and_the_same_sources(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD, quote="Met ouders.")
    evening.share(2, takeaway=OTHER, offer="Youssef deelt de kalender.")
    evening.publish()
    edition, words = evening.edition(), house.world.words["nl"]
    forms = [
        Page(_as("html", edition, words)).words,
        Page(MarkdownIt("commonmark").render(_as("md", edition, words))).words,
        evening.shown("harvest.article"),
    ]
    for form in forms:
        marks = re.findall(r"\[(\d)\]", form)
        assert [text for text in evening.texts() if text in form] == evening.texts()
        assert set(marks) == {"1", "2"}


def test_export_writes_only_what_was_published(evening: Evening, house: House, tmp_path: Path) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    words = house.world.words
    assert house.read(export._published) == []
    evening.publish()
    editions = house.read(export._published)
    written = export.write(editions, tmp_path / "uit", dict(words))
    again = export.write(editions, tmp_path / "uit", dict(words))
    assert written == again and sorted(path.suffix for path in written) == [".docx", ".html", ".md", ".pdf"]
    assert all("Ouders praten" in path.read_text() for path in written if path.suffix in (".html", ".md"))
    assert [p.suffix for p in export.write(editions, tmp_path / "een", dict(words), ("md",))] == [".md"]


@pytest.mark.parametrize(("letter", "language"), [("Zin. ", "nl"), pytest.param("<", "en", marks=pytest.mark.matrix)])
@pytest.mark.matrix
def test_the_longest_articles_stay_within_slacks_limits(house: House, letter: str, language: str) -> None:
    topics = tuple(f"{n:02} {'&' * TOPIC_LENGTH}"[:TOPIC_LENGTH] for n in range(MOST_TOPICS))
    evening = Evening(house, MOST_TOPICS, topics)
    longest = dict.fromkeys(PARTS, (letter * LONGEST)[:LONGEST])
    for number in range(1, MOST_TOPICS + 1):
        evening.share(number, **(longest if number <= 5 else {"takeaway": f"Groep {number} sprak af. " * 9}))
    bodies = evening.drawn("harvest.draft", language)
    assert len(bodies) > 1
    words = house.world.words[language]
    edition = evening.edition()
    assert lint_view(views.edit_form("fm_1", edition, words).to_dict()) == []
    found, without = views.fields(edition, words)
    assert len(found) + len(without) >= MOST_TOPICS
    evening.publish()
    evening.drawn("harvest.article", language)
    evening.drawn("harvest.draft", language)
    found_article = evening.article()
    assert found_article is not None
    shown = evening.shown("harvest.article")
    assert all(f"[{n}]" in shown for n in range(1, MOST_TOPICS + 1)), "no group is cut off"


def _as(kind: str, edition: Any, words: Any) -> str:
    return write(article_document(edition, words), kind).decode()


def test_the_coordinator_tells_the_news_under_her_own_name(evening: Evening, house: House) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    form, fields = evening.form()
    evening.save(form, fields | {"news": "Het project gaat op in <een ander>.\nMeer in het najaar."})
    evening.publish()
    words = house.world.words["nl"]
    for shown in (evening.shown("harvest.article"), _as("html", evening.edition(), words)):
        assert "Nieuws van Ineke" in shown and "Het project gaat op in &lt;een ander&gt;." in shown
        assert shown.index("Nieuws van Ineke") < shown.index("Ouders praten")


@pytest.mark.parametrize("news", ["Bel 06-12345678", "x" * 1001])
def test_news_passes_the_same_check_as_every_text(evening: Evening, news: str) -> None:
    evening.share(1, takeaway=TOLD)
    evening.share(2, takeaway=OTHER)
    form, fields = evening.form()
    assert list(evening.save(form, fields | {"news": news}).ack["errors"]) == ["news"]
