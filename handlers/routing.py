"""One way in for every click, form, command, shortcut and event: a dictionary per kind, one transaction, one ack.

Bolt tries its listeners one after another, so a hundred of them would cost two thirds of the throughput; six
catch-alls in `handlers/slack.py` hand everything to `Router.handle`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.problem import Refused
from handlers.field_errors import field_errors as field_errors
from handlers.field_errors import problems_ack as problems_ack
from handlers.field_errors import said_in_form
from handlers.payloads import Click as Click  # what handlers get stands beside what they give
from handlers.payloads import is_from_machine
from handlers.payloads import metadata_of as metadata_of
from handlers.views.frame import escaped, notice
from storage import audit, delivery, programme
from storage.audit import Deed
from storage.crashpoints import crashpoint

if TYPE_CHECKING:
    from handlers.world import World

log = structlog.get_logger()


@dataclass(frozen=True)
class Answer:
    """What goes back: `ack` with the acknowledgement, `then` after it."""

    ack: Mapping[str, Any] | None = None
    then: Sequence[Coroutine[Any, Any, None]] = ()


Handler = Callable[[Click, "World"], Awaitable[Answer]]
NOT_ALLOWED = "programme.refused."
"""What begins the sentence with which the table of rights refuses somebody."""
MOST_REFUSALS = 20
"""So many refusals of one person are written down an hour: enough to see it, and nobody fills the trail by pressing."""
EXPIRED = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id"})
"""What Slack says when a form is opened later than three seconds after the press."""
ANYTHING = "*"
"""The name under which a feature answers to every name of its kind that nobody else knows."""


@dataclass(frozen=True)
class Routes:
    """What one feature answers to, per kind of thing that people do.

    `closed` are forms that were closed without handing in; Slack tells only of those that ask for it. `quiet` are
    actions after which nothing looks different anywhere, such as a letter typed in a form.
    """

    actions: Mapping[str, Handler] = field(default_factory=dict)
    forms: Mapping[str, Handler] = field(default_factory=dict)
    closed: Mapping[str, Handler] = field(default_factory=dict)
    commands: Mapping[str, Handler] = field(default_factory=dict)
    shortcuts: Mapping[str, Handler] = field(default_factory=dict)
    events: Mapping[str, Sequence[Handler]] = field(default_factory=dict)
    quiet: frozenset[str] = frozenset()


class Router:
    """Finds the handler of a click, and sees to it that there is always one ack and never an unanswered failure."""

    def __init__(self, features: Sequence[Routes], unknown: Handler) -> None:
        """Join what the features answer to. Raises ValueError when two answer to the same name."""
        kinds = ("action", "form", "closed", "command", "shortcut")
        self._tables: dict[str, dict[str, Handler]] = {kind: {} for kind in kinds}
        self._quiet: frozenset[str] = frozenset().union(*(routes.quiet for routes in features))
        self._events: dict[str, list[Handler]] = {}
        self._unknown = unknown
        for routes in features:
            for kind, table in (
                ("action", routes.actions),
                ("form", routes.forms),
                ("closed", routes.closed),
                ("command", routes.commands),
                ("shortcut", routes.shortcuts),
            ):
                for name, handler in table.items():
                    if name in self._tables[kind]:
                        raise ValueError(f"two features answer to the {kind} {name}")
                    self._tables[kind][name] = handler
            for name, handlers in routes.events.items():
                self._events.setdefault(name, []).extend(handlers)

    def names(self, kind: str) -> frozenset[str]:
        """Return the names that are answered to, for the tests."""
        return frozenset(self._events if kind == "event" else self._tables[kind])

    def is_quiet(self, click: Click) -> bool:
        """Say whether nothing looks different after this click, so that there is nothing to draw anew."""
        return click.kind == "closed" or (click.kind == "action" and click.name in self._quiet)

    async def handle(
        self,
        click: Click,
        world: "World",
        ack: Callable[..., Awaitable[Any]],
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Answer one click. For an event an exception escapes, so that Slack delivers it again.

        `done` is called once the click was dealt with: that may be after this returns, where it took too long.
        """
        crashpoint("request.in")
        with world.acks.awaited():
            if await self._answer(click, world, ack, done):
                done()

    async def _answer(
        self, click: Click, world: "World", ack: Callable[..., Awaitable[Any]], done: Callable[[], None]
    ) -> bool:
        """Answer within Slack's time; False where that was too short, and the rest follows by itself."""
        if click.kind == "event":
            heard = asyncio.get_running_loop().create_task(self._hear(click, world))
            if not await _in_time(heard, world):
                world.tasks.start(_heard_late(heard, click))
                raise TimeoutError("too late for Slack, which will tell it again")
            heard.result()
            crashpoint("ack.before")
            await ack()
            return True
        table = self._tables.get(click.kind, {})
        handler = table.get(click.name) or table.get(ANYTHING, self._unknown)
        deciding = asyncio.get_running_loop().create_task(self._decide(click, world, handler))
        if not await _in_time(deciding, world):
            world.tasks.start(self._finish(deciding, click, world, done))
            log.warning("late", kind=click.kind, name=click.name)
            words = world.words[world.settings_language]  # whatever keeps the database would keep their own as well
            await (ack(said_in_form(click, words("slack.late"), words)) if click.kind == "form" else ack())
            return False
        try:
            answer = deciding.result()
        except Exception as error:  # noqa: BLE001 - the one error handler: apologise, keep what was typed, log an id
            answer = await _apology(click, world, error)
        crashpoint("ack.before")
        await ack(answer.ack) if answer.ack else await ack()
        self._run(answer, click, world)
        return True

    async def _finish(
        self, deciding: "asyncio.Task[Answer]", click: Click, world: "World", done: Callable[[], None]
    ) -> None:
        """Give somebody what they asked for after all, once it is written; in a form by showing something else in it.

        A form in which something is wrong, or whose writing failed, stays as it is: what they typed is in it.
        """
        try:
            answer = await deciding
        except Exception as error:  # noqa: BLE001 - the same error handler, later
            answer = await _apology(click, world, error)
        self._run(answer, click, world)
        if click.kind == "form" and (answer.ack or {}).get("response_action") != "errors":
            shown = (answer.ack or {}).get("view")
            if shown is None:
                words = await world.words_of(click.team, click.user)
                shown = notice(words("slack.late_done"), words).to_dict()
            await world.show(click.team, click.view_id, shown)
        done()

    async def _decide(self, click: Click, world: "World", handler: Handler) -> Answer:
        try:
            return await handler(click, world)
        except Refused as refused:
            if click.kind != "form" and not await world.knows(click):
                return Answer(then=[self._again_once_known(click, world, handler)])
            return await _refusal(click, world, refused)

    async def _hear(self, click: Click, world: "World") -> None:
        """Let everybody hear an event that ought to; what a handler refuses, it would refuse a second time too."""
        handlers = self._events.get(click.name, ())
        if not handlers:
            world.liveness.unknown[click.name] += 1
        if is_from_machine(click):
            return
        for heard in await _homes(click, world) if handlers and click.shared else [click]:
            for handler in handlers:
                try:
                    self._run(await handler(heard, world), heard, world)
                except Refused as refused:
                    log.info("event refused", name=click.name, reason=refused.key)

    async def _again_once_known(self, click: Click, world: "World", handler: Handler) -> None:
        """Somebody new: ask Slack who they are, and do once more what they asked for."""
        await world.enrol(click.team, click.user)
        try:
            answer = await handler(click, world)
        except Refused as refused:
            answer = await _refusal(click, world, refused)
        self._run(answer, click, world)

    def _run(self, answer: Answer, click: Click, world: "World") -> None:
        for work in answer.then:
            world.tasks.start(_after_the_ack(work), lambda error: _failed_later(click, world, error))


