"""The Web API: a function per method in one table, behind one door that checks tokens, scopes, rates and faults."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from playground.errors import Refused
from playground.manifest import rules
from playground.state import Json

from . import apps, chat, conversations, files, users, views

if TYPE_CHECKING:
    from playground.practice import Practice

Method = Callable[["Practice", Json], Json]
_PARTS = (apps, chat, conversations, files, users, views)
TABLE: dict[str, Method] = {name: method for part in _PARTS for name, method in part.TABLE.items()}


class Cut(Exception):
    """A scripted fault: break the connection instead of answering."""


async def call(practice: Practice, name: str, args: Json, token: str) -> tuple[int, Json, dict[str, str]]:
    """Carry out one Web API call: HTTP status, answer and headers. Raises Cut when a fault says so."""
    entry = practice.journal.note("call", name, args)
    started = practice.real()
    headers = {"x-oauth-scopes": ",".join(sorted(practice.manifest.scopes))}
    fault = practice.faults.strike(name)
    status = 200
    answer: Json = {}
    try:
        if fault and fault.delay_before:
            await asyncio.sleep(fault.delay_before)
        if fault and fault.cut:
            raise Cut
        if not fault or fault.after_store or fault.cut_after_store or not (fault.status or fault.error):
            try:
                answer = {"ok": True} | _carry_out(practice, name, args, token)
            except Refused as no:
                status, answer = no.status, {"ok": False, "error": no.error} | no.more
                if no.retry_after:
                    headers["Retry-After"] = str(no.retry_after)
        if fault and fault.delay_after:
            await asyncio.sleep(fault.delay_after)
        if fault and fault.cut_after_store:
            raise Cut
        if fault and (fault.status or fault.error):
            status, answer = fault.status or 200, {"ok": False, "error": fault.error or "internal_error"}
            if fault.retry_after:
                headers["Retry-After"] = str(fault.retry_after)
        return status, answer, headers
    except Cut:
        status, answer = 0, {"ok": False, "error": "connection cut"}
        raise
    finally:
        entry.status, entry.response, entry.ms = status, answer, (practice.real() - started) * 1000
        practice.changes.tell("journal")


def _carry_out(practice: Practice, name: str, args: Json, token: str) -> Json:
    method = TABLE.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    _allow(practice, name, args, token)
    wait = practice.rates.wait(name, str(args.get("channel") or ""), practice.real())
    if wait:
        raise Refused("ratelimited", status=429, retry_after=max(1, math.ceil(wait)))
    return method(practice, args)


def _allow(practice: Practice, name: str, args: Json, token: str) -> None:
    app, manifest = practice.workspace.app, practice.manifest
    if name == "api.test":
        return
    if not token:
        raise Refused("not_authed")
    if not app.bot_token:
        raise Refused("account_inactive")
    if token not in (app.bot_token, app.app_token):
        raise Refused("invalid_auth")
    if (name == "apps.connections.open") != (token == app.app_token):
        raise Refused("not_allowed_token_type")
    kind = "channel"
    if isinstance(rules().scopes[name], dict) and args.get("channel"):
        kind = practice.channel(args["channel"]).kind
    if lacking := manifest.missing(name, kind):
        raise Refused("missing_scope", needed=lacking, provided=",".join(sorted(manifest.scopes)))
