"""A programme with regions, people, sessions and articles on a real database, and a clock that a test sets."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

from bot.article import Article, Part, Run, Sentence
from bot.article import State as ArticleState
from bot.delivery import RowState
from bot.impressions import Contents, Impression, Source
from bot.programme import Programme, Role
from bot.selection import Group
from bot.worksessions import State, Topic, WorkSession
from handlers.delivery import Body
from handlers.routing import Answer, Click
from handlers.words import catalogues
from handlers.world import World
from playground.linter import lint_message
from storage import delivery, harvest, impressions, programme, selection, themes, worksessions
from storage.database import LOCK_WAIT, Database
from storage.delivery import OutboxRow
from tests import postgres

T = TypeVar("T")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TEAM = "T1"
FIELDS = {part: "takeaway" if part is Part.BODY else part.value for part in Part}


def wall(*at: int) -> datetime:
    """A moment by the clock on the wall in Amsterdam."""
    year, month, day, hour, minute = (*at, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


every_word = cache(catalogues)
empty_database = postgres.empty_file


def empty_place(folder: Path) -> str:
    """A place with every table and nothing in it: a file in this folder, or a database on the tests' PostgreSQL."""
    return postgres.location(folder, migrated=True)


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class House:
    """Everything a handler reaches, without Slack: what is owed is read from the outbox, and drawn as it is sent."""

    def __init__(
        self,
        folder: Path,
        now: datetime,
        language: str = "nl",
        location: str | None = None,
        lock_wait: float = LOCK_WAIT,
    ) -> None:
        self.team = TEAM
        self.database = Database(location or empty_place(folder), lock_wait)
        self.clock = SetClock(now)
        self._number = itertools.count(1)
        self.world = World(
            database=self.database,
            clock=self.clock,
            slack_of={self.team: AsyncWebClient("xoxb-none")}.__getitem__,
            words=every_word(),
            ids=lambda kind: f"{kind}_{next(self._number):04}",
            settings_language=language,
            settings_timezone="Europe/Amsterdam",
            trimming_timeout=60,  # a busy machine may not change what is shown
        )
        self.settings = Programme(self.team, language, "Europe/Amsterdam", "regio", "secret", "UBOT")
        self.write(lambda db: programme.save_programme(db, self.settings))

    def beside(self, team: str) -> House:
        """Another workspace in the same database, on the same clock; its Slack may well use the same ids."""
        other = copy(self)
        other.team = team
        other.settings = replace(self.settings, team=team, secret=f"secret of {team}")
        other.write(lambda db: programme.save_programme(db, other.settings))
        return other

    def calls(self, client: AsyncWebClient) -> None:
        """Let every call to Slack go out over this client from now on."""
        self.world.slack_of = lambda team: client

    def write(self, work: Callable[[Session], T]) -> T:
        return self.database.write_now(work)

    def read(self, work: Callable[[Session], T]) -> T:
        return self.database.read_now(work)

    def region(self, name: str, channel: str | None = "C") -> str:
        new = self.world.ids("rg")
        place = f"{channel}{new}" if channel else None
        return self.write(lambda db: programme.save_region(db, self.team, name, place, new)[0])

    def person(self, user: str, region: str | None = None, *roles: Role, locale: str = "nl-NL") -> None:
        account = programme.Account(user, user.title(), locale)

        def save(db: Session) -> None:
            programme.save_account(db, self.team, account)
            granted = frozenset(roles or (Role.PARTICIPANT,))
            programme.save_member(db, self.team, user, name=user.title(), region_id=region, roles=granted)

        self.write(save)

    def stranger(self, user: str, region: str | None, *, deleted: bool = False) -> None:
        self.person(user, region)
        account = programme.Account(user, user, stranger=not deleted, deleted=deleted)
        self.write(lambda db: programme.save_account(db, self.team, account))

    def session(
        self,
        starts: datetime,
        *,
        regions: Sequence[str] = (),
        title: str = "Werksessie 17 juni",
        state: State = State.GROUPED,
        topics: Sequence[str] = ("Onderwijszorgarrangementen (OZA)", "Verduurzaming"),
        follows: str | None = None,
    ) -> WorkSession:
        def save(db: Session) -> WorkSession:
            ids, names = self.world.ids, topics if state is not State.PLANNED else ()
            offered = tuple(
                Topic(ids("tp"), name, name[:20], themes.theme_for(db, self.team, name, name[:20], (), ids("th")))
                for name in names
            )
            found = WorkSession(
                self.world.ids("ws"), self.team, title, "CWS", starts, starts + timedelta(hours=3), None,
                "Europe/Amsterdam", state, "ineke", offered, tuple(regions),
            )  # fmt: skip
            worksessions.save(db, found, self.clock.now(), follows)
            return found

        return self.write(save)

    def posted(self, session: WorkSession) -> None:
        """Let the message of a session stand in its channel, as it does when a form made the session."""
        key = f"selection.card:{session.id}"
        self.write(
            lambda db: delivery.plan(
                db, team=self.team, key=key, kind="selection.card", arguments={"id": session.id},
                channel=session.channel, now=self.clock.now(),
            )
        )  # fmt: skip
        self.arrive("selection.card")

    def article(self, session: WorkSession, groups: Sequence[Sequence[tuple[Part, str]]]) -> list[list[str]]:
        """Publish an article now: the sentences per group, whose topic has its number. Returns their ids."""
        now = self.clock.now()

        def save(db: Session) -> list[list[str]]:
            made, sources, ids = [], {}, []
            known = selection.groups_of(db, session.team, session.id)
            for number, said in enumerate(groups, start=1):
                topic = session.topics[(number - 1) % len(session.topics)]
                group = Group(self.world.ids("gr"), session.id, number, (topic.id,), None, ())
                if number > len(known):
                    selection.save_groups(db, self.team, [group])
                else:
                    group = known[number - 1]
                ids.append([])
                for part, text in said:
                    field = FIELDS[part]
                    contents = Contents(**{"takeaway": "", field: text})
                    one = Impression(
                        self.world.ids("im"), self.team, session.id, group.id, Source.FORM, "sanne", contents, now, now
                    )
                    impressions.save(db, one, [topic.theme])
                    sources[one.id] = 1
                    sentence = Sentence(self.world.ids("se"), group.id, Run(part, one.id, field, 0, len(text), text, 1))
                    made.append(sentence)
                    ids[-1].append(sentence.id)
            out = Article(
                self.world.ids("ar"), self.team, session.id, ArticleState.PUBLISHED, "Kop", now, now,
                published_at=now, published_by="ineke", sentences=tuple(made), sources=sources,
            )  # fmt: skip
            harvest.save(db, out)
            delivery.plan(
                db, team=self.team, key=f"harvest.article:{out.id}", kind="harvest.article",
                arguments={"id": out.id, "page": 0}, channel="CWS", now=now,
            )  # fmt: skip
            return ids

        return self.write(save)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        async def run() -> T:
            try:
                return await work
            finally:
                await self.world.tasks.drain(5)

        return asyncio.run(run())

    def at(self, moment: datetime) -> None:
        self.clock.at = moment

    def click(self, kind: str, name: str, user: str, value: str = "", argument: str = "", **more: Any) -> Click:
        key = more.pop("key", f"k{next(self._number)}")
        return Click(kind, name, team=self.team, user=user, key=key, value=value, argument=argument, **more)

    def answer(self, handler: Callable[[Click, World], Coroutine[Any, Any, Answer]], click: Click) -> Answer:
        """Let a handler do its work; what it would say to Slack afterwards is left unsaid."""
        answered = self.do(handler(click, self.world))
        for work in answered.then:
            work.close()
        return answered

    def owed(self, kind: str) -> list[OutboxRow]:
        """What Slack is owed of this kind, in order."""
        query = (
            select(OutboxRow).where(OutboxRow.team_id == self.team, OutboxRow.kind == kind).order_by(col(OutboxRow.id))
        )
        return self.read(lambda db: list(db.exec(query)))

    def arrive(self, *kinds: str) -> None:
        """Let what is owed of these kinds arrive in Slack, as the courier would write it down."""
        for kind in kinds:
            for row in self.owed(kind):
                if row.state == RowState.PLANNED:

                    def save(db: Session, row: OutboxRow = row) -> None:
                        assert row.id is not None
                        now = self.clock.now()
                        delivery.claim(db, row.id, row.attempt, now, now)
                        delivery.record_sent(db, row.id, row.attempt + 1, f"1.{row.id}", row.channel_id or "D1", now)

                    self.write(save)

    def draw(self, row: OutboxRow, kinds: dict[str, Any], language: str | None = None) -> Body | None:
        """Make the body of a parcel as the courier does, and hold it against Slack's limits."""
        words = self.world.words[language or self.settings.language]
        found = self.read(lambda db: delivery.parcel(db, self.team, row.key))
        assert found is not None
        body = self.read(lambda db: kinds[row.kind](db, self.settings, found.arguments, words))
        if body is not None and body.file is None:
            problems = lint_message({"text": body.text, "blocks": [block.to_dict() for block in body.blocks]})
            assert problems == [], "\n".join(map(str, problems))
        return body
