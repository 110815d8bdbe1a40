"""The work sessions of an assignment: planned from its window, named where people are invited, and shown with it.

The forms are those of every session, poll and series. They take the place of the assignment's window, for Slack piles
no more than three, and give the place back when they are done. Only who may make sessions can begin one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.followup import DatePoll, PollState, SeriesState, next_meeting
from bot.problem import Refused
from bot.programme import Action, Programme, Region, allow
from bot.trail import NO_TRAIL, Entry, Kind, State
from bot.trail.follow_ups import Tied, Via, course, named, topics
from bot.worksessions import TITLE_LENGTH, WorkSession
from handlers.routing import Answer, Click
from handlers.trail import pages
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import follow
from handlers.trail.tying import covered
from handlers.views import trail_follow_ups as views
from handlers.views.frame import cut
from handlers.views.trail_beside import Draw
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, followup, harvest, impressions, programme, promises, trail, worksessions
from storage.trail import follow_ups

KEPT = ("assignment", "below", "known", "regions")
"""What a form that is opened for an assignment keeps of it."""
BEGINS = (Action.MAKE_WORK_SESSION, Action.RUN_DATE_POLL, Action.SET_SERIES)


@dataclass(frozen=True)
class Begun:
    """A form that somebody opens for an assignment: who, for which, of which region, and after which session."""

    asker: Asker
    entry: Entry
    region: Region | None
    previous: WorkSession | None

    @property
    def title(self) -> str:
        """What the session is called unless somebody gives it another name."""
        return cut(" ".join(self.entry.title.split()), TITLE_LENGTH)

    @property
    def channel(self) -> str:
        """Where its people are: the channel of the region, "" where it has none."""
        return (self.region.channel or "") if self.region else ""

    @property
    def regions(self) -> tuple[str, ...]:
        """Who takes part: the region of the assignment, or everybody."""
        return (self.region.id,) if self.region else ()


# From the window of an assignment


def begin(db: Session, world: World, click: Click, entry_id: str, action: Action) -> Begun:
    """Let who may plan sessions for an assignment pass, at the first press and again at every step. Raises Refused."""
    allow(world.asker(db, click).member, action)
    here, entry = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL)
    here.allow(Action.KEEP_TRAIL, entry)
    if entry.kind is not Kind.ASSIGNMENT or not entry.stands:
        raise Refused(NO_TRAIL)
    held = course(_sessions(db, entry.team, follow_ups.of_entry(db, entry.team, entry.id)), world.now()).held
    return Begun(here.asker, entry, here.region, held[0] if held else None)


def kept(db: Session, click: Click, begun: Begun) -> dict[str, Any]:
    """Return what a form that is filled in keeps of it: the assignment, and what there was when it was opened."""
    tied = follow_ups.of_entry(db, click.team, begun.entry.id)
    return {
        "assignment": begun.entry.id,
        "below": pages.beneath(click) if click.in_form else "",
        "known": [each.thing for each in tied],
        "regions": list(begun.regions),
    }


def begun_in(db: Session, world: World, click: Click, data: Mapping[str, Any], action: Action) -> Begun | None:
    """Return for which assignment a form was opened, if for any. Raises Refused when it is gone since."""
    entry_id = str(data.get("assignment") or "")
    return begin(db, world, click, entry_id, action) if entry_id else None


def tie(db: Session, world: World, click: Click, data: Mapping[str, Any], via: Via, thing: str) -> str:
    """Let what was just made belong to the assignment for which its form was opened; returns that one's id or "".

    Raises Refused when somebody else made one of the same kind while the form was open.
    """
    action = dict(zip((Via.SESSION, Via.POLL, Via.SERIES), BEGINS, strict=True))[via]
    begun = begun_in(db, world, click, data, action)
    if begun is None:
        return ""
    fresh = [each for each in follow_ups.of_entry(db, click.team, begun.entry.id) if each.thing not in data["known"]]
    if any(each.via is via for each in fresh):
        raise Refused("trail.follow_up_meanwhile")
    follow_ups.tie(db, click.team, begun.entry.id, via, thing, click.user, world.now())
    return begun.entry.id


def placed(db: Session, team: str, view: View, data: Mapping[str, Any], words: Words) -> View:
    """Return a step of a form as it stands in the place of an assignment's window; another form as it is."""
    entry = trail.one(db, team, str(data.get("assignment") or "")) if data.get("assignment") else None
    return views.placed(view, entry, str(data.get("below") or ""), words) if entry else view


async def back(click: Click, world: World, entry_id: str) -> Answer:
    """A form is done: the window of the assignment takes its place again, with what is true now."""
    try:
        view = await world.database.read(partial(pages.entry, world, click, entry_id, 0, False))
    except Refused:  # it was set aside this very moment: what was made stands, and no form may say that it failed
        return Answer(ack={"response_action": "clear"})
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=[follow(click, world)])


