"""auth.test, apps.connections.open and other methods about the app itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playground.errors import Refused
from playground.linter import Problem, lint_blocks, lint_message, lint_view
from playground.state import Json

if TYPE_CHECKING:
    from playground.practice import Practice


def api_test(practice: Practice, args: Json) -> Json:
    """Say that the server is there."""
    return {"args": args}


def auth_test(practice: Practice, args: Json) -> Json:
    """Say whose token this is."""
    workspace = practice.workspace
    return {
        "url": f"{practice.base}/",
        "team": workspace.team.name,
        "team_id": workspace.team.id,
        "user": workspace.people[workspace.app.bot_user].name,
        "user_id": workspace.app.bot_user,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(practice: Practice, args: Json) -> Json:
    """Hand out the address of a WebSocket."""
    if not practice.manifest.socket_mode:
        raise Refused("socket_mode_not_enabled")
    ticket = practice.workspace.next_id("ticket-")
    return {
        "url": f"{practice.base.replace('http', 'ws', 1)}/_socket?ticket={ticket}&app_id={practice.workspace.app.id}"
    }


def team_info(practice: Practice, args: Json) -> Json:
    """Tell about the workspace."""
    team = practice.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def bots_info(practice: Practice, args: Json) -> Json:
    """Tell about a bot, which can only be this app's."""
    app = practice.workspace.app
    if args.get("bot") not in (None, app.bot_id):
        raise Refused("bot_not_found")
    return {"bot": {"id": app.bot_id, "deleted": False, "name": app.name, "app_id": app.id, "user_id": app.bot_user}}


def blocks_validate(practice: Practice, args: Json) -> Json:
    """Judge blocks, a message or a view by the linter; exactly one of them."""
    judges: dict[str, Callable[[Any], list[Problem]]] = {
        "blocks": lint_blocks,
        "message": lint_message,
        "view": lint_view,
    }
    given = [name for name in judges if args.get(name) is not None]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    problems = judges[given[0]](args[given[0]])
    if problems:
        errors = [
            {
                "pointer": problem.pointer,
                "code": "failed_constraint",
                "message": problem.message,
                "constraint": {"type": problem.code},
            }
            for problem in problems
        ]
        raise Refused(f"invalid_{given[0]}", errors=errors)
    return {}


TABLE = {
    "api.test": api_test,
    "apps.connections.open": connections_open,
    "auth.test": auth_test,
    "blocks.validate": blocks_validate,
    "bots.info": bots_info,
    "team.info": team_info,
}
