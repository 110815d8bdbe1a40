"""The courier: brings what the outbox owes to Slack, in order, one a second per channel, never blindly twice."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlmodel import Session

from bot.delivery import (
    PACE,
    POST_TIMEOUT,
    QUARANTINE,
    Operation,
    Outcome,
    Reply,
    RowState,
    classify,
    is_hopeless,
    wait_before_retry,
)
from bot.programme import Programme
from handlers.words import Words
from handlers.world import World
from storage import delivery, programme
from storage.delivery import Parcel

log = structlog.get_logger()

EVENT_TYPE = "oogst_message"
NOTHING = "nothing to say"


@dataclass(frozen=True)
class Body:
    """What a parcel says, made from live rows at the moment of sending. A `file` goes up instead of blocks."""

    text: str
    blocks: Sequence[Block] = ()
    file: bytes | None = None
    file_name: str = ""


Render = Callable[[Session, Programme, Mapping[str, Any], Words], Body | None]
"""Makes the body of one kind of parcel; None when there is nothing left to say."""


class Courier:
    """Drains the outbox. One lane (a channel or a person) is served by one task at a time."""

    def __init__(self, world: World, kinds: Mapping[str, Render], quarantine: timedelta = QUARANTINE) -> None:
        self._world = world
        self._kinds = kinds
        self._quarantine = quarantine
        self._wake = asyncio.Event()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._last_post: dict[str, float] = {}
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin. Whatever an earlier process was sending has an unknown outcome, and is looked up first."""
        await self._world.database.write(delivery.take_over)
        self._loop = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether no lane is being served and nobody knocked."""
        return not self._lanes and not self._wake.is_set()

    async def stop(self, seconds: float) -> None:
        """Finish the posts under way, for at most this long, and stop."""
        if self._loop is not None:
            self._loop.cancel()
        if self._lanes:
            await asyncio.wait(list(self._lanes.values()), timeout=seconds)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                wait = await self._dispatch()
            except Exception as error:  # one bad look at the database must not end all delivery
                log.error("courier", error=type(error).__name__, exc_info=error)
                wait = 5.0
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _dispatch(self) -> float:
        now = self._world.now()
        parcels = await self._world.database.read(lambda db: delivery.due(db, now, now - self._quarantine))
        for parcel in parcels:
            if parcel.lane not in self._lanes:
                task = asyncio.get_running_loop().create_task(self._serve(parcel))
                self._lanes[parcel.lane] = task
                task.add_done_callback(partial(self._served, parcel.lane))
        return 1.0

    def _served(self, lane: str, task: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        if task.cancelled():
            return
        if task.exception() is None:
            self._wake.set()
        else:  # without a knock: what failed is looked at again at the next round, not at once and for ever
            log.error("parcel", error=type(task.exception()).__name__, exc_info=task.exception())

    async def _serve(self, parcel: Parcel) -> None:
        if parcel.state is not RowState.PLANNED and await self._reconcile(parcel):
            return
        now = self._world.now()
        if not await self._world.database.write(
            lambda db: delivery.claim(db, parcel.id, parcel.attempt, now, now + self._quarantine)
        ):
            return
        attempt = parcel.attempt + 1
        if parcel.not_after is not None and now >= parcel.not_after:
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, RowState.DROPPED, "too late")
            )
            return
        try:
            letter = await self._world.database.read(partial(self._make, parcel=parcel))
        except Exception as error:  # one message that cannot be made must not hold up its channel
            log.error("parcel not made", key=parcel.key, kind=parcel.kind, error=type(error).__name__, exc_info=error)
            await self._later(parcel, attempt, Reply(error=type(error).__name__))
            return
        if isinstance(letter, str):
            state = RowState.DROPPED if letter == NOTHING else RowState.PARKED
            await self._world.database.write(lambda db: delivery.record_state(db, parcel.id, attempt, state, letter))
            return
        channel = letter.channel or await self._direct_channel(parcel)
        if isinstance(channel, Reply):
            await self._later(parcel, attempt, channel)
            return
        if parcel.operation is not Operation.UPDATE:
            await self._keep_pace(parcel.lane)
        reply = await self._send(parcel, letter, channel)
        await self._record(parcel, attempt, reply, channel)

    async def _record(self, parcel: Parcel, attempt: int, reply: Reply, channel: str) -> None:
        outcome = classify(reply)
        now = self._world.now()
        if outcome is Outcome.SENT:
            await self._world.database.write(
                lambda db: delivery.record_sent(db, parcel.id, attempt, reply.ts, channel, now)
            )
        elif outcome is Outcome.NOT_SENT or (outcome is Outcome.UNKNOWN and parcel.operation is Operation.UPDATE):
            await self._later(parcel, attempt, reply)
        else:
            state = RowState.PARKED if outcome is Outcome.REFUSED else RowState.UNKNOWN
            log.warning(
                "parcel not delivered",
                key=parcel.key,
                kind=parcel.kind,
                state=state.value,
                error=reply.error,
                status=reply.status,
            )
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, state, reply.error)
            )

    async def _later(self, parcel: Parcel, attempt: int, reply: Reply) -> None:
        if is_hopeless(reply, attempt):
            log.warning("parcel parked", key=parcel.key, kind=parcel.kind, error=reply.error)
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, RowState.PARKED, reply.error)
            )
            return
        again = self._world.now() + timedelta(seconds=wait_before_retry(reply, attempt))
        await self._world.database.write(lambda db: delivery.record_later(db, parcel.id, attempt, again, reply.error))

    def _make(self, db: Session, parcel: Parcel, *, looking: bool = False) -> "Letter | str":
        """Return what to send and where, or in a word why not.

        `looking` for what may have arrived needs no more than its place: it may be there with words that are gone.
        """
        settings = programme.programme(db, parcel.team)
        render = self._kinds.get(parcel.kind)
        if settings is None or render is None:
            return "unknown kind"
        thread = target = None
        channel = parcel.channel or ""
        if parcel.thread_key:
            thread = delivery.sent(db, parcel.team, parcel.thread_key)
            if thread is None:
                return "the message above it was not posted"
            channel = thread[0]
        if parcel.target_key:
            target = delivery.sent(db, parcel.team, parcel.target_key)
            if target is None:
                return NOTHING
            channel = target[0]
        words = self._world.channel_words(settings)
        if parcel.user:
            member = programme.member(db, parcel.team, parcel.user)
            words = self._world.words_for(member, settings)
            channel = channel or member.direct_channel or ""
        body = (
            Body("")
            if looking and parcel.operation is not Operation.FILE
            else render(db, settings, parcel.arguments, words)
        )
        if body is None:
            return NOTHING
        return Letter(
            body,
            channel,
            thread[1] if thread else None,
            target[1] if target else None,
            fingerprint(settings, parcel.key),
        )

    async def _direct_channel(self, parcel: Parcel) -> str | Reply:
        """Return where to write to this person, or what Slack said instead; nothing was posted then, surely."""
        if parcel.user is None:
            return Reply(200, False, "no_channel")
        try:
            answer = await self._world.slack.conversations_open(users=parcel.user)
        except SlackApiError as error:
            return reply_of(error)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Reply(error="connect", before_sending=True)
        channel = str(answer["channel"]["id"])
        user = parcel.user
        await self._world.database.write(lambda db: programme.set_direct_channel(db, parcel.team, user, channel))
        return channel

    async def _keep_pace(self, lane: str) -> None:
        clock = self._world.clock
        wait = self._last_post.get(lane, -PACE) + PACE - clock.monotonic()
        if wait > 0:
            await clock.sleep(wait)
        self._last_post[lane] = clock.monotonic()

    async def _send(self, parcel: Parcel, letter: "Letter", channel: str) -> Reply:
        body = letter.body
        slack = self._world.slack
        blocks = [block.to_dict() for block in body.blocks]
        try:
            async with asyncio.timeout(POST_TIMEOUT):
                if parcel.operation is Operation.UPDATE:
                    answer = await slack.chat_update(
                        channel=channel, ts=letter.target_ts or "", text=body.text[:4000], blocks=blocks
                    )
                    return Reply(answer.status_code, True, ts=str(answer.get("ts") or letter.target_ts))
                if body.file is not None:
                    return await self._upload(body, channel, letter.thread_ts)
                answer = await slack.chat_postMessage(
                    channel=channel,
                    text=body.text,
                    blocks=blocks or None,
                    thread_ts=letter.thread_ts,
                    metadata={"event_type": EVENT_TYPE, "event_payload": {"k": letter.fingerprint}},
                    unfurl_links=False,
                    unfurl_media=False,
                )
                return Reply(answer.status_code, bool(answer.get("ok")), ts=answer.get("ts"))
        except SlackApiError as error:
            return reply_of(error)
        except (aiohttp.ClientConnectorError, aiohttp.ClientConnectorDNSError):
            return Reply(error="connect", before_sending=True)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Reply(error=type(error).__name__)

    async def _upload(self, body: Body, channel: str, thread_ts: str | None) -> Reply:
        slack = self._world.slack
        assert body.file is not None
        place = await slack.files_getUploadURLExternal(filename=body.file_name, length=len(body.file))
        async with (
            aiohttp.ClientSession(trust_env=slack.trust_env_in_session) as http,
            http.post(place["upload_url"], data=body.file) as answer,
        ):
            if answer.status != 200:
                return Reply(answer.status, error="upload")
        done = await slack.files_completeUploadExternal(
            files=[{"id": place["file_id"], "title": body.file_name}],
            channel_id=channel,
            initial_comment=body.text,
            thread_ts=thread_ts,
        )
        return Reply(done.status_code, True, ts=str(place["file_id"]))

    async def _reconcile(self, parcel: Parcel) -> bool:
        """Look in Slack's history whether an unknown post arrived; True when nothing more is to be done now."""
        letter = await self._world.database.read(partial(self._make, parcel=parcel, looking=True))
        if isinstance(letter, str) or not letter.channel or parcel.operation is Operation.UPDATE:
            return False
        since = (parcel.started_at or self._world.now()) - timedelta(seconds=120)
        try:
            found = await self._find(parcel, letter, since)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("history unreadable", key=parcel.key, error=type(error).__name__)
            await self._look_later(parcel, reply_of(error) if isinstance(error, SlackApiError) else Reply())
            return True
        if found is None:
            return False
        now = self._world.now()
        await self._world.database.write(
            lambda db: delivery.record_sent(db, parcel.id, parcel.attempt, found, letter.channel, now)
        )
        return True

    async def _look_later(self, parcel: Parcel, reply: Reply) -> None:
        """History could not be read. Only where Slack refuses it for good, a person has to look."""
        if classify(reply) is Outcome.REFUSED:
            state, reason = RowState.PARKED, "history unreadable"
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, parcel.attempt, state, reason)
            )
            return
        again = self._world.now() + max(self._quarantine, timedelta(seconds=wait_before_retry(reply, 1)))
        await self._world.database.write(lambda db: delivery.record_unseen(db, parcel.id, parcel.attempt, again))

    async def _find(self, parcel: Parcel, letter: "Letter", since: datetime) -> str | None:
        slack = self._world.slack
        bot_user = await self._world.database.read(lambda db: programme.programme(db, parcel.team))
        cursor: str | None = None
        while True:
            page: Any
            oldest = f"{since.timestamp():.6f}"
            if letter.thread_ts:
                page = await slack.conversations_replies(
                    channel=letter.channel,
                    ts=letter.thread_ts,
                    oldest=oldest,
                    include_all_metadata=True,
                    limit=15,
                    cursor=cursor,
                )
            else:
                page = await slack.conversations_history(
                    channel=letter.channel, oldest=oldest, include_all_metadata=True, limit=15, cursor=cursor
                )
            for message in page["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                ours = bot_user is not None and message.get("user") == bot_user.bot_user
                named = parcel.operation is Operation.FILE and any(
                    f.get("title") == letter.body.file_name for f in message.get("files") or []
                )
                if ours and (payload.get("k") == letter.fingerprint or named):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None


@dataclass(frozen=True)
class Letter:
    """A parcel made ready: its body, where it goes, and the mark by which it is found again."""

    body: Body
    channel: str
    thread_ts: str | None
    target_ts: str | None
    fingerprint: str


def fingerprint(settings: Programme, key: str) -> str:
    """Return the opaque mark that a post carries in its metadata; it says nothing to who does not hold the secret."""
    return hmac.new(settings.secret.encode(), key.encode(), hashlib.sha256).hexdigest()[:32]


def reply_of(error: SlackApiError) -> Reply:
    """Read what Slack said when it did not do what was asked."""
    response: Any = error.response
    if not isinstance(response, AsyncSlackResponse):  # Slack answered with something that cannot be read
        return Reply(error="unreadable")
    headers = response.headers or {}
    data = response.data if isinstance(response.data, dict) else {}
    retry_after = headers.get("Retry-After") or headers.get("retry-after")
    return Reply(response.status_code, data.get("ok"), str(data.get("error") or ""), retry_after=retry_after)
