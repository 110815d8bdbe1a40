"""A practice Slack in which two groups talk, with the whole bot beside it over real HTTP, and files to drop."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from docx import Document as new_word
from slack_sdk.web.async_client import AsyncWebClient

from bot.attachments import Attachment
from bot.impressions import Impression
from bot.programme import Role
from bot.selection import Group
from handlers.manifest import manifest as our_manifest
from handlers.run import by_socket, opened
from handlers.settings import SlackSettings
from playground import manifest, scenario
from playground.practice import Practice, Settings
from playground.server import running
from playground.state import Message
from storage import attachments, delivery, impressions, worksessions
from storage import selection as groups
from tests import postgres
from tests.handlers.house import TEAM, House, wall

Json = dict[str, Any]
NOW = wall(2021, 6, 17, 15)
PEOPLE = ("sanne", "youssef", "noor", "samir", "ineke", "vreemd")
PLOT = scenario.parse(
    {
        "starts": "2021-06-17T15:00 Europe/Amsterdam",
        "team": {"id": TEAM},
        "people": [{"id": name, "name": name.title()} for name in PEOPLE],
        "channels": [{"id": "CWS", "name": "werksessie", "bot": True}],
    }
)
TOLD = "We nodigen de school nu uit vóór we inkopen."
QUOTED = "“Je moet eerst vragen wat iemand nodig heeft.”"


def word(*lines: str) -> bytes:
    made = new_word()
    for line in lines:
        made.add_paragraph(line)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def file(name: str, content: bytes | str) -> Json:
    """A file as somebody drops it on the page."""
    raw = content.encode() if isinstance(content, str) else content
    return {"name": name, "base64": base64.b64encode(raw).decode()}


class Slack:
    """A practice Slack; `web` is the bot's client."""

    def __init__(self, practice: Practice, http: httpx.AsyncClient) -> None:
        self.practice, self.base, self._http = practice, practice.base, http
        self.web = AsyncWebClient("xoxb-practice", base_url=f"{self.base}/api/", retry_handlers=[], timeout=5)

    async def do(self, verb: str, who: str, **request: Any) -> Json:
        """Let somebody do something."""
        return dict((await self._http.post(f"/_mens/{verb}", json={"as": who, **request})).json())

    async def post(self, path: str, **body: Any) -> Json:
        return dict((await self._http.post(f"/_mens/{path}", json=body)).json())

    async def see(self, who: str) -> Json:
        return dict((await self._http.get("/_mens/see", params={"as": who})).json())

    async def drop(self, who: str, *files: Json, **where: Any) -> str:
        """Drop files somewhere; returns the id of the first."""
        said = await self.do("say", who, **{"channel": "werksessie", "files": list(files), **where})
        assert "ts" in said, said  # it stands there, also while the bot is away
        return list(self.practice.workspace.files)[-len(files)]

    def posted(self, text: str) -> str:
        """Put a message of the bot in the channel; returns its ts."""
        message = Message(self.practice.ts(), "CWS", self.practice.workspace.app.bot_user, text, by_bot=True)
        return self.practice.workspace.post(message).ts

    async def settle(self) -> None:
        answer = dict((await self._http.get("/_mens/settled", params={"timeout": 60})).json())
        assert answer["settled"], answer

    async def followed(self) -> None:
        """Wait until the bot says by itself what it is doing, so that waiting for it means something."""
        await until(lambda: self.practice.clock.followed)
        await self.settle()

    def calls(self, method: str) -> int:
        return sum(1 for entry in self.practice.journal.since(0) if entry.kind == "call" and entry.method == method)


@asynccontextmanager
async def practising(**changed: Any) -> AsyncIterator[Slack]:
    """A practice Slack that knows our manifest."""
    raw = our_manifest() | changed
    practice = Practice(
        PLOT,
        manifest.parse(raw),
        settings=Settings(ack_timeout=3, retries=(0.0, 0.1, 0.2), rates=0),
        real=asyncio.get_running_loop().time,
        wall=time.time,  # noqa: TID251 - signatures carry the real time
        prefix="T",
    )
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(running(practice))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=base, trust_env=False, timeout=90))
        yield Slack(practice, http)


