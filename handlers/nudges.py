"""Quiet: somebody's own pause from messages that they did not ask for, until a day; it ends by itself."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.calendar import at_clock
from bot.dates import Choices, Understood, read_date
from bot.nudges import OFF, PAUSE, read_pause
from bot.problem import Refused
from bot.programme import Action, allow
from handlers.delivery import Render
from handlers.routing import Answer, Click, Routes
from handlers.views import nudges as views
from handlers.world import Asker, World
from storage import inbox, nudges


async def quiet(click: Click, world: World) -> Answer:
    """`/oogst stil tot maandag`: no reminders until then, said back in full; "uit" ends it."""
    phrase, including = read_pause(click.value)
    if phrase.casefold() in OFF:
        return await resume(click, world)

    def save(db: Session) -> tuple[Asker, datetime | tuple[date, ...]]:
        asker = world.asker(db, click)
        now, zone = world.now(), asker.settings.timezone
        read = tuple(day + timedelta(days=including) for day in _days(phrase, asker, now))
        found = tuple(day for day in read if at_clock(day, "00:00", zone) > now)  # on a Monday that is the next one
        return asker, found if len(found) > 1 else _pause(db, world, click, asker, (found or read)[0])

    asker, found = await world.write(save)
    said = views.paused(found, asker.words) if isinstance(found, datetime) else views.which(found, asker.words)
    return Answer(then=[world.whisper(click, *said)])


async def pause(click: Click, world: World) -> Answer:
    """Somebody said which of a few days they meant."""
    try:
        day = date.fromisoformat(click.value)
    except ValueError:
        raise Refused("slack.unknown") from None

    def save(db: Session) -> tuple[Asker, datetime]:
        asker = world.asker(db, click)
        return asker, _pause(db, world, click, asker, day)

    asker, until = await world.write(save)
    return Answer(then=[world.whisper(click, *views.paused(until, asker.words), replace=bool(click.response_url))])


async def resume(click: Click, world: World) -> Answer:
    """Somebody wants reminders again."""

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        allow(asker.member, Action.PAUSE_MESSAGES)
        if inbox.first(db, click.team, click.key, world.now()):
            nudges.pause(db, click.team, click.user, None, asker.settings.timezone, world.now())
        return asker

    asker = await world.write(save)
    if click.view_id:
        return Answer()  # the Home itself shows that the pause is over
    return Answer(then=[world.whisper(click, *views.resumed(asker.words), replace=bool(click.response_url))])


def _days(phrase: str, asker: Asker, now: datetime) -> tuple[date, ...]:
    """Return the days that were meant, one where it is plain. Raises Refused for what is no day."""
    zone = asker.settings.timezone
    if not phrase:
        return (now.astimezone(asker.words.zone).date() + PAUSE,)
    read = read_date(phrase, now, zone)
    if isinstance(read, Understood):
        return (read.day,)
    if isinstance(read, Choices):
        return tuple(dict.fromkeys(each.day for each in read.candidates))
    raise Refused("nudges.unclear", phrase=phrase)


def _pause(db: Session, world: World, click: Click, asker: Asker, day: date) -> datetime:
    allow(asker.member, Action.PAUSE_MESSAGES)
    now, zone = world.now(), asker.settings.timezone
    until = at_clock(day, "00:00", zone)
    if until <= now:
        raise Refused("nudges.past")
    if inbox.first(db, click.team, click.key, now):
        nudges.pause(db, click.team, click.user, until, zone, now)
    return until


ROUTES = Routes(
    actions={"nudges.pause": pause, "nudges.resume": resume},
    commands={"stil": quiet, "quiet": quiet},
)
MESSAGES: dict[str, Render] = {}
