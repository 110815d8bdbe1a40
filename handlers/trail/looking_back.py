"""At the end of a period the coordinator asks every region to look back; who does not answer is reminded once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, Programme
from bot.trail import NO_TRAIL, Entry, Kind, Part
from bot.trail.looking_back import KINDS, REMIND_AFTER, Asked, Round, whom
from handlers.delivery import Body
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, problems_ack
from handlers.ticker import Rhythm
from handlers.trail import pages
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.trail.redrawing import follow
from handlers.views import trail_looking_back as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, nudges, programme, timetable, trail

LONGEST_TITLE = 75


async def ask_all(click: Click, world: World) -> Answer:
    """The coordinator wants to ask every region, and says about what."""

    def look(db: Session) -> View:
        here = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME)
        return views.ask_form(pages.beneath(click), here.asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def opened(click: Click, world: World) -> Answer:
    """The question leaves to the facilitators and contacts of every region."""

    def work(db: Session) -> tuple[Asker, list[Problem], list[Asked]]:
        asker = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME).asker
        kind, title = click.text("kind"), " ".join(click.text("title").split())
        if kind not in [each.value for each in KINDS]:
            raise Refused(NO_TRAIL)
        problems = [] if title else [Problem("title", "trail.problem.empty")]
        if len(title) > LONGEST_TITLE:
            values = {"most": LONGEST_TITLE, "now": len(title)}
            problems.append(Problem("title", "worksessions.problem.too_long", values))
        problems += check_texts(db, asker.settings, None, {"title": title}).problems
        asked = whom(programme.members(db, click.team), _contacts(db, click.team))
        if not asked:
            problems.append(Problem("kind", "trail.round.no_one"))
        if not problems and inbox.first(db, click.team, click.key, world.now()):
            now = world.now()
            found = Round(world.ids("rn"), click.team, Kind(kind), title, click.user, now, now + REMIND_AFTER)
            trail.open_round(db, found, asked)
            for one in asked:
                _owe(db, asker.settings, found, one, now)
        return asker, problems, asked

    asker, problems, asked = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    regions = await world.database.read(partial(programme.regions, team=click.team))
    return Answer(then=[follow(click, world), world.whisper(click, views.sent(regions, asked, asker.words))])


def _contacts(db: Session, team: str) -> dict[str, str]:
    """By user id the region that somebody is the contact of; also before they let others read so."""
    found = trail.entries(db, team, kinds=[Kind.CONTACT])
    return {entry.user(): entry.region for entry in found if entry.user() and entry.region}


def _owe(db: Session, settings: Programme, found: Round, one: Asked, now: datetime, *, again: bool = False) -> None:
    nudges.plan_nudge(
        db,
        team=found.team,
        key=f"trail.round_{'reminder' if again else 'ask'}:{found.id}:{one.user}",
        kind="trail.round_ask",
        arguments={"id": found.id, "user": one.user, "region": one.region, "again": again},
        user=one.user,
        zone=settings.timezone,
        now=now,
    )


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question with the button to the form; nothing for who left the region.

    Who answered reads where their answer stands, in the message that asked; it is not asked of them any more.
    """
    found = trail.one_round(db, settings.team, str(arguments["id"]))
    user, code = str(arguments["user"]), str(arguments["region"])
    region = programme.region(db, settings.team, code)
    if found is None or region is None:
        return None
    mine = [one for one in trail.asked_in(db, found) if one.user == user and one.region == code]
    thanks = bool(arguments.get("answered"))
    if not mine or (mine[0].answered_at is None) is thanks or not programme.member(db, settings.team, user).takes_part:
        return None
    if thanks:
        return Body(*views.thanks(found, region, words))
    return Body(*views.ask(found, region, bool(arguments.get("again")), words))


def follow_answer(db: Session, entry: Entry, now: datetime) -> None:
    """Somebody looked back, or that was set aside: the messages that asked them say where it stands, or ask again."""
    if entry.kind not in KINDS or not entry.made_at:
        return
    for found in trail.rounds(db, entry.team):
        if found.kind is not entry.kind or entry.made_at < found.opened_at:
            continue
        for one in trail.asked_in(db, found):
            if (one.user, one.region) != (entry.made_by, entry.region) or one.answer not in ("", entry.id):
                continue
            for name in ("ask", "reminder"):
                arguments = {
                    "id": found.id, "user": one.user, "region": one.region,
                    "answered": bool(one.answer), "again": name == "reminder",
                }  # fmt: skip
                delivery.plan_change(
                    db,
                    team=entry.team,
                    of=f"trail.round_{name}:{found.id}:{one.user}",
                    why=f"{'answered' if one.answer else 'waits'}:{entry.id}",
                    arguments=arguments,
                    now=now,
                )


def waiting_for(db: Session, team: str, user: str, names: Mapping[str, str], now: datetime) -> list[Waiting]:
    """Return the questions that somebody was asked and did not answer, also where no message could leave for it.

    `names` are those of the regions by id.
    """
    found = trail.waiting_of(db, team, user, now)
    return [
        Waiting(Urgency.ASKED, partial(views.waiting, one, asked.region, names[asked.region]))
        for one, asked in {one.kind: (one, asked) for one, asked in reversed(found)}.values()
        if asked.region in names
    ]


async def open_round(click: Click, world: World) -> Answer:
    """The coordinator wants to see who answered, and what."""

    def look(db: Session) -> View:
        here = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME)
        found = trail.one_round(db, click.team, click.value)
        if found is None:
            raise Refused(NO_TRAIL)
        asked = trail.asked_in(db, found)
        names = {each.user: each.name for each in programme.members(db, click.team, {one.user for one in asked})}
        regions = programme.regions(db, click.team)
        return views.answers(found, regions, asked, names, pages.beneath(click), here.asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


def on_part(
    db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime
) -> list[Callable[[Words], list[Block]]]:
    """What the coordinator sees of it on the part of the whole programme."""
    if part is not Part.PROGRAMME or not here.may(Action.SHAPE_PROGRAMME):
        return []
    found = trail.rounds(db, here.asker.member.team)
    counted = [(one, trail.asked_in(db, one)) for one in found[: views.MOST_ROUNDS]]
    return [partial(views.rounds, counted)]


async def tick(world: World, now: datetime) -> None:
    """Remind who did not answer, once."""
    for found in await world.database.read(partial(trail.to_remind, now=now)):
        if found.remind_at <= now:
            await world.write(partial(_remind, found, now))


def _remind(found: Round, now: datetime, db: Session) -> None:
    settings = programme.programme(db, found.team)
    if settings is None or not timetable.take(db, found.team, *trail.turn(found), found.remind_at, now):
        return
    for one in trail.asked_in(db, found):
        if one.answered_at is None:
            _owe(db, settings, found, one, now, again=True)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next reminder is due."""
    return min((found.remind_at for found in trail.to_remind(db, now)), default=None)


RHYTHM = Rhythm(tick, next_due)
