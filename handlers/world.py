"""What every handler can reach: the database, the clock, Slack, the words, and the work that goes on after an ack."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlmodel import Session

from bot.calling import Calling
from bot.problem import Refused
from bot.programme import Member, Programme
from bot.selection.allocation import Allocation, Instance
from bot.writing import Allowance, Mode
from handlers.acks import Acks
from handlers.clock import Clock
from handlers.liveness import Liveness
from handlers.routing import EXPIRED, Click
from handlers.solving import solved_here
from handlers.tally import Tally
from handlers.tasks import Tasks
from handlers.turns import Turns
from handlers.words import Words, language_of
from prompts.asking import Model, NoModel
from storage import delivery, programme
from storage.crashpoints import crashpoint
from storage.database import Database
from storage.memory import Searcher

log = structlog.get_logger()

T = TypeVar("T")

RESPONSE_TIMEOUT = 10
"""Seconds for an answer by response_url."""
MOST_WHISPERS = 8
"""So many answers go out at the same time: in a rush the acks, which have three seconds, come first."""
TRIGGER_TIMEOUT = 2.0
"""Seconds for opening a form: its trigger lives three."""
ACK_WITHIN = 2.5
"""Seconds for what stands before an ack: Slack waits three, and an ack that comes later means nothing to it."""
AGAIN = "inbox.again"
"""The kind of the message to who has to press once more."""
TRIMMING_TIMEOUT = 1.0
"""Seconds for what makes an answer richer, but may be left out of it."""


@dataclass(frozen=True)
class Asker:
    """Who asks, as the database knows them, with the settings of their programme and their language."""

    member: Member
    settings: Programme
    words: Words


@dataclass
class World:
    """Everything that is opened once, at the start, and closed on the way out."""

    database: Database
    clock: Clock
    slack_of: Callable[[str], AsyncWebClient]
    words: Mapping[str, Words]
    ids: Callable[[str], str]
    settings_language: str
    settings_timezone: str
    wake_courier: Callable[[], None] = lambda: None
    repaint: Callable[[str, str, str], None] = lambda team, kind, subject: None
    leave: Callable[[str], None] = lambda team: None
    tasks: Tasks = field(default_factory=Tasks)
    solve: Callable[[Instance], Awaitable[Allocation]] = solved_here
    model: Model = field(default_factory=NoModel)
    model_mode: Mode = Mode.NONE
    allowance: Allowance = field(default_factory=Allowance)
    forming: set[str] = field(default_factory=set)
    foreseeing: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest_view: dict[str, str] = field(default_factory=dict)
    searcher: Searcher = field(default_factory=Searcher)
    liveness: Liveness = field(default_factory=Liveness)
    tally: Tally = field(default_factory=Tally)
    ack_within: float = ACK_WITHIN
    trimming_timeout: float = TRIMMING_TIMEOUT
    acks: Acks = field(default_factory=Acks)
    _turns: Turns | None = None
    _spoken: dict[tuple[str, str, Calling], Words] = field(default_factory=dict)
    _whispers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_WHISPERS))

    @property
    def turns(self) -> Turns:
        """Everybody who asks Slack for something that can wait, waits for the same turns."""
        if self._turns is None:
            self._turns = Turns(self.clock)
        return self._turns

    @turns.setter
    def turns(self, turns: Turns) -> None:
        self._turns = turns

    def now(self) -> datetime:
        """Return the moment on the wall."""
        return self.clock.now()

    def say(self, words: Words, key: str, values: Mapping[str, object]) -> str:
        """Return a sentence whose blanks may be moments; those are shown as a clock time."""
        shown = {name: words.time(value) if isinstance(value, datetime) else value for name, value in values.items()}
        return words(key, **shown)

    def words_for(self, member: Member, settings: Programme | None) -> Words:
        """Return the language of a member: the one of their Slack, else the programme's."""
        own = language_of(member.locale, settings.language if settings else self.settings_language)
        return self._speak(own, settings)

    def channel_words(self, settings: Programme | None) -> Words:
        """Return the language and zone of channel posts."""
        return self._speak(settings.language if settings else self.settings_language, settings)

    def _speak(self, language: str, settings: Programme | None) -> Words:
        zone = settings.timezone if settings else self.settings_timezone
        calling = Calling(settings.region_word, settings.language) if settings else Calling("", language)
        found = self._spoken.get((language, zone, calling))
        if found is None:
            found = self._spoken[language, zone, calling] = self.words[language].in_zone(zone).calling(calling)
        return found

    def asker(self, db: Session, click: Click) -> Asker:
        """Return who clicked, read from the database: roles in a payload count for nothing."""
        settings = programme.programme(db, click.team)
        member = programme.member(db, click.team, click.user)
        if settings is None:
            raise Refused("slack.unknown")
        return Asker(member, settings, self.words_for(member, settings))

    async def words_of(self, team: str, user: str) -> Words:
        """Look up somebody's language."""
        member, settings = await self.database.read(partial(_person, team=team, user=user))
        return self.words_for(member, settings)

    async def knows(self, click: Click) -> bool:
        """Say whether this person has a row, of whatever standing."""
        return await self.database.read(lambda db: programme.is_known(db, click.team, click.user))

    async def enrol(self, team: str, user: str) -> None:
        """Ask Slack who this is, and remember it."""
        answer = await self.slack_of(team).users_info(user=user, include_locale=True)
        account = read_account(answer["user"], team)
        if account is not None:
            await self.database.write(lambda db: programme.save_account(db, team, account))

    async def write(self, work: Callable[[Session], T]) -> T:
        """Commit a unit of work and wake the courier, who may have something to deliver now."""
        result = await self.database.write(work)
        crashpoint("commit.after")
        self.wake_courier()
        return result

    async def whisper(
        self, click: Click, text: str, blocks: Sequence[Block | dict[str, Any]] = (), *, replace: bool = False
    ) -> None:
        """Answer one person: under the message they pressed, in the channel, or in a small window from the Home.

        It may be lost; what must not be lost goes through the outbox.
        """
        try:
            await self._whisper(click, text, blocks, replace=replace)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:  # and whoever hears of that would whisper again
            log.warning("whisper lost", error=type(error).__name__, name=click.name)

    async def _whisper(
        self, click: Click, text: str, blocks: Sequence[Block | dict[str, Any]] = (), *, replace: bool
    ) -> None:
        packed = [block if isinstance(block, dict) else block.to_dict() for block in blocks] or None
        if click.response_url:
            async with self._whispers:
                await self.acks.first()
                session = self.slack_of(click.team).session
                hook = AsyncWebhookClient(click.response_url, timeout=RESPONSE_TIMEOUT, session=session)
                answer = await hook.send(text=text, blocks=packed, response_type="ephemeral", replace_original=replace)
            if answer.status_code < 400:
                return
        elif click.channel and not click.view_id:
            thread = click.thread_ts or None
            try:
                async with self._whispers:
                    await self.acks.first()
                    await self.slack_of(click.team).chat_postEphemeral(
                        channel=click.channel, user=click.user, text=text, blocks=packed, thread_ts=thread
                    )
                return
            except SlackApiError as error:  # a conversation in which we are not: then above what they look at
                log.info("whisper refused", error=str(error.response.get("error")), name=click.name)
        try:
            if click.trigger:
                await self.open(click, await self._notice(click, text), push=click.in_form)
        except SlackApiError as error:
            log.warning("whisper not shown", error=str(error.response.get("error")), name=click.name)
            if error.response.get("error") in EXPIRED:
                await self.ask_again(click)

    async def ask_again(self, click: Click) -> None:
        """What was to open came too late for Slack: somebody has to press once more, and reads so."""
        if click.response_url:
            await self.whisper(click, (await self.words_of(click.team, click.user))("slack.again"))
            return
        key, now = f"{AGAIN}:{click.key}", self.now()
        owe = partial(delivery.plan, team=click.team, key=key, kind=AGAIN, arguments={}, user=click.user, now=now)
        await self.write(lambda db: owe(db))

    async def open(self, click: Click, view: View, *, push: bool = False) -> None:
        """Open a form within the three seconds that its trigger lives."""
        slack = self.slack_of(click.team)
        call = slack.views_push if push else slack.views_open
        async with asyncio.timeout(TRIGGER_TIMEOUT):
            await call(trigger_id=click.trigger, view=view.to_dict())

    async def show(self, team: str, view_id: str, view: View | Mapping[str, Any]) -> None:
        """Show something else in a form that is open; who closed it meanwhile misses nothing."""
        packed = view.to_dict() if isinstance(view, View) else dict(view)
        try:
            await self.slack_of(team).views_update(view_id=view_id, view=packed)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                raise

    async def _notice(self, click: Click, text: str) -> View:
        from handlers.views.frame import notice

        return notice(text, await self.words_of(click.team, click.user))


def read_account(user: Mapping[str, Any], team: str) -> programme.Account | None:
    """Read what Slack says of a person; None for a bot."""
    if not isinstance(user, Mapping) or not user.get("id") or user.get("is_bot") or user["id"] == "USLACKBOT":
        return None
    told = user.get("profile")
    profile = told if isinstance(told, Mapping) else {}
    name = (
        profile.get("display_name")
        or profile.get("real_name")
        or user.get("real_name")
        or user.get("name")
        or user["id"]
    )
    return programme.Account(
        user=str(user["id"]),
        name=str(name),
        locale=str(user.get("locale") or ""),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")) or str(user.get("team_id") or team) != team,
        deleted=bool(user.get("deleted")),
        timezone=str(user.get("tz") or ""),
    )


def _person(db: Session, team: str, user: str) -> tuple[Member, Programme | None]:
    return programme.member(db, team, user), programme.programme(db, team)
