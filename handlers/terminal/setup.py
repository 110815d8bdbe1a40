"""`oogst setup`: from nothing to a bot in a real workspace, in five steps that can be stopped and repeated."""

from __future__ import annotations

import json
import os
import time
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import typer
from dotenv import dotenv_values, set_key

from handlers.manifest import manifest, wanted_scopes
from handlers.settings import Settings, SlackSettings, app_token_problem, bot_token_problem
from handlers.terminal.doctor import examine, show
from handlers.terminal.participants import ask_programme
from handlers.terminal.screen import BAD_SETTINGS, DONE, Screen, make_screen, settings_or_stop
from handlers.terminal.workspace import (
    Identity,
    SlackRefused,
    Workspace,
    open_socket,
)
from storage import database, schema

APPS_PAGE = "https://api.slack.com/apps"
STOPPED = 130
"""The exit code of a command that the person stopped with Ctrl-C."""


@dataclass
class Progress:
    """What is done already: tokens stand in .env, and the steps in the browser leave a note of their own beside it."""

    env_file: Path
    steps_done: set[int] = field(default_factory=set)

    @property
    def _note(self) -> Path:
        return self.env_file.with_name(".oogst-setup.json")

    def load(self) -> None:
        """Read what an earlier run left."""
        try:
            self.steps_done = {int(step) for step in json.loads(self._note.read_text(encoding="utf-8"))}
        except (OSError, ValueError, TypeError):  # a missing or broken note costs one question, nothing else
            self.steps_done = set()

    def done(self, step: int) -> None:
        """Remember that a step is finished."""
        self.steps_done.add(step)
        self._note.write_text(json.dumps(sorted(self.steps_done)), encoding="utf-8")

    def finish(self) -> None:
        """Forget the note: from here on .env and the database say it all."""
        self._note.unlink(missing_ok=True)

    def value(self, name: str) -> str:
        """Return a setting that is known already, or an empty string."""
        return os.environ.get(name) or dotenv_values(self.env_file, encoding="utf-8").get(name) or ""

    def keep(self, name: str, value: str) -> None:
        """Write a setting to .env, which nobody but its owner may read."""
        self.env_file.touch(mode=0o600)
        self.env_file.chmod(0o600)
        set_key(self.env_file, name, value, quote_mode="never")


def setup(env_file: Path, *, open_pages: bool) -> int:
    """Lead the administrator through the five steps; returns 0 when the bot can start."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    try:
        schema.upgrade(settings.database)
    except database.Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return BAD_SETTINGS
    progress = Progress(env_file)
    progress.load()
    screen.say("setup.welcome")
    if progress.steps_done or progress.value("SLACK_APP_TOKEN"):
        screen.say("setup.again")
    try:
        _five_steps(settings, progress, screen, open_pages=open_pages)
    except (typer.Abort, KeyboardInterrupt):
        screen.show()
        screen.say("setup.stopped")
        return STOPPED
    except SlackRefused as refused:
        screen.complain(refused.repair(screen.words))
        screen.say("setup.stopped")
        return 1
    return DONE


def _five_steps(settings: Settings, progress: Progress, screen: Screen, *, open_pages: bool) -> None:
    _create(progress, screen, open_pages=open_pages)
    _install(progress, screen)
    opened = _app_token(settings, progress, screen)
    identity = _bot_token(settings, progress, screen)
    slack = Workspace(settings.api_url, progress.value("SLACK_BOT_TOKEN"))
    ask_programme(settings, slack, identity, screen)
    progress.finish()
    screen.show()
    show(
        examine(settings_or_stop(SlackSettings, progress.env_file, screen), screen.words, socket_opened=opened), screen
    )
    screen.show()
    screen.say("setup.ready")
    screen.say("setup.message_waits")
    screen.say("setup.after_reboot", folder=progress.env_file.resolve().parent)


# Steps 1 and 2: in Slack's own pages


def _create(progress: Progress, screen: Screen, *, open_pages: bool) -> None:
    screen.show()
    screen.say("setup.step_1")
    if 1 in progress.steps_done or progress.value("SLACK_APP_TOKEN"):
        screen.off(screen.words("setup.done_already"))
        return
    screen.say("setup.why")
    for scope in wanted_scopes():
        name = scope.replace(":", "_").replace(".", "_")
        reason = screen.words(f"setup.scope.{name}")
        screen.show(f"  {scope:<20} {reason}")
    screen.say("setup.approval")
    screen.show()
    screen.say("setup.approval_message")
    screen.show()
    packed = json.dumps(manifest(), ensure_ascii=False, separators=(",", ":"))
    page = f"{APPS_PAGE}?new_app=1&manifest_json={quote(packed)}"
    screen.wait_for_enter("setup.create_enter" if open_pages else "setup.create_address")
    if not open_pages or not webbrowser.open(page):
        screen.show(page)
    screen.wait_for_enter("setup.create_done")
    progress.done(1)


def _install(progress: Progress, screen: Screen) -> None:
    screen.show()
    screen.say("setup.step_2")
    if 2 in progress.steps_done or progress.value("SLACK_BOT_TOKEN"):
        screen.off(screen.words("setup.done_already"))
        return
    screen.wait_for_enter("setup.install_done")
    progress.done(2)


# Steps 3 and 4: the tokens, each tested by using it


def _app_token(settings: Settings, progress: Progress, screen: Screen) -> bool:
    """Get an app token that works. Returns whether it was used just now."""
    screen.show()
    screen.say("setup.step_3")
    token = progress.value("SLACK_APP_TOKEN")
    if not token:
        screen.say("setup.app_token_how")
    while True:
        token = token or screen.ask_secret("setup.app_token_ask")
        if token.startswith("xoxb-") and bot_token_problem(token) is None and not progress.value("SLACK_BOT_TOKEN"):
            progress.keep("SLACK_BOT_TOKEN", token)
            screen.warn(screen.words("setup.was_bot_token"))
        elif problem := app_token_problem(token):
            screen.complain(screen.words(f"settings.{problem}", name="SLACK_APP_TOKEN"))
        elif _socket_opens(settings, token, screen):
            progress.keep("SLACK_APP_TOKEN", token)
            screen.good(screen.words("setup.app_token_good"))
            return True
        token = ""


def _socket_opens(settings: Settings, token: str, screen: Screen) -> bool:
    for chances in (1, 0):
        try:
            open_socket(settings.api_url, token)
        except SlackRefused as refused:
            if refused.error == "ratelimited" and chances:
                screen.warn(screen.words("setup.one_moment", seconds=refused.wait))
                time.sleep(refused.wait)
                continue
            screen.complain(refused.repair(screen.words))
            return False
        return True
    return False


def _bot_token(settings: Settings, progress: Progress, screen: Screen) -> Identity:
    """Get a bot token that works and may do all that the manifest asks."""
    screen.show()
    screen.say("setup.step_4")
    token = progress.value("SLACK_BOT_TOKEN")
    if not token:
        screen.say("setup.bot_token_how")
    while True:
        token = token or screen.ask_secret("setup.bot_token_ask")
        if problem := bot_token_problem(token):
            screen.complain(screen.words(f"settings.{problem}", name="SLACK_BOT_TOKEN"))
        else:
            try:
                identity = Workspace(settings.api_url, token).identity()
            except SlackRefused as refused:
                screen.complain(refused.repair(screen.words))
            else:
                progress.keep("SLACK_BOT_TOKEN", token)
                screen.good(screen.words("setup.bot_token_good", team=identity.team_name))
                return identity
        token = ""
