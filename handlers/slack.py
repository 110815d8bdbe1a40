"""Slack's door: a handful of listeners that hand everything to the router."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.problem import Refused
from handlers import (
    attachments,
    checking,
    digest,
    followup,
    harvest,
    home,
    impressions,
    inbox,
    installing,
    introductions,
    memory,
    nudges,
    personal,
    practice,
    programme,
    promises,
    prompting,
    proposals,
    selection,
    theme_harvest,
    themes,
    trail,
    worksessions,
    writing,
)
from handlers.delivery import Render, notices
from handlers.harvest import telling as article_telling
from handlers.payloads import read_command, read_event, read_interaction
from handlers.routing import Answer, Click, Router
from handlers.sound import sound
from handlers.theme_harvest import telling as theme_telling
from handlers.ticker import Rhythm
from handlers.trail import reporting
from handlers.world import World

FEATURES = (
    programme,
    promises,
    worksessions,
    proposals,
    selection,
    impressions,
    attachments,
    harvest,
    prompting,
    followup,
    writing,
    introductions,
    digest,
    themes,
    theme_harvest,
    trail,
    nudges,
    memory,
    personal,
    home,
    practice,
    installing,
    inbox,
    checking,
    notices,
)


async def unknown(click: Click, world: World) -> Answer:
    """Answer what no feature knows: a button of long ago, or one that somebody made up."""
    raise Refused("slack.unknown")


def router() -> Router:
    """Join what the features answer to. Raises ValueError when two answer to one name."""
    return Router([feature.ROUTES for feature in FEATURES], unknown)


def kinds(template: Path | None = None) -> dict[str, Render]:
    """Return how each kind of message is made; Word files from the organisation's own template, if it has one."""
    joined: dict[str, Render] = {}
    for feature in FEATURES:
        for kind, render in feature.MESSAGES.items():
            if kind in joined:
                raise ValueError(f"two features make the message {kind}")
            joined[kind] = render
    if template is not None:
        look = template.read_bytes()
        joined["harvest.file"] = partial(article_telling.file, template=look)
        joined["theme_harvest.file"] = partial(theme_telling.file, template=look)
        joined["trail.report_file"] = partial(reporting.file, template=look)
    return joined


def rhythms() -> list[Rhythm]:
    """Return what each feature does with time."""
    return [feature.RHYTHM for feature in FEATURES if hasattr(feature, "RHYTHM")]


def make_app(
    client: AsyncWebClient,
    routes: Router,
    world: World,
    authorize: Callable[[str | None], Awaitable[AuthorizeResult | None]],
    gone: str,
) -> AsyncApp:
    """Return the Bolt app. Its ack leaves when a listener returns, after the commit and before any call to Slack.

    `authorize` says as whom we hear what comes of a workspace; `gone` is read by who clicks where we are not installed.
    Nothing is left to Bolt's own settings: the environment would change them. Who may come in is checked at the door.
    The Home of whoever clicks in it, or in a form above it, is drawn anew by that; not by what they type.
    """

    async def authorized(team_id: str | None) -> AuthorizeResult | None:
        return await authorize(team_id)

    app = AsyncApp(
        client=client,
        authorize=authorized,  # type: ignore[arg-type]  # Bolt takes None for "not installed", its type does not say so
        process_before_response=True,
        user_facing_authorize_error_message=gone,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    anything = re.compile("")

    def listener(read: Callable[[Mapping[str, Any]], Click]) -> Callable[..., Awaitable[None]]:
        async def listen(body: Mapping[str, Any], ack: Callable[..., Awaitable[Any]]) -> None:
            began = world.clock.monotonic()
            click = read(sound(body))
            answered = False

            def draw() -> None:
                if click.view_id and not routes.is_quiet(click):
                    world.tasks.start(home.follow(world, click))

            try:
                await routes.handle(click, world, ack, draw)
                answered = True
            finally:
                world.tally.acks[click.kind, answered] += 1
                world.tally.ack_seconds.add(world.clock.monotonic() - began)

        return listen

    app.action(anything)(listener(read_interaction))
    app.view(anything)(listener(read_interaction))
    app.view_closed(anything)(listener(read_interaction))
    app.shortcut(anything)(listener(read_interaction))
    app.command(anything)(listener(read_command))
    app.event(anything)(listener(read_event))
    return app