def _write_down(click: Click, now: datetime, key: str, db: Session) -> None:
    """Keep in the trail that somebody was refused something that their role does not let them do, but not endlessly."""
    if programme.programme(db, click.team) is None:
        return
    if audit.refusals(db, click.team, click.user, now - timedelta(hours=1)) < MOST_REFUSALS:
        told = {"what": key.removeprefix(NOT_ALLOWED), "by": click.kind}
        audit.record(db, click.team, Deed.REFUSED, now, actor=click.user, details=told)


async def _homes(click: Click, world: "World") -> list[Click]:
    """Return an event of a shared channel as each of our workspaces hears it that speaks there.

    Slack delivers it once, through any of them; the thread it stands in is of another one just as well.
    """

    def look(db: Session) -> list[str]:
        teams = [settings.team for settings in programme.programmes(db) if settings.team != click.team]
        return [team for team in teams if delivery.speaks_in(db, team, click.channel)]

    others = await world.database.read(look)
    return [click, *(replace(click, team=team) for team in others)]


async def _in_time(work: "asyncio.Task[Any]", world: "World") -> bool:
    """Wait for as long as Slack does; what is not done by then goes on, for it may be written already."""
    try:
        done, _ = await asyncio.wait({work}, timeout=world.ack_within)
    except asyncio.CancelledError:
        work.cancel()
        raise
    return bool(done)


async def _heard_late(heard: "asyncio.Task[None]", click: Click) -> None:
    """Slack tells it again, for it got no ack: what fails now is done then."""
    try:
        await heard
    except Exception as error:  # noqa: BLE001 - whatever it is, it was not acked
        log.warning("event failed late", name=click.name, error=type(error).__name__)


async def _after_the_ack(work: Coroutine[Any, Any, None]) -> None:
    crashpoint("ack.after")
    await work


async def _refusal(click: Click, world: "World", refused: Refused) -> Answer:
    if refused.key.startswith(NOT_ALLOWED):
        await world.database.write(partial(_write_down, click, world.now(), refused.key))
    words = await world.words_of(click.team, click.user)
    sentence = world.say(words, refused.key, refused.values)
    if click.kind == "form":
        return Answer(ack=said_in_form(click, sentence, words))
    # in a whisper the names in it are read as mrkdwn; under a field they are plain text
    safe = {name: escaped(value) if isinstance(value, str) else value for name, value in refused.values.items()}
    return Answer(then=[world.whisper(click, world.say(words, refused.key, safe))])


async def _apology(click: Click, world: "World", error: BaseException) -> Answer:
    incident = world.ids("er")
    world.tally.errors["click"] += 1
    log.error("failed", incident=incident, kind=click.kind, name=click.name, error=type(error).__name__, exc_info=error)
    words = world.words[world.settings_language]
    sentence = words("slack.failed", incident=incident)
    if click.kind == "form":
        return Answer(ack=said_in_form(click, sentence, words))
    return Answer(then=[world.whisper(click, sentence)])


async def _failed_later(click: Click, world: "World", error: BaseException) -> None:
    incident = world.ids("er")
    world.tally.errors["after_ack"] += 1
    log.error(
        "failed after the ack",
        incident=incident,
        kind=click.kind,
        name=click.name,
        error=type(error).__name__,
        exc_info=error,
    )
    if isinstance(error, SlackApiError) and error.response.get("error") in EXPIRED:
        await world.ask_again(click)
