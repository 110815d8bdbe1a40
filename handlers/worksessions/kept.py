"""The form of a work session as it is kept between its steps, so that a restart loses nothing."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from bot.worksessions import Plan
from handlers.routing import Click
from handlers.world import Asker, World
from storage import worksessions


def kept_form(click: Click, world: World, db: Session, form_id: str) -> tuple[Asker, dict[str, Any]]:
    """Return who fills the form in, and what it keeps. Raises Refused once it is gone, or for who may not."""
    asker = world.asker(db, click)
    allow(asker.member, Action.MAKE_WORK_SESSION)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None:
        raise Refused("worksessions.form_gone")
    return asker, data


def packed(checked: Plan) -> Mapping[str, Any]:
    """Return a plan as it is kept."""
    return {**asdict(checked), "starts_at": checked.starts_at.isoformat(), "ends_at": checked.ends_at.isoformat()}


def plan_of(data: Mapping[str, Any]) -> Plan:
    """Return the plan that is kept. Raises Refused where the first step was not taken."""
    if "plan" not in data:
        raise Refused("worksessions.form_gone")
    found = Plan(**{**data["plan"], "regions": tuple(data["plan"]["regions"])})
    return replace(
        found,
        starts_at=datetime.fromisoformat(str(found.starts_at)),
        ends_at=datetime.fromisoformat(str(found.ends_at)),
    )
