"""A week of news before a digest, and a scripted model that reads what it is asked: for tests of writing along."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.article import Part
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import WorkSession
from bot.writing import Allowance, Mode
from handlers import digest, writing
from handlers.digest.drawing import live
from handlers.writing.preparing import LEAD
from playground.linter import visible_texts
from storage import digest as digests
from storage import selection
from storage import writing as written
from tests.handlers.house import TEAM, House, wall
from tests.prompts.scripted import Reply, ScriptedModel, says

TUESDAY = wall(2021, 6, 22, 9)
MARK = "ˆ"
SAID = (
    "De gemeente betaalt de begeleiding in de klas tot de zomer.",
    "Zonder vaste begeleider lukt onderwijszorg in de klas niet.",
    "De school wil een arrangement dat thuis en in de klas doorloopt.",
    "Wie betaalt de begeleiding na de zomer?",
)


def asked(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return which question a body holds, and the material in it with its blanks written out."""
    content = body["messages"][1]["content"]
    packed = json.loads(content.split("\n")[1])
    text = json.dumps(packed, ensure_ascii=False).replace(MARK, " ")
    found: dict[str, Any] = json.loads(text)
    step = "note_cards" if "notes" in found else "verdicts" if "claims" in found else "section"
    return step, found


def cards(found: dict[str, Any]) -> dict[str, Any]:
    """An honest answer to a question for cards: each sentence is a point."""
    made = []
    for note in found["notes"]:
        points = [
            {"sentence_ids": [one["id"]], "gist": " ".join(one["text"].split()[:8]), "kind": "finding"}
            for one in note["sentences"]
        ]
        made.append({"note_id": note["id"], "points": points[:12], "themes": [], "proposals": []})
        if not found["themes"]:
            del made[-1]["themes"]
    return {"cards": made}


def section(found: dict[str, Any]) -> dict[str, Any]:
    """An honest section: three sentences as claims, said as they were."""
    said = [one for one in found["sentences"] if len(one["text"].split()) <= 38 and "[" not in one["text"]]
    claims = [{"text": one["text"], "evidence": [one["id"]]} for one in said[:3]]
    claims += claims[:1] * (3 - len(claims))
    return {"lead": claims[0], "claims": claims[1:], "quotes": [said[0]["id"]], "open_questions": []}


def honest(body: dict[str, Any]) -> Reply:
    """Answer every question as it should be answered."""
    step, found = asked(body)
    usage = {"prompt_tokens": len(json.dumps(body)) // 4, "completion_tokens": 100}
    if step == "verdicts":
        return says({"verdicts": [{"id": one["id"], "verdict": "supported"} for one in found["claims"]]}, usage=usage)
    return says(cards(found) if step == "note_cards" else section(found), usage=usage)


def instead(step: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], Reply]:
    """Answer honestly but for one kind of question."""

    def reply(body: dict[str, Any]) -> Reply:
        which, found = asked(body)
        return says(answer(found)) if which == step else honest(body)

    return reply


class Week:
    """A house with a region, people and published news, on the evening before the digest."""

    def __init__(self, folder: Path, *, regions: Sequence[str] = ("Haaglanden",)) -> None:
        self.house = House(folder, wall(2021, 6, 17, 13, 55))
        self.regions = {name: self.house.region(name) for name in regions}
        self.house.person("ineke", None, Role.COORDINATOR)
        self.house.person("sanne")
        self.house.do(digest.tick(self.house.world, self.house.clock.now()))
        self.session = self.house.session(wall(2021, 6, 17, 13), topics=["Onderwijszorg in de klas"])

    def seats(self, groups: Sequence[Sequence[str]]) -> None:
        """Seat people in groups of the session, before anything of it is published."""
        made = [
            Group(f"gr_s{number}", self.session.id, number, (self.session.topics[0].id,), people[0], tuple(people))
            for number, people in enumerate(groups, start=1)
        ]
        self.house.write(lambda db: selection.save_groups(db, TEAM, made))

    def news(self, *said: str, session: WorkSession | None = None) -> list[str]:
        """Publish an article in which each sentence is a note of its own, three to a group."""
        groups = [[(Part.BODY, text) for text in said[at : at + 3]] for at in range(0, len(said), 3)]
        return [one for ids in self.house.article(session or self.session, groups) for one in ids]

    def with_model(self, model: ScriptedModel, allowance: Allowance | None = None) -> None:
        """Let a model be set up."""
        world = self.house.world
        world.model, world.model_mode = model.door(), Mode.LOCAL
        world.allowance = allowance or Allowance()

    async def prepare(self, at: datetime = TUESDAY - LEAD) -> None:
        """Tick as the clock does before a digest, and let what was begun end."""
        self.house.at(at)
        await writing.RHYTHM.tick(self.house.world, at)
        await self.house.world.tasks.drain(30)

    async def digest(self, at: datetime = TUESDAY) -> list[str]:
        """Let the digest be made, and return what each of its messages shows, in order."""
        self.house.at(at)
        await digest.tick(self.house.world, at)
        shown = []
        for kind in ("digest.post", "digest.details"):
            for row in self.house.owed(kind):
                body = self.house.draw(row, digest.MESSAGES)
                assert body is not None
                shown.append("\n".join(visible_texts([block.to_dict() for block in body.blocks])))
        return shown

    def section(self, ids: Sequence[str]) -> Any:
        """What is kept of the only theme for these sentences."""
        theme = self.session.topics[0].theme
        return self.house.read(lambda db: written.section(db, TEAM, theme, ids))

    def cost(self) -> Any:
        return self.house.read(lambda db: written.cost(db, TEAM))

    def events(self, kind: str | None = None, period: str = "2021-W25") -> list[tuple[str, str, str]]:
        region = next(iter(self.regions.values()))
        found = self.house.read(lambda db: written.events(db, TEAM, region, period, kind))
        return [(one.kind, one.reason, one.subject) for one in found]

    def issues(self) -> list[str]:
        """The ids of the digests that were made."""
        found = []
        for row in self.house.owed("digest.post"):
            found.append(row.key.split(":")[1])
        return found

    def close(self) -> None:
        self.house.database.close()


WEEK = timedelta(days=7)
__all__ = [
    "LEAD",
    "SAID",
    "TUESDAY",
    "WEEK",
    "Week",
    "asked",
    "cards",
    "digests",
    "honest",
    "instead",
    "live",
    "section",
]