def themes_of(db: Session, team: str, entry_id: str) -> Sequence[str]:
    """Return what a session for this assignment can be about; nothing without one."""
    entry = trail.one(db, team, entry_id) if entry_id else None
    if entry is None or not entry.stands:
        return ()
    spoken = {each.point.id for each in covered(db, team, [entry.region]) if not each.silent} if entry.region else set()
    return topics(entry, spoken)


# Where people are invited


def title_for(db: Session, team: str, via: Via, thing: str) -> str:
    """Return what a session is called that comes from a poll for an assignment, "" where it is for none."""
    entry = _of(db, team, via, thing)
    return cut(" ".join(entry.title.split()), TITLE_LENGTH) if entry else ""


def told(
    db: Session, settings: Programme, via: Via, thing: str, channel: str | None, words: Words, title: str = ""
) -> list[Block]:
    """Return for which assignment this is, with its members by name; `channel` None is a message to a coordinator.

    Nothing where `title` says it already and nobody is to be named.

    What a region did not share is named in its own channel only.
    """
    entry = _of(db, settings.team, via, thing)
    if entry is None:
        return []
    region = programme.region(db, settings.team, entry.region) if entry.region else None
    if channel is not None and region and entry.state is not State.SHARED and channel != region.channel:
        return []
    here = {each.user for each in programme.members(db, settings.team, named(entry)) if each.takes_part}
    users = [user for user in named(entry) if user in here]
    return [views.told(entry, users, words)] if users or title != entry.title else []


def expected(db: Session, team: str, via: Via, thing: str) -> tuple[str, ...]:
    """Return who has a role in the assignment that something is for (user ids): they are asked, of whatever region."""
    entry = _of(db, team, via, thing)
    return named(entry) if entry else ()


def _of(db: Session, team: str, via: Via, thing: str) -> Entry | None:
    entry_id = follow_ups.entry_of(db, team, via, thing)
    entry = trail.one(db, team, entry_id) if entry_id else None
    return entry if entry is not None and entry.stands else None


# On the page of the assignment


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On an assignment its next date, the poll or series for it, earlier sessions and what came of them."""
    if entry.kind is not Kind.ASSIGNMENT or not entry.stands:
        return []
    team = entry.team
    tied = follow_ups.of_entry(db, team, entry.id)
    found = course(_sessions(db, team, tied), now)
    polls = [poll for each in tied if each.via is Via.POLL and (poll := followup.polling.one(db, team, each.thing))]
    series = [one for each in tied if each.via is Via.SERIES and (one := followup.series.one(db, team, each.thing))]
    keeps = here.may(Action.KEEP_TRAIL, entry)
    shown = views.Shown(
        course=found,
        links={one.id: _link(db, team, one) for one in (*found.coming, *found.held[: views.MOST])},
        came={one.id: _came(db, team, one) for one in found.held[: views.MOST]},
        polls=[(poll, _at(db, team, f"followup.poll:{poll.id}")) for poll in polls if _is_open(poll)],
        series=[one for one in series if one.state is SeriesState.RUNNING and next_meeting(one, now)],
        plans=keeps and here.may(Action.MAKE_WORK_SESSION),
        keeps=keeps,
        asks=[each.user for each in programme.coordinators(db, team) if each.takes_part] if keeps else [],
    )
    return [partial(views.course_of, entry, shown)]


def soon(db: Session, entry: Entry, now: datetime) -> WorkSession | None:
    """Return the next session of an assignment, for the head of its window."""
    if entry.kind is not Kind.ASSIGNMENT or not entry.stands:
        return None
    coming = course(_sessions(db, entry.team, follow_ups.of_entry(db, entry.team, entry.id)), now).coming
    return coming[0] if coming else None


def _sessions(db: Session, team: str, tied: Sequence[Tied]) -> list[WorkSession]:
    ids = [each.thing for each in tied if each.via is Via.SESSION]
    return [session for session in worksessions.several(db, team, ids) if not session.is_practice]


def _is_open(poll: DatePoll) -> bool:
    return poll.state in (PollState.RUNNING, PollState.ENDED)


def _link(db: Session, team: str, session: WorkSession) -> str:
    """Where a session can be read about: its article, else its invitation or its card; "" before one arrived."""
    article = harvest.of_session(db, team, session.id)
    keys = [f"harvest.article:{article.id}"] if article else []
    keys += [f"followup.invitation:{session.id}", f"selection.card:{session.id}"]
    return next((link for key in keys if (link := _at(db, team, key))), "")


def _at(db: Session, team: str, key: str) -> str:
    at = delivery.sent(db, team, key)
    return delivery.link(*at) if at else ""


def _came(db: Session, team: str, session: WorkSession) -> views.Came:
    """Whether the article of a session is published, of how many impressions, and how many promises were made."""
    if harvest.state_of(db, team, session.id) != "published":
        return views.Came()
    notes = sum(note.withdrawn_at is None for note in impressions.of_session(db, team, session.id))
    made = [each for each in promises.of_session(db, team, session.id) if each.is_public]
    return views.Came(True, notes, len(made))
