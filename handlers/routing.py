"""One way in for every click, form, command, shortcut and event: a dictionary per kind, one transaction, one ack.

Bolt tries its listeners one after another, so a hundred of them would cost two thirds of the throughput; six
catch-alls in `handlers/slack.py` hand everything to `Router.handle`.
"""

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from bot.problem import Problem, Refused
from handlers.views.frame import escaped

if TYPE_CHECKING:
    from handlers.world import World

log = structlog.get_logger()


@dataclass(frozen=True)
class Click:
    """What somebody did, read from a payload. Only `team` and `user` may be believed; ids in `value` are looked up."""

    kind: str
    name: str
    team: str
    user: str
    key: str
    argument: str = ""
    value: str = ""
    channel: str = ""
    ts: str = ""
    thread_ts: str = ""
    trigger: str = ""
    response_url: str = ""
    view_id: str = ""
    metadata: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed or chosen in a field of the form; empty when nothing was."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""

    @property
    def in_form(self) -> bool:
        """Whether it was done in a form that is open: another one goes on top of it."""
        return (self.body.get("view") or {}).get("type") == "modal"

    def many(self, name: str) -> tuple[str, ...]:
        """Return what was chosen in a field that takes several."""
        found = self.fields.get(name)
        return tuple(str(item) for item in found) if isinstance(found, (list, tuple)) else ()


@dataclass(frozen=True)
class Answer:
    """What goes back: `ack` with the acknowledgement, `then` after it."""

    ack: Mapping[str, Any] | None = None
    then: Sequence[Coroutine[Any, Any, None]] = ()


Handler = Callable[[Click, "World"], Awaitable[Answer]]
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

    async def handle(self, click: Click, world: "World", ack: Callable[..., Awaitable[Any]]) -> None:
        """Answer one click. For an event an exception escapes, so that Slack delivers it again."""
        world.handling += 1
        try:
            await self._answer(click, world, ack)
        finally:
            world.handling -= 1

    async def _answer(self, click: Click, world: "World", ack: Callable[..., Awaitable[Any]]) -> None:
        if click.kind == "event":
            for handler in self._events.get(click.name, ()):
                self._run(await handler(click, world), click, world)
            await ack()
            return
        table = self._tables.get(click.kind, {})
        handler = table.get(click.name) or table.get(ANYTHING, self._unknown)
        try:
            answer = await handler(click, world)
        except Refused as refused:
            if click.kind != "form" and not await world.knows(click):
                answer = Answer(then=[self._again_once_known(click, world, handler)])
            else:
                answer = await _refusal(click, world, refused)
        except Exception as error:  # noqa: BLE001 - the one error handler: apologise, keep what was typed, log an id
            answer = await _apology(click, world, error)
        await ack(answer.ack) if answer.ack else await ack()
        self._run(answer, click, world)

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
            world.tasks.start(work, lambda error: _failed_later(click, world, error))


async def _refusal(click: Click, world: "World", refused: Refused) -> Answer:
    words = await world.words_of(click.team, click.user)
    sentence = world.say(words, refused.key, refused.values)
    if click.kind == "form":
        return Answer(ack=field_errors(click, {"": sentence}))
    # in a whisper the names in it are read as mrkdwn; under a field they are plain text
    safe = {name: escaped(value) if isinstance(value, str) else value for name, value in refused.values.items()}
    return Answer(then=[world.whisper(click, world.say(words, refused.key, safe))])


async def _apology(click: Click, world: "World", error: BaseException) -> Answer:
    incident = world.ids("er")
    log.error("failed", incident=incident, kind=click.kind, name=click.name, error=type(error).__name__, exc_info=error)
    words = world.words[world.settings_language]
    sentence = words("slack.failed", incident=incident)
    if click.kind == "form":
        return Answer(ack=field_errors(click, {"": sentence}))
    return Answer(then=[world.whisper(click, sentence)])


async def _failed_later(click: Click, world: "World", error: BaseException) -> None:
    incident = world.ids("er")
    log.error(
        "failed after the ack",
        incident=incident,
        kind=click.kind,
        name=click.name,
        error=type(error).__name__,
        exc_info=error,
    )


