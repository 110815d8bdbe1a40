"""Whether Slack lets the bot in: its two tokens, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.manifest import wanted_scopes
from handlers.settings import SlackSettings
from handlers.terminal.doctor.findings import GOOD, WARNING, WRONG, Finding
from handlers.terminal.workspace import Identity, SlackRefused, open_socket
from handlers.words import Words


def app_token(settings: SlackSettings, words: Words, *, socket_opened: bool) -> Finding:
    """Say whether the app token opens a line to Slack; `socket_opened`: it did a moment ago."""
    good = Finding("app_token", GOOD, words("doctor.app_token_good"))
    if socket_opened:
        return good
    try:
        open_socket(settings.api_url, settings.app_token.get_secret_value())
    except SlackRefused as refused:
        if refused.error == "ratelimited":
            return Finding("app_token", WARNING, words("doctor.app_token_busy"))
        return Finding("app_token", WRONG, words("doctor.app_token_bad", repair=refused.repair(words)))
    return good


def scopes(identity: Identity, words: Words) -> Iterator[Finding]:
    """Compare what was granted with what the manifest asks for."""
    wanted = wanted_scopes()
    missing = [scope for scope in wanted if scope not in identity.scopes]
    more = sorted(identity.scopes - set(wanted))
    if missing:
        yield Finding("scopes", WRONG, words("doctor.scopes_missing", scopes=", ".join(missing)))
    else:
        yield Finding("scopes", GOOD, words("doctor.scopes_good", granted=len(wanted), wanted=len(wanted)))
    if more:
        yield Finding("scopes", WARNING, words("doctor.scopes_more", scopes=", ".join(more)))
