"""`oogst doctor`: tests everything by using it, and names the exact repair. It never shows a token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.calendar import school_holidays_known_until
from bot.writing import Failure
from handlers.clock import SystemClock
from handlers.ids import chance
from handlers.settings import Settings, SlackSettings, WrongSettings, load_settings
from handlers.terminal.doctor.connection import app_token, scopes
from handlers.terminal.doctor.findings import GOOD, OFF, SIGNS, WARNING, WRONG, Finding
from handlers.terminal.doctor.memory import remembered
from handlers.terminal.moment import now
from handlers.terminal.screen import CROSS, DONE, Screen, make_screen
from handlers.terminal.workspace import Identity, SlackRefused, Workspace
from handlers.words import Words
from prompts.asking import ModelFailed

__all__ = [
    "GOOD",
    "OFF",
    "WARNING",
    "WRONG",
    "Finding",
    "doctor",
    "examine",
    "examine_model",
    "school_holidays",
    "show",
]

CLOCK_TOLERANCE = 60
"""Seconds that this computer may differ from Slack before posts at the hour come noticeably late."""
HOLIDAYS_AHEAD = timedelta(days=366)


def doctor(env_file: Path, *, as_json: bool) -> int:
    """Show what is right and what is not; returns 1 when something is wrong, else 0."""
    screen = make_screen(env_file)
    words = screen.words
    try:
        settings = load_settings(SlackSettings, env_file)
    except WrongSettings as wrong:
        findings = [Finding("settings", WRONG, problem) for problem in wrong.problems]
        findings.append(Finding("rest", OFF, words("doctor.not_tested", parts=words("doctor.parts"))))
    else:
        right = words("doctor.settings_good", file=env_file.resolve() if env_file.exists() else "env")
        findings = [Finding("settings", GOOD, right), *examine(settings, words)]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))  # noqa: T201 - for programs
    else:
        show(findings, screen)
    return CROSS if any(finding.state == WRONG for finding in findings) else DONE


def show(findings: list[Finding], screen: Screen) -> None:
    """Show findings as a list for people."""
    for finding in findings:
        screen.sign(SIGNS[finding.state], finding.text)


def examine(settings: SlackSettings, words: Words, *, socket_opened: bool = False) -> list[Finding]:
    """Check everything that right settings make checkable.

    `socket_opened`: the app token was used a moment ago; Slack allows that about once a minute, so it is not repeated.
    """
    slack = Workspace(settings.api_url, settings.bot_token.get_secret_value())
    findings: list[Finding] = []
    identity: Identity | None = None
    try:
        identity = slack.identity()
        good = words("doctor.bot_token_good", team=identity.team_name, handle=identity.handle)
        findings.append(Finding("bot_token", GOOD, good))
    except SlackRefused as refused:
        bad = words("doctor.bot_token_bad", repair=refused.repair(words))
        findings.append(Finding("bot_token", WRONG, bad))
    findings.append(app_token(settings, words, socket_opened=socket_opened))
    if identity is not None:
        findings += scopes(identity, words)
    moment = _moment(settings)
    local = words.in_zone(settings.zone)
    findings += remembered(settings, local, slack, identity, moment)
    findings.append(examine_model(settings, words))
    findings += _clock(settings, local, identity, moment)
    return findings


def examine_model(settings: Settings, words: Words) -> Finding:
    """Say whether the language model answers: it is asked for one fixed word, with nobody's text in it."""
    if settings.llm_mode == "none":
        return Finding("model", OFF, words("doctor.model_none"))
    said = {"mode": settings.llm_mode, "model": settings.llm_model or ""}
    try:
        asyncio.run(_probe(settings))
    except ModelFailed as failed:
        if failed.reason is Failure.NOT_ALLOWED:
            return Finding("model", WRONG, words("run.model_leads_outside"))
        return Finding("model", WARNING, words("doctor.model_fails", **said, reason=failed.reason.value))
    return Finding("model", GOOD, words("doctor.model_good", **said))


async def _probe(settings: Settings) -> None:
    model = settings.model(SystemClock(), chance)
    try:
        await model.probe()
    finally:
        await model.aclose()


def _moment(settings: SlackSettings) -> datetime | None:
    try:
        return now(settings)
    except (aiohttp.ClientError, TimeoutError):
        return None


def _clock(
    settings: SlackSettings, words: Words, identity: Identity | None, moment: datetime | None
) -> Iterator[Finding]:
    if moment is None:
        yield Finding("clock", WRONG, words("doctor.clock_unreachable", url=settings.clock_url or ""))
        return
    said = {"moment": words.moment(moment), "zone": settings.timezone}
    off = abs((moment - identity.slack_time).total_seconds()) if identity and identity.slack_time else 0
    if settings.clock_url:
        yield Finding("clock", GOOD, words("doctor.clock_practice", **said))
    elif off > CLOCK_TOLERANCE:
        yield Finding("clock", WARNING, words("doctor.clock_off", seconds=round(off)))
    else:
        yield Finding("clock", GOOD, words("doctor.clock_good", **said))
    yield school_holidays(moment.astimezone(words.zone).date(), school_holidays_known_until(), words)


def school_holidays(today: date, known_until: date, words: Words) -> Finding:
    """Warn a year ahead that the school holidays run out: dates are planned that far, and nothing would be said."""
    if known_until - today > HOLIDAYS_AHEAD:
        return Finding("holidays", GOOD, words("doctor.holidays_good", day=words.date(known_until)))
    return Finding("holidays", WARNING, words("doctor.holidays_end", day=words.date(known_until)))
