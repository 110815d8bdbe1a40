"""A session with a published article, people of two regions, and a date poll about the next session."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.article import Part
from bot.followup import DatePoll
from bot.programme import Role
from bot.worksessions import WorkSession
from handlers import followup
from handlers.routing import Answer
from playground.linter import lint_view
from storage import followup as memory
from storage import programme
from tests.handlers.house import TEAM, House, wall

SESSION = wall(2021, 6, 17, 13)
PUBLISHED = wall(2021, 6, 22, 17, 10)
DATES = (
    "donderdag 16 september 2021 13.00-16.00\ndinsdag 21 september 2021 9.30-12.00\nvrijdag 1 oktober 2021 13.00-15.00"
)
DEADLINE = wall(2021, 6, 29, 17)


def people(house: House) -> tuple[str, str]:
    """Noor and Sanne in one region, Samir and Youssef in another; Ineke coordinates and belongs to none."""
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    language = house.settings.language
    for user, region in (("noor", one), ("sanne", one), ("samir", two), ("youssef", two)):
        house.person(user, region, locale=language)
    house.person("ineke", None, Role.COORDINATOR, locale=language)
    house.write(lambda db: programme.set_holidays(db, TEAM, one, "Midden"))
    return one, two


def held(house: House) -> WorkSession:
    """A session of both regions that was held and written about."""
    regions = [region.id for region in house.read(lambda db: programme.regions(db, TEAM))]
    session = house.session(SESSION, regions=regions)
    house.article(session, [[(Part.BODY, "We praten verder.")]])
    house.arrive("harvest.article")
    return session


def form(house: House, name: str, user: str, metadata: dict[str, Any], fields: dict[str, Any], key: str = "") -> Answer:
    """Hand in a form of this feature."""
    handlers = {key: handler for part in followup.PARTS for key, handler in part.FORMS.items()}
    more = {"key": key} if key else {}
    body = {"view": {"type": "modal"}}
    click = house.click("form", name, user, fields=fields, metadata=json.dumps(metadata), body=body, **more)
    return house.answer(handlers[name], click)


def press(house: House, name: str, user: str, value: str = "", argument: str = "", **more: Any) -> Answer:
    """Press a button of this feature."""
    handlers = {key: handler for part in followup.PARTS for key, handler in part.ACTIONS.items()}
    return house.answer(handlers[name], house.click("action", name, user, value, argument, **more))


def view_of(answer: Answer) -> dict[str, Any]:
    """The form that an answer shows, within Slack's limits."""
    view = dict((answer.ack or {})["view"])
    assert lint_view(view) == [], view
    return view


def metadata(view: dict[str, Any]) -> dict[str, str]:
    return dict(json.loads(view["private_metadata"]))


def texts(view: dict[str, Any]) -> str:
    from playground.linter import visible_texts

    return "\n".join(visible_texts(view["blocks"]))


def newest_form(house: House, user: str = "ineke") -> str:
    """The form that was opened last."""
    from sqlmodel import col, select

    from storage.worksessions import FormRow

    query = select(FormRow.id).where(FormRow.user_id == user).order_by(col(FormRow.id).desc())
    found = house.read(lambda db: db.exec(query).first())
    assert found is not None
    return found


def propose(
    house: House, session: WorkSession | None, typed: str = DATES, user: str = "ineke", **fields: str
) -> Answer:
    """Open the form for dates and hand it in."""
    press(house, "followup.poll", user, session.id if session else "")
    return form(house, "followup.poll", user, {"form": newest_form(house, user)}, {"typed": typed, **fields})


CHECK = {"deadline_day": "2021-06-29", "deadline": "17:00", "quorum": "1"}


def make_poll(house: House, session: WorkSession, typed: str = DATES, **changed: str) -> DatePoll:
    """Propose dates and post the poll."""
    view = view_of(propose(house, session, typed))
    form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, **changed})
    poll = house.read(lambda db: memory.polling.open_after(db, TEAM, session.id))
    assert poll is not None
    house.arrive("followup.poll")
    return poll


def poll_now(house: House, poll: DatePoll) -> DatePoll:
    found = house.read(lambda db: memory.polling.one(db, TEAM, poll.id))
    assert found is not None
    return found


def say(house: House, poll: DatePoll, user: str, *words: str) -> None:
    """Answer the dates of a poll in order; "" leaves one out."""
    for option, word in zip(poll.standing, words, strict=False):
        if word:
            press(house, "followup.vote", user, option.id, word)


def tick(house: House, at: datetime) -> None:
    house.at(at)
    house.do(followup.tick(house.world, at))