class Afternoon:
    """Two groups that talk: Sanne leads the first with Noor, Youssef the second with Samir. Ineke coordinates."""

    def __init__(self, folder: Path) -> None:
        self.house = house = House(folder, NOW)
        for name in PEOPLE[:4]:
            house.person(name)
        house.person("ineke", None, Role.COORDINATOR)
        self.session = replace(house.session(wall(2021, 6, 17, 13)), closes_at=wall(2021, 6, 17, 14))
        house.write(lambda db: worksessions.save(db, self.session, NOW))
        first, second = (topic.id for topic in self.session.topics)
        self.first = Group("gr_a", self.session.id, 1, (first,), "sanne", ("noor",))
        self.second = Group("gr_b", self.session.id, 2, (second,), "youssef", ("samir",))
        house.write(lambda db: groups.save_groups(db, TEAM, [self.first, self.second]))
        self.posts = [("selection.card", self.session.id), ("selection.group", "gr_a"), ("selection.group", "gr_b")]

    def post(self, posted: Callable[[str], str]) -> None:
        """Let the session and its groups stand in the channel already; `posted` puts one there and returns its ts."""
        for kind, subject in self.posts:
            key = f"{kind}:{subject}"
            if self.house.read(partial(delivery.parcel, team=TEAM, key=key)) is None:
                self.house.write(partial(self._posted, kind=kind, subject=subject, ts=posted(key)))

    def _posted(self, db: Any, kind: str, subject: str, ts: str) -> None:
        key, about = f"{kind}:{subject}", {"id": subject}
        delivery.plan(db, team=TEAM, key=key, kind=kind, arguments=about, channel="CWS", now=NOW)
        parcel = delivery.parcel(db, TEAM, key)
        assert parcel is not None
        delivery.claim(db, parcel.id, parcel.attempt, NOW, NOW)
        delivery.record_sent(db, parcel.id, parcel.attempt + 1, ts, "CWS", NOW)

    def thread(self, of: str) -> str:
        """The ts of the post of a group ("gr_a") or of the session ("session"), once it is there."""
        key = f"selection.card:{self.session.id}" if of == "session" else f"selection.group:{of}"
        at = self.house.read(lambda db: delivery.sent(db, TEAM, key))
        assert at is not None, f"{key} is not posted"
        return at[1]

    def kept(self) -> list[Impression]:
        return self.house.read(lambda db: impressions.of_session(db, TEAM, self.session.id))

    def files(self) -> list[Attachment]:
        return self.house.read(lambda db: attachments.of_session(db, TEAM, self.session.id))

    def raw(self) -> bytes:
        """All that is kept, also what stands in the log of the database."""
        return postgres.content(self.house.database.location)

    def file(self, slack_id: str) -> Attachment:
        found = self.house.read(lambda db: attachments.of_file(db, TEAM, slack_id))
        assert found is not None
        return found


@asynccontextmanager
async def bot_of(afternoon: Afternoon, slack: Slack) -> AsyncIterator[None]:
    """The whole bot, connected: Bolt, courier and ticker, on the database of the afternoon."""
    settings = SlackSettings.model_validate(
        {
            "SLACK_BOT_TOKEN": "xoxb-practice",
            "SLACK_APP_TOKEN": "xapp-practice",
            "SLACK_API_URL": f"{slack.base}/api/",
            "OOGST_CLOCK_URL": f"{slack.base}/_mens/clock",
            "OOGST_DATABASE": afternoon.house.database.location,
        }
    )
    afternoon.post(slack.posted)
    async with opened(settings) as oogst, by_socket(oogst, settings):
        await oogst.start()
        await slack.followed()
        yield


async def until(true: Callable[[], Any], within: timedelta = timedelta(seconds=20)) -> None:
    """Wait until something holds."""
    end = asyncio.get_running_loop().time() + within.total_seconds()
    while not true():
        assert asyncio.get_running_loop().time() < end, "waited in vain"
        await asyncio.sleep(0.01)