def field_errors(click: Click, errors: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the ack that keeps a form open, with a sentence under each field; "" stands for the first."""
    blocks = list(click.fields) or ["form"]
    placed = {(name if name in click.fields else blocks[0]): sentence for name, sentence in errors.items()}
    return {"response_action": "errors", "errors": placed}


def problems_ack(click: Click, world: "World", words: Any, problems: Sequence[Problem]) -> Mapping[str, Any]:
    """Return the ack that shows every problem under its own field, several of one field one after another."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.field, []).append(world.say(words, problem.key, problem.values))
    return field_errors(click, {name: " ".join(sentences) for name, sentences in said.items()})


def read_fields(state: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten a form's state: block id to text, or to a list for what takes several."""
    found: dict[str, Any] = {}
    for block_id, elements in state.items():
        for element in elements.values():
            found[block_id] = _value(element)
    return found


def _value(element: Mapping[str, Any]) -> Any:
    for name in (
        "value",
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_conversation",
        "selected_channel",
    ):
        if element.get(name) is not None:
            return str(element[name])
    if element.get("selected_option"):
        return str(element["selected_option"].get("value", ""))
    for name in ("selected_users", "selected_conversations", "selected_channels"):
        if element.get(name) is not None:
            return [str(item) for item in element[name]]
    if element.get("selected_options") is not None:
        return [str(option.get("value", "")) for option in element["selected_options"]]
    return ""


def read_interaction(body: Mapping[str, Any]) -> Click:
    """Read a button, form or shortcut payload."""
    kind = str(body.get("type"))
    user = body.get("user") or {}
    team = str((body.get("team") or {}).get("id") or user.get("team_id") or "")
    view = body.get("view") or {}
    common: dict[str, Any] = {
        "team": team,
        "user": str(user.get("id", "")),
        "trigger": str(body.get("trigger_id", "")),
        "body": body,
    }
    if kind == "block_actions":
        action = body["actions"][0]
        message = body.get("message") or {}
        container = body.get("container") or {}
        name, _, argument = str(action.get("action_id", "")).partition(":")
        ts = str(message.get("ts") or container.get("message_ts") or "")
        place = ts or str(view.get("id", ""))
        return Click(
            "action",
            name,
            argument=argument,
            value=str(_value(action) or ""),
            channel=str((body.get("channel") or {}).get("id", "")),
            ts=ts,
            thread_ts=str(message.get("thread_ts", "")),
            response_url=str(body.get("response_url") or ""),
            view_id=str(view.get("id", "")),
            metadata=str(view.get("private_metadata", "")),
            fields=read_fields((view.get("state") or {}).get("values") or {}),
            key=f"a:{common['user']}:{place}:{action.get('action_ts', '')}:{action.get('action_id', '')}",
            **common,
        )
    if kind in ("view_submission", "view_closed"):
        return Click(
            "form" if kind == "view_submission" else "closed",
            str(view.get("callback_id", "")),
            metadata=str(view.get("private_metadata", "")),
            view_id=str(view.get("id", "")),
            fields=read_fields((view.get("state") or {}).get("values") or {}),
            key=f"v:{view.get('id', '')}:{view.get('hash', '')}",
            **common,
        )
    message = body.get("message") or {}
    return Click(
        "shortcut",
        str(body.get("callback_id", "")),
        channel=str((body.get("channel") or {}).get("id", "")),
        ts=str(message.get("ts", "")),
        thread_ts=str(message.get("thread_ts", "")),
        response_url=str(body.get("response_url") or ""),
        key=f"s:{common['user']}:{body.get('action_ts', '')}",
        **common,
    )


def read_command(body: Mapping[str, Any]) -> Click:
    """Read a slash command: its first word is the name, the rest the value."""
    text = str(body.get("text") or "").strip()
    name, _, rest = text.partition(" ")
    return Click(
        "command",
        name.casefold(),
        team=str(body.get("team_id", "")),
        user=str(body.get("user_id", "")),
        value=rest.strip(),
        channel=str(body.get("channel_id", "")),
        trigger=str(body.get("trigger_id", "")),
        response_url=str(body.get("response_url") or ""),
        key=f"c:{body.get('user_id', '')}:{body.get('trigger_id', '')}",
        body=body,
    )


def read_event(body: Mapping[str, Any]) -> Click:
    """Read an event; messages are told apart by subtype (`message`, `message_changed`, `message_deleted`)."""
    event = body.get("event") or {}
    kind = str(event.get("type", ""))
    subtype = str(event.get("subtype") or "")
    name = subtype if kind == "message" and subtype in ("message_changed", "message_deleted") else kind
    user = event.get("user")
    return Click(
        "event",
        name,
        team=str(body.get("team_id", "")),
        user=str(user.get("id", "") if isinstance(user, Mapping) else user or ""),
        key=f"e:{body.get('event_id', '')}",
        channel=str(event.get("channel") or ""),
        ts=str(event.get("ts") or ""),
        thread_ts=str(event.get("thread_ts") or ""),
        body=event,
    )


def metadata_of(click: Click) -> dict[str, str]:
    """Read what a form carries along: names to ids. What it says is looked up before it is believed."""
    try:
        found = json.loads(click.metadata or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
