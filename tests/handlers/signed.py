"""A session whose groups have a record to sign off, with the people who do so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.article import Article
from bot.impressions import PARTS, Impression, Standing
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import Silence, WorkSession
from handlers import digest, harvest, impressions
from storage import harvest as articles
from storage import impressions as notes
from storage import selection, worksessions
from tests.handlers.house import TEAM, House, wall

KINDS = {**impressions.MESSAGES, **harvest.MESSAGES, **digest.MESSAGES}
TOLD = "We nodigen de school nu uit. Ouders praten vanaf het begin mee."
OTHER = "Er is één kalender voor alle gemeenten."


class Signing:
    """Group 1 is Sanne (leads), Noor and Samir; group 2 is Youssef alone. Ineke coordinates, Lotte sits nowhere."""

    def __init__(self, house: House, silence: Silence = Silence.AGREES) -> None:
        self.house = house
        region = house.region("Haaglanden")
        for name in ("noor", "samir", "sanne", "youssef", "lotte"):
            house.person(name, region)
        house.person("ineke", None, Role.COORDINATOR)
        made = house.session(wall(2021, 6, 17, 13), regions=[region])
        self.session: WorkSession = self._with(made, silence)
        topics = self.session.topics
        self.first = Group("gr_1", self.session.id, 1, (topics[0].id,), "sanne", ("noor", "samir"))
        self.second = Group("gr_2", self.session.id, 2, (topics[1].id,), "youssef", ())
        house.write(lambda db: selection.save_groups(db, TEAM, [self.first, self.second]))

    def _with(self, session: WorkSession, silence: Silence) -> WorkSession:
        new = replace(session, silence=silence)
        self.house.write(lambda db: worksessions.save(db, new, self.house.clock.now()))
        return new

    def share(self, user: str = "sanne", group: str = "gr_1", **parts: str) -> Impression:
        fields = dict.fromkeys(PARTS, "") | ({"takeaway": TOLD} | parts)
        click = self.house.click(
            "form", "impressions.share", user, metadata=json.dumps({"group": group}), fields=fields
        )
        self.house.answer(impressions.share, click)
        return self.newest(group)

    def newest(self, group: str = "gr_1") -> Impression:
        return [one for one in self.kept() if one.group == group][-1]

    def kept(self) -> list[Impression]:
        return self.house.read(lambda db: notes.of_session(db, TEAM, self.session.id))

    def standing(self, impression: Impression) -> Standing:
        group = self.first if impression.group == "gr_1" else self.second
        now = self.house.clock.now()
        return self.house.read(lambda db: notes.standing_of(db, self.session, group, impression, now))

    def press(self, name: str, user: str, value: str, argument: str = "", **more: Any) -> Any:
        action = (impressions.ROUTES.actions | harvest.ROUTES.actions)[name]
        return self.house.answer(action, self.house.click("action", name, user, value, argument, **more))

    def hand_in(self, name: str, user: str, metadata: dict[str, str], fields: dict[str, str], **more: Any) -> Any:
        form = (impressions.ROUTES.forms | harvest.ROUTES.forms)[name]
        click = self.house.click("form", name, user, metadata=json.dumps(metadata), fields=fields, **more)
        return self.house.answer(form, click)

    def agree(self, user: str, impression: Impression, **more: Any) -> Any:
        return self.press("impressions.agree", user, f"{impression.id}:{impression.version}", **more)

    def object(self, user: str, impression: Impression, reason: str = "Dat zeiden we niet.", **more: Any) -> Any:
        metadata = {"impression": impression.id, "version": str(impression.version)}
        return self.hand_in("impressions.object", user, metadata, {"reason": reason}, **more)

    def correct(self, user: str, impression: Impression, **parts: str) -> Any:
        metadata = {"impression": impression.id, "version": str(impression.version)}
        fields = {part: impression.text(part) for part in PARTS} | parts
        return self.hand_in("impressions.correct", user, metadata, fields)

    def tick(self) -> None:
        self.house.do(impressions.RHYTHM.tick(self.house.world, self.house.clock.now()))

    def article(self) -> Article | None:
        return self.house.read(lambda db: articles.of_session(db, TEAM, self.session.id))

    def texts(self) -> list[str]:
        found = self.article()
        return [sentence.run.text for sentence in found.sentences] if found else []

    def publish(self, **more: Any) -> Any:
        found = self.article()
        assert found is not None
        return self.press("harvest.publish", "ineke", f"{found.id}:{found.version}", **more)

    def shown(self, kind: str, user: str | None = None) -> str:
        """What the messages of this kind say now (to one person, if named), drawn anew."""
        rows = [row for row in self.house.owed(kind) if row.operation == "post" and user in (None, row.user_id)]
        bodies = [self.house.draw(row, KINDS) for row in rows]
        return "\n".join(f"{b.text}\n{_words([x.to_dict() for x in b.blocks])}" for b in bodies if b is not None)

    def owed(self, kind: str) -> list[str]:
        """Which of these messages are owed: post or update, in order."""
        return [row.operation for row in self.house.owed(kind)]


def _words(thing: Any) -> str:
    if isinstance(thing, dict):
        return "\n".join(v if k == "text" and isinstance(v, str) else _words(v) for k, v in thing.items())
    return "\n".join(map(_words, thing)) if isinstance(thing, list) else ""
