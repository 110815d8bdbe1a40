"""An afternoon in which somebody offers something, and what people press afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.impressions import Impression
from bot.promises import Candidate, Event, Promise, candidates
from handlers import digest, harvest, impressions, promises
from handlers.views.promises import value_of
from playground.linter import visible_texts
from storage import harvest as articles
from storage import promises as store
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall

KINDS: dict[str, Any] = {**impressions.MESSAGES, **harvest.MESSAGES, **promises.MESSAGES, **digest.MESSAGES}
OFFER = "We maken één pagina over de regels."
REST = "Die gaat in september rond."
TOLD = "We spraken over geld."
DUE = "2021-09-09"
AFTERNOON = wall(2021, 6, 17, 15)


class Promising:
    """Sanne shared that somebody of her group offers something; Lotte is who it is about."""

    def __init__(self, house: House, **parts: str) -> None:
        self.house = house
        self.afternoon = Afternoon(house)
        self.session = self.afternoon.session
        self.afternoon.share("sanne", **{"takeaway": TOLD, "offer": f"{OFFER} {REST}", **parts})
        self.note = self.afternoon.kept()[0].id

    def impression(self) -> Impression:
        return next(each for each in self.afternoon.kept() if each.id == self.note)

    def candidates(self) -> list[Candidate]:
        return candidates(self.impression())

    def ask(self, owner: str = "lotte", *, by: str = "sanne", due: str = "", number: int = 0, **more: Any) -> Any:
        fields = {"owner": owner, "due": due, "sentence": value_of(self.candidates()[number]), **more.pop("fields", {})}
        return self.house.answer(promises.ROUTES.forms["promises.ask"], self.form("ask", by, fields, **more))

    def form(self, name: str, user: str, fields: dict[str, str], **more: Any) -> Any:
        metadata = f'{{"promise": "{more.pop("promise", "")}"}}'
        return self.house.click("form", f"promises.{name}", user, fields=fields, metadata=metadata, **more)

    def submit(self, name: str, user: str, fields: dict[str, str], **more: Any) -> Any:
        handler = promises.ROUTES.forms[f"promises.{name}"]
        return self.house.answer(handler, self.form(name, user, fields, promise=self.only().id, **more))

    def press(self, name: str, user: str, value: str = "", **more: Any) -> Any:
        click = self.house.click("action", f"promises.{name}", user, value or self.only().id, **more)
        return self.house.answer(promises.ROUTES.actions[f"promises.{name}"], click)

    def choose_day(self, user: str, day: str, **more: Any) -> Any:
        return self.press("due", user, day, argument=self.only().id, **more)

    def agreed(self, due: str = DUE) -> Promise:
        """Lotte was asked and said yes."""
        self.ask(due=due)
        self.press("accept", "lotte")
        return self.only()

    def all(self) -> list[Promise]:
        return self.house.read(lambda db: store.of_session(db, TEAM, self.session.id))

    def only(self) -> Promise:
        (found,) = [each for each in self.all() if each.state != "dropped" or each.agreed_at] or self.all()[-1:]
        return found

    def trail(self, promise: Promise | None = None) -> list[Event]:
        of = promise or self.only()
        return self.house.read(lambda db: store.events(db, TEAM, of.id))

    def change(self, user: str = "sanne", **parts: str) -> Any:
        old = self.impression().contents
        fields = {**{name: getattr(old, name) for name in old.__dataclass_fields__}, **parts}
        click = self.house.click(
            "form", "impressions.change", user, metadata=f'{{"impression": "{self.note}"}}', fields=fields
        )
        return self.house.answer(impressions.ROUTES.forms["impressions.change"], click)

    def withdraw(self) -> None:
        click = self.house.click("action", "impressions.decline", "sanne", value=self.note)
        self.house.answer(impressions.decline, click)

    def shown(self, kind: str, number: int = -1, language: str | None = None) -> str:
        """What one of the messages of this kind says, as it is drawn now."""
        body = self.house.draw(self.house.owed(kind)[number], KINDS, language)
        if body is None:
            return ""
        return "\n".join([body.text, *visible_texts([block.to_dict() for block in body.blocks])])

    def tick(self, at: datetime) -> None:
        self.house.at(at)
        self.house.do(promises.RHYTHM.tick(self.house.world, at))

    def draft(self) -> None:
        """The other group hands in, so that there is a draft."""
        self.afternoon.share("youssef", "gr_b", takeaway="De sleutel lag bij niemand.")

    def publish(self) -> None:
        """Everybody had time to answer, and the coordinator publishes."""
        if len(self.afternoon.kept()) == 1:
            self.draft()
        self.house.at(wall(2021, 6, 18, 13))
        article = self.house.read(lambda db: articles.of_session(db, TEAM, self.session.id))
        assert article is not None
        click = self.house.click("action", "harvest.publish", "ineke", f"{article.id}:{article.version}")
        self.house.answer(harvest.ROUTES.actions["harvest.publish"], click)
        self.house.arrive("harvest.article")

    def article(self) -> str:
        """All that stands in the article, or in the draft as the coordinator reads it."""
        kind = "harvest.article" if self.house.owed("harvest.article") else "harvest.draft"
        first = [row for row in self.house.owed(kind) if ":p" not in row.key]
        body = self.house.draw(first[-1], KINDS)
        return "\n".join(visible_texts([block.to_dict() for block in body.blocks])) if body else ""
